"""Swahili."""

from __future__ import annotations

_MESSAGES = "(ujumbe|meseji|jumbe|sms|message|messages|msg)"

PLAINLY = (
    (
        "(acha|acheni|wacha|wacheni|koma|komeni) (kunitumia|kuniandikia"
        f"|kunisumbua) [{_MESSAGES[1:-1]}]"
        " [sasa]"
    ),
    f"(usinitumie|msinitumie|usiniandikie|msiniandikie) tena [{_MESSAGES[1:-1]}]",
    f"(usinitumie|msinitumie|usiniandikie|msiniandikie) {_MESSAGES} (tena|mwingine|nyingine)",
    "(usinisumbue|msinisumbue) [tena]",
    "(niache|niacheni) (kwa amani|peke yangu|na amani)",
    (
        "(ondoa|ondoeni|futa|futeni|toa|toeni) namba yangu [kwenye orodha|kwenye orodha yako"
        "|kwenye orodha yenu]"
    ),
    "(niondoe|niondoeni|nitoe|nitoeni) kwenye (orodha|list|kikundi) [yako|yenu|hii]",
    f"(sitaki|sihitaji) {_MESSAGES} (zaidi|tena|wako|wenu|zako|zenu)",
    f"sitaki kupokea [tena] {_MESSAGES} [tena|wako|wenu|zenu]",
)

ALONE = (
    f"(usinitumie|msinitumie) {_MESSAGES}",
    "(usiniandikie|msiniandikie|niacheni|acha kutuma ujumbe|acheni kutuma ujumbe)",
)
