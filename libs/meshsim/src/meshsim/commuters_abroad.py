"""What commuters say in other languages than English, and how they recognise a question there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """One language.

    Attributes:
        age: tells the age, which goes into the braces in words.
        station: tells the station.
        score: tells the satisfaction, in words.
        frequencies: short and long, in the order of the English ones.
        reasons: likewise.
        keywords: what a question about a topic is recognised by.
    """

    age: str
    station: str
    score: str
    frequencies: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    keywords: Mapping[str, tuple[str, ...]]


_SPANISH = Phrases(
    age="Tengo {} años",
    station="Normalmente en {}, me queda cerca",
    score="Le pondría un {}",
    frequencies=(
        ("cinco veces por semana", "Cada día laborable, o sea cinco veces por semana"),
        ("dos veces por semana", "Normalmente dos veces por semana, cuando voy a la oficina"),
        ("tres veces por semana", "Unas tres veces por semana"),
        ("todos los días", "Casi todos los días, me queda de camino al trabajo"),
        ("una vez por semana", "Una vez por semana, casi siempre los sábados"),
    ),
    reasons=(
        ("precios más bajos", "Precios más bajos, o una tarjeta de puntos"),
        ("colas más cortas", "Colas más cortas, odio esperar por la mañana"),
        ("una buena cafetería", "Una buena cafetería donde pueda desayunar"),
        ("que esté de camino", "Que esté de camino, para no dar un rodeo"),
        ("carga eléctrica", "Carga eléctrica rápida, mi próximo coche no usará gasolina"),
    ),
    keywords={
        "age_range": ("edad", "cuántos años"),
        "commute_frequency": ("con qué frecuencia", "cuántas veces", "a menudo", "sueles pasar"),
        "current_station": ("repostas", "repostar", "qué gasolinera", "dónde echas", "llenas"),
        "satisfaction": ("satisfecho", "satisfecha", "satisfacción", "del 1 al 10", "contento"),
        "switch_reason": ("cambiar", "cambiarías", "cambiaras", "nueva gasolinera"),
    },
)
_GERMAN = Phrases(
    age="Ich bin {}",
    station="Meistens bei {}, das liegt in der Nähe",
    score="Ich würde sagen {}",
    frequencies=(
        ("fünfmal die Woche", "Jeden Arbeitstag, also fünfmal die Woche"),
        ("zweimal die Woche", "Normalerweise zweimal die Woche, wenn ich ins Büro fahre"),
        ("dreimal die Woche", "So dreimal die Woche"),
        ("jeden Tag", "Eigentlich jeden Tag, es liegt auf dem Weg zur Arbeit"),
        ("einmal die Woche", "Einmal die Woche, meistens samstags"),
    ),
    reasons=(
        ("niedrigere Preise", "Niedrigere Preise, oder eine ordentliche Kundenkarte"),
        ("kürzere Schlangen", "Kürzere Schlangen, ich hasse es morgens zu warten"),
        ("ein gutes Café", "Ein gutes Café, in dem ich auch frühstücken kann"),
        ("wenn sie auf dem Weg liegt", "Wenn sie auf dem Weg liegt, ohne Umweg"),
        ("Ladesäulen", "Schnelle Ladesäulen, mein nächstes Auto braucht kein Benzin"),
    ),
    keywords={
        "age_range": ("alter", "wie alt"),
        "commute_frequency": ("wie oft", "häufig", "regelmäßig"),
        "current_station": ("tanken", "tankst", "welche tankstelle", "wo tanken"),
        "satisfaction": ("zufrieden", "zufriedenheit", "skala", "von 1 bis 10"),
        "switch_reason": ("wechseln", "neue tankstelle", "neuen tankstelle", "überzeugen"),
    },
)
_FRENCH = Phrases(
    age="J'ai {} ans",
    station="Le plus souvent chez {}, c'est à côté",
    score="Je dirais {}",
    frequencies=(
        ("cinq fois par semaine", "Tous les jours ouvrés, donc cinq fois par semaine"),
        ("deux fois par semaine", "En général deux fois par semaine, quand je vais au bureau"),
        ("trois fois par semaine", "À peu près trois fois par semaine"),
        ("tous les jours", "Presque tous les jours, c'est sur le chemin du travail"),
        ("une fois par semaine", "Une fois par semaine, surtout le samedi"),
    ),
    reasons=(
        ("des prix plus bas", "Des prix plus bas, ou une vraie carte de fidélité"),
        ("moins d'attente", "Moins d'attente, je déteste faire la queue le matin"),
        ("un bon café", "Un bon café où je peux prendre le petit déjeuner"),
        ("qu'elle soit sur mon chemin", "Qu'elle soit sur mon chemin, sans détour"),
        ("la recharge électrique", "La recharge électrique rapide pour ma prochaine voiture"),
    ),
    keywords={
        "age_range": ("âge", "quel âge"),
        "commute_frequency": ("combien de fois", "souvent", "fréquence"),
        "current_station": ("le plein", "quelle station", "faites vous le plein", "carburant"),
        "satisfaction": ("satisfait", "satisfaite", "satisfaction", "échelle", "de 1 à 10"),
        "switch_reason": ("changer", "nouvelle station"),
    },
)
_PORTUGUESE = Phrases(
    age="Tenho {} anos",
    station="Quase sempre na {}, fica perto",
    score="Eu daria {}",
    frequencies=(
        ("cinco vezes por semana", "Todos os dias úteis, ou seja, cinco vezes por semana"),
        ("duas vezes por semana", "Normalmente duas vezes por semana, quando vou ao escritório"),
        ("três vezes por semana", "Umas três vezes por semana"),
        ("todos os dias", "Praticamente todos os dias, fica no caminho do trabalho"),
        ("uma vez por semana", "Uma vez por semana, quase sempre ao sábado"),
    ),
    reasons=(
        ("preços mais baixos", "Preços mais baixos, ou um bom cartão de fidelidade"),
        ("filas menores", "Filas menores, odeio esperar de manhã"),
        ("um bom café", "Um bom café onde eu possa tomar o pequeno-almoço"),
        ("que fique no caminho", "Que fique no caminho, sem desvios"),
        ("carregamento elétrico", "Carregamento elétrico rápido para o meu próximo carro"),
    ),
    keywords={
        "age_range": ("idade", "quantos anos"),
        "commute_frequency": ("quantas vezes", "frequência", "costuma passar"),
        "current_station": ("abastece", "abastecer", "qual posto", "posto"),
        "satisfaction": ("satisfeito", "satisfeita", "satisfação", "de 1 a 10", "escala"),
        "switch_reason": ("mudar", "trocar", "novo posto"),
    },
)
_ARABIC = Phrases(
    age="عمري {}",
    station="غالبا من محطة {} لأنها قريبة",
    score="أعطيها {}",
    frequencies=(
        ("خمس مرات في الأسبوع", "كل يوم عمل، يعني خمس مرات في الأسبوع"),
        ("مرتين في الأسبوع", "عادة مرتين في الأسبوع عندما أذهب إلى المكتب"),
        ("ثلاث مرات في الأسبوع", "تقريبا ثلاث مرات في الأسبوع"),
        ("كل يوم", "تقريبا كل يوم، هي على طريقي إلى العمل"),
        ("مرة في الأسبوع", "مرة في الأسبوع، غالبا يوم السبت"),
    ),
    reasons=(
        ("أسعار أقل", "أسعار أقل، أو بطاقة ولاء جيدة"),
        ("طوابير أقصر", "طوابير أقصر، أكره الانتظار في الصباح"),
        ("مقهى جيد", "مقهى جيد أستطيع أن أفطر فيه"),
        ("أن تكون على طريقي", "أن تكون على طريقي بدون لف ودوران"),
        ("شحن كهربائي", "شحن كهربائي سريع، سيارتي القادمة لا تحتاج بنزين"),
    ),
    keywords={
        "age_range": ("عمرك", "كم عمرك", "العمر"),
        "commute_frequency": ("كم مرة", "عدد المرات", "تمر"),
        "current_station": ("تعبئ", "تملأ", "أي محطة", "الوقود"),
        "satisfaction": ("راض", "رضاك", "مقياس", "تقيم"),
        "switch_reason": ("تغير", "تغيير", "محطة جديدة", "الانتقال"),
    },
)
ABROAD: Mapping[str, Phrases] = {
    "es": _SPANISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "pt": _PORTUGUESE,
    "ar": _ARABIC,
}
