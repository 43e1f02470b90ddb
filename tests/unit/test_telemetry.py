"""Logs never quote a participant."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from meshcore.telemetry import configure_logging


def test_an_exceptions_own_words_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    """An error message may hold what a participant wrote, so only its kind and place are told."""
    configure_logging("test", "INFO")
    try:
        int("I live at Elm Street 5")
    except ValueError as error:
        structlog.get_logger().warning("ours", exc_info=error)
        logging.getLogger("foreign").exception("theirs")
    finally:
        structlog.reset_defaults()
        logging.getLogger().handlers.clear()

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert [line["event"] for line in lines] == ["ours", "theirs"]
    assert {line["exception"] for line in lines} == {"ValueError"}
    assert "Elm Street" not in json.dumps(lines)
    assert all("test_telemetry.py" in line["frames"][-1] for line in lines)
