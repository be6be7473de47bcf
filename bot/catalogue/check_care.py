"""Is a heavy item posted with care? Labels, a moderator, crisis words, and a review that is not overdue (10, 12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.catalogue.report import Finding, error, warning
from bot.catalogue.wordlists import WordLists
from bot.prompts.item import Intensity, Item

SHORTEST_SAFETY_NOTE = 40


def check_care(item: Item, lists: WordLists) -> Iterator[Finding]:
    """Findings about what a heavy or risky item must bring with it."""
    if item.intensity is Intensity.HEAVY:
        if item.content_label is None:
            yield error(
                item.path, "content_label", "E10", "intensity 3 has no label.", "Say in a few words what it holds."
            )
        if not item.moderator_present:
            yield error(
                item.path, "moderator_present", "E10", "intensity 3 needs a moderator.", "Set moderator_present: true."
            )
        if len(item.facilitator.safety_note) < SHORTEST_SAFETY_NOTE:
            yield error(
                item.path,
                "facilitator.safety_note",
                "E10",
                "the safety note says too little for intensity 3.",
                "Say what is not open for debate, and whom to reach.",
            )
    if lists.risk_themes & {item.theme, *item.also} and item.crisis_text is None:
        yield error(
            item.path,
            "crisis_text",
            "E10",
            "an item about risk links no crisis text.",
            "Use trainee-self, client-risk or colleague-concern.",
        )


def check_review(item: Item, today: date) -> Iterator[Finding]:
    """A finding for a review that is overdue on `today`."""
    if item.review_due is not None and item.review_due < today:
        yield warning(
            item.path, "review.due", "W12", f"the review was due on {item.review_due}.", "Read it again and set a date."
        )
