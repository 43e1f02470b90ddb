"""Expressions for what a chat should not say, language by language: data, and nothing else.

A space stands for any white space. `wording` says what is done with them.
"""

# ruff: noqa: RUF001 - other languages have letters of their own

from __future__ import annotations

import re

_OWN = (
    "survey|questionnaire|check-?list|form|script|schema|prompts?|instructions|guidelines"
    "|programming|training data|list of (?:questions|topics|things|fields|points)"
)

OF_OURS = {
    "en": (
        rf"(?:my|our) (?:\w+ )?(?:{_OWN})",
        r"this (?:\w+ )?(?:survey|questionnaire|prompt)",
        r"(?:on|off|from|through) (?:my|our) list|system prompt",
        r"(?:as )?an? ai (?:language )?model|(?:large )?language model",
        r"i(?:['’]m| am|['’]ve been| have been| was) (?:instructed|programmed|prompted) to",
        r"your (?:reference|case|confirmation|ticket) (?:number|code|id)",
        r"(?:survey|interview|questionnaire) (?:is )?(?:now )?completed?",
        r"(?:responses?|answers?) (?:has|have) been (?:recorded|saved|submitted|logged|registered)",
        r"(?:required|pending|remaining) (?:fields?|data|information)",
        r"fields? (?:i|to) (?:need|fill|extract|collect)",
        r"(?:i|we) (?:still )?(?:need|have) to (?:collect|gather|extract|record|fill)",
        r"extraction schema|data extraction|extracted (?:data|values?|fields?)",
        r"here(?:['’]s| is) (?:the|my|a) (?:possible )?(?:reply|response|next message)",
    ),
    "es": (
        r"mi (?:lista|cuestionario|encuesta|prompt|guion)|mis instrucciones|modelo de lenguaje",
        r"(?:tu|su) número de referencia|est[ea] (?:cuestionario|encuesta)",
        r"encuesta (?:completada|finalizada|terminada)",
    ),
    "fr": (
        r"ma liste|mon questionnaire|mes instructions|modèle de langage",
        r"ce (?:questionnaire|sondage)",
        r"votre numéro de (?:référence|dossier)",
    ),
    "de": (
        r"mein(?:e|er|em)? (?:check-?liste|fragebogen|anweisungen|liste|umfrage|prompt)",
        r"sprachmodell",
        r"diese[rn]? (?:umfrage|fragebogen)|ihre (?:referenz|vorgangs)nummer",
    ),
    "pt": (
        r"minha lista|meu questionário|minhas instruções|modelo de linguagem|este questionário",
        r"seu número de (?:referência|protocolo)",
    ),
    "it": (
        r"mia lista|mio questionario|mie istruzioni|modello linguistico",
        r"questo (?:questionario|sondaggio)|(?:tuo|suo) numero di (?:riferimento|pratica)",
    ),
    "tr": (r"listemde|anketimi\w*|bu anket\w*|talimatlarım\w*|dil modeli\w*|referans numaranız",),
    "id": (
        r"daftar (?:pertanyaan )?saya|(?:kuesioner|survei) (?:saya|ini)|instruksi saya",
        r"model bahasa|nomor referensi anda",
    ),
    "ar": (r"قائمتي|تعليماتي|هذا الاستبيان|نموذج لغ\w+|رقمك المرجعي|الرقم المرجعي الخاص بك",),
    "hi": (r"मेरी सूची|मेरे निर्देश|यह सर्वे\w*|भाषा मॉडल|आपकी संदर्भ संख्या",),
    "ru": (
        r"мо(?:й|ём|ем|его) (?:чек-?лист\w*|список|списк\w+|опрос\w*)|мо(?:и|их) инструкци\w+",
        r"языков\w+ модел\w+|эт(?:от|ого|у|а) (?:опрос\w*|анкет\w*)|ваш справочный номер",
    ),
}
"""What speaks of our list, our prompt and what else of ours stands behind the chat."""

OF_THE_TRADE = {
    "en": (
        r"check-?lists?|surveys?|questionnaires?|schemas?|json|data ?(?:points?|sets?|bases?)",
        r"data collection|reference number|case number",
        r"(?:the|a|an|any|that) prompts?(?! (?:reply|response|answer|service|payment|delivery))",
    ),
    "es": (
        r"cuestionarios?|encuestas?|lista de (?:verificación|control)|puntos de datos",
        r"base de datos|número de referencia",
    ),
    "fr": (r"sondages?|points? de données|base de données|numéro de référence",),
    "de": (r"check-?listen?|frageb[oö]gen|umfragen?|datenpunkte?|datenbank|referenznummer",),
    "pt": (
        r"questionários?|lista de verificação|pontos? de dados|banco de dados",
        r"número de (?:referência|protocolo)",
    ),
    "it": (r"questionari[oi]?|sondaggi|sondaggio|punti dati|numero di riferimento",),
    "tr": (r"anket(?:i|in|e|ler\w*)?|kontrol listesi\w*|veri noktası|referans numarası",),
    "id": (r"kuesioner|survei|daftar periksa|titik data|nomor referensi",),
    "ar": (r"(?:ال)?استبيان|قائمة (?:التحقق|مرجعية)|(?:ال)?رقم (?:ال)?مرجعي|نقاط البيانات",),
    "hi": (r"प्रश्नावली|सर्वेक्षण|चेकलिस्ट|संदर्भ संख्या|डेटा पॉइंट",),
    "ru": (r"анкет[аыуе]|опросник\w*|чек-?лист\w*|справочный номер",),
}
"""Words of the trade that may as well be what a study is about."""

OF_THE_MACHINERY = re.compile(r"data|schema|json|prompt|check")
"""Those that nobody takes over from a participant who asks about the machinery."""

SERVICES = {
    "en": (
        r"(?:how|what)(?: else)? (?:can|may|could) i (?:help|assist|do for)",
        r"let me know if you (?:need|have|want|require|would like|['\u2019]d like)",
        (
            r"(?:is there )?anything (?:else |specific |in particular )?(?:that )?"
            r"you(?:['\u2019]d| would)? (?:like|want|wish|need) to (?:know|ask|learn)"
        ),
        r"what (?:else |more )?(?:would you like|do you (?:want|need|wish)) to (?:know|ask|learn)",
        r"(?:need|require|provide|have) (?:any )?(?:further|additional|more) (?:assistance|help)",
        r"i(?:['\u2019]m| am) (?:here|happy|glad|ready) to (?:help|assist)",
        r"(?:i can|i(?:['\u2019]d| would) be happy to) (?:help|assist)",
        r"feel free to ask",
    ),
    "es": (r"en qué (?:más )?(?:te|le) puedo ayudar", r"no dudes en preguntar"),
    "fr": (r"comment puis-je vous aider", r"n['\u2019]hésitez pas à (?:me )?demander"),
    "de": (r"wie kann ich (?:ihnen|dir) (?:sonst noch )?helfen", r"womit kann ich (?:ihnen|dir)"),
    "pt": (r"(?:como|em que)(?: mais)? posso (?:te |lhe )?ajudar",),
    "it": (r"(?:come|in cosa) posso aiutar(?:ti|la)",),
}
"""What an assistant offers. Here the other one is who knows, and is asked."""

_PRAISE = (
    "great|excellent|perfect|wonderful|amazing|fantastic|good|brilliant|smart|wise|lovely|bad|poor"
)
_IT_IS = r"(?:^\W*|(?:that|this|it)(?:['’]s| is) (?:really |such )?an? |such an? |what an? )"
VERDICTS = {
    "en": (
        rf"{_IT_IS}(?:{_PRAISE}) (?:answer|choice|decision|response|thinking|job)s?",
        r"you(?:['’]re| are) (?:so|absolutely|totally|completely|quite|very) (?:right|wrong)",
        r"i (?:totally |completely |fully |strongly |couldn['’]t )?(?:dis)?agree",
        r"good for you|well done|shame on you",
        r"that(?:['’]s| is) (?:wrong|terrible|awful|ridiculous|stupid|irresponsible|a mistake)",
        r"you should (?:really |definitely )?(?:try|consider|switch|buy|have|stop|avoid)",
        r"(?:don['’]t|wouldn['’]t) you (?:say|think|agree|feel)",
        r"surely|obviously|i['’]m sure you|everyone knows|you must (?:agree|love|hate)",
        r"most people (?:think|say|prefer|agree)",
    ),
    "es": (
        r"(?:gran|excelente|buena) (?:respuesta|elección|decisión)|no (?:crees|cree|te parece)\?",
        r"tienes (?:toda la )?razón|estoy de acuerdo|seguro que (?:estás|piensas)",
    ),
    "fr": (
        r"(?:excellente|bonne|super) (?:réponse|décision)|(?:bon|excellent) choix",
        r"vous avez (?:tout à fait )?raison|n['’]est-ce pas|ne pensez-vous pas",
    ),
    "de": (
        r"(?:tolle|gute|super) (?:antwort|wahl|entscheidung)|nicht wahr",
        r"(?:sie haben|du hast) (?:völlig )?recht|(?:finden|meinen) sie nicht",
    ),
    "pt": (
        r"(?:ótima|excelente|boa) (?:resposta|escolha|decisão)|você não acha|concordo com você",
    ),
    "it": (
        r"(?:ottima|buona|bella) (?:risposta|scelta|decisione)|non (?:credi|crede|pensi|pensa)\?",
    ),
    "tr": (r"(?:harika|mükemmel|çok iyi) (?:bir )?(?:cevap|seçim|karar)|öyle değil mi",),
    "id": (r"(?:jawaban|pilihan|keputusan) (?:yang )?(?:bagus|hebat|tepat)|bukankah",),
    "ar": (
        r"[إا]جابة (?:رائعة|ممتازة|جيدة)|اختيار (?:رائع|ممتاز|موفق)",
        r"ألا (?:تعتقد|ترى|تظن)|أليس كذلك",
    ),
    "hi": (r"(?:बहुत )?(?:अच्छा|बढ़िया|शानदार) (?:जवाब|फैसला|चुनाव)|क्या आपको नहीं लगता",),
}
"""Praise, blame, advice and questions that know their answer."""
