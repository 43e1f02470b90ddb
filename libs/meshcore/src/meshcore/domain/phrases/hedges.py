"""Words that show that a sentence may not mean what it says: then the model must judge."""

# ruff: noqa: RUF001 - letters that look like Latin ones are meant

from __future__ import annotations

REPORTED = """
    if unless when whenever until till would said says say saying told tell tells telling wrote
    writes texted yelled shouted screamed replied called slogan song movie film lyrics game dream
    example book
    cuando dijo dije dice dicen dijeron pelicula cancion quand dit disait disent lorsque chanson
    quando disse diz dizem filme dice dicono canzone wenn falls sagte sagt sagen meinte schrieb
    film lied zei zegt zeggen wanneer jesli gdy powiedzial powiedziala mowi
    если когда сказал сказала говорит говорят фильм песня якщо коли сказав сказала
    eger dedi diyor dediler اذا عندما قال قالت يقول قالوا لما لو فيلم اگر وقتی گفت گفتند
    جب کہا بولا فلم अगर जब कहा बोला फिल्म agar jab kaha bola যদি যখন বলল
    kalau jika ketika katanya kung kapag sabi kama alisema 만약 라고 영화
"""
"""Talk of what others say or of what might be."""

REPORTED_RUNS = "如果 假如 要是 他说 她说 说过 電影 电影 もし と言 って言 映画"
"""The same in scripts without spaces."""

OTHERS = """
    they them their theyre he him his hes she her hers shes people everyone everybody companies
    banks shops ads drivers kids campaign sign someone somebody
    ellos ella ellas ils elles eles elas loro zij jullie oni они он она вони onlar هو هي هم
    وہ वह वे वो woh তারা dia mereka niya wao 他 她 彼
"""
"""Talk of others, who may be the ones that are asked to stop."""

JOKES = """
    lol lmao lmfao rofl xd jk kidding joking joke jokes mdr ptdr broma bromeo brincadeira
    brincando rs scherz spass scherzo scherzavo plaisante blague rigole rigolo grapje zart zartuje
    шучу шутка жартую saka امزح بمزح मजाक mazak bercanda wkwk wkwkwk
    농담
"""

JOKING_RUNS = "开玩笑 哈哈 冗談 ㅋㅋ ㅎㅎ haha hehe jaja jeje хаха хехе ههه kkkk"
"""Laughter, wherever it stands."""

JOKING_FACES = "😂🤣😜😝😛😆😹😅😁😄😉🙃🤪😏😬💀🤭"
