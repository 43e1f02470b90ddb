"""Gemini, through google-genai. The only module that knows the SDK."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.request import getproxies

import aiohttp
from google import genai
from google.genai import errors, types

from mesh_agent.models.prices import priced
from mesh_agent.models.protocol import Answer
from meshcore.errors import CannotHearError, ModelError, UnusableAnswerError

if TYPE_CHECKING:
    from mesh_agent.models.protocol import Prompt, Recording

PROVIDER = "gemini"

_THOUGHTS = 4_096
"""Tokens that a model may think, where it cannot do without; they count as output."""

_TEMPERATURE = 0.6
_REFUSED = 400
_TOO_MANY = 429
_SERVER_ERROR = 500
_DELAY = re.compile(r"(\d+(?:\.\d+)?)s")


class GeminiModel:
    """One Gemini model. Must be made inside the event loop.

    Makes one attempt per call: retries, pauses and the cap are its caller's.
    """

    def __init__(self, name: str, api_key: str, base_url: str | None, timeout: float) -> None:
        """Prepares the client.

        Args:
            name: the model's name, for instance `gemini-2.5-flash`.
            api_key: Google's key.
            base_url: replaces Google's address.
            timeout: seconds that one attempt may take.
        """
        self._name = name
        self._timeout = timeout
        # The SDK's own session reads .netrc in a thread for every call.
        self._session = aiohttp.ClientSession(trust_env=bool(getproxies()))
        self._client = genai.Client(
            api_key=api_key,
            vertexai=False,
            http_options=types.HttpOptions(
                base_url=base_url,
                timeout=int(timeout * 1_000),
                retry_options=types.HttpRetryOptions(attempts=1),
                aiohttp_client=self._session,
            ),
        )
        self._thinking = least_thinking(name)
        self._thoughts = 0 if self._thinking == {"thinking_budget": 0} else _THOUGHTS
        # Google advises against any other temperature than its own from generation 3 on.
        self._temperature = _TEMPERATURE if name.startswith("gemini-2.") else None

    async def generate(self, prompt: Prompt) -> Answer:
        """Asks once. Raises as the protocol says."""
        config: types.GenerateContentConfigDict = {  # the SDK would make a deep copy of the model
            "system_instruction": prompt.system,
            "response_mime_type": "application/json",
            "response_json_schema": prompt.schema,
            "max_output_tokens": prompt.most_tokens + self._thoughts,
            "temperature": self._temperature,
            "thinking_config": self._thinking,
            "automatic_function_calling": {"disable": True},
        }
        if prompt.seconds > self._timeout:
            config["http_options"] = {"timeout": int(prompt.seconds * 1_000)}
        contents = prompt.user if prompt.recording is None else _heard(prompt, prompt.recording)
        try:
            response = await self._client.aio.models.generate_content(
                model=self._name, contents=contents, config=config
            )
        except errors.APIError as error:
            raise _model_error(error, prompt) from None
        except (TimeoutError, OSError, aiohttp.ClientError, ValueError) as error:
            # ValueError: the SDK could not read the answer. Its text is no business of the logs.
            raise ModelError(f"no answer: {type(error).__name__}") from None
        return self._answer(_text(response), response)

    def _answer(self, text: str, response: types.GenerateContentResponse) -> Answer:
        usage = response.usage_metadata or types.GenerateContentResponseUsageMetadata()
        answer = Answer(
            text=text,
            model=response.model_version or self._name,
            input_tokens=usage.prompt_token_count or 0,
            output_tokens=(usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0),
            cached_tokens=usage.cached_content_token_count or 0,
        )
        return priced(answer, PROVIDER, audio_tokens=_audio_tokens(usage))

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aio.aclose()
        await self._session.close()


_BUDGETS = {"gemini-2.5-flash": 0, "gemini-2.5-pro": 128}
_THINK_MINIMALLY = ("gemini-3-flash", "gemini-3.1-flash", "gemini-3.5-flash", "gemini-3.6-flash")
_THINK_BY_LEVEL = re.compile(r"gemini-[34][.-]")


def least_thinking(name: str) -> types.ThinkingConfigDict | None:
    """How a model is told to think as little as it can: it costs seconds, and the turn is short.

    2.5 takes a budget, 3 and later a level, of which only some take the least; LOW they all take.
    A model that is not known is left as it is.
    """
    for family, budget in _BUDGETS.items():
        if name.startswith(family):
            return {"thinking_budget": budget}
    if name.startswith(_THINK_MINIMALLY):
        return {"thinking_level": types.ThinkingLevel.MINIMAL}
    if _THINK_BY_LEVEL.match(name):
        return {"thinking_level": types.ThinkingLevel.LOW}
    return None


def _heard(prompt: Prompt, recording: Recording) -> types.ContentDict:
    """The prompt with its recording, which stands first, as Google advises."""
    inline: types.BlobDict = {"data": recording.data, "mime_type": recording.content_type}
    return {"role": "user", "parts": [{"inline_data": inline}, {"text": prompt.user}]}


def _text(response: types.GenerateContentResponse) -> str:
    candidates = response.candidates or []
    if not candidates:
        feedback = response.prompt_feedback
        blocked = feedback.block_reason if feedback else None
        raise UnusableAnswerError(f"blocked: {blocked.value}" if blocked else "no candidates")
    candidate = candidates[0]
    parts = (candidate.content.parts if candidate.content else None) or []
    text = "".join(part.text for part in parts if part.text and not part.thought)
    if candidate.finish_reason not in {None, types.FinishReason.STOP} or not text:
        raise UnusableAnswerError(f"cut off: {candidate.finish_reason or 'empty answer'}")
    return text


def _audio_tokens(usage: types.GenerateContentResponseUsageMetadata) -> int:
    details = usage.prompt_tokens_details or []
    return sum(d.token_count or 0 for d in details if d.modality is types.MediaModality.AUDIO)


def _model_error(error: errors.APIError, prompt: Prompt) -> ModelError:
    code = error.code or 0
    told = f"HTTP {code} {error.status or ''}".strip()
    if code == _REFUSED and prompt.recording and "API_KEY_INVALID" not in str(error.details):
        return CannotHearError(told)
    found = ModelError(told, retry_after=_retry_after(error))
    found.retryable = code == _TOO_MANY or code >= _SERVER_ERROR
    return found


def _retry_after(error: errors.APIError) -> float | None:
    """Seconds that Google asks to wait: RetryInfo in the error's details."""
    body = error.details if isinstance(error.details, dict) else {}
    for detail in body.get("error", {}).get("details", []):
        if detail.get("@type", "").endswith("google.rpc.RetryInfo"):
            match = _DELAY.fullmatch(detail.get("retryDelay", ""))
            return float(match.group(1)) if match else None
    return None
