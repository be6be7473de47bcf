"""What every handler works with: the house, the words, the way to Slack; and who stands at the door."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from bot.cards import Card, Tone
from bot.errors import BadInput, MessengerError, PlaceGone, StorageError
from bot.people import Caller, Place, Workspace
from bot.platforms.once import Recently
from bot.platforms.slack import failures, ids
from bot.platforms.slack.asking import Asking
from bot.platforms.slack.clients import Session
from bot.platforms.slack.messenger import SlackMessenger
from bot.platforms.slack.people import People, Profile
from bot.platforms.slack.router import Router
from bot.platforms.slack.visit import Visit
from bot.ports.messenger import Messenger
from bot.ports.words import Words

if TYPE_CHECKING:
    from bot.house import House

_log = logging.getLogger(__name__)

ACQUAINTED_IN = 0.5
"""Seconds that a slow store may cost before somebody is answered in her Slack's language instead of her own."""


class Outcome(Protocol):
    """What can become of a response."""

    @property
    def card(self) -> Card: ...


class Desk:
    """Made before the house, because the messenger is part of it; `attach` gives it the house, once."""

    def __init__(self, session: Session, asking: Asking, words: Words) -> None:
        self.session = session
        self.asking = asking
        self.words = words
        self.people = People(asking)
        self.messenger: Messenger = SlackMessenger(asking, self.people, words)
        self.router = Router()
        self.seen = Recently()
        self._house: House | None = None

    @property
    def house(self) -> House:
        """The features. Raises RuntimeError before `attach`."""
        if self._house is None:
            raise RuntimeError("the door was opened before it was given a house")
        return self._house

    def attach(self, house: House) -> None:
        self._house = house

    async def caller(self, team: str, user: str) -> tuple[Caller, Profile]:
        """Say who stands at the door, with the roles that Slack vouches for now and the language that she chose."""
        workspace = ids.workspace_of(team)
        roles = await self.house.cohorts.roles_in(workspace)
        held, profile = await asyncio.gather(self.people.roles_of(team, user, roles), self.people.profile(team, user))
        caller = Caller(ids.member_of(team, user), workspace, held, profile.administers)
        return caller, profile

    async def acquaint(self, visit: Visit) -> None:
        """Learn which language this person chose. A store that is slow or gone costs her no answer."""
        with suppress(StorageError, TimeoutError):
            visit.of(await asyncio.wait_for(self.house.privacy.language_of(visit.caller), ACQUAINTED_IN))

    async def heed(self, visit: Visit, *texts: str | None) -> None:
        """Let the crisis screen read what was typed, once; what it offers is shown, and sent to her."""
        for text in texts:
            if text and text not in visit.heeded:
                visit.heeded.add(text)
                if (card := await self.house.care.typed(visit.caller, visit.channel, text)) is not None:
                    await self.bring(visit, card)

    async def bring(self, visit: Visit, card: Card) -> None:
        """Show a card of care and send it directly; if it can be shown nowhere, it is owed to her."""
        try:
            await visit.show(card)
        except Exception as error:  # whatever it was, it must not cost her the card
            _log.warning("a card of care could not be shown (%s)", type(error).__name__)
            await self.house.care.bring(visit.caller, visit.token, await visit.aside(card))
        else:
            await visit.keep(card)

    async def render(self, visit: Visit, outcome: Outcome) -> None:
        """Show what became of a response, and give its author the words back where the house does."""
        text = getattr(outcome, "text", "")
        if outcome.card.tone is not Tone.CARE:
            await visit.show(outcome.card, text=text)
            return
        visit.heeded.update(visit.typed.values())
        await self.bring(visit, outcome.card)
        if text:
            await visit.show(text=text)

    async def explain(self, visit: Visit, error: BaseException, *unread: str) -> None:
        """Tell the person what went wrong, privately, in one sentence; and give back what she typed into a form.

        Whatever went wrong may have gone wrong before anybody read that, or what stands behind a command (`unread`).
        """
        typed = [text for text in visit.typed.values() if text]
        try:
            await self.heed(visit, *typed, *unread)
        except Exception as second:  # the person is told of the first error all the same
            failures.report(second, "heed")
        sentence = failures.sentence_for(error, self.words, visit.locale)
        with suppress(MessengerError):
            await visit.say(sentence)
            if typed:
                await visit.show(Card(self.words.say("slack.error.words_back", visit.locale)), text="\n\n".join(typed))

    async def pay_what_is_owed(self, visit: Visit) -> None:
        """Show the card of care that no direct message could bring to this person."""
        if visit.answered and not visit.form and (card := self.house.care.owed(visit.caller)) is not None:
            try:
                await visit.show(card)
            except MessengerError:
                self.house.care.owe(visit.caller, card)

    async def require_our_own(self, visit: Visit) -> None:
        """Refuse what is anonymous where another organisation reads along. Raises BadInput with the reason.

        In her home she stands in no channel: there her cohorts' own channels count. Raises MessengerError where Slack
        cannot be asked.
        """
        if visit.place is not None:
            places: Sequence[Place] = [visit.place]
        else:
            places = [cohort.channel for cohort in await self.house.cohorts.of_member(visit.caller)]
        for place in places:
            await self.require_unshared(place)

    async def require_closed(self, workspace: Workspace, role: str) -> None:
        """Refuse an open channel as the role of supervisors: anybody could join it and be one. Raises BadInput."""
        if not role.startswith(("C", "G")):
            return
        with suppress(PlaceGone):
            self.people.forget_room(workspace.id, role)
            room = await self.people.room(workspace.id, role)
            if room.is_open or room.is_shared:
                raise BadInput("slack.open_role", channel=role)

    async def require_unshared(self, place: Place) -> None:
        """Refuse a channel that is shared with another organisation, or that may be for all that Slack will say now.

        Raises BadInput with the reason, MessengerError. A channel that is gone, or that the bot cannot see, is refused
        by whoever means to use it.
        """
        channel, _ = ids.channel_of(place)
        with suppress(PlaceGone):
            if (await self.people.room(place.workspace.id, channel)).is_shared:
                raise BadInput("slack.connect", channel=channel)
