"""Putting a private card together: the words from `content/crisis`, the lines of her country, her choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.cards import Button, Card, Style, Tone
from bot.crisis.care_cards import CardLibrary, Held, Note, Site, Told
from bot.crisis.escalation import CareCard, Choice
from bot.crisis.resources import HelpLines
from bot.people import Cohort, MemberSettings
from bot.ports.clock import Clock

CHOICE_ACTIONS: Mapping[Choice, str] = {
    Choice.BY_NAME: "name",
    Choice.AS_ALIAS: "alias",
    Choice.NOT_NOW: "later",
    Choice.SAFE: "safe",
    Choice.PUBLISH: "publish",
    Choice.KEEP_PRIVATE: "private",
    Choice.TALK: "talk",
}
"""How each choice is named in a button's action (`choose-publish`, `contact-name`)."""

_ASIDE: Mapping[str, str] = {
    f"{prefix}-{CHOICE_ACTIONS[choice]}": f"contact-{CHOICE_ACTIONS[choice]}"
    for prefix in ("choose", "contact")
    for choice in (Choice.BY_NAME, Choice.TALK)
}
"""The ways to a supervisor that need no response, and how a card names them that leads to none."""

ACTION_CHOICES: Mapping[str, Choice] = {action: choice for choice, action in CHOICE_ACTIONS.items()}


class CareCards:
    """Composes the cards of care for one reader at a time."""

    def __init__(self, library: CardLibrary, lines: HelpLines, clock: Clock) -> None:
        self._library = library
        self._lines = lines
        self._clock = clock

    def compose(
        self,
        card: CareCard,
        settings: MemberSettings,
        cohort: Cohort | None,
        *,
        buttons: Sequence[tuple[Choice, str, str]] = (),
        told: Told | None = None,
        held: Held | None = None,
        protocol_first: bool = False,
        country: str | None = None,
    ) -> Card:
        """Make one card. `buttons` are (choice, action prefix, subject); her own country goes before the cohort's."""
        locale = self.locale(settings, cohort)
        where = country or settings.country or (cohort.country if cohort else "")
        lines = self._lines.lines_for(where, self._clock.now().date(), locale)
        site, words = _site(cohort), self._library.words_for(locale)
        text = words.compose(card, lines, site, told=told, held=held, protocol_first=protocol_first)
        made = [
            Button(f"{prefix}-{CHOICE_ACTIONS[choice]}", subject, words.choices[choice], _style(choice))
            for choice, prefix, subject in buttons
        ]
        if text.more:
            made.append(Button("lines", lines.country, words.notes[Note.MORE]))
        return Card("\n\n".join(text.paragraphs), title=text.title, buttons=tuple(made), tone=Tone.CARE)

    def ways(self, body: str, settings: MemberSettings, cohort: Cohort, subject: str) -> Card:
        """Ask how to reach a supervisor: nobody's name goes out with a press that does not say so."""
        labels = self._library.words_for(self.locale(settings, cohort)).choices
        ways = (Choice.BY_NAME, Choice.NOT_NOW)
        made = (Button(f"contact-{CHOICE_ACTIONS[way]}", subject, labels[way], _style(way)) for way in ways)
        return Card(body, buttons=tuple(made), tone=Tone.CARE)

    def aside(self, card: Card, subject: str | None) -> Card:
        """Return a card with help lines and, under `subject`, the ways to a supervisor by name; with nothing else."""
        kept = (
            button if button.action == "lines" else replace(button, action=_ASIDE[button.action], subject=subject or "")
            for button in card.buttons
            if button.action == "lines" or (subject and button.action in _ASIDE)
        )
        return replace(card, buttons=tuple(kept))

    def more(self, country: str, settings: MemberSettings, cohort: Cohort | None) -> Card:
        """Make the card behind "more lines": every line of a country that may be shown."""
        locale = self.locale(settings, cohort)
        lines = self._lines.lines_for(country, self._clock.now().date(), locale)
        site, words = _site(cohort), self._library.words_for(locale)
        text = words.compose(CareCard.RESOURCES, lines, site)
        more = "\n".join(f"- {line}" for line in text.more)
        return Card("\n\n".join(filter(None, (*text.paragraphs, more))), title=text.title, tone=Tone.CARE)

    def knows(self, country: str) -> bool:
        """Say whether there are lines for this ISO code."""
        return self._lines.knows(country)

    def unchecked(self, cohort: Cohort) -> bool:
        """Say whether there are lines for a cohort's country that nobody has lately checked."""
        lines = self._lines.lines_for(cohort.country, self._clock.now().date(), cohort.locale)
        return bool(lines.shown) and lines.fallback_first

    @property
    def locales(self) -> Sequence[str]:
        """The languages that the cards are written in."""
        return self._library.locales

    def locale(self, settings: MemberSettings, cohort: Cohort | None) -> str:
        """Her own language, else the cohort's, else English."""
        return settings.locale or (cohort.locale if cohort else "en")


def _site(cohort: Cohort | None) -> Site:
    if cohort is None:
        return Site(known=False)
    return Site(cohort.site_protocol, cohort.on_call, cohort.coverage_hours)


def _style(choice: Choice) -> Style:
    return Style.PRIMARY if choice in (Choice.BY_NAME, Choice.TALK) else Style.PLAIN
