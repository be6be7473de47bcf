"""What every cog of ours is built on: the house behind it, and the way in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from discord import app_commands
from discord.ext import commands

from bot.cards import Card, Tone
from bot.platforms.discord.translate import Interaction, typed_options
from bot.platforms.discord.visit import Visit

if TYPE_CHECKING:
    from bot.house import House
    from bot.platforms.discord.client import ThirdChairClient


class Outcome(Protocol):
    """What can become of a response."""

    @property
    def card(self) -> Card: ...


class DoorCog(commands.Cog):
    """A cog with the features at hand. Guard, translate, one call, render."""

    def __init__(self, client: ThirdChairClient) -> None:
        self.client = client
        self.words = client.words

    @property
    def house(self) -> House:
        return self.client.house

    async def enter(self, interaction: Interaction, *, heed: bool = True) -> Visit:
        """Let a command in: acknowledged privately before any work, and what was typed into its options is heeded."""
        visit = Visit(interaction)
        interaction.extras["trial"] = not heed
        await visit.wait()
        await self.client.acquaint(interaction)
        if heed:
            await self.heed(visit, *typed_options(interaction))
        return visit

    async def heed(self, visit: Visit, *texts: str | None) -> None:
        """Let the crisis screen read what was typed into a command or a form; what it offers is shown first."""
        await self.client.heed(visit, *texts)

    async def render(self, visit: Visit, outcome: Outcome) -> None:
        """Show what became of a response, and give its author the words back where the house does."""
        text = getattr(outcome, "text", "")
        if outcome.card.tone is not Tone.CARE:
            await visit.show(outcome.card, text=text)
            return
        visit.heeded.update(visit.typed.values())
        await self.client.bring(visit, outcome.card, of_response=True)
        if text:
            await visit.show(text=text)


MOST_OFFERED = 25
_NAME_LIMIT = 100


def offered(pairs: Sequence[tuple[str, str]], typed: str = "") -> list[app_commands.Choice[str]]:
    """Offer (value, name) pairs while somebody types, those that hold what she typed."""
    wanted = typed.casefold()
    fitting = [(value, name) for value, name in pairs if wanted in name.casefold() and len(value) <= _NAME_LIMIT]
    return [app_commands.Choice(name=name[:_NAME_LIMIT], value=value) for value, name in fitting[:MOST_OFFERED]]
