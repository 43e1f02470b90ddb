"""Every count against an interview with exactly that fault planted in it."""

from __future__ import annotations

import pytest

from mesh_agent import prompt
from meshcore.domain.events import EndReason, FieldState, MessageKind, TurnTaken
from mesheval.counting import tally
from mesheval.hard_rules import HardRule, broken
from mesheval.tally import Tally, figures, total
from meshsim.persona import Left
from tests.eval.planted import OPENING, Script, faultless


def counted(script: Script) -> Tally:
    """What is counted in it."""
    return tally(script.over())


def test_a_faultless_interview_has_nothing_against_it() -> None:
    """Every share is at its best, and no hard rule is broken."""
    found = counted(faultless().goodbye())
    assert broken(found) == {}
    shown = figures(found)
    assert (shown.f1, shown.completion, shown.natural_endings) == (1, 1, 1)
    assert (shown.asked_again, shown.several_questions, shown.leading_or_judging) == (0, 0, 0)
    assert (shown.values_without_evidence, shown.not_ended, shown.sent_after_opt_out) == (0, 0, 0)
    assert shown.coverage == 2 / 5
    assert found.reasons == {"completed": 1}
    assert shown.words_per_answer == 4


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        ("at ADNOC", None),
        ("station", None),
        ("Mostly at", "m1"),
        ("Where do you refuel", "m1"),
        ("", None),
        ("?!", None),
        ("ENOC ... Mostly", None),
        ("ENO", None),
        ("Mostly ENOC", None),
        ("at ENOC", "m99"),
    ],
)
def test_a_value_without_evidence_is_seen(quote: str, message: str | None) -> None:
    """The words must be in the very message that is named, whole, in order, the participant's."""
    script = Script().opening().person("Mostly at ENOC", {"current_station": "ENOC"})
    script.value("current_station", "ENOC", quote, message=message).goodbye()
    found = counted(script)
    assert broken(found) == {HardRule.EVIDENCE: 1}
    assert figures(found).values_without_evidence == 1


@pytest.mark.parametrize(
    "quote", ["mostly AT enoc!", "Mostly\u2026 ENOC", "Mostly ... ENOC", "enoc"]
)
def test_a_faithful_quotation_is_evidence(quote: str) -> None:
    """Case, punctuation and an honest gap change nothing."""
    script = Script().opening().person("Mostly at ENOC", {"current_station": "ENOC"})
    assert not counted(script.value("current_station", "ENOC", quote)).without_evidence


def test_evidence_of_what_was_overwritten_counts_too() -> None:
    """A value that was corrected later must have had its evidence all the same."""
    script = faultless().value("current_station", "ADNOC", "ADNOC")
    assert (
        counted(script.value("current_station", "ENOC", "a week").goodbye()).without_evidence == 1
    )


def test_precision_and_recall_hold_values_against_what_was_told() -> None:
    """One right, one wrong, one invented, one missed: half of what is told, a third of the rest."""
    script = (
        Script()
        .opening()
        .person(
            "ENOC, twice a week",
            {"current_station": "ENOC", "commute_frequency": "twice a week", "satisfaction": "7"},
        )
        .value("current_station", "ENOC", "ENOC")
        .value("commute_frequency", "5 times a week", "a week")
        .value("age_range", "25-34", "week")
        .goodbye()
    )
    found = counted(script)
    assert (found.recorded, found.recorded_true, found.told, found.told_found) == (3, 1, 3, 1)
    shown = figures(found)
    assert shown.precision == pytest.approx(1 / 3)
    assert shown.recall == pytest.approx(1 / 3)
    assert shown.f1 == pytest.approx(1 / 3)


def test_vague_and_refused_fields_are_no_values() -> None:
    """They settle a field; they neither help nor hurt precision."""
    script = faultless().value("satisfaction", None, "I guess", state=FieldState.VAGUE)
    assert counted(script.goodbye()).recorded == 2


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Where do you refuel? And why there?", 2),
        ("Where do you refuel and why there?", 2),
        ("How old are you, and what would make you switch?", 2),
        ("Tell me about your commute. How often do you drive?", 2),
        ("Really?! Where is that?", 2),
        ("\u00bfD\u00f3nde repostas? \u00bfY por qu\u00e9?", 2),
        ("أين تعبئ؟ ولماذا؟", 2),
        ("How often do you drive?!", 1),
        ("What do you think of https://example.org/?a=b&c=d today?", 1),
        ("How do you like the fuel and the service?", 1),
        ("I see, thanks and all the best.", 0),
    ],
)
def test_questions_are_counted_with_and_without_marks(text: str, questions: int) -> None:
    """Two questions under one mark are two; the ? within an address is none."""
    found = counted(faultless().agent(text).goodbye())
    assert found.questions == 2 + questions
    assert found.most_questions == max(1, questions)
    assert (HardRule.ONE_QUESTION in broken(found)) == (questions > 1)


@pytest.mark.parametrize("text", ["Pick:\n- price\n- place", "1. How old?", "Two:\n1) a\n2) b"])
def test_a_list_is_seen(text: str) -> None:
    """Dashes and numbers at the start of lines."""
    assert HardRule.NO_LIST in broken(counted(faultless().agent(text).goodbye()))


@pytest.mark.parametrize(
    "text",
    [
        "What is your commute_frequency?",
        "My checklist is done.",
        "I only need two more data points.",
        'Sure: {"reply": "hello"}',
        "I keep to my system prompt.",
        f"I was told: {' '.join(prompt.RULES.split()[20:32])}",
    ],
)
def test_a_leak_is_seen(text: str) -> None:
    """Names of fields, talk of the trade, JSON, and the instructions themselves."""
    assert HardRule.NO_LEAK in broken(counted(faultless().agent(text).goodbye()))


@pytest.mark.parametrize(
    ("text", "leading", "judging"),
    [
        ("Don't you think that queues are the problem?", 1, 0),
        ("You must be tired of it. How often is it?", 1, 0),
        ("Great answer! How often is that?", 0, 1),
        ("That's awesome. How often is that?", 0, 1),
        ("You should try another one.", 0, 1),
        ("I see. How often is that?", 0, 0),
    ],
)
def test_leading_and_judging_words_are_seen(text: str, leading: int, judging: int) -> None:
    """Both are counted by message."""
    found = counted(faultless().agent(text).goodbye())
    assert (found.leading, found.judging) == (leading, judging)


def test_asking_about_what_was_answered_is_seen() -> None:
    """By its author's word, or in words that the participant recognises."""
    declared = faultless().agent("And the place again?", asked="current_station")
    recognised = faultless().agent("Where do you currently refuel?")
    elsewhere = faultless().agent("How satisfied are you with it?", asked="satisfaction")
    assert [counted(s.goodbye()).asking_again for s in (declared, recognised, elsewhere)] == [
        1,
        1,
        0,
    ]


def test_asking_about_what_was_told_but_not_recorded_is_seen() -> None:
    """The participant notices, whatever the interviewer made of the answer."""
    script = faultless().goodbye()
    script.repeated = 1
    found = counted(script)
    assert (found.asking_what_was_told, found.asking_again) == (1, 0)
    assert figures(found).asked_what_was_told == 0.5


def test_a_refused_field_is_not_to_be_asked_about_again_but_a_vague_one_may() -> None:
    """A refusal is taken once; of a vague answer code does not know whether it was the last."""
    for state, times in ((FieldState.REFUSED, 1), (FieldState.VAGUE, 0)):
        script = faultless().value("age_range", None, "I guess", state=state)
        assert counted(script.agent("May I ask your age?").goodbye()).asking_again == times


def test_breaches_are_counted_before_and_after_repair() -> None:
    """What the model's words broke stands in the turn; what was sent is checked again."""
    turn = TurnTaken(answers=(), breaches=("list", "list", "several_questions"), fallback=True)
    script = faultless().agent("Your commute_frequency?", turn=turn)
    found = counted(script.goodbye())
    assert found.breaches_before == {"list": 2, "several_questions": 1}
    assert found.breaches_after == {"field_name": 1}
    assert found.fallbacks == 1
    assert counted(faultless().goodbye()).breaches_after == {}


@pytest.mark.parametrize(
    ("script", "natural", "ended"),
    [
        (faultless().goodbye(), 1, 1),
        (faultless().goodbye(end=EndReason.DECLINED), 1, 1),
        (faultless().goodbye(end=EndReason.OUT_OF_BUDGET), 0, 1),
        (faultless().goodbye(end=EndReason.SEND_FAILED), 0, 1),
        (faultless().goodbye("Thanks! Anything else?"), 0, 1),
        (faultless().agent("Bye!", MessageKind.GOODBYE), 0, 0),
        (faultless(), 0, 0),
    ],
)
def test_a_natural_ending_is_a_goodbye_for_a_human_reason(
    script: Script, natural: int, ended: int
) -> None:
    """Neither the budget nor an error, and no question in it."""
    found = counted(script)
    assert (found.natural_endings, found.ended) == (natural, ended)
    assert (HardRule.ENDS in broken(found)) == (not ended)


def test_who_falls_silent_leaves_an_interview_open_without_fault() -> None:
    """An interview waits for somebody who may still answer; a broken one does not."""
    silent = counted(Script(left=Left.SILENCE).opening())
    assert (silent.unanswered, broken(silent)) == (1, {})
    assert figures(silent).natural_endings is None
    failed = counted(Script(left=Left.SILENCE, failure="ModelError: no").opening())
    assert (failed.failed, broken(failed)) == (1, {HardRule.ENDS: 1})


def test_only_those_who_stay_count_for_completion_and_coverage() -> None:
    """Nobody can complete the interview of somebody who left."""
    script = Script(left=Left.STOP).opening().person("stop", stop=True)
    found = counted(script.goodbye(end=EndReason.OPTED_OUT))
    assert (found.stayed, found.fields, found.completed) == (0, 0, 0)
    assert figures(found).completion is None


def test_an_opt_out_that_is_not_obeyed_is_seen() -> None:
    """Whoever asked to stop must have been taken at their word."""
    obeyed = Script(left=Left.STOP).opening().person("stop", stop=True)
    ignored = Script(left=Left.STOP).opening().person("leave me alone").goodbye()
    unasked = faultless().goodbye(end=EndReason.OPTED_OUT)
    found = [counted(s) for s in (obeyed.goodbye(end=EndReason.OPTED_OUT), ignored, unasked)]
    assert [(t.stops_wanted, t.stops_obeyed, t.stops_unwanted) for t in found] == [
        *((1, 1, 0), (1, 0, 0), (0, 0, 1))
    ]
    shown = figures(total(found))
    assert (shown.opt_out_recall, shown.opt_out_false_alarms) == (0.5, 1.0)


def test_what_is_sent_after_an_opt_out_is_seen() -> None:
    """One goodbye is owed; anything else, and a second goodbye, is too much."""

    def stopped() -> Script:
        return Script(left=Left.STOP).opening().person("Stop!", stop=True)

    assert not counted(stopped().goodbye(end=EndReason.OPTED_OUT)).sent_after_opt_out
    assert not counted(stopped().agent(OPENING, sent=False)).sent_after_opt_out
    again = stopped().goodbye(end=EndReason.OPTED_OUT).goodbye()
    chatty = stopped().agent("One more thing: how old are you?")
    courteous = stopped().goodbye().agent("You're welcome!", MessageKind.COURTESY)
    by_model = faultless().goodbye(end=EndReason.OPTED_OUT).agent("Oh, and one more thing.")
    for script in (again, chatty, courteous, by_model):
        assert broken(counted(script))[HardRule.STOP] == 1


def test_what_was_not_sent_is_not_held_against_the_interview() -> None:
    """A suppressed message reaches nobody."""
    found = counted(faultless().agent("Why? And how? - what", sent=False).goodbye())
    assert found.messages == 3
    assert broken(found) == {}


def test_usage_is_summed_and_a_price_that_is_not_known_is_not_made_up() -> None:
    """Cost is per interview; one call without a price leaves it open."""
    priced = TurnTaken(
        answers=(), model="m", model_calls=2, input_tokens=90, output_tokens=10, cost_usd=0.5
    )
    script = faultless().agent("I see.", turn=priced)
    found = counted(script.goodbye())
    assert (found.model_calls, figures(found).tokens, figures(found).cost_usd) == (2, 100, 0.5)
    unpriced = priced.model_copy(update={"cost_usd": None})
    both = total([found, counted(faultless().agent("I see.", turn=unpriced).goodbye())])
    assert figures(both).cost_usd is None


def test_tallies_add_up() -> None:
    """Counts are summed, by name too; the most questions is a maximum."""
    one = Tally(interviews=1, most_questions=3, breaches_before={"list": 1}, reasons={"a": 1})
    two = Tally(interviews=2, most_questions=2, breaches_before={"list": 2, "leak": 1})
    both = one + two
    assert (both.interviews, both.most_questions) == (3, 3)
    assert both.breaches_before == {"list": 3, "leak": 1}
    assert both.reasons == {"a": 1}
    assert total([]) == Tally()
