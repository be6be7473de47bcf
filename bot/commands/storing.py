"""Commands on what the bot keeps: migrating it, backing it up, and forgetting a person."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.people import Member
    from bot.settings import Settings


def migrate() -> None:
    """Bring the database up to date. Harmless to repeat."""
    from bot.commands.terminal import Mark, say
    from bot.settings import load

    say(asyncio.run(_migrate(load())), Mark.GOOD)


async def _migrate(settings: Settings) -> str:
    from bot.storage import migration
    from bot.storage.database import Database

    async with Database.open(settings.database) as database:
        before = await migration.current(database)
        after = await migration.upgrade(database)
        if before == after:
            return f"{database.name} was at revision {after} already."
        return f"{database.name} went from revision {before or 'none'} to {after}."


def backup(
    target: Annotated[Path, typer.Argument(help="The new file to write.")],
) -> None:
    """Back up the database. One file, while the bot runs on; the posting keys are not in it, on purpose."""
    from bot.commands.terminal import Mark, say
    from bot.settings import load
    from bot.storage.backup import backup as write

    rows = asyncio.run(write(load().database, target))
    say(f"{target} holds {rows:,} rows. The posting keys are not in it: see SECURITY.md.", Mark.GOOD)


def restore(
    source: Annotated[Path, typer.Argument(help="A file that backup wrote.")],
) -> None:
    """Put a backup in the database's place. The bot must be stopped; the database before is kept beside it."""
    from bot.commands.terminal import Mark, say
    from bot.settings import load
    from bot.storage.backup import restore as put_back

    aside = asyncio.run(put_back(source, load().database))
    say(f"{source} is in place." + (f" The database before is kept as {aside}." if aside else ""), Mark.GOOD)


def forget(
    member: Annotated[str, typer.Argument(help="Platform and id of the person, such as discord:123456789012345678.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Forget a person. Stop the bot first.

    Every row that names her goes, and so do her responses in postings that are still open. In closed ones nobody can
    tell any more which are hers. `/me forget` on the platform does the same for oneself.
    """
    from bot.commands.terminal import say
    from bot.observing.logs import configure
    from bot.settings import LogLevel, load, parse_member

    person = parse_member(member)
    if person is None:
        raise typer.BadParameter("write the platform and the person's id, such as discord:123456789012345678")
    if not yes:
        typer.confirm("This cannot be undone. Forget this person?", abort=True)
    settings = load()
    configure(LogLevel.WARNING, settings.log_format, settings.secrets)
    say(asyncio.run(_forget(settings, person)))


async def _forget(settings: Settings, member: Member) -> str:
    import aiohttp
    import discord

    from bot.people import Caller, Workspace
    from bot.wiring import premises

    async with premises(settings) as built:
        homes = {each.workspace for each in await built.stores.cohorts.every()}
        here = sorted(home for home in homes if home.platform is member.platform)
        if here and settings.discord_token is not None:
            # Taking a response out of its thread takes the bot's own hands there; all else goes without.
            with suppress(discord.DiscordException, aiohttp.ClientError, OSError):
                await built.client.login(settings.token())
        caller = Caller(member, here[0] if here else Workspace(member.platform, ""))
        return (await built.house.privacy.forget_me(caller, here)).body
