"""`doctor`, `check-content` and `version`: commands that only look."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.commands.doctor.check import Check
    from bot.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Look only at this machine, ask nobody.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look for what is wrong. Each line says what to do; exit code 1 if something must be mended."""
    from bot.commands.terminal import ExitCode, Mark, say
    from bot.observing.discretion import masker
    from bot.settings import load

    settings = load()
    mask = masker(settings.secrets)
    checks = asyncio.run(_examine(settings, offline=offline))
    for check in checks:
        if as_json:
            row = {"mark": check.mark.name.lower(), "about": check.about, "said": check.said, "mend": check.mend}
            print(mask(json.dumps(row, ensure_ascii=False)))
        else:
            say(mask(str(check)), check.mark)
    if any(check.mark is Mark.MEND for check in checks):
        raise typer.Exit(ExitCode.TO_MEND)


async def _examine(settings: Settings, *, offline: bool) -> list[Check]:
    from datetime import UTC, datetime

    from bot.commands.doctor.keeping import keeping
    from bot.commands.doctor.library import library
    from bot.commands.doctor.machine import clock, machine
    from bot.commands.doctor.platform import platform

    checks = [*machine(settings)]
    kept, cohorts = await keeping(settings)
    checks += kept
    checks += library(settings.content_dir, datetime.now(UTC).date())
    if not offline and (settings.discord_token is not None or not settings.slack):
        seen, drift = await platform(settings, cohorts)
        checks += seen
        if settings.discord_token is not None:
            checks.append(clock(drift))
    if not offline and settings.slack:
        from bot.commands.doctor.slack import slack

        checks += await slack(settings, cohorts)
    return checks


def check_content(
    folder: Annotated[Path | None, typer.Argument(help="The content folder; the one in use by default.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Name also each help line that a person should check.")] = False,
    launch: Annotated[bool, typer.Option("--launch", help="Also count the library against its plan.")] = False,
    feedback: Annotated[bool, typer.Option("--feedback", help="Also show what members said against items.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check the content files. Problems are named by file and field; exit code 1 if the bot would refuse them.

    --feedback reads the database: counts of five and more over all cohorts, in steps of five, and nobody's name.
    With --launch, the exit code is also 1 where the library falls short of the plan of its 400 items.
    """
    from datetime import UTC, datetime

    from bot.commands.content import survey
    from bot.commands.terminal import ExitCode, Mark, say
    from bot.settings import load

    content_dir = folder or load().content_dir
    found = survey(content_dir, datetime.now(UTC).date())
    refused = sum(each.mark is Mark.MEND for each in found)
    shown = [each for each in found if every or not each.is_routine]
    for each in shown:
        if as_json:
            row = {"mark": each.mark.name.lower(), "file": each.file, "field": each.field}
            print(json.dumps(row | {"message": each.message, "mend": each.mend}, ensure_ascii=False))
        else:
            say(str(each), each.mark)
    if not as_json:
        if len(shown) < len(found):
            say(f"{len(found) - len(shown)} help lines wait for a person to check them; --all names each.", Mark.LOOK)
        say("The content cannot be used." if refused else "The content can be used.", None if refused else Mark.GOOD)
    if feedback:
        _tell_feedback(as_json=as_json)
    short = _count(content_dir, as_json=as_json) if launch and not refused else 0
    if refused or short:
        raise typer.Exit(ExitCode.TO_MEND)


def _count(content_dir: Path, *, as_json: bool) -> int:
    """Print each number of the library's plan; return how many are not met."""
    from bot.catalogue.load import read_tree
    from bot.catalogue.quotas import quotas
    from bot.commands.terminal import Mark, say

    tree = read_tree(content_dir)
    counted = list(quotas(tree.library(), tree.names))
    for each in counted:
        if as_json:
            print(json.dumps({"quota": each.about, "have": each.have, "least": each.least, "most": each.most}))
        elif not each.is_met:
            say(str(each), Mark.LOOK)
    short = sum(not each.is_met for each in counted)
    if not as_json:
        say(f"{len(counted) - short} of {len(counted)} numbers of the plan are met.", Mark.LOOK if short else Mark.GOOD)
    return short


def _tell_feedback(*, as_json: bool) -> None:
    """Print what was said against each item, over all cohorts."""
    from bot.commands.terminal import say
    from bot.settings import load

    said = asyncio.run(_said_of_items(load()))
    for item_id, take, times in said:
        if as_json:
            print(json.dumps({"item": item_id, "said": take, "at_least": times}))
        else:
            say(f"{item_id}: {take}, {times} times or more.")
    if not said and not as_json:
        say("Nothing was said of any item often enough to be shown.")


async def _said_of_items(settings: Settings) -> list[tuple[str, str, int]]:
    from collections import Counter

    from bot.responses.opinions import FEW, rounded
    from bot.storage import migration
    from bot.storage.database import Database
    from bot.storage.library import SqlOpinionStore

    async with Database.open(settings.database) as database:
        await migration.require_current(database)
        every = await SqlOpinionStore(database).every()
    counts: Counter[tuple[str, str]] = Counter()
    for takes in every:
        counts[takes.item_id, takes.take.value] += takes.times
    return sorted((item, take, rounded(times)) for (item, take), times in counts.items() if times >= FEW)


def version() -> None:
    """Print the version."""
    import platform
    import tomllib
    from importlib.metadata import version as version_of

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = [f"{name} {version_of(name)}" for name in ("discord.py", "slack-bolt", "SQLAlchemy")]
    print(f"Third Chair {project['version']} on Python {platform.python_version()}, {', '.join(parts)}")
