"""How interviews are to be held: taken, shown again, and refused with the field and the fix."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest

from meshcore.domain.study import Limits, Opening
from meshcore.log.histories import campaigns
from tests.ingress.harness import Ground, create_campaign, problem
from tests.ingress.tables import add_campaign
from tests.ingress.test_campaigns import BODY

SID = "HX0123456789abcdef0123456789abcdef"
STUDY: dict[str, Any] = {
    "language": "pt-BR",
    "timezone": "America/Sao_Paulo",
    "opening": {
        "text": "Oi! Sou {{1}}, de {{2}}.\nOnde você abastece?",
        "template": {"content_sid": SID, "variables": {"1": "Mia", "2": "uma pesquisa"}},
    },
    "support_text": "Ligue 188.",
    "limits": {
        "probes_per_field": 1, "turns": 12, "tokens": 50_000, "cost_usd": 0.05,
        "campaign_cost_usd": 20.0,
    },
    "keep_media": True,
}  # fmt: skip
DEFAULTS: dict[str, Any] = {
    "language": None,
    "timezone": "UTC",
    "opening": None,
    "support_text": None,
    "limits": {
        "probes_per_field": 2, "turns": None, "tokens": None, "cost_usd": None,
        "campaign_cost_usd": None,
    },
    "keep_media": False,
}  # fmt: skip


def opening(text: str, **variables: str) -> dict[str, Any]:
    """An opening by template, with these variables (`_1` stands for 1)."""
    named = {name.removeprefix("_"): value for name, value in variables.items()}
    return {"opening": {"text": text, "template": {"content_sid": SID, "variables": named}}}


async def test_a_study_is_written_down_as_it_was_asked_for(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """On the log, and in the answer."""
    created = await create_campaign(client, **STUDY)
    assert STUDY.items() <= created.items()
    state = (await campaigns(ground.log).load(created["id"])).state
    assert (state.language, state.timezone) == ("pt-BR", "America/Sao_Paulo")
    assert state.opening == Opening.model_validate(STUDY["opening"])
    assert state.limits == Limits.model_validate(STUDY["limits"])
    assert (state.support_text, state.keep_media) == ("Ligue 188.", True)


async def test_a_study_needs_none_of_it(client: httpx.AsyncClient) -> None:
    """What was not asked for is shown as what holds."""
    assert DEFAULTS.items() <= (await create_campaign(client)).items()


async def test_a_study_is_shown_again_from_the_tables(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """As the projector keeps it."""
    columns = {
        **STUDY,
        "opening": Opening.model_validate(STUDY["opening"]).model_dump_json(),
        "limits": Limits.model_validate(STUDY["limits"]).model_dump_json(),
    }
    told, untold = await add_campaign(database, **columns), await add_campaign(database)
    assert STUDY.items() <= (await client.get(f"/campaigns/{told}")).json().items()
    assert DEFAULTS.items() <= (await client.get(f"/campaigns/{untold}")).json().items()
    listed = (await client.get("/campaigns", params={"limit": 2})).json()["campaigns"]
    assert [one["language"] for one in listed] == [None, "pt-BR"]


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"language": "en-us"}, "en-US"),
        ({"language": "AR"}, "ar"),
        ({"language": "zh-hant-tw"}, "zh-Hant-TW"),
        ({"language": "iw"}, "he"),
        ({"language": None}, None),
        ({"timezone": "europe/berlin"}, "Europe/Berlin"),
        ({"timezone": "utc"}, "UTC"),
        ({"support_text": "Call 112."}, "Call 112."),
        ({"support_text": None}, None),
        ({"opening": None}, None),
        ({"opening": {"text": "Hi! Ready?"}}, {"text": "Hi! Ready?", "template": None}),
        ({"keep_media": True}, True),
    ],
)  # fmt: skip
async def test_what_is_meant_is_understood(
    client: httpx.AsyncClient, change: dict[str, Any], shown: object
) -> None:
    """Tags and names come back in their one spelling."""
    created = await create_campaign(client, **change)
    [field] = change
    assert created[field] == shown


@pytest.mark.parametrize(
    "change",
    [
        opening("Hi, I am {{name}}.", name="Mia"),
        opening("{{2}} and {{1}} and {{2}}", _1="a", _2="b"),
        opening("No variables at all?"),
        opening("Hi {{1}}", _1="x" * 1_593 + "   y"),
        {"opening": {"text": "x" * 1_000}},
        {"limits": {}},
        {"limits": {"probes_per_field": 0}},
        {"limits": {"turns": 500, "tokens": 1, "cost_usd": 0.001}},
    ],
)
async def test_whatever_is_valid_is_taken(
    client: httpx.AsyncClient, change: dict[str, Any]
) -> None:
    """The words are the researcher's."""
    await create_campaign(client, **change)


@pytest.mark.parametrize(
    ("change", "field", "fix"),
    [
        ({"language": "Deutsch"}, "language", "a tag such as"),
        ({"language": "zz"}, "language", "a tag such as"),
        ({"language": ""}, "language", "a tag such as"),
        ({"language": "und"}, "language", "a tag such as"),
        ({"language": "x-ours"}, "language", "a tag such as"),
        ({"language": "e\x00n"}, "language", "remove it"),
        ({"language": 7}, "language", "send a string"),
        ({"timezone": "Dubai"}, "timezone", "a name such as"),
        ({"timezone": "+04:00"}, "timezone", "a name such as"),
        ({"timezone": "../etc/passwd"}, "timezone", "a name such as"),
        ({"timezone": "localtime"}, "timezone", "a name such as"),
        ({"timezone": "America"}, "timezone", "a name such as"),
        ({"timezone": None}, "timezone", "send a string"),
        ({"opening": "Hi!"}, "opening", "send an object"),
        ({"opening": {}}, "opening.text", "add the field"),
        ({"opening": {"text": " "}}, "opening.text", "write some text"),
        ({"opening": {"text": "\x00"}}, "opening.text", "remove it"),
        ({"opening": {"text": "x" * 1_001}}, "opening.text", "shorten it"),
        ({"opening": {"text": "Hi", "words": "Hi"}}, "opening.words", "remove the field"),
        ({"opening": {"text": "Hi {{1}}"}}, "opening", "name the template"),
        ({"opening": {"text": "Hi {{1}"}}, "opening", "write placeholders as {{1}}"),
        (
            {"opening": {"text": "Hi", "template": {"content_sid": "HX12"}}},
            "opening.template.content_sid",
            "the pattern",
        ),
        (opening("Hi {{1}} {{2}}", _1="a"), "opening", "add it to template.variables"),
        (opening("Hi {{ 1 }}", _1="a"), "opening", "add it to template.variables"),
        (opening("Hi {{1}}", _1="a", _2="b"), "opening", "take the variable out"),
        (opening("Hi {{1}}", _1=""), "opening.template.variables.1", "send some text"),
        (opening("Hi {{1}}", _1=" "), "opening.template.variables.1", "send some text"),
        (opening("Hi {{1}}", _1="a\nb"), "opening.template.variables.1", "in one line"),
        (opening("Hi {{1}}", _1="a\tb"), "opening.template.variables.1", "in one line"),
        (opening("Hi {{1}}", _1="a    b"), "opening.template.variables.1", "in one line"),
        (opening("Hi {{1}}", _1="a\x00"), "opening.template.variables.1", "remove it"),
        (opening("Hi {{1}}", _1="x" * 1_598), "opening", "shorten"),
        ({"support_text": ""}, "support_text", "send some text"),
        ({"support_text": "\n"}, "support_text", "write some text"),
        ({"support_text": "x" * 1_001}, "support_text", "shorten it"),
        ({"limits": {"probes_per_field": -1}}, "limits.probes_per_field", "larger"),
        ({"limits": {"probes_per_field": 11}}, "limits.probes_per_field", "smaller"),
        ({"limits": {"turns": 0}}, "limits.turns", "larger"),
        ({"limits": {"turns": 2.5}}, "limits.turns", "whole number"),
        ({"limits": {"tokens": 0}}, "limits.tokens", "larger"),
        ({"limits": {"cost_usd": 0}}, "limits.cost_usd", "larger"),
        ({"limits": {"cost_usd": "cheap"}}, "limits.cost_usd", "send a number"),
        ({"limits": {"campaign_cost_usd": -1}}, "limits.campaign_cost_usd", "larger"),
        ({"limits": {"money": 1}}, "limits.money", "remove the field"),
        ({"keep_media": "perhaps"}, "keep_media", "true or false"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_its_place_and_the_fix(
    client: httpx.AsyncClient, change: dict[str, Any], field: str, fix: str
) -> None:
    """One thing is wrong, and the answer says where, why and what to do."""
    answer = await client.post("/campaigns", json=BODY | change)
    [error] = problem(answer, 422, "invalid-request")["errors"]
    assert error["field"] == field
    assert fix in error["fix"]


async def test_a_variable_with_an_impossible_name_is_refused(client: httpx.AsyncClient) -> None:
    """Twilio takes letters and digits."""
    change = opening("Hi {{first name}}", **{"first name": "Mia"})
    [error] = problem(await client.post("/campaigns", json=BODY | change), 422, "invalid-request")[
        "errors"
    ]
    assert error["field"].startswith("opening.template.variables.first name")
    assert error["fix"] == "write it in the form that the pattern asks for"
