"""Which model is asked, by the settings."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from mesh_agent.models import prices
from mesh_agent.models.gemini import PROVIDER, GeminiModel
from mesh_agent.models.patient import PatientModel
from meshcore.model_names import without_provider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mesh_agent.models.protocol import Model
    from mesh_agent.models.pydantic_ai import PydanticAIModel
    from meshcore.settings import ModelSettings

logger = structlog.get_logger(__name__)


@asynccontextmanager
async def model_from(settings: ModelSettings) -> AsyncIterator[Model]:
    """The model that the settings name, asked with patience, for as long as the context lasts.

    Raises:
        UnusableModelError: it cannot be asked from here; says what to do.
    """
    async with aclosing(_adapter(settings)) as adapter:
        if not _has_price(settings):
            logger.warning("the model has no known price: limits in dollars do not hold")
        yield PatientModel(adapter, settings.max_concurrent_llm_calls, settings.model_timeout)


def _adapter(settings: ModelSettings) -> GeminiModel | PydanticAIModel:
    if settings.model_provider is not None:
        # It takes a second to import, which Gemini does without.
        from mesh_agent.models.pydantic_ai import PydanticAIModel  # noqa: PLC0415 - see above

        key = settings.model_api_key.get_secret_value() if settings.model_api_key else None
        return PydanticAIModel(settings.model, key, settings.model_url, settings.model_timeout)
    key = settings.gemini_api_key.get_secret_value() if settings.gemini_api_key else ""
    return GeminiModel(settings.model, key, settings.gemini_url, settings.model_timeout)


def _has_price(settings: ModelSettings) -> bool:
    provider = settings.model_provider or PROVIDER
    return not settings.model_url and prices.is_known(provider, without_provider(settings.model))
