"""One thin module a feature: guard, translate, one call, render."""

from __future__ import annotations

from bot.platforms.slack.desk import Desk
from bot.platforms.slack.handlers import (
    arranging,
    care,
    guide,
    library,
    moderation,
    privacy,
    prompts,
    responses,
    screening,
    setup,
    supervision,
)
from bot.platforms.slack.visit import Visit

_ROOMS = (setup, prompts, arranging, library, responses, moderation, supervision, care, screening, privacy, guide)


def register(desk: Desk) -> None:
    """Let every feature name its commands, buttons and shortcuts."""
    for room in _ROOMS:
        room.register(desk)


async def checked(desk: Desk, visit: Visit, action: str) -> dict[str, str]:
    """Return what is to be mended in a form before it is taken, by field; quick, for Slack waits."""
    check = {"setup": setup.check, "add-session": supervision.check}.get(action)
    return {} if check is None else check(desk, visit)
