"""Files are fetched from where Twilio keeps them, and from nowhere else, with secrets kept."""

from __future__ import annotations

import base64
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from yarl import URL

from mesh_agent.media import MediaFile, MediaProblem, MediaUnavailableError, TwilioMedia
from mesh_agent.public_addresses import is_private
from tests.agent.file_host import (
    Answer,
    dawdles,
    fails,
    gives,
    hangs_up,
    keeping_files,
    leads_to,
    pours,
)

ACCOUNT, TOKEN = "AC" + "0" * 32, "a token for the tests"
CREDENTIALS = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
VOICE = "audio/ogg; codecs=opus"
AUDIO = frozenset({"audio/ogg"})
PATH = "/2010-04-01/Accounts/AC0/Messages/MM0/Media/ME0"


@asynccontextmanager
async def media(base_url: str | None, **more: Any) -> AsyncIterator[TwilioMedia]:
    """A client that does not wait long."""
    async with aclosing(TwilioMedia(ACCOUNT, TOKEN, base_url, pause=0.001, **more)) as made:
        yield made


async def fetched(*answers: Answer, **more: Any) -> MediaFile | MediaProblem:
    """What becomes of a voice note for which Twilio answers so."""
    async with keeping_files(*answers) as twilio, media(twilio.url, **more) as client:
        return await client.fetch(twilio.url + PATH, VOICE, AUDIO)


@asynccontextmanager
async def names(monkeypatch: pytest.MonkeyPatch, *known: str) -> AsyncIterator[None]:
    """These names lead to this machine; the files of a name server are beyond a test."""
    real: Callable[..., Any] = socket.getaddrinfo

    def resolve(host: str, *args: Any, **kwargs: Any) -> Any:
        return real("127.0.0.1" if host in known else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield


async def test_twilio_is_shown_the_credentials_and_the_host_it_leads_to_is_not() -> None:
    """The file comes from there, all the same."""
    async with (
        keeping_files(gives(b"words")) as elsewhere,
        keeping_files(leads_to(f"{elsewhere.url}/kept?signature=1")) as twilio,
        media(twilio.url) as client,
    ):
        found = await client.fetch(twilio.url + PATH, VOICE, AUDIO)
    assert found == MediaFile(b"words", "audio/ogg")
    assert twilio.asked == [(PATH, CREDENTIALS)]
    assert elsewhere.asked == [("/kept", None)]


async def test_a_redirect_back_to_twilio_is_shown_the_credentials_again() -> None:
    """Also a relative one."""
    async with (
        keeping_files(leads_to("/there"), gives(b"words")) as twilio,
        media(twilio.url) as client,
    ):
        assert isinstance(await client.fetch(twilio.url + PATH, VOICE, AUDIO), MediaFile)
    assert twilio.asked == [(PATH, CREDENTIALS), ("/there", CREDENTIALS)]


async def test_an_address_that_is_not_twilios_is_fetched_without_credentials() -> None:
    """Whoever made the webhook name it."""
    async with (
        keeping_files(gives(b"words")) as twilio,
        keeping_files(gives(b"words")) as other,
        media(twilio.url) as client,
    ):
        assert isinstance(await client.fetch(other.url + PATH, VOICE, AUDIO), MediaFile)
    assert other.asked == [(PATH, None)]


async def test_redirects_are_followed_three_times() -> None:
    """What leads on and on leads nowhere."""
    leads = leads_to("/on")
    assert await fetched(leads, leads, leads, gives(b"words")) == MediaFile(b"words", "audio/ogg")
    assert await fetched(leads, leads, leads, leads, gives(b"words")) is MediaProblem.UNAVAILABLE
    assert await fetched(leads_to("")) is MediaProblem.UNAVAILABLE


async def test_a_file_that_is_not_there_yet_is_waited_for() -> None:
    """Twilio tells of a message a moment before its file is there."""
    found = await fetched(fails(404), fails(404), gives(b"words"))
    assert found == MediaFile(b"words", "audio/ogg")


async def test_a_file_that_never_comes_is_unavailable() -> None:
    """After a few attempts."""
    assert await fetched(fails(404)) is MediaProblem.UNAVAILABLE


@pytest.mark.parametrize("trouble", [fails(503), fails(429), dawdles(0.5), hangs_up()])
async def test_trouble_that_passes_is_sat_out(trouble: Answer) -> None:
    """Within the same call."""
    found = await fetched(trouble, gives(b"words"), timeout=0.2)
    assert found == MediaFile(b"words", "audio/ogg")


@pytest.mark.parametrize("trouble", [fails(500), dawdles(0.5), hangs_up()])
async def test_trouble_that_stays_is_worth_another_try_later(trouble: Answer) -> None:
    """The error names neither address nor account: it is logged."""
    with pytest.raises(MediaUnavailableError) as caught:
        await fetched(trouble, timeout=0.05)
    assert caught.value.retryable
    assert "127.0.0.1" not in str(caught.value)


async def test_a_host_that_is_away_is_worth_another_try_later() -> None:
    """Nobody listens there at the moment."""
    async with keeping_files(gives(b"")) as gone:
        pass
    async with media(gone.url) as client:
        with pytest.raises(MediaUnavailableError):
            await client.fetch(gone.url + PATH, VOICE, AUDIO)


@pytest.mark.parametrize("status", [400, 401, 403, 410, 204])
async def test_a_refusal_is_final(status: int) -> None:
    """Nothing is gained by asking again."""
    async with keeping_files(fails(status)) as twilio, media(twilio.url) as client:
        found = await client.fetch(twilio.url + PATH, VOICE, AUDIO)
    assert found is MediaProblem.UNAVAILABLE
    assert len(twilio.asked) == 1


async def test_a_file_may_be_as_large_as_allowed_and_no_larger() -> None:
    """To the byte."""
    assert isinstance(await fetched(gives(b"x" * 1000), largest=1000), MediaFile)
    assert await fetched(gives(b"x" * 1001), largest=1000) is MediaProblem.TOO_LARGE


async def test_a_file_that_hides_its_size_is_cut_off() -> None:
    """What has come in is all that is ever held."""
    assert await fetched(pours(chunks=64), largest=100_000) is MediaProblem.TOO_LARGE


@pytest.mark.parametrize(
    ("served", "kind"),
    [
        (VOICE, "audio/ogg"),
        ("Audio/OGG", "audio/ogg"),
        ("", "audio/ogg"),
        ("binary/octet-stream", "audio/ogg"),
    ],
)
async def test_the_media_type_is_that_of_the_host_unless_it_has_none(
    served: str, kind: str
) -> None:
    """Then it is what Twilio declared; parameters are left out."""
    assert await fetched(gives(b"words", served)) == MediaFile(b"words", kind)


async def test_a_file_of_another_type_than_wanted_is_not_even_read() -> None:
    """A page is no voice note, whatever was declared."""
    assert await fetched(gives(b"<html>", "text/html")) is MediaProblem.UNSUPPORTED


async def test_any_type_will_do_where_none_is_named() -> None:
    """For files that are only kept."""
    async with keeping_files(gives(b"photo", "image/jpeg")) as twilio, media(twilio.url) as client:
        found = await client.fetch(twilio.url + PATH, "image/jpeg")
    assert found == MediaFile(b"photo", "image/jpeg")


@pytest.mark.parametrize(
    "where",
    [
        "http://127.0.0.1:{port}/x",
        "https://127.0.0.1:{port}/x",
        "https://localhost:{port}/x",
        "https://[::ffff:127.0.0.1]:{port}/x",
        "https://inside.example:{port}/x",
        "http://inside.example:{port}/x",
        "http://twilio.example:{port}/x",
        "ftp://twilio.example/x",
        "file:///etc/passwd",
        "https://me:secret@outside.example/x",
        "https://2130706433:{port}/x",
        "https://",
    ],
)
async def test_nothing_inside_our_own_network_is_fetched(
    monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """A redirect that leads there, by number or by name, or out of TLS, leads nowhere."""
    async with (
        names(monkeypatch, "twilio.example", "inside.example"),
        keeping_files(gives(b"secret")) as inside,
        keeping_files(leads_to(where.format(port=inside.port))) as twilio,
        media(f"http://twilio.example:{twilio.port}") as client,
    ):
        url = f"http://twilio.example:{twilio.port}{PATH}"
        assert await client.fetch(url, VOICE, AUDIO) is MediaProblem.UNAVAILABLE
    assert twilio.asked == [(PATH, CREDENTIALS)]
    assert inside.asked == []


@pytest.mark.parametrize("url", ["{host}/x", "nonsense", "", "https://", "http://[::1"])
async def test_an_address_that_a_webhook_named_is_no_way_in_either(url: str) -> None:
    """With Twilio itself as the base, nothing on this machine is asked for anything."""
    async with keeping_files(gives(b"secret")) as inside, media(None) as client:
        found = await client.fetch(url.format(host=inside.url), VOICE, AUDIO)
    assert found is MediaProblem.UNAVAILABLE
    assert inside.asked == []


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("192.168.0.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("224.0.0.1", True),
        ("::1", True),
        ("fd00::1", True),
        ("fe80::1", True),
        ("::ffff:10.0.0.1", True),
        ("localhost", True),
        ("3.5.140.2", False),
        ("2600:1f18::1", False),
        ("api.twilio.com", False),
    ],
)
def test_an_address_is_private_if_it_is_not_out_on_the_internet(
    host: str,
    *,
    private: bool,
) -> None:
    """In whatever notation."""
    assert is_private(host) is private


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://api.twilio.com/x", True),
        ("https://api.ie1.twilio.com/x", True),
        ("https://api.dublin.ie1.twilio.com/x", True),
        ("https://api.twilio.com:8443/x", False),
        ("https://api.twilio.com.example.com/x", False),
        ("https://evil-api.twilio.com/x", False),
        ("https://media.twiliocdn.com/x", False),
        ("https://demo.twilio.com/x", False),
        ("http://api.ie1.twilio.com/x", False),
    ],
)
async def test_only_the_hosts_of_twilios_api_are_shown_the_credentials(
    url: str,
    *,
    shown: bool,
) -> None:
    """Over TLS, on the usual port, and by their whole name."""
    async with media(None) as client:
        assert client._is_twilio(URL(url)) is shown
