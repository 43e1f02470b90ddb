"""What a campaign's words are warned about, and what they are not."""

from __future__ import annotations

from typing import Any

import pytest

from meshcore.domain.events import CampaignCreated
from mesheval.schema_warnings import warnings
from mesheval.study import default_study

BRIEF = "We want to know how commuters refuel, to decide about a new station on the island."


def study(fields: dict[str, Any], **more: Any) -> CampaignCreated:
    """A study of these fields."""
    campaign = {"name": "Test", "research_brief": BRIEF, "extraction_schema": fields, **more}
    return CampaignCreated.model_validate(campaign)


def warned(description: str, kind: str = "string", **more: Any) -> list[str]:
    """What is said about one field, in brief."""
    entry = {"type": kind, "description": description, **more}
    return [w.what for w in warnings(study({"thing": entry}))]


@pytest.mark.parametrize("description", ["Info", "thing", "General feedback", "Other details"])
def test_a_vague_description_is_warned_about(description: str) -> None:
    """Nobody can tell when it is answered."""
    assert any("vague" in what for what in warned(description))


@pytest.mark.parametrize(
    "description",
    [
        "How satisfied they are with price and quality",
        "Their age and/or income",
        "Favourite brand as well as why they chose it",
        "Rating of the staff; opinion of the shop",
        "Price/quality of the fuel",
        "Whether they drive or take the bus",
    ],
)
def test_two_things_in_one_field_are_warned_about(description: str) -> None:
    """One value cannot hold both answers."""
    assert any("two things" in what for what in warned(description))


@pytest.mark.parametrize(
    ("description", "word"),
    [
        ("Why they love our new app", "presumes"),
        ("The benefits of the loyalty card", "presumes"),
        ("Problems with their current bank", "presumes"),
        ("How much they enjoy the coffee", "presumes"),
        ("Whether they wash their hands properly", "judges"),
        ("Reasons for their excessive screen time", "judges"),
    ],
)
def test_leading_and_judging_words_are_warned_about(description: str, word: str) -> None:
    """What is presumed here will be presumed in the questions."""
    assert any(what.startswith(word) for what in warned(description))


def test_a_choice_without_a_way_out_is_warned_about() -> None:
    """Answers that fit no value are lost, unless the values are a scale."""
    fuels = ["petrol", "diesel", "electricity"]
    assert any("way out" in w for w in warned("Which fuel", "enum", enum=fuels))
    for fine in (
        [*fuels, "other"],
        ["low", "medium", "high"],
        ["yes", "no"],
        ["0-5", "6-9", "10+"],
    ):
        assert warned("Which fuel", "enum", enum=fine) == []


def test_a_number_without_a_range_is_warned_about() -> None:
    """A scale that stands in the words only is not checked by code."""
    assert warned("Kilometres to work", "number") == ["takes any number"]
    assert warned("1-10 satisfaction with the station", "integer") == ["says 1-10 in words only"]
    assert warned("Kilometres to work", "number", minimum=0, maximum=200) == []


def test_too_many_required_fields_are_warned_about() -> None:
    """Optional ones do not count."""

    def fields(*, required: bool) -> dict[str, Any]:
        names = ["bread", "milk", "cheese", "rice", "meat", "fish", "fruit", "sweets", "drinks"]
        return {
            name: {
                "type": "string",
                "description": f"Where they buy {name}",
                "required": required or name == "bread",
            }
            for name in names
        }

    [found] = warnings(study(fields(required=True)))
    assert found.where == "extraction_schema"
    assert "9 required fields" in found.what
    assert warnings(study(fields(required=False))) == []


def test_a_sensitive_study_without_support_is_warned_about() -> None:
    """Somebody in distress must be told whom to turn to."""
    field = {"type": "string", "description": "How long the debts have weighed on them"}
    [found] = warnings(study({"debts": field}))
    assert (found.where, "debts" in found.what) == ("support_text", True)
    assert warnings(study({"debts": field}, support_text="Call 800-4673.")) == []


def test_a_brief_that_says_nothing_is_warned_about() -> None:
    """The interviewer has nothing else to go by."""
    field = {"type": "string", "description": "Where they refuel"}
    [found] = warnings(study({"place": field}, research_brief="Fuel."))
    assert found.where == "research_brief"


def test_an_opening_that_starts_badly_is_warned_about() -> None:
    """One easy question, and a word about how to stop."""
    field = {"place": {"type": "string", "description": "Where they refuel"}}

    def said(text: str) -> list[str]:
        return [w.what for w in warnings(study(field, opening={"text": text}))]

    assert said("Hi! You can stop at any time. Where do you refuel?") == []
    assert said("Hi! Stop at any time. Where do you refuel? And why?") == ["asks 2 questions"]
    assert said("Hi! You can stop at any time.") == ["asks 0 questions"]
    assert said("Hi! Where do you refuel?") == ["does not say that one can stop at any time"]


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "string", "description": "Where they currently refuel"},
        {"type": "string", "description": "Age bracket, e.g. 25-34 or 35-44"},
        {"type": "string", "description": "The pros and cons of their station"},
        {"type": "string", "description": "First and last name of their doctor"},
        {"type": "string", "description": "Occupation (or former occupation)"},
        {"type": "list", "description": "Apps and websites that they use for banking"},
        {"type": "boolean", "description": "Whether they own or lease a car"},
        {"type": "date", "description": "When they last drove there"},
        {"type": "number", "description": "Rating between 1 and 10", "minimum": 1, "maximum": 10},
    ],
)
def test_a_plain_field_is_not_warned_about(entry: dict[str, Any]) -> None:
    """Warnings that cry wolf are not read."""
    assert warnings(study({"thing": entry})) == []


def test_the_default_study_is_told_of_its_scale_only() -> None:
    """The one thing that could be better in it."""
    assert [w.where for w in warnings(default_study().created)] == [
        "extraction_schema.satisfaction"
    ]
