"""What the API answers about how a campaign goes, and how far it has come."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class Dispositions(BaseModel):
    """Conversations by what has become of them; each counts once."""

    not_contacted: int = Field(0, description="Nothing has been sent yet, or ever will be.")
    contacted: int = Field(0, description="The opening went out; no answer so far.")
    in_progress: int = Field(0, description="The participant has answered; the interview goes on.")
    declined: int = Field(0, description="Did not want to take part, and told nothing.")
    breakoff: int = Field(
        0, description="Left: after telling something, or before answering any question asked; "
        "or the interview had to be stopped."
    )  # fmt: skip
    partial: int = Field(
        0, description="Fell silent, or reached a limit, with something found but required fields "
        "missing."
    )  # fmt: skip
    completed: int = Field(0, description="Interviewed to the end; this is what targets count.")
    opted_out: int = Field(0, description="Wants to hear nothing more.")
    undeliverable: int = Field(0, description="A message could not be delivered.")
    expired: int = Field(0, description="Never answered, and was given up.")


class Deliveries(BaseModel):
    """Messages of ours by the furthest that is known of them; each counts once."""

    accepted: int = Field(description="Taken by Twilio, which has said nothing more so far.")
    queued: int
    sent: int
    delivered: int
    read: int
    failed: int


class Failure(BaseModel):
    """Messages that failed for one reason."""

    reason: str
    error_code: int | None = Field(description="Twilio's code.")
    messages: int


class DropOff(BaseModel):
    """Where those left who answered and were not completed.

    That is: declined, breakoff, partial, and opted_out, if they had answered.
    """

    by_answer: dict[int, int] = Field(
        description="How many left after so many answers; messages in a row are one answer."
    )
    by_field: dict[str, int] = Field(
        description="How many left when they had been asked for this field last."
    )


class Stats(BaseModel):
    """How the interviews go. Rates are between 0 and 1; null where nobody counts."""

    dispositions: Dispositions
    contacted: int = Field(
        description="Participants whom a message reached as far as is known: Twilio took one, and "
        "it did not fail. Also whoever wrote to us."
    )
    answered: int = Field(description="Those who wrote anything, be it that they want no more.")
    response_rate: float | None = Field(description="answered / contacted")
    completion_rate: float | None = Field(description="dispositions.completed / answered")
    opt_out_rate: float | None = Field(description="those contacted who opted out / contacted")
    median_first_reply_seconds: float | None = Field(
        description="From the opening to the first answer, in the middle of all who answered."
    )
    median_reply_seconds: float | None = Field(
        description="From a message of ours to its answer: of each conversation the middle, and "
        "the middle of those."
    )
    drop_off: DropOff
    deliveries: Deliveries
    failures: list[Failure] = Field(description="The messages that failed, most frequent first.")
    messages_sent: int = Field(description="Messages that Twilio accepted.")
    messages_received: int = Field(description="Messages that participants wrote.")
    median_turns: float | None = Field(description="Turns of a completed interview, in the middle.")
    tokens: int = Field(description="What models read and wrote, in all conversations.")
    cost_usd: float | None = Field(
        description="What that cost, in US dollars, as far as prices are known; null if none is."
    )
    unpriced: int = Field(
        description="Turns and voice notes whose price is not known: cost_usd is without them."
    )
    breaches: dict[str, int] = Field(
        description="How often the model's answers broke which rule. They were repaired."
    )
    fallbacks: int = Field(
        description="Replies in our own words, since the model gave none that could be sent."
    )


class Cell(BaseModel):
    """A kind of participant that has a target of its own."""

    value: str = Field(description="The value of the quota's attribute or field.")
    target: int
    completes: int
    closed: bool = Field(description="Whether nobody new of this kind is written to any more.")


class Targets(BaseModel):
    """How many completed interviews are wanted, and how many there are."""

    target: int | None = Field(description="Of the whole campaign; null: none.")
    completes: int
    cells: list[Cell]


class Estimate(BaseModel):
    """When something will be done."""

    at: datetime | None = Field(description="As things went so far; null if it cannot be told.")
    unknown_because: str | None = Field(description="Why it cannot.")


class Progress(BaseModel):
    """How far the campaign has come, and what it waits for."""

    paused_because: str | None = Field(
        description="Why it was paused, if not by a researcher; null again after a launch."
    )
    paused_code: int | None = Field(description="Twilio's code of what made it pause.")
    closed: bool = Field(description="Whether nobody new is written to: a target is reached.")
    targets: Targets | None = Field(description="Null for a campaign without.")
    openings_left: int = Field(description="Participants who are still to be written to.")
    next_opening_at: datetime | None = Field(description="The next slot that is given out.")
    openings_done: Estimate = Field(description="When the last opening will have gone out.")
    campaign_done: Estimate = Field(
        description="When the last conversation will have ended, at about the latest: whoever "
        "stays silent is waited for."
    )
