"""English."""

from __future__ import annotations

_STOP = "(stop|quit|cease)"
_WRITING = (
    "(texting|messaging|messageing|msging|msgin|writing|contacting|bothering|spamming|harassing"
    "|pestering|disturbing|annoying|txting|txtin|texing|pinging|whatsapping|dming|talking to)"
)
_WRITE = "(text|message|msg|write|contact|bother|spam|disturb|harass|txt|ping|whatsapp|dm|talk to)"
_ME = "(me|us|this number|my number|my phone)"
_MESSAGES = (
    "(messages|message|texts|text messages|msgs|msg|whatsapps|whatsapp messages|sms|whatsapp)"
)
_NOW = "[now|immediately|again|any more|anymore|at once|right now|forever|for good|ever again]"
_AGAIN = "(again|any more|anymore|ever again|ever|any longer|no more|in future|in the future)"
_LIST = (
    "(list|lists|mailing list|contact list|database|contacts|system|messages|texts|group|study"
    "|campaign|survey|this|it|everything)"
)
_CHAT = "(chat|conversation|interview|survey|questionnaire|study|thread)"
_WANT = "(want|wish|would like|like|need|prefer|am asking|ask)"
_DO_NOT = "(do not|dont|no longer|don t)"

PLAINLY = (
    f"{_STOP} {_WRITING} [to] {_ME} {_NOW}",
    (
        f"{_STOP} sending [me|us] [any|these|those|this|your|more|all|all these] {_MESSAGES}"
        f" [to] [me|us|this number|my number|my phone] {_NOW}"
    ),
    f"{_STOP} sending me [this|these|those|your|any more] (things|stuff|anything|questions) {_NOW}",
    f"{_STOP} [with] (the|these|your|all these|all the|all your) {_MESSAGES} {_NOW}",
    f"(do not|dont|never|don t) [you] [ever] {_WRITE} [to] {_ME} {_AGAIN}",
    f"(do not|dont|don t) ever {_WRITE} [to] {_ME}",
    f"never ever {_WRITE} [to] {_ME} [again]",
    f"(do not|dont|don t) send (me|us) [any] [more|further] {_MESSAGES} {_NOW}",
    "(do not|dont|don t) send (me|us) anything (again|else|more|any more|anymore)",
    f"leave (me|us) (alone|in peace) {_NOW}",
    f"(take|get) (me|my number|my name|this number) off [of] (your|the|this) {_LIST}",
    f"(take|get) (me|my number|this number) out of (your|the|this) {_LIST}",
    (
        f"(remove|delete|erase) (me|my number|my phone number|this number|my contact|my name) from"
        f" [your|the|this|these|all|any] {_LIST}"
    ),
    "(remove|delete|erase|lose|forget) (my|this) [phone|whatsapp|mobile|cell] number",
    f"(unsubscribe|unsub) (me|us|me now) [from] [your|the|this|these|all] {_LIST}",
    "(unsubscribe|unsub|opt) (me|us) [out] [now|of this|from this|of everything]",
    f"i {_WANT} to (opt out|unsubscribe) [of|from] [this|these|your|everything] [list|messages]",
    f"i {_WANT} to be (removed|taken off|deleted) [from] [your|the|this] {_LIST}",
    "(id|i d) like to (opt out|unsubscribe|be removed) [of|from] [this|your|the] [list|messages]",
    f"(id|i d) like to stop (receiving|getting) [these|your|any|more] {_MESSAGES}",
    f"i {_WANT} to stop (receiving|getting) [these|your|any|more|all] {_MESSAGES} [from you]",
    f"i {_WANT} (no|no more|no further) {_MESSAGES} [from you]",
    (
        f"i {_DO_NOT} {_WANT} to (receive|get|have) [any|these|your] [more|further] {_MESSAGES}"
        " [from you] [again|any more|anymore|any longer]"
    ),
    f"i {_DO_NOT} want [any|your|these] [more|further] {_MESSAGES} [from you] [any more|anymore]",
    f"i {_DO_NOT} {_WANT} to hear [anything] [more] from you {_NOW}",
    f"i {_DO_NOT} {_WANT} to be (contacted|messaged|texted|bothered|disturbed) [by you] {_NOW}",
    f"i {_DO_NOT} {_WANT} you to (contact|message|text|write to|bother) me {_NOW}",
    f"(no more|no further) {_MESSAGES} [to me|from you]",
    f"(stop|end|quit|cancel) (this|our) {_CHAT} [now]",
    f"i {_WANT} to (stop|end|quit|leave|cancel) (this|our) {_CHAT} [now]",
    f"(id|i d) like to (stop|end|quit|leave|cancel) (this|our) {_CHAT} [now]",
    "(cancel|end|stop) my participation [now]",
    "i (withdraw|revoke) my consent",
)

ALONE = (
    "(stop|quit|cancel|end)",
    "(stop|quit|cancel|end) (stop|quit|cancel|end|now|unsubscribe)",
    "stop stop [stop|now] [stop|now]",
    "stop (this|all this|all of this|everything) [now]",
    f"(stop|end|quit|cancel) the {_CHAT} [now]",
    f"{_STOP} {_WRITING} {_NOW}",
    f"{_STOP} sending [{_MESSAGES[1:-1]}|these|this|anything] {_NOW}",
    f"(do not|dont|never|don t) {_WRITE} [to] {_ME}",
    (
        "(do not|dont|don t) (reply|respond|answer) [to] [this|me|this message] [again"
        "|any more|anymore]"
    ),
    f"{_STOP} {_MESSAGES} [now]",
    "(take|count|get) me (off|out)",
    "(unsubscribe|unsub|unsubcribe|unsuscribe|opt out|optout|opt me out|remove me|stopall)",
    "stop asking [me] [questions|these questions|things|this]",
    "(no more|no further) questions",
    "i want (to stop now|to opt out|out of this|you to stop)",
    "i (do not|dont) want (this|to do this|to chat|to talk|to talk to you) (any more|anymore)",
)
