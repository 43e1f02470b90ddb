"""Plain words of despair and danger, and what people also say of traffic."""

# ruff: noqa: RUF001 - other scripts have letters that look like Latin ones

from __future__ import annotations

import pytest

from meshcore.domain.distress import plain_distress

PLAIN = [
    "I want to kill myself", "I don't want to live any more", "he is beating me right now",
    "i wanna die", "I'm suicidal", "Sorry, I can't talk. My husband is hitting me",
    "Please help me. I am in danger", "I think i'm going to end it all tonight",
    "Quiero morir", "ya no quiero vivir", "Eu quero morrer", "Je veux mourir.",
    "Non voglio più vivere", "Ich möchte nicht mehr leben", "Ik wil niet meer leven",
    "Nie chcę już żyć", "Я не хочу больше жить", "Мій чоловік каже так. Я не хочу жити",
    "yaşamak istemiyorum artık", "أريد أن أموت", "میخوام بمیرم", "میں مرنا چاہتا ہوں",
    "मैं मरना चाहता हूँ", "main jeena nahi chahta", "আমি আর বাঁচতে চাই না",
    "saya ingin bunuh diri", "gusto ko nang mamatay", "sitaki kuishi tena", "我不想活了",
    "死にたい", "죽고 싶어요",
]  # fmt: skip

LOOK_ALIKES = [
    "this traffic is killing me", "dying to know", "my phone died", "my wife will kill me",
    "I want to kill myself when I see the prices", "if fuel goes up I'll kill myself",
    "If fuel goes up again, I will kill myself", "I want to die 😂", "I wanna die lol",
    "I don't want to live here any more", "I don't want to live in Dubai any more",
    "she wants to kill herself", "In the film he says: I want to die", "do I want to die?",
    "I could kill for a coffee", "he is beating me at chess", "the sun is hitting me",
    "my boss is killing me with deadlines", "I want to die of old age", "I'd die for that cake",
    "me muero de risa", "muero por un café", "je meurs de faim", "ich sterbe vor Hunger",
    "sto morendo di caldo", "умираю от смеха", "أموت في الشوكولاتة", "笑死我了", "열받아 죽겠네",
    '"I want to die" was the title', "he hits the brakes", "I was beaten to the pump", "",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_plain_distress_is_recognised(text: str) -> None:
    """In so many words, in many languages."""
    assert plain_distress(text)


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_a_figure_of_speech_is_left_to_the_model(text: str) -> None:
    """Exaggerations, conditions, jokes, films, other people."""
    assert not plain_distress(text)
