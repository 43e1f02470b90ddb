"""What a message to a participant must look like, whatever the model says.

Every rule is checked by code before anything is composed. What counts:

- a sentence: as `manners.sentences` tells them. A greeting at the start ("Hi Sam!") is none.
- a question: as `manners.asking` counts them, with a mark or without, two under one mark included.
- the language: only what is certain (`language`).

A reply has four kilobytes at most of anybody's attention: what stands behind is not looked at, and
is too long anyway. So hostile output costs no more than that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from mesh_agent.language import expected_instead
from mesh_agent.manners.addresses import unknown_address
from mesh_agent.manners.asking import asking, asks
from mesh_agent.manners.courtesies import thanks
from mesh_agent.manners.layout import has_label, is_form, placeholder
from mesh_agent.manners.mending import MAX_LENGTH, MAX_SENTENCES, Mending, counted
from mesh_agent.manners.sentences import (
    BOUND,
    REPEATED,
    Shingle,
    alike,
    sentences,
    shingles,
    weight,
    words,
)
from mesh_agent.manners.wording import field_named, service, talk_of_tools, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAK = 8
"""So many words in a row of a secret text are no coincidence."""

_RECENT = 40
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_QUOTED = re.compile(r"[\"\u201c\u00ab][^\"\u201d\u00bb]*[\"\u201d\u00bb]")
_SAYS_SOMETHING = re.compile(r"[^\W_]")


class Rule(StrEnum):
    """The rules, by the names under which their breaches are counted."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY_SENTENCES = "too_many_sentences"
    SEVERAL_QUESTIONS = "several_questions"
    QUESTION_IN_GOODBYE = "question_in_goodbye"
    LIST = "list"
    LABEL = "label"
    PLACEHOLDER = "placeholder"
    TRADE_TALK = "trade_talk"
    FIELD_NAME = "field_name"
    LEAK = "leak"
    LINK = "link"
    ASKS_ANSWERED = "asks_answered"
    REPEATS_ITSELF = "repeats_itself"
    WRONG_LANGUAGE = "wrong_language"
    OFFERS_SERVICE = "offers_service"
    JUDGING = "judging"

    @property
    def blocking(self) -> bool:
        """Whether a reply that breaks the rule must not be sent.

        What does not block is named to the model, once.
        """
        return self is not Rule.JUDGING


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken rule.

    Attributes:
        rule: which one.
        told: what the model is told about it, in plain words.
    """

    rule: Rule
    told: str


@dataclass(frozen=True, slots=True)
class Said:
    """An earlier message of ours, and the field it asked about, if any."""

    text: str
    asked: str | None = None


@dataclass(frozen=True)
class ReplyContext:
    """What a reply is checked against.

    Attributes:
        fields: the names of the schema.
        ending: whether the reply is a goodbye, which asks nothing.
        asked: the field that the model says it asks about.
        settled: the fields about which nothing is to be asked any more: extracted, refused, given
            up. Those that this very turn settles belong to them.
        said: our earlier messages, the latest last.
        heard: what the participant wrote lately, the latest last.
        public: what the researcher wrote for participants' ears or about the study: brief, opening,
            support text. Its words and addresses may be used.
        secret: what must not be told word for word: the rules, the researcher's instructions. What
            stands there in quotation marks is meant to be said. The descriptions of fields are no
            secrets: many are the very question.
        language: the participant's (BCP 47), as far as it is known.
        campaign_language: the campaign's; the opening is expected in it.
    """

    fields: tuple[str, ...] = ()
    ending: bool = False
    asked: str | None = None
    settled: frozenset[str] = frozenset()
    said: tuple[Said, ...] = ()
    heard: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    language: str | None = None
    campaign_language: str | None = None

    @cached_property
    def topics(self) -> str:
        """The words that may be used because others use them, in small letters."""
        return "\n".join((*self.public, *self.heard)).casefold()

    @cached_property
    def told_by_researcher(self) -> str:
        """The part of them that the researcher uses."""
        return "\n".join(self.public).casefold()

    @cached_property
    def earlier(self) -> list[list[str]]:
        """The sentences of our earlier messages, as words."""
        return [words(s) for said in self.said[-_RECENT:] for s in self.parts(said.text)]

    @cached_property
    def answered(self) -> list[tuple[str, list[str]]]:
        """The questions that are answered, as words, each with its field."""
        return [
            (said.asked, words(question))
            for said in self.said[-_RECENT:]
            if said.asked in self.settled and said.asked is not None
            for question in asking(self.parts(said.text))
        ]

    def parts(self, text: str) -> list[str]:
        """The sentences of a text."""
        return sentences(text, self.spoken)

    @property
    def spoken(self) -> str | None:
        """The language of the chat, as far as it is known."""
        return self.language or self.campaign_language

    @property
    def last_heard(self) -> str:
        """What the participant wrote last."""
        return self.heard[-1] if self.heard else ""


def cleaned(reply: str) -> str:
    """The reply without what no person writes and no database takes: control characters.

    Nor is it put into quotation marks as a whole.
    """
    text = _CONTROL.sub("", reply).strip()
    whole = _QUOTED.fullmatch(text)
    return text[1:-1].strip() if whole else text


def breaches(reply: str, context: ReplyContext) -> list[Breach]:
    """The rules that a reply breaks, in the order of `Rule`; none if it may be sent."""
    text = reply[:BOUND]
    if not _SAYS_SOMETHING.search(text):
        return [Breach(Rule.EMPTY, "the reply is empty")]
    parts = context.parts(text)
    found = [*_of_shape(reply, text, parts, context), *_of_words(text, parts, context)]
    if told := expected_instead(text, context.heard, context.language, context.campaign_language):
        found.append(Breach(Rule.WRONG_LANGUAGE, _LANGUAGE.format(told)))
    order = list(Rule)
    return sorted(found, key=lambda breach: order.index(breach.rule))


def repair(reply: str, context: ReplyContext) -> str:
    """The reply with what can be mended plainly mended. What cannot stays; `breaches` tells.

    Markdown, lists, labels and placeholders are made plain. A sentence that breaks a rule goes if
    it asks nothing and others remain. What stands behind the first question goes, and the second
    half of a double question; from a goodbye go the questions. Of too many sentences the first and
    the last stay. The result never breaks `several_questions`, `question_in_goodbye`, `list`,
    `too_long` or `too_many_sentences`, if need be by being empty.
    """

    def breaks(sentence: str) -> bool:
        found = [*_of_words(sentence, [sentence], context)]
        return any(breach.rule is not Rule.ASKS_ANSWERED for breach in found)

    mending = Mending(breaks, context.ending, context.last_heard, context.spoken)
    return mending.mended(cleaned(reply))


_LANGUAGE = "the reply is not in the language that the person writes in ({})"


def _of_shape(reply: str, text: str, parts: list[str], context: ReplyContext) -> Iterator[Breach]:
    if len(reply) > MAX_LENGTH:
        yield Breach(Rule.TOO_LONG, f"the reply is longer than {MAX_LENGTH} characters")
    if counted(parts) > MAX_SENTENCES:
        yield Breach(Rule.TOO_MANY_SENTENCES, f"the reply has more than {MAX_SENTENCES} sentences")
    number = sum(map(asks, parts))
    if number > 1:
        yield Breach(Rule.SEVERAL_QUESTIONS, "the reply asks more than one question")
    if context.ending and number:
        yield Breach(Rule.QUESTION_IN_GOODBYE, "a goodbye asks no question")
    if is_form(text, context.last_heard):
        yield Breach(Rule.LIST, "the reply holds a list, numbering or markdown")
    if has_label(text):
        yield Breach(Rule.LABEL, "the reply names its speaker; write only the message itself")
    if found := placeholder(text):
        yield Breach(Rule.PLACEHOLDER, f"the reply holds a placeholder: {found}")


def _of_words(text: str, parts: list[str], context: ReplyContext) -> Iterator[Breach]:
    if found := talk_of_tools(text, context.topics, context.told_by_researcher):
        yield Breach(Rule.TRADE_TALK, f'the reply talks of the tools behind the chat: "{found}"')
    if found := field_named(text, context.fields, context.topics):
        yield Breach(Rule.FIELD_NAME, f'the reply holds the name of a field: "{found}"')
    if _leaks(text, context):
        yield Breach(Rule.LEAK, "the reply tells your instructions word for word")
    if found := unknown_address(text, context.topics):
        yield Breach(
            Rule.LINK, f'the reply holds an address or number that nobody gave you: "{found}"'
        )
    yield from _of_memory(parts, context)
    if found := next(filter(None, map(service, parts)), None):
        yield Breach(
            Rule.OFFERS_SERVICE, f'the reply offers help: "{found}"; you are the one who asks'
        )
    if found := next(filter(None, map(verdict, parts)), None):
        yield Breach(Rule.JUDGING, f'the reply judges or leads: "{found}"; stay neutral')


def _of_memory(parts: list[str], context: ReplyContext) -> Iterator[Breach]:
    asking_parts = asking(parts)
    if field := _asked_again(asking_parts, context):
        yield Breach(Rule.ASKS_ANSWERED, f"{field} is settled: do not ask about it again")
    if found := next((part for part in parts if _was_said(part, context)), None):
        yield Breach(
            Rule.REPEATS_ITSELF, f'you have written this before: "{found}"; put it differently'
        )


def _asked_again(found: list[str], context: ReplyContext) -> str | None:
    """The settled field that a question is about, None if there is none."""
    if found and context.asked in context.settled:
        return context.asked
    for question in map(words, found):
        if weight(question) < REPEATED:
            continue
        for field, earlier in context.answered:
            if alike(question, earlier):
                return field
    return None


def _was_said(sentence: str, context: ReplyContext) -> bool:
    """Whether the sentence stands in an earlier message of ours; words of thanks may."""
    found = words(sentence)
    if weight(found) < REPEATED or thanks(sentence):
        return False
    return any(alike(found, earlier) for earlier in context.earlier)


def _leaks(text: str, context: ReplyContext) -> bool:
    told = shingles(text, _LEAK)
    if not told or not context.secret:
        return False
    public = frozenset[Shingle]().union(*map(_runs, context.public))
    return any(not (told & _runs(secret)) <= public for secret in context.secret)


@lru_cache(maxsize=64)
def _runs(text: str) -> frozenset[Shingle]:
    """The runs of words of a text, but for what it holds in quotation marks.

    A handful of texts per campaign, the same for every reply: so they are kept.
    """
    return frozenset[Shingle]().union(
        *(shingles(part, _LEAK, bound=len(part)) for part in _QUOTED.split(text))
    )
