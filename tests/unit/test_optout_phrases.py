"""Plain requests to hear nothing more, beyond the keywords, and what merely looks like them."""

# ruff: noqa: RUF001 - other scripts have letters that look like Latin ones

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshcore.domain.optout import OPT_OUT_KEYWORDS, asks_to_stop

PLAIN = [
    "please stop messaging me", "Stop. Thank you", "STOP texting", "remove me from your list",
    "unsubscribe", "don't contact me again", "Can you please stop texting me?",
    "I'm busy at work, please stop messaging me.", "not interested, stop", "hi, sorry, STOP 🙏",
    "dont msg me again plzzz", "I no longer want to receive your messages", "stop stop stop",
    "PLEASE STOOOOP", "Leave me alone!!!", "lose my number", "no thanks. wrong number. stop",
    "Mar 3, 10:15: stop. Don't write to me anymore",
    "no me escriban más", "Déjame en paz", "no quiero recibir más mensajes, gracias",
    "pare de me mandar mensagens", "Não me mande mais mensagem", "arrête de m’écrire",
    "Laissez-moi tranquille !", "smetti di scrivermi", "Non scrivetemi più", "Lasciatemi in pace",
    "Bitte schreiben Sie mir nicht mehr", "Hören Sie auf, mir zu schreiben!",
    "Stuur me geen berichten meer aub", "Nie pisz do mnie więcej", "Не пишите мне больше",
    "Оставьте меня в покое", "Не пишіть мені більше", "bana yazma artık", "Beni rahat bırakın",
    "لا تراسلني", "لا تُراسلني مرة أخرى", "توقف عن مراسلتي من فضلك", "دیگه به من پیام ندید",
    "مجھے میسج مت کرو", "मुझे मैसेज मत करो", "mujhe message mat karo bhai",
    "আমাকে আর মেসেজ পাঠাবেন না", "berhenti kirim pesan", "Jangan hubungi saya lagi ya",
    "Tigilan nyo na po ako", "Acheni kunitumia ujumbe", "别再给我发消息了", "請不要再打擾我",
    "もうメッセージを送らないでください", "더 이상 문자 보내지 마세요",
]  # fmt: skip

LOOK_ALIKES = [
    "we have got to STOP this bill", "the bus stop", "I can't stop laughing", "stop by the shop",
    "I'd end up paying more", "cancel my subscription at the gym", "don't stop, this is fun",
    "I want them to stop texting me ads", "how do I stop later?", "stop messaging me?",
    "please don't stop messaging me", "He yelled: stop messaging me", "stop it 😂",
    '"stop messaging me" is what I told the bank', "I said 'leave me alone' to the seller",
    "Stop texting, start driving", "leave me alone lol", "Stop, then a long way to the next one",
    "When banks write, leave me alone is what I think", "They call daily. Leave me alone!",
    "If you ask about money, leave me alone", "Stop messaging me. Just kidding, go on!",
    "no more than two messages a day", "I stop there twice a week", "the end", "unsubscribe button",
    "no pares", "la parada de autobús", "die Haltestelle", "я не могу перестать смеяться",
    "arrête, c'est pas vrai", "kein Ende in Sicht", "موقف الباص", "बस स्टॉप", "公交车站", "",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_request_is_recognised(text: str) -> None:
    """In many languages, with courtesies, without accents, in any case."""
    assert asks_to_stop(text)
    assert asks_to_stop(text.upper())


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_a_look_alike_is_left_to_the_model(text: str) -> None:
    """Other senses, other people, reports, conditions, questions and jokes."""
    assert not asks_to_stop(text)


@pytest.mark.parametrize("word", sorted(OPT_OUT_KEYWORDS))
def test_the_keywords_are_requests(word: str) -> None:
    """Whoever asks this question need not ask about the keywords separately."""
    assert asks_to_stop(f"{word.title()}!")
    assert asks_to_stop(f"{word}, thanks")
    assert not asks_to_stop(f"{word} there")


def test_what_is_enough_alone_is_not_enough_among_other_things() -> None:
    """Next to a reason, "do not text me" may mean "not now"."""
    assert asks_to_stop("Please don't text me.")
    assert not asks_to_stop("Please don't text me, I'm driving.")
    assert asks_to_stop("Please don't text me again, I'm driving.")


def test_a_long_story_is_left_to_the_model() -> None:
    """Somewhere in it the words may mean anything."""
    assert asks_to_stop("I am driving. " * 10 + "Stop messaging me.")
    assert not asks_to_stop("I am driving. " * 100 + "Stop messaging me.")


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    """Nothing that people or machines send makes the question fail."""
    assert asks_to_stop(text) in {True, False}


@pytest.mark.parametrize("piece", ["stop ", "a. ", "please ", "(", "好", "ha", "'", "stop, ", "…"])
def test_the_longest_message_is_read_quickly(piece: str) -> None:
    """The time grows with the length of the text and no faster."""
    text = piece * (65_536 // len(piece))
    started = time.perf_counter()
    asks_to_stop(text)
    assert time.perf_counter() - started < 2
