"""Every error that the API answers, as a problem document (RFC 9457)."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import structlog
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from mesh_ingress.database import ReadSideUnavailableError
from mesh_ingress.reasons import errors_of
from meshcore.errors import LogUnavailableError, MeshError, StaleWriteError, UnknownCampaignError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI
    from starlette.requests import Request

    from mesh_ingress.reasons import FieldError

MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 1_000

logger = structlog.get_logger(__name__)


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An answer that is not the one that was asked for.

    Attributes:
        status: the HTTP status.
        code: a stable short name; the last part of the document's `type`.
        detail: what happened and what to do about it.
        errors: one entry for each thing that is wrong with the request.
        headers: further headers of the answer.
    """

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """The problem as an HTTP answer."""
        document: dict[str, Any] = {
            "type": f"urn:meshai:problem:{self.code}",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
        }
        if self.errors:
            document["error_count"] = len(self.errors)
            document["errors"] = [error.document() for error in self.errors[:MAX_ERRORS]]
        return Response(
            json.dumps(document, ensure_ascii=False).encode(),
            status_code=self.status,
            headers=self.headers,
            media_type=MEDIA_TYPE,
        )


def invalid(errors: Sequence[FieldError]) -> Problem:
    """The request was understood, but what it says cannot be accepted."""
    listed = f"; the first {MAX_ERRORS} are listed" if len(errors) > MAX_ERRORS else ""
    noun = "error" if len(errors) == 1 else "errors"
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-request",
        f"The request has {len(errors)} {noun}{listed}. Nothing was changed.",
        errors=errors,
    )


def unknown(what: str) -> Problem:
    """There is no such thing."""
    return Problem(HTTPStatus.NOT_FOUND, f"unknown-{what}", f"There is no {what} with this id.")


def conflict(reason: str) -> Problem:
    """The state of the campaign does not allow it."""
    return Problem(HTTPStatus.CONFLICT, "wrong-state", f"{reason[:1].upper()}{reason[1:]}.")


def unavailable(code: str, detail: str, retry_after: int = 1) -> Problem:
    """It would work at another time: `retry_after` says in how many seconds it is worth a try."""
    headers = {"Retry-After": str(retry_after)}
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, code, detail, headers=headers)


def unsupported(allowed: str) -> Problem:
    """The body is of another media type than what is read here."""
    detail = f"Send the body as {allowed}, and say so in the header Content-Type."
    return Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail)


def not_json(why: str) -> Problem:
    """The body is not JSON at all."""
    detail = f"The body is not JSON: {why}."
    return Problem(HTTPStatus.BAD_REQUEST, "malformed-json", detail)


def log_unavailable() -> Problem:
    """NATS is out of reach."""
    detail = "The log did not answer in time. Repeat the request."
    return unavailable("log-unavailable", detail, retry_after=2)


def read_side_unavailable() -> Problem:
    """PostgreSQL is out of reach."""
    detail = "The read side does not answer. Webhooks and commands are taken all the same."
    return unavailable("read-side-unavailable", detail, retry_after=5)


def too_large() -> Problem:
    """The body is larger than what is accepted."""
    detail = "The body is larger than what is accepted here. Split it."
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", detail)


def internal() -> Problem:
    """A defect of ours."""
    detail = "Something went wrong here. The service's log says what."
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", detail)


_OF_STATUS = {
    400: ("malformed-json", "The body cannot be read as JSON in UTF-8."),
    404: ("not-found", "There is nothing under this path; /docs lists what there is."),
    405: ("method-not-allowed", "This path does not take the method; the header Allow says what."),
    413: ("too-large", "The body is larger than what is accepted here. Split it."),
}


def install(app: FastAPI) -> None:
    """Makes the application answer every error as a problem document."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(MeshError, _on_mesh)
    app.add_exception_handler(Exception, _on_defect)


async def _on_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - starlette's handlers are typed too widely
    return error.response()


async def _on_invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    found = error.errors()
    if found and found[0]["type"] == "json_invalid":
        return not_json(f"see character {found[0]['loc'][-1]}").response()
    return invalid(errors_of(found)).response()


async def _on_http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    status = HTTPStatus(error.status_code)
    code, detail = _OF_STATUS.get(status, ("http", f"{status.description or status.phrase}."))
    return Problem(status, code, detail, headers=error.headers).response()


async def _on_mesh(request: Request, error: Exception) -> Response:
    match error:
        case LogUnavailableError():
            return log_unavailable().response()
        case ReadSideUnavailableError():
            return read_side_unavailable().response()
        case UnknownCampaignError():
            return unknown("campaign").response()
        case StaleWriteError():
            detail = "The campaign is being changed by many at once. Repeat the request."
            return unavailable("busy", detail).response()
        case _:
            return await _on_defect(request, error)


async def _on_defect(_: Request, error: Exception) -> Response:
    log_defect(error)
    return internal().response()


def log_defect(error: Exception) -> None:
    """Logs an unexpected error by kind and place, not by its text: it may quote a participant."""
    trace, places = error.__traceback__, []
    while trace:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    logger.error("a request failed", kind=type(error).__name__, places=places[-8:])


class FieldErrorDocument(BaseModel):
    """One thing that is wrong with a request."""

    field: str = Field(description="Where it is.", examples=["phone_numbers[3]"])
    reason: str = Field(description="What is wrong.")
    fix: str = Field(description="What to do about it.")


class ProblemDocument(BaseModel):
    """An error, as RFC 9457 describes it."""

    type: str = Field(description="Which kind of error, for machines.")
    title: str = Field(description="The name of the HTTP status.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened, and what to do about it.")
    error_count: int | None = Field(
        default=None, description="How many errors there are; `errors` lists 1,000 at most."
    )
    errors: list[FieldErrorDocument] | None = Field(default=None, description="What is wrong.")


def documented(**examples: Problem) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries of an operation's problems, each with an example, by status."""
    entries: dict[int | str, dict[str, Any]] = {}
    for name, problem in examples.items():
        entry = entries.setdefault(
            int(problem.status),
            {
                "description": problem.status.phrase,
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"$ref": "#/components/schemas/ProblemDocument"},
                        "examples": {},
                    }
                },
            },
        )
        value = json.loads(bytes(problem.response().body))
        entry["content"][MEDIA_TYPE]["examples"][name] = {"value": value}
    return entries
