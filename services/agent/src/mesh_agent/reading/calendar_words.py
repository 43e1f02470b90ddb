"""The words that tell that a date is spoken of, or that it is not the one that stands there."""

from __future__ import annotations

import re

DATELIKE = re.compile(
    r"\d|\b(?:"
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"ago|last|next|today|tonight|yesterday|tomorrow|weeks?|months?|years?|weekend|spring|summer|"
    r"autumn|fall|winter|christmas|xmas|easter|ramadan|eid|diwali|thanksgiving|birthday|"
    r"new year'?s?|lockdown|the other day|just now|"
    r"navidad|pascua|semana|verano|invierno|otoño|primavera|mes|meses|años?|pasad[oa]|hace|"
    r"pr[oó]xim[oa]|cumpleaños|"
    r"noël|pâques|été|hiver|automne|printemps|semaine|mois|ans?|années?|derni(?:er|ère)|"
    r"prochaine?|il y a|anniversaire|"
    r"weihnachten|ostern|silvester|neujahr|sommer|herbst|frühling|frühjahr|wochen?|monat\w*|"
    r"jahr\w*|letzte\w*|nächste\w*|vorige\w*|geburtstag|"
    r"natal|páscoa|verão|inverno|outono|mês|anos?|há|aniversário|"
    r"natale|pasqua|estate|autunno|settiman[ae]|mes[ei]|ann[io]|scors[oa]|prossim[oa]|fa|"
    r"kerst\w*|pasen|zomer|herfst|lente|week|weken|maand\w*|jaar|jaren|vorige?|volgende?|geleden|"
    r"jul|påske|vinter|efterår|forår|uge\w*|måned\w*|år|sidste|næste|siden"
    r")\b"
)
"""Something of a date, in digits or in the languages whose number words can be read as well."""

MOVED = re.compile(
    r"\b(?:before|after|prior|later|earlier|until|till|by|not|n't|except|about|around|roughly|"
    r"approximately|almost|nearly|or so|maybe|or|and|plus|minus|when|every|each|half|"
    r"quarter|couple|few|several)\b|n't\b"
    r"|\b\d{1,2} ?(?:-|to|or|and|&) ?\d{1,2} (?:of )?[^\W\d]"
)
"""What makes a date another one than it reads, or no more than a guess."""

A_DAY_OF_A_MONTH = re.compile(r"(?:on )?(?:the )?\d{1,2}(?:st|nd|rd|th)")
POINTED = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})(?:\.(?!\d))?(?![\d.])")
"""3.12., which the library takes for a time."""

MONTH_AND_SHORT_YEAR = re.compile(r"([^\W\d]{3,}|\d{1,2}/) ?'?(\d\d)")
"""May 21, 5/24: a day as well as a year."""

YEAR_AND_MORE = re.compile(r"\b\d{1,3}\b.*\b\d{4}\b|\b\d{4}\b.*\b\d{1,3}\b")
NUMERIC_MONTH = re.compile(r"\d[/.-]\d")

LANGUAGES_OF_SCRIPTS = {
    "ARABIC": ("ar", "fa", "ur"),
    "BENGALI": ("bn",),
    "CJK": ("zh", "ja"),
    "CYRILLIC": ("ru", "uk"),
    "DEVANAGARI": ("hi",),
    "GREEK": ("el",),
    "HANGUL": ("ko",),
    "HEBREW": ("he",),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "MALAYALAM": ("ml",),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
    "THAI": ("th",),
}
"""By the first word of Unicode's name of a letter: what is most likely written in it."""

OTHER_CODES = {"tl": "fil", "no": "nb", "iw": "he", "in": "id"}
"""Codes that the library has under another name."""
