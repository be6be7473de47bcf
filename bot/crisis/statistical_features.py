"""What the statistical layer sees of a message: words, pieces of words, and who and when they speak of.

Training and scoring share this file, so that a weight always means what it meant when it was learned. Everything
is computed on the folded message, a sentence at a time, and hashed into a fixed number of buckets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

from bot.crisis.folding import fold

BUCKETS = 1 << 16
"""How many places the features are hashed into; part of the model file."""
LONGEST = 4_000
"""Characters of a message that are looked at; the doors accept no longer ones."""
MOST_SENTENCES = 120
WIDEST = 3
"""Sentences that are read together, besides the whole of a short message."""
SHORT = 6
"""Sentences up to which a message is also read as a whole."""

_SENTENCE = re.compile(r"[.!?]+(?=[\s\"')\]]|$)|\n+|;\s")
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)*|[?\"$%&@#:]")
_LONGEST_WORD = 30

# What a word says about whose words these are and when. Kept short on purpose: the weights do the rest.
_KINDS: dict[str, str] = {
    "first": (
        "i im i'm ive i've id i'd ill i'll me my mine myself meself yo me mi mis conmigo estoy soy tengo voy quiero "
        "je j'ai jai moi mon ma mes suis vais veux ich mich mir mein meine meinen meiner bin habe will "
        "eu mim meu minha meus minhas comigo estou sou tenho vou quero"
    ),
    "client": (
        "client clients client's clent patient patients cliente clientes paciente pacientes consultante patiente "
        "klient klientin klienten patientin mandant"
    ),
    "close": (
        "friend friends brother sister mum mom mother dad father son daughter husband wife boyfriend girlfriend "
        "housemate flatmate roommate classmate colleague cousin partner amigo amiga hermano hermana madre padre hijo "
        "hija marido pareja compi companero companera ami amie frere soeur mere pere fils fille mari femme copain "
        "copine collegue freund freundin bruder schwester mutter vater sohn tochter mann frau kollege kollegin "
        "mitbewohnerin irmao irma mae pai filho filha esposa namorado namorada colega"
    ),
    "third": (
        "he she they him her them his hers he's she's hes shes el ella ellos le lui elle il ils er sie ihr ihm ihn "
        "ele ela eles dele dela"
    ),
    "now": (
        "tonight 2nite tonite today now rn tomorrow tmrw soon already just hoy ahora manana noche ya mismo "
        "aujourd'hui ce soir maintenant demain deja heute jetzt gleich morgen abend nacht gerade "
        "hoje agora amanha noite ja"
    ),
    "past": (
        "ago used years teenager teen once anymore since recovered former hace anos antes ans annees autrefois "
        "jahren fruher damals anos atras antigamente"
    ),
    "not": (
        "not no never dont don't isnt isn't wasnt wasn't didnt didn't cant can't without denied denies deny nunca ni sin "
        "ne pas jamais sans nie n'ai nicht kein keine nie ohne verneint nao nunca sem nega niega"
    ),
    "death": (
        "die died dying death dead suicide suicidal kill killing killed kms unalive suicid morir morirme muerte "
        "muerto muerta matarme matar suicidio suicidarme suicida mourir mort morte tuer suicidaire sterben tod tot "
        "umbringen suizid suizidal toten morrer morto matar suicidas suicidar"
    ),
    "means": (
        "pills tablets rope noose gun knife blade razor bridge roof ledge overdose cut cutting bleeding pastillas "
        "cuerda cuchillo puente azotea cachets medicaments corde couteau pont toit tabletten seil messer brucke dach "
        "klinge comprimidos remedios corda faca ponte telhado gilete"
    ),
    "parting": (
        "goodbye bye farewell sorry forgive letter letters note notes adios despedida perdon carta cartas adieu pardon "
        "lettre lettres abschied abschiedsbrief verzeiht tschuss adeus despedir desculpa perdao"
    ),
    "shop": (
        "supervisor supervision training module lecture seminar essay exam assessment scale screen form template "
        "protocol vignette role roleplay play c-ssrs phq risk item theory model paper study research thesis session "
        "sesion supervisora supervisor escala taller curso formation cours memoire echelle seance superviseuse kurs "
        "seminar supervisorin skala fragebogen rollenspiel sitzung curso aula escala sessao supervisora artigo tcc"
    ),
    "light": "lol haha lmao jaja jajaja mdr ptdr kkk kkkk rsrs hihi btw xd",
}
KINDS: tuple[str, ...] = tuple(_KINDS)
_KIND_OF: dict[str, int] = {}
for _bit, _words in enumerate(_KINDS.values()):
    for _word in _words.split():
        _KIND_OF[_word] = _KIND_OF.get(_word, 0) | 1 << _bit
_QUESTION, _QUOTE = 1 << len(KINDS), 1 << (len(KINDS) + 1)
_KIND_OF["?"], _KIND_OF['"'] = _QUESTION, _QUOTE
_ALL = (*KINDS, "question", "quote")


def bucket(feature: str) -> int:
    """Give the place of a feature; the same on every machine."""
    return crc32(feature.encode()) % BUCKETS


def sentences(text: str) -> list[list[str]]:
    """Split a message into sentences of folded words; never empty sentences."""
    found = [_TOKEN.findall(part) for part in _SENTENCE.split(fold(text[:LONGEST]))]
    return [[word[:_LONGEST_WORD] for word in words] for words in found if words][:MOST_SENTENCES]


def of_word(word: str) -> list[int]:
    """Give the buckets of one word: the word itself and its pieces of four letters."""
    marked = f"<{word}>"
    places = [bucket(f"w {word}")]
    if len(word) > 2:
        places += [bucket(f"c {marked[at : at + 4]}") for at in range(len(marked) - 3)]
    return places


def of_row(words: list[str]) -> list[int]:
    """Give the buckets of the pairs and triples of neighbouring words, beginning and end included."""
    row = ["^", *words, "$"]
    pairs = [f"{first} {second}" for first, second in zip(row, row[1:], strict=False)]
    triples = [f"{pair} {third}" for pair, third in zip(pairs, row[2:], strict=False)]
    return [crc32(gram.encode()) % BUCKETS for gram in pairs + triples]


def kinds(words: Iterable[str]) -> int:
    """Give the kinds of words that occur, as bits."""
    found = 0
    for word in words:
        found |= _KIND_OF.get(word, 0)
    return found


@lru_cache(maxsize=4096)
def of_kinds(found: int) -> tuple[int, ...]:
    """Give the buckets of the kinds of words that occur, each alone and with each other."""
    present = [name for bit, name in enumerate(_ALL) if found >> bit & 1]
    absent = [f"no {name}" for bit, name in enumerate(_ALL[:4]) if not found >> bit & 1]
    names = present + absent
    single = [bucket(f"k {name}") for name in names]
    pairs = [bucket(f"k {one} {two}") for at, one in enumerate(names) for two in names[at + 1 :]]
    return tuple(single + pairs)


def windows(count: int) -> list[tuple[int, int]]:
    """Give the runs of sentences (first, past the last) that are read together."""
    runs = [(first, first + size) for size in range(1, WIDEST + 1) for first in range(count - size + 1)]
    if WIDEST < count <= SHORT:
        runs.append((0, count))
    return runs
