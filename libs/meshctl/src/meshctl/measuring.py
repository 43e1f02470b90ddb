"""What `mesh eval` and `mesh simulate` have in common: the model, and how errors are told."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError
from rich.console import Console

from meshcore.errors import UnusableModelError
from meshcore.settings import ModelSettings, explain
from meshctl.environment import given_settings
from mesheval.chosen_model import ChosenModel, chosen_model
from mesheval.study import UnusableFileError
from meshsim.children import WorldError

BROKEN = 1
"""Exit status: a rule was broken, or nothing could be measured."""
UNUSABLE = 2
"""Exit status: an option, a file or a setting is not usable."""
INTERRUPTED = 130
"""Exit status: somebody stopped it before its end; that of shells."""

_errors = Console(stderr=True, highlight=False)


@contextmanager
def explained_input() -> Iterator[None]:
    """What is wrong with options, files, settings and the model is told in plain words."""
    try:
        yield
    except UnusableFileError as error:
        _leave(str(error), UNUSABLE)
    except ValidationError as error:
        if error.title != ModelSettings.__name__:
            raise
        lines = [f"  {line}" for line in sorted(explain(ModelSettings, error))]
        _leave("\n".join(["The settings are not usable:", *lines]), UNUSABLE)
    except UnusableModelError as error:
        _leave(f"The model cannot be asked: {error}", UNUSABLE)
    except (OSError, WorldError) as error:
        _leave(str(error), BROKEN)


@asynccontextmanager
async def measured_model(
    env_file: Path, concurrency: int | None, console: Console
) -> AsyncIterator[ChosenModel]:
    """The model of the settings, after saying which one it is."""
    async with chosen_model(given_settings(env_file), concurrency) as model:
        console.print(f"The model is {model.described}.", soft_wrap=True, markup=False)
        yield model


async def ends_in_peace(work: Coroutine[Any, Any, object]) -> bool:
    """Whether the work comes to its end; SIGTERM and Ctrl-C cancel it in order, and it is False."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in signals}
    for number in signals:
        loop.add_signal_handler(number, task.cancel)
    try:
        await asyncio.wait([task])
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
    if task.cancelled():
        return False
    task.result()
    return True


def _leave(message: str, status: int) -> None:
    _errors.print(message, soft_wrap=True, markup=False)
    raise typer.Exit(status) from None
