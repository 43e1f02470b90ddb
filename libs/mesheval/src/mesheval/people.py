"""Who is interviewed: kinds of simulated people."""

PERSONAS = (
    "cooperative",
    "terse",
    "evasive",
    "rambling",
    "contradicting",
    "joking",
    "hostile",
    "multilingual",
    "leaves",
    "injecting",
)
"""Whom an evaluation meets, each kind in its turn: mostly people who make it hard."""

CROWD = ("cooperative", "terse", "rambling", "vague", "evasive", "bursty", "refuses", "leaves")
"""Whom a campaign may meet."""
