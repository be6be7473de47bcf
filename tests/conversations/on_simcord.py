"""simcord as a venue: a Discord in this process that we did not write, to hold the rehearsal against."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import simcord
from discord import app_commands
from simcord.actors import _dispatch_actor_interaction
from simcord.backend.models import Message, Overwrite
from simcord.enums import InteractionType, OverwriteType

from bot.errors import ThirdChairError
from bot.people import Member, Platform, Workspace
from bot.settings import Settings
from bot.wiring import Premises, premises
from rehearsal.clock import MovableClock
from tests.conversations.on_rehearsal import MORNING, PATIENCE, said, work_under_way
from tests.conversations.venue import COMMON, DAILY, SUPERVISORS, CannotDo, Form, Named, Said, asked_in

TRAINEES = ("Amara", "Bence", "Chioma", "Devi", "Elif", "Finn")
SUPERVISING = ("Ingrid", "Joaquín")
_BUTTON, _TEXT_INPUT = 2, 4


class SimcordVenue:
    """Implements `Venue`."""

    not_let_in = "Send Messages"

    def __init__(self, env: simcord.Env, clock: MovableClock, settings: Settings) -> None:
        self._env = env
        self._backend = env.backend
        self.clock = clock
        self.settings = settings
        self.built: Premises
        self._running = AsyncExitStack()
        self._forms: dict[str, simcord.InteractionResult] = {}
        self._furnish()

    def _furnish(self) -> None:
        env = self._env
        ingrid = env.create_user("ingrid", global_name="Ingrid")
        guild = self._guild = env.create_guild("Northside Training Programme", owner=ingrid)
        self.workspace = Workspace(Platform.DISCORD, str(guild.id))
        manage = discord.Permissions(
            manage_guild=True, manage_channels=True, manage_roles=True, manage_messages=True, manage_threads=True
        )
        self._roles = {
            "trainee": guild.create_role("trainee"),
            "supervisor": guild.create_role("supervisor", permissions=manage),
        }
        hidden: dict[Any, discord.PermissionOverwrite] = {
            guild.default_role: discord.PermissionOverwrite(view_channel=False),
            self._roles["supervisor"]: discord.PermissionOverwrite(view_channel=True),
            self._bot_role(): discord.PermissionOverwrite(view_channel=True),
        }
        self._rooms = {
            COMMON: guild.create_text_channel(COMMON),
            DAILY: guild.create_text_channel(DAILY),
            SUPERVISORS: guild.create_text_channel(SUPERVISORS, overwrites=hidden),
        }
        self._users = {"Ingrid": ingrid}
        self._actors: dict[str, simcord.MemberActor] = {
            "Ingrid": guild.add_member(ingrid, roles=[self._roles["supervisor"]])
        }
        for name in (*TRAINEES, *SUPERVISING[1:]):
            user = self._users[name] = env.create_user(name.lower(), global_name=name)
            role = self._roles["supervisor" if name in SUPERVISING else "trainee"]
            self._actors[name] = guild.add_member(user, roles=[role])
        self.channels = {name: room.id for name, room in self._rooms.items()}
        self.roles = {name: role.id for name, role in self._roles.items()}
        self.people: Mapping[str, int] = {name: actor.id for name, actor in self._actors.items()}

    def _bot_role(self) -> simcord.RoleHandle:
        return next(role for role in self._guild.roles.values() if role.name == self._backend.bot_user.name)

    async def begin(self, built: Premises) -> None:
        """Begin what the wiring begins once the line stands."""
        self.built = built
        # simcord does not say what the developer portal allows.
        built.client._connection.application_flags = discord.ApplicationFlags(gateway_message_content_limited=True)
        await built.wakeups.start()
        # The clock is moved by hand here. simcord would take the timers for the bot's own work and wait for each.
        built.wakeups._scheduler.pause()
        self._running.callback(self.clock.listen(self._moved))
        await self.settle()

    async def stop(self) -> None:
        """Stop waking."""
        await self._running.aclose()
        await self.built.wakeups.stop()

    async def restart(self, later: timedelta = timedelta()) -> None:
        before = self._running
        self._running = AsyncExitStack()
        await self.built.wakeups.stop()
        await before.aclose()
        await self.clock.advance(later)
        built = await self._running.enter_async_context(premises(self.settings, self.clock))
        await self._env.restart_bot(built.client)
        await self.begin(built)

    async def _moved(self, _: datetime) -> None:
        await self.built.wakeups.poke()

    # What is on the screens

    def member(self, person: str) -> Member:
        return Member(Platform.DISCORD, str(self.people[person]))

    def standing(self, person: str, place: int) -> list[Said]:
        from simcord.backend.access import channel_accessible

        if not channel_accessible(self._backend, place, self.people[person], history=True):
            return []
        messages = sorted(self._backend.messages.get(place, {}).items())
        return [self._said(message) for _, message in messages if not message.is_ephemeral]

    def private(self, person: str) -> list[Said]:
        found = [
            message
            for messages in self._backend.messages.values()
            for message in messages.values()
            if message.is_ephemeral and message.visible_to(self.people[person])
        ]
        return [self._said(message) for message in sorted(found, key=lambda m: m.id)]

    def threads(self, name: str) -> list[int]:
        return sorted(thread.id for thread in self._rooms[name].threads)

    def takes_words(self, thread: int) -> bool:
        metadata = self._backend.channels[thread].thread_metadata
        return metadata is not None and not metadata.locked

    def dm(self, person: str) -> int:
        return int(self._backend.get_dm_channel(self.people[person]).id)

    def form(self, person: str) -> Form | None:
        shown = self._forms.get(person)
        if shown is None or shown.modal is None or shown._interaction.modal_consumed:
            return None
        fields: dict[str, str] = {}
        for part in shown.modal["components"]:
            for field in (part.get("component"), *(part.get("components") or ())):
                if field and field["type"] == _TEXT_INPUT:
                    fields[field["custom_id"]] = str(field.get("value") or "")
        return Form(str(shown.modal["title"]), fields, asked_in(shown.modal["components"]))

    def _said(self, message: Message) -> Said:
        by_bot = message.author_id == self._backend.bot_user.id
        return said(message.id, message.channel_id, by_bot, message.content, message)

    # What hands do

    async def press(self, person: str, on: Said, custom_id: str) -> None:
        shown, actor = self._shown(on), self._hands(person, on.place)
        await self._note(person, actor.click(shown, custom_id=custom_id))

    async def choose(self, person: str, on: Said, custom_id: str, values: Sequence[Any]) -> None:
        given = [self._meant(value) for value in values]
        actor = self._hands(person, on.place)
        await self._note(person, actor.select(self._shown(on), given, custom_id=custom_id))

    async def fill(self, person: str, values: Mapping[str, str]) -> None:
        shown = self._forms.get(person)
        if shown is None or shown.modal is None:
            raise CannotDo("no form is open")
        actor = self._hands(person, shown._interaction.channel_id)
        await self._note(person, actor.submit_modal(shown, dict(values)))

    async def command(self, person: str, place: int, name: str, options: Mapping[str, Any]) -> None:
        given = {option: self._meant(value) for option, value in options.items()}
        if place == self.dm(person):
            await self._note(person, self._users[person].slash(name, **given))
        else:
            await self._note(person, self._actors[person].slash(self._room(place), name, **given))

    async def menu(self, person: str, on: Said, name: str) -> None:
        await self._note(person, self._actors[person].context_menu(self._room(on.place), name, self._shown(on)))

    async def offers(self, person: str, place: int, name: str, option: str, typed: str) -> list[tuple[str, str]]:
        offered = await self._actors[person].autocomplete(self._room(place), name, option, typed)
        return [(str(choice["name"]), str(choice["value"])) for choice in offered]

    async def write(self, person: str, place: int, text: str) -> int:
        if place == self.dm(person):
            sent = await self._as(self._users[person].send_dm(text))
        else:
            sent = await self._as(self._actors[person].send(self._room(place), text))
        return int(sent.id)

    async def rewrite(self, person: str, message: int, place: int, text: str) -> None:
        stored = simcord.ResponseMessage(self._env, self._backend.get_message(place, message))
        await self._as(self._hands(person, place).edit(stored, text))

    async def forge(self, person: str, on: Said, custom_id: str) -> None:
        await self._dispatch(
            InteractionType.MESSAGE_COMPONENT, person, on, {"custom_id": custom_id, "component_type": 2}
        )

    async def forge_form(self, person: str, on: Said, custom_id: str, values: Mapping[str, str]) -> None:
        rows = [
            {"type": 18, "id": n, "component": {"type": _TEXT_INPUT, "id": 100 + n, "custom_id": name, "value": value}}
            for n, (name, value) in enumerate(values.items(), 1)
        ]
        await self._dispatch(InteractionType.MODAL_SUBMIT, person, on, {"custom_id": custom_id, "components": rows})

    async def _dispatch(self, kind: InteractionType, person: str, on: Said, data: dict[str, Any]) -> None:
        from simcord.backend import serializers

        stored = self._backend.get_message(on.place, on.id)
        extra = {"message": dict(serializers.message_payload(self._backend, stored))}
        actor = self._hands(person, on.place)
        await self._note(
            person,
            _dispatch_actor_interaction(actor, kind, self._room(on.place), data, extra=extra, source_message_id=on.id),
        )

    def _hands(self, person: str, place: int) -> Any:
        return self._users[person] if place == self.dm(person) else self._actors[person]

    def _room(self, place: int) -> simcord.ChannelHandle:
        stored = self._backend.get_channel(place)
        return simcord.ChannelHandle(self._env, self._guild if stored.guild_id else None, stored)

    def _shown(self, on: Said) -> simcord.ResponseMessage:
        return simcord.ResponseMessage(self._env, self._backend.get_message(on.place, on.id))

    def _meant(self, value: Any) -> Any:
        if isinstance(value, Named):
            return self._rooms[value.name] if value.kind == "channel" else self._roles[value.name]
        return value

    async def _note(self, person: str, act: Any) -> None:
        result = await self._as(act)
        if result.modal is not None:
            self._forms[person] = result

    async def _as(self, act: Any) -> Any:
        try:
            return await act
        except (simcord.SetupError, simcord.BackendError) as refused:
            raise CannotDo(str(refused)) from None

    # The hand from outside

    def add_channel(self, name: str) -> None:
        self._rooms[name] = self._guild.create_text_channel(name)
        self.channels[name] = self._rooms[name].id

    def add_role(self, name: str) -> None:
        self._roles[name] = self._guild.create_role(name)
        self.roles[name] = self._roles[name].id

    async def delete_channel(self, name: str) -> None:
        self._backend.delete_channel(self.channels[name])
        await self.settle()

    async def permit(self, name: str, permission: str, allowed: bool) -> None:
        bit = discord.Permissions(**{permission: True}).value
        mine = self._bot_role().id
        before = next(
            (o for o in self._backend.get_channel(self.channels[name]).overwrites if o.target_id == mine), None
        )
        allow, deny = (before.allow, before.deny) if before else (0, 0)
        deny = deny & ~bit if allowed else deny | bit
        overwrite = Overwrite(mine, OverwriteType.ROLE, allow=allow & ~bit, deny=deny)
        self._backend.set_overwrite(self.channels[name], overwrite)
        await self.settle()

    async def close_door(self, person: str, closed: bool = True) -> None:
        path = f"/channels/{self.dm(person)}/messages"
        self._backend.faults[:] = [fault for fault in self._backend.faults if fault["path"] != path]
        if closed:
            self._env.inject_error(
                "POST", path, status=403, code=50007, message="Cannot send messages to this user", times=None
            )

    async def set_roles(self, person: str, *names: str) -> None:
        member = self._backend.get_member(self._guild.id, self.people[person])
        member.role_ids[:] = [self.roles[name] for name in names]
        self._backend.announce_member_update(self._guild.id, self.people[person])
        await self.settle()

    async def pass_time(self, seconds: float) -> None:
        # simcord's own clock only dates things: moved far, it would end tokens and timers that it keeps itself.
        await self._env.advance_time(min(seconds, 60.0))
        await self.clock.advance(timedelta(seconds=seconds))
        await self.settle()

    async def settle(self) -> None:
        # What the wake-ups set going is not the bot's in simcord's eyes: nobody in it asked for it.
        while busy := work_under_way():
            await asyncio.wait(busy)
        await self._env.settle(timeout=PATIENCE)

    def unexpected(self) -> list[BaseException]:
        """What the bot raised and did not mean to: its own errors end as a sentence for the person."""
        causes = [e.original if isinstance(e, app_commands.CommandInvokeError) else e for e in self._env.errors]
        return [cause for cause in causes if not isinstance(cause, ThirdChairError)]


@asynccontextmanager
async def on_simcord(folder: Path, **changes: Any) -> AsyncIterator[SimcordVenue]:
    """Put the bot, built by its own wiring, into simcord; `changes` are further settings."""
    settings = Settings(data_dir=folder, **changes)
    clock = MovableClock(real_now=lambda: MORNING)
    async with premises(settings, clock) as built:
        # Not `simcord.run`: it ties itself to one context, and pytest ends a fixture in another.
        env = simcord.Env(built.client, shard_count=1, settle_timeout=PATIENCE)
        await env.start()
        venue = SimcordVenue(env, clock, settings)
        await venue.begin(built)
        try:
            yield venue
        finally:
            await venue.stop()
            await env.shutdown()
        assert venue.unexpected() == []
