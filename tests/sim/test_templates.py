"""Templates at the simulated Twilio: registered by hand, filled in when they are sent."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.sim.servers import ACCOUNT, PERSON, SENDER, TOKEN, whatsapp

SID = "HX" + "1" * 32
TEMPLATE = {
    "content_sid": SID,
    "body": "Hi, I am {{1}} from {{2}}. Is now a good time, {{name}}?",
    "variables": {"name": "friend"},
}


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """A network that knows one template."""
    with whatsapp("--retries", "0") as url:
        httpx.post(f"{url}/sim/templates", json=TEMPLATE).raise_for_status()
        yield url


@pytest.fixture
def client(base: str) -> Client:
    """Twilio's client for it."""
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = base
    return client


def send(client: Client, sid: str = SID, **variables: str) -> str:
    """Send the template and return the body of the message."""
    given = {name.removeprefix("_"): value for name, value in variables.items()}
    made = client.messages.create(
        to=PERSON, from_=SENDER, content_sid=sid, content_variables=json.dumps(given)
    )
    return str(made.body)


def test_a_template_is_read_with_its_variables(client: Client) -> None:
    """Those that are not given have a stand-in; the list shows what was read."""
    read = send(client, _1="Mia", _2="{{1}}", unused="x")
    assert read == "Hi, I am Mia from {{1}}. Is now a good time, friend?"
    assert client.messages.list(to=PERSON, limit=1)[0].body == read


@pytest.mark.parametrize(
    ("sid", "variables", "code"),
    [
        ("HX" + "2" * 32, {"_1": "Mia", "_2": "us"}, 21655),
        ("HX12", {"_1": "Mia", "_2": "us"}, 21655),
        (SID, {"_1": "Mia"}, 21656),
        (SID, {"_1": "Mia", "_2": ""}, 21656),
    ],
)
def test_what_does_not_fit_is_refused(
    client: Client, sid: str, variables: dict[str, str], code: int
) -> None:
    """An unknown template, a placeholder without a variable, an empty variable."""
    with pytest.raises(TwilioRestException) as caught:
        send(client, sid, **variables)
    assert (caught.value.status, caught.value.code) == (400, code)


def test_templates_are_listed_and_replaced(base: str) -> None:
    """Many at once; the last one of a sid counts."""
    other = {"content_sid": "HX" + "a" * 32, "body": "One"}
    httpx.post(f"{base}/sim/templates", json=[other, {**other, "body": "Two"}]).raise_for_status()
    listed = httpx.get(f"{base}/sim/templates").json()["templates"]
    assert [one["body"] for one in listed] == [TEMPLATE["body"], "Two"]


def test_a_sid_is_the_same_in_any_case(base: str, client: Client) -> None:
    """It is a number in hexadecimal digits."""
    template = {"content_sid": "HX" + "b" * 32, "body": "Hello!"}
    httpx.post(f"{base}/sim/templates", json=template).raise_for_status()
    assert send(client, "HX" + "B" * 32) == "Hello!"


@pytest.mark.parametrize("body", [{}, {"content_sid": "HX1", "body": "x"}, [], "x"])
def test_what_is_no_template_is_said(base: str, body: object) -> None:
    """With 422 and what is wrong, unless it is an empty list."""
    answer = httpx.post(f"{base}/sim/templates", json=body)
    assert answer.status_code == (200 if body == [] else 422)
