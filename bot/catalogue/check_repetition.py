"""Have we read this before? Openings, near-copies, and runs of words borrowed from the source texts (rules 8, 9)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from bot.catalogue.prose import all_texts
from bot.catalogue.report import Finding, error
from bot.catalogue.shingles import SEED_RUN, digest, runs_of, words_of
from bot.prompts.item import Item

SAME_OPENING = 3
NEAR_COPY_RUN = 5
NEAR_COPY = 0.2


def check_borrowed(item: Item, seeds: frozenset[str]) -> Iterator[Finding]:
    """Findings about runs of words that stand in a source text."""
    for field, text in all_texts(item):
        for run in runs_of(words_of(text), SEED_RUN):
            if digest(run) in seeds:
                yield error(item.path, field, "E9", f'"{run}" stands in a source text.', "Say it in words of our own.")
                break


def check_repetition(items: Sequence[Item]) -> Iterator[Finding]:
    """Findings about items that resemble one another."""
    yield from _openings(items)
    yield from _near_copies(items)


def _openings(items: Sequence[Item]) -> Iterator[Finding]:
    by_opening: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_opening[" ".join(words_of(item.body)[:3])].append(item)
    for opening, group in by_opening.items():
        for item in group[SAME_OPENING:]:
            yield error(
                item.path, "body", "E8", f'{len(group)} items open with "{opening}".', "Begin with another word."
            )


def _near_copies(items: Sequence[Item]) -> Iterator[Finding]:
    """Compare only items that share a run at all, so that the work grows with the text and not with its square."""
    runs = [frozenset(runs_of(words_of(f"{item.body} {item.question}"), NEAR_COPY_RUN)) for item in items]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for index, own in enumerate(runs):
        shared: Counter[int] = Counter()
        for run in own:
            shared.update(holders[run])
            holders[run].append(index)
        for other, count in sorted(shared.items()):
            likeness = count / (len(own) + len(runs[other]) - count)
            if likeness > NEAR_COPY:
                yield error(
                    items[index].path,
                    "body",
                    "E9",
                    f"{likeness:.0%} of it also stands in {items[other].path}.",
                    "Rewrite one of the two, or drop it.",
                )
