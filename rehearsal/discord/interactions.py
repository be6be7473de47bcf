"""The life of an interaction: delivered, answered within three seconds, followed up for fifteen minutes."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from rehearsal.clock import Stopwatch
from rehearsal.discord import components, interaction_events, message_limits, render
from rehearsal.discord.errors import ApiError, Form, unknown
from rehearsal.discord.interaction import Callback, Interaction, Kind, Modal
from rehearsal.discord.messages import Messages, Upload
from rehearsal.discord.model import Channel, Json, Message, MessageFlag, MessageType
from rehearsal.discord.permissions import Permissions
from rehearsal.discord.world import Snowflakes, World

ANSWER_WITHIN = 3.0
TOKEN_LIVES = 15 * 60.0
MAX_CHOICES = 25

Tell = Callable[[int, str, Json], None]
Deliver = Callable[[Json, int | None], None]


class Interactions:
    """All interactions whose tokens may still live, and the modals that are open."""

    def __init__(
        self,
        world: World,
        messages: Messages,
        permissions: Permissions,
        stopwatch: Stopwatch,
        tell: Tell,
    ) -> None:
        self._world = world
        self._messages = messages
        self._permissions = permissions
        self._stopwatch = stopwatch
        self._tell = tell
        self.deliver: Deliver = lambda data, guild_id: None
        """Set by the gateway: carries an INTERACTION_CREATE to the bot."""
        self.modals: dict[str, Modal] = {}
        self._by_token: dict[str, Interaction] = {}
        clock = world.clock
        self._ids = Snowflakes(lambda: int(clock.real_now().timestamp() * 1000))

    def begin(
        self,
        kind: Kind,
        user_id: int,
        place: Channel,
        data: Json,
        *,
        message: Message | None = None,
        trigger: Interaction | None = None,
        modal_id: str | None = None,
    ) -> Interaction:
        """Deliver a person's action to the bot and start the three seconds."""
        self._forget_old()
        interaction = Interaction(
            self._ids.next(),
            secrets.token_urlsafe(48),
            kind,
            user_id,
            place,
            data,
            self._stopwatch.seconds(),
            message=message,
            trigger=trigger,
            modal_id=modal_id,
        )
        if kind is Kind.AUTOCOMPLETE:
            interaction.choices = asyncio.get_running_loop().create_future()
        else:
            self._tell(user_id, "interaction_pending", {"id": str(interaction.id), "channel_id": str(place.id)})
        self._by_token[interaction.token] = interaction
        interaction.deadline = self._stopwatch.call_later(ANSWER_WITHIN, lambda: self._fail(interaction))
        self.deliver(
            interaction_events.event(self._world, self._permissions, interaction),
            place.guild_id,
        )
        return interaction

    def answer(self, interaction_id: int, token: str, body: Json, files: Iterable[Upload] = ()) -> Json:
        """Take the bot's first answer; return the callback response of `with_response`.

        Raises 10062 when it is unknown or late, 40060 when it was answered, 50035 for a malformed answer.
        """
        interaction = self._by_token.get(token)
        if interaction is None or interaction.id != interaction_id or interaction.failed:
            raise unknown("interaction")
        if interaction.answer is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        answer = self._check_type(interaction, body.get("type"))
        data: Json = body.get("data") or {}
        uploads = list(files)
        shown: Message | None = None
        if answer is Callback.MESSAGE:
            message_limits.check_new(data, files=len(uploads), prefix=("data",))
            shown = self._say(interaction, data, uploads)
        elif answer is Callback.DEFERRED_MESSAGE:
            shown = self._say(interaction, {"flags": data.get("flags")}, [], MessageFlag.LOADING)
        elif answer is Callback.DEFERRED_UPDATE:
            interaction.original = interaction.message
        elif answer is Callback.UPDATE:
            shown = interaction.message
            if shown is None or not self._still_there(shown):
                raise unknown("Message")
            layout = bool(shown.flags & MessageFlag.COMPONENTS_V2)
            message_limits.check_edit(data, files=len(uploads), layout=layout)
            self._messages.edit(shown, data, files=uploads)
        elif answer is Callback.CHOICES:
            self._offer(interaction, data)
        else:
            self._open_modal(interaction, data)
        interaction.answer = answer
        interaction.original = shown or interaction.original
        self._settle(interaction)
        if answer is Callback.DEFERRED_MESSAGE and shown is not None:
            thinking = {"id": str(interaction.id), "channel_id": str(shown.channel_id), "message_id": str(shown.id)}
            self._tell(interaction.user_id, "thinking", thinking)
        return self._callback_response(interaction, answer, shown)

    def by_token(self, application_id: int, token: str) -> Interaction:
        """Return the interaction behind a webhook token; raises 10015, or 50027 when its 15 minutes are over."""
        interaction = self._by_token.get(token)
        if interaction is None or application_id != self._world.application.id:
            raise unknown("Webhook")
        if self._stopwatch.seconds() - interaction.began > TOKEN_LIVES:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return interaction

    def follow_up(self, interaction: Interaction, payload: Json, files: Iterable[Upload] = ()) -> Message:
        """Add a further message; the first one after a deferral takes the place of "is thinking".

        Raises 10015 when the interaction was never answered, 50035 or 50006 for a malformed message.
        """
        uploads = list(files)
        if interaction.answer is None:
            raise unknown("Webhook")
        message_limits.check_new(payload, files=len(uploads))
        original = interaction.original
        if original is not None and original.loading and self._still_there(original):
            return self._messages.edit(original, payload, files=uploads)
        ephemeral = bool(int(payload.get("flags") or 0) & MessageFlag.EPHEMERAL)
        message = self._messages.create(
            interaction.place,
            self._world.bot_id,
            payload,
            files=uploads,
            kind=MessageType.REPLY if original is not None else MessageType.DEFAULT,
            reference=None if original is None else self._reference(original),
            interaction=interaction_events.metadata(self._world, interaction),
            ephemeral_to=interaction.user_id if ephemeral else None,
        )
        interaction.follow_ups[message.id] = message
        return message

    def message(self, interaction: Interaction, which: str) -> Message:
        """Return `@original` or a follow-up by its id; raises 10008."""
        original = interaction.original
        if which == "@original" or (original is not None and which == str(original.id)):
            found = original
        else:
            found = interaction.follow_ups.get(int(which)) if which.isdigit() else None
        if found is None or not self._still_there(found):
            raise unknown("Message")
        return found

    def _still_there(self, message: Message) -> bool:
        if message.ephemeral_to is not None:
            return message.id in self._world.ephemerals
        return message.id in self._world.messages.get(message.channel_id, {})

    def _check_type(self, interaction: Interaction, value: Any) -> Callback:
        fits = set(Callback)
        if interaction.kind is Kind.AUTOCOMPLETE:
            fits = {Callback.CHOICES}
        else:
            fits.discard(Callback.CHOICES)
            if interaction.message is None:
                fits -= {Callback.UPDATE, Callback.DEFERRED_UPDATE}
            if interaction.kind is Kind.MODAL:
                fits.discard(Callback.MODAL)
        if value not in fits:
            form = Form()
            allowed = ", ".join(str(int(one)) for one in sorted(fits))
            form.fail(("type",), "BASE_TYPE_CHOICES", f"Value must be one of ({allowed}).")
            form.check()
        return Callback(value)

    def _say(self, interaction: Interaction, data: Json, files: list[Upload], extra_flags: int = 0) -> Message:
        ephemeral = bool(int(data.get("flags") or 0) & MessageFlag.EPHEMERAL)
        kind = MessageType.DEFAULT
        if interaction.kind is Kind.COMMAND:
            by_menu = interaction.data.get("type", 1) != 1
            kind = MessageType.CONTEXT_MENU_COMMAND if by_menu else MessageType.CHAT_INPUT_COMMAND
        elif interaction.message is not None:
            kind = MessageType.REPLY
        return self._messages.create(
            interaction.place,
            self._world.bot_id,
            data,
            files=files,
            kind=kind,
            reference=self._reference(interaction.message) if interaction.message is not None else None,
            interaction=interaction_events.metadata(self._world, interaction),
            ephemeral_to=interaction.user_id if ephemeral else None,
            extra_flags=extra_flags,
        )

    def _reference(self, message: Message) -> Json:
        place = self._world.channels[message.channel_id]
        reference = {"type": 0, "message_id": str(message.id), "channel_id": str(message.channel_id)}
        return reference | self._world.place_fields(place)

    def _offer(self, interaction: Interaction, data: Json) -> None:
        choices = data.get("choices")
        if not isinstance(choices, list) or len(choices) > MAX_CHOICES:
            form = Form()
            message = f"Must be {MAX_CHOICES} or fewer in length."
            form.fail(("data", "choices"), "BASE_TYPE_MAX_LENGTH", message)
            form.check()
        if interaction.choices is not None and not interaction.choices.done():
            interaction.choices.set_result(list(choices or []))

    def _open_modal(self, interaction: Interaction, data: Json) -> None:
        form = Form()
        components.check_modal(form, data)
        form.check()
        components.number(data["components"])
        for modal in [m for m in self.modals.values() if m.opened_by.user_id == interaction.user_id]:
            del self.modals[modal.id]
        modal = Modal(str(self._ids.next()), interaction, data)
        self.modals[modal.id] = modal
        shown = {"modal_id": modal.id, "interaction_id": str(interaction.id), **data}
        self._tell(interaction.user_id, "modal_open", shown)

    def _settle(self, interaction: Interaction) -> None:
        if interaction.deadline is not None:
            interaction.deadline.cancel()
        if interaction.modal_id is not None:
            self.modals.pop(interaction.modal_id, None)
        if interaction.kind is not Kind.AUTOCOMPLETE:
            self._tell(interaction.user_id, "interaction_done", {"id": str(interaction.id)})

    def _fail(self, interaction: Interaction) -> None:
        interaction.failed = True
        if interaction.choices is not None:
            if not interaction.choices.done():
                interaction.choices.set_result([])
            return
        reason = {"id": str(interaction.id), "reason": "This interaction failed"}
        self._tell(interaction.user_id, "interaction_failed", reason)

    def _forget_old(self) -> None:
        now = self._stopwatch.seconds()
        for token, interaction in list(self._by_token.items()):
            if now - interaction.began <= 2 * TOKEN_LIVES:
                break
            del self._by_token[token]

    def _callback_response(self, interaction: Interaction, answer: Callback, shown: Message | None) -> Json:
        about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
        if interaction.original is not None:
            about["response_message_id"] = str(interaction.original.id)
            about["response_message_loading"] = interaction.original.loading
            about["response_message_ephemeral"] = interaction.original.ephemeral_to is not None
        response: Json = {"interaction": about}
        if shown is not None and answer in (Callback.MESSAGE, Callback.UPDATE):
            response["resource"] = {"type": int(answer), "message": render.message(self._world, shown)}
        return response
