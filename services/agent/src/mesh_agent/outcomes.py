"""Code decides whether a conversation ends: what counts as a reason, and whose words give it.

To end an interview on a misunderstanding loses somebody who was glad to talk; to miss an opt-out
does worse, it goes on bothering somebody who asked for peace. So:

- An end that the participant is said to want, or to need, rests on words of a message that waits
  for an answer. What was dealt with in an earlier turn is no reason any more.
- The model judges what those words mean. Code only sees that they were said, so that a paraphrase
  of the model's own making ends nothing. It does not matter in which waiting message they stand: a
  miscounted number must not cost an opt-out.
- One word out of a longer sentence ("stop" of "I stop there twice a week") is how look-alikes are
  misread. The model is told so once and may quote more of it, or think again; if it insists, it is
  believed.
- Words without any sound of refusal are asked about once in the same way: small models take plain
  answers for distress or an opt-out.
- Orders to the machine and fake system messages count here like any other words: whoever writes
  them may still want to be left alone, or be in distress.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal, assert_never

from pydantic import BaseModel

from mesh_agent.quoting import count_words, stands_in
from mesh_agent.unwilling import sounds_unwilling
from meshcore.domain.distress import plain_distress
from meshcore.domain.events import EndReason
from meshcore.domain.optout import asks_to_stop
from meshcore.domain.schema import Rejected
from meshcore.domain.wording import clauses, words

if TYPE_CHECKING:
    from meshcore.domain.conversation import Conversation, Message
    from meshcore.domain.wording import Words

Outcome = Literal["continue", "complete", "opted_out", "declined", "distress", "inappropriate"]


class Because(BaseModel):
    """The participant's words that an outcome rests on, as the model quotes them."""

    quote: str = ""
    message: int = 0


def check_outcome(
    outcome: Outcome, because: Because | None, conversation: Conversation, *, told: bool = False
) -> EndReason | Rejected | None:
    """Why the conversation ends; None if it goes on; or why the claimed end does not count.

    Whether a complete interview really is complete is not looked at here.

    Args:
        outcome: what the model makes of the participant's messages.
        because: the words that it rests on.
        conversation: with the messages that wait for an answer.
        told: whether the model was already told what speaks against this very outcome.
    """
    match outcome:
        case "continue":
            return None
        case "complete":
            return EndReason.COMPLETED
        case "opted_out" | "declined" | "distress" | "inappropriate":
            problem = _problem(outcome, because, conversation.unanswered, told=told)
            return Rejected(problem) if problem else EndReason(outcome)
        case _:
            assert_never(outcome)


def _problem(
    outcome: Outcome, because: Because | None, waiting: tuple[Message, ...], *, told: bool
) -> str | None:
    """What speaks against the claim, in words that the model understands."""
    quote = because.quote if because else ""
    if not count_words(quote):
        return f'outcome "{outcome}" needs the person\'s words in "because"'
    said_in = [m for m in waiting if _is_said(quote, m.words)]
    if not said_in:
        return (
            f'outcome "{outcome}": the quote in "because" is in none of the person\'s new messages'
        )
    if told or any(_shows_it(m.words) for m in said_in):
        return None
    if not any(sounds_unwilling(m.words) for m in said_in):
        return (
            f'outcome "{outcome}": read the quote again; if it does not plainly show that, it is'
            ' an answer like any other: "continue"'
        )
    if count_words(quote) > 1 or any(_is_said_alone(quote, m.words) for m in said_in):
        return None
    return (
        f'outcome "{outcome}": one word of a longer sentence is no ground to end the chat; quote'
        ' all that the person asks for or, if the word means something else, "continue"'
    )


def _shows_it(text: str) -> bool:
    """Whether code sees it too, without judgement."""
    return asks_to_stop(text) or plain_distress(text)


def _is_said(quote: str, text: str) -> bool:
    """Whether the quoted words were said, spelling (accents, apostrophes) aside."""
    return stands_in(quote, text) or _runs_through(words(quote), words(text))


def _runs_through(run: Words, said: Words) -> bool:
    return bool(run) and any(
        said[at : at + len(run)] == run for at in range(len(said) - len(run) + 1)
    )


def _is_said_alone(quote: str, text: str) -> bool:
    """Whether the word is all that its sentence says."""
    sentences = groupby(clauses(text), key=lambda clause: clause.sentence)
    spoken = (tuple(w for clause in sentence for w in clause.words) for _, sentence in sentences)
    return words(quote) in spoken
