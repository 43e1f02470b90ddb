"""How participants are to be reached: taken, shown again, refused with the field and the fix."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest

from meshcore.domain.outreach import Outreach
from meshcore.log.histories import campaigns
from tests.ingress.harness import Ground, create_campaign, problem
from tests.ingress.tables import add_campaign
from tests.ingress.test_campaigns import BODY
from tests.ingress.test_studies import SID

OUTREACH: dict[str, Any] = {
    "rate_per_minute": 12.5,
    "contact_hours": {"days": ["mon", "sat"], "start": "09:30", "end": "00:00"},
    "reminders": [
        {"after_hours": 20.0, "text": None, "template": None},
        {
            "after_hours": 48.0,
            "text": "Still there, {{1}}?",
            "template": {"content_sid": SID, "variables": {"1": "dear {first_name}"}},
        },
    ],
    "expire_after_hours": 72.0,
    "target_completes": 400,
    "quota": {"attribute": "city", "field": None, "targets": {"Dubai": 200, "Doha": 0}},
}
TEMPLATE = {"content_sid": SID, "variables": {"1": "x"}}


async def test_outreach_is_written_down_as_it_was_asked_for(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """On the log, and in the answer."""
    created = await create_campaign(client, outreach=OUTREACH)
    state = (await campaigns(ground.log).load(created["id"])).state
    assert state.outreach == Outreach.model_validate(OUTREACH)
    assert type(state.outreach) is Outreach


async def test_outreach_is_shown_again_from_the_tables(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """As the projector keeps it."""
    column = Outreach.model_validate(OUTREACH).model_dump_json()
    campaign_id = await add_campaign(database, outreach=column)
    assert (await client.get(f"/campaigns/{campaign_id}")).json()["outreach"] == OUTREACH


@pytest.mark.parametrize(
    "outreach",
    [
        {},
        {"contact_hours": {}},
        {"contact_hours": {"start": "22:00", "end": "06:00"}},
        {"contact_hours": {"days": ["sun", "mon", "mon"]}},
        {"reminders": [{"after_hours": 23.9}]},
        {"quota": {"field": "age_range", "targets": {"25-34": 10}}},
    ],
)
async def test_what_can_be_meant_is_taken(
    client: httpx.AsyncClient, outreach: dict[str, Any]
) -> None:
    """Nothing more is needed."""
    await create_campaign(client, outreach=outreach)


@pytest.mark.parametrize(
    ("outreach", "field"),
    [
        ({"rate": 1}, "outreach.rate"),
        ({"rate_per_minute": 0}, "outreach.rate_per_minute"),
        ({"rate_per_minute": 1e-300}, "outreach.rate_per_minute"),
        ({"rate_per_minute": 5_000}, "outreach.rate_per_minute"),
        ({"rate_per_minute": "NaN"}, "outreach.rate_per_minute"),
        ({"expire_after_hours": 0}, "outreach.expire_after_hours"),
        ({"target_completes": 0}, "outreach.target_completes"),
        ({"target_completes": 10**30}, "outreach.target_completes"),
        ({"contact_hours": []}, "outreach.contact_hours"),
        ({"contact_hours": {"days": "mon"}}, "outreach.contact_hours.days"),
        ({"contact_hours": {"start": 32_400}}, "outreach.contact_hours.start"),
        ({"contact_hours": {"days": []}}, "outreach.contact_hours.days"),
        ({"contact_hours": {"days": ["monday"]}}, "outreach.contact_hours.days[0]"),
        ({"contact_hours": {"start": "9"}}, "outreach.contact_hours.start"),
        ({"contact_hours": {"start": "09:00:30"}}, "outreach.contact_hours.start"),
        ({"contact_hours": {"end": "24:00"}}, "outreach.contact_hours.end"),
        ({"contact_hours": {"end": "20:00Z"}}, "outreach.contact_hours.end"),
        ({"contact_hours": {"start": "09:00", "end": "09:00"}}, "outreach.contact_hours"),
        ({"reminders": [{}]}, "outreach.reminders[0].after_hours"),
        ({"reminders": [{"after_hours": 0}]}, "outreach.reminders[0].after_hours"),
        ({"reminders": [{"after_hours": 1}] * 6}, "outreach.reminders"),
        ({"reminders": [{"after_hours": 24}]}, "outreach.reminders[0]"),
        ({"reminders": [{"after_hours": 1, "text": " "}]}, "outreach.reminders[0].text"),
        ({"reminders": [{"after_hours": 1, "text": "Hi {{1}}"}]}, "outreach.reminders[0]"),
        ({"reminders": [{"after_hours": 1, "text": "Hi {name}"}]}, "outreach.reminders[0]"),
        ({"reminders": [{"after_hours": 1, "template": TEMPLATE}]}, "outreach.reminders[0]"),
        (
            {"reminders": [{"after_hours": 1, "text": "Hi", "template": TEMPLATE}]},
            "outreach.reminders[0]",
        ),
        ({"reminders": [{"after_hours": 2}], "expire_after_hours": 2}, "outreach"),
        ({"quota": {"targets": {"a": 1}}}, "outreach.quota"),
        (
            {"quota": {"attribute": "a", "field": "age_range", "targets": {"a": 1}}},
            "outreach.quota",
        ),
        ({"quota": {"attribute": "a", "targets": {}}}, "outreach.quota.targets"),
        ({"quota": {"attribute": "a", "targets": {" Dubai": 1}}}, "outreach.quota"),
        ({"quota": {"attribute": "a", "targets": {"Abu  Dhabi": 1}}}, "outreach.quota"),
        ({"reminders": {"after_hours": 1}}, "outreach.reminders"),
        ({"quota": {"attribute": "a", "targets": {"x": -1}}}, "outreach.quota.targets.x"),
        ({"quota": {"attribute": "{a}", "targets": {"x": 1}}}, "outreach.quota.attribute"),
        ({"quota": {"field": "city", "targets": {"x": 1}}}, "outreach"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_its_place_and_the_fix(
    client: httpx.AsyncClient, outreach: dict[str, Any], field: str
) -> None:
    """Before anything is written down."""
    answer = await client.post("/campaigns", json={**BODY, "outreach": outreach})
    [error] = problem(answer, 422, "invalid-request")["errors"]
    assert error["field"] == field
    assert error["reason"]
    assert error["fix"] != "see the description of the field in /docs"
    assert not any(word in error["reason"] for word in ("Given", "tuple", "Tuple", "ictionary"))


async def test_a_quota_wants_values_that_its_field_can_have(client: httpx.AsyncClient) -> None:
    """Any other would never be reached."""
    schema = {"fuel": {"type": "enum", "description": "x", "enum": ["petrol", "diesel"]}}
    quota = {"field": "fuel", "targets": {"petrol": 1, "electricity": 1}}
    body = {**BODY, "extraction_schema": schema, "outreach": {"quota": quota}}
    [error] = problem(await client.post("/campaigns", json=body), 422, "invalid-request")["errors"]
    assert "quota.targets" in error["reason"]
    assert "diesel, petrol" in error["fix"]


@pytest.mark.parametrize(
    ("kind", "value", "status"),
    [
        ("number", "7", 201),
        ("number", "7.5", 201),
        ("number", "7.0", 422),
        ("number", "x", 422),
        ("number", "nan", 422),
        ("number", "inf", 422),
        ("integer", "-7", 201),
        ("integer", "7.5", 422),
        ("integer", "inf", 422),
    ],
)
async def test_a_quota_of_a_number_names_it_as_it_is_counted(
    client: httpx.AsyncClient, kind: str, value: str, status: int
) -> None:
    """Any other name would never be reached."""
    schema = {"satisfaction": {"type": kind, "description": "x"}}
    quota = {"field": "satisfaction", "targets": {value: 1}}
    body = {**BODY, "extraction_schema": schema, "outreach": {"quota": quota}}
    assert (await client.post("/campaigns", json=body)).status_code == status


@pytest.mark.parametrize(
    "value", ["{first name", "first_name}", "{}", "{ first_name }", "{" + "x" * 65 + "}", "{{a}}"]
)
async def test_braces_that_refer_to_no_attribute_are_refused(
    client: httpx.AsyncClient, value: str
) -> None:
    """Or participants would read them."""
    template = {"content_sid": SID, "variables": {"1": value}}
    body = {**BODY, "opening": {"text": "Hi {{1}}", "template": template}}
    [error] = problem(await client.post("/campaigns", json=body), 422, "invalid-request")["errors"]
    assert error["field"] == "opening.template.variables.1"
    assert "{first_name}" in error["fix"]
