"""The only place where a subject is built or parsed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

EVERYTHING = ">"
"""The whole stream. Named so, the server compares no subjects: a read costs it a third."""

CAMPAIGNS = "mesh.campaign.*"
TURNS = "mesh.conv.*.*.turn"
INBOUND = "mesh.conv.*.*.in"
CONSENTS = "mesh.participant.*.consent"
ERASURES = "mesh.participant.*.erased"
SPENDS = "mesh.spend.*"
REPORT_REQUESTS = "mesh.report.*.request"
KEYS = "mesh.key.>"
OPENING_WAKE_UPS = "mesh.work.opening.>"
NUDGE_WAKE_UPS = "mesh.work.nudge.>"
PLANNING_WAKE_UPS = "mesh.work.plan.*"
DELIVERY_WAKE_UPS = "mesh.work.delivery.>"
FAILURE_WAKE_UPS = "mesh.work.failure.>"
COUNTS_WAKE_UPS = "mesh.work.counts.*"
COMPLETION_WAKE_UPS = "mesh.work.completion.*"
ERASE_WAKE_UPS = "mesh.work.erase.>"

_WORK_OF_CAMPAIGNS = frozenset(
    {"opening", "nudge", "delivery", "failure", "plan", "counts", "completion", "erase"}
)


_REMEMBERED = 50_000
"""Subjects that need not be taken apart again: whoever folds meets each many times."""


class Lane(StrEnum):
    """The lanes of a conversation; each has one writing service.

    Ingress writes two: what participants say wakes the agent, receipts of Twilio wake nobody.
    """

    IN = "in"
    RECEIPT = "receipt"
    TURN = "turn"
    OUT = "out"


class ReportLane(StrEnum):
    """The lanes of a campaign's reports: ingress asks, the agent writes."""

    REQUEST = "request"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class ConversationRef:
    """Which conversation of which campaign."""

    campaign: str
    conversation: str


def campaign(campaign_id: str) -> str:
    """The campaign's own lane."""
    return f"mesh.campaign.{campaign_id}"


def lane(ref: ConversationRef, which: Lane) -> str:
    """One lane of a conversation."""
    return f"mesh.conv.{ref.campaign}.{ref.conversation}.{which}"


def report_lane(campaign_id: str, which: ReportLane) -> str:
    """One lane of a campaign's reports."""
    return f"mesh.report.{campaign_id}.{which}"


def key_of(ref: ConversationRef) -> str:
    """A conversation's key in a cache."""
    return f"{ref.campaign}.{ref.conversation}"


def lanes_by_key(key: str) -> list[str]:
    """Each lane of the conversation that has this key."""
    return [f"mesh.conv.{key}.{which}" for which in Lane]


def lanes(ref: ConversationRef) -> str:
    """All lanes of a conversation."""
    return f"mesh.conv.{ref.campaign}.{ref.conversation}.>"


def conversations_of(campaign_id: str) -> str:
    """All lanes of all conversations of a campaign."""
    return f"mesh.conv.{campaign_id}.>"


def lanes_of_conversation(conversation: str) -> str:
    """All lanes of a conversation whose campaign is not known. Slow: not for services."""
    return f"mesh.conv.*.{conversation}.*"


def lanes_of_campaign(campaign_id: str, which: Lane) -> str:
    """One lane of all conversations of a campaign."""
    return f"mesh.conv.{campaign_id}.*.{which}"


def consent(participant: str) -> str:
    """Opt-outs and opt-ins of a participant."""
    return f"mesh.participant.{participant}.consent"


def unrouted(participant: str) -> str:
    """What a participant wrote outside any conversation."""
    return f"mesh.participant.{participant}.unrouted"


def erased(participant: str) -> str:
    """What of a participant was erased."""
    return f"mesh.participant.{participant}.erased"


def lanes_of_participant(participant: str) -> str:
    """All lanes of a participant."""
    return f"mesh.participant.{participant}.>"


def is_erasure(subject: str) -> bool:
    """Whether what stands there tells of an erasure."""
    return subject.startswith("mesh.participant.") and subject.endswith(".erased")


def opening_wake_up(ref: ConversationRef) -> str:
    """Where the wake-up for an opening arrives at its slot."""
    return f"mesh.work.opening.{ref.campaign}.{ref.conversation}"


def nudge_wake_up(ref: ConversationRef) -> str:
    """Where the hint arrives that a conversation may have been silent for too long."""
    return f"mesh.work.nudge.{ref.campaign}.{ref.conversation}"


def delivery_wake_up(ref: ConversationRef) -> str:
    """Where the wake-up for a message arrives that was composed but held back."""
    return f"mesh.work.delivery.{ref.campaign}.{ref.conversation}"


def failure_wake_up(ref: ConversationRef) -> str:
    """Where the wake-up arrives for a message that failed, or is to be tried again.

    Unlike a held opening it is not cancelled by a pause: replies are owed all the same.
    """
    return f"mesh.work.failure.{ref.campaign}.{ref.conversation}"


def erase_wake_up(ref: ConversationRef) -> str:
    """Where the hint arrives that what was said in a conversation may have to be erased."""
    return f"mesh.work.erase.{ref.campaign}.{ref.conversation}"


def planning_wake_up(campaign_id: str) -> str:
    """Where the wake-up for the campaign's next slots arrives."""
    return f"mesh.work.plan.{campaign_id}"


def counts_wake_up(campaign_id: str) -> str:
    """Where the hint arrives that the campaign has as many completed interviews as it wants."""
    return f"mesh.work.counts.{campaign_id}"


def completion_wake_up(campaign_id: str) -> str:
    """Where the hint arrives that every conversation of the campaign may have ended."""
    return f"mesh.work.completion.{campaign_id}"


def spend(campaign_id: str) -> str:
    """The counter of what the campaign has cost. Not a fact: it may be lost."""
    return f"mesh.spend.{campaign_id}"


def data_key(owner: str) -> str:
    """Where the key of an owner of personal data is kept: see `owner_of`."""
    return f"mesh.key.{owner}"


def directory_entry(key: str) -> str:
    """Where the directory's bucket keeps an entry."""
    return f"$KV.mesh_directory.{key}"


def owner_of_key(subject: str) -> str:
    """Whose key is kept there."""
    return subject.removeprefix("mesh.key.")


def owner_of(subject: str) -> str | None:
    """Under whose key personal data on this subject stands: a conversation's or a participant's."""
    match subject.split("."):
        case ["mesh", "conv", _, conversation, _]:
            return owner_of_conversation(conversation)
        case ["mesh", "participant", participant, _]:
            return owner_of_participant(participant)
        case _:
            return None


def owner_of_conversation(conversation: str) -> str:
    """The owner of what is said in a conversation."""
    return f"conversation.{conversation}"


def owner_of_participant(participant: str) -> str:
    """The owner of what a participant says outside any conversation."""
    return f"participant.{participant}"


def retry_wake_ups(consumer: str) -> str:
    """Where all wake-ups arrive that were parked by a consumer and are to be handled again."""
    return f"mesh.work.retry.{consumer}.*"


def retry_wake_up(consumer: str, position: int) -> str:
    """Where one of them arrives."""
    return f"mesh.work.retry.{consumer}.{position}"


def schedule_of(wake_up: str) -> str:
    """Where the schedule that fires into a wake-up is kept.

    Publishing there again replaces it; purging cancels it.
    """
    return wake_up.replace("mesh.work.", "mesh.work.schedule.", 1)


def schedules_of_campaign(campaign_id: str) -> tuple[str, ...]:
    """Everything that is scheduled for a campaign."""
    return (
        f"mesh.work.schedule.opening.{campaign_id}.>",
        f"mesh.work.schedule.delivery.{campaign_id}.>",
        f"mesh.work.schedule.plan.{campaign_id}",
    )


def is_fact(subject: str) -> bool:
    """Whether the subject is one of the log's; wake-ups and counters have streams of their own."""
    return not subject.startswith(("mesh.work.", "mesh.spend.", "mesh.key."))


@lru_cache(_REMEMBERED)
def campaign_of(subject: str) -> str | None:
    """The campaign that a campaign, conversation or work subject belongs to."""
    match subject.split("."):
        case ["mesh", "campaign", found] | ["mesh", "conv", found, _, _]:
            return found
        case ["mesh", "work", kind, found, *_] if kind in _WORK_OF_CAMPAIGNS:
            return found
        case _:
            return None


def campaign_of_report(subject: str) -> str | None:
    """The campaign that a report lane belongs to."""
    match subject.split("."):
        case ["mesh", "report", found, _]:
            return found
        case _:
            return None


@lru_cache(_REMEMBERED)
def conversation_of(subject: str) -> ConversationRef | None:
    """The conversation that a lane or an opening's wake-up belongs to."""
    match subject.split("."):
        case ["mesh", "conv", found, conversation, _]:
            return ConversationRef(found, conversation)
        case [
            "mesh",
            "work",
            "opening" | "nudge" | "delivery" | "failure" | "erase",
            found,
            conversation,
        ]:
            return ConversationRef(found, conversation)
        case _:
            return None


def participant_of(subject: str) -> str | None:
    """The participant that a consent or unrouted subject belongs to."""
    match subject.split("."):
        case ["mesh", "participant", found, _]:
            return found
        case _:
            return None
