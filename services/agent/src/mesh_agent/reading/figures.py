"""Answers that are nothing but a figure: a number, a mark out of ten, a day of the calendar.

They say little beyond themselves, so what they can be an answer to is told by what was asked.
"""

# ruff: noqa: RUF001 - some letters of other alphabets look like Latin ones

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

from mesh_agent.reading.numbers import find

if TYPE_CHECKING:
    from mesh_agent.reading.numbers import Number


class Figure(Enum):
    """What kind of a figure an answer is."""

    NUMBER = auto()
    RATING = auto()
    DATE = auto()


_RATING = re.compile(
    r"\d\s*(?:/|out of|von|sur|de|su|van)\s*(?:5|7|10|100)(?![\d/.])|\bout of\b|\bstars?\b"
    r"|\bpoints?\b|\b(?:give it|rate it|pondr[ií]a|doy|daria|darei|dou|gebe|geben|donnerais|donne"
    r"|mettrais)\b|⭐"
)
_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    r"|januar|februar|märz|mai|juni|juli|oktober|dezember"
    r"|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro"
)
_DATE = re.compile(
    rf"\d{{1,4}}([/.-])\d{{1,2}}\1\d{{2,4}}|\b(?:{_MONTHS})\b(?=\W*\d)|\d\W*(?:of\s)?(?:{_MONTHS})\b"
)
_BESIDE = re.compile(
    r"\b(?:i(?:'d|'m|'ll)?|would|id|im|am|say|think|guess|give|rate|it(?:'s)?|is|that's|a|an|the|my"
    r"|score|rating|just|only|about|around|roughly|approximately|maybe|perhaps|probably|like|out|of"
    r"|on|stars?|points?|years?|yrs?|old|well|hm+|ok(?:ay)?|so|st|nd|rd|th|please|thanks|solid"
    r"|le|lo|pondría|pondria|doy|un|una|uno|de|sobre|creo|que|tengo|años|unos|unas|diría|como|más"
    r"|ich|würde|sagen|gebe|geben|ihm|es|eine|ein|einen|von|etwa|ungefähr|vielleicht|so|bin|jahre"
    r"|alt|punkte|je|j'ai|dirais|donnerais|donne|mettrais|lui|une|sur|environ|peut-être|ans|points"
    rf"|eu|daria|dou|diria|uns|umas|um|uma|nota|acho|tenho|anos|pontos|em|{_MONTHS})\b"
)
_LETTER = re.compile(r"[^\W\d_]")


def figure(text: str, languages: tuple[str, ...]) -> Figure | None:
    """What kind of a figure a plain text is; None if it says anything else beside it."""
    numbers = find(text, languages)
    if not numbers or _LETTER.search(_BESIDE.sub(" ", _without(text, numbers))):
        return None
    if _DATE.search(text):
        return Figure.DATE
    return Figure.RATING if _RATING.search(text) else Figure.NUMBER


def _without(text: str, numbers: tuple[Number, ...]) -> str:
    for number in sorted(numbers, key=lambda each: -each.start):
        text = f"{text[: number.start]} {text[number.end :]}"
    return text


_JUDGED = re.compile(
    r"\brat(?:e|es|ed|ing|ings)\b|\bscale|\bscore|satisf|satisfa|happ|feel|opinion|\blik|\blove"
    r"|\bimport|qualit|trust|recommend|agree|enjoy|comfort|interest|attitude|\bview|think of|good"
    r"|\bhow well|difficult|eas[ey]|calidad|opini[oó]n|puntu|calific|valora|recom|confia|content"
    r"|zufried|bewert|meinung|wichtig|wahrschein|qualität|vertrau|empfehl|gefühl|gefällt|\bnote\b"
    r"|\bavis\b|probab|confian|heureu|avalia|\bnota\b|opini|felic|feliz|gost|valutaz|fiducia"
    r"|consigl|\bvoto\b|memnun|puan|puas|nilai|رضا|تقييم|رأي|जितन|संतु|राय|满意|評|评|満足|удовлетв|оцен"
)
_COUNTED = re.compile(
    r"\bhow (?:often|many|much|long|old|far|big|large|frequent\w*)|frequen|number|amount|count"
    r"|\bage\b|\bages?\b|\baged\b|\bold\b|years?\b|pric|cost|spen[dt]|budget|income|salary|\bsize|total"
    r"|distance|duration|percent|share of|\b(?:per|an?|every|each) (?:day|week|month|year)|times\b"
    r"|daily|weekly|monthly|yearly|quantit|level|rank|bracket|group"
    r"|cuánt|edad|número|precio|veces|combien|\bâge\b|nombre|prix|\bfois\b|quant[oai]|idade|preço"
    r"|vezes|wie (?:oft|viel|lange?|alt|weit)|häufig|anzahl|\bzahl|alter\b|preis|kosten"
    r"|età\b|prezzo|volte|kaç|yaş|sıklık|berapa|umur|usia|jumlah|كم|عدد|عمر|سعر|कितन|उम्र|संख्या|多少|几|年龄|年齢|いくつ|何"
    r"|сколько|возраст|част|цен"
)
_TIMED = re.compile(
    r"\bwhen\b|\bdate|\bdays?\b|month|\btimes?\b|\byears?\b|birth|since|how (?:long|often|old)"
    r"|season|holiday|\bage\b|last|next|first|recent|cuándo|fecha|\bdía|quand|\bjour|\bdata\b|\bdia\b"
    r"|wann|datum|\btag\b|seit|desde|depuis|giorno|ne zaman|tarih|kapan|tanggal"
    r"|متى|تاريخ|يوم|कब|तारीख|日|时|いつ|когда|дата|день"
)
_ANSWERS = {
    Figure.RATING: (_JUDGED,),
    Figure.NUMBER: (_JUDGED, _COUNTED, _TIMED),
    Figure.DATE: (_COUNTED, _TIMED),
}


def answers(said: Figure, question: str) -> bool:
    """Whether a figure of this kind may answer what a plain text asks for, put into words.

    "9 out of 10" is "very happy" where somebody's satisfaction is asked, and no reason to switch.
    """
    return any(asked.search(question) for asked in _ANSWERS[said])
