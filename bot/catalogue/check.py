"""The whole lint over the whole library, as `check-content`, the tests and start-up run it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.catalogue.check_care import check_care, check_review
from bot.catalogue.check_people import check_cast_spread, check_people
from bot.catalogue.check_privacy import check_privacy
from bot.catalogue.check_question import check_question
from bot.catalogue.check_repetition import check_borrowed, check_repetition
from bot.catalogue.check_size import check_size
from bot.catalogue.check_spread import check_spread
from bot.catalogue.check_voice import check_voice
from bot.catalogue.load import Tree, read_tree
from bot.catalogue.report import ContentError, Finding, error, in_order
from bot.catalogue.shingles import read_shingles
from bot.catalogue.wordlists import LintShape, WordLists
from bot.prompts.item import Item, Library

SEED_SHINGLES = "seed-shingles.txt"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What items are held against: word lists, reviewed names, and hashes of the source texts."""

    lists: WordLists
    names: dict[str, str]
    seeds: frozenset[str]


def check(content_dir: Path, today: date | None = None) -> list[Finding]:
    """Everything that is wrong below `content_dir`, errors first. With `today`, overdue reviews as well."""
    tree = read_tree(content_dir)
    yardstick = read_yardstick(tree)
    findings = list(tree.findings)
    if yardstick is not None:
        findings.extend(check_items(tree.items, yardstick, today))
    return in_order(findings)


def load_checked(content_dir: Path) -> Library:
    """Load a library that somebody has changed; raises `ContentError` also for what the lint refuses."""
    tree = read_tree(content_dir)
    yardstick = read_yardstick(tree)
    refused = [*tree.findings]
    if yardstick is not None:
        refused.extend(found for found in check_items(tree.items, yardstick) if found.is_error)
    if refused:
        raise ContentError(refused)
    return tree.library()


def check_items(items: Sequence[Item], yardstick: Yardstick, today: date | None = None) -> Iterator[Finding]:
    """The findings of the lint about items that could be read, each by itself and all together."""
    for item in items:
        yield from check_item(item, yardstick, today)
    yield from check_cast_spread(items, yardstick.names)
    yield from check_repetition(items)
    yield from check_spread(items, yardstick.lists)


def check_item(item: Item, yardstick: Yardstick, today: date | None = None) -> Iterator[Finding]:
    """The findings about one item by itself."""
    yield from check_size(item)
    yield from check_question(item)
    yield from check_voice(item, yardstick.lists)
    yield from check_privacy(item, yardstick.lists, frozenset(yardstick.names))
    yield from check_people(item, yardstick.lists, yardstick.names)
    yield from check_borrowed(item, yardstick.seeds)
    yield from check_care(item, yardstick.lists)
    if today is not None:
        yield from check_review(item, today)


def check_beside(item: Item, others: Sequence[Item], yardstick: Yardstick) -> list[Finding]:
    """What is wrong with an item that somebody wants to add to `others`: alone, and as a copy of one of them."""
    alone = check_item(item, yardstick)
    together = (found for found in check_repetition([*others, item]) if found.file == item.path)
    return in_order([*alone, *together])


def read_yardstick(tree: Tree) -> Yardstick | None:
    """Read what items are held against; None, with findings in the tree, where a file is missing or broken."""
    shape = tree.read(tree.root / "lint.yaml", LintShape) if tree.root.is_dir() else None
    try:
        seeds = read_shingles(tree.root / SEED_SHINGLES)
    except OSError:
        tree.findings.append(
            error(
                SEED_SHINGLES,
                "",
                "E9",
                "the hashes of the source texts are missing.",
                "Restore the file from the repository.",
            )
        )
        return None
    return Yardstick(WordLists.compile(shape), tree.names, seeds) if shape is not None else None
