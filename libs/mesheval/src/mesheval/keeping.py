"""Where an evaluation is kept: the result as JSON, and the transcripts to read."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

from mesheval.evaluation import Held
from mesheval.result import Result, Settings, result_of
from mesheval.transcripts import transcripts

PAUSE = 1.0
"""Seconds at least between two results: one takes the longer the more interviews there are."""


def keep(result: Result, held: Sequence[Held], place: Path) -> tuple[Path, Path]:
    """Writes the result as JSON and the transcripts as Markdown, each whole or not at all.

    Args:
        result: what came out.
        held: the interviews.
        place: a folder, made if need be, for `result.json` and `transcripts.md`; or a file that
            ends with .json, beside which the transcripts get its name.

    Returns:
        The two files.

    Raises:
        OSError: they cannot be written.
    """
    file, words = _files(place)
    _replace(file, _json(result))
    _replace(words, transcripts(held))
    return file, words


class Keeping:
    """Keeps an evaluation while it is held: whatever breaks it off, what is finished is there.

    Each interview's transcript is added when it is over. The result of all up to then replaces the
    one before, unless that is younger than `pause` seconds. `keep` puts everything into its order
    in the end.
    """

    def __init__(self, settings: Settings, place: Path, *, pause: float = PAUSE) -> None:
        """Makes sure that the place can be written to; what lies there is not touched yet.

        Args:
            settings: what is evaluated.
            place: as `keep` takes it.
            pause: seconds at least from one result to the next.

        Raises:
            OSError: it cannot be written to.
        """
        self._settings = settings
        self._pause = pause
        self._held: list[Held] = []
        self._due = monotonic()
        self._file, self._words = _files(place)
        part = _part(self._file)
        part.touch()
        part.unlink()

    def add(self, one: Held) -> None:
        """Keeps an interview that is over.

        Never raises for want of a disk: that must not cost the interviews, and `keep` will tell.
        """
        self._held.append(one)
        first = len(self._held) == 1
        with suppress(OSError):
            with self._words.open("w" if first else "a", encoding="utf-8") as words:
                words.write(transcripts([one]))
            if monotonic() >= self._due:
                _replace(self._file, _json(result_of(self._settings, self._held)))
                self._due = monotonic() + self._pause


def _files(place: Path) -> tuple[Path, Path]:
    """The result's and the transcripts' file, in a folder that is there."""
    if place.suffix == ".json":
        file, words = place, place.with_suffix(".md")
    else:
        file, words = place / "result.json", place / "transcripts.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    return file, words


def _json(result: Result) -> str:
    return result.model_dump_json(indent=2) + "\n"


def _replace(file: Path, content: str) -> None:
    """Whoever reads the file finds what was there or all of the new content."""
    part = _part(file)
    part.write_text(content, "utf-8")
    part.replace(file)


def _part(file: Path) -> Path:
    return file.with_name(file.name + ".part")
