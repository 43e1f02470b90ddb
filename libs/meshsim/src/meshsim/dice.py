"""Randomness that depends on names and not on the order of arrival."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping


def dice(*names: object) -> random.Random:
    """Return a generator that is the same for the same names, in every process.

    Args:
        names: what the draw is about, e.g. the seed, a phone number and a purpose.
    """
    text = "\x1f".join(str(name) for name in names)
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return random.Random(int.from_bytes(digest, "big"))


def draw(weights: Mapping[str, float], *names: object) -> str:
    """Return one key of `weights`, drawn in proportion to its weight.

    Raises:
        ValueError: when no weight is positive.
    """
    positive = {key: weight for key, weight in weights.items() if weight > 0}
    if not positive:
        msg = "at least one weight must be positive"
        raise ValueError(msg)
    return dice(*names).choices(list(positive), weights=list(positive.values()))[0]


def parse_mix(text: str) -> dict[str, float]:
    """Read weights as given on a command line: `cooperative=7,terse=2,silent=1`.

    Raises:
        ValueError: when a part is not `name=number`.
    """
    mix: dict[str, float] = {}
    for part in text.split(","):
        name, sign, weight = part.partition("=")
        if not sign:
            msg = f"expected name=weight, got {part!r}"
            raise ValueError(msg)
        mix[name.strip()] = float(weight)
    return mix
