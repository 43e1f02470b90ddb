"""Structured logs and metrics.

Neither ever holds a message text, a phone number or another address.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import cast

import structlog
from structlog.typing import EventDict, ExcInfo


def configure_logging(service: str, level: str) -> None:
    """Sends logs as JSON lines to standard error, those of libraries included.

    Args:
        service: the name that every line carries.
        level: DEBUG, INFO, WARNING or ERROR.
    """
    threshold = logging.getLevelNamesMapping()[level]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_words,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # Request lines of these libraries hold addresses and keys.
    for chatty in ("httpx", "httpcore", "twilio", "google_genai", "aiohttp.access", "faststream"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, threshold))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)


def _without_words(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Tells an exception by its kind and place; its own words may quote a participant."""
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    if isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
    if exc_info and exc_info[0]:
        kind, _, frames = cast("ExcInfo", exc_info)
        event["exception"] = kind.__qualname__
        event["frames"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(frames)
        ]
    return event
