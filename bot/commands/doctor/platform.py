"""Discord: is the token good, may the bot read what it must, and what is it allowed in each cohort's channels.

Only REST is used, so a bot that is running elsewhere with the same token is not disturbed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import discord
from discord.http import Route

from bot.commands.doctor.check import Check, good, look, mend
from bot.people import Cohort, Place, Platform
from bot.platforms.discord.permissions import ALWAYS, CONTENT_INTENT, FOR_THREADS
from bot.settings import BadSettings, Settings

PATIENCE = 15.0  # seconds for one answer; discord.py alone would try for half a minute
PORTAL = "https://discord.com/developers/applications"


async def platform(settings: Settings, cohorts: Sequence[Cohort]) -> tuple[list[Check], timedelta | None]:
    """Look at Discord with the bot's own eyes; return also how far this machine's clock is ahead of Discord's."""
    try:
        token = settings.token()
    except BadSettings as error:
        return [mend("Token", str(error), "")], None
    with _route_base(settings.discord_api_base):
        drift = await _drift(Route.BASE)
        client = discord.Client(intents=discord.Intents(guilds=True), max_ratelimit_timeout=60.0)
        try:
            async with asyncio.timeout(PATIENCE):
                await client.login(token)
            return [*_welcome(client), *await _permissions(client, cohorts)], drift
        except discord.LoginFailure:
            return [
                mend(
                    "Token",
                    "Discord refuses it.",
                    f"Make a new one at {PORTAL}, page Bot, Reset Token, and put it into .env as DISCORD_TOKEN.",
                )
            ], drift
        except discord.HTTPException as error:
            return [_unanswered(f"Discord answers with status {error.status}")], drift
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return [_unanswered(f"Discord cannot be reached ({type(error).__name__})")], drift
        finally:
            await client.close()


def _unanswered(said: str) -> Check:
    return mend(
        "Discord",
        f"{said}, so token and permissions were not tried.",
        "Check the network, a proxy or firewall in between, and https://discordstatus.com, then run doctor again.",
    )


def _welcome(client: discord.Client) -> Iterator[Check]:
    """What a successful login tells."""
    yield good("Token", f"Discord knows the bot as {client.user}")
    flags = client.application_flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        yield good(CONTENT_INTENT, "is on")
    else:
        yield mend(
            CONTENT_INTENT,
            "is off, so the bot cannot start, and could not see a cry for help in a channel.",
            f"Switch it on at {PORTAL}, your application, page Bot, Privileged Gateway Intents.",
        )


async def _permissions(client: discord.Client, cohorts: Sequence[Cohort]) -> list[Check]:
    """What the bot may do where its cohorts are."""
    checks: list[Check] = []
    for cohort in cohorts:
        if cohort.workspace.platform is not Platform.DISCORD:
            continue
        about = f"Cohort {cohort.name}"
        try:
            async with asyncio.timeout(PATIENCE):
                lacking = await _lacking(client, cohort)
        except discord.NotFound:
            checks.append(
                mend(about, "the bot is not on its server any more.", "Invite it again, or remove the cohort.")
            )
        except (discord.HTTPException, TimeoutError, aiohttp.ClientError, OSError) as error:
            checks.append(look(about, f"could not be looked at ({type(error).__name__}).", "Run doctor again."))
        else:
            checks += [mend(about, what, how) for what, how in lacking] or [good(about, "the bot may do all it needs")]
    return checks


async def _lacking(client: discord.Client, cohort: Cohort) -> list[tuple[str, str]]:
    guild = await client.fetch_guild(int(cohort.workspace.id), with_counts=False)
    assert client.user is not None  # noqa: S101  # the client is logged in
    me = await guild.fetch_member(client.user.id)
    channels = {str(channel.id): channel for channel in await guild.fetch_channels()}
    needs: tuple[tuple[str, Place, dict[str, str]], ...] = (
        ("its channel", cohort.channel, ALWAYS | FOR_THREADS),
        ("its supervisors' channel", cohort.supervisors_channel, ALWAYS),
        *([("its second channel for alerts", cohort.escalation_channel, ALWAYS)] if cohort.escalation_channel else []),
    )
    lacking: list[tuple[str, str]] = []
    for name, place, needed in needs:
        channel = channels.get(place.id)
        if channel is None:
            lacking.append((f"{name} is gone.", "Choose another with /setup change."))
            continue
        granted = channel.permissions_for(me)
        missing = [words for flag, words in needed.items() if not getattr(granted, flag)]
        if missing:
            how = f"Grant it in Discord: the channel #{channel.name}, Edit Channel, Permissions, the bot's role."
            lacking.append((f"the bot lacks {', '.join(missing)} in {name}.", how))
    return lacking


async def _drift(base: str) -> timedelta | None:
    """How far this machine's clock is ahead of Discord's, by the Date of an answer; None if there was none."""
    try:
        async with (
            asyncio.timeout(PATIENCE),
            aiohttp.ClientSession() as session,
            session.get(f"{base}/gateway") as answer,
        ):
            date = answer.headers.get("Date")
            return datetime.now(UTC) - parsedate_to_datetime(date) if date else None
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
        return None


@contextmanager
def _route_base(base: str | None) -> Iterator[None]:
    """Let discord.py speak to a rehearsal on this machine, if the settings name one."""
    before = Route.BASE
    Route.BASE = base or before
    try:
        yield
    finally:
        Route.BASE = before
