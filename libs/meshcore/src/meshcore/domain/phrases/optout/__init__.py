"""How people plainly ask to hear nothing more.

Each language has two lists. What is in `PLAINLY` counts whatever else the message says. What is in
`ALONE` counts only if courtesies and asides are all that goes with it: "stop" is an opt-out, "stop,
or at least slow down" is for the model. Case, accents and apostrophes do not matter; the notation
is that of `meshcore.domain.wording.Phrasebook`.
"""

from __future__ import annotations

from meshcore.domain.phrases.optout import (
    arabic_script,
    austronesian,
    east_asian,
    english,
    germanic,
    indic,
    romance,
    slavic,
    spanish,
    swahili,
    turkish,
)

_LANGUAGES = (
    english,
    spanish,
    romance,
    germanic,
    slavic,
    turkish,
    arabic_script,
    indic,
    austronesian,
    swahili,
    east_asian,
)

PLAINLY: tuple[str, ...] = tuple(phrase for spoken in _LANGUAGES for phrase in spoken.PLAINLY)
ALONE: tuple[str, ...] = tuple(phrase for spoken in _LANGUAGES for phrase in spoken.ALONE)
