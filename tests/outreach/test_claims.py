"""What a message may be of what Twilio lists, case by case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mesh_outreach.alike import claim
from mesh_outreach.twilio import Listed
from meshcore.domain.conversation import Message, SendStatus
from meshcore.domain.events import MessageKind
from meshcore.domain.study import Template

TEMPLATE = Template(content_sid="HX" + "0" * 32)


def message(
    text: str,
    position: int = 1,
    *,
    template: Template | None = None,
    status: SendStatus = SendStatus.SENDING,
    sid: str | None = None,
) -> Message:
    """A message of the agent."""
    return Message(
        f"m{position}", position, "agent", text, datetime(2026, 1, 1, tzinfo=UTC), status,
        kind=MessageKind.OPENING, template=template, sid=sid,
    )  # fmt: skip


def listed(**bodies: str) -> list[Listed]:
    """What Twilio lists, by SID."""
    return [Listed(sid, body) for sid, body in bodies.items()]


@pytest.mark.parametrize(
    ("text", "template", "sids"),
    [
        ("Hi there", None, ["SM2"]),
        ("Hi there", TEMPLATE, ["SM1", "SM2"]),
        ("Hi\nthere", None, []),
        ("Hi\nthere ", TEMPLATE, ["SM1", "SM2"]),
        ("Caf\u0065\u0301?", TEMPLATE, ["SM3"]),
        ("Good day", None, []),
        ("Good day", TEMPLATE, ["SM1", "SM2", "SM3"]),
    ],
)
def test_words_are_compared_exactly_and_those_of_templates_as_they_are_read(
    text: str, template: Template | None, sids: list[str]
) -> None:
    """A template that nobody quoted rightly may be anything that nobody else said."""
    there = listed(SM1="Hi  there", SM2="Hi there", SM3="Café?")
    assert claim(message(text, template=template), [], there).sids == sids


def test_what_is_known_or_explained_by_another_message_is_not_ours() -> None:
    """A SID on the log, and the words of whatever else was composed for the participant."""
    others = [
        message("Any time", 2, status=SendStatus.DELIVERED, sid="SM1"),
        message("In own words", 3),
        message("By  template", 4, template=TEMPLATE),
    ]
    there = listed(SM1="Any time", SM2="In own words", SM3="By template", SM4="What is this?")
    found = claim(message("Misquoted", 9, template=TEMPLATE), others, there)
    assert (found.sids, found.rivals) == (["SM4"], [])


def test_misquoted_templates_share_out_what_nobody_explains() -> None:
    """In the order of the log, and only among those that are not settled."""
    first, second = (message(f"Misquoted {n}", n, template=TEMPLATE) for n in (1, 2))
    settled = message("Misquoted 0", 0, template=TEMPLATE, status=SendStatus.READ, sid="SM9")
    there = listed(SM1="What is this?")
    of_first = claim(first, [settled, second], there)
    of_second = claim(second, [settled, first], there)
    assert (of_first.rivals, of_second.rivals) == ([second], [first])
    assert (of_first.sid_of(first), of_second.sid_of(second)) == ("SM1", None)
