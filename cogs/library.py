"""A cohort's own library: adding, reviewing, suggesting, and saying that an item was off."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.cards import Card
from bot.errors import BadInput, ThirdChairError, TryLater
from bot.library.adding import MOST_BYTES
from bot.library.adding_cards import Field, Form, Told
from bot.library.sheet import Sheet
from bot.platforms.discord import faults, render
from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.cog import DoorCog, offered
from bot.platforms.discord.router import First, parts
from bot.platforms.discord.translate import Interaction, typed_options
from bot.platforms.discord.visit import Visit
from bot.prompts.item import Kind, Marker, Setting

KINDS = [app_commands.Choice(name=kind.value, value=kind.value) for kind in Kind]
INTENSITIES = [
    app_commands.Choice(name=name, value=value) for value, name in enumerate(("light", "stirring", "heavy"), 1)
]
SETTINGS = [app_commands.Choice(name=each.name.lower(), value=each.value) for each in Setting]
MARKERS = [app_commands.Choice(name=each.name.lower(), value=each.value) for each in Marker]
NAMED = [app_commands.Choice(name=name, value=name) for name in ("no", "yes")]
T = TypeVar("T")

_PIECE = 4000
"""Characters of a text in one embed, its frame aside."""

Label = app_commands.Range[str, 0, 60]


class Library(DoorCog):
    """`/library`, `/suggest`, and their buttons and forms."""

    library = app_commands.Group(name="library", description="-", guild_only=True)

    async def cog_load(self) -> None:
        on = self.client.router.on
        for action in ("again", "copy"):
            on(f"library-{action}", self.reopen, first=First.FORM)
        on("library-filled", self.filled)
        on("library-anyway", self.anyway)
        for action in ("show", "approve", "retire", "restore"):
            on(f"library-{action}", self.review)
        on("suggest-filled", self.suggested)
        on("suggestion-copy", self.reopen, first=First.FORM)
        on("suggestion-approve", self.take)
        on("suggestion-decline", self.decline)
        on("opine", self.ask_opinion)
        on("opinion-*", self.give_opinion)

    @library.command()
    @app_commands.choices(kind=KINDS, setting=SETTINGS, marker=MARKERS)
    @app_commands.choices(intensity=INTENSITIES)
    async def add(
        self,
        interaction: Interaction,
        kind: str,
        theme: str,
        intensity: int = 1,
        label: Label = "",
        setting: str = Setting.IN_PERSON.value,
        marker: str = Marker.SKILL_DIFFICULTY.value,
        problem: str = "unstated",
    ) -> None:
        sheet = Sheet(Kind(kind), theme, intensity, label.strip(), setting, marker, problem)
        await self.client.acquaint(interaction)
        visit = Visit(interaction)
        await self.open(visit, await self.before_form(visit, self.house.adding.begin(visit.caller, visit.room, sheet)))

    @library.command()
    async def upload(self, interaction: Interaction, file: discord.Attachment) -> None:
        visit = await self.enter(interaction)
        if file.size > MOST_BYTES:
            raise BadInput("library.bad.size", field="file", limit=MOST_BYTES // 1024)
        try:
            with faults.translated("", effect=False):
                content = await file.read()
        except TryLater:
            raise
        except ThirdChairError:
            raise BadInput("library.bad.file", field="file") from None
        await self.heed(visit, content.decode("utf-8", "ignore"))
        await self.tell(visit, await self.house.adding.upload(visit.caller, visit.room, content))

    @library.command()
    async def show(self, interaction: Interaction, item: str) -> None:
        visit = await self.enter(interaction)
        visit.action = "library-show"
        await self.review(visit, item)

    @library.command(name="list")
    async def list_(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(*await self.house.reviewing.listed(visit.caller, visit.room))

    @library.command()
    async def suggestions(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(*await self.house.suggesting.open(visit.caller, visit.room))

    @library.command()
    async def feedback(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.opinions.report(visit.caller, visit.room))

    @app_commands.command()
    @app_commands.guild_only()
    @app_commands.choices(kind=KINDS, named=NAMED)
    async def suggest(self, interaction: Interaction, kind: str = "prompt", theme: str = "", named: str = "no") -> None:
        await self.client.acquaint(interaction)
        visit = Visit(interaction)
        begun = self.house.suggesting.begin(visit.caller, visit.room, kind, theme, shown=named == "yes")
        form = await self.before_form(visit, begun)
        await visit.open_form(form.title, f"tc:suggest-filled:{form.subject}", [*map(_field, form.fields)])

    @show.autocomplete("item")
    async def items(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        visit = Visit(interaction)
        return offered(await self.house.reviewing.find(visit.caller, visit.room, typed))

    @add.autocomplete("theme")
    @suggest.autocomplete("theme")
    async def themes(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        visit = Visit(interaction)
        return offered(await self.house.reviewing.find_themes(visit.caller, visit.room, typed))

    async def reopen(self, visit: Visit, subject: str) -> None:
        adding = self.house.adding
        if visit.action == "library-again":
            begun = adding.again(visit.caller, subject)
        elif visit.action == "suggestion-copy":
            begun = adding.begin_suggested(visit.caller, subject)
        else:
            begun = adding.begin_copy(visit.caller, *parts(subject, 2))
        await self.open(visit, await visit.quickly(begun))

    async def filled(self, visit: Visit, draft_id: str) -> None:
        adding = self.house.adding
        # Whatever becomes of it: what was typed is read first, also that into the command before the form.
        await self.heed(visit, *visit.typed.values(), *adding.typed_before(visit.caller, draft_id))
        await self.tell(visit, await adding.filled(visit.caller, draft_id, dict(visit.typed)))

    async def anyway(self, visit: Visit, draft_id: str) -> None:
        await self.tell(visit, await self.house.adding.anyway(visit.caller, draft_id))

    async def review(self, visit: Visit, subject: str) -> None:
        reviewing = self.house.reviewing
        acts = {
            "show": reviewing.show,
            "approve": reviewing.approve,
            "retire": reviewing.retire,
            "restore": reviewing.restore,
        }
        cohort_id, item_id = parts(subject, 2)
        await visit.show(await acts[visit.choice](visit.caller, cohort_id, item_id))

    async def suggested(self, visit: Visit, subject: str) -> None:
        await self.heed(visit, *visit.typed.values())
        told = await self.house.suggesting.make(visit.caller, subject, dict(visit.typed), visit.token)
        await visit.show(told.card, text=told.text)

    async def take(self, visit: Visit, suggestion_id: str) -> None:
        await self.tell(visit, await self.house.adding.approve_suggested(visit.caller, suggestion_id))

    async def decline(self, visit: Visit, suggestion_id: str) -> None:
        await visit.show(await self.house.suggesting.decline(visit.caller, suggestion_id))

    async def ask_opinion(self, visit: Visit, posting_id: str) -> None:
        await visit.show(await self.house.opinions.ask(visit.caller, posting_id))

    async def give_opinion(self, visit: Visit, posting_id: str) -> None:
        await visit.show(await self.house.opinions.give(visit.caller, posting_id, visit.choice))

    async def before_form(self, visit: Visit, begun: Awaitable[T]) -> T:
        """Await what a form shows. If that fails, it is a command like any other: its texts are read, then answered."""
        try:
            return await visit.quickly(begun)
        except ThirdChairError:
            await visit.wait()
            await self.heed(visit, *typed_options(visit.interaction))
            raise

    async def open(self, visit: Visit, form: Form) -> None:
        """Open a form for an item."""
        await visit.open_form(form.title, f"tc:library-filled:{form.draft_id}", [*map(_field, form.fields)])

    async def tell(self, visit: Visit, told: Told) -> None:
        """Give back what was not kept, as it can be uploaded; then, in sight and with its buttons, why."""
        pieces = render.split(told.text.replace("```", "'''"), _PIECE)
        back = [Card(self.words.say("discord.file_back", visit.locale, text=piece)) for piece in pieces]
        await visit.show(*back, told.card)


def _field(field: Field) -> tuple[str, discord.ui.TextInput[Any]]:
    return field.label, discord.ui.TextInput[Any](
        custom_id=field.name,
        style=discord.TextStyle.paragraph if field.is_long else discord.TextStyle.short,
        placeholder=field.placeholder[:100],
        default=field.text or None,
        required=field.is_needed,
        max_length=field.limit,
    )


async def setup(client: ThirdChairClient) -> None:
    """Load the cog (discord.py calls this)."""
    await client.add_cog(Library(client))
