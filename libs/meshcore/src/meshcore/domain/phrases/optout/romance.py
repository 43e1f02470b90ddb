"""Portuguese, French, Italian."""

from __future__ import annotations

_PT_MESSAGES = "(mensagem|mensagens|msg|msgs|mensagenzinhas|whatsapp|zap)"
_PT_STOP = "(pare|para|parem|pode parar|podem parar|deixe|deixem|cesse)"
_PT_NOT = "(mande|manda|mandem|envie|enviem|escreva|escrevam|contate|contacte|contactem|incomode"
_PT_NOT_ME = f"{_PT_NOT}|incomodem|perturbe|perturbem|chame|chamem|procure|procurem|escreve)"
_PT_MORE = "(mais|nunca mais|mais nada|novamente|de novo|outra vez)"

_PORTUGUESE = (
    f"{_PT_STOP} de (me|nos) (mandar|enviar) [mais|essas|estas] {_PT_MESSAGES} [agora]",
    f"{_PT_STOP} de (me|nos) (escrever|contatar|contactar|incomodar|perturbar|chamar|encher)",
    f"{_PT_STOP} de (mandar|enviar) [essas|estas|mais] {_PT_MESSAGES} [para mim|pra mim]",
    f"nao (me|nos) {_PT_NOT_ME} {_PT_MORE} [{_PT_MESSAGES[1:-1]}]",
    f"nao (me|nos) (mande|mandem|envie|enviem|manda) [mais] {_PT_MESSAGES} [mais|nunca mais]",
    (
        f"nao (quero|desejo|queremos) [mais] receber [mais|suas|essas|estas|as suas] {_PT_MESSAGES}"
        " [mais|suas|de voces]"
    ),
    f"nao quero (mais|mais essas|mais suas) {_PT_MESSAGES}",
    "nao (quero|desejo) [mais] receber (nada|mais nada) [de voces|de voce|disso]",
    (
        "nao quero mais (ser contatado|ser contatada|ser contactado|ser contactada|ser incomodado"
        "|ser incomodada|falar com voces|falar com voce|que me escrevam|que me mandem nada)"
    ),
    "nao quero que me (escrevam|contactem|contatem|incomodem|mandem mensagens) [mais]",
    "(me deixa|me deixe|me deixem|deixa me|deixe me|deixem me) em paz",
    (
        "(me tire|me tira|me tirem|me remova|me remove|me removam|me exclua|me exclui"
        "|me retire|tire me"
        "|remova me|retire me|exclua me) (da|desta|dessa) [sua|vossa|tua] (lista|base"
        "|lista de contatos"
        "|lista de contactos)"
    ),
    (
        "(remova|exclua|apague|tire|retire|removam|apaguem|apaga) [o] meu (numero|contato|contacto)"
        " [da] [sua|vossa] [lista|base|agenda]"
    ),
    (
        "(quero|gostaria de|queria) (cancelar|encerrar|parar) (minha participacao|esta conversa"
        "|essa conversa|a conversa|a pesquisa|a entrevista)"
    ),
    "(quero|gostaria de) (sair|ser removido|ser removida) (da|desta|dessa) [sua|vossa] lista",
    "(me descadastre|me descadastrem|quero me descadastrar) [da lista]",
    f"chega de {_PT_MESSAGES}",
    "(sem mais|nem mais uma|nenhuma mais) (mensagens|mensagem)",
)
_PORTUGUESE_ALONE = (
    "(pare|parem|pare ja|pare com isso|parem com isso)",
    "(para|pode parar) por favor",
    f"nao (me|nos) {_PT_NOT_ME}",
    "(descadastrar|descadastre|me descadastrar)",
)

_FR_MESSAGES = "(messages|message|textos|sms|msg)"
_FR_STOP = "(arrete|arretez|arreter|stop|cesse|cessez)"
_FR_NOT_ME = (
    "(mecrivez|mecris|mecrire|me contactez|me contacte|me contacter|me derangez|me derange"
    "|me deranger|me parlez|mimportunez|mennuyez|me harcelez|me textez)"
)
_FR_LIST = (
    "(liste|listes|base|base de donnees|fichier|liste de diffusion|liste de contacts|repertoire)"
)

_FRENCH = (
    (
        f"{_FR_STOP} de (mecrire|me contacter|me deranger|me harceler|me spammer|membeter|me parler"
        "|mimportuner|mennuyer|me texter) [maintenant]"
    ),
    f"{_FR_STOP} de menvoyer [des|vos|tes|ces|de|tous ces] {_FR_MESSAGES}",
    (
        "(pouvez vous|peux tu|pourriez vous|tu peux|vous pouvez) (arreter|cesser) de (mecrire"
        "|me contacter|me deranger|menvoyer des messages) ?"
    ),
    f"ne {_FR_NOT_ME} (plus|plus jamais|jamais|plus du tout)",
    f"{_FR_NOT_ME} plus jamais",
    "[merci|priere|je vous prie] de ne plus (mecrire|me contacter|me deranger|me solliciter)",
    f"[merci|priere|je vous prie] de ne plus menvoyer [de|ces|vos] {_FR_MESSAGES}",
    (
        f"ne (menvoyez|menvoie|menvoyer) (plus|plus rien|plus jamais|plus de|plus vos|plus ces) "
        f"[{_FR_MESSAGES[1:-1]}]"
    ),
    (
        f"[je] [ne] (veux|souhaite|desire) plus recevoir [de|vos|tes|ces|aucun|des] {_FR_MESSAGES}"
        " [de votre part|de vous|de ta part]"
    ),
    (
        f"[je] ne (veux|souhaite|desire) pas recevoir [de|vos|tes|ces|dautres|des] {_FR_MESSAGES}"
        " [de votre part|de vous]"
    ),
    f"(je ne|je|jveux|jen) [veux|souhaite] plus (de vos|de tes|de ces) {_FR_MESSAGES}",
    f"je ne (veux|souhaite) plus de {_FR_MESSAGES}",
    (
        "[je] [ne] (veux|souhaite|desire) plus (etre contacte|etre contactee|etre derange"
        "|etre derangee|que vous mecriviez|que vous me contactiez|entendre parler de vous"
        "|que tu mecrives)"
    ),
    "je ne (veux|souhaite|desire) pas (etre contacte|etre contactee|etre derange|etre derangee)",
    "(laissez|laisse|fichez|fiche|foutez|fous) moi (tranquille|en paix|la paix) [maintenant]",
    (
        "(retirez|retire|enlevez|enleve|supprimez|supprime|rayez|otez) moi de (votre|ta"
        "|la|cette|vos)"
        f" {_FR_LIST}"
    ),
    (
        f"(supprimez|supprime|effacez|efface|retirez|retire|enlevez|oubliez) mon (numero|contact)"
        f" [de] [telephone] [votre|vos|la] [{_FR_LIST[1:-1]}]"
    ),
    "(desabonnez|desabonne|desinscrivez|desinscris) moi [de cette liste|de votre liste]",
    (
        "je (veux|souhaite|voudrais|aimerais) (me desabonner|me desinscrire|mettre fin a cette"
        " conversation|arreter cette conversation|arreter la conversation|arreter cet entretien)"
    ),
    f"plus (aucun|un seul) {_FR_MESSAGES}",
)
_FRENCH_ALONE = (
    "(arretez|arretez tout|arretez ca|arretez maintenant|arretez tout ca)",
    "(arrete|arrete ca) (stp|sil te plait|svp|sil vous plait)",
    "(stp|sil te plait|svp|sil vous plait) arrete",
    "(me desabonner|desabonnement|desinscription|se desabonner|desabonner)",
    f"ne {_FR_NOT_ME} pas",
    "(plus de messages|plus de questions) (svp|stp|merci|sil vous plait)",
)

_IT_WRITING = (
    "(scrivermi|mandarmi|inviarmi|contattarmi|disturbarmi|importunarmi|messaggiarmi|tormentarmi"
    "|scriverci|mandarci|contattarci|disturbarci)"
)
_IT_MESSAGES = "(messaggi|messaggio|sms|messaggini|whatsapp)"
_IT_NOT_ME = (
    "(mi scrivete|mi scriva|mi scrivere|scrivermi|scrivetemi|mi contatti|mi contattate"
    "|contattarmi|contattatemi|mi contattare|mi disturbate|mi disturbi|disturbarmi|disturbatemi"
    "|mi disturbare|mi cercare|cercarmi|cercatemi)"
)
_IT_OFF = "(dalla|da questa|dalla vostra|dalla tua|dalla sua) (lista|mailing list|rubrica)"

_ITALIAN = (
    (
        f"(smetti|smettila|smetta|smettetela|smettete|smettere|finiscila|finitela|basta) di"
        f" {_IT_WRITING} [{_IT_MESSAGES[1:-1]}] [subito]"
    ),
    f"(puo|puoi|potete|potrebbe|potreste) smettere di {_IT_WRITING} [{_IT_MESSAGES[1:-1]}] ?",
    f"non {_IT_NOT_ME} (piu|mai piu|di nuovo)",
    (
        f"non (mandarmi|mandatemi|mi mandate|mi mandi|mi mandare|inviatemi|mi inviate|inviarmi)"
        f" (piu|altri|mai piu|piu nessun) [{_IT_MESSAGES[1:-1]}|niente]"
    ),
    f"non (voglio|desidero|vorrei) (piu|altri|i vostri|piu i vostri) {_IT_MESSAGES}",
    (
        "non (voglio|desidero|vorrei) [piu] ricevere [piu|altri|i vostri|questi"
        f"|i tuoi] {_IT_MESSAGES}"
        " [da voi|da te|vostri]"
    ),
    (
        "non (voglio|desidero) [piu] (essere contattato|essere contattata|essere disturbato"
        "|essere disturbata) [da voi]"
    ),
    (
        "non voglio (piu sentirvi|piu sentirti|che mi scriviate|che mi scriviate piu"
        "|piu avere contatti)"
    ),
    "non voglio che mi (scriviate|contattiate|disturbiate) [piu]",
    "(lasciami|lasciatemi|mi lasci|mi lasciate) (in pace|stare|tranquillo|tranquilla)",
    (
        f"(toglimi|toglietemi|mi tolga|rimuovimi|rimuovetemi|mi rimuova|cancellami|cancellatemi"
        f"|mi cancelli|eliminatemi|eliminami) {_IT_OFF}"
    ),
    (
        "(cancella|cancellate|cancelli|elimini|eliminate|elimina|rimuovete) il mio numero"
        " [dalla lista|dalla vostra lista|dalla rubrica]"
    ),
    (
        "(voglio|vorrei|desidero) (disiscrivermi|cancellarmi|essere rimosso|essere rimossa"
        "|essere cancellato|essere cancellata) [dalla lista|dalla vostra lista]"
    ),
    "(voglio|vorrei) (terminare|interrompere|chiudere) (questa|la) (conversazione|intervista|chat)",
    f"(basta|niente piu|nessun altro|stop ai) {_IT_MESSAGES}",
)
_ITALIAN_ALONE = (
    "(la smetta|smettetela|smettete|disiscrivimi|disiscrivetemi|disiscrizione|cancellatemi)",
    "basta (grazie|per favore|perfavore)",
    "(per favore|perfavore) (basta|smettila|smetti)",
    f"non {_IT_NOT_ME}",
    "basta domande",
)

PLAINLY = _PORTUGUESE + _FRENCH + _ITALIAN
ALONE = _PORTUGUESE_ALONE + _FRENCH_ALONE + _ITALIAN_ALONE
