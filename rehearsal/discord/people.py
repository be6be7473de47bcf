"""The people's side of the rehearsed Discord: what a member can see and do in her client.

Every method acts as one person and keeps to that person's rights. What she cannot do raises `Refused` with a
sentence for her. Messages, channels and commands are returned in Discord's own JSON.
"""

from __future__ import annotations

from rehearsal.discord import application_commands as ac
from rehearsal.discord import components, message_limits, modal_forms, render
from rehearsal.discord.application_commands import ApplicationCommands
from rehearsal.discord.command_options import OptionReader
from rehearsal.discord.errors import ApiError, Refused
from rehearsal.discord.feeds import Feed, Feeds
from rehearsal.discord.interaction import Kind
from rehearsal.discord.interactions import Interactions
from rehearsal.discord.looking import RECENT, Looking, number
from rehearsal.discord.messages import Messages
from rehearsal.discord.model import Channel, Json, Message, MessageType, User
from rehearsal.discord.permissions import P, Permissions
from rehearsal.discord.world import World

_SELECT_KINDS = {
    components.USER_SELECT: ac.USER,
    components.ROLE_SELECT: ac.ROLE,
    components.MENTIONABLE_SELECT: ac.MENTIONABLE,
    components.CHANNEL_SELECT: ac.CHANNEL,
}


class People:
    """The humans of the rehearsal. Ids are snowflakes, given as int or as decimal text."""

    def __init__(
        self,
        world: World,
        permissions: Permissions,
        messages: Messages,
        interactions: Interactions,
        commands: ApplicationCommands,
        feeds: Feeds,
    ) -> None:
        self._world = world
        self._permissions = permissions
        self._messages = messages
        self._interactions = interactions
        self._commands = commands
        self._feeds = feeds
        self._looking = Looking(world, permissions, messages, commands)

    async def personas(self) -> list[Json]:
        """Return everybody one can act as."""
        return self._looking.personas()

    async def snapshot(self, user_id: int | str) -> Json:
        """Return all this person sees now; messages are the last 50 of each place, oldest first."""
        return self._looking.snapshot(self._looking.person(user_id))

    async def history(
        self, user_id: int | str, channel_id: int | str, before: int | str | None = None, limit: int = RECENT
    ) -> list[Json]:
        """Return up to `limit` messages older than `before` (a message id), oldest first."""
        place = self._looking.place(self._looking.person(user_id), channel_id)
        return self._looking.recent(place.id, limit, None if before is None else number(before))

    async def send(
        self, user_id: int | str, channel_id: int | str, content: str, reply_to: int | str | None = None
    ) -> Json:
        """Write a message and return it."""
        person = self._looking.person(user_id)
        place = self._looking.place(person, channel_id)
        held = self._permissions.in_channel(place, person.id)
        if not self._looking.can_send(place, person):
            raise Refused(f"You do not have permission to send messages in {self._name(place)}.")
        content = content.strip()
        if not content:
            raise Refused("Write something first.")
        reference = None
        if reply_to is not None:
            answered = self._standing(person, reply_to)
            reference = {"type": 0, "message_id": str(answered.id), "channel_id": str(place.id)}
            reference |= self._world.place_fields(place)
        parse = ["users", "everyone", "roles"] if P.MENTION_EVERYONE in held else ["users"]
        payload = {"content": content, "allowed_mentions": {"parse": parse, "replied_user": True}}
        _check(payload)
        kind = MessageType.DEFAULT if reference is None else MessageType.REPLY
        message = self._messages.create(place, person.id, payload, kind=kind, reference=reference)
        return render.message(self._world, message)

    async def edit(self, user_id: int | str, message_id: int | str, content: str) -> Json:
        """Change one's own message and return it."""
        person = self._looking.person(user_id)
        message = self._standing(person, message_id)
        if message.author_id != person.id:
            raise Refused("You can only edit your own messages.")
        payload = {"content": content.strip()}
        if not payload["content"]:
            raise Refused("Write something first, or delete the message.")
        _check(payload)
        return render.message(self._world, self._messages.edit(message, payload))

    async def delete(self, user_id: int | str, message_id: int | str) -> None:
        """Delete one's own message, or any if one may manage messages; dismiss an ephemeral one."""
        person = self._looking.person(user_id)
        private = self._world.ephemerals.get(number(message_id))
        if private is not None and private.ephemeral_to == person.id:
            self._messages.delete(private)
            return
        message = self._standing(person, message_id)
        place = self._world.channels[message.channel_id]
        if message.author_id != person.id:
            held = self._permissions.in_channel(place, person.id)
            if place.guild_id is None or P.MANAGE_MESSAGES not in held:
                raise Refused("You can only delete your own messages here.")
        self._messages.delete(message)

    async def open_dm(self, user_id: int | str) -> Json:
        """Open the direct messages with the bot and return the channel."""
        return render.channel(self._world, self._world.open_dm(self._looking.person(user_id).id))

    async def press(self, user_id: int | str, message_id: int | str, custom_id: str) -> str:
        """Press a button and return the interaction's id."""
        person = self._looking.person(user_id)
        message, button = self._component(person, message_id, custom_id)
        if button["type"] != components.BUTTON:
            raise Refused("That is no button.")
        data = {"component_type": components.BUTTON, "custom_id": custom_id, "id": button.get("id")}
        return self._begin(Kind.COMPONENT, person, self._world.channels[message.channel_id], data, message)

    async def select(self, user_id: int | str, message_id: int | str, custom_id: str, values: list[str]) -> str:
        """Choose in a select menu and return the interaction's id."""
        person = self._looking.person(user_id)
        message, menu = self._component(person, message_id, custom_id)
        if menu["type"] not in components.SELECTS:
            raise Refused("That is no menu.")
        place = self._world.channels[message.channel_id]
        least, most = int(menu.get("min_values", 1)), int(menu.get("max_values", 1))
        if not least <= len(values) <= most:
            raise Refused(f"Choose {least}." if least == most else f"Choose {least} to {most}.")
        data: Json = {"component_type": menu["type"], "custom_id": custom_id, "id": menu.get("id")}
        data["values"] = [str(value) for value in values]
        if menu["type"] == components.STRING_SELECT:
            if not set(data["values"]) <= {str(option["value"]) for option in menu["options"]}:
                raise Refused("Choose from the list.")
        else:
            data["resolved"] = self._resolve(person, place, menu["type"], data["values"])
        return self._begin(Kind.COMPONENT, person, place, data, message)

    async def command(
        self,
        user_id: int | str,
        channel_id: int | str,
        name: str,
        options: Json | None = None,
        target_id: int | str | None = None,
    ) -> str:
        """Use an application command and return the interaction's id.

        Options of a subcommand are nested: `{"sub": {"option": value}}`. `target_id` is the user or message of a
        context-menu command.
        """
        person = self._looking.person(user_id)
        place = self._looking.place(person, channel_id)
        command = self._command(person, place, name, menu=target_id is not None)
        reader = OptionReader(self._world, self._permissions, place)
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        if command["type"] == ac.CHAT_INPUT:
            data["options"] = reader.read(command["options"], dict(options or {}))
        else:
            target = number(target_id)
            if command["type"] == ac.MESSAGE_MENU:
                if self._standing(person, target).channel_id != place.id:
                    raise Refused("That message is in another place.")
                reader.refer_to("messages", target)
            elif target in self._world.users:
                reader.refer_to("users", target)
            else:
                raise Refused("There is no such member.")
            data["target_id"] = str(target)
        if reader.resolved:
            data["resolved"] = reader.resolved
        return self._begin(Kind.COMMAND, person, place, data)

    async def autocomplete(
        self, user_id: int | str, channel_id: int | str, name: str, options: Json, focused: str
    ) -> list[Json]:
        """Return the bot's choices for the option being typed; none when it does not answer in time."""
        person = self._looking.person(user_id)
        place = self._looking.place(person, channel_id)
        command = self._command(person, place, name)
        reader = OptionReader(self._world, self._permissions, place)
        tree = reader.read(command["options"], dict(options), focused)
        data = {"id": command["id"], "name": command["name"], "type": command["type"], "options": tree}
        interaction = self._interactions.begin(Kind.AUTOCOMPLETE, person.id, place, data)
        return [] if interaction.choices is None else await interaction.choices

    async def submit_modal(self, user_id: int | str, modal_id: str, values: Json) -> str:
        """Send a filled form and return the interaction's id; the form stays open until the bot has answered."""
        person = self._looking.person(user_id)
        modal = self._interactions.modals.get(str(modal_id))
        if modal is None or modal.opened_by.user_id != person.id:
            raise Refused("This form is no longer open.")
        data: Json = {"custom_id": modal.data["custom_id"]}
        data["components"] = modal_forms.fill(modal.data["components"], values)
        resolved: Json = {}
        for field in components.walk(modal.data["components"]):
            if field.get("custom_id") in values and field["type"] in _SELECT_KINDS:
                picked = values[field["custom_id"]]
                picked = picked if isinstance(picked, list) else [picked]
                for kind, found in self._resolve(person, modal.opened_by.place, field["type"], picked).items():
                    resolved.setdefault(kind, {}).update(found)
        if resolved:
            data["resolved"] = resolved
        trigger = modal.opened_by
        interaction = self._interactions.begin(
            Kind.MODAL, person.id, trigger.place, data, message=trigger.message, trigger=trigger, modal_id=modal.id
        )
        return str(interaction.id)

    def subscribe(self, user_id: int | str) -> Feed:
        """Return the events for this person's eyes from now on; close it when done."""
        return self._feeds.open(self._looking.person(user_id).id)

    def _begin(self, kind: Kind, person: User, place: Channel, data: Json, message: Message | None = None) -> str:
        return str(self._interactions.begin(kind, person.id, place, data, message=message).id)

    def _standing(self, person: User, message_id: int | str) -> Message:
        wanted = number(message_id)
        for channel_id, standing in self._world.messages.items():
            if wanted in standing and self._permissions.can_see(self._world.channels[channel_id], person.id):
                return standing[wanted]
        raise Refused("That message is gone.")

    def _component(self, person: User, message_id: int | str, custom_id: str) -> tuple[Message, Json]:
        private = self._world.ephemerals.get(number(message_id))
        if private is not None and private.ephemeral_to == person.id:
            message = private
        else:
            message = self._standing(person, message_id)
        component = components.find(message.components, custom_id)
        if component is None:
            raise Refused("That is no longer there.")
        if component.get("disabled"):
            raise Refused("That is switched off.")
        return message, component

    def _command(self, person: User, place: Channel, name: str, *, menu: bool = False) -> Json:
        for command in reversed(self._commands.shown_to(person.id, place)):
            if command["name"] == name and (command["type"] != ac.CHAT_INPUT) == menu:
                return command
        raise Refused(f"There is no command “{name}” for you here.")

    def _resolve(self, person: User, place: Channel, menu_type: int, values: list[str]) -> Json:
        reader = OptionReader(self._world, self._permissions, place)
        pickable = reader.things(_SELECT_KINDS[menu_type], person.id)
        for value in values:
            kind = next((kind for kind, ids in pickable.items() if number(value) in ids), None)
            if kind is None:
                raise Refused("Choose from the list.")
            reader.refer_to(kind, number(value))
        return reader.resolved

    def _name(self, place: Channel) -> str:
        return f"#{place.name}" if place.guild_id is not None else "these direct messages"


def _check(payload: Json) -> None:
    try:
        message_limits.check_new(payload, files=0)
    except ApiError:
        excess = len(str(payload["content"])) - message_limits.CONTENT
        raise Refused(f"Your message is {excess} characters too long.") from None
