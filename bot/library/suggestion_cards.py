"""How a suggestion stands before supervisors: with their three answers, and afterwards with what was decided."""

from __future__ import annotations

from contextlib import suppress

from bot.cards import Button, Card, Style
from bot.errors import MessengerError
from bot.people import Cohort
from bot.ports.library import APPROVED, Suggestion, SuggestionStore
from bot.ports.messenger import Messenger
from bot.ports.words import Words


class SuggestionCards:
    """Posts and redraws the cards in the supervisors' channel."""

    def __init__(self, messenger: Messenger, suggestions: SuggestionStore, words: Words) -> None:
        self._messenger = messenger
        self._suggestions = suggestions
        self._words = words

    async def post(self, suggestion: Suggestion, cohort: Cohort) -> None:
        """Show a suggestion to the supervisors, once. Raises MessengerError."""
        if await self._messenger.find(cohort.supervisors_channel, suggestion.id) is None:
            card = self.card(suggestion, cohort.locale)
            await self._messenger.post(cohort.supervisors_channel, card, key=suggestion.id)

    async def redraw(self, suggestion_id: str, cohort: Cohort) -> None:
        """Show it as it is now: decided, or without its maker's name. A courtesy: what is kept is what counts."""
        suggestion = await self._suggestions.get(suggestion_id)
        if suggestion is None:
            return
        with suppress(MessengerError):
            standing = await self._messenger.find(cohort.supervisors_channel, suggestion_id)
            if standing is not None:
                await self._messenger.edit(standing, self.card(suggestion, cohort.locale))

    def card(self, suggestion: Suggestion, locale: str) -> Card:
        """Make the card as the suggestion's state wants it."""
        say = self._words.say
        text = "\n\n".join(filter(None, (suggestion.body, f"**{suggestion.question}**" if suggestion.question else "")))
        fields = [(say("library.suggestion.reason", locale), suggestion.reason)] if suggestion.reason else []
        who = suggestion.shown
        by = say("library.suggestion.by", locale, who=who.id) if who else say("library.suggestion.unnamed", locale)
        if suggestion.decided:
            footer = say(f"library.suggestion.{'approved' if suggestion.decided == APPROVED else 'declined'}", locale)
            return Card(text, title=suggestion.title, fields=tuple(fields), footer=footer)
        fields.append((say("library.suggestion.from", locale), by))
        styles = (("approve", Style.PRIMARY), ("copy", Style.PLAIN), ("decline", Style.CAREFUL))
        return Card(
            text,
            title=say("library.suggestion.title", locale, title=suggestion.title),
            fields=tuple(fields),
            buttons=tuple(
                Button(f"suggestion-{act}", suggestion.id, say(f"library.suggestion.button.{act}", locale), style)
                for act, style in styles
            ),
        )
