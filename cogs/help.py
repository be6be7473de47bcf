"""What the bot can do for whoever asks."""

from __future__ import annotations

from discord import app_commands

from bot.cards import Card
from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.cog import DoorCog
from bot.platforms.discord.translate import Interaction

SECTIONS = {
    "everyone": ("resources", "help", "privacy", "me country", "me language", "me show", "me forget"),
    "members": ("prompt", "vignette", "why", "suggest", "session list", "reminders"),
    "supervisors": (
        "setup start",
        "setup quick",
        "setup show",
        "setup change",
        "setup check",
        "setup remove",
        "posting lock",
        "posting unlock",
        "posting close",
        "posting reopen",
        "posting next",
        "library add",
        "library upload",
        "library show",
        "library list",
        "library suggestions",
        "library feedback",
        "session add",
        "session end",
        "pause",
        "resume",
        "audit",
        "supervisor screen-test",
        "supervisor screen-report",
    ),
    "planning": (
        "preview",
        "pin",
        "request",
        "retire",
        "hold raise",
        "hold lower",
        "hold show",
        "release",
        "season set",
        "season clear",
        "curriculum start",
        "curriculum status",
        "curriculum skip",
        "curriculum stop",
    ),
}

FOR_SUPERVISORS = frozenset({"supervisors", "planning"})


class Help(DoorCog):
    """`/help`."""

    @app_commands.command()
    async def help(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        supervises = visit.caller.manages_workspace or bool(await self.house.cohorts.in_workspace(visit.caller))
        shown = [name for name in SECTIONS if supervises or name not in FOR_SUPERVISORS]
        say = self.words.say
        await visit.show(
            Card(
                say("discord.help.body", visit.locale),
                title=say("discord.help.title", visit.locale),
                fields=tuple(
                    (say(f"discord.help.{name}", visit.locale), self._lines(name, visit.locale)) for name in shown
                ),
                footer=say("discord.help.footer", visit.locale),
            )
        )

    def _lines(self, section: str, locale: str) -> str:
        return "\n".join(
            self.words.say(
                "discord.help.line",
                locale,
                command=command,
                description=self.words.say(_description(command), locale),
            )
            for command in SECTIONS[section]
        )


def _description(command: str) -> str:
    return f"discord.command.{command.replace(' ', '.').replace('-', '_')}.description"


async def setup(client: ThirdChairClient) -> None:
    """Load the cog (discord.py calls this)."""
    await client.add_cog(Help(client))
