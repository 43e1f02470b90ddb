"""Structured logs and metrics.

Neither ever holds a message text, a phone number or another address.
"""

from __future__ import annotations

import logging
import sys

import structlog


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
        structlog.processors.format_exc_info,
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
