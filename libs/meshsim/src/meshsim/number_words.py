"""Whole numbers below a hundred in words, as people write them in several languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class _Numerals:
    """The words from 0 up to where they become regular, the tens from 20, and how they combine."""

    first: tuple[str, ...]
    tens: tuple[str, ...]
    combine: Callable[[str, str], str]


def _numerals(first: str, tens: str, combine: Callable[[str, str], str]) -> _Numerals:
    return _Numerals(tuple(first.split()), tuple(tens.split()), combine)


_ENGLISH = _numerals(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen",
    "twenty thirty forty fifty sixty seventy eighty ninety",
    lambda ten, one: f"{ten}-{one}",
)
_SPANISH = _numerals(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro "
    "veinticinco veintiséis veintisiete veintiocho veintinueve",
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    lambda ten, one: f"{ten} y {one}",
)
_GERMAN = _numerals(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
    "fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    lambda ten, one: f"{one.removesuffix('s') if one == 'eins' else one}und{ten}",
)
_FRENCH = _numerals(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf",
    "vingt trente quarante cinquante soixante septante huitante nonante",  # as Swiss people say
    lambda ten, one: f"{ten} et un" if one == "un" else f"{ten}-{one}",
)
_PORTUGUESE = _numerals(
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze "
    "dezesseis dezessete dezoito dezenove",
    "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    lambda ten, one: f"{ten} e {one}",
)
_ARABIC = _Numerals(
    (
        *("صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة"),
        *("عشرة", "أحد عشر", "اثنا عشر", "ثلاثة عشر", "أربعة عشر", "خمسة عشر", "ستة عشر"),
        *("سبعة عشر", "ثمانية عشر", "تسعة عشر"),
    ),
    ("عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"),
    lambda ten, one: f"{one} و{ten}",
)
_LANGUAGES: Mapping[str, _Numerals] = {
    "en": _ENGLISH,
    "es": _SPANISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "pt": _PORTUGUESE,
    "ar": _ARABIC,
}
_BELOW = 100


def in_words(number: int, language: str) -> str:
    """The number in the words of a language; in figures where there are no words for it here."""
    numerals = _LANGUAGES.get(language)
    if numerals is None or not 0 <= number < _BELOW:
        return str(number)
    if number < len(numerals.first):
        return numerals.first[number]
    ten, one = numerals.tens[number // 10 - 2], number % 10
    return numerals.combine(ten, numerals.first[one]) if one else ten
