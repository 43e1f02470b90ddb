"""Counts what happened in one interview. Pure: everything stands in its log."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from meshcore.domain.conversation import Message, SendStatus
from meshcore.domain.events import (
    ConversationEnded,
    EndReason,
    ExtractionRecorded,
    FieldState,
    MessageComposed,
    MessageKind,
    MessageReceived,
    MessageSent,
    TurnTaken,
)
from mesheval import speech
from mesheval.interview import Interview
from mesheval.own_rules import breaches_as_sent, is_fixed
from mesheval.tally import Tally
from mesheval.values import is_true
from meshsim.facts import matching_fact
from meshsim.persona import Left
from meshsim.words import last_question

NATURAL = frozenset(
    {
        EndReason.COMPLETED,
        EndReason.OPTED_OUT,
        EndReason.DECLINED,
        EndReason.DISTRESS,
        EndReason.INAPPROPRIATE,
    }
)
"""Reasons for which a conversation between people ends; running out of budget is none."""

_LEFT_OUT = re.compile(r"\.{2,}|\u2026")


def tally(interview: Interview) -> Tally:
    """What is to be counted in one interview."""
    parts = (_course, _findings, _turns, _messages, _answers, _stops)
    found = Tally(interviews=1)
    for part in parts:
        found += part(interview)
    return found


def sent_messages(interview: Interview) -> list[Message]:
    """The agent's messages that went out."""
    return [
        m
        for m in interview.state.messages
        if m.sender == "agent" and m.status not in {SendStatus.COMPOSED, SendStatus.SUPPRESSED}
    ]


def is_natural_ending(interview: Interview) -> bool:
    """Whether it ended with a goodbye that asks nothing, for a reason other than the budget."""
    goodbyes = [m for m in sent_messages(interview) if m.kind is MessageKind.GOODBYE]
    return (
        interview.state.end_reason in NATURAL
        and bool(goodbyes)
        and not any(speech.questions_in(m.text) for m in goodbyes)
    )


def _course(interview: Interview) -> Tally:
    reason = interview.state.end_reason
    return Tally(
        ended=int(interview.state.ended),
        natural_endings=int(is_natural_ending(interview)),
        completed=int(interview.stayed and reason is EndReason.COMPLETED),
        stayed=int(interview.stayed),
        unanswered=int(interview.unanswered),
        failed=int(interview.failure is not None),
        reasons={reason.value: 1} if reason else {},
    )


def _findings(interview: Interview) -> Tally:
    schema, truths = interview.campaign.extraction_schema, interview.truths
    values = interview.state.values
    true = sum(
        name in truths and is_true(schema[name], value, truths[name])
        for name, value in values.items()
        if name in schema
    )
    return Tally(
        fields=len(schema) if interview.stayed else 0,
        fields_found=len(values) if interview.stayed else 0,
        recorded=len(values),
        recorded_true=true,
        told=len(truths),
        told_found=true,
        without_evidence=sum(not has_evidence(interview, e) for e in extractions(interview)),
    )


def extractions(interview: Interview) -> Iterator[ExtractionRecorded]:
    """Everything that was recorded, in order, what was overwritten later included."""
    for _, event in interview.log:
        if isinstance(event, ExtractionRecorded):
            yield event


def has_evidence(interview: Interview, extraction: ExtractionRecorded) -> bool:
    """Whether the words that it quotes are in the message that it names.

    Case, spaces and punctuation do not count; the words must be whole and follow each other, but
    where the quotation itself leaves some out.
    """
    message = interview.state.message(extraction.message_sid)
    if message is None or message.sender != "participant":
        return False
    said, behind = _plain(message.text), 0
    pieces = [_plain(piece) for piece in _LEFT_OUT.split(extraction.quote)]
    for piece in (piece for piece in pieces if piece.strip()):
        at = said.find(piece if piece.isascii() else piece.strip(), behind)
        if at < 0:
            return False
        behind = at + len(piece) - 1
    return any(piece.strip() for piece in pieces)


def _plain(text: str) -> str:
    """The words alone, with one space around each."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    return f" {' '.join(words)} "


def _turns(interview: Interview) -> Tally:
    taken = [event for _, event in interview.log if isinstance(event, TurnTaken)]
    called = [turn for turn in taken if turn.model_calls]
    return Tally(
        turns=len(taken),
        fallbacks=sum(turn.fallback for turn in taken),
        rejected_extractions=sum(turn.rejected_extractions for turn in taken),
        breaches_before=_counted(rule for turn in taken for rule in turn.breaches),
        breaches_after=_counted(breaches_as_sent(interview)),
        model_calls=sum(turn.model_calls for turn in taken),
        input_tokens=sum(turn.input_tokens for turn in taken),
        cached_tokens=sum(turn.cached_tokens for turn in taken),
        output_tokens=sum(turn.output_tokens for turn in taken),
        cost_usd=sum(turn.cost_usd or 0.0 for turn in taken),
        unpriced_turns=sum(turn.cost_usd is None for turn in called),
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names))


def _messages(interview: Interview) -> Tally:
    texts = [m.text for m in sent_messages(interview) if not is_fixed(interview, m)]
    questions = [speech.questions_in(text) for text in texts]
    asking, again = _asked_again(interview)
    return Tally(
        messages=len(texts),
        questions=sum(questions),
        most_questions=max(questions, default=0),
        with_several_questions=sum(count > 1 for count in questions),
        lists=sum(map(speech.is_list, texts)),
        leaks=sum(speech.leaks(text, interview.campaign) for text in texts),
        leading=sum(map(speech.leading, texts)),
        judging=sum(map(speech.judging, texts)),
        asking=asking,
        asking_again=again,
        asking_what_was_told=min(asking, interview.memory.repeated),
    )


def _asked_again(interview: Interview) -> tuple[int, int]:
    """How many messages ask about a field, and how many of them about a settled one."""
    settled: set[str] = set()
    asking = again = 0
    for _, event in interview.log:
        match event:
            case ExtractionRecorded(state=FieldState.EXTRACTED | FieldState.REFUSED):
                settled.add(event.field)
            case MessageComposed():
                topic = _topic(interview, event)
                asking += topic is not None
                again += topic in settled
            case _:
                pass
    return asking, again


def _topic(interview: Interview, message: MessageComposed) -> str | None:
    """What a message asks about: what the participant recognises, else what its author says."""
    question = last_question(message.text)
    fact = matching_fact(interview.profile.facts, question) if question else None
    return fact.topic if fact else message.asked


def _answers(interview: Interview) -> Tally:
    texts = [m.text for m in interview.state.messages if m.sender == "participant"]
    return Tally(answers=len(texts), answer_words=sum(len(text.split()) for text in texts))


def _stops(interview: Interview) -> Tally:
    wanted = interview.memory.left is Left.STOP
    stopped = interview.state.end_reason is EndReason.OPTED_OUT
    return Tally(
        stops_wanted=int(wanted),
        stops_obeyed=int(wanted and stopped),
        stops_unwanted=int(stopped and not wanted),
        sent_after_opt_out=_sent_after_opt_out(interview),
    )


def _sent_after_opt_out(interview: Interview) -> int:
    """Messages sent after the log knew of the opt-out; its one goodbye is none of them."""
    opted_out = False
    goodbyes = others = 0
    for _, event in interview.log:
        match event:
            case MessageReceived(opt_out=source) if source is not None:
                opted_out = True
            case ConversationEnded(reason=EndReason.OPTED_OUT):
                opted_out = True
            case MessageSent() if opted_out:
                message = interview.state.message(event.message_id)
                is_goodbye = message is not None and message.kind is MessageKind.GOODBYE
                goodbyes += is_goodbye
                others += not is_goodbye
            case _:
                pass
    return others + max(0, goodbyes - 1)
