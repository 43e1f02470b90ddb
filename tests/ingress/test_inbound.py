"""What participants write reaches the log, once, in the right lane, and nothing else does."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from meshcore.domain.commit import Commit
from meshcore.domain.events import (
    MessageReceived,
    OptOutSource,
    ParticipantOptedIn,
    ParticipantOptedOut,
    UnroutedMessageReceived,
)
from meshcore.ids import new_id
from meshcore.log import subjects
from meshcore.log.subjects import ConversationRef, Lane
from tests.ingress.harness import (
    ACCOUNT_SID,
    Ground,
    message_form,
    new_phone,
    post_signed,
    problem,
    signed,
)

INBOUND = "/twilio/inbound"


async def routed(ground: Ground) -> tuple[str, str, ConversationRef]:
    """An address, its participant, and the conversation that they are in."""
    address = f"whatsapp:{new_phone()}"
    participant = await ground.directory.register(address)
    ref = ConversationRef(new_id(), new_id())
    await ground.routes.lead(participant, ref)
    return address, participant, ref


async def commits(ground: Ground, subject: str) -> list[Commit]:
    """What stands on a subject."""
    return [record.commit for record in await ground.log.load(subject)]


async def only_message(ground: Ground, ref: ConversationRef) -> MessageReceived:
    """The one message on a conversation's lane."""
    (commit,) = await commits(ground, subjects.lane(ref, Lane.IN))
    (event,) = commit.events
    assert isinstance(event, MessageReceived)
    return event


async def test_a_message_is_on_the_log_when_twilio_is_answered(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """The answer is empty TwiML, and the conversation's lane has the message."""
    address, participant, ref = await routed(ground)
    form = message_form(address, Body="Twice a day ☀️ & more")
    answer = await post_signed(client, INBOUND, form)
    assert (answer.status_code, answer.text) == (200, "<Response/>")
    assert answer.headers["content-type"].startswith("text/xml")
    assert await only_message(ground, ref) == MessageReceived(
        message_sid=form["MessageSid"],
        participant=participant,
        text="Twice a day ☀️ & more",
        sender=form["To"],
    )


@pytest.mark.parametrize("to", ["", "whatsapp:nobody"])
async def test_a_message_that_came_to_no_address_of_ours_names_none(
    client: httpx.AsyncClient, ground: Ground, to: str
) -> None:
    """It is taken all the same."""
    address, _, ref = await routed(ground)
    await post_signed(client, INBOUND, {**message_form(address), "To": to})
    assert (await only_message(ground, ref)).sender is None


async def test_a_message_begins_its_own_chain_of_causes(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Its commit correlates with itself and has no cause on the log."""
    address, _, ref = await routed(ground)
    await post_signed(client, INBOUND, message_form(address))
    (commit,) = await commits(ground, subjects.lane(ref, Lane.IN))
    assert commit.correlation == commit.id
    assert commit.causation is None


async def test_the_same_message_five_times_at_once_is_one_commit(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Every repetition is answered 200, and the log has the message once."""
    address, _, ref = await routed(ground)
    form = message_form(address)
    answers = await asyncio.gather(*(post_signed(client, INBOUND, form) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    await only_message(ground, ref)


async def test_messages_keep_the_order_in_which_they_were_answered(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """The lane has them as they came."""
    address, _, ref = await routed(ground)
    for number in range(10):
        await post_signed(client, INBOUND, message_form(address, Body=str(number)))
    found = await commits(ground, subjects.lane(ref, Lane.IN))
    texts = [event.text for c in found for event in c.events if isinstance(event, MessageReceived)]
    assert texts == [str(number) for number in range(10)]


async def test_a_stranger_is_kept_outside_all_conversations_and_entered_in_the_directory(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """The message stands on the participant's unrouted lane, and the address can be found."""
    address = f"whatsapp:{new_phone()}"
    form = message_form(address, Body="who are you?")
    assert (await post_signed(client, INBOUND, form)).status_code == 200
    participant = ground.directory.id_of(address)
    (commit,) = await commits(ground, subjects.unrouted(participant))
    assert commit.events == (
        UnroutedMessageReceived(message_sid=form["MessageSid"], text="who are you?"),
    )
    assert await ground.directory.addresses(participant) == [address]


@pytest.mark.parametrize("word", ["stop", " STOP! ", "Quit", "\uff33\uff34\uff2f\uff30", "end 🛑"])
async def test_an_opt_out_keyword_is_on_both_lanes_before_the_answer(
    client: httpx.AsyncClient, ground: Ground, word: str
) -> None:
    """The conversation and the participant's consent both know of it, the message first."""
    address, participant, ref = await routed(ground)
    form = message_form(address, Body=word)
    assert (await post_signed(client, INBOUND, form)).status_code == 200
    assert (await only_message(ground, ref)).opt_out is OptOutSource.KEYWORD
    message = await ground.log.last(subjects.lane(ref, Lane.IN))
    consent = await ground.log.last(subjects.consent(participant))
    assert message
    assert consent
    assert message.position < consent.position
    assert consent.commit.correlation == message.commit.id
    assert consent.commit.events == (
        ParticipantOptedOut(
            source=OptOutSource.KEYWORD,
            message_sid=form["MessageSid"],
            message_position=message.position,
        ),
    )


async def test_a_plain_request_to_stop_is_an_opt_out_like_a_keyword(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """It waits for no model either, and what was being written to them is not sent."""
    address, participant, ref = await routed(ground)
    await post_signed(client, INBOUND, message_form(address, Body="Please stop messaging me."))
    assert (await only_message(ground, ref)).opt_out is OptOutSource.PHRASE
    (commit,) = await commits(ground, subjects.consent(participant))
    assert isinstance(commit.events[0], ParticipantOptedOut)
    assert commit.events[0].source is OptOutSource.PHRASE


async def test_an_opt_out_that_twilio_recognised_says_so(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """OptOutType STOP counts whatever the words, and Twilio has confirmed it already."""
    address, participant, ref = await routed(ground)
    await post_signed(client, INBOUND, message_form(address, Body="arrêt", OptOutType="STOP"))
    assert (await only_message(ground, ref)).opt_out is OptOutSource.PROVIDER
    (commit,) = await commits(ground, subjects.consent(participant))
    assert isinstance(commit.events[0], ParticipantOptedOut)
    assert commit.events[0].source is OptOutSource.PROVIDER


async def test_a_repeated_stop_is_one_opt_out(client: httpx.AsyncClient, ground: Ground) -> None:
    """The consent lane has it once."""
    address, participant, _ = await routed(ground)
    form = message_form(address, Body="stop")
    await asyncio.gather(*(post_signed(client, INBOUND, form) for _ in range(5)))
    assert len(await commits(ground, subjects.consent(participant))) == 1


async def test_a_stranger_who_says_stop_is_never_written_to(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Consent does not depend on a conversation."""
    address = f"whatsapp:{new_phone()}"
    await post_signed(client, INBOUND, message_form(address, Body="stop"))
    (commit,) = await commits(ground, subjects.consent(ground.directory.id_of(address)))
    assert isinstance(commit.events[0], ParticipantOptedOut)


@pytest.mark.parametrize("fields", [{"Body": "START"}, {"Body": "hola", "OptOutType": "START"}])
async def test_start_gives_consent_again(
    client: httpx.AsyncClient, ground: Ground, fields: dict[str, str]
) -> None:
    """The message is marked, and the consent lane ends with the opt-in."""
    address, participant, ref = await routed(ground)
    form = message_form(address, **fields)
    await post_signed(client, INBOUND, form)
    message = await only_message(ground, ref)
    assert message.opt_in
    assert message.opt_out is None
    said = await ground.log.last(subjects.lane(ref, Lane.IN))
    assert said
    (commit,) = await commits(ground, subjects.consent(participant))
    assert commit.events == (
        ParticipantOptedIn(message_sid=form["MessageSid"], message_position=said.position),
    )


async def test_an_ordinary_message_says_nothing_about_consent(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Words around a keyword are for the model to read."""
    address, participant, ref = await routed(ground)
    await post_signed(client, INBOUND, message_form(address, Body="I stop there every day"))
    assert (await only_message(ground, ref)).opt_out is None
    assert await commits(ground, subjects.consent(participant)) == []


PLACE = {"Latitude": "24.49", "Longitude": "54.6"}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {**PLACE, "Address": "Yas Drive", "Label": "ADNOC"},
            "[location] ADNOC, Yas Drive (24.49, 54.6)",
        ),
        ({**PLACE, "Address": "Yas Drive"}, "[location] Yas Drive (24.49, 54.6)"),
        ({**PLACE, "Address": "Yas", "Label": "Yas"}, "[location] Yas (24.49, 54.6)"),
        (PLACE, "[location] 24.49, 54.6"),
        ({**PLACE, "Body": "I refuel here:"}, "I refuel here: [location] 24.49, 54.6"),
        ({"Latitude": "24.49"}, ""),
        ({"ButtonText": "Yes, gladly", "ButtonPayload": "yes"}, "Yes, gladly"),
        ({"Body": "Yes, gladly", "ButtonText": "Yes, gladly"}, "Yes, gladly"),
        ({"ButtonPayload": "yes"}, "yes"),
        ({"MessageType": "interactive", "ListTitle": "Weekly", "ListId": "w"}, "Weekly"),
        (
            {"InteractiveData": '{"name": "Anna", "cars": [{"n": 2}, "BMW", null, ""]}'},
            "name: Anna\nn: 2\ncars: BMW",
        ),
        ({"InteractiveData": '"just words"'}, "just words"),
        ({"InteractiveData": "no JSON"}, ""),
        ({"InteractiveData": "[" * 10_000}, ""),
        ({"InteractiveData": '{"half": "a\\ud800b"}'}, "half: a?b"),
        ({"MessageType": "reaction", "Body": "\U0001f44d"}, "\U0001f44d"),
        ({}, ""),
        ({"Body": "a\x00b"}, "ab"),
    ],
)
async def test_what_has_no_words_is_put_into_words(
    client: httpx.AsyncClient, ground: Ground, fields: dict[str, str], text: str
) -> None:
    """Locations, buttons, lists, forms and reactions become text."""
    address, _, ref = await routed(ground)
    answer = await post_signed(client, INBOUND, message_form(address, **{"Body": "", **fields}))
    assert answer.status_code == 200
    assert (await only_message(ground, ref)).text == text


async def test_a_reaction_that_was_taken_back_says_nothing(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Nothing is recorded, so nobody answers it."""
    address, _, ref = await routed(ground)
    form = message_form(address, Body="", MessageType="reaction")
    assert (await post_signed(client, INBOUND, form)).status_code == 200
    assert await commits(ground, subjects.lane(ref, Lane.IN)) == []


async def test_a_button_that_says_stop_is_an_opt_out(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """A template may have one."""
    address, _, ref = await routed(ground)
    await post_signed(client, INBOUND, message_form(address, Body="", ButtonText="Stop"))
    assert (await only_message(ground, ref)).opt_out is OptOutSource.KEYWORD


async def test_media_are_kept_by_kind_and_place(client: httpx.AsyncClient, ground: Ground) -> None:
    """A voice note without words is a message with one file."""
    address, _, ref = await routed(ground)
    media = {"MediaUrl0": "https://api.twilio.com/m/0", "MediaContentType0": "audio/ogg"}
    await post_signed(client, INBOUND, message_form(address, Body="", NumMedia="1", **media))
    message = await only_message(ground, ref)
    assert [(m.content_type, m.url) for m in message.media] == [
        ("audio/ogg", "https://api.twilio.com/m/0")
    ]


async def test_a_phone_and_a_user_id_lead_to_the_same_participant(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Once Twilio has told both, a message from the user id alone joins the same conversation."""
    address, _, ref = await routed(ground)
    user_id = f"AE.{new_phone()[1:]}"
    await post_signed(client, INBOUND, message_form(address, ExternalUserId=user_id))
    await post_signed(client, INBOUND, message_form(f"whatsapp:{user_id}"))
    assert len(await commits(ground, subjects.lane(ref, Lane.IN))) == 2


async def test_a_stranger_known_by_user_id_stays_one_person_when_the_phone_shows(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Whichever address came first keeps its participant."""
    address, user_id = f"whatsapp:{new_phone()}", f"whatsapp:AE.{new_phone()[1:]}"
    await post_signed(client, INBOUND, message_form(user_id))
    await post_signed(client, INBOUND, message_form(address, ExternalUserId=user_id))
    participant = ground.directory.id_of(user_id)
    assert await ground.directory.find(address) == participant
    assert await ground.directory.addresses(participant) == [user_id, address]
    assert len(await commits(ground, subjects.unrouted(participant))) == 2


async def test_an_unusable_user_id_does_not_cost_the_message(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """ExternalUserId is a hint."""
    address, _, ref = await routed(ground)
    await post_signed(client, INBOUND, message_form(address, ExternalUserId="?"))
    await only_message(ground, ref)


async def test_unknown_and_blank_parameters_are_part_of_the_signature(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Twilio adds parameters without notice."""
    address, _, ref = await routed(ground)
    form = message_form(address, ChannelMetadata='{"a":1}', Forwarded="", Brandneu="ü")
    assert (await post_signed(client, INBOUND, form)).status_code == 200
    await only_message(ground, ref)


async def test_a_query_is_signed_as_it_was_sent(client: httpx.AsyncClient, ground: Ground) -> None:
    """Path and query are taken as they came over the wire, escapes included."""
    address, _, ref = await routed(ground)
    path = f"{INBOUND}?a=%7E%2f&b"
    form = message_form(address)
    assert (await post_signed(client, path, form)).status_code == 200
    await only_message(ground, ref)


async def test_forwarding_headers_do_not_change_what_is_signed(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Only the configured public URL counts."""
    address, _, ref = await routed(ground)
    form = message_form(address)
    spoofed = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Host": "evil"}
    answer = await client.post(INBOUND, data=form, headers=signed(INBOUND, form) | spoofed)
    assert answer.status_code == 200
    await only_message(ground, ref)


async def test_a_forged_message_is_refused_and_not_kept(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Another token, body or path, or no signature at all: 403, and nothing on the log."""
    address, _, ref = await routed(ground)
    form = message_form(address)
    attempts = [
        signed(INBOUND, form, token="guessed"),
        signed(INBOUND, {**form, "Body": "other words"}),
        signed("/twilio/status", form),
        {"X-Twilio-Signature": "L/OH5YylLD5NRKLltdqwSvS0BnU="},
        {"X-Twilio-Signature": ""},
        {},
    ]
    for headers in attempts:
        answer = await client.post(INBOUND, data=form, headers=headers)
        problem(answer, 403, "forged-webhook")
    assert await commits(ground, subjects.lane(ref, Lane.IN)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"MessageSid": ""},
        {"MessageSid": "SM1"},
        {"MessageSid": "SM" + "0" * 32 + "\r\nNats-Rollup: all"},
        {"From": ""},
        {"From": "+971501234567"},
        {"From": "whatsapp:mesh.>"},
        {"From": "whatsapp:+12"},
        {"AccountSid": "AC" + "f" * 32},
    ],
)
async def test_a_malformed_message_is_a_400(
    client: httpx.AsyncClient, change: dict[str, str]
) -> None:
    """Even signed, it must be a message of our account; the answer quotes nothing."""
    form = message_form(f"whatsapp:{new_phone()}") | change
    document = problem(await post_signed(client, INBOUND, form), 400, "malformed-webhook")
    (value,) = change.values()
    assert not value or value not in document["detail"]


async def test_missing_parameters_are_a_400(client: httpx.AsyncClient) -> None:
    """An empty form says nothing."""
    problem(await post_signed(client, INBOUND, {"Foo": ""}), 400, "malformed-webhook")


async def test_what_is_not_a_form_is_a_400(client: httpx.AsyncClient) -> None:
    """JSON with a signature is no webhook of ours."""
    answer = await client.post(INBOUND, json={"a": 1}, headers=signed(INBOUND, {}))
    problem(answer, 400, "malformed-webhook")


async def test_a_webhook_of_more_than_64_kb_is_a_413(client: httpx.AsyncClient) -> None:
    """Messages have 1,600 characters."""
    form = message_form(f"whatsapp:{new_phone()}", Body="x" * 70_000)
    problem(await post_signed(client, INBOUND, form), 413, "too-large")


async def test_only_post_is_taken(client: httpx.AsyncClient) -> None:
    """A GET is a 405 that says what is allowed."""
    answer = await client.get(INBOUND)
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "POST"


async def test_the_account_is_not_asked_for_when_twilio_leaves_it_out(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """The signature has proved it already."""
    address, _, ref = await routed(ground)
    form = message_form(address)
    assert form.pop("AccountSid") == ACCOUNT_SID
    assert (await post_signed(client, INBOUND, form)).status_code == 200
    await only_message(ground, ref)


async def test_webhooks_are_counted_by_kind_and_result(client: httpx.AsyncClient) -> None:
    """Prometheus sees what was taken and what was not."""
    await post_signed(client, INBOUND, message_form(f"whatsapp:{new_phone()}"))
    metrics = (await client.get("/metrics")).text
    assert 'mesh_ingress_webhooks_total{kind="inbound",result="unrouted"}' in metrics
