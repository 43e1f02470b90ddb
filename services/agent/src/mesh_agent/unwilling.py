"""Whether words sound like somebody who does not want to, in the languages of our phrases."""

from __future__ import annotations

import re

from mesh_agent.quoting import plain

_UNWILLING = re.compile(
    r"\b(?:not|dont|wont|no|none|never|away|stop|leave|enough|rather|prefer\w*|skip|pass|private"
    r"|personal|secret|nein|nicht|kein\w*|lieber|privat|genug|nunca|ni|basta|prefiero|prefiro"
    r"|não|nao|non|pas|privé|assez|preferisco|hay[\u0131i]r|istemiyorum|özel|yeter|tidak|nggak"
    r"|jangan|pribadi|cukup)\b|n't\b|لا|ليس|خاص|كفى|नहीं|मत|निजी|बस|не|нет|хватит"
)


def sounds_unwilling(text: str) -> bool:
    """Whether a word of refusal is among the words. Not that it means one: "not bad" has it too."""
    return _UNWILLING.search(plain(text)) is not None
