"""Print what the packages given by their folders need from others, for the resolver to pin.

Our own packages are left out: they are installed from this tree and must never be looked up on an
index, where somebody else may own the name.
"""

import re
import sys
import tomllib
from pathlib import Path


def main(folders: list[str]) -> None:
    """Print one requirement per line; `folders` are relative to the working directory."""
    root = Path(__file__).parent.parent
    own = {_load(path)["name"] for path in root.glob("*/*/pyproject.toml")}
    needed = {
        requirement
        for folder in folders
        for requirement in _load(Path(folder) / "pyproject.toml")["dependencies"]
        if re.split(r"[^\w.-]", requirement, maxsplit=1)[0] not in own
    }
    print("\n".join(sorted(needed)))


def _load(path: Path) -> dict[str, list[str]]:
    with path.open("rb") as file:
        project: dict[str, list[str]] = tomllib.load(file)["project"]
    return project


if __name__ == "__main__":
    main(sys.argv[1:])
