"""What the bot can do for whoever asks."""

from __future__ import annotations

from bot.cards import Card
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.visit import Visit

SECTIONS = {
    "everyone": ("resources", "help", "privacy", "me country", "me language", "me show", "me forget"),
    "members": ("prompt", "vignette", "why", "session list", "reminders"),
    "supervisors": (
        "setup start",
        "setup show",
        "setup change",
        "setup check",
        "setup remove",
        "preview",
        "pin",
        "posting lock",
        "posting unlock",
        "posting close",
        "posting reopen",
        "session add",
        "session end",
        "pause",
        "resume",
        "audit",
        "supervisor screen-test",
        "supervisor screen-report",
    ),
}


def register(desk: Desk) -> None:
    async def show(visit: Visit, typed: str) -> None:
        supervises = visit.caller.manages_workspace or bool(await desk.house.cohorts.in_workspace(visit.caller))
        shown = [name for name in SECTIONS if supervises or name != "supervisors"]
        say, locale = desk.words.say, visit.locale
        body = say("slack.help.body", locale)
        if typed:
            body = f"{say('slack.help.unknown', locale)}\n\n{body}"
        lines = {name: [_line(desk, command, locale) for command in SECTIONS[name]] for name in shown}
        fields = tuple((say(f"slack.help.{name}", locale), "\n".join(lines[name])) for name in shown)
        await visit.show(Card(body, say("slack.help.title", locale), fields, say("slack.help.footer", locale)))

    desk.router.command("help", show)


def _line(desk: Desk, command: str, locale: str) -> str:
    key = f"slack.command.{command.replace(' ', '.').replace('-', '_')}"
    described = desk.words.say(f"{key}.about", locale)
    return desk.words.say("slack.help.line", locale, command=command, description=described)
