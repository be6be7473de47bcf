"""REST: answers to interactions and the webhook of each for follow-ups. The token in the path is the key."""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.discord import message_limits, render
from rehearsal.discord.call import NOTHING, Answer, Call, Route, ok
from rehearsal.discord.interactions import Interactions
from rehearsal.discord.messages import Messages
from rehearsal.discord.model import MessageFlag
from rehearsal.discord.world import World

_HOOK = "/webhooks/{webhook_id}/{webhook_token}"


class InteractionRoutes:
    """The bot's side of interactions."""

    def __init__(self, world: World, messages: Messages, interactions: Interactions) -> None:
        self._world = world
        self._messages = messages
        self._interactions = interactions

    def routes(self) -> Iterator[Route]:
        callback = "/interactions/{interaction_id}/{interaction_token}/callback"
        yield Route("POST", callback, self.callback, public=True)
        yield Route("POST", _HOOK, self.follow_up, public=True)
        yield Route("GET", _HOOK + "/messages/{message_id}", self.get, public=True)
        yield Route("PATCH", _HOOK + "/messages/{message_id}", self.edit, public=True)
        yield Route("DELETE", _HOOK + "/messages/{message_id}", self.delete, public=True)

    async def callback(self, call: Call) -> Answer:
        response = self._interactions.answer(
            call.id("interaction_id"), call.text("interaction_token"), call.json, call.files
        )
        wanted = (call.query("with_response") or "").lower() in ("1", "true")
        return ok(response) if wanted else NOTHING

    async def follow_up(self, call: Call) -> Answer:
        interaction = self._interactions.by_token(call.id("webhook_id"), call.text("webhook_token"))
        message = self._interactions.follow_up(interaction, call.json, call.files)
        return ok(render.message(self._world, message))

    async def get(self, call: Call) -> Answer:
        interaction = self._interactions.by_token(call.id("webhook_id"), call.text("webhook_token"))
        return ok(render.message(self._world, self._interactions.message(interaction, call.text("message_id"))))

    async def edit(self, call: Call) -> Answer:
        interaction = self._interactions.by_token(call.id("webhook_id"), call.text("webhook_token"))
        message = self._interactions.message(interaction, call.text("message_id"))
        payload = call.json
        layout = bool(message.flags & MessageFlag.COMPONENTS_V2)
        message_limits.check_edit(payload, files=len(call.files), layout=layout)
        return ok(render.message(self._world, self._messages.edit(message, payload, files=call.files)))

    async def delete(self, call: Call) -> Answer:
        interaction = self._interactions.by_token(call.id("webhook_id"), call.text("webhook_token"))
        self._messages.delete(self._interactions.message(interaction, call.text("message_id")))
        return NOTHING
