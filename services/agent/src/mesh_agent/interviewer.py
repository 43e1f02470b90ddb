"""The interviewer: asks the model for a turn, at most twice, and makes a proposal of the answers.

The model's first answer is checked; what is wrong with it is named to the model once. What is still
wrong then is mended, replaced or left out by code (`conclusions.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh_agent.conclusions import (
    Case,
    conclude_courtesy,
    conclude_opening,
    conclude_turn,
    farewell,
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
from meshcore.domain.events import EndReason, TurnTaken
from meshcore.domain.study import rendered
from meshcore.domain.turns import Proposal, missing_fields, said_courtesy
from meshcore.errors import UnusableAnswerError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from mesh_agent.models.protocol import Answer, Model, Prompt
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation

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
        """The one answer to what comes after the end; then nothing, and without the model."""
        if said_courtesy(conversation):
            return Proposal(reply=None)

        async def attempt(drafts: Sequence[Draft]) -> Draft:
            answer = await self._ask(late_prompt(campaign, conversation, _told(drafts)))
            return draft_of_courtesy(answer, campaign, conversation, drafts)

        return conclude_courtesy(Case(await _twice(attempt), campaign, conversation))

    async def _ask(self, prompt: Prompt) -> Answer:
        return await self._model.generate(prompt)


def out_of_money(campaign: Campaign, conversation: Conversation) -> Proposal:
    """A warm ending with what there is, without the model."""
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


async def _twice(attempt: Callable[[Sequence[Draft]], Awaitable[Draft]]) -> list[Draft]:
    """One draft, or two if there was something wrong with the first."""
    drafts: list[Draft] = []
    while len(drafts) < 1 or (len(drafts) == 1 and _told(drafts)):
        try:
            drafts.append(await attempt(drafts))
        except UnusableAnswerError:
            drafts.append(UNREADABLE)
    return drafts


def _told(drafts: Sequence[Draft]) -> list[str]:
    """What the model hears of its last attempt."""
    return drafts[-1].told if drafts else []
