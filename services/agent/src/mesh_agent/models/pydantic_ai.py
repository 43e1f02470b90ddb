"""Every other provider, through PydanticAI. The only module that knows it; imported when chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_ai import messages
from pydantic_ai.direct import model_request
from pydantic_ai.exceptions import (
    AgentRunError,
    ModelAPIError,
    ModelHTTPError,
    UnexpectedModelBehavior,
    UserError,
)
from pydantic_ai.models import Model, ModelRequestParameters, infer_model
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.providers import Provider, infer_provider_class
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from mesh_agent.models.prices import priced
from mesh_agent.models.protocol import Answer
from meshcore.errors import CannotHearError, ModelError, UnusableAnswerError, UnusableModelError
from meshcore.model_names import without_provider

if TYPE_CHECKING:
    from pydantic_ai.usage import RequestUsage

    from mesh_agent.models.protocol import Prompt

_MAX_OUTPUT_TOKENS = 8_192
"""Thoughts included: some models cannot be told not to have any."""
"""Thoughts included, where a model cannot do without."""

_ANSWER = "answer"
_OLLAMA = "http://localhost:11434/v1"
_PASSING = frozenset({408, 409, 429})
"""Refusals that pass."""

_ABOUT_US = frozenset({401, 403, 404})
"""Refusals that are about our account or the model's name, whatever was sent."""

_CANNOT_SEND = (UserError, NotImplementedError, AssertionError)
"""What PydanticAI raises, by provider, about a recording that its API has no place for."""

_REFUSED = 400
_SERVER_ERROR = 500


class PydanticAIModel:
    """One model of one provider. Must be made inside the event loop.

    Makes one attempt per call: retries, pauses and the cap are its caller's.
    """

    def __init__(
        self, name: str, api_key: str | None, base_url: str | None, timeout: float
    ) -> None:
        """Prepares the client.

        Args:
            name: provider and model, for instance `openai:gpt-5-mini`.
            api_key: the provider's key; None where none is asked for.
            base_url: where an API like OpenAI's is; None for the provider's own address.
            timeout: seconds that one attempt may take.

        Raises:
            UnusableModelError: the provider's own client is not installed, or the provider names
                its models otherwise.
        """
        self._provider_name = name.partition(":")[0]
        self._provider = _provider(self._provider_name, api_key, base_url)
        self._model = _model(name, self._provider)
        self._known_price = base_url is None
        self._timeout = timeout
        self._settings = ModelSettings(
            max_tokens=_MAX_OUTPUT_TOKENS,
            timeout=timeout,
            max_retries=0,
            thinking=False,  # or as little as the model can: it costs seconds
            cache={"messages": False},  # the system text; where a provider does so only when told
        )

    async def generate(self, prompt: Prompt) -> Answer:
        """Asks once. Raises as the protocol says."""
        request = messages.ModelRequest(
            parts=[messages.SystemPromptPart(prompt.system), _user_part(prompt)]
        )
        try:
            response = await model_request(
                self._model,
                [request],
                model_settings=self._settings_for(prompt),
                model_request_parameters=_output(self._model, prompt),
            )
        except AgentRunError as error:
            raise _model_error(error, prompt) from None
        except _CANNOT_SEND as error:
            if prompt.recording is None:
                raise
            raise CannotHearError(type(error).__name__) from None
        except (TimeoutError, OSError, ValueError) as error:
            # ValueError: the answer could not be read. Its text is no business of the logs.
            raise ModelError(f"no answer: {type(error).__name__}") from None
        return self._answer(response)

    def _settings_for(self, prompt: Prompt) -> ModelSettings:
        """The settings, with more room and time for what needs more than usual."""
        usual = self._settings
        most = max(usual["max_tokens"], prompt.most_tokens)
        return usual | ModelSettings(max_tokens=most, timeout=max(self._timeout, prompt.seconds))

    def _answer(self, response: messages.ModelResponse) -> Answer:
        text = _text(response)
        usage: RequestUsage = response.usage
        answer = Answer(
            text=text,
            model=response.model_name or self._model.model_name,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cached_tokens=usage.cache_read_tokens,
        )
        if not self._known_price:  # whoever serves it there asks for what they like
            return answer
        return priced(answer, self._provider_name, audio_tokens=usage.input_audio_tokens)

    async def aclose(self) -> None:
        """Closes the connections."""
        async with self._provider:
            pass  # entered and left, it closes the client that it has made


def _provider(name: str, api_key: str | None, base_url: str | None) -> Provider[object]:
    options = {"api_key": api_key, "base_url": base_url or (_OLLAMA if name == "ollama" else None)}
    if name == "openai" and base_url and not api_key:
        options["api_key"] = "none"  # the client asks for one, the server does not
    try:
        found = infer_provider_class(name)
    except ImportError:
        raise UnusableModelError(
            f"the client of {name} is not installed; pip install 'pydantic-ai-slim[{name}]'"
        ) from None
    return found(**{option: value for option, value in options.items() if value})


def _model(name: str, provider: Provider[object]) -> Model:
    if name.startswith("openai:"):
        # Chat completions, which everybody serves, hear, and keep nothing on the server.
        name = f"openai-chat:{without_provider(name)}"
    try:
        return infer_model(name, provider_factory=lambda _: provider)
    except UserError as error:
        raise UnusableModelError(str(error)) from None


def _user_part(prompt: Prompt) -> messages.UserPromptPart:
    if prompt.recording is None:
        return messages.UserPromptPart(prompt.user)
    heard = messages.BinaryContent(prompt.recording.data, media_type=prompt.recording.content_type)
    return messages.UserPromptPart([heard, prompt.user])


def _output(model: Model, prompt: Prompt) -> ModelRequestParameters:
    """How the model is held to the schema: as strictly as its provider can."""
    schema = _portable(prompt.schema)
    wanted = OutputObjectDefinition(json_schema=schema, name=_ANSWER)
    if model.profile.get("supports_json_schema_output", False):
        return ModelRequestParameters(output_mode="native", output_object=wanted)
    if model.profile.get("supports_tools", True):
        tool = ToolDefinition(name=_ANSWER, parameters_json_schema=schema, kind="output")
        return ModelRequestParameters(
            output_mode="tool", output_tools=[tool], allow_text_output=False
        )
    return ModelRequestParameters(output_mode="prompted", output_object=wanted)


def _portable(schema: Any) -> Any:
    """The schema with one type at each place: not every client takes lists of them."""
    if isinstance(schema, list):
        return [_portable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: _portable(value) for name, value in schema.items()}
    types = inner.get("type")
    if not isinstance(types, list):
        return inner
    described = {name: inner[name] for name in ("description",) if name in inner}
    one = {name: value for name, value in inner.items() if name not in {"type", *described}}
    if "enum" in one:
        one["enum"] = [value for value in one["enum"] if value is not None]
    variants = [{"type": "null"} if kind == "null" else {"type": kind, **one} for kind in types]
    return {"anyOf": variants, **described}


def _text(response: messages.ModelResponse) -> str:
    if response.finish_reason not in {None, "stop", "tool_call"}:
        raise UnusableAnswerError(f"cut off: {response.finish_reason}")
    called = [part for part in response.parts if isinstance(part, messages.ToolCallPart)]
    said = [part.content for part in response.parts if isinstance(part, messages.TextPart)]
    text = called[0].args_as_json_str() if called else "".join(said)
    if not text:
        raise UnusableAnswerError("empty answer")
    return text


def _model_error(error: AgentRunError, prompt: Prompt) -> ModelError:
    """The error as ours, without its words: they may be the participant's."""
    if isinstance(error, UnexpectedModelBehavior):
        return UnusableAnswerError(type(error).__name__)
    code = error.status_code if isinstance(error, ModelHTTPError) else 0
    told = f"HTTP {code}" if code else f"no answer: {type(error).__name__}"
    refused = _REFUSED <= code < _SERVER_ERROR and code not in _PASSING
    if refused and prompt.recording and code not in _ABOUT_US:
        return CannotHearError(told)
    retry_after = error.retry_after if isinstance(error, ModelAPIError) else None
    found = ModelError(told, retry_after=retry_after)
    found.retryable = not refused
    return found
