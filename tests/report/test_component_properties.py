"""What holds for the check whatever the component."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from meshreport.component import check

HARMLESS = [
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parent / "corpus" / "harmless").glob("*.tsx"))
]
STATEMENTS = (
    'const x1 = fetch("/x");',
    'const x1 = globalThis["fe" + "tch"];',
    "const x1 = data.constructor;",
    'const x1 = eval("1");',
    "while (true) {}",
    "const x1 = new Image();",
    "let x1 = 1;",
    "debugger;",
    "/* hidden */",
    "const x1 = (y1) => x1(y1);",
    "const x1 = /a/;",
    "const { ...x1 } = data;",
    "const x1 = window;",
)
PIECES = (
    "<script>x</script>",
    '<img src="x" />',
    '<a href="javascript:x">x</a>',
    "<div onClick={null} />",
    "<div {...data} />",
    "<div dangerouslySetInnerHTML={null} />",
    "<div ref={null} />",
    "&lt;",
    '<p style={{ background: "x" }} />',
    "{window}",
    "{data.__proto__}",
    "{this}",
    "{/* hidden */}",
    "{data[data.title]}",
    "42",
)
_CLOSING = re.compile(r"</[A-Za-z]+>")


@given(st.sampled_from(HARMLESS), st.sampled_from(STATEMENTS))
def test_a_forbidden_statement_spoils_any_component(component: str, statement: str) -> None:
    """Put before everything else in the function."""
    head, brace, rest = component.partition(") {\n")
    assert check(f"{head}{brace}{statement}\n{rest}")


@given(st.sampled_from(HARMLESS), st.sampled_from(PIECES), st.data())
def test_a_forbidden_piece_spoils_any_component(
    component: str, piece: str, data: st.DataObject
) -> None:
    """Put into any element that has content."""
    places = [found.start() for found in _CLOSING.finditer(component)]
    place = data.draw(st.sampled_from(places))
    assert check(component[:place] + piece + component[place:])


@given(st.sampled_from(HARMLESS), st.integers(0, 2_000), st.text(max_size=8))
def test_whatever_is_broken_into_a_component_is_judged_without_a_crash(
    component: str, place: int, scrap: str
) -> None:
    """A judgement is a list of refusals, each at a place in the text."""
    text = component[:place] + scrap + component[place + 3 :]
    assert all(refusal.line >= 1 and refusal.column >= 1 for refusal in check(text))


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    """Nothing but a component passes."""
    assert check(text)
