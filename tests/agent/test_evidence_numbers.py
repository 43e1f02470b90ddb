"""A number counts if the quoted words name it, in digits or in words that can be read."""

# ruff: noqa: RUF001 - some letters of other alphabets look like Latin ones

from __future__ import annotations

import pytest

from tests.agent.claims import INTEGER, NUMBER, field_of, reason, recorded, told


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("I pay 4.5 dirhams", 4.5),
        ("4,5", 4.5),
        ("1,200 a month", 1200),
        ("1.200,50 EUR", 1200.5),
        ("12 500", 12500),
        ("1\u202f200", 1200),
        ("1,50,000 rupees", 150_000),
        ("٤٫٥ درهم", 4.5),
        ("१५ किमी", 15),
        ("2½ hours", 2.5),
        ("1.5k", 1500),
        ("5 million", 5_000_000),
        ("3 lakhs", 300_000),
        ("AED500", 500),
        ("$20", 20),
        ("50%", 50),
        ("50%", 0.5),
        ("10/10!", 10),
        ("7 out of 10", 7),
        ("12km", 12),
        ("-5", -5),
        ("minus ten degrees", -10),
    ],
)
def test_digits_are_read_as_people_write_them(text: str, value: float) -> None:
    """Any script, either way of separating, with what is attached to them."""
    assert recorded(told(text, NUMBER, value)).value == value


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("twenty-five or so", "en", 25),
        ("a hundred and five", "en", 105),
        ("Twice a week", "en", 2),
        ("just once", "en", 1),
        ("a couple", "en", 2),
        ("half", "en", 0.5),
        ("half a dozen", "en", 6),
        ("two and a half", "en", 2.5),
        ("a couple of hundred", "en", 200),
        ("both of them", "en", 2),
        ("the third floor", "en", 3),
        ("treinta y cinco", "es-MX", 35),
        ("veintitres", "es", 23),
        ("25 mil pesos", "es", 25_000),
        ("dos y media", "es", 2.5),
        ("quatre-vingt-dix", "fr-CA", 90),
        ("une heure et demie", "fr", 1.5),
        ("einundzwanzig", "de", 21),
        ("eine Tochter", "de", 1),
        ("zweieinhalb", "de", 2.5),
        ("dreimal", "de", 3),
        ("dreißig", "de", 30),
        ("zwölf oder so", "de", 12),
        ("vinte e dois", "pt-BR", 22),
        ("ventuno", "it", 21),
        ("vijfentwintig", "nl", 25),
        ("femogtyve", "da", 25),
    ],
)
def test_number_words_are_read_in_eight_languages(text: str, language: str, value: float) -> None:
    """In the participant's own, whatever its region, and always in English."""
    assert recorded(told(text, NUMBER, value, language=language)).value == value
    assert "not 77" in reason(told(text, NUMBER, 77, language=language))


@pytest.mark.parametrize("language", ["en", "es", None])
def test_number_words_of_another_language_count_where_they_fit(language: str | None) -> None:
    """The first message in another language comes before anybody knows of it."""
    assert recorded(told("tengo veinticinco", INTEGER, 25, language=language)).value == 25
    assert reason(told("tengo veinticinco", INTEGER, 26, language=language))
    assert "no number" in reason(told("I want to put the fire out", INTEGER, 4))


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("8 or 9", (8, 8.5, 9), (7, 17, 89)),
        ("eight, maybe nine", (8, 8.5, 9), (10,)),
        ("between 20 and 30", (20, 25, 30), (19, 50)),
        ("from 5 to 10 km", (5, 7, 10), (15,)),
        ("8-9", (8, 9), (89, -9)),
        ("in my 30s", (30, 35, 39), (40,)),
        ("late twenties", (20, 28), (30,)),
        ("entre 20 y 30", (25,), (31,)),
        ("zwei bis drei", (2.5,), (4,)),
        ("٨ أو ٩", (8.5,), ()),
    ],
)
def test_any_value_of_a_named_range_may_be_claimed(
    text: str, inside: tuple[float, ...], outside: tuple[float, ...]
) -> None:
    """The middle included; nothing beyond its ends."""
    for value in inside:
        assert recorded(told(text, NUMBER, value)).value == value
    for value in outside:
        assert reason(told(text, NUMBER, value))


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("5", 6, "the quote says 5, not 6"),
        ("I'm 30 and have 2 kids", 32, "says 30 and 2, not 32"),
        ("7/10", 10, "says 7, not 10"),
        ("9 out of 10", 10, "says 9, not 10"),
        ("twenty times", 25, "says 20, not 25"),
        ("every day", 3, "says 1 and 7, not 3"),
        ("I drive a lot", 5, "holds no number"),
        ("I really don't know", 0, "holds no number"),
        ("a few", 3, "holds no number"),
        ("no tengo ni idea", 0, "holds no number"),
    ],
)
def test_what_the_words_do_not_say_is_refused(text: str, value: float, words: str) -> None:
    """The model is told what was read, and no more."""
    assert words in reason(told(text, NUMBER, value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("none", 0), ("No kids", 0), ("never", 0), ("I don't have any", 0), ("ninguno", 0),
        ("keine", 0), ("I have a car", 1), ("my son", 1), ("just me", 1), ("every day", 7),
        ("täglich", 7), ("on weekdays", 5), ("an hour", 60), ("half an hour", 30),
        ("an hour and a half", 90), ("two hours and a half", 150), ("1h30", 90),
        ("1 hour and 20 minutes", 80), ("90 min", 1.5), ("2 weeks", 14), ("a year", 12),
        ("1-2 hours", 90), ("dos horas", 120), ("2 boys and a girl", 3),
        ("one cat and two dogs", 3),
    ],
)  # fmt: skip
def test_amounts_without_their_number_are_understood(text: str, value: float) -> None:
    """Nought and one, habits, other units of time, and what is strung together."""
    assert recorded(told(text, NUMBER, value)).value == value


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("It's 30, not 25", None),
        ("It's 30, not 25", "25"),
        ("not 25, 30", None),
        ("It isn't 25 but thirty", None),
        ("30 instead of 25", None),
        ("son 30, no 25", None),
        ("30, pas 25", None),
        ("30, nicht 25", None),
        ("not 24 or 25", None),
        ("not 25", None),
    ],
)
def test_a_number_that_is_denied_is_not_meant(text: str, quote: str | None) -> None:
    """Not even where the denial was left out of the quotation."""
    assert reason(told(text, INTEGER, 25, quote))
    if quote is None and "30" in text:
        assert recorded(told(text, INTEGER, 30)).value == 30


@pytest.mark.parametrize("text", ["why not 25?", "no, 25", "24, if not 25", "no more than 25"])
def test_not_every_no_denies(text: str) -> None:
    """It must stand right before the number, and say that it is another one."""
    assert recorded(told(text, INTEGER, 25)).value == 25


@pytest.mark.parametrize(
    ("text", "quote", "value"),
    [
        ("15 times", "5", 5),
        ("it was 4.5", "5", 5),
        ("twenty-five", "five", 5),
        ("twenty five", "five", 5),
        ("two hundred", "two", 2),
        ("1.5k", "1.5", 1.5),
        ("5 thousand", "5", 5),
    ],
)
def test_a_part_of_a_number_proves_nothing(text: str, quote: str, value: float) -> None:
    """What a quotation cuts off belongs to it."""
    assert reason(told(text, NUMBER, value, quote))


def test_a_whole_number_may_be_rounded_to_the_field() -> None:
    """The field takes nothing else; a number field takes what was said."""
    for value in (8, 9):
        assert recorded(told("8.5 I think", INTEGER, value)).value == value
        assert reason(told("8.5 I think", NUMBER, value))
    assert reason(told("8.5 I think", INTEGER, 10))


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("خمسة وعشرين", "ar", 25),
        ("خمسة وعشرين", "en", 25),
        ("двадцать пять", "ru", 25),
        ("पच्चीस", "hi", 25),
        ("二十五", "zh", 25),
        ("3万5千", "zh", 35_000),
        ("15 тысяч", "ru", 15_000),
        ("yirmi beş", "tr", 25),
        ("dalawampu't lima", "fil", 25),
    ],
)
def test_number_words_that_cannot_be_read_are_believed(
    text: str, language: str, value: float
) -> None:
    """Other scripts and other languages: nobody here can contradict the model."""
    assert recorded(told(text, NUMBER, value, language=language)).value == value


@pytest.mark.parametrize(("text", "language"), [("у меня 3 машины", "ru"), ("عندي ٣", "ar")])
def test_digits_are_read_in_every_language(text: str, language: str) -> None:
    """Unread words beside them do not make them others."""
    assert recorded(told(text, INTEGER, 3, language=language)).value == 3
    assert "says 3, not 5" in reason(told(text, INTEGER, 5, language=language))


def test_the_bounds_of_the_field_still_hold() -> None:
    """Said is not yet allowed."""
    scale = field_of("integer", minimum=1, maximum=10)
    assert "above the maximum" in reason(told("11 out of 10", scale, 11))


@pytest.mark.parametrize("text", ["1" * 4_000, "1," * 2_000 + "1", "5 or " * 800 + "5", "½" * 999])
def test_long_rows_of_figures_do_no_harm(text: str) -> None:
    """Whatever people send is looked at, and raises nothing."""
    assert reason(told(text, NUMBER, 77))
