"""Commands on what the bot keeps: migrating it, backing it up, and forgetting a person."""

from __future__ import annotations

import asyncio
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


def forget(
    member: Annotated[str, typer.Argument(help="Platform and id of the person, such as discord:123456789012345678.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Forget a person. Every row that names her goes; her responses name nobody, and stay."""
    from bot.commands.terminal import Mark, say
    from bot.settings import load, parse_member

    person = parse_member(member)
    if person is None:
        raise typer.BadParameter("write the platform and the person's id, such as discord:123456789012345678")
    if not yes:
        typer.confirm("This cannot be undone. Delete every row that names this person?", abort=True)
    count = asyncio.run(_forget(load(), person))
    say(f"{count} {'row' if count == 1 else 'rows'} that named this person are gone.", Mark.GOOD)


async def _forget(settings: Settings, member: Member) -> int:
    from bot.storage import migration
    from bot.storage.database import Database
    from bot.storage.stores import Stores

    async with Database.open(settings.database) as database:
        await migration.require_current(database)
        return await Stores.on(database).members.forget(member)
