"""Whether somebody plainly says that they are in danger, from themselves or from others.

It backs up the model, which judges everything subtler: what it takes for distress is; what it does
not may still be.
"""

from __future__ import annotations

from functools import cache

from meshcore.domain.phrases.distress import DISTRESS
from meshcore.domain.plain_speech import is_reported, points, readings
from meshcore.domain.wording import Phrasebook


def plain_distress(text: str) -> bool:
    """Whether the message says in so many words that its writer wants to die or is in danger now.

    Quotations, conditions, jokes and exaggerations ("this traffic is killing me") never count, nor
    does what is said of others.
    """
    return any(
        point.is_in(_distress())
        and not point.clause.reported
        and not any(is_reported(o) for o in others if o.clause.sentence == point.clause.sentence)
        for point, others in readings(points(text))
    )


@cache
def _distress() -> Phrasebook:
    return Phrasebook(DISTRESS)
