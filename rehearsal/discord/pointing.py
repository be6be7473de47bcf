"""Pointing an unmodified discord.py at a rehearsal instead of at Discord."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


@contextmanager
def pointed_at(base_url: str) -> Iterator[None]:
    """Send every client made in this process to the rehearsal at `base_url`; restore the real addresses after.

    The addresses are discord.py's own class attributes, so this holds for the whole process, not for one client.
    """
    before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE)
    Route.BASE = f"{base_url}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base_url.replace("http", "ws", 1) + "/gateway")
    discord.Asset.BASE = base_url
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE = before
