"""What supervisors read of an alert or a wish: no author of a response, and of no repetition any words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.cards import Button, Card, Style, Tone
from bot.people import Cohort, Member, MessageRef, Place
from bot.ports.audit import WISH, Alert
from bot.ports.words import Words

_MOST_TAKEN = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """What supervisors are shown beside the bare alert.

    `writer` and `open_message` are given for open messages alone, where everybody sees both anyway. `unchecked` says
    that nobody has lately checked the help lines for the cohort's country.
    """

    text: str | None = None
    open_message: MessageRef | None = None
    writer: Member | None = None
    unreached: bool = False
    unchecked: bool = False


class AlertCards:
    """Composes the cards in supervisors' channels."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def first(self, alert: Alert, cohort: Cohort, shown: Shown) -> Card:
        """Tell of an alert for the first time."""
        say, locale = self._words.say, cohort.locale
        paragraphs = [say("care.alert.open" if shown.open_message else "care.alert.response", locale)]
        if shown.writer and shown.open_message:
            channel = shown.open_message.place.id
            paragraphs.append(say("care.alert.where", locale, channel=channel, writer=shown.writer.id))
        if shown.text is not None:
            quoted = "\n".join(f"> {line}" for line in shown.text[:1500].splitlines())
            paragraphs.append(say("care.alert.text", locale, text=quoted))
        if shown.unreached:
            paragraphs.append(say("care.alert.unreached", locale))
        paragraphs.append(say("care.alert.what", locale))
        if shown.unchecked:
            paragraphs.append(say("care.alert.unchecked", locale))
        return self._card(alert, cohort, "\n\n".join(paragraphs))

    def late(self, alert: Alert, cohort: Cohort) -> Card:
        """Tell of an alert whose first card was lost, and its words with it."""
        say, locale = self._words.say, cohort.locale
        return self._card(alert, cohort, f"{say('care.alert.late', locale)}\n\n{say('care.alert.what', locale)}")

    def wish(self, alert: Alert, cohort: Cohort, who: Member | None, alias: str | None, thread: Place | None) -> Card:
        """Tell that somebody wants to hear from a supervisor: `who`, or an alias in a thread."""
        say, locale = self._words.say, cohort.locale
        notice = "care.contact.alias_notice" if alias else "care.contact.name_notice"
        body = say(notice, locale, who=who.id if who else "", alias=alias, thread=f"<#{thread.id}>" if thread else "")
        return self._card(alert, cohort, body, say("care.contact.title", locale))

    def escalated(self, alert: Alert, cohort: Cohort, place: Place) -> Card:
        """Repeat in `place` what nobody has taken, naming who is on call."""
        say, locale = self._words.say, cohort.locale
        lines = [say("care.contact.escalated" if alert.level == WISH else "care.alert.escalated", locale)]
        if place != cohort.supervisors_channel:
            lines.append(say("care.alert.first_told", locale, channel=cohort.supervisors_channel.id))
        if cohort.on_call:
            lines.append(say("care.alert.on_call", locale, contact=cohort.on_call))
        return self._card(alert, cohort, "\n\n".join(lines))

    def safe(self, cohort: Cohort) -> Card:
        """Pass on that the writer is safe, or that it was not about her."""
        said = self._words.say("care.alert.safe", cohort.locale)
        return Card(said, tone=Tone.WARNING, mention=cohort.supervisor_role)

    def waiting(self, found: Sequence[Alert], cohort: Cohort, locale: str) -> Card:
        """List the alerts that nobody has taken, with buttons for the first of them."""
        say, zone = self._words.say, ZoneInfo(cohort.zone)
        lines = [
            say("care.waiting.line", locale, day=self._words.day(raised, locale), clock=f"{raised:%H:%M}")
            for raised in (alert.raised_at.astimezone(zone) for alert in found)
        ]
        takes = tuple(Button("ack", alert.id, say("care.alert.ack", locale)) for alert in found[:_MOST_TAKEN])
        body = say("care.waiting.some", locale) if found else say("care.waiting.none", locale)
        tone = Tone.WARNING if found else Tone.NOTICE
        return Card("\n".join([body, *lines]), say("care.waiting.title", locale), buttons=takes, tone=tone)

    def _card(self, alert: Alert, cohort: Cohort, body: str, title: str = "") -> Card:
        say, locale = self._words.say, cohort.locale
        return Card(
            body,
            title=title or say("care.alert.title", locale),
            buttons=(Button("ack", alert.id, say("care.alert.ack", locale), Style.PRIMARY),),
            tone=Tone.WARNING,
            mention=cohort.supervisor_role,
        )
