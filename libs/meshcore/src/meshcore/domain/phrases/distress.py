"""How people plainly say that they want to die, hurt themselves, or are in danger now.

What people also say of traffic, deadlines and embarrassment is not here: the model judges it. The
notation is that of `meshcore.domain.wording.Phrasebook`.
"""

# ruff: noqa: RUF001 - letters that look like Latin ones are meant

from __future__ import annotations

_EN_SELF = (
    "(kill myself|end my life|end my own life|take my life|take my own life|commit suicide"
    "|hang myself|hurt myself|harm myself|shoot myself|cut myself|drown myself|end it all"
    "|poison myself|jump off a bridge|jump off the roof|jump off the balcony|slit my wrists)"
)
_EN_ATTACKER = (
    "(he|she|they|my husband|my wife|my father|my dad|my mother|my mom|my boyfriend|my girlfriend"
    "|my partner|my brother|my uncle|my ex|my boss|my employer|my stepfather|a man"
    "|someone|somebody)"
)
_EN_ATTACKS = (
    "(beating|hitting|hurting|attacking|choking|strangling|raping|abusing|punching|kicking"
    "|beating up|threatening)"
)
_NOW = "[now|right now|again|at the moment|as we speak|with a knife|with a gun|tonight|today]"

_ENGLISH = (
    (
        f"[i think] i (want|am going|need|am about|plan|am planning|have decided|would like) to"
        f" {_EN_SELF} {_NOW}"
    ),
    (
        f"[i think] (i will|ill|im going to|i just want to|i wanna|im gonna|i am gonna|id like to"
        f"|im about to|im planning to) {_EN_SELF} {_NOW}"
    ),
    "i [just|really] (want to|wanna) (die|be dead) [now|right now]",
    "i (do not|dont) (want to|wanna) (live|be alive|exist) [any more|anymore|any longer|no more]",
    "i no longer want to (live|be alive|exist)",
    "i (wish|wished) i (was|were) dead",
    "[i am|im] [feeling|very|really] suicidal [right now]",
    (
        "(i am|im|i keep) thinking (of|about) (suicide|killing myself|ending my life|ending it all"
        "|hurting myself|harming myself|taking my life)"
    ),
    "i (have|keep having|am having|had) (suicidal thoughts|thoughts of suicide)",
    "i (have|ve|just) (overdosed|taken an overdose|swallowed all my pills|taken all my pills)",
    "i (took|swallowed) (an overdose|all my pills|all the pills|a whole bottle of pills)",
    "i have nothing [left] to live for",
    "my life is not worth living [any more|anymore]",
    f"{_EN_ATTACKER} (is|are) {_EN_ATTACKS} me {_NOW}",
    f"(hes|shes) {_EN_ATTACKS} me {_NOW}",
    f"{_EN_ATTACKER} (is|are) trying to (kill|rape|strangle|stab) me (now|right now|with a knife)",
    f"{_EN_ATTACKER} (beats|hits|rapes|abuses) me [every day|every night|all the time|a lot]",
    (
        "(i am|im) being (beaten|attacked|raped|abused|kidnapped|held against my will|strangled) "
        f"{_NOW}"
    ),
    "(i am|im) in [great|serious|immediate] danger [now|right now]",
    "my life is in danger",
    (
        "(he|she|someone|somebody|a man) (is|has) (breaking|broken) into my (house|home"
        "|flat|apartment"
        "|room) [now|right now]"
    ),
)

_ROMANCE = (
    "[yo] (quiero|voy a|deseo|pienso) (suicidarme|quitarme la vida|acabar con mi vida|matarme)",
    "[yo] (quiero morir|solo quiero morir|solo quiero morirme)",
    "[yo] (no quiero|ya no quiero) (vivir|vivir mas|seguir viviendo|seguir con vida)",
    "(estoy pensando|pienso) en (suicidarme|quitarme la vida|matarme|el suicidio)",
    (
        "[mi marido|mi esposo|mi pareja|mi novio|mi padre|mi papa|mi ex|el|alguien] me (esta|estan)"
        " (pegando|golpeando|violando|atacando|estrangulando) [ahora|ahora mismo|en este momento]"
    ),
    "(estoy en peligro|mi vida corre peligro|mi vida esta en peligro) [ahora]",
    (
        "[eu] (quero|vou) (me matar|me suicidar|tirar minha vida|tirar a minha vida"
        "|acabar com minha vida)"
    ),
    "[eu] (quero morrer|so quero morrer|nao quero mais viver|nao quero viver|nao quero viver mais)",
    "(estou pensando|penso) em (suicidio|me matar|tirar minha vida)",
    (
        "[meu marido|meu namorado|meu pai|meu companheiro|ele] (esta|ta) me (batendo|agredindo"
        "|estuprando|espancando|enforcando) [agora|agora mesmo]"
    ),
    "(estou em perigo|minha vida esta em perigo) [agora]",
    "je (veux|vais) (me suicider|me tuer|mettre fin a mes jours|en finir avec la vie|me pendre)",
    (
        "(je veux mourir|je veux juste mourir|je ne veux plus vivre|je veux plus vivre"
        "|je nai plus envie de vivre|je pense au suicide|jai envie de mourir)"
    ),
    (
        "(il|elle|mon mari|mon pere|mon copain|mon conjoint|mon compagnon) (me frappe|me bat"
        "|est en train de me frapper|est en train de metrangler|me viole) [en ce moment|maintenant]"
    ),
    "(je suis en danger|ma vie est en danger) [maintenant]",
    "[io] (voglio|sto per) (uccidermi|suicidarmi|ammazzarmi|farla finita|togliermi la vita)",
    (
        "[io] (voglio morire|non voglio piu vivere|non ho piu voglia di vivere|penso al suicidio"
        "|sto pensando al suicidio)"
    ),
    (
        "[mio marito|mio padre|il mio ragazzo|il mio compagno|lui] mi sta (picchiando|violentando"
        "|strangolando|aggredendo) [adesso|ora]"
    ),
    "(sono in pericolo|la mia vita e in pericolo) [adesso|ora]",
)

_GERMANIC = (
    (
        "ich (will|mochte|werde) (mich umbringen|mich toten|mir das leben nehmen|selbstmord begehen"
        "|mich erhangen|sterben)"
    ),
    "(ich will|ich mochte) nicht mehr (leben|weiterleben)",
    "ich (denke an selbstmord|denke an suizid|habe suizidgedanken|bin suizidal)",
    (
        "(er|sie|mein mann|mein vater|mein freund|mein partner) (schlagt|verprugelt|wurgt"
        "|vergewaltigt) mich [gerade|jetzt|jeden tag|immer wieder]"
    ),
    "(ich bin in gefahr|mein leben ist in gefahr) [jetzt]",
    (
        "ik (wil|ga) (mezelf doden|zelfmoord plegen|mezelf van kant maken|er een eind aan maken"
        "|doodgaan|dood|mezelf iets aandoen)"
    ),
    "ik wil niet meer (leven|verder leven)",
    "(hij|zij|mijn man|mijn vader|mijn vriend) (slaat|wurgt|verkracht) me [nu]",
    "ik ben in gevaar",
)

_SLAVIC = (
    (
        "[я] (хочу|собираюсь|решил|решила) (убить себя|покончить с собой|покончить с жизнью"
        "|умереть|повеситься|свести счёты с жизнью)"
    ),
    "[я] (покончу с собой|убью себя|думаю о самоубийстве|думаю о суициде)",
    "[я] [больше] не хочу [больше] жить [больше]",
    (
        "(он|она|муж|мой муж|отец|мой отец|парень|мой парень) меня (бьёт|избивает|душит|насилует)"
        " [сейчас|прямо сейчас]"
    ),
    "(он|она|муж|мой муж|отец|мой отец) (бьёт|избивает|душит|насилует) меня [сейчас|прямо сейчас]",
    "(я в опасности|моя жизнь в опасности|меня бьют|меня избивают)",
    "[я] (хочу|збираюся) (вбити себе|накласти на себе руки|померти)",
    "[я] [більше] не хочу [більше] жити",
    "[ja] (chcę|zamierzam) (się zabić|popełnić samobójstwo|umrzeć|odebrać sobie życie)",
    "[ja] nie chcę [już] (żyć|dłużej żyć)",
    "(on|mąż|mój mąż|ojciec|mój ojciec|chłopak) mnie (bije|dusi|gwałci) [teraz|właśnie]",
)

_TURKISH = (
    "(kendimi öldürmek|intihar etmek|ölmek|canıma kıymak) istiyorum",
    "(kendimi öldüreceğim|intihar edeceğim|intihar etmeyi düşünüyorum)",
    "[artık] yaşamak istemiyorum [artık]",
    "(kocam|babam|sevgilim|eşim|o) [şu an|şimdi] beni (dövüyor|boğuyor|taciz ediyor) [şu an|şimdi]",
    "(tehlikedeyim|hayatım tehlikede)",
)

_ARABIC_SCRIPT = (
    (
        "[انا] (اريد|بدي|ابغى|عايز|عايزة|عاوز|ابي|سوف|نفسي) (ان انتحر|انتحر|الانتحار|ان اقتل نفسي"
        "|اقتل نفسي|ان اموت|اموت نفسي|انهي حياتي|ان انهي حياتي)"
    ),
    "(سانتحر|ساقتل نفسي|افكر في الانتحار|افكر بالانتحار|هنتحر|راح انتحر)",
    (
        "(لا اريد|ما ابغى|ما بدي|مش عايز|مش عايزة|لم اعد اريد|ما ابي) (ان اعيش|اعيش|العيش|الحياة)"
        " [بعد الان|بعد اليوم|تاني]"
    ),
    "(زوجي|ابي|اخي|هو|والدي|جوزي) (يضربني|يعنفني|يخنقني|يغتصبني|بيضربني) [الان|الحين|دلوقتي]",
    "(انا في خطر|حياتي في خطر) [الان]",
    "(می‌خواهم|میخوام|می خوام|می‌خوام|می خواهم) (خودم را بکشم|خودمو بکشم|خودکشی کنم|بمیرم)",
    "(دیگه|دیگر) (نمی‌خواهم|نمی خواهم|نمی‌خوام|نمی خوام) زندگی کنم",
    "(شوهرم|پدرم|او) (داره منو می‌زنه|دارد مرا می‌زند|من را می‌زند|منو می‌زنه) [الان]",
    (
        "میں (خودکشی کرنا چاہتا ہوں|خودکشی کرنا چاہتی ہوں|مرنا چاہتا ہوں|مرنا چاہتی ہوں"
        "|جینا نہیں چاہتا|جینا نہیں چاہتی|اب جینا نہیں چاہتا|اب جینا نہیں چاہتی)"
    ),
    "(وہ|میرا شوہر|میرے شوہر|میرا باپ) مجھے مار (رہا ہے|رہے ہیں)",
)

_INDIC = (
    "(मैं|मै) (आत्महत्या करना|खुदकुशी करना|खुद को मारना|मरना|अपनी जान देना) (चाहता|चाहती) हूँ",
    "(मैं|मै) [अब] (जीना|जिंदा रहना) नहीं (चाहता|चाहती) [हूँ]",
    "(वह|वो|मेरा पति|मेरे पति|मेरा बाप) मुझे [अभी] (मार|पीट) (रहा है|रहे हैं)",
    "मेरी जान खतरे में है",
    (
        "(main|mai|mein) (suicide karna|khudkushi karna|marna|khud ko marna) (chahta|chahti)"
        " (hoon|hun|hu)"
    ),
    "(main|mai|mein) [ab] jeena (nahi|nahin) (chahta|chahti) [hoon|hun|hu]",
    "(wo|woh|mera pati|mera shohar) mujhe (maar|mar|peet) raha hai",
    "আমি (আত্মহত্যা করতে|মরে যেতে|নিজেকে শেষ করতে|মরতে) চাই",
    "আমি আর (বাঁচতে|বেঁচে থাকতে) চাই না",
    "(সে|আমার স্বামী) আমাকে মারছে [এখন]",
)

_AUSTRONESIAN_AND_SWAHILI = (
    "(saya|aku) (ingin|mau|mahu|nak) (bunuh diri|mati|mengakhiri hidup|mengakhiri hidup saya)",
    "(saya|aku) (tidak|gak|nggak|tak) (ingin|mau|mahu|nak) hidup lagi",
    (
        "(dia|suami saya|suamiku|ayah saya) (sedang|lagi) (memukul|memukuli|mencekik) (saya|aku)"
        " [sekarang]"
    ),
    "(gusto ko nang|gusto kong) (mamatay|magpakamatay)",
    "ayoko nang mabuhay",
    "(sinasaktan|binubugbog) ako (ng asawa ko|ng tatay ko|niya) [ngayon]",
    "nataka (kujiua|kufa)",
    "sitaki kuishi tena",
    "(mume wangu|yeye) ananipiga [sasa]",
)

_EAST_ASIAN = (
    "我 [真的|只] (想|要|想要) (自杀|自殺|结束生命|结束自己的生命|去死|了结自己)",
    "我 [真的] (不想|不想再) 活 (了|下去|下去了)",
    "(他|我老公|我丈夫|我爸|我父亲|我男朋友) (正在|在|现在在) (打我|家暴我|掐我的脖子) [现在]",
    "我 (现在) (有危险|有生命危险)",
    (
        "(死にたい|死にたいです|もう死にたい|自殺したい|自殺したいです|もう生きていたくない"
        "|生きていたくないです|もう生きていたくありません)"
    ),
    "(夫|彼|父|彼氏) に [今] (殴られています|殴られている|首を絞められています)",
    (
        "[저는|나는] (죽고 싶어요|죽고싶어요|자살하고 싶어요|자살하고 싶다|더 이상 살고 싶지 않아요"
        "|살고 싶지 않아요|자살하고싶어요)"
    ),
    "(남편이|아빠가|그가|남자친구가) [지금] [저를|나를] 때리고 있어요",
)

DISTRESS: tuple[str, ...] = (
    *_ENGLISH,
    *_ROMANCE,
    *_GERMANIC,
    *_SLAVIC,
    *_TURKISH,
    *_ARABIC_SCRIPT,
    *_INDIC,
    *_AUSTRONESIAN_AND_SWAHILI,
    *_EAST_ASIAN,
)
