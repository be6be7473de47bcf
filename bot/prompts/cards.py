"""How an item looks in the channel, and to whom its notes are shown."""

from __future__ import annotations

from datetime import datetime

from bot.cards import Button, Card, Style, Tone
from bot.people import Cohort
from bot.ports.postings import Posting, PostingState
from bot.ports.words import Words
from bot.prompts.item import Format, Intensity, Item
from bot.prompts.why import Lesson


class ItemCards:
    """Makes the cards of items."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def standing(self, item: Item, posting: Posting, cohort: Cohort, closes_at: datetime | None) -> Card:
        """Make the posting's own card, as its state wants it."""
        say, locale = self._words.say, cohort.locale
        buttons = [Button("mine", posting.id, say("prompts.button.mine", locale))]
        if posting.state in (PostingState.PLANNED, PostingState.OPEN):
            buttons.insert(0, Button("respond", posting.id, say("prompts.button.respond", locale), Style.PRIMARY))
        if item.role_cards:
            buttons.append(Button("draw", posting.id, say("prompts.button.draw", locale)))
        buttons.append(Button("opine", posting.id, say("prompts.button.opine", locale)))
        closed = posting.state is PostingState.CLOSED
        if closed:
            buttons = []
        heavy = item.intensity is Intensity.HEAVY
        if heavy:
            buttons.append(Button("open", posting.id, say("prompts.button.open", locale)))
        fields = [] if closed else [(say("prompts.anonymity_title", locale), say("prompts.anonymity", locale))]
        if (lesson := lesson_of(posting)) and not closed:
            values = {"week": lesson.week, "weeks": lesson.weeks, "title": lesson.title}
            if lesson.opening:
                fields.insert(0, (say("curriculum.opens", locale, **values), lesson.opening))
            if lesson.closing:
                fields.append((say("curriculum.closes", locale, **values), lesson.closing))
        if item.format is Format.BALINT_WONDER and not closed:
            fields.insert(0, (say("prompts.balint_title", locale), say("prompts.balint", locale)))
        if item.beats and not closed:
            fields.append((say("prompts.part.coming_title", locale), say("prompts.part.tomorrow", locale)))
        if closed:
            footer = say("prompts.closed", locale)
        elif posting.state is PostingState.LOCKED:
            footer = say("prompts.locked", locale)
        else:
            footer = say("prompts.closes", locale, day=self._words.day(closes_at, locale)) if closes_at else ""
        return Card(
            say("prompts.label", locale, label=item.content_label) if heavy else text_of(item),
            title=item.title,
            fields=tuple(fields),
            footer=footer,
            buttons=tuple(buttons),
            tone=Tone.PROMPT,
            collapsed=heavy,
        )

    def private(self, item: Item, locale: str, buttons: tuple[Button, ...] = ()) -> Card:
        """Show an item to one person."""
        footer = self._words.say(f"prompts.status.{item.status.value}", locale)
        return Card(text_of(item), title=item.title, footer=footer, buttons=buttons, tone=Tone.PROMPT)

    def about(self, item: Item, theme: str, locale: str) -> str:
        """Say in a line what kind of item it is; `theme` is the theme's title."""
        say = self._words.say
        return say(
            "prompts.about",
            locale,
            kind=say(f"prompts.kind.{item.kind.value}", locale),
            theme=theme,
            intensity=int(item.intensity),
            function=say(f"prompts.function.{item.function.value}", locale),
        )

    def later(self, item: Item, locale: str) -> tuple[tuple[str, str], ...]:
        """Give what else the group will read of an item, for whoever decides about it: nothing may come unseen."""
        say = self._words.say
        parts = [(say("prompts.later.part", locale), f"{beat.body}\n\n**{beat.question}**") for beat in item.beats]
        if item.role_cards:
            parts.append((say("prompts.later.roles", locale), "\n".join(f"- {card}" for card in item.role_cards)))
        if item.afterword:
            parts.append((say("prompts.later.afterword", locale), item.afterword.text))
        return tuple(parts)

    def notes(self, item: Item, locale: str) -> tuple[tuple[str, str], ...]:
        """Give the facilitator's notes, for supervisors only."""
        note, say = item.facilitator, self._words.say
        parts = [
            ("listen_for", "\n".join(f"- {line}" for line in note.listen_for)),
            ("probes", "\n".join(f"- {line}" for line in note.probes)),
            ("trap", note.trap),
            ("other_side", note.other_side or ""),
            ("safety", note.safety_note),
        ]
        return tuple((say(f"prompts.note.{name}", locale), text[:1000]) for name, text in parts if text)


def lesson_of(posting: Posting) -> Lesson | None:
    """Return a posting's place in a curriculum, or None."""
    found = posting.why.get("lesson")
    return Lesson(**found) if found else None


def text_of(item: Item) -> str:
    """Return what is read: the body, then the question on its own."""
    return f"{item.body.strip()}\n\n**{item.question.strip()}**"
