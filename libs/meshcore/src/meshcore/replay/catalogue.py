"""docs/events.md, made from the catalogue.

`python -m meshcore.replay.catalogue > docs/events.md` writes it anew.
"""

from __future__ import annotations

import inspect
import re
import sys
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticUndefined, to_json

from meshcore.domain.events import CATALOGUE
from meshcore.replay.rows import EventRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from meshcore.domain.events import Event

_INTRODUCTION = """\
# Events

What stands on the log, and the columns of `mesh events export`. This page is made from the
catalogue (`libs/meshcore/src/meshcore/domain/events.py`), and a test holds it to that. Names of
columns, events and fields stay; new ones may be added.

## Columns

A row is an event. CSV and Parquet have `data` as JSON text, JSONL as an object. Times are UTC.
Filters by time (`--from`, `--until`) use `time`, the writers' clocks.

| column | what it is |
|---|---|
"""

_CATALOGUE = """
## Events and their payloads

A field that is missing in `data` has its default. Fields marked *personal* are encrypted on the
log; exports hold them readable, so keep exports as you would keep transcripts. After an erasure
they hold what stands in place of them.
"""


def document() -> str:
    """The whole page."""
    columns = "".join(f"| `{name}` | {text} |\n" for name, text in columns_described().items())
    events = "".join(_section(event) for event in CATALOGUE)
    return f"{_INTRODUCTION}{columns}{_CATALOGUE}{events}"


def columns_described() -> dict[str, str]:
    """What each column is, as its class says."""
    text = inspect.cleandoc(EventRow.__doc__ or "").partition("Attributes:\n")[2]
    found = re.findall(r"^ *(\w+): (.*)$", text, re.MULTILINE)
    return {name: meaning.strip() for name, meaning in found}


def _section(event: type[Event]) -> str:
    about = inspect.cleandoc(event.__doc__ or "")
    fields = "".join(_fields(event))
    table = f"\n| field | type | default |\n|---|---|---|\n{fields}" if fields else ""
    return f"\n### {event.wire_name}\n\n{about}\n{table}"


def _fields(event: type[Event]) -> Iterator[str]:
    for name, field in event.model_fields.items():
        personal = ", *personal*" if name in event.personal else ""
        yield f"| `{name}` | {_type(field)}{personal} | {_default(field)} |\n"


def _type(field: FieldInfo) -> str:
    shown: Any = field.annotation
    plain = shown.__name__ if isinstance(shown, type) and "[" not in str(shown) else str(shown)
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", plain).replace("NoneType", "None").replace("|", "or")


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined and field.default_factory is None:
        return "must be there"
    value = field.get_default(call_default_factory=True)
    return f"`{to_json(value).decode()}`"


if __name__ == "__main__":
    sys.stdout.write(document())
