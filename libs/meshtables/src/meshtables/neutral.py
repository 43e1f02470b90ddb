"""Text that no spreadsheet takes for a formula.

A cell that begins like a formula is run by Excel, LibreOffice and Sheets when a CSV is opened, with
whatever a participant wrote in it. A quote before it makes it text (OWASP, "CSV Injection").
"""

from __future__ import annotations

_DANGEROUS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""The last four are the full-width forms, which some programs read as the plain ones."""


def neutral(text: str) -> str:
    """The text, with a quote before it if it begins like a formula."""
    return f"'{text}" if begins_like_a_formula(text) else text


def begins_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula."""
    return text[:1] in _DANGEROUS
