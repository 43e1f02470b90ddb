"""What a call costs, by the price list that comes with genai-prices. It never asks the network."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import Usage

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider

    from mesh_agent.models.protocol import Answer

_IDS = {"gemini": "google"}
"""Where the list calls a provider otherwise than we do."""


def is_known(provider: str, model: str) -> bool:
    """Whether the list has a price for the model."""
    return _listed(provider, model) is not None


def priced(answer: Answer, provider: str, *, audio_tokens: int = 0) -> Answer:
    """The answer with what it costs at the moment; without, where the price is not known.

    Args:
        answer: the answer; its model may be named by the provider's word or by ours.
        provider: who serves the model: `gemini`, or the provider's name in MESH_MODEL.
        audio_tokens: those of the input tokens that are audio.
    """
    listed = _listed(provider, answer.model)
    if listed is None:
        return answer
    found, info = listed
    usage = Usage(input_tokens=answer.input_tokens, output_tokens=answer.output_tokens)
    if answer.cached_tokens:
        usage.cache_read_tokens = answer.cached_tokens
    if audio_tokens:  # what is cached is the beginning, which is text
        usage.input_audio_tokens, usage.cache_audio_read_tokens = audio_tokens, 0
    try:
        return replace(answer, cost_usd=float(info.calc_price(usage, found).total_price))
    except ValueError:  # counts that contradict each other
        return answer


@lru_cache(maxsize=64)
def _listed(provider: str, model: str) -> tuple[Provider, ModelInfo] | None:
    try:
        return get_snapshot().find_provider_model(model, None, _IDS.get(provider, provider), None)
    except LookupError:
        return None
