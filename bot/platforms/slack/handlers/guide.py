"""What the bot can do for whoever asks."""

from __future__ import annotations

from bot.cards import Card
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.visit import Visit

SECTIONS = {
    "everyone": ("resources", "help", "privacy", "me country", "me language", "me show", "me forget"),
    "members": ("prompt", "vignette", "why", "suggest", "session list", "reminders"),
    "supervisors": (
        "setup start",
        "setup show",
        "setup change",
        "setup check",
        "setup remove",
        "posting next",
        "posting lock",
        "posting unlock",
        "posting close",
        "posting reopen",
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


def register(desk: Desk) -> None:
    async def show(visit: Visit, typed: str) -> None:
        supervises = visit.caller.manages_workspace or bool(await desk.house.cohorts.in_workspace(visit.caller))
        shown = [name for name in SECTIONS if supervises or name not in FOR_SUPERVISORS]
        say, locale = desk.words.say, visit.locale
        body = say("slack.help.body", locale)
        if typed:
            body = f"{say('slack.help.unknown', locale)}\n\n{body}"
        lines = {name: [_line(desk, command, locale) for command in SECTIONS[name]] for name in shown}
        fields = tuple((say(f"slack.help.{name}", locale), "\n".join(lines[name])) for name in shown)
        await visit.show(Card(body, say("slack.help.title", locale), fields, say("slack.help.footer", locale)))

    desk.router.command("help", show)


def _line(desk: Desk, command: str, locale: str) -> str:
    path = command.replace(" ", ".").replace("-", "_")
    try:
        described = desk.words.say(f"slack.command.{path}.about", locale)
    except KeyError:  # where Slack has nothing else to say than Discord
        described = desk.words.say(f"discord.command.{path}.description", locale)
    return desk.words.say("slack.help.line", locale, command=command, description=described)
