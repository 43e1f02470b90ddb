"""German and Dutch."""

from __future__ import annotations

_DE_MESSAGES = "(nachrichten|nachricht|sms|whatsapps|whatsapp nachrichten|texte|mitteilungen)"
_DE_NO_MORE = "(nicht mehr|nie wieder|nie mehr|nichts mehr|nicht wieder|nicht nochmal)"
_DE_LIST = "(liste|verteiler|datenbank|kontaktliste|kontakten|mailingliste)"

_GERMAN = (
    f"(schreib|schreibe|schreiben sie|schreibt) mir [bitte] {_DE_NO_MORE}",
    (
        f"(schreib|schicken sie|schick|schicke|schickt|sende|senden sie|sendet|schreiben sie) mir"
        f" keine [weiteren] {_DE_MESSAGES} [mehr]"
    ),
    "(schicken sie|schick|schicke|schickt|sende|senden sie|sendet) mir nichts mehr",
    (
        f"(kontaktieren sie|kontaktiere|kontaktiert|belastigen sie|belastige|storen sie|store"
        f"|stort|nerven sie|nerv|nervt) mich {_DE_NO_MORE}"
    ),
    f"(melden sie sich|melde dich|meldet euch) {_DE_NO_MORE} [bei mir]",
    (
        "(hor|hore|horen sie|hort) auf mir (zu schreiben|nachrichten zu schicken"
        "|nachrichten zu senden"
        "|nachrichten zu schreiben|zu texten)"
    ),
    (
        "(hor|hore|horen sie|hort) auf mich (zu kontaktieren|zu belastigen|zu storen|zu nerven"
        "|anzuschreiben)"
    ),
    "(konnen|konnten) sie aufhoren mir (zu schreiben|nachrichten zu schicken) ?",
    "(lass|lasst|lassen sie) mich in (ruhe|frieden) [jetzt]",
    (
        f"ich (will|mochte|wunsche|wurde gerne) keine [weiteren] {_DE_MESSAGES} [mehr] [von ihnen"
        "|von dir|von euch] [mehr] [bekommen|erhalten|haben]"
    ),
    "ich (will|mochte) nicht [mehr] (kontaktiert|angeschrieben|belastigt|gestort|genervt) werden",
    "ich (will|mochte) nicht [mehr] von ihnen (kontaktiert|angeschrieben) werden",
    "ich (will|mochte) nichts mehr von (ihnen|dir|euch) (horen|lesen)",
    "ich (will|mochte) nicht dass (sie|du|ihr) mir (schreiben|schreibst|schreibt)",
    (
        f"(nehmen sie|nimm|nehmt|streichen sie|streich|loschen sie|losche|entfernen sie|entferne"
        "|entfernt) (mich|meine nummer) (von|aus) (ihrer|deiner|eurer|der|dem|ihrem"
        f"|ihren) {_DE_LIST}"
    ),
    (
        "(loschen sie|losche|loscht|entfernen sie) (meine nummer|meine telefonnummer"
        "|meine handynummer|meinen kontakt) [aus ihrer liste|aus der liste]"
    ),
    "(melden sie mich|melde mich|meldet mich|tragen sie mich|trag mich) (ab|aus)",
    "ich (mochte|will) (mich abmelden|abgemeldet werden|mich austragen)",
    f"(keine|bitte keine) [weiteren] {_DE_MESSAGES} mehr",
    f"keine weiteren {_DE_MESSAGES}",
    (
        "ich (mochte|will) (das gesprach|diesen chat|das interview|die umfrage|die unterhaltung)"
        " (beenden|abbrechen)"
    ),
    "(beenden sie|beende) (das gesprach|diesen chat|den chat|das interview|die umfrage)",
)
_GERMAN_ALONE = (
    "(stopp|horen sie auf|horen sie auf damit|abmelden|abbestellen|austragen|schluss damit)",
    "(nicht mehr schreiben|nicht mehr kontaktieren|keine fragen mehr|keine nachrichten)",
    "(schreib|schreiben sie|schreibt) mir nicht",
    "ich (mochte|will) (nicht mehr mitmachen|nicht weitermachen)",
)

_NL_MESSAGES = "(berichten|berichtjes|bericht|appjes|smsjes|smsen|whatsapps|sms)"
_NL_LIST = "(lijst|bestand|database|mailinglijst|contacten)"

_DUTCH = (
    f"(stop|hou op|houd op|stopt) met [mij|me] {_NL_MESSAGES} [te] (sturen|verzenden) [naar mij]",
    (
        "(stop|hou op|houd op|stopt) met (mij|me) te (appen|berichten|contacteren|benaderen|storen"
        "|smsen|schrijven|bellen)"
    ),
    "(stop|hou op|houd op) met (mij|me) lastig te vallen",
    f"(stuur|stuurt) (mij|me) (geen|nooit) [verdere] [{_NL_MESSAGES[1:-1]}] [meer]",
    "(stuur|stuurt) (mij|me) niks meer",
    "(app|bericht|benader|contacteer|schrijf|stoor|sms) (mij|me) (niet|nooit) meer",
    "neem (geen|nooit meer) contact [meer] [met mij|met me] [meer] op",
    "(val|valt) (mij|me) niet [meer] lastig",
    "laat (mij|me) met rust [nu]",
    (
        f"ik wil geen [verdere] {_NL_MESSAGES} [meer] [van jullie|van u|van je] [meer] [ontvangen"
        "|krijgen]"
    ),
    "ik wil niet [meer] (benaderd|gecontacteerd|geappt|lastiggevallen|gestoord) worden",
    "ik wil niets meer van (jullie|u|je) horen",
    f"(haal|haalt) (mij|me|mijn nummer) [van|uit] (de|jullie|uw|je) {_NL_LIST} [af]",
    f"(verwijder|verwijdert) (mij|me|mijn nummer) (van|uit) (de|jullie|uw|je) {_NL_LIST}",
    "verwijder mijn (nummer|telefoonnummer)",
    "schrijf (mij|me) uit",
    "ik wil (me|mij) (afmelden|uitschrijven)",
    f"geen [verdere] {_NL_MESSAGES} meer",
    "ik wil (dit gesprek|deze chat|het gesprek|dit interview) (stoppen|beeindigen)",
)
_DUTCH_ALONE = (
    "(stop hiermee|stop ermee|hou hiermee op|houd hiermee op|afmelden|uitschrijven)",
    "(stuur|app|schrijf) (mij|me) niet",
    "geen vragen meer",
)

PLAINLY = _GERMAN + _DUTCH
ALONE = _GERMAN_ALONE + _DUTCH_ALONE
