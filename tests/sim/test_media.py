"""Files in the simulated messaging network: guarded like Twilio's, kept on another host."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.sim.servers import ACCOUNT, PERSON, TOKEN, Receiver, call, receiving, whatsapp

AUTH = (ACCOUNT, TOKEN)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Run a receiver of webhooks."""
    async with receiving() as running:
        yield running


@pytest.fixture
async def base(receiver: Receiver) -> AsyncIterator[str]:
    """Run a network that delivers to the receiver."""
    with whatsapp(deliver_to=receiver.base) as url:
        yield url


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client that goes where it is told, and no further."""
    async with httpx.AsyncClient(follow_redirects=False) as client:
        yield client


async def sent(
    base: str, receiver: Receiver, *media: dict[str, Any], **more: Any
) -> dict[str, str]:
    """The webhook of a message with these files."""
    order = {"from": PERSON, "media": list(media), **more}
    await call(f"{base}/sim/inbound", "POST", json=order)
    return receiver.hooks[-1].form


async def recorded(base: str, kind: str) -> list[dict[str, Any]]:
    """What the record tells of one kind."""
    entries: list[dict[str, Any]] = (await call(f"{base}/sim/record?kind={kind}"))["entries"]
    return entries


async def test_a_voice_note_is_fetched_with_credentials_and_by_a_redirect(
    base: str, receiver: Receiver, client: httpx.AsyncClient
) -> None:
    """The webhook names the address, and another host has the words."""
    form = await sent(base, receiver, {"words": "Twice a week"})
    assert (form["NumMedia"], form["MediaContentType0"]) == ("1", "audio/ogg")
    assert form["MessageType"] == "audio"
    assert form["MediaUrl0"].startswith(f"{base}/2010-04-01/Accounts/{ACCOUNT}/Messages/")
    led = await client.get(form["MediaUrl0"], auth=AUTH)
    assert led.status_code == 307
    assert httpx.URL(led.headers["Location"]).port != httpx.URL(base).port
    file = await client.get(led.headers["Location"])
    assert (file.text, file.headers["Content-Type"]) == ("Twice a week", "audio/ogg")
    [fetched] = await recorded(base, "media_fetched")
    assert (fetched["sid"], fetched["credentials"]) == (form["MessageSid"], False)


async def test_without_credentials_there_is_no_file(
    base: str, receiver: Receiver, client: httpx.AsyncClient
) -> None:
    """The record has the attempt."""
    form = await sent(base, receiver, {"words": "Twice a week"})
    assert (await client.get(form["MediaUrl0"])).status_code == 401
    assert (await client.get(form["MediaUrl0"], auth=(ACCOUNT, "guessed"))).status_code == 401
    assert [e["http_status"] for e in await recorded(base, "media_requested")] == [401, 401]


async def test_credentials_that_are_given_away_are_on_the_record(
    base: str, receiver: Receiver, client: httpx.AsyncClient
) -> None:
    """Whoever forwards them is found out."""
    form = await sent(base, receiver, {"words": "Twice a week"})
    led = await client.get(form["MediaUrl0"], auth=AUTH)
    await client.get(led.headers["Location"], auth=AUTH)
    [fetched] = await recorded(base, "media_fetched")
    assert fetched["credentials"] is True


async def test_an_address_of_the_other_host_is_good_for_one_fetch(
    base: str, receiver: Receiver, client: httpx.AsyncClient
) -> None:
    """The next one needs another redirect."""
    form = await sent(base, receiver, {"words": "Twice a week"})
    led = (await client.get(form["MediaUrl0"], auth=AUTH)).headers["Location"]
    assert [(await client.get(led)).status_code for _ in range(2)] == [200, 403]


async def test_a_file_can_be_missing_for_a_while(
    base: str, receiver: Receiver, client: httpx.AsyncClient
) -> None:
    """And be unavailable, as often as is asked for."""
    form = await sent(base, receiver, {"words": "Twice a week"})
    faults = [{"kind": "media_missing", "count": 2}, {"kind": "media_error", "to": PERSON}]
    await call(f"{base}/sim/faults", "POST", json=faults)
    answers = [(await client.get(form["MediaUrl0"], auth=AUTH)).status_code for _ in range(4)]
    assert answers == [404, 404, 503, 307]


@pytest.mark.parametrize(
    ("content_type", "message_type"),
    [
        ("image/jpeg", "image"),
        ("image/webp", "sticker"),
        ("video/mp4", "video"),
        ("application/pdf", "document"),
        ("text/vcard", "contacts"),
    ],
)
async def test_files_of_any_type_can_be_sent(
    base: str, receiver: Receiver, client: httpx.AsyncClient, content_type: str, message_type: str
) -> None:
    """Their bytes are given in base64."""
    data = base64.b64encode(b"\xff\x00").decode()
    form = await sent(base, receiver, {"content_type": content_type, "data": data})
    assert (form["MediaContentType0"], form["MessageType"]) == (content_type, message_type)
    led = await client.get(form["MediaUrl0"], auth=AUTH)
    assert (await client.get(led.headers["Location"])).content == b"\xff\x00"


async def test_a_reaction_is_an_emoji_of_its_own_type(base: str, receiver: Receiver) -> None:
    """Empty, it takes the last one back."""
    for emoji in ("\U0001f44d", ""):
        form = await sent(base, receiver, reaction=emoji)
        assert (form["Body"], form["MessageType"]) == (emoji, "reaction")


async def test_a_form_comes_as_json(base: str, receiver: Receiver) -> None:
    """As WhatsApp's flows do."""
    form = await sent(base, receiver, interactive={"name": "Anna"})
    assert (form["InteractiveData"], form["MessageType"]) == ('{"name": "Anna"}', "interactive")


@pytest.mark.parametrize("media", [{}, {"words": "a", "url": "https://example.com/a.ogg"}])
async def test_a_file_without_content_or_with_two_is_refused(
    base: str, media: dict[str, str]
) -> None:
    """The control API does not guess."""
    async with httpx.AsyncClient() as client:
        order = {"from": PERSON, "media": [media]}
        assert (await client.post(f"{base}/sim/inbound", json=order)).status_code == 422
