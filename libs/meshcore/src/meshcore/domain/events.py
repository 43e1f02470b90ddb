"""The catalogue of events: every fact that MeshAI writes down, and nothing else.

An event is a past-tense fact. Its wire name and version are its storage format: they are written
out here, they never depend on a class or module name, and they never change once an event of that
name has been stored. A changed payload is a new version, and the old one is upcast by a pure
function in `meshcore.log.codec`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from meshcore.domain.outreach import Outreach
from meshcore.domain.report import Report
from meshcore.domain.schema import ExtractionSchema, Value
from meshcore.domain.study import Limits, Opening, Template


class Event(BaseModel):
    """The common ground of all events.

    Immutable, and tolerant of fields that a newer writer added.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    wire_name: ClassVar[str]
    version: ClassVar[int] = 1
    personal: ClassVar[Mapping[str, Any]] = {}
    """What participants said or could be known by: the fields, and what they are once erased."""


# The campaign's lane ------------------------------------------------------------------------------


class CampaignCreated(Event):
    """A researcher described a study. It is a draft until it is launched.

    `language` is a BCP 47 tag, `timezone` an IANA name. `support_text` is what somebody in distress
    is told. Media of participants are kept only if `keep_media` says so.
    """

    wire_name: ClassVar[str] = "campaign_created"

    name: str
    research_brief: str
    extraction_schema: ExtractionSchema
    system_prompt_override: str | None = None
    language: str | None = None
    timezone: str = "UTC"
    opening: Opening | None = None
    support_text: str | None = None
    limits: Limits = Limits()
    keep_media: bool = False
    outreach: Outreach = Outreach()


class ParticipantsEnrolled(Event):
    """Participants joined the campaign; one commit enrols many.

    Nobody is enrolled twice in one campaign. What is known of them is told column by column, in the
    order of the participants; a column of which nothing is known is empty. `languages` are BCP 47
    tags, `timezones` IANA names, `cells` the values of the attribute that the campaign's quota
    names. All other attributes stand in the directory.
    """

    wire_name: ClassVar[str] = "participants_enrolled"

    participants: tuple[str, ...]
    languages: tuple[str | None, ...] = ()
    timezones: tuple[str | None, ...] = ()
    cells: tuple[str | None, ...] = ()


class CampaignLaunched(Event):
    """The researcher started, or restarted, the outreach."""

    wire_name: ClassVar[str] = "campaign_launched"


class CampaignPaused(Event):
    """The outreach was stopped: by the researcher, or, with a reason, by outreach itself.

    Openings planned before this fact are void; running interviews go on. `error_code` is Twilio's.
    """

    wire_name: ClassVar[str] = "campaign_paused"

    reason: str | None = None
    error_code: int | None = None


class OpeningsPlanned(Event):
    """Participants got their slots on a sender's timetable: the n-th has the n-th slot.

    `sender` is the address or the messaging service that writes to them; None for the only one.
    """

    wire_name: ClassVar[str] = "openings_planned"

    slots: tuple[datetime, ...]
    participants: tuple[str, ...]
    sender: str | None = None


class OpeningsClosed(Event):
    """A target is reached: nobody new is written to, in this cell of the quota or (None) at all.

    Openings planned before this fact, and not handed to Twilio yet, are void for those concerned.
    """

    wire_name: ClassVar[str] = "openings_closed"

    cell: str | None = None


class CampaignCompleted(Event):
    """Every conversation of the campaign that was to be held has ended."""

    wire_name: ClassVar[str] = "campaign_completed"


# The conversation's `in` lane: what the participant wrote -----------------------------------------


class OptOutSource(StrEnum):
    """How an opt-out was recognised."""

    KEYWORD = "keyword"
    PHRASE = "phrase"
    PROVIDER = "provider"
    MODEL = "model"
    IMPORT = "import"
    ERASURE = "erasure"


class Media(BaseModel):
    """A file that came with a message.

    Only its kind is kept here, and where Twilio keeps the file.
    """

    model_config = ConfigDict(frozen=True)

    content_type: str
    url: str


class MessageReceived(Event):
    """A participant wrote to us.

    `opt_out` and `opt_in` say how the message was read when it was taken in. `sender` is the
    address of ours that they wrote to.
    """

    wire_name: ClassVar[str] = "message_received"
    personal: ClassVar[Mapping[str, Any]] = {"text": "", "media": ()}

    message_sid: str
    participant: str
    text: str
    media: tuple[Media, ...] = ()
    opt_out: OptOutSource | None = None
    opt_in: bool = False
    sender: str | None = None


# The conversation's `receipt` lane: what Twilio reported ------------------------------------------


class DeliveryStatus(StrEnum):
    """What Twilio says of a message of ours."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNDELIVERED = "undelivered"


class DeliveryStatusChanged(Event):
    """Twilio reported what became of a message that we sent.

    Reports may be missing, repeated or out of order.
    """

    wire_name: ClassVar[str] = "delivery_status_changed"

    message_id: str
    message_sid: str
    status: DeliveryStatus
    error_code: int | None = None


# The conversation's `turn` lane: what the agent decided -------------------------------------------


class ConversationStarted(Event):
    """The agent opened the conversation with this participant.

    `sender` is whom the plan gave the opening to; None for the only one.
    """

    wire_name: ClassVar[str] = "conversation_started"

    participant: str
    sender: str | None = None


class TurnTaken(Event):
    """The agent answered these messages of the participant (by MessageSid).

    Model and usage are empty without a call. `cost_usd` is None where the price is not known.
    `breaches` names the rules that the model's answers broke, before repair; `fallback` tells that
    the reply is ours. `language` is the participant's (BCP 47), as far as it is known.
    """

    wire_name: ClassVar[str] = "turn_taken"

    answers: tuple[str, ...]
    model: str | None = None
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: float | None = None
    rejected_extractions: int = 0
    breaches: tuple[str, ...] = ()
    fallback: bool = False
    language: str | None = None


class MediaTranscribed(Event):
    """What was said in the n-th file of a message (counted from 0), or why it could not be heard.

    `opt_out` says that the words are an opt-out.
    """

    wire_name: ClassVar[str] = "media_transcribed"
    personal: ClassVar[Mapping[str, Any]] = {"text": None}

    message_sid: str
    index: int
    text: str | None = None
    problem: str | None = None
    opt_out: OptOutSource | None = None
    model: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None


class FieldState(StrEnum):
    """How far the interview has come with one field."""

    PENDING = "pending"
    EXTRACTED = "extracted"
    VAGUE = "vague"
    REFUSED = "refused"


class ExtractionRecorded(Event):
    """A field's value, or the fact that there is none to be had.

    Comes with the participant's words that say so.
    """

    wire_name: ClassVar[str] = "extraction_recorded"
    personal: ClassVar[Mapping[str, Any]] = {"value": None, "quote": ""}

    field: str
    state: FieldState
    value: Value | None = None
    quote: str
    message_sid: str


class MessageKind(StrEnum):
    """What a message of the agent is for."""

    OPENING = "opening"
    REMINDER = "reminder"
    REPLY = "reply"
    GOODBYE = "goodbye"
    COURTESY = "courtesy"


class MessageComposed(Event):
    """The agent decided on a message. It reaches Twilio at most once.

    `due` is the slot of an opening; it does not go out before.
    """

    wire_name: ClassVar[str] = "message_composed"
    personal: ClassVar[Mapping[str, Any]] = {"text": "", "template": None}

    message_id: str
    kind: MessageKind
    text: str
    asked: str | None = None
    template: Template | None = None
    due: datetime | None = None


class EndReason(StrEnum):
    """Why a conversation ended, for machines."""

    COMPLETED = "completed"
    OPTED_OUT = "opted_out"
    DECLINED = "declined"
    OUT_OF_BUDGET = "out_of_budget"
    DISTRESS = "distress"
    INAPPROPRIATE = "inappropriate"
    SEND_FAILED = "send_failed"
    EXPIRED = "expired"


class ConversationEnded(Event):
    """The agent ended the conversation."""

    wire_name: ClassVar[str] = "conversation_ended"

    reason: EndReason


# The conversation's `out` lane: what became of each composed message ------------------------------


class SendScheduled(Event):
    """An opening missed its slot and got another one."""

    wire_name: ClassVar[str] = "send_scheduled"

    message_id: str
    due: datetime


class SendStarted(Event):
    """Outreach is about to hand the message to Twilio.

    Without an end on the log, Twilio must be asked what happened.
    """

    wire_name: ClassVar[str] = "send_started"

    message_id: str


class MessageSent(Event):
    """Twilio accepted the message under this SID."""

    wire_name: ClassVar[str] = "message_sent"

    message_id: str
    message_sid: str


class SendPostponed(Event):
    """Twilio did not take the message this time (it said so); it may be handed over again.

    Not before `until`, where that is told.
    """

    wire_name: ClassVar[str] = "send_postponed"

    message_id: str
    reason: str
    error_code: int | None = None
    until: datetime | None = None


class MessageFailed(Event):
    """Twilio refused the message for good."""

    wire_name: ClassVar[str] = "message_failed"

    message_id: str
    reason: str
    error_code: int | None = None


class SuppressionReason(StrEnum):
    """Why a composed message was never handed to Twilio.

    An opening or a reminder is overtaken by a message of the participant.
    """

    OPTED_OUT = "opted_out"
    CONVERSATION_ENDED = "conversation_ended"
    ADDRESS_UNKNOWN = "address_unknown"
    WINDOW_CLOSED = "window_closed"
    OPENINGS_CLOSED = "openings_closed"
    OVERTAKEN = "overtaken"
    CAMPAIGN_PAUSED = "campaign_paused"


class MessageSuppressed(Event):
    """The message was composed but must not be sent any more."""

    wire_name: ClassVar[str] = "message_suppressed"

    message_id: str
    reason: SuppressionReason


# The participant's lanes --------------------------------------------------------------------------


class ParticipantOptedOut(Event):
    """The participant wants to hear nothing more, from any campaign.

    The message that says so stands at `message_position`; None where nobody noted it. An imported
    opt-out has no message.
    """

    wire_name: ClassVar[str] = "participant_opted_out"

    source: OptOutSource
    message_sid: str | None = None
    message_position: int | None = None


class ParticipantOptedIn(Event):
    """The participant wants to be contacted again.

    The message that says so stands at `message_position`; None where nobody noted it.
    """

    wire_name: ClassVar[str] = "participant_opted_in"

    message_sid: str
    message_position: int | None = None


class UnroutedMessageReceived(Event):
    """Somebody wrote who is in no conversation."""

    wire_name: ClassVar[str] = "unrouted_message_received"
    personal: ClassVar[Mapping[str, Any]] = {"text": "", "media": ()}

    message_sid: str
    text: str
    media: tuple[Media, ...] = ()


class PersonalDataErased(Event):
    """What the participant said and told in these campaigns can be read by nobody any more.

    `everything` says that the rest is gone as well: addresses, attributes, and what was said
    outside any campaign. Nothing personal stands here.
    """

    wire_name: ClassVar[str] = "personal_data_erased"

    campaigns: tuple[str, ...]
    everything: bool = False


# The campaign's report lanes: what was asked for, and what the agent wrote ------------------------


class ReportRequested(Event):
    """A researcher asked for a report over the campaign's completed interviews."""

    wire_name = "report_requested"

    report_id: str


class ReportWritten(Event):
    """The agent wrote the report.

    `refused` says what of the model's answers was left out, and why. Usage as of `turn_taken`.
    """

    wire_name = "report_written"

    report_id: str
    report: Report
    refused: tuple[str, ...] = ()
    model: str | None = None
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: float | None = None


class ReportFailed(Event):
    """There is no report, for these reasons. Usage as of `turn_taken`."""

    wire_name = "report_failed"

    report_id: str
    reasons: tuple[str, ...]
    model: str | None = None
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: float | None = None


CATALOGUE: tuple[type[Event], ...] = (
    CampaignCreated,
    ParticipantsEnrolled,
    CampaignLaunched,
    CampaignPaused,
    OpeningsPlanned,
    OpeningsClosed,
    CampaignCompleted,
    MessageReceived,
    DeliveryStatusChanged,
    ConversationStarted,
    TurnTaken,
    MediaTranscribed,
    ExtractionRecorded,
    MessageComposed,
    ConversationEnded,
    SendScheduled,
    SendStarted,
    MessageSent,
    SendPostponed,
    MessageFailed,
    MessageSuppressed,
    ParticipantOptedOut,
    ParticipantOptedIn,
    UnroutedMessageReceived,
    PersonalDataErased,
    ReportRequested,
    ReportWritten,
    ReportFailed,
)
