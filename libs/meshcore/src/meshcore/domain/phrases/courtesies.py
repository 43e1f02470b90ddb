"""What people say around what they mean: courtesies, and asides that take nothing from it."""

# ruff: noqa: RUF001 - letters that look like Latin ones are meant

from __future__ import annotations

FILLERS = """
    please pls plz plss plse kindly just simply uh um uhm er hmm bitte endlich svp stp lutfen po
    porfa pfv tolong mohon harap tafadhali 좀 제발
"""
"""Single words that may stand anywhere in a clause and change nothing."""

COURTESIES = (
    # English
    "(hi|hey|hello|dear|yo) [there|again|sir|madam|team|all|guys|everyone]",
    "good (morning|afternoon|evening|day|night|bye)", "have a (nice|good|great|lovely) day",
    ("[many] (thanks|thank you|thank u|thx|ty|tnx|thankyou|cheers) [so much|a lot|very much|again"
    "|in advance|bye|anyway|though|for understanding|for your time|for your understanding]"),
    "[i am|im|so|very] sorry [but]", "apologies", "(ok|okay|k|alright|well|so|and|but|then|yes)",
    "(now|already|immediately|right now|at once|asap)", "(bye|goodbye|bye bye)",
    "(sir|madam|maam|bro|brother|man|dude|guys|friend|buddy|dear|mate)", "(seriously|really)",
    "if you (do not|dont) mind", "for gods sake", "for the love of god", "[i] (said|repeat)",
    "i (told|asked|am asking|beg) you to", "you (must|have to|need to)", "god bless [you]",
    "i (want|need|would like) you to", "id like you to", "(ffs|regards)",
    "or (i|ill|i will|im going to|i am going to) (report|block|sue) (you|this|it|this number)",
    # Spanish, Portuguese, French, Italian
    "(por favor|porfavor)", "[muchas] gracias [por todo]", "(hola|buenas|saludos|ahora|adios|ya)",
    "(buenos dias|buenas tardes|buenas noches)", "(perdon|lo siento|disculpe|disculpa|disculpen)",
    "(senor|senora|amigo|amiga)", "que tenga buen dia", "[muito] (obrigado|obrigada|obg)",
    "(ola|oi|tchau|moco|moca|agora)", "(bom dia|boa tarde|boa noite)",
    "(desculpe|desculpa|desculpem)", "sil (vous|te) plait", "merci [beaucoup|davance|bien]",
    "(bonjour|bonsoir|salut|pardon|desole|desolee|cordialement|maintenant)", "au revoir",
    "bonne (journee|soiree)", "(monsieur|madame)", "per (favore|piacere|cortesia)", "perfavore",
    "(ciao|salve|buongiorno|buonasera|arrivederci|scusa|scusi|scusate|adesso|subito)",
    "grazie [mille|tante|lo stesso]", "mi dispiace",
    # German, Dutch, Polish
    "danke [schon|sehr|trotzdem]", "(vielen|besten) dank", "(hallo|tschuss|servus|mfg|lg)",
    "guten (tag|morgen|abend)", "(entschuldigung|verzeihung|tut mir leid)", "(jetzt|sofort)",
    "auf wiedersehen", "mit freundlichen grussen", "(alstublieft|alsjeblieft|aub|ajb)",
    "(dank je|dank u|dankjewel|dankuwel|bedankt) [wel|hoor]", "(hoi|dag|doei|oke|nu|meteen)",
    "(prosze|dziekuje|dzieki|przepraszam|witam|czesc|juz|teraz)", "dzien dobry", "do widzenia",
    # Russian, Ukrainian, Turkish
    "(пожалуйста|плиз|спасибо|здравствуйте|привет|извините|простите|прошу|уже|сейчас|ок)",
    "большое спасибо", "добрый (день|вечер)", "доброе утро", "до свидания", "всего доброго",
    "(будь ласка|дякую|вітаю|вибачте|прошу)", "добрий день", "прошу вас",
    "(tesekkurler|tesekkur ederim|sagol|sagolun|merhaba|selam|tamam|hemen)",
    "(iyi gunler|iyi aksamlar|kolay gelsin|kusura bakmayin|ozur dilerim)",
    # Arabic, Persian, Urdu, Hindi, Bengali
    "(من فضلك|من فضلكم|لو سمحت|لو سمحتي|لو سمحتم|لو سمحتوا|رجاء|ارجوك|ارجوكم|الرجاء|يرجى|بليز)",
    "شكرا [لك|لكم|جزيلا]", "(مرحبا|اهلا|السلام عليكم|مع السلامة|عذرا|اسف|اسفة|تمام|اوكي)",
    "(الان|فورا|خلاص|اخي|يا اخي|يا جماعة|حبيبي)",
    "(لطفا|خواهش می‌کنم|خواهشا|ممنون|مرسی|متشکرم|سلام|ببخشید)",
    "(براہ کرم|برائے مہربانی|پلیز|شکریہ|معذرت|بھائی|جی)",
    "(कृपया|प्लीज|धन्यवाद|शुक्रिया|नमस्ते|माफ कीजिए|माफ करें|भाई|जी|अभी)",
    "(shukriya|dhanyavad|namaste|bhai|yaar|ji|maaf kijiye|meharbani)",
    "(দয়া করে|অনুগ্রহ করে|প্লিজ|ধন্যবাদ|দুঃখিত|নমস্কার|ভাই)",
    # Indonesian and Malay, Tagalog, Swahili
    "(terima kasih|makasih|trims|maaf|halo|hai|permisi|kak|mbak|pak|bu|ya|sekarang|sila)",
    "selamat (pagi|siang|sore|malam)", "(salamat|maraming salamat|pasensya na|pakiusap)",
    "(asante|asante sana|samahani|habari|hujambo|kwaheri|sasa)",
    # Chinese, Japanese, Korean
    "(请|請|麻烦|麻煩|麻烦你|麻烦您|麻烦你们|拜托|拜託|求求你|谢谢|謝謝|谢谢你|谢谢您|多谢)",
    "(你好|您好|不好意思|抱歉|对不起|再见|你们)",
    "(すみません|すみませんが|ごめんなさい|ありがとう|ありがとうございます|ありがとうございました)",
    "(どうか|お願いします|お願いだから|こんにちは|申し訳ありません|申し訳ありませんが|失礼します)",
    "(부탁드립니다|부탁해요|감사합니다|고맙습니다|죄송합니다|죄송하지만|안녕하세요|이제|네)",
)  # fmt: skip
"""What may stand before or behind what is meant, in the same clause or in its own."""

REQUESTS = (
    "(can|could|would|will) (you|u)",
    "(im|i am) asking you to",
)
"""What makes a question of a request that is none."""

ASIDES = (
    # English
    "(no|nope|nah|enough|wrong person|wrong number|spam)", "no (thanks|thank you|time)",
    "this is the wrong number", "you have the wrong (number|person)", "[i am|im] not interested",
    "[i am|im] [too|very|really] busy", "i (dont|do not) have [the|any] time [for this]",
    "i (dont|do not) know (you|who you are|who this is)", "who (is this|are you) ?",
    "i [have|already|have already] said no",
    # Spanish, Portuguese, French, Italian
    "(no|nao|non|nein|nee|nie)", "no gracias", "no me interesa",
    "no estoy (interesado|interesada)", "estoy (ocupado|ocupada)", "no tengo tiempo",
    "numero (equivocado|errado)", "nao (obrigado|obrigada)", "nao tenho (interesse|tempo)",
    "nao estou (interessado|interessada)", "nao me interessa", "estou (ocupado|ocupada)",
    "non merci", "[je ne suis] pas (interesse|interessee)", "ca ne minteresse pas",
    "je suis (occupe|occupee)", "[je nai] pas le temps", "mauvais numero", "no grazie",
    "non (mi interessa|sono interessato|sono interessata|ho tempo)", "numero sbagliato",
    # German, Dutch, Polish
    "nein danke", "[ich habe] (kein interesse|keine zeit)", "[ich bin] nicht interessiert",
    "falsche nummer", "nee (bedankt|dank je|dank u)", "[ik heb] geen (interesse|tijd)",
    "verkeerd nummer", "nie dziekuje", "nie jestem (zainteresowany|zainteresowana)",
    "nie mam czasu",
    # Russian, Ukrainian, Turkish
    "(нет|нет спасибо|неинтересно|не интересно|мне не интересно|мне это не интересно)",
    "(нет времени|у меня нет времени|вы ошиблись номером|не тот номер|я занят|я занята)",
    "(ні|ні дякую|не цікаво|мені не цікаво)",
    "(hayir|hayir tesekkurler|ilgilenmiyorum|istemiyorum|mesgulum|yanlis numara|vaktim yok)",
    # Arabic, Persian, Urdu, Hindi, Bengali
    "(لا|لا شكرا|غير مهتم|غير مهتمة|لست مهتما|مو مهتم|مش مهتم|انا مشغول|مشغول|رقم خطأ|الرقم غلط)",
    "(ليس لدي وقت|ما عندي وقت|نه|نه ممنون|علاقه ندارم|وقت ندارم)",
    "(نہیں|جی نہیں|مجھے دلچسپی نہیں|مصروف ہوں|غلط نمبر)",
    "(नहीं|जी नहीं|मुझे रुचि नहीं है|मेरे पास समय नहीं है|गलत नंबर)",
    "(nahi|nahin|interest nahi hai|galat number)",
    "(না|না ধন্যবাদ|আমি আগ্রহী না|আমি আগ্রহী নই|ভুল নাম্বার|আমি ব্যস্ত)",
    # Indonesian and Malay, Tagalog, Swahili
    "(tidak|nggak|gak|tidak terima kasih|tidak tertarik|saya tidak tertarik|salah nomor)",
    "(saya sibuk|hindi|hindi ako interesado|busy ako|hapana|sina muda|nambari mbaya)",
    # Chinese, Japanese, Korean
    "(不|不用|不用了|不需要|没兴趣|我没兴趣|没有兴趣|不感兴趣|没时间|我没时间|我很忙|打错了)",
    "(いいえ|結構です|興味ありません|興味がありません|忙しいです|時間がありません|間違いです)",
    "(아니요|아니오|관심 없어요|관심없어요|관심 없습니다|바빠요|시간 없어요)",
)  # fmt: skip
"""Clauses that go with a request and take nothing from it."""
