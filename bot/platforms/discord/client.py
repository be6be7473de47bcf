"""The client that holds the line to Discord: it logs in, loads the cogs, and answers for what goes wrong.

It is built before the house, because the messenger speaks through it, and is given the house before it starts.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import Card
from bot.errors import StorageError, ThirdChairError
from bot.platforms.discord import failures, limiter
from bot.platforms.discord.commands import sync
from bot.platforms.discord.permissions import CONTENT_INTENT
from bot.platforms.discord.router import Router, routed, typed_in
from bot.platforms.discord.translate import Interaction, typed_options
from bot.platforms.discord.visit import CHOSEN_LOCALE, Visit
from bot.platforms.once import Recently
from bot.ports.words import Words

if TYPE_CHECKING:
    from bot.house import House

_log = logging.getLogger(__name__)

COGS = (
    "setup",
    "prompts",
    "curriculum",
    "responses",
    "moderation",
    "supervision",
    "care",
    "screening",
    "library",
    "privacy",
    "help",
)


_BEGUN = ("discord.py: on_", "CommandTree-invoker")
"""How discord.py names the tasks that handle an event; if ever otherwise, it merely does not wait."""

_GRACE = 3.0

_ACQUAINTED_IN = 0.5
"""Seconds: a form must be opened within three, and to look up what it says takes some."""


class CannotStart(ThirdChairError):
    """The line to Discord cannot be opened; the message says in one sentence why, and what to do."""


class _Tree(app_commands.CommandTree["ThirdChairClient"]):
    """Commands, each run once an event, with the house's own words for what goes wrong."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        limiter.people_first()
        return self.client.seen.first_time(interaction.id)

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        await self.client.explain(interaction, error)


class ThirdChairClient(commands.AutoShardedBot):
    """The one client of this process.

    `words` are the bot's sentences; `data_dir` remembers which commands Discord was told (None: tell them on every
    start); `pace` is shared by everything that this client requests.
    """

    def __init__(self, words: Words, *, data_dir: Path | None = None, pace: limiter.Pace | None = None) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = intents.message_content = True
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=_Tree,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            enable_debug_events=False,
            http_trace=limiter.paced(pace or limiter.Pace()),
        )
        self.words = words
        self.router = Router(self.acquaint)
        self.seen = Recently()
        self._data_dir = data_dir
        self._house: House | None = None
        theirs = logging.getLogger("discord")
        if theirs.getEffectiveLevel() < logging.INFO:
            theirs.setLevel(logging.INFO)  # below that it logs what people write

    @property
    def house(self) -> House:
        """The features. Raises RuntimeError before `attach`."""
        if self._house is None:
            raise RuntimeError("the client was started before it was given a house")
        return self._house

    def attach(self, house: House) -> None:
        """Give the client the features, once, before it starts."""
        self._house = house

    async def serve(self, token: str) -> None:
        """Hold the line until `close`. Raises CannotStart with a sentence for the operator."""
        if not token.strip():
            raise CannotStart(self.words.say("discord.start.no_token"))
        try:
            await self.start(token.strip())
        except discord.LoginFailure:
            raise CannotStart(self.words.say("discord.start.wrong_token")) from None
        except discord.PrivilegedIntentsRequired:
            raise CannotStart(self.words.say("discord.start.no_intent", intent=CONTENT_INTENT)) from None
        except aiohttp.ClientConnectorError:
            raise CannotStart(self.words.say("discord.start.no_line")) from None
        finally:
            await self.close()

    async def close(self) -> None:
        """Hang up, once what people have begun has had a moment to end."""
        if not self.is_closed():
            begun = {task for task in asyncio.all_tasks() if task.get_name().startswith(_BEGUN)}
            begun.discard(cast("asyncio.Task[Any]", asyncio.current_task()))
            if begun:
                await asyncio.wait(begun, timeout=_GRACE)
        await super().close()

    async def setup_hook(self) -> None:
        for cog in COGS:
            await self.load_extension(f"cogs.{cog}")
        await sync(self.tree, self.words, self._data_dir)

    async def on_message(self, message: discord.Message, /) -> None:
        """Take no commands from messages: `commands.Bot` would."""

    async def on_interaction(self, interaction: Interaction) -> None:
        """Route components and forms; the command tree sees to commands itself."""
        if not routed(interaction) or not self.seen.first_time(interaction.id):
            return
        limiter.people_first()
        try:
            await self.router.route(interaction)
        except Exception as error:  # the one handler: whatever it is, the person gets a sentence
            await self.explain(interaction, error)
        await self._pay_what_is_owed(interaction)

    async def on_app_command_completion(self, interaction: Interaction, _: object) -> None:
        await self._pay_what_is_owed(interaction)

    async def explain(self, interaction: Interaction, error: Exception) -> None:
        """Tell the person what went wrong, privately and in one sentence."""
        await self.acquaint(interaction)
        visit = Visit(interaction)
        # Whatever went wrong may have gone wrong before anybody read what stands in a form or in a command's options.
        unread = [*typed_in(interaction).values()]
        if interaction.type is discord.InteractionType.application_command and not interaction.extras.get("trial"):
            unread += typed_options(interaction)
        await self._heed_unread(visit, unread)
        sentence = failures.sentence_for(error, self.words, visit.locale)
        if sentence is None or interaction.type is discord.InteractionType.autocomplete:
            return
        try:
            await visit.refuse(sentence)
            if typed := "\n\n".join(filter(None, typed_in(interaction).values())):
                await visit.show(Card(self.words.say("discord.error.words_back", visit.locale)), text=typed)
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            _log.info("the person could not be told; the interaction is over")

    async def acquaint(self, interaction: Interaction) -> None:
        """Learn, once an event, which language this person chose. A store that is slow or gone costs her no answer."""
        if CHOSEN_LOCALE not in interaction.extras:
            interaction.extras[CHOSEN_LOCALE] = None
            with suppress(StorageError, TimeoutError):
                asking = self.house.privacy.language_of(Visit(interaction).caller)
                interaction.extras[CHOSEN_LOCALE] = await asyncio.wait_for(asking, _ACQUAINTED_IN)

    async def heed(self, visit: Visit, *texts: str | None) -> None:
        """Let the crisis screen read what was typed, once; what it offers is shown."""
        for text in texts:
            if text and text not in visit.heeded:
                visit.heeded.add(text)
                if (card := await self.house.care.typed(visit.caller, visit.channel, text)) is not None:
                    await self.bring(visit, card)

    async def bring(self, visit: Visit, card: Card, *, of_response: bool = False) -> None:
        """Show a card of care; if it cannot be shown, send it to her, or owe it to her."""
        try:
            await visit.show(card)
        except Exception as error:  # whatever it was, it must not cost her the card
            _log.warning("a card of care could not be shown (%s)", type(error).__name__)
            if of_response:
                card = await self.house.care.aside(visit.caller, visit.channel, card)
            await self.house.care.bring(visit.caller, visit.token, card)

    async def _heed_unread(self, visit: Visit, texts: Iterable[str]) -> None:
        try:
            await self.heed(visit, *texts)
        except Exception as error:  # the person is told of the first error all the same
            failures.report(error, "heed")

    async def _pay_what_is_owed(self, interaction: Interaction) -> None:
        """Show the card of care that no direct message could bring to this person."""
        visit = Visit(interaction)
        if interaction.extras.get("answered") and not interaction.extras.get("form"):
            card = self.house.care.owed(visit.caller)
            if card is not None:
                try:
                    await visit.show(card)
                except (discord.HTTPException, aiohttp.ClientError, OSError):
                    self.house.care.owe(visit.caller, card)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log an error of a listener without its text and without the event, which hold people's words."""
        error = sys.exc_info()[1]
        if error is not None:
            failures.report(error, event_method)
