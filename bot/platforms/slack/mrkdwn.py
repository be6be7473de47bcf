"""The house's texts in Slack's own markup: nothing pings, no word is lost, and commands have the names they have here.

The house writes Markdown, names channels `<#id>`, people `<@id>` and roles `<@&id>`, and commands as on Discord.
Everything else is escaped, so that no text of anybody's becomes a mention.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

COMMAND = "/chair"
COMMANDS = (
    "audit",
    "curriculum",
    "help",
    "hold",
    "library",
    "me",
    "pause",
    "pin",
    "posting",
    "preview",
    "privacy",
    "prompt",
    "release",
    "reminders",
    "request",
    "resources",
    "resume",
    "retire",
    "season",
    "session",
    "setup",
    "suggest",
    "supervisor",
    "vignette",
    "why",
)

_TOKEN = re.compile(
    r"<#(?P<channel>[CDG][A-Z0-9]+)(?::(?P<thread>\d+\.\d+))?>"
    r"|<@&(?P<role>[CGS][A-Z0-9]+)>"
    r"|<@(?:(?P<team>[TE][A-Z0-9]+)-)(?P<person>[UW][A-Z0-9]+)>"
)
# Quotation marks and brackets around an address, and what ends a sentence, are no part of it; the text is escaped.
_LINK = re.compile(
    r"\[(?P<said>[^\]\n]+)\]\((?P<to>https?://[^\s)]+)\)"
    r"|(?<!\w)(?P<address>https?://(?:(?!&(?:lt|gt);)[^\s<>|)\]\"'])+(?<![.,;:!?]))"
    r"|(?<![\w.+-])(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
)
_WHOLE = re.compile(r"<[^<>]*>|&[a-z]+;")
_COMMAND = re.compile(rf"(?<![\w/.:]){'/'}({'|'.join(COMMANDS)})(?![\w/])")
_MARKDOWN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![\w*])\*(?![\s*])([^*\n]+?)(?<![\s*])\*(?![\w*])"), r"_\1_"),
    (re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL), r"*\1*"),
    (re.compile(r"~~(?=\S)(.+?)(?<=\S)~~"), r"~\1~"),
    (re.compile(r"^#{1,6} +(.+)$", re.MULTILINE), r"*\1*"),
    (re.compile(r"^(\s*)[-*] +", re.MULTILINE), r"\1• "),
)

Names = Mapping[str, str]
"""What to call people and groups, by Slack's id of them."""


def escape(text: str) -> str:
    """Return text in which nothing is markup that could notify or link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def of(text: str, names: Names | None = None, *, ours: bool = True) -> str:
    """Return the house's text as mrkdwn. `ours`: the bot's own words, with its commands and whom they name."""
    if not ours:
        return _written(text, ours)
    called = names or {}
    parts: list[str] = []
    end = 0
    for token in _TOKEN.finditer(text):
        parts.append(_written(text[end : token.start()], ours))
        parts.append(_named(token, called))
        end = token.end()
    parts.append(_written(text[end:], ours))
    return "".join(parts)


def plain(text: str, names: Names | None = None, *, ours: bool = True) -> str:
    """Return the house's text for notifications and screen readers, which read no markup."""
    if not ours:
        return _bare(text, ours)
    parts: list[str] = []
    end = 0
    for token in _TOKEN.finditer(text):
        parts += (_bare(text[end : token.start()], ours), _spoken(token, names or {}))
        end = token.end()
    return "".join([*parts, _bare(text[end:], ours)])


def commanded(text: str) -> str:
    """Return plain text with the names that commands have on Slack."""
    return _commanded(text)


def people_in(text: str) -> set[str]:
    """Return the ids of people that a text names."""
    return {token["person"] for token in _TOKEN.finditer(text) if token["person"]}


def groups_in(text: str) -> set[str]:
    """Return the ids of user groups that a text names."""
    return {role for token in _TOKEN.finditer(text) if (role := token["role"]) and role.startswith("S")}


def size(text: str) -> int:
    """Return how long Slack may hold a text to be, which does not say whether a sign outside the BMP counts as two."""
    return len(text) + sum(character > "\uffff" for character in text)


def fitting(text: str, limit: int) -> str:
    """Return as much of a text's beginning as fits."""
    fits = text[:limit]
    while (over := size(fits) - limit) > 0:
        fits = fits[: -((over + 1) // 2)]
    return fits


def split(text: str, limit: int) -> Iterator[str]:
    """Cut mrkdwn into pieces of at most `limit`, at a line's end or a space where one is near, never in a link."""
    while size(text) > limit:
        window = fitting(text, limit)
        for whole in _WHOLE.finditer(text):
            if whole.end() > len(window):
                window = text[: whole.start()] if 0 < whole.start() < len(window) else window
                break
        bare = _WHOLE.sub(lambda whole: "." * len(whole[0]), window)
        space = max(bare.rfind("\n"), bare.rfind(" "))
        cut = space if space >= len(window) // 2 else len(window)
        yield window[:cut]
        text = text[cut + (cut == space) :]
    if text:
        yield text


def clipped(text: str, limit: int) -> str:
    """Return text that fits, with a sign where it was cut."""
    return text if size(text) <= limit else fitting(text, limit - 1) + "…"


def _written(text: str, ours: bool) -> str:
    text = escape(_commanded(text) if ours else text)
    # Quotes are the one mark whose sign is escaped in running text.
    text = re.sub(r"^&gt; ?", "> ", text, flags=re.MULTILINE)
    return _outside_code(text, _marked)


def _marked(text: str) -> str:
    text = _LINK.sub(_linked, text)
    for pattern, said in _MARKDOWN:
        text = pattern.sub(said, text)
    return text


def _linked(link: re.Match[str]) -> str:
    """Write a link out, because a verbatim text has none of Slack's own making."""
    if mail := link["mail"]:
        return f"<mailto:{mail}|{mail}>"
    return f"<{link['address']}>" if link["address"] else f"<{link['to']}|{link['said']}>"


def _commanded(text: str) -> str:
    return _COMMAND.sub(rf"{COMMAND} \1", text)


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    pieces = re.split(r"(`[^`\n]+`)", text)
    return "".join(piece if number % 2 else change(piece) for number, piece in enumerate(pieces))


def _named(token: re.Match[str], names: Names) -> str:
    if channel := token["channel"]:
        if not token["thread"]:
            return f"<#{channel}>"
        stamp = token["thread"]
        return f"<#{channel}> (<https://slack.com/app_redirect?channel={channel}&message_ts={stamp}|thread>)"
    if role := token["role"]:
        return f"<#{role}>" if role[0] in "CG" else escape(f"@{names.get(role, role)}")
    # A link to the profile: Slack notifies whoever is mentioned in its own way of naming people.
    who = token["person"]
    return f"<slack://user?team={token['team']}&id={who}|{escape(names.get(who, who))}>"


def _spoken(token: re.Match[str], names: Names) -> str:
    found = token["channel"] or token["role"] or token["person"]
    return f"<#{found}>" if found[0] in "CDG" else escape(names.get(found, found))


def _bare(text: str, ours: bool) -> str:
    text = re.sub(r"\*\*|~~|^#{1,6} +|^> ?", "", text, flags=re.MULTILINE)
    return escape(_commanded(text) if ours else text)
