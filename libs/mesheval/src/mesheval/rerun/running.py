"""Conversations run again, several at once; and before that, what it is going to take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from mesh_agent.interviewer import Interviewer
from mesh_agent.models.prices import priced
from mesh_agent.models.protocol import Answer, Model
from meshcore.domain.campaign import Campaign
from meshcore.domain.schema import FieldSpec
from meshcore.domain.usage import Usage
from meshcore.errors import MeshError
from meshcore.model_names import provider_of, without_provider
from meshcore.replay.log import Log
from mesheval.rerun.again import Question, Rerun, recorded_usage, run_again
from mesheval.rerun.differences import total_usage
from mesheval.rerun.history import read_campaign, read_history


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise than it was; what is None stays.

    Attributes:
        schema: the fields.
        instructions: the further instructions; empty for none.
    """

    schema: dict[str, FieldSpec] | None = None
    instructions: str | None = None

    def of(self, campaign: Campaign) -> Campaign:
        """The campaign as it would be."""
        instructions = campaign.system_prompt_override
        return replace(
            campaign,
            extraction_schema=campaign.extraction_schema if self.schema is None else self.schema,
            system_prompt_override=instructions if self.instructions is None else self.instructions,
        )


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is to run again.

    Attributes:
        campaign: as the log has it; one that does not exist, if the log knows nothing of it.
        answered: in how many conversations somebody answered.
        drawn: how many of them were looked at.
        conversations: those to be run again.
        erased: how many are left out, since their words were erased.
        decisions: how often the agent has to decide again, about as often as the model is asked.
        usage: what these decisions took, by the log.
    """

    campaign: Campaign
    answered: int = 0
    drawn: int = 0
    conversations: tuple[str, ...] = ()
    erased: int = 0
    decisions: int = 0
    usage: Usage = field(default_factory=Usage)

    def dollars(self, model: str) -> float | None:
        """What it would cost with this model; None where its price is not known."""
        tokens = self.usage.input_tokens, self.usage.output_tokens
        answer = Answer("", without_provider(model), *tokens)
        return priced(answer, provider_of(model) or "gemini").cost_usd


async def survey(log: Log, campaign: str, change: Change, question: Question, most: int) -> Survey:
    """Looks at what there is.

    Args:
        log: where the conversations are.
        campaign: whose.
        change: what is to be otherwise.
        question: what is wanted.
        most: how many conversations at most.

    Raises:
        LogUnavailableError: no answer in time.
        MalformedCommitError: an event does not fit this version's catalogue.
    """
    logged = await read_campaign(log, campaign)
    study, found, usages, decisions = change.of(logged.campaign), [], list[Usage](), 0
    drawn = logged.drawn(most)
    for conversation in drawn:
        history = await read_history(log, campaign, conversation)
        if history.erased:
            continue
        usage, count = recorded_usage(history, study, question)
        found.append(conversation)
        usages.append(usage)
        decisions += count
    return Survey(
        campaign=logged.campaign,
        answered=len(logged.answered),
        drawn=len(drawn),
        conversations=tuple(found),
        erased=len(drawn) - len(found),
        decisions=decisions,
        usage=total_usage(usages),
    )


async def rerun(  # noqa: PLR0913 - what a rerun is made of
    log: Log,
    conversations: Sequence[str],
    study: Campaign,
    model: Model,
    question: Question,
    *,
    concurrency: int,
    finished: Callable[[Rerun], None],
) -> None:
    """Runs the conversations again, `concurrency` at a time. Nothing is written to the log.

    `finished` is told of each as soon as it is done; what it raises ends all of it. A conversation
    that cannot be read, or whose model fails, is told as one that broke off.
    """
    gate, interviewer = asyncio.Semaphore(concurrency), Interviewer(model)

    async def one(conversation: str) -> None:
        async with gate:
            finished(await _one(log, conversation, study, interviewer, question))

    tasks = [asyncio.create_task(one(conversation)) for conversation in conversations]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _one(
    log: Log, conversation: str, study: Campaign, interviewer: Interviewer, question: Question
) -> Rerun:
    try:
        history = await read_history(log, study.id, conversation)
    except MeshError as error:
        return Rerun(conversation, failure=f"{type(error).__name__}: {error}")
    return await run_again(history, study, interviewer, question)
