"""What the read tables say of the histories that the services really write."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from meshcore.domain.disposition import Disposition
from meshcore.domain.events import (
    CampaignCompleted,
    CampaignLaunched,
    CampaignPaused,
    ConversationEnded,
    ConversationStarted,
    DeliveryStatus,
    EndReason,
    Media,
    MediaTranscribed,
    MessageComposed,
    MessageFailed,
    MessageKind,
    MessageReceived,
    OptOutSource,
    ParticipantOptedIn,
    ParticipantOptedOut,
    ParticipantsEnrolled,
    SendStarted,
    TurnTaken,
)
from meshcore.domain.outreach import Outreach
from meshcore.domain.participant import conversation_id
from meshcore.domain.study import Limits, Opening, Template
from meshcore.log.subjects import Lane
from meshcore.service import Shell
from tests.projector.histories import (
    CREATED,
    START,
    Pen,
    answered,
    append,
    interviewed,
    launched,
    opened,
    plan,
    report,
)
from tests.projector.tables import Snapshot, projected


async def _tables(shell: Shell, url: str, pen: Pen) -> Snapshot:
    return await projected(shell, url, await append(shell, pen.written))


def _row(rows: list[dict[str, Any]], **wanted: object) -> dict[str, Any]:
    """The one row that has these values."""
    [found] = [row for row in rows if wanted.items() <= row.items()]
    return found


async def test_a_campaign_is_described_and_its_conversations_are_counted(
    shell: Shell, database: str
) -> None:
    """The row has the researcher's words, the times of the commits and exact counts."""
    pen = Pen()
    people = pen.participants(4)
    campaign = launched(pen, *people)
    interviewed(pen, campaign, people[0])
    opened(pen, campaign, people[1])
    answered(pen, campaign, people[1])
    opened(pen, campaign, people[2])
    [row] = (await _tables(shell, database, pen))["campaigns"]
    assert row == {
        "id": campaign,
        "name": CREATED.name,
        "research_brief": CREATED.research_brief,
        "extraction_schema": {
            "station": {"type": "string", "description": "where they refuel", "required": True},
            "satisfaction": {
                "type": "number", "description": "1 to 10", "required": True, "maximum": 10.0,
            },
        },
        "system_prompt_override": None,
        "language": None,
        "timezone": "UTC",
        "opening": None,
        "support_text": None,
        "limits": {
            "probes_per_field": 2, "turns": None, "tokens": None, "cost_usd": None,
            "campaign_cost_usd": None,
        },
        "keep_media": False,
        "outreach": Outreach().model_dump(mode="json"),
        "status": "active",
        "paused_because": None, "paused_code": None,
        "closed": False, "closed_cells": [],
        "dispositions": {
            **{str(each): 0 for each in Disposition},
            "not_contacted": 1, "contacted": 1, "in_progress": 1, "completed": 1,
        },
        "cells": {},
        "participants": 4,
        "pending": 1, "outreach_sent": 1, "active": 1, "completed": 1, "abandoned": 0, "failed": 0,
        "created_at": START,
        "launched_at": START + timedelta(seconds=2),
        "completed_at": None,
    }  # fmt: skip


async def test_a_relaunched_campaign_keeps_the_time_of_its_first_launch(
    shell: Shell, database: str
) -> None:
    """Paused, launched again and completed: `launched_at` stays, `completed_at` is new."""
    pen = Pen()
    campaign = launched(pen, *pen.participants(1))
    pen.campaign(campaign, CampaignPaused())
    pen.campaign(campaign, CampaignLaunched())
    completed = pen.campaign(campaign, CampaignCompleted())
    [row] = (await _tables(shell, database, pen))["campaigns"]
    assert (row["status"], row["completed_at"]) == ("completed", completed)
    assert row["launched_at"] == START + timedelta(seconds=2)


async def test_a_completed_interview_has_its_values_and_their_evidence(
    shell: Shell, database: str
) -> None:
    """The conversation's row has what was extracted, the words behind it, and its times."""
    pen = Pen()
    people = pen.participants(2)
    campaign = launched(pen, *people)
    started = START + timedelta(seconds=len(pen.written))
    opened(pen, campaign, people[1])
    composed = started + timedelta(seconds=6)
    sid, _ = answered(pen, campaign, people[1], last=True)
    row = _row((await _tables(shell, database, pen))["conversations"], user_id=people[1])
    assert row == {
        "id": conversation_id(campaign, people[1]),
        "campaign_id": campaign,
        "user_id": people[1],
        "ordinal": 1,
        "timezone": None,
        "cell": None,
        "status": "completed",
        "disposition": "completed",
        "extracted_data": {"station": "ADNOC"},
        "evidence": {
            "station": {
                "state": "extracted", "value": "ADNOC", "quote": "At ADNOC", "message_sid": sid,
            }
        },
        "end_reason": "completed",
        "failure": None,
        "turns": 2,
        "input_tokens": 0, "output_tokens": 0, "cost_usd": None, "unpriced": 0,
        "breaches": {}, "fallbacks": 0,
        "language": None,
        "flag": None,
        "started_at": started,
        "last_message_at": composed,
        "ended_at": composed,
        "handed_over": False,
        "erased_at": None,
    }  # fmt: skip


async def test_what_an_interview_adds_to_the_statistics_is_in_a_row_of_its_own(
    shell: Shell, database: str
) -> None:
    """Times, answers, messages by the furthest that is known of them, and what it took."""
    pen = Pen()
    people = pen.participants(1)
    campaign = launched(pen, *people)
    started = START + timedelta(seconds=len(pen.written))
    opened(pen, campaign, people[0])
    answered(pen, campaign, people[0], last=True)
    [row] = (await _tables(shell, database, pen))["figures"]
    assert row == {
        "conversation_id": conversation_id(campaign, people[0]),
        "campaign_id": campaign,
        "status": "completed", "disposition": "completed",
        "timezone": None, "cell": None, "handed_over": False,
        "ended_at": started + timedelta(seconds=6),
        "turns": 2,
        "input_tokens": 0, "output_tokens": 0, "cost_usd": None, "unpriced": 0,
        "breaches": {}, "fallbacks": 0,
        "contacted_at": started + timedelta(seconds=2),
        "answers": 1,
        "first_reply_seconds": 3.0, "reply_seconds": 3.0,
        "last_asked": None,
        "messages_received": 1,
        "messages_accepted": 0, "messages_queued": 0, "messages_sent": 0,
        "messages_delivered": 2, "messages_read": 0, "messages_failed": 0,
        "failures": {},
    }  # fmt: skip


async def test_how_a_campaign_is_to_be_held_is_in_its_row(shell: Shell, database: str) -> None:
    """Everything that the researcher set, as it was set."""
    pen = Pen()
    template = Template(content_sid="HX" + "0" * 32, variables={"1": "Mia"})
    opening = Opening(text="Hi, this is {{1}}.", template=template)
    limits = Limits(probes_per_field=1, turns=20, campaign_cost_usd=12.5)
    told = {
        "language": "ar-AE", "timezone": "Asia/Dubai", "support_text": "Please call 800 46342.",
        "keep_media": True,
    }  # fmt: skip
    created = CREATED.model_copy(update={**told, "opening": opening, "limits": limits})
    pen.campaign(pen.id(), created)
    [row] = (await _tables(shell, database, pen))["campaigns"]
    assert told.items() <= row.items()
    assert row["opening"] == opening.model_dump()
    assert row["limits"] == limits.model_dump()


async def test_what_an_interview_took_is_summed_up_over_its_turns(
    shell: Shell, database: str
) -> None:
    """Tokens, what is known of the cost, broken rules and fallbacks; the language it is held in."""
    pen = Pen()
    people = pen.participants(1)
    campaign = launched(pen, *people)
    opened(pen, campaign, people[0])
    for cost, breaches in ((0.25, ("length",)), (None, ("length", "one_question"))):
        turn = TurnTaken(
            answers=(), model="m", input_tokens=100, output_tokens=10, cost_usd=cost,
            breaches=breaches, fallback=cost is None, language="ar",
        )  # fmt: skip
        pen.lane(Lane.TURN, campaign, people[0], turn)
    [row] = (await _tables(shell, database, pen))["conversations"]
    assert row["turns"] == 3
    assert (row["input_tokens"], row["output_tokens"]) == (200, 20)
    assert (row["cost_usd"], row["unpriced"]) == (0.25, 1)
    assert (row["breaches"], row["fallbacks"]) == ({"length": 2, "one_question": 1}, 1)
    assert row["language"] == "ar"


@pytest.mark.parametrize("reason", [EndReason.DISTRESS, EndReason.INAPPROPRIATE])
@pytest.mark.parametrize("late", [False, True])
async def test_what_somebody_should_look_at_is_flagged(
    shell: Shell, database: str, reason: EndReason, *, late: bool
) -> None:
    """However the interview ended, and also if it shows only after the end."""
    pen = Pen()
    people = pen.participants(2)
    campaign = launched(pen, *people)
    for person in people:
        opened(pen, campaign, person)
    if late:
        pen.lane(Lane.TURN, campaign, people[0], ConversationEnded(reason=EndReason.COMPLETED))
    pen.lane(Lane.TURN, campaign, people[0], ConversationEnded(reason=reason))
    rows = (await _tables(shell, database, pen))["conversations"]
    assert {row["user_id"]: row["flag"] for row in rows} == {people[0]: reason, people[1]: None}
    end_reason = _row(rows, user_id=people[0])["end_reason"]
    assert end_reason == (EndReason.COMPLETED if late else reason)


async def test_what_was_said_in_a_voice_note_stands_beside_its_message(
    shell: Shell, database: str, second_database: str
) -> None:
    """Also where the message was written to the tables long before; what it took is counted."""
    pen = Pen()
    people = pen.participants(1)
    campaign = launched(pen, *people)
    note = Media(content_type="audio/ogg", url="https://api.twilio.com/1")
    for sid in ("SM1", "SM2"):
        received = MessageReceived(message_sid=sid, participant=people[0], text="", media=(note,))
        pen.lane(Lane.IN, campaign, people[0], received)
    await projected(shell, second_database, await append(shell, pen.written))
    so_far = len(pen.written)
    heard = MediaTranscribed(
        message_sid="SM1", index=0, text="At ENOC.", model="m", input_tokens=90, cost_usd=0.5
    )
    deaf = MediaTranscribed(message_sid="SM2", index=0, problem="too long")
    pen.lane(Lane.TURN, campaign, people[0], heard, deaf)
    end = await append(shell, pen.written[so_far:])
    for url in (database, second_database):  # in one batch, and from what the tables remember
        tables = await projected(shell, url, end)
        transcripts = {row["id"]: row["transcript"] for row in tables["messages"]}
        assert transcripts == {"SM1": "At ENOC.", "SM2": None}
        [row] = tables["conversations"]
        assert (row["input_tokens"], row["cost_usd"], row["unpriced"]) == (90, 0.5, 0)


async def test_ordinals_count_on_over_all_enrolments_of_a_campaign(
    shell: Shell, database: str
) -> None:
    """Participants keep the place in which they were enrolled, and nobody is enrolled twice."""
    pen = Pen()
    people = pen.participants(5)
    campaign = launched(pen, *people[:2])
    pen.campaign(campaign, ParticipantsEnrolled(participants=people[2:4]))
    pen.campaign(campaign, ParticipantsEnrolled(participants=(people[0], people[4])))
    rows = (await _tables(shell, database, pen))["conversations"]
    ordinals = {row["user_id"]: row["ordinal"] for row in rows}
    assert [ordinals[p] for p in people] == [0, 1, 2, 3, 5]


async def test_a_failed_send_fails_the_conversation_and_says_why(
    shell: Shell, database: str
) -> None:
    """The reason stands in the conversation, in the message and in the queue's status."""
    pen = Pen()
    people = pen.participants(1)
    campaign = launched(pen, *people)
    composed = MessageComposed(message_id="m1", kind=MessageKind.OPENING, text="Hi!")
    pen.lane(Lane.TURN, campaign, people[0], ConversationStarted(participant=people[0]), composed)
    pen.lane(Lane.OUT, campaign, people[0], SendStarted(message_id="m1"))
    failed = MessageFailed(message_id="m1", reason="not on WhatsApp", error_code=63024)
    pen.lane(Lane.OUT, campaign, people[0], failed)
    tables = await _tables(shell, database, pen)
    [conversation], [message] = tables["conversations"], tables["messages"]
    assert (conversation["status"], conversation["failure"]) == ("failed", "not on WhatsApp")
    assert (message["status"], message["error_code"]) == ("failed", 63024)
    assert tables["outreach_queue"][0]["status"] == "failed"
    assert tables["campaigns"][0]["failed"] == 1


async def test_the_transcript_has_every_message_once_in_order(shell: Shell, database: str) -> None:
    """Both sides, with ordinals, positions, SIDs and the last status that is known."""
    pen = Pen()
    people = pen.participants(1)
    campaign = launched(pen, *people)
    opening = opened(pen, campaign, people[0])
    sid, reply = answered(pen, campaign, people[0])
    pen.written.append(pen.written[-6])  # the participant's message, redelivered
    rows = (await _tables(shell, database, pen))["messages"]
    rows.sort(key=lambda row: int(row["ordinal"]))
    assert [(row["id"], row["sender"], row["kind"], row["status"]) for row in rows] == [
        (opening, "agent", "opening", "delivered"),
        (sid, "participant", None, "received"),
        (reply, "agent", "reply", "delivered"),
    ]
    assert [row["ordinal"] for row in rows] == [0, 1, 2]
    assert [row["position"] for row in rows] == [5, 10, 11]
    assert rows[1]["twilio_sid"] == sid
    assert rows[1]["text"] == "At ADNOC, mostly."
    assert rows[1]["created_at"] == START + timedelta(seconds=9)


async def test_a_participant_of_two_campaigns_is_one_user(shell: Shell, database: str) -> None:
    """The user's row keeps the time of the first enrolment."""
    pen = Pen()
    people = pen.participants(1)
    launched(pen, *people)
    launched(pen, *people)
    tables = await _tables(shell, database, pen)
    assert tables["users"] == [
        {"id": people[0], "first_enrolled_at": START + timedelta(seconds=1), "opted_out": False}
    ]
    assert len(tables["conversations"]) == 2


async def test_the_last_word_on_consent_counts(shell: Shell, database: str) -> None:
    """Opted out, opted in again, and opted out before ever being enrolled."""
    pen = Pen()
    out, back, early = pen.participants(3)
    pen.consent(early, ParticipantOptedOut(source=OptOutSource.KEYWORD, message_sid="SM1"))
    launched(pen, out, back, early)
    for participant in (out, back):
        pen.consent(participant, ParticipantOptedOut(source=OptOutSource.MODEL, message_sid="SM2"))
    pen.consent(back, ParticipantOptedIn(message_sid="SM3"))
    users = (await _tables(shell, database, pen))["users"]
    opted_out = {row["id"]: row["opted_out"] for row in users}
    assert opted_out == {out: True, back: False, early: True}


async def test_who_was_never_enrolled_is_no_user(shell: Shell, database: str) -> None:
    """An opt-out of a stranger is remembered, but makes no user."""
    pen = Pen()
    [stranger] = pen.participants(1)
    pen.consent(stranger, ParticipantOptedOut(source=OptOutSource.KEYWORD, message_sid="SM1"))
    tables = await _tables(shell, database, pen)
    assert tables["users"] == []
    assert tables["consents"] == [{"participant": stranger, "opted_out": True}]


async def test_the_queue_follows_each_opening_to_its_end(shell: Shell, database: str) -> None:
    """Scheduled at its slot, composed, sent; suppressed where the interview ended unopened."""
    pen = Pen()
    waiting, composed, sent, gone = people = pen.participants(4)
    campaign = launched(pen, *people)
    pen.lane(
        Lane.TURN, campaign, composed, ConversationStarted(participant=composed),
        MessageComposed(message_id="m1", kind=MessageKind.OPENING, text="Hi!"),
    )  # fmt: skip
    opened(pen, campaign, sent)
    pen.lane(
        Lane.TURN, campaign, gone, ConversationStarted(participant=gone),
        ConversationEnded(reason=EndReason.OPTED_OUT),
    )  # fmt: skip
    rows = (await _tables(shell, database, pen))["outreach_queue"]
    statuses = {row["user_id"]: row["status"] for row in rows}
    assert statuses == {
        waiting: "scheduled",
        composed: "composed",
        sent: "sent",
        gone: "suppressed",
    }
    assert _row(rows, user_id=composed)["scheduled_at"] == START + timedelta(seconds=6)
    assert _row(rows, user_id=gone)["updated_at"] == START + timedelta(seconds=len(pen.written) - 1)


async def test_a_pause_cancels_what_is_not_opened_and_a_relaunch_plans_it_anew(
    shell: Shell, database: str, second_database: str
) -> None:
    """What was opened stays; the rest is cancelled, and scheduled again with its new slot."""
    pen = Pen()
    early, late, never = pen.participants(3)
    campaign = launched(pen, early, late, never)
    opened(pen, campaign, early)
    paused = pen.campaign(campaign, CampaignPaused())
    rows = (await _tables(shell, second_database, pen))["outreach_queue"]
    assert {row["user_id"]: row["status"] for row in rows} == {
        early: "sent", late: "cancelled", never: "cancelled",
    }  # fmt: skip
    assert _row(rows, user_id=late)["updated_at"] == paused
    so_far = len(pen.written)
    pen.campaign(campaign, CampaignLaunched())
    anew = START + timedelta(hours=1)
    pen.campaign(campaign, plan(late, early, first=anew))
    end = await append(shell, pen.written[so_far:])
    for url in (database, second_database):  # in one batch, and from what the tables remember
        rows = (await projected(shell, url, end))["outreach_queue"]
        assert {row["user_id"]: row["status"] for row in rows} == {
            early: "sent", late: "scheduled", never: "cancelled",
        }  # fmt: skip
        assert _row(rows, user_id=late)["scheduled_at"] == anew
        assert _row(rows, user_id=early)["scheduled_at"] == START


async def test_a_conversation_that_nobody_enrolled_has_a_row_of_its_own(
    shell: Shell, database: str
) -> None:
    """The events name the participant; the place in the order is -1; the counts include it."""
    pen = Pen()
    known, stranger = pen.participants(2)
    campaign = launched(pen, known)
    received = MessageReceived(message_sid="SM1", participant=stranger, text="Hello?")
    pen.lane(Lane.IN, campaign, stranger, received)
    tables = await _tables(shell, database, pen)
    row = _row(tables["conversations"], user_id=stranger)
    assert (row["ordinal"], row["status"]) == (-1, "active")
    [counts] = tables["campaigns"]
    assert (counts["participants"], counts["pending"], counts["active"]) == (1, 1, 1)


async def test_a_conversation_without_a_named_participant_does_no_harm(
    shell: Shell, database: str
) -> None:
    """A receipt for a stranger's message makes a row that belongs to nobody yet."""
    pen = Pen()
    known, stranger = pen.participants(2)
    campaign = launched(pen, known)
    pen.lane(Lane.IN, campaign, stranger, report("m1", "SM1", DeliveryStatus.READ))
    pen.lane(Lane.TURN, campaign, stranger, TurnTaken(answers=()))
    row = _row((await _tables(shell, database, pen))["conversations"], user_id=None)
    assert (row["ordinal"], row["turns"]) == (-1, 1)
