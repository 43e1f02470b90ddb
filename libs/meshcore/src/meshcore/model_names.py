"""How models are named: Gemini's by themselves, all others with their provider before them."""

from __future__ import annotations

PROVIDERS = (
    "alibaba",
    "anthropic",
    "cerebras",
    "deepseek",
    "fireworks",
    "groq",
    "mistral",
    "moonshotai",
    "nebius",
    "ollama",
    "openai",
    "openrouter",
    "ovhcloud",
    "sambanova",
    "together",
    "vercel",
)
"""Who serves models besides Google, by PydanticAI's names. A key is all that they ask for."""

WITH_URL = frozenset({"ollama", "openai"})
"""Whose API others offer too, at an address of their own."""


def checked(name: str) -> str:
    """The name, if it is one.

    Raises:
        ValueError: it is not; says why, without the name.
    """
    provider, colon, rest = name.partition(":")
    if provider.startswith("google"):
        raise ValueError("Gemini models are named without a provider")
    if not colon and not name.startswith("gemini-"):
        raise ValueError("the provider is missing; for instance openai:gpt-5-mini")
    if colon and provider not in PROVIDERS:
        raise ValueError(f"unknown provider; known are {', '.join(PROVIDERS)}")
    if colon and not rest:
        raise ValueError("no model behind the provider")
    return name


def provider_of(name: str) -> str | None:
    """Who serves the model; None for Google."""
    provider, colon, _ = name.partition(":")
    return provider if colon else None


def without_provider(name: str) -> str:
    """The model's name as its provider knows it."""
    return name.partition(":")[2] or name
