"""The switch hands each call to the messenger of the place's or person's platform."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from bot.cards import Card
from bot.errors import MessengerError
from bot.people import Member, MessageRef, Place, Platform, Workspace
from bot.platforms.switch import MessengerSwitch
from bot.ports.messenger import Messenger

VERBS = sorted(name for name in vars(Messenger) if not name.startswith("_"))


class Noting:
    """A messenger that answers every verb with its own name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, verb: str) -> Any:
        async def act(*_: object, **__: object) -> str:
            return f"{self._name}.{verb}"

        return act


def arguments(verb: str, platform: Platform) -> dict[str, Any]:
    workspace = Workspace(platform, "1")
    place = Place(workspace, "2")
    known: dict[str, Any] = {
        "place": place,
        "thread": place,
        "ref": MessageRef(place, "3"),
        "member": Member(platform, "4"),
        "workspace": workspace,
        "card": Card("x"),
        "key": "k",
        "title": "t",
        "locked": True,
        "threads": True,
        "role": "5",
        "locale": "es",
    }
    return {name: known[name] for name in inspect.signature(getattr(Messenger, verb)).parameters if name != "self"}


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize("verb", VERBS)
async def test_each_verb_goes_to_its_platform(verb: str, platform: Platform) -> None:
    both: dict[Platform, Any] = {one: Noting(one.value) for one in Platform}
    done = await getattr(MessengerSwitch(both), verb)(**arguments(verb, platform))
    assert done in (f"{platform.value}.{verb}", None)  # None: the port gives nothing back


@pytest.mark.parametrize("verb", VERBS)
async def test_a_door_that_is_not_open_is_named(verb: str) -> None:
    with pytest.raises(MessengerError, match="slack"):
        await getattr(MessengerSwitch({}), verb)(**arguments(verb, Platform.SLACK))
