"""What cannot be folded is skipped, counted and logged, and never stops the rest."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, seed, settings
from prometheus_client import REGISTRY

from meshcore.domain.commit import Commit
from meshcore.domain.events import CampaignLaunched, Event, ParticipantsEnrolled
from meshcore.log import codec, subjects
from meshcore.log.subjects import Lane
from meshcore.service import Shell
from tests.projector.histories import Pen, append, interviewed, launched, plan
from tests.projector.tables import ask, projected
from tests.support.strategies import any_event

SECRET = "what the participant said"


def _skipped() -> float:
    return REGISTRY.get_sample_value("mesh_projector_skipped_total") or 0.0


async def _put(shell: Shell, subject: str, body: bytes, headers: dict[str, str]) -> int:
    ack = await shell.nats.jetstream().publish(subject, body, headers=headers)
    return ack.seq


async def test_what_is_not_a_commit_is_skipped_and_logged_without_its_contents(
    shell: Shell,
    database: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Junk between commits is counted; before and behind it everything is projected."""
    pen = Pen()
    before, behind = pen.participants(2)
    campaign = launched(pen, before, behind)
    interviewed(pen, campaign, before)
    half = len(pen.written)
    interviewed(pen, campaign, behind)
    skipped = _skipped()
    await append(shell, pen.written[:half])
    lane = f"mesh.conv.{campaign}.{pen.id()}.in"
    unknown = {"events": [{"type": "of_tomorrow", "version": 1, "data": {"text": SECRET}}]}
    headers = codec.encode(pen.written[0][1], "tests")[1]
    await _put(shell, lane, SECRET.encode(), {})
    await _put(shell, lane, json.dumps(unknown).encode(), headers)
    await append(shell, pen.written[half:])
    end = await _put(shell, lane, b"", headers)  # the last of the log is junk, too
    tables = await projected(shell, database, end)
    assert [row["status"] for row in tables["conversations"]] == ["completed", "completed"]
    assert await ask(database, "SELECT position FROM checkpoints") == end
    assert _skipped() - skipped == 3
    written = capsys.readouterr()
    assert SECRET not in caplog.text + written.out + written.err


@pytest.mark.parametrize(
    "unfoldable",
    ["campaign id", "conversation id", "naive time", "naive slot", "endless slots", "participant"],
)
async def test_a_commit_that_the_tables_cannot_hold_is_skipped(
    shell: Shell, database: str, unfoldable: str
) -> None:
    """Ids that are no UUIDs, times without a zone or beyond the calendar, ids that are no text."""
    pen = Pen()
    people = pen.participants(2)
    campaign = launched(pen, *people)
    lane, at = subjects.campaign(campaign), pen.written[0][1].at
    event: Event = plan(people[0])
    match unfoldable:
        case "campaign id":
            lane = subjects.campaign("test")
        case "conversation id":
            lane = f"mesh.conv.{campaign}.one.in"
        case "naive time":
            at = datetime(2026, 3, 1)  # noqa: DTZ001 - this is the point
        case "naive slot":
            event = plan(people[0], first=datetime(2026, 3, 1))  # noqa: DTZ001 - likewise
        case "endless slots":
            event = plan(
                people[0], first=datetime.max.replace(tzinfo=timezone(-timedelta(hours=1)))
            )
        case _:
            event = ParticipantsEnrolled(participants=("a\x00b",))
    skipped = _skipped()
    pen.written.append((lane, Commit(pen.id(), at, (event,), pen.id())))
    interviewed(pen, campaign, people[1])
    tables = await projected(shell, database, await append(shell, pen.written))
    assert _skipped() - skipped == 1
    assert {row["status"] for row in tables["conversations"]} == {"pending", "completed"}


async def test_whatever_the_catalogue_allows_can_be_written(shell: Shell, database: str) -> None:
    """Any event with any contents, on any lane, gets past the projector."""
    events: list[Event] = []

    @seed(1)
    @settings(max_examples=400, database=None, suppress_health_check=list(HealthCheck))
    @given(any_event)
    def collect(event: Event) -> None:
        events.append(event)

    collect()
    pen = Pen()
    people = pen.participants(1)
    campaign = launched(pen, *people)
    for event in events:
        pen.campaign(campaign, event)
        pen.lane(Lane.IN, campaign, people[0], event)
        pen.consent(people[0], event)
    pen.campaign(campaign, CampaignLaunched())
    end = await append(shell, pen.written)
    await projected(shell, database, end)
    assert await ask(database, "SELECT position FROM checkpoints") == end
