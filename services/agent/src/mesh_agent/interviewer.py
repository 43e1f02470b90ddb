"""The interviewer: asks the model for a turn, at most twice, and makes a proposal of the answers.

The model's first answer is checked; what is wrong with it is named to the model once. What is still
wrong then is mended, replaced or left out by code (`conclusions.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import dropwhile
from typing import TYPE_CHECKING

from mesh_agent.conclusions import (
    Case,
    conclude_courtesy,
    conclude_opening,
    conclude_turn,
    farewell,
    is_distressing,
)
from mesh_agent.drafts import (
    UNREADABLE,
    Draft,
    draft_of_courtesy,
    draft_of_opening,
    draft_of_turn,
)
from mesh_agent.phrases import Phrase, say, variants
from mesh_agent.prompt import late_prompt, opening_prompt, turn_prompt
from mesh_agent.reply_context import language_with
from meshcore.domain.events import EndReason, MessageKind, TurnTaken
from meshcore.domain.study import rendered
from meshcore.domain.turns import Proposal, missing_fields
from meshcore.errors import ModelError, UnusableAnswerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh_agent.models.protocol import Answer, Model, Prompt
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation

Attempt = Callable[["Sequence[Draft]"], Awaitable[Draft]]
"""Asks for a draft, given those before it."""

_LATE = 5
"""Messages after the courtesy that the model still reads."""

_INSIST = 2
"""How often in a row somebody is asked to type what nobody can read."""


class Interviewer:
    """Turns the state of a conversation into a proposal. Holds no state of its own.

    Every method that asks the model raises `ModelError` while it cannot be reached. A model that
    answers, however badly, is worked around.
    """

    def __init__(self, model: Model) -> None:
        self._model = model

    async def opening(self, campaign: Campaign, conversation: Conversation) -> Proposal:
        """The first message of a conversation: the campaign's own words, else the model's."""
        fixed = campaign.opening
        if fixed is not None:
            return Proposal(rendered(fixed), template=fixed.template)

        async def attempt(drafts: Sequence[Draft]) -> Draft:
            answer = await self._ask(opening_prompt(campaign, conversation, _told(drafts)))
            return draft_of_opening(answer, campaign, conversation)

        return conclude_opening(Case(await _twice(attempt), campaign, conversation))

    async def turn(self, campaign: Campaign, conversation: Conversation) -> Proposal:
        """The answer to everything that the participant wrote since the last turn."""

        async def attempt(drafts: Sequence[Draft]) -> Draft:
            answer = await self._ask(turn_prompt(campaign, conversation, _told(drafts)))
            return draft_of_turn(answer, campaign, conversation, drafts)

        return conclude_turn(Case(await _twice(attempt), campaign, conversation))

    async def courtesy(self, campaign: Campaign, conversation: Conversation) -> Proposal:
        """The one answer to what comes after the end.

        Then only an opt-out or distress is answered; after a while without the model's judgement.
        """
        since = _written_since_the_courtesy(conversation)
        if since > _LATE:
            if is_distressing(conversation):
                return farewell(EndReason.DISTRESS, campaign, conversation)
            return Proposal(reply=None)

        async def attempt(drafts: Sequence[Draft]) -> Draft:
            answer = await self._ask(late_prompt(campaign, conversation, _told(drafts)))
            return draft_of_courtesy(answer, campaign, conversation, drafts)

        drafts = await (_once(attempt) if since else _twice(attempt))
        return conclude_courtesy(Case(drafts, campaign, conversation))

    async def _ask(self, prompt: Prompt) -> Answer:
        return await self._model.generate(prompt)


def out_of_money(campaign: Campaign, conversation: Conversation) -> Proposal:
    """A warm ending with what there is, without the model."""
    if is_distressing(conversation):
        return farewell(EndReason.DISTRESS, campaign, conversation)
    schema, limits = campaign.extraction_schema, campaign.limits
    complete = not missing_fields(conversation, schema, limits)
    end = EndReason.COMPLETED if complete else EndReason.OUT_OF_BUDGET
    return farewell(end, campaign, conversation)


def please_type_it(campaign: Campaign, conversation: Conversation) -> Proposal:
    """Asks for words in place of what nobody can read; twice in a row, then no more."""
    language = language_with(campaign, conversation)
    ours = [m.text for m in conversation.messages if m.sender == "agent"]
    asked = variants(Phrase.PLEASE_TYPE_IT, language)
    insisted = len(ours) >= _INSIST and all(text in asked for text in ours[-_INSIST:])
    words = None if insisted else say(Phrase.PLEASE_TYPE_IT, language, ours)
    return Proposal(words, turn=TurnTaken(answers=()))


async def _once(attempt: Attempt, before: Sequence[Draft] = ()) -> list[Draft]:
    """One more draft than there were."""
    try:
        draft = await attempt(before)
    except UnusableAnswerError:
        draft = replace(UNREADABLE, usage=TurnTaken(answers=(), model_calls=1))
    return [*before, draft]


async def _twice(attempt: Attempt) -> list[Draft]:
    """One draft, or two if there was something wrong with the first."""
    drafts = await _once(attempt)
    if not _told(drafts):
        return drafts
    try:
        return await _once(attempt, drafts)
    except ModelError:
        if not drafts[0].reply:
            raise
        return drafts  # they will do; to ask for all of it again would not help the provider


def _written_since_the_courtesy(conversation: Conversation) -> int:
    """How many messages came after the one courtesy; 0 as long as it was not said."""
    late = dropwhile(lambda m: m.kind is not MessageKind.COURTESY, conversation.messages)
    return sum(m.sender == "participant" for m in late)


def _told(drafts: Sequence[Draft]) -> list[str]:
    """What the model hears of its last attempt."""
    return drafts[-1].told if drafts else []
