"""Does it fit? Lengths that Discord and Slack can show, and that people read to the end (rule 1)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.catalogue.report import Finding, error
from bot.prompts.item import Item, Kind

RULE = "E1"
TITLE = 45  # a Discord modal's title, the tightest place where it stands
QUESTION = 160
BODY = {Kind.PROMPT: (200, 600), Kind.VIGNETTE: (350, 1100)}
STARTER = 90
CONTENT_LABEL = 60
AFTERWORD = 600
FACILITATOR_FIELD = 1000  # a Discord embed field holds 1,024
RENDERED = 1800  # a plain Discord message holds 2,000; the rest is for the frame around the item


def check_size(item: Item) -> Iterator[Finding]:
    """Findings about lengths, all counted in characters."""
    low, high = BODY[item.kind]
    note = item.facilitator
    limits = [
        ("title", item.title, TITLE),
        ("question", item.question, QUESTION),
        ("body", item.body, high),
        *((f"response_starters[{n}]", text, STARTER) for n, text in enumerate(item.response_starters)),
        *((f"beats[{n}].body", beat.body, BODY[Kind.VIGNETTE][1]) for n, beat in enumerate(item.beats)),
        *((f"beats[{n}].question", beat.question, QUESTION) for n, beat in enumerate(item.beats)),
        ("content_label", item.content_label or "", CONTENT_LABEL),
        ("afterword.text", item.afterword.text if item.afterword else "", AFTERWORD),
        ("facilitator.listen_for", "\n".join(note.listen_for), FACILITATOR_FIELD),
        ("facilitator.probes", "\n".join(note.probes), FACILITATOR_FIELD),
        ("facilitator.trap", note.trap, FACILITATOR_FIELD),
        ("facilitator.other_side", note.other_side or "", FACILITATOR_FIELD),
        ("facilitator.safety_note", note.safety_note, FACILITATOR_FIELD),
    ]
    for field, text, limit in limits:
        if len(text) > limit:
            yield error(
                item.path,
                field,
                RULE,
                f"{len(text)} characters, at most {limit} fit.",
                f"Cut {len(text) - limit} characters.",
            )
    if len(item.body) < low:
        yield error(
            item.path,
            "body",
            RULE,
            f"{len(item.body)} characters, at least {low} are needed to set a moment.",
            "Add what a camera would see.",
        )
    rendered = "\n\n".join([item.title, item.content_label or "", item.body, item.question, *item.role_cards])
    if len(rendered) > RENDERED:
        yield error(
            item.path, "body", RULE, f"the whole takes {len(rendered)} of {RENDERED} characters.", "Shorten it."
        )
