"""Items that a cohort adds for itself, held to the same lint as the library that we ship.

What concerns only us is filled in for it: licence, sources, the review that none of our readers has done. What its
supervisors must say themselves stays theirs to say, above all that everybody in it is invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.catalogue.check import Yardstick, check_beside, read_yardstick
from bot.catalogue.convert import item_of
from bot.catalogue.files import parse, read_text
from bot.catalogue.load import Tree, read_tables, unknown_references
from bot.catalogue.report import ContentError, Finding
from bot.catalogue.shapes import LICENCE, ItemShape
from bot.library.checking import Objection, Reading
from bot.prompts.item import Item, Library

_FILE = "item"
_ID = {"prompt": "p-own-001", "vignette": "v-own-001"}
_NOT_REVIEWED: Mapping[str, Any] = {
    "status": "draft",
    "readers": [],
    "clinical": None,
    "cultural": None,
    "due": date(9999, 1, 1),
    "changes": [],
}
_OF_ENGLISH = frozenset({"E3", "W11"})
"""Rules that know English alone: how an open question begins, and how hard a text is to read."""


class CustomItems:
    """Implements `bot.library.checking.Checker`."""

    def __init__(self, library: Library, tree: Tree, yardstick: Yardstick) -> None:
        self._library = library
        self._tree = tree
        self._yardstick = yardstick

    @classmethod
    def of(cls, content_dir: Path, library: Library) -> CustomItems:
        """Read what the lint of a loaded library needs besides; raises ContentError where it is missing."""
        tree = Tree(content_dir)
        read_tables(tree)
        yardstick = read_yardstick(tree)
        if yardstick is None:
            raise ContentError(tree.findings)
        return cls(library, tree, yardstick)

    @property
    def problems(self) -> Sequence[str]:
        return sorted(self._yardstick.lists.problems)

    def names(self, taken: frozenset[str], count: int) -> Sequence[str]:
        used = {person.name for item in self._library.items for person in item.cast} | taken
        free = sorted(name for name in self._yardstick.names if name not in used)
        step = max(1, len(free) // count)
        return free[::step][:count]

    def read(self, text: str, locale: str) -> Reading:
        try:
            given = parse(text)
        except yaml.YAMLError:
            given = None
        if not isinstance(given, dict):
            return Reading(None, _objections(read_text(text, _FILE, ItemShape)[1]))
        kept = self.write(self._completed(given, locale))
        shape, findings = read_text(kept, _FILE, ItemShape)
        if shape is None:
            return Reading(None, _objections(findings), kept)
        item = item_of(shape, _FILE)
        alone = replace(self._tree, items=[item], sequences=[], findings=[])
        return Reading(item, _objections(unknown_references(alone)), kept)

    def write(self, fields: Mapping[str, Any]) -> str:
        return yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False, width=100)

    def fields(self, text: str) -> Mapping[str, Any]:
        found = parse(text)
        return found if isinstance(found, dict) else {}

    def check(self, item: Item, beside: Sequence[Item]) -> Sequence[Objection]:
        found = check_beside(replace(item, path=_FILE), beside, self._yardstick)
        if item.locale.partition("-")[0] != "en":
            found = [each for each in found if each.rule not in _OF_ENGLISH]
        return _objections(found)

    def _completed(self, given: Mapping[str, Any], locale: str) -> dict[str, Any]:
        """Fill in what only the library's own writers know, and take back any status that a file gives itself."""
        ours = {
            "schema": 1,
            "id": _ID.get(str(given.get("kind")), _ID["prompt"]),
            "modality": ["any"],
            "locale": locale,
            "sources": {},
            "provenance": {"author_role": "supervisor", "ai_drafted": False, "licence": LICENCE},
        }
        if str(given.get("theme")) in self._yardstick.lists.risk_themes:
            ours["crisis_text"] = "client-risk"
        return {**ours, **given, "review": {**_NOT_REVIEWED}}


def _objections(findings: Sequence[Finding] | Any) -> list[Objection]:
    return [Objection(f.field, f.message, f.mend, f.is_error) for f in findings]
