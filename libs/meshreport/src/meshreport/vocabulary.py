"""All that a report's component may name. What does not stand here is refused."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MAX_CHARACTERS = 20_000
MAX_ITEMS = 50
"""Entries of a list that is written out."""

DATA_MEMBERS = _words(
    """
    title summary interviews participants statuses fields findings quotes
    name description type n missing vague refused mean median min max q1 q3
    counts value share other text
    """
)
"""What `data` holds, at any depth; `meshcore.domain.report` says where."""

PROPS = _words(
    """
    label items item count total percent color width height size index level caption heading row
    bar children
    """
)
"""Names that a component may give to what its own parts hand to each other."""

MEMBERS = DATA_MEMBERS | PROPS | {"length"}

ITERATING = frozenset({"map", "filter", "find", "some", "every", "sort"})
"""Methods that call back."""

PLAIN_METHODS = _words(
    "slice join includes indexOf toFixed toUpperCase toLowerCase trim startsWith endsWith"
)
METHODS = ITERATING | PLAIN_METHODS
MATH = frozenset({"abs", "ceil", "floor", "max", "min", "round", "sqrt"})

HTML = _words(
    """
    article aside b blockquote br caption cite code dd details div dl dt em figcaption figure
    footer h1 h2 h3 h4 h5 h6 header hr i li main mark meter ol p progress q s section small span
    strong sub summary sup table tbody td tfoot th thead tr u ul
    """
)
SVG = _words("svg g rect circle ellipse line path polyline polygon text tspan")
ELEMENTS = HTML | SVG

TEXT_ATTRIBUTES = frozenset({"aria-label", "key", "title"})
"""They take any value: it is shown or read out, never loaded, run or laid out."""

FIXED_ATTRIBUTES = frozenset({"aria-hidden", "className", "dir", "lang", "role", "scope"})
"""They take a text that stands in the component."""

SHAPE_ATTRIBUTES = _words(
    """
    colSpan cx cy d dominantBaseline dx dy fill fillOpacity fontSize fontWeight height high low max
    min open opacity optimum points preserveAspectRatio r rowSpan rx ry stroke strokeDasharray
    strokeLinecap strokeLinejoin strokeOpacity strokeWidth textAnchor transform value viewBox width
    x x1 x2 y y1 y2
    """
)
"""They take numbers, and texts that stand in the component."""

ATTRIBUTES = TEXT_ATTRIBUTES | FIXED_ATTRIBUTES | SHAPE_ATTRIBUTES | {"style"}

STYLES = _words(
    """
    alignItems alignSelf backgroundColor border borderBottom borderBottomColor borderCollapse
    borderColor borderLeft borderRadius borderRight borderSpacing borderStyle borderTop borderWidth
    boxShadow boxSizing color columnGap display flex flexBasis flexDirection flexGrow flexShrink
    flexWrap fontFamily fontSize fontStyle fontVariantNumeric fontWeight gap gridColumn gridRow
    gridTemplateColumns gridTemplateRows height justifyContent letterSpacing lineHeight
    listStyleType margin marginBottom marginLeft marginRight marginTop maxHeight maxWidth minHeight
    minWidth opacity overflow overflowX overflowWrap padding paddingBottom paddingLeft paddingRight
    paddingTop rowGap textAlign textDecoration textOverflow textTransform verticalAlign whiteSpace
    width wordBreak
    """
)
"""CSS that loads nothing and covers nothing: no property here takes a URL or leaves its place."""

OPERATORS = _words("+ - * / % === !== == != < <= > >= && || ?? !")
