"""The rules as a clinician writes them, read and compiled.

Everything stands in ``content/crisis/rules/<language>/``: ``_language.yaml`` holds the words of a language (lists,
contractions, negations, who is who), every other file holds rules, combinations and frames. A file that cannot be
used stops the start-up with its name and the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.crisis.assessment import Action
from bot.crisis.content import BrokenContent, Fields, read_mapping
from bot.crisis.folding import fold
from bot.crisis.joined import Tongue
from bot.crisis.patterns import BadPattern, Lists, Pattern, compile_lists, compile_pattern
from bot.crisis.rules import Combination, Frame, Kind, Language, OfOthers, Rule, RuleBook, Scope, Speaker
from bot.crisis.words import Vocabulary

LANGUAGE_FILE = "_language.yaml"


def load_rules(rules_dir: Path) -> RuleBook:
    """Read every language below `rules_dir`; BrokenContent names file and field."""
    folders = sorted(folder for folder in rules_dir.glob("*") if (folder / LANGUAGE_FILE).is_file())
    if not folders:
        raise BrokenContent(rules_dir, "the folder", "holds no language, and a screen without rules must not start")
    raw = {folder: read_mapping(folder / LANGUAGE_FILE) for folder in folders}
    spelling = _Spelling(raw)
    gathered = _Gathered()
    for folder in folders:
        _LanguageReader(folder, raw[folder], spelling, gathered).read()
    if not any(rule.action is not Action.N for rule in gathered.rules):
        raise BrokenContent(rules_dir, "rules", "there is not a single rule, and an empty screen must not start")
    ids = [rule.id for rule in gathered.rules]
    ids += [combination.id for combination in gathered.combinations]
    ids += [frame.id for frame in gathered.frames]
    for name in ids:
        if ids.count(name) > 1:
            raise BrokenContent(rules_dir, name, "is given twice")
    return RuleBook(
        languages=gathered.languages,
        rules=tuple(gathered.rules),
        combinations=tuple(gathered.combinations),
        frames=tuple(gathered.frames),
        vocabulary=spelling.vocabulary(gathered.patterns, gathered.languages),
    )


class _Spelling:
    """Contractions and hidden words of all languages together, as a message may hold any of them."""

    def __init__(self, raw: Mapping[Path, dict[str, Any]]) -> None:
        expansions: dict[str, tuple[str, ...]] = {}
        self._tongues: dict[str, Tongue] = {}
        hidden: set[str] = set()
        ordinary: set[str] = set()
        for folder, data in raw.items():
            fields = Fields(folder / LANGUAGE_FILE, data)
            said = fields.take("expand", {})
            if not isinstance(said, dict) or not all(isinstance(item, str) for pair in said.items() for item in pair):
                raise fields.fail("expand", "must map words to words (put yes and no into quotes)")
            for word, words in said.items():
                expansions.setdefault(fold(word), tuple(fold(words).split()))
            hidden.update(_folded(fields.texts("hidden")))
            ordinary.update(_folded(fields.texts("ordinary")))
            self._tongues[folder.name] = Tongue(
                frozenset(map(fold, said)) | _folded(fields.texts("fillers")),
                beside=_folded(fields.texts("beside")),
                compounding=_folded(fields.texts("compounding")),
            )
        self._expansions, self._hidden, self._ordinary = expansions, hidden, ordinary
        self._speller = Vocabulary(frozenset(), frozenset(), frozenset(), expansions)

    def expand(self, word: str) -> tuple[str, ...]:
        """Spell a pattern's word as a message's would be spelled."""
        return self._speller.spell(word)

    def vocabulary(self, patterns: Iterable[Pattern], languages: Mapping[str, Language]) -> Vocabulary:
        """Gather every word that a pattern may need from its gate and its expression."""
        words: set[str] = set()
        for pattern in patterns:
            words.update(pattern.words)
        tongues = []
        for code, tongue in self._tongues.items():
            pieces = (piece for piece in languages[code].words | tongue.pieces if len(piece) > 1 or piece in "ia")
            tongues.append(replace(tongue, pieces=frozenset(pieces)))
        return Vocabulary(
            words=frozenset(word for word in words if not word.endswith("*")),
            beginnings=frozenset(word for word in words if word.endswith("*")),
            hidden=frozenset(self._hidden),
            expansions=self._expansions,
            tongues=tuple(tongues),
            ordinary=frozenset(self._ordinary),
        )


class _Gathered:
    def __init__(self) -> None:
        self.languages: dict[str, Language] = {}
        self.rules: list[Rule] = []
        self.combinations: list[Combination] = []
        self.frames: list[Frame] = []
        self.patterns: list[Pattern] = []


class _LanguageReader:
    """Reads one language's folder into what has been gathered."""

    def __init__(self, folder: Path, data: dict[str, Any], spelling: _Spelling, gathered: _Gathered) -> None:
        self._folder = folder
        self._file = folder / LANGUAGE_FILE
        self._fields = Fields(self._file, data)
        self._spelling = spelling
        self._letters = frozenset(map(fold, data.get("expand") or ()))
        self._out = gathered
        self._code = folder.name
        self._lists = Lists({}, frozenset(), frozenset())

    def _expand(self, word: str) -> tuple[str, ...]:
        """Spell a pattern's word; a letter that only another language writes for a word ("ñ" for "não") stays."""
        return self._spelling.expand(word) if len(word) > 1 or word in self._letters else (word,)

    def read(self) -> None:
        fields = self._fields
        if fields.text("language") != self._code:
            raise fields.fail("language", f"must be {self._code}, as the folder is named")
        for key in ("expand", "hidden", "fillers", "beside", "compounding", "ordinary"):
            fields.take(key)
        negations = _folded(fields.texts("negations", needed=True))
        everyday = _folded(fields.texts("everyday", needed=True))
        raw_lists = fields.take("lists", {})
        if not isinstance(raw_lists, dict):
            raise fields.fail("lists", "must map names to lists of words")
        named = {str(name): Fields(self._file, raw_lists, "lists").texts(str(name)) for name in raw_lists}
        try:
            self._lists = compile_lists(named, self._expand, Lists({}, negations, everyday))
        except BadPattern as error:
            raise fields.fail("lists", str(error)) from error
        language = Language(
            code=self._code,
            everyday=everyday,
            words=frozenset(),
            negations=negations,
            not_negating=_folded(fields.texts("not_negating")),
            i=_folded(fields.texts("i", needed=True)),
            client=_folded(fields.texts("client", needed=True)),
            close=_folded(fields.texts("close", needed=True)),
            stranger=_folded(fields.texts("stranger")),
            markers={name: self._patterns(fields, name) for name in ("endorsed", "meant", "again")},
        )
        fields.done()
        before = len(self._out.patterns)
        for file in sorted(self._folder.glob("*.yaml")):
            if file.name != LANGUAGE_FILE:
                self._read_rules(file)
        own: frozenset[str] = frozenset().union(*(pattern.words for pattern in self._out.patterns[before:]))
        self._out.languages[self._code] = replace(language, words=own | language.everyday)

    def _read_rules(self, file: Path) -> None:
        fields = Fields(file, read_mapping(file))
        for key, read in (("rules", self._rule), ("combinations", self._combination), ("frames", self._frame)):
            items = fields.take(key, [])
            if not isinstance(items, list):
                raise fields.fail(key, "must be a list")
            for number, item in enumerate(items):
                where = f"{key}[{number}]"
                if isinstance(item, dict) and isinstance(item.get("id"), str):
                    where = item["id"]
                inner = Fields(file, item, where)
                read(inner)
                inner.done()
        fields.done()

    def _rule(self, fields: Fields) -> None:
        action = _one(fields, "action", Action, None)
        signals = fields.texts("signals")
        if action is Action.N and not signals:
            raise fields.fail("signals", "a rule without an action of its own needs a signal")
        rule = Rule(
            id=fields.text("id"),
            language=self._code,
            action=action,
            why=fields.text("why"),
            speaker=_one(fields, "speaker", Speaker, Speaker.ANY),
            others=_one(fields, "others", OfOthers, OfOthers.CURRENT),
            heed_negation=fields.flag("heed_negation", default=True),
            heed_past=fields.flag("heed_past", default=True),
            plain=fields.flag("plain"),
            seconded=fields.flag("seconded"),
            signals=signals,
            patterns=self._patterns(fields, "say", needed=True),
            unless=self._patterns(fields, "unless"),
            needs=self._patterns(fields, "with"),
            fires=fields.texts("fires", needed=action is not Action.N),
            quiet=fields.texts("quiet", needed=action is not Action.N),
        )
        self._out.rules.append(rule)

    def _combination(self, fields: Fields) -> None:
        self._out.combinations.append(
            Combination(
                id=fields.text("id"),
                action=_one(fields, "action", Action, None),
                why=fields.text("why"),
                signals=fields.texts("signals", needed=True),
                near=fields.flag("near"),
                seconded=fields.flag("seconded"),
                fires=fields.texts("fires", needed=True),
                quiet=fields.texts("quiet", needed=True),
            )
        )

    def _frame(self, fields: Fields) -> None:
        self._out.frames.append(
            Frame(
                id=fields.text("id"),
                language=self._code,
                kind=_one(fields, "kind", Kind, None),
                scope=_one(fields, "scope", Scope, Scope.SENTENCE),
                why=fields.text("why"),
                patterns=self._patterns(fields, "say", needed=True),
                unless=self._patterns(fields, "unless"),
                quiet=fields.texts("quiet", needed=True),
                fires=fields.texts("fires", needed=True),
            )
        )

    def _patterns(self, fields: Fields, key: str, *, needed: bool = False) -> tuple[Pattern, ...]:
        compiled = []
        for source in fields.texts(key, needed=needed):
            try:
                compiled.append(compile_pattern(source, self._lists, self._expand))
            except BadPattern as error:
                raise fields.fail(key, str(error)) from error
        self._out.patterns.extend(compiled)
        return tuple(compiled)


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, words))


def _one(fields: Fields, key: str, names: Any, default: Any) -> Any:
    value = fields.take(key, default)
    try:
        return names(value)
    except ValueError:
        raise fields.fail(key, f"must be one of {', '.join(names)}") from None
