"""`mesh transcript` and `mesh campaign`: what the log tells, now or as of any past moment."""

from __future__ import annotations

import asyncio
import json
import sys
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from meshcore.domain.conversation import Conversation
from meshcore.replay import transcripts
from meshcore.replay.log import open_log
from meshcore.replay.past import AsOf as Moment
from meshcore.replay.past import CampaignThen
from meshctl.selecting import DEFAULT_URL, AsOf, NatsUrl, an_id, as_of, told
from meshsim.children import WorldError

_console = Console(highlight=False)


class Shape(StrEnum):
    """How a transcript is wanted."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


_RENDER = {
    Shape.TEXT: transcripts.as_text,
    Shape.MARKDOWN: transcripts.as_markdown,
    Shape.JSON: transcripts.as_json,
}


def transcript(
    conversation: Annotated[str, typer.Argument(help="The id of a conversation.")],
    form: Annotated[Shape, typer.Option("--format", help="How to show it.")] = Shape.TEXT,
    when: AsOf = None,
    nats_url: NatsUrl = DEFAULT_URL,
) -> None:
    """Show a conversation: what was said, and what was found."""
    wanted, then = an_id(conversation, "CONVERSATION"), as_of(when)
    with told():
        state = asyncio.run(_conversation(nats_url, wanted, then))
        if state is None:
            raise WorldError(f"the log knows nothing of a conversation {wanted}{_then(when)}")
    sys.stdout.write(_RENDER[form](transcripts.transcript_of(wanted, state)))


def campaign(
    campaign: Annotated[str, typer.Argument(help="The id of a campaign.")],
    when: AsOf = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,  # noqa: FBT002 - a flag
    nats_url: NatsUrl = DEFAULT_URL,
) -> None:
    """Show how a campaign stands: its status, and its conversations by theirs."""
    wanted, then = an_id(campaign, "CAMPAIGN"), as_of(when)
    with told():
        found = asyncio.run(_campaign(nats_url, wanted, then))
        if found is None:
            raise WorldError(f"the log knows nothing of a campaign {wanted}{_then(when)}")
    if as_json:
        _console.out(json.dumps(_document(found)))
    else:
        _console.print(_table(found))


async def _conversation(nats_url: str, wanted: str, then: Moment) -> Conversation | None:
    async with open_log(nats_url) as log:
        return await log.conversation_at(wanted, then)


async def _campaign(nats_url: str, wanted: str, then: Moment) -> CampaignThen | None:
    async with open_log(nats_url) as log:
        return await log.campaign_at(wanted, then)


def _then(when: str | None) -> str:
    return f" as of {when}" if when else ""


def _document(found: CampaignThen) -> dict[str, object]:
    state = found.campaign
    times = {
        "created_at": state.created_at,
        "launched_at": state.launched_at,
        "completed_at": state.completed_at,
    }
    return {
        "id": state.id,
        "name": state.name,
        "status": state.status,
        **{name: at.isoformat() if at else None for name, at in times.items()},
        "counts": {
            "participants": state.enrolled_count,
            **{status.value: count for status, count in found.statuses.items()},
        },
        "position": found.position,
    }


def _table(found: CampaignThen) -> Table:
    table = Table(title=found.campaign.name, title_justify="left", show_header=False)
    document = _document(found)
    counts = document.pop("counts")
    assert isinstance(counts, dict)  # noqa: S101 - made so above
    for name, value in {**document, **counts}.items():
        table.add_row(name.replace("_", " "), "" if value is None else str(value))
    return table
