"""What docs/analysts.md shows of Python runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.analyst.history import Story
from tests.support.nats_server import NatsServer

PAGE = Path(__file__).parents[2] / "docs" / "analysts.md"


async def test_the_example_in_python_runs(server: NatsServer, stories: list[Story]) -> None:
    """And counts what is there."""
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own documentation
    types = await names["main"](server.url, stories[0].campaign, stories[0].talkative)
    assert types["message_received"] == 1
    assert types["message_composed"] == 3
