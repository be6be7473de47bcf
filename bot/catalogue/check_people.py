"""Who appears, and as what? Reviewed names, one a role, and no tradition tied to a problem (rule 7)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from bot.catalogue.prose import sentences
from bot.catalogue.report import Finding, error, warning
from bot.catalogue.wordlists import WordLists
from bot.prompts.item import CastRole, Intensity, Item, Kind

RULE = "E7"
VIGNETTES_PER_NAME = 40
MOST_OF_A_TRADITION_WITH_A_PROBLEM = 3
MOST_ON_ONE_SIDE = 3

_QUOTES = "\"'\u201c\u2018("
_CAPITALISED = re.compile(r"\b[A-Z][a-z\u00e0-\u024f]+")


def check_people(item: Item, lists: WordLists, names: Mapping[str, str]) -> Iterator[Finding]:
    """Findings about the people of one item; `names` maps reviewed names to their tradition."""
    roles = Counter(person.role for person in item.cast)
    for role in (CastRole.CLIENT, CastRole.THERAPIST):
        if roles[role] > 1:
            yield error(item.path, "cast", RULE, f"{roles[role]} named {role}s.", f"Keep one named {role}.")
    story = "\n\n".join([item.body, *(beat.body for beat in item.beats)])
    for number, person in enumerate(item.cast):
        if person.name not in names:
            yield error(
                item.path,
                f"cast[{number}].name",
                RULE,
                f"{person.name} is not a reviewed name.",
                "Choose one of names.yaml, or have it reviewed and added there.",
            )
        if not re.search(rf"\b{re.escape(person.name)}\b", story):
            yield error(
                item.path, f"cast[{number}].name", RULE, f"{person.name} is not in the text.", "Take it out of cast."
            )
    if item.problem is not None and item.problem not in lists.problems:
        yield error(item.path, "problem", RULE, f"{item.problem} is unknown.", "Choose one of problems in lint.yaml.")
    yield from _strangers(item, lists, names)


def _strangers(item: Item, lists: WordLists, names: Mapping[str, str]) -> Iterator[Finding]:
    texts = {"title": item.title, "body": item.body, "question": item.question}
    texts |= {f"beats[{number}].body": beat.body for number, beat in enumerate(item.beats)}
    for field, text in texts.items():
        inside = _inside_sentences(text) if field != "title" else set()
        for word in dict.fromkeys(_CAPITALISED.findall(text)):
            if word in item.names or word in lists.proper_words:
                continue
            if word in names:
                mend = "Add the person to cast." if item.kind is Kind.VIGNETTE else "Prompts have no cast."
                yield error(item.path, field, RULE, f"{word} is a name, but in nobody's role.", mend)
            elif word in inside:
                yield warning(
                    item.path,
                    field,
                    "W7",
                    f"{word} may be an unreviewed name.",
                    "Add it to proper_words in lint.yaml if it is none.",
                )


def _inside_sentences(text: str) -> set[str]:
    """The capitalised words that neither open a sentence nor somebody's speech."""
    return {
        match[0]
        for sentence in sentences(text)
        for match in _CAPITALISED.finditer(sentence)
        if sentence[: match.start()].strip(_QUOTES) and sentence[match.start() - 1] not in _QUOTES
    }


def check_cast_spread(items: Sequence[Item], names: Mapping[str, str]) -> Iterator[Finding]:
    """Findings about names over the whole library: how often one appears, and what a tradition is cast as."""
    vignettes = [item for item in items if item.kind is Kind.VIGNETTE]
    used: defaultdict[str, list[str]] = defaultdict(list)
    problems: Counter[tuple[str, str]] = Counter()
    for item in vignettes:
        for person in item.cast:
            used[person.name].append(item.path)
            if person.role is CastRole.CLIENT and person.name in names and item.problem is not None:
                problems[names[person.name], item.problem] += 1
    allowed = 1 + len(vignettes) // VIGNETTES_PER_NAME
    for name, paths in used.items():
        for path in paths[allowed:]:
            yield error(
                path,
                "cast",
                RULE,
                f"{name} appears in {len(paths)} vignettes, {allowed} allowed for {len(vignettes)}.",
                "Choose another name.",
            )
    for (tradition, problem), count in sorted(problems.items()):
        if count > MOST_OF_A_TRADITION_WITH_A_PROBLEM:
            yield warning(
                "vignettes",
                "cast",
                "W7",
                f"{count} clients with {tradition} names bring {problem}.",
                "Give some of them other names, or other problems.",
            )
    yield from _one_sided(vignettes, names)


def _one_sided(vignettes: Sequence[Item], names: Mapping[str, str]) -> Iterator[Finding]:
    """Findings about traditions that are only ever on one side of the room, or gather where it is heaviest."""
    cast: defaultdict[str, Counter[CastRole]] = defaultdict(Counter)
    heavy: Counter[str] = Counter()
    for item in vignettes:
        for person in item.cast:
            if (tradition := names.get(person.name)) is not None:
                cast[tradition][person.role] += 1
                heavy[tradition] += person.role is CastRole.CLIENT and item.intensity is Intensity.HEAVY
    for tradition, roles in sorted(cast.items()):
        clients, therapists = roles[CastRole.CLIENT], roles[CastRole.THERAPIST]
        if clients > MOST_ON_ONE_SIDE and not therapists:
            said = f"{clients} clients have {tradition} names, and no therapist has."
            yield warning("vignettes", "cast", "W7", said, "Let some of them sit in the other chair.")
        if heavy[tradition] > MOST_OF_A_TRADITION_WITH_A_PROBLEM:
            said = f"{heavy[tradition]} clients of the heaviest vignettes have {tradition} names."
            yield warning("vignettes", "cast", "W7", said, "Give some of them other names.")
