"""What the killing needs of a platform: to set a cohort up, to answer as a trainee, and to look at what stands."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol

from rehearsal import demo
from rehearsal.clock import MovableClock
from rehearsal.discord.door import DiscordDoor
from rehearsal.slack import demo as slack_demo
from rehearsal.slack.door import SlackDoor
from rehearsal.slack.errors import Refused
from rehearsal.slack.model import Message

_COHORT = {
    "name": "Second years",
    "zone": "Europe/London",
    "country": "GB",
    "coverage_hours": "always",
    "item_policy": "open",
}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


Until = Callable[[Callable[[], object]], Awaitable[None]]


class Door(Protocol):
    """A rehearsed platform, at the end of the wire that the bot does not see."""

    platform: str
    served: Any
    """What the rehearsal's server serves."""

    async def set_up(self, until: Until) -> None:
        """Let Ingrid set a cohort up."""
        ...

    def form(self) -> str | None:
        """Amara's open form for a response."""
        ...

    async def asks_to_respond(self) -> None:
        """Let Amara press the newest posting's button."""
        ...

    async def sends(self, form: str, words: str) -> None: ...

    def loses_an_answer(self) -> None:
        """Let the next message of the bot's stand and the answer to it be lost."""
        ...

    def confirmations(self) -> int:
        """How often Amara has been told that her words stand."""
        ...

    def postings(self) -> Sequence[str]:
        """The ids of the postings in the channel, oldest first, empty for one that has been closed."""
        ...

    def with_thread(self) -> int:
        """How many of them can be answered in a thread."""
        ...

    def standing(self, words: str) -> int:
        """How often these words stand in the newest posting's thread."""
        ...


class OnDiscord:
    """The rehearsed Discord."""

    platform = "discord"

    def __init__(self, clock: MovableClock) -> None:
        self.served = DiscordDoor(demo.demo_world(clock))
        self._amara, self._ingrid = demo.TRAINEES["Amara"][0], demo.SUPERVISING["Ingrid"][0]

    async def set_up(self, until: Until) -> None:
        places = {
            "channel": str(demo.DAILY_REFLECTION),
            "supervisors_channel": str(demo.SUPERVISORS),
            "trainee_role": str(demo.TRAINEE_ROLE),
            "supervisor_role": str(demo.SUPERVISOR_ROLE),
            "days": ",".join(_DAYS),
        }
        await self.served.people.command(self._ingrid, demo.SUPERVISORS, "setup", {"quick": {**_COHORT, **places}})
        await until(lambda: any("is set up" in text for text in self._private(self._ingrid)))

    def form(self) -> str | None:
        modals = self.served.interactions.modals.values()
        open_now = [m.id for m in modals if m.opened_by.user_id == self._amara]
        return open_now[-1] if open_now else None

    async def asks_to_respond(self) -> None:
        posting = self._cards()[-1]
        await self.served.people.press(self._amara, posting.id, _first_button(posting))

    async def sends(self, form: str, words: str) -> None:
        await self.served.people.submit_modal(self._amara, form, {"text": words})

    def loses_an_answer(self) -> None:
        self.served.faults.add({"kind": "reset_after", "method": "POST", "route": r"/channels/\d+/messages"})

    def confirmations(self) -> int:
        return sum("It stands" in text for text in self._private(self._amara))

    def postings(self) -> Sequence[str]:
        return [_first_button(card).split(":")[2] if card.components else "" for card in self._cards()]

    def with_thread(self) -> int:
        threads = {thread.id for thread in self.served.world.threads_of(demo.DAILY_REFLECTION)}
        assert threads <= {card.id for card in self._cards()}
        return len(threads)

    def standing(self, words: str) -> int:
        world = self.served.world
        thread = world.threads_of(demo.DAILY_REFLECTION)[-1]
        return sum(words in str(m.embeds) for m in world.messages[thread.id].values())

    def _cards(self) -> list[Any]:
        messages = [m for _, m in sorted(self.served.world.messages[demo.DAILY_REFLECTION].items())]
        return [m for m in messages if m.author_id == demo.BOT and _is_posting(m)]

    def _private(self, person: int) -> list[str]:
        notes = self.served.world.ephemerals.values()
        return [f"{m.content} {m.embeds}" for m in notes if m.ephemeral_to == person]


class OnSlack:
    """The rehearsed Slack, whose limits are tried elsewhere."""

    platform = "slack"

    def __init__(self, clock: MovableClock) -> None:
        self.served = SlackDoor(slack_demo.demo_world(clock))
        self.served.limits.enabled = False
        self._team = self.served.world.teams[slack_demo.TEAM]
        self._amara, self._ingrid = slack_demo.TRAINEES["Amara"][0], slack_demo.SUPERVISING["Ingrid"][0]

    async def set_up(self, until: Until) -> None:
        people = self.served.people
        await people.command(slack_demo.TEAM, self._ingrid, slack_demo.DAILY_REFLECTION, "setup")
        await until(lambda: self._open(self._ingrid))
        places = {"channel": slack_demo.DAILY_REFLECTION, "supervisors_channel": slack_demo.SUPERVISORS}
        given = {**_COHORT, **places, "days": list(_DAYS)}
        assert await people.submit(slack_demo.TEAM, self._ingrid, str(self._open(self._ingrid)), given) == {}
        await until(lambda: "is set up" in self._shown(self._ingrid))

    def form(self) -> str | None:
        return self._open(self._amara)

    async def asks_to_respond(self) -> None:
        posting = self._cards()[-1]
        for view in list(self.served.views.of(self._team, self._amara)):
            self.served.views.close(self._team, view)
        respond = next(action for action in _actions(posting) if action.startswith("tc:respond:"))
        with suppress(Refused):  # the bot may die before it answers; then Slack says so, and she is left with that
            await self.served.people.press(slack_demo.TEAM, self._amara, posting.ts, respond)

    async def sends(self, form: str, words: str) -> None:
        with suppress(Refused):  # as above; her form stays open with her words in it
            await self.served.people.submit(slack_demo.TEAM, self._amara, form, {"text": words})

    def loses_an_answer(self) -> None:
        self.served.faults.add({"kind": "reset_after", "method": "chat.postMessage"})

    def confirmations(self) -> int:
        return self._shown(self._amara).count("It stands")

    def postings(self) -> Sequence[str]:
        return [_posting_of(card) for card in self._cards()]

    def with_thread(self) -> int:
        return len(self._cards())  # every message can be answered in a thread

    def standing(self, words: str) -> int:
        newest = self._cards()[-1].ts
        replies = self.served.world.replies(self._team, slack_demo.DAILY_REFLECTION, newest)
        return sum(words in json.dumps(m.blocks) for m in replies if m.ts != newest)

    def _cards(self) -> list[Message]:
        standing = self._team.messages[slack_demo.DAILY_REFLECTION].values()
        return sorted((m for m in standing if not m.is_reply and _is_slack_posting(m)), key=lambda m: m.ts)

    def _open(self, person: str) -> str | None:
        views = [view for view in self.served.views.of(self._team, person) if view.payload.get("submit")]
        return views[-1].id if views else None

    def _shown(self, person: str) -> str:
        notes = [m for m in self._team.ephemerals.values() if m.ephemeral_to == person]
        views = self.served.views.of(self._team, person)
        return "\n".join([*(json.dumps(m.blocks) + m.text for m in notes), *(json.dumps(v.payload) for v in views)])


def _first_button(message: Any) -> str:
    return str(message.components[0]["components"][0]["custom_id"])


def _is_posting(message: Any) -> bool:
    """Whether a message has had a thread, or could have one."""
    buttons = [b for row in message.components for b in row["components"]]
    closed = any("The key is destroyed" in str(embed.get("footer")) for embed in message.embeds)
    return closed or any(str(b.get("custom_id", "")).startswith(("tc:respond:", "tc:mine:")) for b in buttons)


def _actions(message: Message) -> list[str]:
    return [str(e["action_id"]) for block in message.blocks for e in block.get("elements", ()) if "action_id" in e]


def _posting_of(message: Message) -> str:
    found = [action for action in _actions(message) if action.startswith("tc:mine:")]
    return found[0].split(":")[2] if found else ""


def _is_slack_posting(message: Message) -> bool:
    return bool(_posting_of(message)) or "The key is destroyed" in json.dumps(message.blocks)
