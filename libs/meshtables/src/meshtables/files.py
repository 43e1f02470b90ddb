"""Files that are there as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from meshtables.formats import Format, writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meshtables.table import Column, TableWriter


@contextmanager
def whole_table(path: Path, form: Format, columns: Sequence[Column]) -> Iterator[TableWriter]:
    """A table that appears under its name when the context ends well, and leaves nothing if not.

    It is written beside, so that the last step is a rename; a file of that name is replaced.
    """
    with whole_file(path) as (file, beside):
        table = writer(form, beside, file, columns)
        yield table
        table.close()


@contextmanager
def whole_file(path: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A file that appears when the context ends well, and where it is until then."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb", buffering=1 << 20) as file:
            yield file, beside
        with beside.open("rb") as written:  # some writers open the path themselves
            os.fsync(written.fileno())
        beside.chmod(0o666 & ~_umask())
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
