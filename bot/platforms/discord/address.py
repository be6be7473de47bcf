"""Another Discord than Discord's own: a rehearsal on this machine, named in the settings."""

from __future__ import annotations

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def go_to(api_base: str | None, gateway: str | None) -> None:
    """Send this process's discord.py to the given addresses, where given. The settings let only loopback through."""
    if api_base:
        Route.BASE = api_base
        discord.Asset.BASE = api_base.partition("/api")[0]
    if gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
