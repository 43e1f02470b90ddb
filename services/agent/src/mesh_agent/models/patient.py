"""Patience with a model.

How many calls run at once, and when to try again. The same for every provider.
"""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import stamina
from prometheus_client import Counter, Gauge

from meshcore.errors import ModelError, UnusableAnswerError

if TYPE_CHECKING:
    from mesh_agent.models.protocol import Answer, Model, Prompt

_ATTEMPTS = 4
_LONGEST_WAIT = 60.0

_CALLS = Counter("mesh_model_calls_total", "Calls to the model", ["outcome"])
_TOKENS = Counter("mesh_model_tokens_total", "Tokens of answered calls", ["kind"])
_COST = Counter("mesh_model_cost_usd_total", "US dollars of answered calls, where known")
_RUNNING = Gauge("mesh_model_calls_running", "Calls to the model under way")


class PatientModel:
    """A model that is asked again when that can help, by no more callers at once than it bears."""

    def __init__(self, model: Model, concurrency: int, timeout: float) -> None:
        """Wraps a model.

        Args:
            model: what to ask.
            concurrency: how many calls run at once.
            timeout: seconds after which an attempt is given up, whatever the adapter does.
        """
        self._model = model
        self._slots = asyncio.Semaphore(concurrency)
        self._timeout = timeout

    async def generate(self, prompt: Prompt) -> Answer:
        """Asks, again if need be: as the provider demands, else with a growing pause.

        Raises:
            ModelError: the last attempt's error; an UnusableAnswerError also if it answered, but
                not with JSON.
        """
        async for attempt in stamina.retry_context(
            on=_pause, attempts=_ATTEMPTS, wait_initial=0.5, wait_max=8.0, timeout=_LONGEST_WAIT
        ):
            with attempt:
                return await self._attempt(prompt)
        raise AssertionError("unreachable: the loop returns or raises")

    async def _attempt(self, prompt: Prompt) -> Answer:
        async with self._slots:
            _RUNNING.inc()
            try:
                async with asyncio.timeout(max(self._timeout, prompt.seconds) + 1):
                    answer = await self._model.generate(prompt)
                    _check(answer)
            except TimeoutError:
                _CALLS.labels("timeout").inc()
                raise ModelError("no answer in time") from None
            except UnusableAnswerError:
                _CALLS.labels("unusable").inc()
                raise
            except ModelError:
                _CALLS.labels("error").inc()
                raise
            finally:
                _RUNNING.dec()
        _count(answer)
        return answer


def _check(answer: Answer) -> None:
    try:
        json.loads(answer.text)
    except ValueError:
        raise UnusableAnswerError("not JSON") from None


def _count(answer: Answer) -> None:
    _CALLS.labels("answered").inc()
    _TOKENS.labels("read").inc(max(answer.input_tokens - answer.cached_tokens, 0))
    _TOKENS.labels("cached").inc(answer.cached_tokens)
    _TOKENS.labels("written").inc(answer.output_tokens)
    _COST.inc(answer.cost_usd or 0.0)


def _pause(error: Exception) -> bool | timedelta:
    """Whether to try again, and after how long if the provider said so."""
    if not isinstance(error, ModelError) or not error.retryable:
        return False
    if isinstance(error, UnusableAnswerError):
        return timedelta(0)  # who answered has time; only the answer was bad luck
    if error.retry_after is None:
        return True
    return timedelta(seconds=error.retry_after) if error.retry_after <= _LONGEST_WAIT else False
