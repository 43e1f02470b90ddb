"""What commands about events are asked for, and how they tell what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from meshcore.domain.events import CATALOGUE
from meshcore.errors import LogUnavailableError, MalformedCommitError
from meshcore.log.event_log import Unreadable
from meshcore.replay.past import moment
from meshcore.replay.selection import Selection
from meshctl.up import explained_errors
from meshsim.children import WorldError

DEFAULT_URL = "nats://localhost:4222"
NatsUrl = Annotated[
    str, typer.Option("--nats-url", envvar="NATS_URL", help="The NATS server of the log.")
]
Campaign = Annotated[str | None, typer.Option(help="Only of this campaign.")]
Conversation = Annotated[str | None, typer.Option(help="Only of this conversation.")]
Types = Annotated[
    list[str] | None, typer.Option("--type", help="Only of this type; may be repeated.")
]
Since = Annotated[
    str | None, typer.Option("--from", help="Only decided at this time or later (ISO 8601, UTC).")
]
Until = Annotated[str | None, typer.Option("--until", help="Only decided before this time.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="As it stood at this time (ISO 8601, UTC) or log position."),
]

_TYPES = frozenset(event.wire_name for event in CATALOGUE)


def selection(
    campaign: str | None,
    conversation: str | None,
    types: list[str] | None,
    since: str | None,
    until: str | None,
) -> Selection:
    """What was asked for.

    Raises:
        BadParameter: an id, a type or a time is none.
    """
    if unknown := sorted(set(types or ()) - _TYPES):
        known = ", ".join(sorted(_TYPES))
        raise typer.BadParameter(f"{', '.join(unknown)}; known are {known}", param_hint="--type")
    return Selection(
        campaign=an_id(campaign, "--campaign") if campaign else None,
        conversation=an_id(conversation, "--conversation") if conversation else None,
        types=frozenset(types or ()),
        since=_time(since, "--from"),
        until=_time(until, "--until"),
    )


def an_id(text: str, option: str) -> str:
    """An id in its one spelling: ids become subjects, nothing else may pass.

    Raises:
        BadParameter: it is none.
    """
    try:
        return str(UUID(text))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not an id", param_hint=option) from error


def as_of(text: str | None) -> datetime | int | None:
    """The moment that was asked for.

    Raises:
        BadParameter: it is none.
    """
    try:
        return moment(text) if text is not None else None
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r}; expected a time such as 2026-11-22T14:30:00, or a log position",
            param_hint="--as-of",
        ) from error


def _time(text: str | None, option: str) -> datetime | None:
    try:
        found = moment(text) if text is not None else None
    except ValueError:
        found = 0
    if isinstance(found, int):
        raise typer.BadParameter(
            f"{text!r}; expected a time such as 2026-11-22T14:30:00", param_hint=option
        )
    return found


@contextmanager
def told() -> Iterator[None]:
    """What goes wrong with the log is told in plain words, with exit status 1."""
    with explained_errors():
        try:
            yield
        except LogUnavailableError as error:
            raise WorldError(f"{error}; is MeshAI up, and is NATS_URL right?") from error
        except MalformedCommitError as error:
            raise WorldError(f"the log holds something that cannot be read: {error}") from error


def warning_of(unreadable: list[Unreadable]) -> str:
    """Which messages of the log were left out because they are no commits."""
    shown = ", ".join(str(one.position) for one in unreadable[:10])
    more = ", ..." if len(unreadable) > 10 else ""  # noqa: PLR2004 - as above
    return f"Left out, since they cannot be read: {len(unreadable)} (at {shown}{more})"
