"""`run` and `rehearse`: the bot itself, on a platform or in front of the rehearsal."""

from __future__ import annotations

import asyncio
import os
import sys

import typer


def run() -> None:
    """Run the bot on your server or in your workspace. The tokens are in .env; Ctrl-C ends it."""
    from bot.observing.logs import configure
    from bot.settings import load

    settings = load()
    configure(settings.log_level, settings.log_format, settings.secrets)
    settings.require_doors()  # a missing token is said before anything is opened
    from bot.wiring import serve

    asyncio.run(serve(settings))


def rehearse(context: typer.Context) -> None:
    """Watch the bot in a local rehearsal. No account is needed."""
    # The bot never imports the rehearsal: what runs in front of people must not depend on what pretends to be them.
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "rehearsal", *context.args])  # noqa: S606  # our own module
