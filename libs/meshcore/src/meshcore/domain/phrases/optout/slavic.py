"""Polish, Russian, Ukrainian."""

# ruff: noqa: RUF001 - letters that look like Latin ones are meant

from __future__ import annotations

_POLISH = (
    (
        "(przestań|przestańcie|przestać|niech pan przestanie|niech pani przestanie) [już] (do mnie"
        " pisać|pisać do mnie|wysyłać mi wiadomości|mi wysyłać wiadomości|wysyłać wiadomości"
        "|mnie nękać|mnie niepokoić|mi przeszkadzać|się ze mną kontaktować)"
    ),
    "nie (pisz|piszcie|pisać) (już|więcej|nigdy więcej|już więcej) do mnie [więcej|nigdy]",
    "nie (pisz|piszcie|pisać) do mnie (już|więcej|nigdy więcej|nigdy|już więcej|już nigdy)",
    (
        "nie (wysyłaj|wysyłajcie|przysyłaj|przysyłajcie|wysyłać) mi [już|więcej] [żadnych|tych]"
        " wiadomości [więcej]"
    ),
    "nie (kontaktuj|kontaktujcie|kontaktować) się ze mną [już|więcej|nigdy więcej]",
    (
        "nie chcę [już|więcej] (dostawać|otrzymywać) [od was|od ciebie|od państwa|waszych|żadnych"
        "|tych|więcej] wiadomości [więcej|od was]"
    ),
    "nie chcę (więcej|już|żadnych|już żadnych) wiadomości [od was]",
    "nie chcę żebyście do mnie [więcej] pisali",
    "(daj|dajcie) mi [święty] spokój",
    "(zostaw|zostawcie) mnie w spokoju",
    (
        "(usuń|usuńcie|usunąć|wykreśl|wykreślcie|wypisz|wypiszcie) (mnie|mój numer) z (listy"
        "|waszej listy|bazy|waszej bazy|tej listy)"
    ),
    "(usuń|usuńcie|usunąć|skasuj|skasujcie) mój numer [telefonu]",
    "chcę (się wypisać|zakończyć tę rozmowę|zakończyć rozmowę|przerwać rozmowę)",
    "(żadnych więcej|koniec) wiadomości",
)
_POLISH_ALONE = (
    "(przestańcie|wypisz mnie|wypiszcie mnie|nie pisz do mnie|nie piszcie do mnie)",
    "(żadnych pytań więcej|koniec pytań)",
)

_RU_STOP = "(перестань|перестаньте|прекрати|прекратите|прекращайте|хватит)"
_RU_MESSAGES = "(сообщения|сообщений|сообщение|смс|эсэмэски)"

_RUSSIAN = (
    (
        f"{_RU_STOP} [уже] (мне писать|писать мне|беспокоить меня|меня беспокоить|мне надоедать"
        "|меня доставать|доставать меня|мне спамить|ко мне приставать|мне названивать)"
    ),
    (
        f"{_RU_STOP} [уже] [мне] (слать|присылать|отправлять|посылать|писать) [мне] [эти|ваши]"
        f" {_RU_MESSAGES}"
    ),
    "(больше|никогда больше|больше никогда) [мне] не (пиши|пишите) [мне]",
    "не (пиши|пишите) мне (больше|никогда|никогда больше|больше никогда)",
    "не (пиши|пишите) больше [мне]",
    "мне больше не (пиши|пишите|звоните)",
    "(больше не|не) (беспокой|беспокойте|тревожьте|доставайте) меня [больше]",
    "(больше меня не|меня больше не|меня не) (беспокой|беспокойте|тревожьте)",
    (
        "(больше не|не) (шли|шлите|присылай|присылайте|отправляйте|посылайте) мне [больше] [никаких"
        f"|эти|ваши] {_RU_MESSAGES} [больше]"
    ),
    "(больше мне|мне больше) ничего не (присылайте|пишите|шлите)",
    "не (связывайтесь|связывайся) со мной [больше]",
    "(оставь|оставьте) меня в покое",
    "(отстань|отстаньте|отвяжись|отвяжитесь) от меня",
    (
        "(удалите|удали|уберите|убери|исключите|вычеркните) (меня|мой номер) (из|с) (списка"
        "|вашего списка|рассылки|вашей рассылки|базы|вашей базы|базы данных)"
    ),
    "(удалите|удали|сотрите|забудьте) мой (номер|телефон|номер телефона)",
    "(отпишите|отпиши) меня [от рассылки|от всего]",
    "[я] хочу (отписаться|прекратить этот разговор|закончить этот разговор) [от рассылки]",
    (
        "[я] [больше] не хочу [больше] (получать|видеть|читать) [от вас] [ваши|эти"
        "|никаких|никакие]"
        f" {_RU_MESSAGES} [от вас] [больше]"
    ),
    "[я] не хочу чтобы (вы|ты) мне [больше] (писали|писал|писала) [больше]",
    f"(больше никаких|никаких больше|никаких) {_RU_MESSAGES}",
)
_RUSSIAN_ALONE = (
    "(стоп|не пишите мне|не пиши мне|мне не пишите|не пишите|отписаться|отпишите|отпиши|отписка)",
    "(прекратите|перестаньте|прекратите это|перестаньте это|отстаньте|хватит писать)",
    "(хватит вопросов|больше никаких вопросов|никаких больше вопросов|не пишите больше)",
)

_UK_MESSAGES = "(повідомлення|повідомлень|смс)"

_UKRAINIAN = (
    (
        "(перестань|перестаньте|припини|припиніть|досить) (мені писати|писати мені|турбувати мене"
        "|мене турбувати)"
    ),
    f"(перестань|перестаньте|припини|припиніть|досить) (надсилати|слати) [мені] {_UK_MESSAGES}",
    "не (пиши|пишіть) мені (більше|ніколи|більше ніколи)",
    "більше [мені] не (пиши|пишіть) [мені]",
    "(більше не|не) (турбуй|турбуйте) мене [більше]",
    f"(більше не|не) (надсилайте|шліть|надсилай) мені [більше] {_UK_MESSAGES} [більше]",
    "(залиш|залиште|лиши|лишіть) мене (у|в) спокої",
    "(видаліть|видали) (мене|мій номер) (зі|з|із) (списку|свого списку|вашого списку|бази)",
    "(видаліть|видали) мій номер",
    f"[я] [більше] не хочу [більше] отримувати [ваші|ці|від вас] {_UK_MESSAGES} [від вас]",
    f"(більше ніяких|жодних) {_UK_MESSAGES}",
)
_UKRAINIAN_ALONE = ("(не пишіть мені|не пиши мені|відписатися|відпишіть мене|припиніть)",)

PLAINLY = _POLISH + _RUSSIAN + _UKRAINIAN
ALONE = _POLISH_ALONE + _RUSSIAN_ALONE + _UKRAINIAN_ALONE
