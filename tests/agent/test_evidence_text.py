"""Text, lists, choices and yes or no: how far a value may go from the words quoted for it."""

# ruff: noqa: RUF001 - some letters of other alphabets look like Latin ones

from __future__ import annotations

import pytest

from meshcore.domain.schema import FieldSpec
from tests.agent.claims import BOOLEAN, LIST, STRING, field_of, reason, recorded, told


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ADNOC on Yas, mostly", "ADNOC"),
        ("está cerca de mi casa", "It is close to their home"),
        ("因为离我家近", "Because it is close to their home"),
        ("I'm 28", "28"),
        ("I'm 28", "25-34"),
        ("I'm 28", "25 – 34 years"),
        ("I'm 70", "65+"),
        ("I'm 70", "over 65"),
        ("I'm 17", "under 18"),
        ("late twenties", "25-34"),
        ("in my 30s", "30s"),
        ("twice a week", "2 times a week"),
        ("three or four times", "3-4 times"),
        ("5 o'clock", "at 5"),
        ("It's 35-44, not 25-34", "35-44"),
        ("It's 35-44, not 25-34", "It's 35-44, not 25-34"),
        ("يومين أو ثلاثة", "2-3 days"),
    ],
)
def test_text_may_sum_up_and_translate(text: str, value: str) -> None:
    """What the researcher wants may be in another language, or a bracket around what was said."""
    assert recorded(told(text, STRING, value)).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I'm 28", "35-44"),
        ("I'm 28", "29"),
        ("It's 35-44, not 25-34", "25-34"),
        ("I'm 28", "65+"),
        ("I'm 28", "under 18"),
        ("a few times", "3 times a week"),
        ("ADNOC", "ADNOC, 2 km away"),
        ("twice a week", "2 times a week for 10 years"),
    ],
)
def test_text_has_no_figures_that_were_not_said(text: str, value: str) -> None:
    """A figure is easily invented, and looks like a fact."""
    assert "figures that the quote has not" in reason(told(text, STRING, value))


def test_figures_must_be_in_the_words_that_are_quoted() -> None:
    """Elsewhere in the message they may be about something else."""
    text = "ADNOC, and I'm 28"
    assert reason(told(text, STRING, "ADNOC 28", "ADNOC"))
    assert recorded(told(text, STRING, "ADNOC 28", text)).value == "ADNOC 28"


def test_text_does_not_grow_far_beyond_what_was_said() -> None:
    """What is longer by far than the whole message was made up."""
    story = (
        "They prefer ADNOC because it is close to work, clean, cheap, and has a good coffee shop"
    )
    assert "says more than the person did" in reason(told("ADNOC", STRING, story))
    assert recorded(told("ADNOC, it's near work and clean", STRING, story)).value == story


def test_the_items_of_a_list_are_held_to_the_same() -> None:
    """One that was not said spoils it, and they may not make a long story together."""
    said = "coffee and a shop"
    assert recorded(told(said, LIST, ["coffee", "shop"])).value == ("coffee", "shop")
    assert "figures" in reason(told(said, LIST, ["coffee", "2 shops"]))
    assert "says more" in reason(told(said, LIST, [f"idea {'x' * n}" for n in range(20)]))


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        (field_of("string", enum=["18-24", "25-34"]), "25-34"),
        (field_of("enum", enum=["18-24", "25–34"]), "25-34"),
        (field_of("list", enum=["1 to 3", "4 or more"]), ["4 or more"]),
    ],
)
def test_the_researchers_own_choices_need_no_figures(spec: FieldSpec, value: object) -> None:
    """Which of them fits is the model's to say."""
    assert recorded(told("I am still quite young", spec, value)).value


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("Yes", "en", True), ("no", "en", False), ("Nope!", "en", False),
        ("no thanks", "en", False), ("yes please", "en", True), ("Yes I do", "en", True),
        ("👎", "en", False), ("sí", "es", True), ("Non", "fr", False), ("nein", "de", False),
        ("não", "pt", False), ("نعم", "ar", True), ("لا", "ar", False), ("हाँ", "hi", True),
        ("नहीं", "en", False), ("да", "ru", True), ("是的", "zh", True), ("いいえ", "ja", False),
        ("hayır", "tr", False), ("tak", "pl", True), ("oo", "tl", True),
    ],
)  # fmt: skip
def test_a_bare_answer_means_what_it_says(text: str, language: str, value: object) -> None:
    """A yes is not recorded as a no, nor the other way round."""
    assert recorded(told(text, BOOLEAN, value, language=language)).value is value
    says = "yes" if value else "no"
    assert reason(told(text, BOOLEAN, not value, language=language)) == f"f: the quote says {says}"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("yes and no", "en"),
        ("No, I drive every day", "en"),
        ("I take the bus", "en"),
        ("no", "pl"),
    ],
)
def test_other_answers_are_the_models_to_understand(text: str, language: str) -> None:
    """Whatever says more than yes or no, or says one here and the other there."""
    for value in (True, False):
        assert recorded(told(text, BOOLEAN, value, language=language)).value is value


def test_a_field_that_asks_for_what_is_not_so_turns_answers_round() -> None:
    """To "do you smoke?" a no means that they never smoked; "yes or no" turns nothing round."""
    never = BOOLEAN.model_copy(update={"description": "They have never smoked"})
    assert recorded(told("no", never, value=True)).value is True
    plain = BOOLEAN.model_copy(update={"description": "Whether they smoke: yes or no"})
    assert reason(told("no", plain, value=True))
