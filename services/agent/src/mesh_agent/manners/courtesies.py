"""Greetings and thanks: what may stand beside the sentences that count."""

# ruff: noqa: RUF001 - other languages have letters of their own

from __future__ import annotations

from mesh_agent.manners.sentences import words


def _any_of(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_GREETINGS = _any_of(
    "hi hello hey hiya morning good hola buenos buenas bonjour salut bonsoir hallo guten moin",
    "oi olá bom boa ciao salve buongiorno buonasera merhaba selam günaydın iyi halo hai selamat",
    "مرحبا أهلا اهلا السلام سلام صباح مساء नमस्ते नमस्कार привет здравствуйте добрый",
    "hujambo habari jambo 你好 您好 こんにちは hei hej hoi dag witaj cześć xin",
)
_THANKS = _any_of(
    "thanks thank thx gracias merci danke dank obrigado obrigada grazie teşekkürler teşekkür",
    "terima makasih شكرا शुक्रिया धन्यवाद спасибо asante salamat 谢谢 bedankt dziękuję",
)
_GREETING_WORDS = 4
_THANKS_WORDS = 6


def greets(sentence: str) -> bool:
    """Whether the sentence is a mere greeting: "Hi Sam!"."""
    found = words(sentence)
    return 0 < len(found) <= _GREETING_WORDS and found[0] in _GREETINGS


def thanks(sentence: str) -> bool:
    """Whether the sentence is mere thanks: "Thank you so much!"."""
    found = words(sentence)
    return len(found) <= _THANKS_WORDS and not _THANKS.isdisjoint(found)
