"""The simulated model: a scripted interviewer behind Gemini's API, and behind one like OpenAI's.

Run it with `python -m meshsim.model --port 8901`.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import typer
from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meshsim import gemini_wire, openai_wire
from meshsim.contract import parse_prompt
from meshsim.dice import dice
from meshsim.faults import Fault, FaultPlan
from meshsim.interviewer import answer
from meshsim.reporter import report
from meshsim.schema_fit import fit
from meshsim.serving import serve
from meshsim.wire import GenerateRequest, Wire, tokens

_JITTER = 0.3
_CACHED_FROM = 2_048
"""Tokens from which the beginning of a prompt is kept for the next one."""


class ModelFault(Fault):
    """What may go wrong with a call.

    - rate_limited: 429 that asks to come back after `retry_delay` seconds.
    - server_error: `status` (503).
    - hang: no answer for `seconds`, then the right one.
    - blocked: the prompt is not let through, with `reason`; no candidates.
    - empty: no candidates, no reason.
    - cut_off: finish reason MAX_TOKENS, half of the JSON.
    - invalid_json: finish reason STOP, text that is not JSON.
    """

    kind: Literal[
        "rate_limited", "server_error", "hang", "blocked", "empty", "cut_off", "invalid_json"
    ]
    contains: str | None = Field(default=None, description="only for prompts with this text")
    retry_delay: float = Field(default=1.0, ge=0)
    status: int = Field(default=503, ge=500, le=599)
    seconds: float = Field(default=30.0, ge=0)
    reason: str = "SAFETY"


@dataclass(frozen=True)
class ModelSettings:
    """How the server behaves.

    Attributes:
        latency: mean seconds that an answer takes.
        api_key: the only key taken; None takes any.
        seed: the seed of the jitter.
    """

    latency: float = 0.3
    api_key: str | None = None
    seed: int = 0


class Statistics:
    """Counts of calls, by kind of answer, and how many were under way at once."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.models: Counter[str] = Counter()
        self.in_flight = 0
        self.in_flight_max = 0

    @contextmanager
    def call(self, model: str) -> Iterator[None]:
        """Count one call for as long as the block runs."""
        self.models[model] += 1
        self.in_flight += 1
        self.in_flight_max = max(self.in_flight_max, self.in_flight)
        try:
            yield
        finally:
            self.in_flight -= 1

    def describe(self) -> dict[str, object]:
        """Return the counts as the control API shows them."""
        return {
            "calls": self.models.total(),
            "in_flight": self.in_flight,
            "in_flight_max": self.in_flight_max,
            "kinds": dict(self.kinds),
            "models": dict(self.models),
        }


def _one_or_many(given: object) -> object:
    return given if isinstance(given, list) else [given]


_FAULTS = TypeAdapter(Annotated[list[ModelFault], BeforeValidator(_one_or_many)])


def compose(request: GenerateRequest) -> tuple[str, dict[str, Any]]:
    """Return the kind of an answer and its one part.

    A prompt that keeps the interview contract is answered by the scripted interviewer, one for a
    report by the scripted analyst, a recording by what is said in it, anything else by as little as
    its schema allows. A pure function of the request.
    """
    prompt = parse_prompt(f"{request.system}\n{request.text}")
    kind, value = "other", None
    if prompt is not None:
        kind, value = prompt.task, answer(prompt).as_json()
    elif request.audio is not None:
        kind, value = "recording", _heard(request.audio)
    elif (written := report(request.text)) is not None:
        kind, value = "report", written
    blank = request.audio or ("ok" if prompt is None else "")
    if request.schema is None and request.tools:
        tool = request.tools[0]
        arguments = fit(value, tool.schema, blank=blank)
        return kind, {"functionCall": {"name": tool.name, "args": arguments or {}}}
    if request.schema is None:
        return kind, {"text": blank if prompt is None or value is None else value["reply"]}
    fitted = fit(value, request.schema, blank=blank)
    return kind, {"text": json.dumps(fitted, ensure_ascii=False)}


def _heard(spoken: str) -> dict[str, Any]:
    """Return what is made out in a recording; dots and notes alone are silence and music."""
    words = spoken.strip() if any(map(str.isalnum, spoken)) else ""
    return {"heard": bool(words), "text": words}


class ModelServer:
    """The endpoints."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._faults: FaultPlan[ModelFault] = FaultPlan()
        self._statistics = Statistics()
        self._seen: Counter[str] = Counter()
        self._systems: set[str] = set()

    def app(self) -> Starlette:
        """Return the application."""
        generate = "/{version:str}/models/{model:str}:generateContent"
        return Starlette(
            routes=[
                Route(generate, self._generate, methods=["POST"]),
                Route("/v1/chat/completions", self._complete, methods=["POST"]),
                Route("/sim/faults", self._change_faults, methods=["GET", "POST", "DELETE"]),
                Route("/sim/stats", self._stats),
                Route("/livez", self._livez),
            ]
        )

    async def _livez(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _stats(self, _request: Request) -> Response:
        return JSONResponse(self._statistics.describe())

    async def _change_faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._faults.clear()
        if request.method == "POST":
            try:
                self._faults.add(_FAULTS.validate_python(await request.json()))
            except (ValidationError, json.JSONDecodeError) as error:
                return JSONResponse({"error": str(error)}, status_code=422)
        return JSONResponse({"faults": self._faults.describe()})

    async def _generate(self, request: Request) -> Response:
        key = request.headers.get("x-goog-api-key") or request.query_params.get("key")
        if not self._is_right(key):
            return gemini_wire.unknown_key(key)
        model = request.path_params["model"]
        try:
            asked = gemini_wire.parse_request(await request.json(), model)
        except (ValueError, AttributeError, TypeError) as error:
            return gemini_wire.error(400, f"Invalid JSON payload received. {error}")
        return await self._answer(asked, model, gemini_wire)

    async def _complete(self, request: Request) -> Response:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not self._is_right(key):
            return openai_wire.unknown_key(key)
        try:
            body = await request.json()
            asked, model = openai_wire.parse_request(body), str(body.get("model"))
        except (ValueError, AttributeError, TypeError, KeyError) as error:
            return openai_wire.error(400, f"Invalid request. {error}")
        return await self._answer(asked, model, openai_wire)

    def _is_right(self, key: str | None) -> bool:
        return bool(key) and self._settings.api_key in {None, key}

    async def _answer(self, asked: GenerateRequest, model: str, wire: Wire) -> Response:
        with self._statistics.call(model):
            return await self._faulty_answer(self._with_cache(asked), model, wire)

    def _with_cache(self, asked: GenerateRequest) -> GenerateRequest:
        length = tokens(asked.system)
        if length < _CACHED_FROM:
            return asked
        seen = asked.system in self._systems
        self._systems.add(asked.system)
        return replace(asked, cached_tokens=length) if seen else asked

    async def _faulty_answer(self, asked: GenerateRequest, model: str, wire: Wire) -> Response:
        self._seen[asked.text] += 1
        names = (asked.text, self._seen[asked.text])
        fault = self._faults.strike(
            lambda fault: fault.contains is None or fault.contains in asked.system + asked.text,
            *names,
        )
        kind, part = compose(asked)
        self._statistics.kinds[fault.kind if fault else kind] += 1
        if fault is not None and fault.kind == "rate_limited":
            return wire.rate_limited(fault.retry_delay, model)
        if fault is not None and fault.kind == "server_error":
            return wire.error(fault.status, "The model is overloaded. Please try again later.")
        extra = fault.seconds if fault is not None and fault.kind == "hang" else 0.0
        await asyncio.sleep(self._latency(names) + extra)
        return JSONResponse(_damaged(fault, asked, model, part, wire))

    def _latency(self, names: tuple[str, int]) -> float:
        if not self._settings.latency:
            return 0.0
        jitter = dice(self._settings.seed, *names).uniform(1 - _JITTER, 1 + _JITTER)
        return self._settings.latency * jitter


def _damaged(
    fault: ModelFault | None,
    asked: GenerateRequest,
    model: str,
    part: Mapping[str, Any],
    wire: Wire,
) -> dict[str, Any]:
    """Return the body of the answer, with what the fault does to it."""
    text = str(part.get("text") or json.dumps(part))
    match fault.kind if fault is not None else None:
        case "blocked":
            return wire.blocked(asked, model, fault.reason if fault is not None else "OTHER")
        case "empty":
            return wire.without_candidates(asked, model)
        case "cut_off":
            return wire.answered(asked, model, {"text": text[: len(text) // 2]}, "MAX_TOKENS")
        case "invalid_json":
            return wire.answered(asked, model, {"text": f"Sure! Here it is: {text[:-1]}"})
        case _:
            return wire.answered(asked, model, part)


def run(
    port: Annotated[int, typer.Option(help="0 picks a free port.")] = 8901,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    latency: Annotated[
        float, typer.Option(min=0, help="Mean seconds an answer takes, +-30 %; 0 for benchmarks.")
    ] = 0.3,
    api_key: Annotated[
        str | None, typer.Option(help="The only key that is taken. [default: any]")
    ] = None,
    seed: Annotated[int, typer.Option(help="The seed of the jitter.")] = 0,
) -> None:
    """Serve a scripted interviewer behind Gemini's generateContent and OpenAI's chat completions.

    Point google-genai at it with HttpOptions(base_url=...) or GOOGLE_GEMINI_BASE_URL, and whatever
    speaks with OpenAI at /v1. Control it
    under /sim/: faults, stats. The first line on stdout says where it listens; SIGTERM ends it.
    """
    serve(ModelServer(ModelSettings(latency, api_key, seed)).app(), host, port)


if __name__ == "__main__":
    typer.run(run)
