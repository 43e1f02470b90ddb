"""Spanish."""

from __future__ import annotations

_WRITING = (
    "(escribirme|mandarme|enviarme|contactarme|molestarme|mensajearme|textearme|hablarme|acosarme"
    "|escribirnos|mandarnos|enviarnos|contactarnos|molestarnos)"
)
_WRITE = (
    "(escriba|escriban|escribas|escribais|contacten|contactes|contacte|molesten|molestes|moleste"
    "|hablen|hables|hable|mensajees|mensajeen|fastidien|fastidies)"
)
_SEND = "(manden|mandes|mande|envien|envies|envie|mandeis|envieis)"
_MESSAGES = "(mensajes|mensaje|mensajitos|whatsapps|whatsapp|sms|textos|msjs|mjs)"
_AGAIN = "(mas|nunca mas|de nuevo|otra vez|jamas|nunca|mas nunca|nunca jamas)"
_FROM = "[de|en] [tu|su|la|esta|sus|vuestra]"

PLAINLY = (
    (
        f"(deja|dejen|deje|dejad|para|paren|pare|parad|basta) [ya] de {_WRITING} [{_MESSAGES[1:-1]}"
        "|mas mensajes|cosas|tantos mensajes] [ya]"
    ),
    f"(puede|puedes|pueden|podria|podrias|podrian) dejar de {_WRITING} [{_MESSAGES[1:-1]}] ?",
    f"(no|ya no) (me|nos) {_WRITE} {_AGAIN}",
    f"ya no (me|nos) {_WRITE}",
    f"no (me|nos) {_SEND} [mas|otro|ningun|ya] {_MESSAGES} [mas|nunca mas]",
    f"(no|ya no) (me|nos) {_SEND} (mas|nada mas|mas nada)",
    f"ya no (me|nos) {_SEND} [mas] [{_MESSAGES[1:-1]}|nada]",
    f"no (me|nos) (vuelva|vuelvan|vuelvas) a (escribir|contactar|molestar|hablar) [{_AGAIN[1:-1]}]",
    f"no (vuelva|vuelvan|vuelvas) a {_WRITING} [{_MESSAGES[1:-1]}] [{_AGAIN[1:-1]}]",
    (
        f"(no|ya no) (quiero|deseo) recibir [mas|sus|tus|estos|ningun|otro] {_MESSAGES}"
        " [suyos|tuyos|de ustedes|de ti|mas]"
    ),
    f"(no|ya no) (quiero|deseo) (mas|sus|tus) {_MESSAGES}",
    f"(no|ya no) quiero que me {_WRITE} [{_AGAIN[1:-1]}]",
    f"(no|ya no) quiero que me {_SEND} [mas|ningun|estos] [{_MESSAGES[1:-1]}] [mas]",
    f"quiero que (dejen|dejes|deje) de {_WRITING} [{_MESSAGES[1:-1]}]",
    "(dejame|dejeme|dejenme|dejadme) en paz [ya]",
    "(dejame|dejeme|dejenme|dejadme) (tranquilo|tranquila) [ya]",
    (
        "(borrame|borreme|borrenme|quitame|quiteme|quitenme|sacame|saqueme|saquenme|eliminame"
        f"|elimineme|eliminenme) {_FROM} (lista|listas|base de datos|lista de contactos|grupo)"
    ),
    (
        f"(borra|borre|borren|elimina|elimine|eliminen|quita|quiten) mi numero {_FROM} [lista|base]"
        " [de datos|de contactos]"
    ),
    "(dame|deme|denme|dadme) de baja [de su lista|de la lista|de tu lista|de esta lista]",
    "(quiero|quisiera|deseo|me gustaria) (darme de baja|desuscribirme)",
    "(no mas|basta de) (mensajes|mensaje)",
    "(quiero|quisiera) (terminar|cancelar|acabar) (esta|la) (conversacion|encuesta|entrevista)",
)

ALONE = (
    f"no (me|nos) {_WRITE}",
    f"no (me|nos) {_SEND} nada",
    "(paren|parad|alto) [ya]",
    "(para|pare|detente|detengase|stop) por favor",
    "por favor (para|pare|detente|detengase)",
    "(darme de baja|desuscribir|desuscribirme|desuscribirse|darse de baja)",
    "(termina|termine|terminen) (esta|la) (conversacion|encuesta|entrevista)",
    "no mas preguntas",
)
