"""What calls cost, by a list that lies on the disk."""

from __future__ import annotations

import socket
from typing import NoReturn

import pytest

from mesh_agent.models import prices
from mesh_agent.models.protocol import Answer
from meshcore.model_names import PROVIDERS


def answer(model: str, read: int = 0, written: int = 0, cached: int = 0) -> Answer:
    """An answer with what it used."""
    return Answer("{}", model, read, written, cached)


@pytest.mark.parametrize(
    ("provider", "model", "usd"),
    [
        ("gemini", "gemini-2.5-flash", 0.30 + 2.50),
        ("gemini", "gemini-2.5-flash-lite", 0.10 + 0.40),
        ("openai", "gpt-4.1-mini", 0.40 + 1.60),
        ("anthropic", "claude-haiku-4-5", 1.00 + 5.00),
    ],
)
def test_a_known_model_costs_what_its_provider_lists(provider: str, model: str, usd: float) -> None:
    """Here for 100,000 tokens read and as many written."""
    found = prices.priced(answer(model, 100_000, 100_000), provider).cost_usd
    assert found == pytest.approx(usd / 10)
    assert prices.is_known(provider, model)


@pytest.mark.parametrize("model", ["gemini-3.5-flash-lite", "gemini-2.5-flash-preview-09-2025"])
def test_other_names_and_the_next_generation_have_a_price(model: str) -> None:
    """As the provider writes them into its answers."""
    assert prices.priced(answer(model, 1_000, 100), "gemini").cost_usd


@pytest.mark.parametrize(
    ("provider", "model"),
    [("ollama", "llama3.1:8b"), ("gemini", "gemini-99"), ("openai", "mine"), ("gemini", "")],
)
def test_what_is_not_listed_has_no_price(provider: str, model: str) -> None:
    """It is not free: nobody knows. A computer of one's own costs something too."""
    assert prices.priced(answer(model, 1_000, 100), provider).cost_usd is None
    assert not prices.is_known(provider, model)


def test_a_provider_does_not_get_another_ones_price() -> None:
    """A model is known by its name and by who serves it."""
    assert not prices.is_known("openai", "gemini-2.5-flash")


def test_cached_and_spoken_tokens_have_their_own_price() -> None:
    """Each is a part of what was read, and counted once."""
    found = prices.priced(answer("gemini-2.5-flash", 3_000, 0, 2_000), "gemini", audio_tokens=900)
    assert found.cost_usd == pytest.approx((100 * 0.30 + 900 * 1.00 + 2_000 * 0.03) / 1e6)


def test_counts_that_contradict_each_other_have_no_price() -> None:
    """A provider's mistake is no reason to lose its answer."""
    assert prices.priced(answer("gemini-2.5-flash", 10, 0, 20), "gemini").cost_usd is None


@pytest.mark.parametrize("provider", ["gemini", *PROVIDERS])
def test_nobody_is_asked_for_a_price(monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    """The list is the installed one, whatever the network says."""

    def refuse(*_: object) -> NoReturn:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    prices._listed.cache_clear()
    prices.priced(answer("gemini-2.5-flash", 10, 10), provider)
