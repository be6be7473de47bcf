"""What an author sees of her own response, privately: her words, where they are, and what she can do."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Button, Card, Style, Tone
from bot.people import Cohort
from bot.ports.responses import AnonymousResponse, ResponseState
from bot.ports.words import Words
from bot.responses.rules import waits_for_safe


class OwnCards:
    """Makes the cards with an author's own buttons."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def own(self, response: AnonymousResponse, text: str, cohort: Cohort) -> Card:
        """Show one response with its state."""
        state = self._say(f"responses.state.{response.state.value}", cohort)
        return Card(
            text,
            title=self._say("responses.mine", cohort, alias=response.alias),
            footer=state,
            buttons=self.hand(response, cohort),
            tone=Tone.RESPONSE,
        )

    def posted(self, response: AnonymousResponse, cohort: Cohort) -> Card:
        """Say that it stands in the thread."""
        return Card(self._say("responses.posted", cohort, alias=response.alias), buttons=self.hand(response, cohort))

    def hand(self, response: AnonymousResponse, cohort: Cohort) -> tuple[Button, ...]:
        """Give the buttons that fit the response's state."""
        edit = Button("edit", response.id, self._say("responses.button.edit", cohort))
        withdraw = Button("withdraw", response.id, self._say("responses.button.withdraw", cohort), Style.CAREFUL)
        if waits_for_safe(response):
            # Her card of care may be gone: on Slack it goes with the form that it stood in.
            safe = Button("choose-safe", response.id, self._say("responses.button.safe", cohort))
            talk = Button("choose-talk", response.id, self._say("responses.button.talk", cohort), Style.PRIMARY)
            return talk, safe, edit, withdraw
        waits = response.state in (ResponseState.HELD, ResponseState.CLEARED, ResponseState.PRIVATE)
        return (self._publish(response, cohort), edit, withdraw) if waits else (edit, withdraw)

    def advice(self, response: AnonymousResponse, cohort: Cohort) -> Card:
        """Ask whether advice might be turned into a wonder; it may also stand as it is."""
        anyway = Button("choose-publish", response.id, self._say("responses.button.as_it_is", cohort))
        edit = Button("edit", response.id, self._say("responses.button.turn", cohort), Style.PRIMARY)
        withdraw = Button("withdraw", response.id, self._say("responses.button.withdraw", cohort), Style.CAREFUL)
        return Card(self._say("responses.advice", cohort), buttons=(edit, anyway, withdraw))

    def check(self, response: AnonymousResponse, cohort: Cohort, found: str) -> Card:
        """Ask about what looks like a client's detail; nothing has been posted."""
        anyway = Button("choose-publish", response.id, self._say("responses.button.anyway", cohort))
        edit = Button("edit", response.id, self._say("responses.button.change", cohort), Style.PRIMARY)
        withdraw = Button("withdraw", response.id, self._say("responses.button.withdraw", cohort), Style.CAREFUL)
        return Card(
            self._say("responses.check", cohort, found=found),
            buttons=(edit, anyway, withdraw),
            tone=Tone.WARNING,
        )

    def choices(self, key: str, response: AnonymousResponse, cohort: Cohort) -> Card:
        """Say `key` and offer what may happen to a held response now."""
        keep = Button("choose-private", response.id, self._say("responses.button.keep", cohort))
        return Card(self._say(key, cohort), buttons=(*self.hand(response, cohort), keep))

    def safe(self, response: AnonymousResponse, cohort: Cohort) -> Card:
        """Take her at her word, and let her say that the alarm was wrong."""
        card = self.choices("responses.safe", response, cohort)
        wrong = Button("wrong", response.id, self._say("care.button.wrong", cohort))
        return replace(card, buttons=(*card.buttons, wrong))

    def contact(self, response: AnonymousResponse, cohort: Cohort) -> Card:
        """Offer the ways to a supervisor."""
        ways = ("name", Style.PRIMARY), ("alias", Style.PLAIN), ("later", Style.PLAIN)
        return Card(
            self._say("responses.talk", cohort),
            buttons=tuple(
                Button(f"choose-{way}", response.id, self._say(f"responses.button.{way}", cohort), style)
                for way, style in ways
            ),
            tone=Tone.CARE,
        )

    def _publish(self, response: AnonymousResponse, cohort: Cohort) -> Button:
        return Button("choose-publish", response.id, self._say("responses.button.publish", cohort), Style.PRIMARY)

    def _say(self, key: str, cohort: Cohort, **values: object) -> str:
        return self._words.say(key, cohort.locale, **values)
