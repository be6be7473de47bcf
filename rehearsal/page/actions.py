"""What the page may ask the people's side to do, and the shape of each request.

The page is JavaScript, so nothing arrives typed. Each action lists its arguments here; a request that does not
fit is refused with one sentence before anybody acts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rehearsal.discord.errors import Refused
from rehearsal.discord.people import People

_KINDS: dict[type, str] = {str: "text", list: "a list", dict: "an object"}


@dataclass(frozen=True)
class Argument:
    """One argument of an action; `kind` is the JSON type it must have."""

    name: str
    kind: type = str
    needed: bool = True


_MESSAGE, _CHANNEL, _CUSTOM_ID = Argument("message_id"), Argument("channel_id"), Argument("custom_id")
_NAME, _OPTIONS = Argument("name"), Argument("options", dict)

ACTIONS: dict[str, tuple[Argument, ...]] = {
    "send": (_CHANNEL, Argument("content"), Argument("reply_to", needed=False)),
    "edit": (_MESSAGE, Argument("content")),
    "delete": (_MESSAGE,),
    "open_dm": (),
    "press": (_MESSAGE, _CUSTOM_ID),
    "select": (_MESSAGE, _CUSTOM_ID, Argument("values", list)),
    "command": (_CHANNEL, _NAME, Argument("options", dict, needed=False), Argument("target_id", needed=False)),
    "autocomplete": (_CHANNEL, _NAME, _OPTIONS, Argument("focused")),
    "submit_modal": (Argument("modal_id"), Argument("values", dict)),
}
"""Every action of the page by its name, which is also the method of `People` that carries it out."""


async def act(people: People, asked: dict[str, Any]) -> Any:
    """Carry out one request of the page and return its result; raises Refused with a sentence."""
    person, verb = asked.get("as"), asked.get("do")
    if not isinstance(person, str):
        raise Refused("The request does not say as whom (“as”).")
    if not isinstance(verb, str) or verb not in ACTIONS:
        raise Refused("The rehearsal does not know that action.")
    given = {name: value for name, value in asked.items() if name not in ("as", "do") and value is not None}
    arguments = ACTIONS[verb]
    if not given.keys() <= {argument.name for argument in arguments}:
        raise Refused(f"“{verb}” was asked with something it does not take.")
    for argument in arguments:
        _check(verb, argument, given)
    return await getattr(people, verb)(person, **given)


def _check(verb: str, argument: Argument, given: dict[str, Any]) -> None:
    if argument.name not in given:
        if argument.needed:
            raise Refused(f"“{verb}” needs “{argument.name}”.")
    elif not isinstance(given[argument.name], argument.kind):
        raise Refused(f"“{argument.name}” must be {_KINDS[argument.kind]}.")
