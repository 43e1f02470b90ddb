"""The checker: nothing is lost, nothing is sent twice, and the read side tells the truth.

Pure functions over a `History`; each counts one kind of violation and names every case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table

from meshcore.domain.campaign import Campaign, CampaignStatus
from meshcore.domain.conversation import SendStatus
from meshcore.domain.events import MessageKind
from meshcore.domain.optout import asks_to_stop
from meshcore.domain.turns import NextStep, next_step
from meshcore.log import subjects
from tests.faults import read_side
from tests.faults.history import Facts, Handover, History, answered, facts_of, handovers

IN_FLIGHT = 1.0
"""Seconds for which a message may still arrive at Twilio that was handed over before a stop was
on the log: it cannot be called back. Those are counted as `crossed`."""

OVERDUE = timedelta(seconds=10)
"""How long after its slot an opening that nobody composed counts as stuck."""

Findings = dict[str, list[str]]

_FOR_INFORMATION = ("unrouted", "crossed", "refused_webhooks")


def inbound_lost(history: History, facts: Facts) -> Iterator[str]:
    """A message whose webhook was answered 2xx is not on the log."""
    for sid in answered(history.entries):
        if sid not in facts.places:
            yield f"{sid} was taken but is not on the log"


def consent_lost(history: History, facts: Facts) -> Iterator[str]:
    """An opt-out whose webhook was answered 2xx left no word on a consent lane.

    Where a later message of the participant has spoken first, it need not.
    """
    known = {said.message_sid for words in facts.consents.values() for said in words}
    taken = answered(history.entries)
    for entry in history.entries:
        is_stop = entry["kind"] == "inbound" and asks_to_stop(entry["body"])
        if not is_stop or entry["sid"] not in taken or entry["sid"] in known:
            continue
        if not _spoken_since(facts, entry["sid"]):
            yield f"{entry['sid']} opted out, but no consent was withdrawn"


def _spoken_since(facts: Facts, sid: str) -> bool:
    """Whether a later message of the same participant said something about consent."""
    for place, position in facts.places.get(sid, {}).items():
        talk = facts.talks.get(place)
        participant = talk.participant if talk else subjects.participant_of(place)
        words = facts.consents.get(participant or "", ())
        if any((said.message_position or 0) > position for said in words):
            return True
    return False


def inbound_twice(_: History, facts: Facts) -> Iterator[str]:
    """A message counts twice: in two conversations, or twice in one fold."""
    for sid, places in facts.places.items():
        if len(places) > 1:
            yield f"{sid} stands in {sorted(places)}"
    for talk in facts.talks.values():
        for sid, count in Counter(m.id for m in talk.state.messages).items():
            if count > 1:
                yield f"{sid} stands {count} times in the fold of {talk.id}"


def answered_twice(_: History, facts: Facts) -> Iterator[str]:
    """A participant's message was answered by two turns."""
    counts = Counter(sid for _, _, answers in facts.turns for sid in answers)
    for sid, count in counts.items():
        if count > 1:
            yield f"{sid} was answered {count} times"


def out_of_order(history: History, facts: Facts) -> Iterator[str]:
    """Answered in another order than received, or sent in another than composed."""
    last_answered: dict[str, int] = {}
    for _, conversation, answers in facts.turns:
        for sid in answers:
            position = facts.places.get(sid, {}).get(conversation, 0)
            if position < last_answered.get(conversation, 0):
                yield f"{conversation}: {sid} was answered after one that came later"
            last_answered[conversation] = max(position, last_answered.get(conversation, 0))
    last_sent: dict[str, tuple[int, int]] = {}
    for handover in _first_handovers(history, facts):
        position, conversation, _ = facts.composed[handover.message_id]
        place = (position, _ordinal(facts, conversation, handover.message_id))
        if place < last_sent.get(conversation, (0, 0)):
            yield f"{conversation}: {handover.message_id} was sent after one composed later"
        last_sent[conversation] = max(place, last_sent.get(conversation, (0, 0)))


def _first_handovers(history: History, facts: Facts) -> Iterator[Handover]:
    seen: set[str] = set()
    for handover in handovers(history.entries):
        if handover.message_id in facts.composed and handover.message_id not in seen:
            seen.add(handover.message_id)
            yield handover


def _ordinal(facts: Facts, conversation: str, message_id: str) -> int:
    ids = [m.id for m in facts.talks[conversation].state.messages]
    return ids.index(message_id)


def sent_twice(history: History, _: Facts) -> Iterator[str]:
    """A composed message was taken twice by Twilio."""
    counts = Counter(handover.message_id for handover in handovers(history.entries))
    for message_id, count in counts.items():
        yield from (f"{message_id} was sent {count} times" for _ in range(count - 1))


def misrecorded(history: History, facts: Facts) -> Iterator[str]:
    """What the log says of a message is not what Twilio knows of it."""
    given: dict[str, set[str]] = {}
    for handover in handovers(history.entries):
        given.setdefault(handover.message_id, set()).add(handover.sid)
        if handover.message_id not in facts.composed:
            yield f"Twilio took {handover.message_id}, which nobody composed"
    for message_id, sids in facts.sids.items():
        if wrong := sids - given.get(message_id, set()):
            yield f"{message_id} is on the log as {sorted(wrong)}"
    for talk in facts.talks.values():
        for message in talk.state.messages:
            if message.status is SendStatus.SUPPRESSED and message.id in given:
                yield f"{message.id} was sent but is on the log as suppressed"


def _silences(
    facts: Facts, participant: str | None
) -> Iterator[tuple[int, float, str | None, bool]]:
    """When a participant wanted to hear nothing.

    From which position to which, and by which message, taken by the webhook or understood later.
    """
    since = None
    for said in facts.consents.get(participant or "", ()):
        if said.opted_out and since is None:
            since = said
        elif not said.opted_out and since is not None:
            yield since.position, said.position, since.message_sid, since.by_webhook
            since = None
    if since is not None:
        yield since.position, float("inf"), since.message_sid, since.by_webhook


def _after_stop(history: History, facts: Facts) -> Iterator[tuple[str, str]]:
    """What reached Twilio after an opt-out and is no goodbye: as `sent_after_stop` or `crossed`."""
    taken = answered(history.entries)
    for handover in handovers(history.entries):
        if handover.message_id not in facts.composed:
            continue
        composed_at, conversation, event = facts.composed[handover.message_id]
        started = max(facts.started.get(handover.message_id, [0]))
        for begin, end, sid, by_webhook in _silences(facts, facts.talks[conversation].participant):
            if event.kind is MessageKind.GOODBYE and begin < composed_at < end:
                continue
            if begin < started < end:
                yield "sent_after_stop", f"{handover.message_id} was begun after {sid}"
            elif started < begin and by_webhook and sid in taken:
                late = handover.came_at - taken[sid]
                kind = "sent_after_stop" if late > IN_FLIGHT else "crossed"
                if late > 0:
                    yield kind, f"{handover.message_id} came {late:.3f} s after {sid} was taken"


def sent_after_stop(history: History, facts: Facts) -> Iterator[str]:
    """Something other than a goodbye was sent to somebody who had opted out, in any campaign."""
    return (case for kind, case in _after_stop(history, facts) if kind == "sent_after_stop")


def crossed(history: History, facts: Facts) -> Iterator[str]:
    """A message that was on its way to Twilio when the opt-out was taken."""
    return (case for kind, case in _after_stop(history, facts) if kind == "crossed")


def goodbyes_more_than_one(history: History, facts: Facts) -> Iterator[str]:
    """Somebody who opted out heard more than one goodbye for it."""
    heard: Counter[tuple[str, int]] = Counter()
    for handover in _first_handovers(history, facts):
        composed_at, conversation, event = facts.composed[handover.message_id]
        participant = facts.talks[conversation].participant or ""
        for begin, end, _, _ in _silences(facts, participant):
            if event.kind is MessageKind.GOODBYE and begin < composed_at < end:
                heard[participant, begin] += 1
    for (participant, begin), count in heard.items():
        for _ in range(count - 1):
            yield f"{participant} heard {count} goodbyes after the opt-out at {begin}"


def stuck(history: History, facts: Facts) -> Iterator[str]:
    """Something is owed and nobody will do it: an answer, a send, or an opening."""
    return unfinished(facts, history.at - OVERDUE)


def unfinished(facts: Facts, now: datetime | None = None) -> Iterator[str]:
    """What is still owed.

    Args:
        facts: the log.
        now: only openings whose slot is before this; None for all.
    """
    for talk in facts.talks.values():
        if next_step(talk.state) is not NextStep.NOTHING:
            yield f"{talk.id} waits for an answer"
        for message in talk.state.messages:
            open_ended = message.status in {SendStatus.COMPOSED, SendStatus.SENDING}
            if open_ended and not _is_held(facts.campaigns.get(talk.campaign), message.kind):
                yield f"{message.id} of {talk.id} is {message.status}"
    slots = {c.id: _slots(c) for c in facts.campaigns.values()}
    for campaign, participant, talk in facts.expected_talks():
        due = slots[campaign.id].get(participant, campaign.launched_at)
        is_due = now is None or due is None or due < now
        if campaign.status is CampaignStatus.ACTIVE and not talk.state.opened and is_due:
            yield f"{talk.id} was never opened; its slot was at {due}"


def _is_held(campaign: Campaign | None, kind: MessageKind | None) -> bool:
    paused = campaign is not None and campaign.status is CampaignStatus.PAUSED
    return paused and kind is MessageKind.OPENING


def _slots(campaign: Campaign) -> dict[str, datetime]:
    return {participant: due for plan in campaign.plans for participant, due in plan.slots.items()}


def parked(history: History, _: Facts) -> Iterator[str]:
    """A wake-up was given up and waits for a person."""
    return iter(history.parked)


def read_side_differs(history: History, _: Facts) -> Iterator[str]:
    """A row of the read tables is not what a fold of the log up to their checkpoint says."""
    return iter(read_side.differences(history.records, history.checkpoint, history.tables))


def unrouted(_: History, facts: Facts) -> Iterator[str]:
    """Messages of people in no conversation."""
    return (sid for sid, places in facts.places.items() if any("unrouted" in p for p in places))


def refused_webhooks(history: History, _: Facts) -> Iterator[str]:
    """Messages that Twilio gave up to deliver; nobody promised anything about them."""
    taken = answered(history.entries)
    sids = {e["sid"] for e in history.entries if e["kind"] == "inbound"}
    return iter(sorted(sids - taken.keys()))


_CHECKS: tuple[Callable[[History, Facts], Iterator[str]], ...] = (
    inbound_lost,
    inbound_twice,
    consent_lost,
    answered_twice,
    out_of_order,
    sent_twice,
    misrecorded,
    sent_after_stop,
    goodbyes_more_than_one,
    stuck,
    parked,
    read_side_differs,
    unrouted,
    crossed,
    refused_webhooks,
)


def check(history: History) -> Findings:
    """Every violation found, by counter; those for information come last."""
    facts = facts_of(history.records)
    return {each.__name__: list(each(history, facts)) for each in _CHECKS}


def violations(findings: Findings) -> dict[str, int]:
    """The counters that must be 0 but are not."""
    return {
        name: len(cases)
        for name, cases in findings.items()
        if cases and name not in _FOR_INFORMATION
    }


def counters(findings: Findings) -> dict[str, int]:
    """How many cases each check found."""
    return {name: len(cases) for name, cases in findings.items()}


def show(findings: Findings, title: str, console: Console | None = None) -> None:
    """Prints the counters, and the first cases of each that is not 0."""
    table = Table("counter", "found", "must be", "for instance", title=title, title_justify="left")
    for name, cases in findings.items():
        must = "-" if name in _FOR_INFORMATION else "0"
        table.add_row(name, str(len(cases)), must, "\n".join(cases[:3]))
    (console or Console(width=110)).print(table)


def utc_now() -> datetime:
    """The present, on the clock that the log's writers use."""
    return datetime.now(UTC)
