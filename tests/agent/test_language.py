"""Which language a message is in, told only where it is certain."""

# ruff: noqa: RUF001 - other languages have letters of their own

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_agent.language import akin, base, detected, expected_instead, is_tag, load, spoken

SAID = {
    "en": "I drive there every morning because my office is on the island",
    "es": "Normalmente conduzco allí cada mañana porque mi oficina está en la isla",
    "fr": "J'y passe tous les matins parce que mon bureau est sur l'île",
    "de": "Ich fahre jeden Morgen dorthin, weil mein Büro auf der Insel ist",
    "pt": "Eu dirijo até lá toda manhã porque meu escritório fica na ilha",
    "it": "Ci passo ogni mattina perché il mio ufficio è sull'isola",
    "tr": "Her sabah oraya gidiyorum çünkü ofisim adada bulunuyor",
    "id": "Saya lewat sana setiap pagi karena kantor saya ada di pulau itu",
    "sw": "Napita pale kila asubuhi kwa sababu ofisi yangu iko kisiwani",
    "ar": "أمر من هناك كل صباح لأن مكتبي في الجزيرة",
    "fa": "هر روز صبح از آنجا رد می‌شوم چون دفترم در جزیره است",
    "hi": "मैं हर सुबह वहाँ से गुज़रता हूँ क्योंकि मेरा दफ़्तर द्वीप पर है",
    "ru": "Я проезжаю там каждое утро, потому что мой офис на острове",
    "zh": "我每天早上都经过那里，因为我的办公室在岛上",
}
REPLIES = {
    "en": "Thanks for telling me, that helps a lot. What do you like about the way there?",
    "es": "Gracias por contármelo, me ayuda mucho. ¿Qué es lo que te gusta del camino?",
    "fr": "Merci de me l'avoir dit, ça m'aide beaucoup. Qu'est-ce qui vous plaît en route ?",
    "de": "Danke, das hilft mir wirklich sehr. Was gefällt Ihnen auf dem Weg dorthin?",
    "pt": "Obrigado por me contar, ajuda muito. O que você mais gosta no caminho?",
    "it": "Grazie per avermelo detto, mi aiuta molto. Che cosa ti piace del tragitto?",
    "tr": "Anlattığınız için teşekkürler, çok yardımcı oldu. Yolda en çok ne hoşunuza gidiyor?",
    "id": "Terima kasih sudah cerita, itu sangat membantu. Apa yang Anda suka dari jalan ke sana?",
    "ar": "شكرا لأنك أخبرتني، هذا يساعدني كثيرا. ما الذي يعجبك في الطريق؟",
    "hi": "बताने के लिए धन्यवाद, इससे बहुत मदद मिली। रास्ते में आपको क्या अच्छा लगता है?",
    "ru": "Спасибо, что рассказали, это очень помогает. Что вам нравится по дороге?",
    "zh": "谢谢你告诉我，这很有帮助。路上你最喜欢什么？",
}
UNCERTAIN = [
    "ok",
    "ADNOC Khalifa City",
    "Toyota Corolla 2019",
    "Emirates NBD and Mashreq",
    "main roz subah office jaata hoon",
    "mujhe wahan ki service achhi lagti hai",
    "ana ba3abbi men el ma7atta elli janb el beit",
    "7",
    "😂😂",
    "",
]


@pytest.mark.parametrize("tag", SAID)
def test_a_long_message_tells_its_language(tag: str) -> None:
    """In every script."""
    assert akin(detected(SAID[tag]), tag)


@pytest.mark.parametrize("text", UNCERTAIN)
def test_names_and_romanised_words_tell_nothing(text: str) -> None:
    """Silence is better than a guess."""
    assert detected(text) is None


@pytest.mark.parametrize("tag", REPLIES)
def test_a_reply_in_the_participants_language_is_right(tag: str) -> None:
    """Whatever the campaign's is, and however little is known."""
    for known in (None, tag):
        for campaign in (None, "en", "ar", tag):
            assert expected_instead(REPLIES[tag], (SAID[tag],), known, campaign) is None


def test_a_reply_in_another_language_is_told() -> None:
    """For nearly every pair of languages: a phrase that both have may leave a doubt."""
    pairs = [(s, r) for s in SAID for r in REPLIES if not akin(s, r) and (s, r) != ("fa", "ar")]
    untold = [
        (said, replied)
        for said, replied in pairs
        if expected_instead(REPLIES[replied], (SAID[said],), None, replied) is None
    ]
    assert len(untold) <= len(pairs) // 50, untold


@pytest.mark.parametrize("text", UNCERTAIN)
@pytest.mark.parametrize("tag", REPLIES)
def test_where_nothing_is_certain_no_reply_is_wrong(text: str, tag: str) -> None:
    """Neither in the campaign's language nor in the participant's as the model tells it."""
    assert expected_instead(REPLIES[tag], (text,), None, "en") is None
    assert expected_instead(REPLIES[tag], (text,), tag, "en") is None


@pytest.mark.parametrize(
    ("heard", "tags"),
    [
        (("I go to the gas station near la casa de mi mama",), ("en", "es")),
        ((SAID["es"], SAID["en"]), ("en", "es")),
        (("أنا عادة use ADNOC near my home every morning",), ("en", "ar")),
        ((SAID["ar"], "I mean the one near the old market"), ("en", "ar")),
        (("yaar main usually wahan jaata hoon because it is close",), ("en", "hi")),
    ],
)
def test_whoever_mixes_languages_may_be_answered_in_either(
    heard: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    """Within a message and from one message to the next."""
    assert [expected_instead(REPLIES[tag], heard, None, None) for tag in tags] == [None, None]


def test_whoever_speaks_of_a_language_may_want_it() -> None:
    """An English answer to a Spanish request for English is right."""
    heard = ("¿Podemos hablar en inglés, por favor? Me resulta mucho más fácil así",)
    assert expected_instead(REPLIES["en"], heard, "es", "es") is None


def test_the_opening_is_expected_in_the_campaigns_language() -> None:
    """Nobody has written anything yet."""
    assert expected_instead(REPLIES["en"], (), None, "ar") == "ar"
    assert expected_instead(REPLIES["en"], (), None, "es-MX") == "es-MX"
    assert expected_instead(REPLIES["en"], (), None, "en-GB") is None
    assert expected_instead(REPLIES["en"], (), None, None) is None


def test_what_was_known_counts_where_the_words_tell_nothing() -> None:
    """A bare "ok" in a Spanish chat does not ask for English."""
    assert expected_instead(REPLIES["en"], ("7",), "es", "en") == "es"
    assert expected_instead(REPLIES["es"], ("7",), "es", "en") is None


def test_what_is_no_language_tag_tells_nothing() -> None:
    """Models write "Spanish" or "unknown"."""
    assert [is_tag(t) for t in ("es", "EN_us", "zh-Hant-TW", "Spanish", "", "und")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    assert (base("pt-BR"), base("iw"), base("?")) == ("pt", "he", "und")
    assert expected_instead(REPLIES["es"], ("7",), "Spanish", "??") is None


def test_fixed_words_are_said_in_the_language_that_was_heard_last() -> None:
    """Else in the one that was known, else in the campaign's."""
    assert spoken((SAID["en"], SAID["es"]), "en", "en") == "es"
    assert spoken((SAID["es"],), "es-MX", "en") == "es-MX"
    assert spoken(("ok",), "pt-BR", "en") == "pt-BR"
    assert spoken(("ok",), None, "tr") == "tr"
    assert spoken(("نعم",), None, "en") == "ar"
    assert spoken(("ADNOC",), None, "ar") == "ar"
    assert spoken((), "Spanish", None) is None


@given(reply=st.text(max_size=60), heard=st.lists(st.text(max_size=60), max_size=3), tag=st.text())
@settings(max_examples=200, deadline=None)
def test_no_text_is_too_odd(reply: str, heard: list[str], tag: str) -> None:
    """Nothing is raised, whatever anybody writes."""
    load()
    expected_instead(reply, heard, tag, tag)
    spoken(heard, tag, tag)
