"""The real twilio client against the simulated WhatsApp, and against broken servers."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from mesh_outreach.send_errors import Refused
from mesh_outreach.twilio import Listed, Sent, TwilioUnavailableError
from meshcore.domain.send_errors import Fault
from meshcore.domain.study import Template
from meshcore.ids import new_id, now
from meshcore.log.subjects import ConversationRef
from tests.outreach.network import TIMEOUT, WhatsApp, twilio_at
from tests.sim.servers import PUBLIC, whatsapp
from tests.support.desk import new_address

REF = ConversationRef(new_id(), new_id())


async def send(network: WhatsApp, to: str, text: str = "Hello?") -> Sent | Refused:
    """Hands a message over."""
    return await network.twilio.send(REF, "m1", to, text)


@asynccontextmanager
async def answering(raw: bytes) -> AsyncIterator[str]:
    """A server that answers every request with these bytes, and hangs up."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def http(status: str, body: bytes) -> bytes:
    """An answer on the wire."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def test_a_message_is_sent_and_leads_its_reports_home(whatsapp: WhatsApp) -> None:
    """The SID comes back, and the status callback carries the ids."""
    to = new_address()
    sent = await send(whatsapp, to, "Hello, how are you?")
    [entry] = await whatsapp.accepted(to)
    assert sent == Sent(entry["sid"])
    assert entry["body"] == "Hello, how are you?"
    query = f"campaign={REF.campaign}&conversation={REF.conversation}&message=m1"
    assert entry["status_callback"] == f"{PUBLIC}/twilio/status?{query}"


@pytest.mark.parametrize(
    ("code", "fault"),
    [(63016, Fault.WINDOW_CLOSED), (21610, Fault.BLOCKED), (63007, Fault.CONFIGURATION)],
)
async def test_a_rejection_is_told_by_its_code(whatsapp: WhatsApp, code: int, fault: Fault) -> None:
    """The answer says what Twilio said."""
    to = new_address()
    await whatsapp.breaks("reject", to, code=code)
    assert await send(whatsapp, to) == Refused(fault, code)


async def test_an_impossible_address_is_unreachable(whatsapp: WhatsApp) -> None:
    """Twilio checks the number itself."""
    assert await send(whatsapp, "whatsapp:12") == Refused(Fault.UNREACHABLE, 21211)


async def test_a_rate_limit_asks_to_slow_down(whatsapp: WhatsApp) -> None:
    """The message was not taken."""
    to = new_address()
    await whatsapp.breaks("rate_limited", to)
    assert await send(whatsapp, to) == Refused(Fault.SLOW_DOWN, 20429)
    assert await whatsapp.accepted(to) == []


@pytest.mark.parametrize(("when", "taken"), [("before", 0), ("after", 1)])
async def test_a_server_error_is_ambiguous(whatsapp: WhatsApp, when: str, taken: int) -> None:
    """It comes before and after the message was taken, and looks the same; nothing is repeated."""
    to = new_address()
    await whatsapp.breaks("server_error", to, when=when)
    refused = await send(whatsapp, to)
    assert isinstance(refused, Refused)
    assert refused.fault is Fault.AMBIGUOUS
    assert len(await whatsapp.accepted(to)) == taken


@pytest.mark.parametrize(("when", "taken"), [("before", 0), ("after", 1)])
async def test_a_hanging_call_is_given_up_in_time(
    whatsapp: WhatsApp, when: str, taken: int
) -> None:
    """The timeout holds, and the end is ambiguous."""
    to = new_address()
    await whatsapp.breaks("hang", to, when=when, seconds=3)
    began = time.perf_counter()
    assert await send(whatsapp, to) == Refused(Fault.AMBIGUOUS)
    assert TIMEOUT <= time.perf_counter() - began < TIMEOUT + 1
    assert len(await whatsapp.accepted(to)) == taken


async def test_who_cannot_connect_has_not_sent() -> None:
    """A refused connection is not ambiguous."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    twilio = twilio_at(f"http://127.0.0.1:{port}")
    assert await twilio.send(REF, "m1", new_address(), "Hello?") == Refused(
        Fault.SLOW_DOWN, connected=False
    )
    with pytest.raises(TwilioUnavailableError):
        await twilio.listed(new_address(), now())
    await twilio.aclose()


async def test_a_wrong_token_is_our_mistake(network: str) -> None:
    """The message does not fail: the settings are to be mended."""
    twilio = twilio_at(network, token="wrong")
    refused = await twilio.send(REF, "m1", new_address(), "Hello?")
    assert refused == Refused(Fault.CONFIGURATION, 20003)
    await twilio.aclose()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{",
        http("201 Created", b"<html>"),
        http("201 Created", b"{}"),
        http("201 Created", b'{"sid": null}'),
        http("502 Bad Gateway", b"<html>"),
        http("503 Unavailable", b""),
        http(
            "500 Error", b'{"type": "x", "title": "t", "status": 500, "code": 20500, "detail": ""}'
        ),
        b"what?\r\n\r\n",
    ],
)
async def test_an_answer_without_sense_is_ambiguous(raw: bytes) -> None:
    """Whatever a proxy in between makes of it, nothing is raised and nothing is taken for sent."""
    async with answering(raw) as url:
        twilio = twilio_at(url)
        refused = await twilio.send(REF, "m1", new_address(), "Hello?")
        assert isinstance(refused, Refused)
        assert refused.fault is Fault.AMBIGUOUS
        with pytest.raises(TwilioUnavailableError):
            await twilio.listed(new_address(), now())
        await twilio.aclose()


async def test_a_refusal_in_the_newer_form_is_read_too() -> None:
    """Twilio has begun to answer as RFC 9457 asks."""
    body = b'{"type": "x", "title": "t", "status": 400, "code": 63016, "detail": ""}'
    async with answering(http("400 Bad Request", body)) as url:
        twilio = twilio_at(url)
        refused = await twilio.send(REF, "m1", new_address(), "Hello?")
        await twilio.aclose()
    assert refused == Refused(Fault.WINDOW_CLOSED, 63016)


async def test_sent_messages_are_listed_by_time(whatsapp: WhatsApp) -> None:
    """Only those to the address, since then; the oldest first."""
    to, since = new_address(), now()
    sent = []
    for text in ("Hello?", "Something else", "Hello?"):
        done = await send(whatsapp, to, text)
        assert isinstance(done, Sent)
        sent.append(Listed(done.sid, text))
    await send(whatsapp, new_address(), "Hello?")
    assert await whatsapp.twilio.listed(to, since) == sent
    assert await whatsapp.twilio.listed(to, since + timedelta(minutes=1)) == []


async def test_clocks_may_be_apart(whatsapp: WhatsApp) -> None:
    """A message counts even when Twilio's clock is a few seconds behind ours."""
    to = new_address()
    await send(whatsapp, to)
    assert len(await whatsapp.twilio.listed(to, now() + timedelta(seconds=3))) == 1


async def test_a_queued_message_is_found_although_it_has_no_date_sent() -> None:
    """What Twilio has taken counts, sent or not; and what it does not list yet cannot be found."""
    with whatsapp("--retries", "0", "--status-delays", "30", "--list-lag", "1.5") as url:
        twilio, to, since = twilio_at(url), new_address(), now()
        sent = await twilio.send(REF, "m1", to, "Hello?")
        assert isinstance(sent, Sent)
        assert await twilio.listed(to, since) == []
        await asyncio.sleep(1.6)
        assert await twilio.listed(to, since) == [Listed(sent.sid, "Hello?")]
        await twilio.aclose()


async def test_a_template_is_sent_by_its_id_with_its_variables(whatsapp: WhatsApp) -> None:
    """Twilio makes the text of it, and lists what was read."""
    to, since = new_address(), now()
    template = await whatsapp.template("Hi {{1}}, it's {{2}}!", {"1": "Zoë", "2": 'the "study"'})
    sent = await whatsapp.twilio.send(REF, "m1", to, template)
    [entry] = await whatsapp.accepted(to)
    assert sent == Sent(entry["sid"])
    read = 'Hi Zoë, it\'s the "study"!'
    assert (entry["content_sid"], entry["body"]) == (template.content_sid, read)
    assert entry["status_callback"].endswith("&message=m1")
    assert await whatsapp.twilio.listed(to, since) == [Listed(entry["sid"], read)]


async def test_a_template_without_variables_is_sent_too(whatsapp: WhatsApp) -> None:
    """Nothing is filled in."""
    to = new_address()
    template = await whatsapp.template("Hello!", {})
    assert isinstance(await whatsapp.twilio.send(REF, "m1", to, template), Sent)
    assert await whatsapp.texts(to) == ["Hello!"]


async def test_a_template_that_twilio_does_not_know_is_our_mistake(whatsapp: WhatsApp) -> None:
    """So is one that wants another variable: no participant is to blame."""
    to = new_address()
    unknown = Template(content_sid="HX" + "f" * 32)
    known = await whatsapp.template("Hi {{1}}", {})
    for template, code in ((unknown, 21655), (known, 21656)):
        refused = await whatsapp.twilio.send(REF, "m1", to, template)
        assert refused == Refused(Fault.CONFIGURATION, code)
    assert await whatsapp.accepted(to) == []
