"""The words of a report: figures are named by the model and put in by code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshreport.figures import number_shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from meshcore.domain.report import FieldFigures, Quote, ValueCount
    from meshcore.domain.schema import FieldSpec

_PLACEHOLDER = re.compile(r"\{\{\s*fig:\s*([^{}\s]*)\s*\}\}")
_PERCENT_AGAIN = re.compile(r"(?<=%)\s*(?:%|percent\b|per cent\b)")
_WITH_DIGITS = re.compile(r"\S*\d\S*")
_EDGES = ".,;:!?()[]\"'“”„«»*_"
_QUOTED = re.compile(r"“([^“”]+)”|„([^„“”]+)[“”]|\"([^\"]+)\"|«([^«»]+)»|「([^「」]+)」")
_LINK = re.compile(r"https?:|www\.|<[a-z/!]|javascript:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that a text may name.

    Attributes:
        text: what stands in the report.
        about: what it counts, for the model.
    """

    text: str
    about: str


def figures_by_id(
    interviews: int,
    participants: int,
    statuses: Sequence[ValueCount],
    fields: Sequence[FieldFigures],
) -> dict[str, Figure]:
    """Every figure that there is, by the id that texts use."""
    found = {
        "interviews.completed": Figure(str(interviews), "completed interviews"),
        "interviews.participants": Figure(str(participants), "people enrolled"),
    }
    for status in statuses:
        found[f"status.{status.value}.n"] = Figure(str(status.n), f"people: {status.value}")
        share = Figure(_percent(status.share), f"of all enrolled: {status.value}")
        found[f"status.{status.value}.share"] = share
    for figures in fields:
        found |= {f"{figures.name}.{key}": figure for key, figure in _of_field(figures)}
    return found


def _of_field(figures: FieldFigures) -> Iterator[tuple[str, Figure]]:
    for key, about in (
        ("n", "interviews with a value"),
        ("missing", "without any"),
        ("vague", "with a vague answer only"),
        ("refused", "who did not want to answer"),
    ):
        yield key, Figure(str(getattr(figures, key)), about)
    for key in ("mean", "median", "q1", "q3", "min", "max"):
        value = getattr(figures, key)
        if value is not None:
            text = value if isinstance(value, str) else number_shown(value)
            yield key, Figure(text, key)
    for place, count in enumerate(figures.counts, 1):
        yield f"v{place}.value", Figure(count.value, "the value itself")
        yield f"v{place}.n", Figure(str(count.n), f"gave the value: {count.value}")
        share = f"of those with a value gave: {count.value}"
        yield f"v{place}.share", Figure(_percent(count.share), share)
    if figures.other:
        yield "other", Figure(str(figures.other), "times another value was given")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def names_figures(text: str) -> bool:
    """Whether a text names at least one figure."""
    return _PLACEHOLDER.search(text) is not None


def fill(text: str, figures: Mapping[str, Figure]) -> str:
    """The text with its figures put in. All that it names must be there."""
    filled = _PLACEHOLDER.sub(lambda found: figures[found[1]].text, text)
    return _PERCENT_AGAIN.sub("", " ".join(filled.split()))


def words_of(schema: Mapping[str, FieldSpec]) -> str:
    """All words of a schema, in which a text may find its digits."""
    parts = [
        part
        for name, spec in schema.items()
        for part in (name, spec.description, *(spec.enum or ()))
    ]
    return "\n".join(parts)


def problems_of(
    text: str, figures: Mapping[str, Figure], quotes: Mapping[str, Quote], schema_words: str
) -> list[str]:
    """What is wrong with a text of the model's, in words for the model.

    Args:
        text: with placeholders in it.
        figures: those that it may name.
        quotes: the words that it may have in quotation marks.
        schema_words: where its digits may come from, besides.
    """
    unknown = [n for n in _PLACEHOLDER.findall(text) if n not in figures]
    found = [f"there is no figure {name[:80]!r}" for name in dict.fromkeys(unknown)]
    rest = _PLACEHOLDER.sub(" ", text)
    if "{" in rest or "}" in rest:
        found.append("braces stand only around figures: {{fig:id}}")
    known = {_stripped(word) for word in schema_words.split()}
    written = [word for word in map(_stripped, _WITH_DIGITS.findall(rest)) if word not in known]
    found += [f"{word[:40]!r} is written out; name the figure: {{{{fig:id}}}}" for word in written]
    if _LINK.search(rest):
        found.append("links and markup do not belong into the text")
    return found + [
        f"nobody said {words[:80]!r}; name quotations by their ids, beside the text"
        for words in _quoted_in(rest)
        if not _is_verbatim(words, quotes, schema_words, figures)
    ]


def _stripped(word: str) -> str:
    return word.strip(_EDGES).rstrip("%").casefold()


def _quoted_in(text: str) -> Iterator[str]:
    for groups in _QUOTED.findall(text):
        yield next(words for words in groups if words)


def _is_verbatim(
    words: str, quotes: Mapping[str, Quote], schema_words: str, figures: Mapping[str, Figure]
) -> bool:
    """Whether somebody said so, or the study itself does. Empty is what only held a figure."""
    wanted = " ".join(words.casefold().split())
    said = [quote.text for quote in quotes.values()] + [schema_words]
    said += [figure.text for figure in figures.values()]
    return any(wanted in " ".join(text.casefold().split()) for text in said)
