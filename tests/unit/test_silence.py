"""Silence: who is reminded when, who is given up, and who is left alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshcore.domain import campaign as campaigns
from meshcore.domain import contact_hours
from meshcore.domain import conversation as conversations
from meshcore.domain.campaign import Campaign
from meshcore.domain.commit import Stamp
from meshcore.domain.conversation import Conversation
from meshcore.domain.events import (
    CampaignCompleted,
    CampaignCreated,
    CampaignLaunched,
    CampaignPaused,
    ConversationEnded,
    EndReason,
    Event,
    MessageComposed,
    MessageFailed,
    MessageKind,
    MessageSuppressed,
    OpeningsClosed,
    ParticipantsEnrolled,
    SuppressionReason,
)
from meshcore.domain.outreach import ContactHours, Outreach, Reminder, Weekday
from meshcore.domain.participant import conversation_id
from meshcore.domain.schema import FieldSpec, FieldType
from meshcore.domain.sends import Suppress, next_send
from meshcore.domain.silence import (
    Expire,
    Remind,
    Wait,
    decide_expiry,
    decide_reminder,
    next_silence_step,
    patience,
    reminder_id,
)
from meshcore.domain.study import Template
from tests.support.facts import ANNA, answered, composed, ended, opening, received, sent
from tests.support.story import CAMPAIGN_ID

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TEMPLATE = Template(content_sid="HX" + "0" * 32)
BY_TEMPLATE = Reminder(after_hours=24, template=TEMPLATE)
FREE = Reminder(after_hours=6, text="Still there?")
OFFICE = ContactHours(start=time(9), end=time(17))

Step = Wait | Remind | Expire | None


def study(*more: Event, **outreach: object) -> Campaign:
    """A launched campaign with these settings."""
    created = CampaignCreated(
        name="Yas",
        research_brief="Why?",
        extraction_schema={"why": FieldSpec(type=FieldType.STRING, description="Why there")},
        outreach=Outreach.model_validate(outreach),
    )
    enrolled = ParticipantsEnrolled(participants=(ANNA,), timezones=("Asia/Dubai",))
    state = Campaign(CAMPAIGN_ID)
    for n, event in enumerate((created, enrolled, CampaignLaunched(), *more), 1):
        state = campaigns.evolve(state, event, Stamp(n, MONDAY))
    return state


@dataclass
class Talk:
    """A conversation whose facts happen when we say, in hours after Monday at nine."""

    campaign: Campaign
    state: Conversation = field(default_factory=Conversation)
    position: int = 0

    def at(self, hours: float, *events: Event) -> Talk:
        """These facts, in one commit."""
        self.position += 1
        for event in events:
            stamp = Stamp(self.position, MONDAY + timedelta(hours=hours))
            self.state = conversations.evolve(self.state, event, stamp)
        return self

    def opened(self) -> Talk:
        """Opened and sent on Monday at nine."""
        return self.at(0, *opening()).at(0, sent("m1"))

    def answers(self, hours: float, n: int = 1) -> Talk:
        """The participant's n-th message, and our reply to it."""
        self.at(hours, received(n))
        self.at(hours, answered(n), composed(f"r{n}"))
        return self.at(hours, sent(f"r{n}", 900 + n))

    def step(self, hours: float) -> Step:
        """What is owed then."""
        return next_silence_step(self.state, self.campaign, MONDAY + timedelta(hours=hours))

    def reminded(self, hours: float, n: int = 0, *, out: bool = True) -> Talk:
        """The n-th reminder, composed, and sent if told."""
        [event] = decide_reminder(self.state, self.campaign, n, f"Reminder {n}", None)
        self.at(hours, event)
        return self.at(hours, sent(self.reminder(n), 950 + n)) if out else self

    def reminder(self, n: int = 0) -> str:
        """The id of the n-th reminder."""
        return reminder_id(conversation_id(CAMPAIGN_ID, ANNA), n)


def talk(*more: Event, **outreach: object) -> Talk:
    """A conversation of a campaign with these settings."""
    return Talk(study(*more, **outreach))


def hours(after: float) -> Wait:
    """To be looked at again so many hours after Monday at nine."""
    return Wait(MONDAY + timedelta(hours=after))


def test_whoever_does_not_answer_is_reminded_and_then_given_up() -> None:
    """The first reminder after its hours of silence, the second after its own, then the end."""
    later = Reminder(after_hours=48, template=TEMPLATE)
    anna = talk(reminders=[BY_TEMPLATE, later], expire_after_hours=100).opened()
    assert anna.step(23.9) == hours(24)
    assert anna.step(24) == Remind(0)
    anna.reminded(25)
    assert anna.step(25) == hours(49)
    assert anna.step(72.9) == hours(73)
    assert anna.step(73) == Remind(1)
    anna.reminded(73, 1)
    assert anna.step(172) == hours(173)
    assert anna.step(173) == Expire()


def test_an_answer_begins_the_silence_anew() -> None:
    """It counts from our reply to it, and the reminders that were said are not said again."""
    anna = talk(reminders=[FREE], expire_after_hours=50).opened().answers(5)
    assert anna.step(10.9) == hours(11)
    assert anna.step(11) == Remind(0)
    anna.reminded(11).answers(12, 2)
    assert anna.step(30) == hours(36)
    assert anna.step(61.9) == hours(62)
    assert anna.step(62) == Expire()


def test_while_it_is_our_turn_nobody_is_silent() -> None:
    """A message that waits for us, or a reply on its way, is no silence of the participant's."""
    anna = talk(reminders=[FREE], expire_after_hours=10).opened().at(1, received(1))
    assert anna.step(500) == hours(506)
    anna.at(2, answered(1), composed("r1"))
    assert anna.step(500) == hours(506)


def test_an_opening_that_was_never_sent_is_no_silence() -> None:
    """However long it waits, and also if it failed for a fault of ours."""
    anna = talk(expire_after_hours=10).at(0, *opening())
    assert anna.step(1_000) == hours(1_010)
    anna.at(1_000, MessageFailed(message_id="m1", reason="credentials", error_code=20003))
    assert anna.state.reopenable
    assert anna.step(2_000) == hours(2_010)


def test_what_needs_no_answer_of_ours_is_followed_by_silence_all_the_same() -> None:
    """Somebody sent what nobody can read, once too often: they are given up, not reminded."""
    anna = talk(reminders=[FREE], expire_after_hours=10).opened()
    anna.at(1, received(1)).at(1, answered(1))
    assert anna.step(8) == hours(11)
    assert anna.step(11) == Expire()


def test_outside_the_window_only_templates_go_out() -> None:
    """A free-form reminder is passed over, and the next one counts from the same silence."""
    anna = talk(reminders=[FREE, BY_TEMPLATE]).opened()
    assert anna.step(20) == hours(24)
    assert anna.step(24) == Remind(1)
    anna.reminded(24, 1)
    assert anna.step(100) == hours(106)
    anna.answers(101)
    assert anna.step(200) == hours(206), "the free-form one is behind it"


def test_within_the_window_the_free_form_reminder_comes_first() -> None:
    """The participant wrote less than 24 hours before."""
    anna = talk(reminders=[FREE, BY_TEMPLATE]).opened().answers(5)
    assert anna.step(11) == Remind(0)
    anna.reminded(11)
    assert anna.step(35) == Remind(1)


def test_a_reply_that_came_too_late_is_followed_by_a_template() -> None:
    """Nobody but the participant will move this on, and only a template reaches them."""
    anna = talk(reminders=[FREE, BY_TEMPLATE]).opened().at(1, received(1))
    anna.at(30, answered(1), composed("r1"))
    closed = SuppressionReason.WINDOW_CLOSED
    anna.at(30, MessageSuppressed(message_id="r1", reason=closed))
    assert anna.step(54) == Remind(1)


def test_reminders_wait_for_the_contact_hours_where_the_participant_is() -> None:
    """Nine to five in Dubai is five to thirteen in UTC; what is due at night is said at nine."""
    reminder = Reminder(after_hours=6, template=TEMPLATE)
    anna = talk(reminders=[reminder], contact_hours=OFFICE.model_dump()).opened()
    assert anna.step(6) == hours(12), "looked at again, at six in the evening in Dubai"
    assert anna.step(19.9) == hours(20)
    assert anna.step(20) == Remind(0)


def test_a_reminder_that_the_hours_push_out_of_the_window_is_passed_over() -> None:
    """What could be said on a Tuesday may not be said, and next Monday cannot."""
    mondays = ContactHours(days=(Weekday.MON,))
    anna = talk(reminders=[FREE], contact_hours=mondays.model_dump()).opened().answers(8)
    assert anna.step(14) == hours(20)
    assert anna.step(164) == hours(170)


def test_expiry_comes_before_a_reminder_that_would_be_later() -> None:
    """Given up is given up: also after a long time in which nobody looked."""
    anna = talk(reminders=[BY_TEMPLATE], expire_after_hours=12).opened()
    assert anna.step(12) == Expire()
    late = talk(reminders=[BY_TEMPLATE], expire_after_hours=100).opened()
    assert late.step(99) == Remind(0)
    assert late.step(500) == Expire()


def test_a_paused_campaign_reminds_nobody_but_gives_up() -> None:
    """It is looked at again every hour, so that the reminder comes soon after the pause."""
    anna = talk(CampaignPaused(), reminders=[BY_TEMPLATE], expire_after_hours=100).opened()
    assert anna.step(24) == hours(25)
    assert anna.step(99.5) == hours(100)
    assert anna.step(100) == Expire()


def test_a_reminder_on_its_way_is_not_followed_by_another_but_by_the_end() -> None:
    """Outreach holds it through a pause; whoever is given up meanwhile does not get it."""
    second = Reminder(after_hours=1, template=TEMPLATE)
    anna = talk(reminders=[BY_TEMPLATE, second], expire_after_hours=50).opened()
    anna.reminded(24, out=False)
    assert anna.step(40) == hours(41)
    assert anna.step(50) == Expire()
    anna.at(50, ConversationEnded(reason=EndReason.EXPIRED))
    suppressed = next_send(anna.state, consented=True, at=MONDAY + timedelta(hours=51))
    assert isinstance(suppressed, Suppress)
    assert suppressed.reason is SuppressionReason.CONVERSATION_ENDED


def test_a_reminder_that_could_not_go_out_is_not_said_again() -> None:
    """The silence goes on from the last word that did go out."""
    anna = talk(reminders=[BY_TEMPLATE], expire_after_hours=50).opened().reminded(24, out=False)
    closed = SuppressionReason.WINDOW_CLOSED
    anna.at(25, MessageSuppressed(message_id=anna.reminder(), reason=closed))
    assert anna.step(30) == hours(50)
    assert anna.step(50) == Expire()


def test_a_reminder_that_knew_nothing_of_an_answer_is_not_sent() -> None:
    """The answer came while it was being decided upon, and stands before it on the log."""
    anna = talk(reminders=[FREE]).opened().answers(5)
    [reminder] = decide_reminder(anna.state, anna.campaign, 0, "Still there?", None)
    anna.at(11, received(2)).at(11, reminder)
    found = next_send(anna.state, consented=True, at=MONDAY + timedelta(hours=11))
    assert isinstance(found, Suppress)
    assert found.reason is SuppressionReason.OVERTAKEN
    anna.at(11, answered(2), composed("r2"))
    found = next_send(anna.state, consented=True, at=MONDAY + timedelta(hours=11))
    assert isinstance(found, Suppress)


@pytest.mark.parametrize("reason", list(EndReason))
def test_what_has_ended_is_left_alone(reason: EndReason) -> None:
    """For ever."""
    anna = talk(reminders=[BY_TEMPLATE]).opened().at(1, ended(reason))
    assert anna.step(10_000) is None
    assert decide_expiry(anna.state) == []
    assert decide_reminder(anna.state, anna.campaign, 0, "Still there?", None) == []


def test_what_was_never_opened_and_what_is_completed_is_left_alone() -> None:
    """There is nobody to wait for."""
    assert talk().step(10_000) is None
    assert talk(CampaignCompleted()).opened().step(10_000) is None


def test_once_openings_are_closed_only_those_who_wrote_are_reminded() -> None:
    """The target is reached: an interview that runs may end well, but none need begin."""
    silent = talk(OpeningsClosed(), reminders=[BY_TEMPLATE]).opened()
    assert silent.step(24) == hours(48)
    running = talk(OpeningsClosed(), reminders=[BY_TEMPLATE]).opened().answers(1)
    assert running.step(25) == Remind(0)


def test_a_reminder_asks_nothing_and_is_said_once() -> None:
    """Its id is made of its number, so that saying it twice is saying it once."""
    anna = talk(reminders=[BY_TEMPLATE]).opened()
    [event] = decide_reminder(anna.state, anna.campaign, 0, "Hi!", TEMPLATE)
    assert event == MessageComposed(
        message_id=anna.reminder(), kind=MessageKind.REMINDER, text="Hi!", template=TEMPLATE
    )
    anna.at(24, event)
    assert decide_reminder(anna.state, anna.campaign, 0, "Hi!", TEMPLATE) == []


def test_an_expired_conversation_is_abandoned_without_a_word() -> None:
    """Nothing is composed."""
    anna = talk().opened()
    assert decide_expiry(anna.state) == [ConversationEnded(reason=EndReason.EXPIRED)]


def test_whoever_looks_as_often_as_the_shortest_delay_misses_nothing() -> None:
    """And nobody looks more than once a second."""
    assert patience(Outreach()) == timedelta(hours=168)
    assert patience(Outreach(reminders=(BY_TEMPLATE, FREE))) == timedelta(hours=6)
    assert patience(Outreach(expire_after_hours=1e-9)) == timedelta(seconds=1)


REMINDERS = st.lists(
    st.builds(
        Reminder,
        after_hours=st.floats(0.5, 40),
        text=st.just("Still there?"),
        template=st.sampled_from([None, TEMPLATE]),
    ),
    max_size=4,
)


@given(
    reminders=REMINDERS,
    expire=st.floats(1, 100),
    office=st.booleans(),
    answers=st.lists(st.floats(0.1, 30), max_size=4),
    delays=st.lists(st.floats(0, 3), min_size=1, max_size=8),
)
@settings(max_examples=150, deadline=None)
def test_looked_after_by_its_wake_ups_alone_every_conversation_keeps_every_promise(
    reminders: list[Reminder],
    expire: float,
    office: bool,  # noqa: FBT001 - drawn
    answers: list[float],
    delays: list[float],
) -> None:
    """Never more reminders than there are, none in a row with an answer, none out of hours; an end.

    Wake-ups come as late as they like; answers come whenever they like.
    """
    hours_allowed = OFFICE if office else None
    campaign = study(
        reminders=reminders, expire_after_hours=expire,
        contact_hours=hours_allowed.model_dump() if hours_allowed else None,
    )  # fmt: skip
    anna, now, said = Talk(campaign).opened(), 0.0, 0
    answer_at = [sum(answers[: n + 1]) for n in range(len(answers))]
    for look in range(2_000):
        step = anna.step(now)
        at = MONDAY + timedelta(hours=now)
        match step:
            case Remind(n):
                assert contact_hours.is_open(hours_allowed, "Asia/Dubai", at)
                assert reminders[n].template or anna.state.window_open_at(at)
                assert not anna.state.unanswered
                anna.reminded(now, n)
                said += 1
                wake = now + patience(campaign.outreach) / timedelta(hours=1)
            case Expire():
                break
            case Wait(until):
                assert until > at
                wake = (until - MONDAY) / timedelta(hours=1)
            case never:
                raise AssertionError(never)
        wake += delays[look % len(delays)]
        while answer_at and answer_at[0] <= wake:
            moment = max(now, answer_at.pop(0))
            anna.answers(moment, len(answers) - len(answer_at))
        now = wake
    else:
        raise AssertionError
    assert said <= len(reminders)
    [end] = decide_expiry(anna.state)
    assert anna.at(now, end).state.end_reason is EndReason.EXPIRED
