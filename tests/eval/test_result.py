"""Results: what passes, what is kept, what is shown and compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshcore.domain.events import EndReason, TurnTaken
from mesheval.counting import tally
from mesheval.evaluation import Held, Sitting, by_persona, pass_all, plan
from mesheval.keeping import Keeping, keep
from mesheval.result import Settings, compare, read_result, result_of
from mesheval.study import UnusableFileError
from mesheval.targets import FIGURES, missed
from meshsim.persona import Left
from tests.eval.planted import CAMPAIGN, PROFILE, Script, faultless

SETTINGS = Settings(
    model="m",
    simulated=True,
    campaign="Test",
    interviews=1,
    personas=("cooperative",),
    seed=1,
    runs=1,
)


def sat(script: Script, number: int = 1, run: int = 1) -> Held:
    """An interview of an evaluation."""
    interview = script.over()
    return Held(Sitting(PROFILE, number, run), interview, tally(interview))


def invented() -> Script:
    """An interview with a value that is not true."""
    return faultless().value("satisfaction", 9, "I guess")


@pytest.mark.parametrize(
    ("script", "passed"),
    [
        (faultless().goodbye(), True),
        (Script(left=Left.SILENCE).opening(), True),
        (invented().goodbye(), False),
        (faultless(), False),
        (faultless().goodbye(end=EndReason.OUT_OF_BUDGET), False),
        (faultless().agent("Why? And how?").goodbye(), False),
        (faultless().agent("And where again?", asked="current_station").goodbye(), False),
        (faultless().goodbye(end=EndReason.OPTED_OUT), False),
    ],
)
def test_an_interview_passes_if_everything_about_it_is_right(
    script: Script, *, passed: bool
) -> None:
    """One thing that is wrong is enough to fail."""
    assert sat(script).passed is passed


def test_pass_k_wants_every_run_of_a_participant() -> None:
    """pass^k is not the share of interviews that pass; who was not met in each does not count."""
    good, bad = faultless().goodbye, invented().goodbye
    held = [
        sat(good(), 1, 1),
        sat(faultless().goodbye(), 1, 2),
        sat(faultless().goodbye(), 2, 1),
        sat(bad(), 2, 2),
    ]
    assert pass_all(held, 2) == 0.5
    assert pass_all(held[:3], 2) == 1
    assert pass_all([], 2) is None


def test_the_same_plan_gives_the_same_people_and_another_run_others() -> None:
    """Everything comes from the seed; the kinds take turns in every run."""
    first, again = (
        plan(CAMPAIGN, interviews=4, personas=("terse", "joking"), seed=7, runs=2) for _ in "ab"
    )
    assert first == again
    kinds = [sitting.profile.personality for sitting in first]
    assert kinds == ["terse", "joking"] * 4
    assert first[0].participant == first[4].participant == "terse-1"
    assert first[0].profile.facts != first[4].profile.facts
    assert len({sitting.name for sitting in first}) == 8


def test_injections_go_to_those_who_inject() -> None:
    """The corpus reaches the people."""
    [sitting] = plan(CAMPAIGN, interviews=1, personas=("injecting",), injections=("OBEY",))
    assert sitting.profile.injections == ("OBEY",)


def test_a_result_is_read_as_it_was_kept(tmp_path: Path) -> None:
    """In a folder, or in a file that is named; the transcripts lie beside it."""
    turn = TurnTaken(answers=(), model="small-model-1")
    bad = faultless().agent("Why? And how?", turn=turn)
    held = [sat(invented().goodbye()), sat(bad.goodbye(), 2)]
    result = result_of(SETTINGS, held)
    for place in (tmp_path / "a" / "folder", tmp_path / "b.json"):
        file, words = keep(result, held, place)
        assert read_result(place) == read_result(file) == result
        text = words.read_text()
        assert "> **cooperative**: Mostly at ENOC" in text
        assert "| satisfaction |  | 9 (wrong) | I guess |" in text
        assert "**Broken: a message with two questions was sent (1).**" in text
    assert result.answered_by == ("small-model-1",)
    assert result.broken == {"a message with two questions was sent": 1}
    assert list(by_persona(held)) == ["cooperative"]


def test_what_is_finished_is_kept_at_once(tmp_path: Path) -> None:
    """One interview after the other, in whatever order they end; and nothing half written."""
    place = tmp_path / "folder"
    keeping = Keeping(SETTINGS.model_copy(update={"interviews": 3}), place, pause=0)
    assert list(place.iterdir()) == []
    for number in (3, 1):
        keeping.add(sat(faultless().goodbye(), number))
    kept = read_result(place)
    assert [one.name for one in kept.interviews] == ["cooperative-1 run 1", "cooperative-3 run 1"]
    assert kept.settings.planned == 3
    chapters = (place / "transcripts.md").read_text().split("## cooperative-")
    assert [chapter[:1] for chapter in chapters[1:]] == ["3", "1"]
    assert sorted(each.name for each in place.iterdir()) == ["result.json", "transcripts.md"]


def test_a_place_that_cannot_be_written_to_is_told_before_the_first_interview(
    tmp_path: Path,
) -> None:
    """Not when all of them are paid for."""
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        Keeping(SETTINGS, tmp_path / "file" / "folder")


@pytest.mark.parametrize("content", [None, "{", "[]", '{"total": 1}', "\udcff"])
def test_what_is_no_result_is_said_to_be_none(tmp_path: Path, content: str | None) -> None:
    """With the file's name and what is wrong."""
    file = tmp_path / "result.json"
    if content is not None:
        file.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(UnusableFileError, match=r"result\.json"):
        read_result(tmp_path / "result.json")


def test_a_comparison_shows_what_changed() -> None:
    """Figure by figure, in the usual order."""
    before = result_of(SETTINGS, [sat(invented().goodbye())])
    after = result_of(SETTINGS, [sat(faultless().goodbye())])
    found = {each.shown.name: each for each in compare(before, after)}
    assert list(found) == [*(figure.name for figure in FIGURES), "pass_all"]
    assert found["precision"].change == pytest.approx(1 / 3)
    assert found["recall"].change == 0
    assert found["opt_out_recall"].change is None
    assert (found["pass_all"].before, found["pass_all"].after) == (0, 1)


def test_targets_are_missed_by_what_misses_them() -> None:
    """Each target is on the right side of its figure."""
    bad = invented().agent("Great choice! Why? And how?").agent("Where?", asked="current_station")
    ended = result_of(SETTINGS, [sat(bad.goodbye(end=EndReason.OUT_OF_BUDGET))])
    names = {each.name for each in missed(ended.total)}
    assert names == {
        *("f1", "several_questions", "leading_or_judging", "asked_again", "natural_endings"),
    }
    assert list(missed(result_of(SETTINGS, [sat(faultless().goodbye())]).total)) == []
