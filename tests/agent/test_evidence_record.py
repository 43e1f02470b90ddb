"""What a claim adds to the record: corrections, refusals, and nothing where nothing is new."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mesh_agent.evidence import DOUBTED_REFUSAL, ClaimedExtraction, Known, check
from meshcore.domain.conversation import Conversation
from meshcore.domain.events import Event, ExtractionRecorded, FieldState
from meshcore.domain.schema import Rejected, Value
from meshcore.domain.study import Limits
from tests.agent.talks import CAMPAIGN, EVERY_TYPE, answered, opened, sid, talk, wrote

STUDY = replace(CAMPAIGN, extraction_schema=EVERY_TYPE)


def record(field: str, state: str, value: object, n: int) -> Event:
    """A field was settled by the participant's n-th message."""
    told = {"field": field, "state": state, "value": value, "quote": "so", "message_sid": sid(n)}
    return ExtractionRecorded.model_validate(told)


def known(state: str, value: object = None, field: str = "children") -> Conversation:
    """A chat in which this is on record, and one more message has come: message 4."""
    return talk(
        *opened(),
        wrote(1, "so: two, I'd rather not say, Anna, ENOC and ADNOC"),
        record(field, state, value, 1),
        *answered(1, "And?"),
        wrote(2, "two. Or 3? I'd rather not say. hm. Anna, ENOC and ADNOC"),
    )


def claimed(
    talked: Conversation, state: str = "extracted", value: object = None, **more: object
) -> ExtractionRecorded | Rejected | Known:
    """What becomes of a claim from message 4."""
    claim = {"field": "children", "state": state, "value": value, "quote": "hm", "message": 4}
    return check(ClaimedExtraction.model_validate({**claim, **more}), STUDY, talked)


@pytest.mark.parametrize(
    ("field", "on_record", "again"),
    [
        ("children", 2, 2),
        ("children", 2, "2"),
        ("name", "Anna", " ANNA "),
        ("brands", ("ENOC", "ADNOC"), ["adnoc", "enoc"]),
    ],
)
@pytest.mark.parametrize("quote", ["two", "invented"])
def test_what_is_on_record_is_not_recorded_again(
    field: str, on_record: Value, again: object, quote: str
) -> None:
    """However it is written this time; and there is nothing to complain of."""
    found = claimed(known("extracted", on_record, field), value=again, field=field, quote=quote)
    assert found == Known()


@pytest.mark.parametrize("state", ["vague", "refused"])
def test_a_value_stays_when_nothing_better_is_said(state: str) -> None:
    """Who has told it once need not tell it again."""
    assert claimed(known("extracted", 2), state, quote="I'd rather not say") == Known()


@pytest.mark.parametrize(
    ("before", "now"), [("refused", "refused"), ("refused", "vague"), ("vague", "vague")]
)
def test_a_settled_field_is_not_settled_again(before: str, now: str) -> None:
    """A refusal is taken once."""
    assert claimed(known(before), now) == Known()


@pytest.mark.parametrize("before", ["refused", "vague"])
def test_a_value_counts_whenever_it_comes(before: str) -> None:
    """Who did not want to say may say it after all."""
    found = claimed(known(before), value=3, quote="3")
    assert isinstance(found, ExtractionRecorded)
    assert (found.state, found.value, found.message_sid) == (FieldState.EXTRACTED, 3, sid(2))


def test_a_refusal_is_taken_at_once() -> None:
    """Without being asked for it again; what comes with it as a value is dropped."""
    state = talk(*opened(), wrote(1, "I'd rather not say"))
    found = claimed(state, "refused", "invented", quote="rather not say", message=2)
    assert isinstance(found, ExtractionRecorded)
    assert (found.state, found.value) == (FieldState.REFUSED, None)
    assert isinstance(claimed(state, "refused", quote="none of yours", message=2), Rejected)
    late = claimed(known("vague"), "refused", quote="I'd rather not say")
    assert isinstance(late, ExtractionRecorded)


def test_nobody_refuses_what_was_not_asked() -> None:
    """Unless they say so of their own accord; a claim that comes with a value is a confused one."""
    state = talk(*opened(), wrote(1, "ENOC, every day"), wrote(2, "and I won't tell you my age"))
    assert isinstance(claimed(state, "refused", quote="every day", message=2), Rejected)
    assert isinstance(
        claimed(state, "refused", quote="I won't tell", message=3), ExtractionRecorded
    )
    asked = talk(*opened(), *answered(0, "Any children?", "children"), wrote(1, "Ask my wife"))
    assert isinstance(claimed(asked, "refused", 3, quote="Ask my wife", message=3), Rejected)


def test_words_without_a_sound_of_refusal_are_doubted_once() -> None:
    """Weak models take answers for refusals; a model that insists is believed."""
    asked = talk(*opened(), *answered(0, "Any children?", "children"), wrote(1, "Ask my wife"))
    claim = ClaimedExtraction(field="children", state="refused", quote="Ask my wife", message=3)
    doubted = check(claim, STUDY, asked)
    assert isinstance(doubted, Rejected)
    assert DOUBTED_REFUSAL in doubted.reason
    assert isinstance(check(claim, STUDY, asked, insisted=True), ExtractionRecorded)


def test_a_plain_answer_is_no_refusal_however_often_it_is_called_one() -> None:
    """A number, where a number was asked for."""
    asked = talk(*opened(), *answered(0, "Any children?", "children"), wrote(1, "I'd say 2"))
    claim = ClaimedExtraction(field="children", state="refused", quote="I'd say 2", message=3)
    assert isinstance(check(claim, STUDY, asked, insisted=True), Rejected)


@pytest.mark.parametrize(
    ("asked", "probes", "outcome"),
    [(0, 2, Known), (1, 2, Known), (2, 2, ExtractionRecorded), (1, 0, ExtractionRecorded)],
)
def test_a_field_is_vague_only_after_a_probe(asked: int, probes: int, outcome: type) -> None:
    """Before that it stays pending, without complaint; unless the researcher wants no probes."""
    events = [*opened()]
    for n in range(1, 3):
        about = "children" if n <= asked else "name"
        events += [wrote(n, "hm"), *answered(n, "And?", asked=about)]
    state = talk(*events, wrote(3, "a few I guess"))
    study = replace(STUDY, limits=Limits(probes_per_field=probes))
    claim = ClaimedExtraction(field="children", state="vague", quote="a few", message=6)
    found = check(claim, study, state)
    assert isinstance(found, outcome)
    if outcome is ExtractionRecorded:
        assert isinstance(check(claim.model_copy(update={"quote": "many"}), study, state), Rejected)


def test_the_later_of_two_values_wins() -> None:
    """A correction is recorded; both stay on the log."""
    found = claimed(known("extracted", 2), value=3, quote="3")
    assert isinstance(found, ExtractionRecorded)
    assert (found.value, found.message_sid) == (3, sid(2))


def test_an_old_message_does_not_overrule_a_later_one() -> None:
    """Models look back, and take what was corrected for new."""
    state = talk(
        *opened(),
        wrote(1, "I have two kids"),
        *answered(1, "Two?"),
        wrote(2, "three, actually"),
        record("children", "extracted", 3, 2),
        *answered(2, "And then?"),
        wrote(3, "ok"),
    )
    found = claimed(state, value=2, quote="two kids", message=2)
    assert found == Rejected("children: message 2 is older than what is known")
    late = claimed(state, field="name", value="kids", quote="kids", message=2)
    assert isinstance(late, ExtractionRecorded)


def test_the_message_itself_may_be_read_again() -> None:
    """A value from the same message may be put right, and what was said before a refusal holds."""
    again = claimed(known("extracted", 7), value=2, quote="two", message=2)
    assert isinstance(again, ExtractionRecorded)
    state = talk(
        *opened(),
        wrote(1, "two kids"),
        *answered(1, "Two?"),
        wrote(2, "no comment"),
        record("children", "refused", None, 2),
        *answered(2, "ok"),
    )
    assert isinstance(claimed(state, value=2, quote="two", message=2), ExtractionRecorded)
