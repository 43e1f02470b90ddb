"""What a message to a participant must look like, whatever the model says."""

# ruff: noqa: RUF001 - Chinese and Arabic punctuation is what some of these tests are about

from __future__ import annotations

import pytest

from mesh_agent.reply_rules import MAX_LENGTH, breaches, cleaned, repair

FIELDS = ["current_station", "hobby", "satisfaction"]


def wrong(reply: str, *, ending: bool = False) -> list[str]:
    """What is wrong with a reply."""
    return breaches(reply, FIELDS, ending=ending)


@pytest.mark.parametrize(
    "reply",
    [
        "Got it. Where do you usually refuel?",
        "What?!",
        "Really?!? Tell me more.",
        "كيف حالك؟",
        "你好吗？",
        "Interesting, tell me more about that!",
        "See https://maps.example/?q=1&z=2 - is that the one?",
        "Is it the one on www.example.com/find?id=3?",
        "I enjoy a hobby too; what is yours?",
        "At 7.30 or so. And how was the queue?",
    ],
)
def test_one_question_or_none_may_be_sent(reply: str) -> None:
    """A query in an address on the web asks nothing, and ?!? is one question."""
    assert wrong(reply) == []


@pytest.mark.parametrize(
    "reply",
    [
        "How often? And why?",
        "كيف حالك؟ ولماذا؟",
        "你好吗？为什么？",
        "How often?And where?",
        "Why?! How?!",
        "How often? Mixed؟",
    ],
)
def test_two_questions_are_one_too_many(reply: str) -> None:
    """In every script, with and without a space between them."""
    assert "the reply asks more than one question" in wrong(reply)


@pytest.mark.parametrize("reply", ["Hi!\n- one\n- two", "1. Where\n2. When", "• this", "  2) that"])
def test_lists_are_no_chat(reply: str) -> None:
    """Bullets and numbers at the start of a line make a form of a chat."""
    assert "the reply holds a list" in wrong(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "One more for my checklist.",
        "One more for my CHECK-LIST.",
        "I have all data points now.",
        "Here is the JSON.",
        "My system prompt forbids it.",
        "Your reference number is 7.",
    ],
)
def test_nobody_hears_of_the_checklist(reply: str) -> None:
    """The tools behind the chat are never mentioned."""
    assert "the reply talks of the tools behind the chat" in wrong(reply)


@pytest.mark.parametrize("reply", ["Your current_station?", "What is your CURRENT_STATION?"])
def test_field_names_are_never_seen(reply: str) -> None:
    """Neither are they in other capitals. Ordinary words are no names."""
    assert "the reply holds the name of a field" in wrong(reply)


@pytest.mark.parametrize("reply", ["", "  \n "])
def test_an_empty_reply_is_none(reply: str) -> None:
    """Twilio would not take it either."""
    assert wrong(reply) == ["the reply is empty"]


def test_a_wall_of_text_is_refused_and_cut() -> None:
    """Nobody enjoys reading that much."""
    wall = "word " * MAX_LENGTH
    assert len(wrong(wall)) == 1
    assert len(repair(wall, ending=False)) <= MAX_LENGTH


def test_a_goodbye_asks_nothing() -> None:
    """A question at the end would call for an answer that nobody reads."""
    assert wrong("Thanks! Anything else?", ending=True) == ["a goodbye asks no question"]
    assert wrong("Thanks, and take care!", ending=True) == []


@pytest.mark.parametrize(
    ("reply", "mended"),
    [
        ("Got it. How often? And why? Tell me.", "Got it. How often?"),
        ("كيف حالك؟ ولماذا؟", "كيف حالك؟"),
        ("你好吗？为什么？", "你好吗？"),
        ("Oh?!? Really? Hm.", "Oh?!?"),
        ("Look at https://x.example/?q=1. How was it? And then?",
         "Look at https://x.example/?q=1. How was it?"),
    ],
)  # fmt: skip
def test_repair_keeps_everything_up_to_the_first_question(reply: str, mended: str) -> None:
    """What stands behind it goes."""
    assert repair(reply, ending=False) == mended
    assert wrong(mended) == []


@pytest.mark.parametrize(
    ("reply", "mended"),
    [
        ("Thanks! Anything else? Take care.", "Thanks! Take care."),
        ("谢谢你！还有吗？再见。", "谢谢你！ 再见。"),
        ("Anything else?", ""),
    ],
)
def test_repair_takes_the_questions_out_of_a_goodbye(reply: str, mended: str) -> None:
    """The rest stays, if there is any."""
    assert repair(reply, ending=True) == mended


def test_what_cannot_be_mended_stays_a_breach() -> None:
    """Then the caller says something else."""
    assert wrong(repair("How often?And where?", ending=False))
    assert wrong(repair("My checklist says so.", ending=False))


def test_control_characters_are_dropped() -> None:
    """PostgreSQL takes no NUL and UTF-8 no half of a pair; line breaks and emoji stay."""
    assert cleaned(" Hi\x00\x1b there\ud83d!\n\u200bOK 😊 ") == "Hi there!\n\u200bOK 😊"
