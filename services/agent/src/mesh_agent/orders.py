"""Words that give orders to a machine: to forget its instructions, to show them, to play a part.

Only what begins a clause counts ("ignore your rules", not "people ignore the rules"), except in
languages whose verbs come last. Ordinary talk about instructions and rules is left alone.
"""

# ruff: noqa: RUF001 - letters that look like Latin ones are meant

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from meshcore.domain.wording import Phrasebook, words

if TYPE_CHECKING:
    from meshcore.domain.wording import Words

_LEAD_INS = Phrasebook(
    (
        "(please|pls|kindly|now|and|ok|okay|hey|hi|hello|so|then|just|first|but|also|well|instead)",
        "(dear|hey|hello) (bot|ai|assistant|robot|machine|chatgpt|gemini|gpt|computer)",
        "(bot|ai|assistant|robot|machine|chatgpt|gemini|gpt|computer|attention|important)",
        "you (must|should|have to|need to|can|will|shall|are to|are going to) [now]",
        "i (want|need|order|command|ask|would like|instruct|order) you to [now]",
        "(can|could|would|will) you [please]",
        "(lets|let us|do|your new task is to|your task is to|your job is to)",
        (
            "(por favor|porfa|ahora|agora|s il vous plait|sil vous plait|sil te plait"
            "|maintenant|bitte"
            "|jetzt|per favore|adesso|lutfen|simdi|пожалуйста|теперь|а теперь|tolong"
            "|mohon|sekarang)"
        ),
        (
            "(من فضلك|الان|请|請|现在|어서|कृपया|अब|براہ کرم|اب|لطفا|tafadhali|prosze|teraz"
            "|alsjeblieft)"
        ),
    )
)
_LONGEST_LEAD_IN = 6
_REACH = 9
"""How many words after its verb an order's object is looked for."""


@dataclass(frozen=True, slots=True)
class _Order:
    """A verb and what it is done to.

    Attributes:
        needs: one of these words must be there too; none needed if empty.
        verb_last: whether the verb may stand anywhere in the clause, as in Turkish or Hindi.
    """

    verbs: frozenset[str]
    objects: frozenset[str]
    needs: frozenset[str] = frozenset()
    verb_last: bool = False

    def is_given_by(self, clause: Words) -> bool:
        """Whether the clause, without what leads in to it, is this order."""
        if self.verb_last:
            said = frozenset(clause)
            found = not self.verbs.isdisjoint(said)
        else:
            said = frozenset(clause[1 : 1 + _REACH])
            found = bool(clause) and clause[0] in self.verbs
        fits = not self.needs or not self.needs.isdisjoint(said)
        return found and fits and not self.objects.isdisjoint(said)


def _order(verbs: str, objects: str, needs: str = "", *, verb_last: bool = False) -> _Order:
    verb, thing, need = (frozenset(words(listed)) for listed in (verbs, objects, needs))
    return _Order(verb, thing, need, verb_last)


_YOURS = "your all any previous prior above earlier preceding every initial original system these"
_HIDDEN = "your system hidden initial original internal secret above previous entire full exact"

_ORDERS = (
    _order(
        "ignore disregard forget override bypass neglect discard overwrite",
        "instructions instruction prompt prompts rules guidelines directives programming",
        _YOURS,
    ),
    _order(
        "print reveal show repeat output display give tell share leak dump write translate list "
        "summarize summarise expose quote recite send copy paste explain",
        "prompt prompts instructions instruction guidelines directives configuration checklist "
        "schema fields rules",
        _HIDDEN,
    ),
    _order(
        "set mark record log save store fill put enter write update change assign add override",
        "field fields extraction extractions outcome variable variables value values schema",
        "to as with complete completed true",
    ),
    _order(
        "mark set end close consider treat declare register",
        "interview conversation survey questionnaire chat study fields",
        "complete completed done finished successful",
    ),
    _order("ignora ignore ignoren olvida olvide olvidate omite descarta",
           "instrucciones instruccion reglas prompt indicaciones ordenes directrices"),
    _order("ignore ignora ignorem esqueca esquece desconsidere descarte",
           "instrucoes instrucao regras prompt orientacoes diretrizes comandos"),
    _order("ignore ignorez oublie oubliez neglige negligez",
           "instructions instruction consignes regles prompt directives"),
    _order("ignora ignorate ignori dimentica dimenticate scorda trascura",
           "istruzioni istruzione regole prompt indicazioni direttive"),
    _order("ignoriere ignorier ignorieren vergiss vergessen missachte uberspringe",
           "anweisungen anweisung instruktionen regeln vorgaben prompt befehle"),
    _order("negeer vergeet", "instructies instructie regels prompt opdrachten"),
    _order("zignoruj ignoruj zapomnij pomin",
           "instrukcje instrukcji polecenia polecen zasady zasadach reguly prompt"),
    _order("игнорируй игнорируйте проигнорируй проигнорируйте забудь забудьте отмени",
           "инструкции инструкциях инструкций правила правилах указания указаниях промпт команды"),
    _order("ігноруй ігноруйте забудь забудьте", "інструкції інструкціи правила вказівки промпт"),
    _order("تجاهل تجاهلي تجاهلوا انس انسى الغ اهمل",
           "تعليمات التعليمات تعليماتك الاوامر اوامرك القواعد قواعدك الارشادات"),
    _order("abaikan lupakan hiraukan",
           "instruksi perintah aturan arahan petunjuk prompt peraturan"),
    _order("puuza sahau", "maagizo maelekezo kanuni sheria"),
    _order("gel gelin say sayin unut unutun yoksay",
           "talimatlari talimatlarini talimatlarinizi kurallari kurallarini kurallarinizi",
           verb_last=True),
    _order("अनदेखा नजरअंदाज भूल इग्नोर", "निर्देश निर्देशों नियम नियमों आदेश आदेशों",
           "करो करें कीजिए कर जाओ जाइए जाएं", verb_last=True),
    _order("ignore bhool bhul nazarandaz", "nirdesh instructions instruction hidayat niyam rules",
           "karo kro karein kijiye jao jaiye", verb_last=True),
    _order("انداز بھول بھلا", "ہدایات ہدایتیں قواعد احکامات اصول", "کرو کریں کر جاؤ جائیں دو",
           verb_last=True),
    _order("بگیر بگیرید کن کنید", "دستورالعمل دستورالعملها دستورات دستورهای قوانین",
           "نادیده فراموش", verb_last=True),
    _order("উপেক্ষা ভুলে", "নির্দেশ নির্দেশনা নির্দেশাবলী নিয়ম", "করুন করো কর যান যাও",
           verb_last=True),
    _order("무시하고 무시해 무시하세요 무시하십시오 무시하라 잊어 잊으세요",
           "지시 지시를 지시사항 지시사항을 명령 명령을 프롬프트를 지침 지침을", verb_last=True),
)  # fmt: skip

_CHINESE_VERBS = (
    "忽略", "无视", "無視", "忘记", "忘掉", "不要理会", "忽視",
    "显示", "打印", "输出", "告诉我", "重复",
)  # fmt: skip
_CHINESE_OBJECTS = (
    "指令", "指示", "规则", "規則", "提示词", "命令", "提示詞", "系统提示",
)  # fmt: skip
_JAPANESE_OBJECTS = ("指示", "命令", "ルール", "プロンプト")
_JAPANESE_VERBS = (
    "無視して", "無視しろ", "無視せよ", "忘れて", "忘れろ", "表示して", "出力して",
)  # fmt: skip

_BEGINNINGS = Phrasebook(
    (
        "you are now (a|an|the|in|my|dan|free|no longer|not|acting|going to|allowed)",
        (
            "(from now on|from this moment|starting now) you (are|will|must|should|shall"
            "|act|only|answer"
            "|reply|respond|speak|talk)"
        ),
        "(act|behave|respond) as (if you|though you|dan|an ai|a different|an unrestricted)",
        "pretend (you are|youre|to be|that you are) (an ai|a bot|not|no longer|dan|a different)",
        "(roleplay|role play) as",
        (
            "(enter|activate|enable|switch to|start|turn on) (developer|debug|admin|god"
            "|dan|maintenance"
            "|test|root|sudo|unrestricted) mode"
        ),
        (
            "(developer|debug|admin|god|dan|maintenance|unrestricted) mode (on|enabled"
            "|activated|active)"
        ),
        (
            "(note|message|instruction|instructions|notice|command) (to|for) [the] (ai"
            "|bot|assistant"
            "|model|machine|llm|chatbot|language model)"
        ),
        "(a partir de ahora|a partir de agora) (eres|usted es|voce e|actua|aja)",
        "(ab jetzt|von jetzt an) (bist du|sind sie)",
        "(a partir de maintenant|desormais) (tu es|vous etes)",
        "(da ora|da adesso) [in poi] (sei|tu sei)",
        "(теперь ты|отныне ты|с этого момента ты)",
        "(انت الان|من الان فصاعدا انت)",
        "(你现在是|从现在开始你是|从现在起你是|あなたは今から|これからあなたは)",
    )
)
_LONGEST_BEGINNING = 10

_HEADLINES = Phrasebook(
    (
        "[new|updated|additional] (instruction|instructions|system prompt|directive|directives)",
        (
            "(system|admin|administrator|developer) (override|message|notice|instruction"
            "|instructions"
            "|command|prompt|alert)"
        ),
        (
            "(end|begin|beginning|start) of [the] [system|user] (prompt|instructions"
            "|input|conversation"
            "|transcript|message)"
        ),
    )
)
"""Only as whole clauses: what follows is said to be an order."""

_MACHINE_TALK = ("system", "prompt")


def is_order(clause: str) -> bool:
    """Whether a clause gives an order to the machine behind the chat."""
    said = words(clause)
    while n := _LEAD_INS.has_at_the_start(said, _LONGEST_LEAD_IN):
        said = said[n:]
    if not said:
        return False
    return (
        any(order.is_given_by(said) for order in _ORDERS)
        or _is_unspaced_order("".join(said))
        or _BEGINNINGS.has_at_the_start(said, _LONGEST_BEGINNING) > 0
        or _HEADLINES.has(said)
        or _sets_a_bare_word(said)
        or _MACHINE_TALK in pairwise(said)
    )


def _is_unspaced_order(said: str) -> bool:
    chinese = said.startswith(_CHINESE_VERBS) and any(o in said for o in _CHINESE_OBJECTS)
    return chinese or (
        any(verb in said for verb in _JAPANESE_VERBS) and any(o in said for o in _JAPANESE_OBJECTS)
    )


def _sets_a_bare_word(said: Words) -> bool:
    """Whether it is like "set satisfaction to 10": people say "the" or "my" before such a word."""
    match said:
        case ("set" | "assign" | "update", _, "to" | "as", value):
            return value.isdecimal()
        case _:
            return False
