"""What may go wrong with a campaign, seen from its words alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from meshcore.domain.events import CampaignCreated
from meshcore.domain.schema import FieldSpec, FieldType
from meshcore.domain.study import rendered
from mesheval.speech import questions_in
from meshsim.words import content_stems, word_set, words

MANY_FIELDS = 8
"""More than these make a chat long: each takes a question and, now and then, another."""

_SHORT_BRIEF = 8
_EXAMPLES = re.compile(
    r"[\s,;:(\[-]*\b(?:e\.\s?g\.?|i\.e\.?|for example|for instance|such as)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_PARENTHESES = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_SCALE = re.compile(r"(\d+)\s*(?:-|\u2013|to|and)\s*(\d+)|\b(?:scale|percent)|%", re.IGNORECASE)
_VAGUE_STEMS = content_stems(
    "anything comment data detail feedback general info information input misc notes opinion "
    "other response stuff thing thought value view answer participant respondent person user"
)
_JOINED = re.compile(
    r"\band\s*/\s*or\b|\b(?:and|as well as|plus)\b|;\s*\w|\w\s?/\s?\w", re.IGNORECASE
)
_ALTERNATIVES = re.compile(r"\bor\b", re.IGNORECASE)
_ONE_THING = re.compile(
    r"\b(?:pros and cons|back and forth|to and from|more or less|terms and conditions|"
    r"between \S+ and \S+|first and last name|name and surname|date and time|and so on|"
    r"km/h|and why not|his/her|he/she|s/he|yes/no|yes or no|or not|if any|per week/month|24/7)\b",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"\b(?:how (?:much|great|good|bad|happy|annoyed|much better|badly)\s+(?:they|the participant)"
    r"\s+(?:love|like|enjoy|hate|dislike|appreciate)s?|why (?:they|the participant) "
    r"(?:love|like|hate|prefer|need|want)s?|(?:love|hate)s? (?:about|our)|our (?:great|new and "
    r"improved|excellent)|agrees? that|admits?|confess(?:es)?|benefits? of|advantages? of|"
    r"problems? with|what is wrong|how bad|how great|how much better)\b",
    re.IGNORECASE,
)
_JUDGING = re.compile(
    r"\b(?:should|properly|correctly|bad habits?|excessive(?:ly)?|too (?:much|little|often)|wrong|"
    r"stupid|lazy|irresponsibl[ey]|careless(?:ly)?|irrational|unreasonabl[ey]|"
    r"poor (?:choice|habit)s?|good (?:choice|habit)s?|normal|abnormal|"
    r"ignoran(?:t|ce)|fail(?:s|ed|ure)? to)\b",
    re.IGNORECASE,
)
_SENSITIVE = re.compile(
    r"\b(?:suicid\w*|self[- ]harm\w*|abus\w*|violen\w*|assault\w*|rape\w*|harass\w*|trauma\w*|"
    r"depress\w*|anxiety|mental health|eating disorders?|addict\w*|drugs?|alcohol\w*|"
    r"drinking habits?|sexual\w*|miscarriage\w*|abortion\w*|grief|bereave\w*|death|dying|"
    r"cancer|hiv|terminal\w*|domestic|divorc\w*|bankrupt\w*|debts?|homeless\w*|"
    r"refugee\w*|torture\w*|self[- ]esteem|loneliness|lonely)\b",
    re.IGNORECASE,
)
_CAN_STOP = re.compile(
    r"\b(?:stop|quit|opt out|unsubscribe|parar|arrêter|aufhören|beenden|smettere|detener)\b|"
    r"توقف|التوقف|إيقاف",
    re.IGNORECASE,
)
_WAY_OUT = word_set(
    "other others none neither nothing unknown unsure depends varies any na no_answer "
    "something_else dont_know don_t_know not_sure prefer_not_to_say not_applicable else"
)
_ORDERED = word_set(
    "never rarely seldom sometimes often always daily weekly monthly yearly low medium high "
    "none very_low very_high small large short long weak strong poor fair good excellent bad "
    "yes no true false agree disagree neutral satisfied dissatisfied likely unlikely easy "
    "hard difficult"
)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to look at before real people are written to.

    Attributes:
        where: the place in the campaign's JSON.
        what: what may go wrong.
        advice: what to do about it.
    """

    where: str
    what: str
    advice: str


def warnings(study: CampaignCreated) -> list[Warned]:
    """Everything to look at, in the order of the file. An empty list promises nothing."""
    found = [*_of_the_whole(study)]
    for name, spec in study.extraction_schema.items():
        found += [w for check in _CHECKS for w in check(name, spec)]
    return found


def _of_the_whole(study: CampaignCreated) -> Iterator[Warned]:
    if len(words(study.research_brief)) < _SHORT_BRIEF:
        yield Warned(
            "research_brief",
            "says little; the interviewer has nothing else to go by",
            "say what is to be found out, from whom, and what for",
        )
    required = sum(spec.required for spec in study.extraction_schema.values())
    if required > MANY_FIELDS:
        yield Warned(
            "extraction_schema",
            f"has {required} required fields: a chat of {required} to {3 * required} questions, "
            "which many people leave",
            f'keep to {MANY_FIELDS}, or make the less important ones "required": false',
        )
    if study.opening:
        yield from _of_the_opening(rendered(study.opening))
    texts = [study.research_brief]
    texts += [f"{n.replace('_', ' ')} {s.description}" for n, s in study.extraction_schema.items()]
    sensitive = sorted({f[0].lower() for text in texts for f in _SENSITIVE.finditer(text)})
    if sensitive and not study.support_text:
        yield Warned(
            "support_text",
            f"is missing, and the study touches on {', '.join(sensitive)}",
            "name somebody whom a person in distress can turn to",
        )


def _of_the_opening(text: str) -> Iterator[Warned]:
    questions = questions_in(text)
    if questions != 1:
        yield Warned(
            "opening.text",
            f"asks {questions} questions",
            "end it with one question, an easy one",
        )
    if not _CAN_STOP.search(text):
        yield Warned(
            "opening.text",
            "does not say that one can stop at any time",
            'say so, for instance "You can stop at any time"',
        )


def _vague(name: str, spec: FieldSpec) -> Iterator[Warned]:
    own = content_stems(_topic(spec)) - _VAGUE_STEMS
    named = content_stems(name.replace("_", " "))
    if not own or (len(own) == 1 and own <= named and spec.type is FieldType.STRING):
        yield Warned(
            _place(name),
            "is vague: the interviewer cannot tell when it is answered",
            'say what counts as an answer, for instance "How often they drive there per week"',
        )


def _double_barrelled(name: str, spec: FieldSpec) -> Iterator[Warned]:
    if spec.type is FieldType.LIST:
        return
    text = _ONE_THING.sub(" ", _SCALE.sub(" ", _topic(spec)))
    alternatives = spec.enum is None and spec.type is not FieldType.BOOLEAN
    joined = _JOINED.search(text) or (_ALTERNATIVES.search(text) if alternatives else None)
    if joined:
        yield Warned(
            _place(name),
            f'asks for two things in one ("{joined[0].strip()}"): one value cannot hold '
            "both answers",
            "make it two fields, or a list",
        )


def _leading(name: str, spec: FieldSpec) -> Iterator[Warned]:
    if found := _LEADING.search(spec.description):
        yield Warned(
            _place(name),
            f'presumes an answer ("{found[0]}"), and so will the questions',
            "ask openly, for instance what they think of it",
        )


def _judging(name: str, spec: FieldSpec) -> Iterator[Warned]:
    if found := _JUDGING.search(spec.description):
        yield Warned(
            _place(name),
            f'judges ("{found[0]}"); people answer what is expected of them',
            "describe the thing without saying how it ought to be",
        )


def _closed_choice(name: str, spec: FieldSpec) -> Iterator[Warned]:
    if not spec.enum or len(spec.enum) < 3:  # noqa: PLR2004 - yes and no need no third
        return
    values = {"_".join(words(value.replace("_", " "))) for value in spec.enum}
    if values & _WAY_OUT or len(values & _ORDERED) > 1:
        return
    if any(re.search(r"\d", value) for value in values):
        return
    yield Warned(
        f"extraction_schema.{name}.enum",
        "has no way out: answers that fit none of the values are lost or forced",
        'add a value such as "other"',
    )


def _unbounded(name: str, spec: FieldSpec) -> Iterator[Warned]:
    if spec.type not in {FieldType.NUMBER, FieldType.INTEGER}:
        return
    if spec.minimum is not None and spec.maximum is not None:
        return
    said = _SCALE.search(spec.description)
    yield Warned(
        f"extraction_schema.{name}",
        f"says {said[0]} in words only" if said else "takes any number",
        'set "minimum" and "maximum", so that code turns away what cannot be true',
    )


def _topic(spec: FieldSpec) -> str:
    return _PARENTHESES.sub(" ", _EXAMPLES.sub("", spec.description))


def _place(name: str) -> str:
    return f"extraction_schema.{name}.description"


_CHECKS: tuple[Callable[[str, FieldSpec], Iterator[Warned]], ...] = (
    _vague,
    _double_barrelled,
    _leading,
    _judging,
    _closed_choice,
    _unbounded,
)
