"""Setting up a cohort: guided in chat, or in one command; seen, changed, checked and removed later."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import app_commands

from bot.cards import Button, Style, Tone
from bot.cohorts.reading import ESCALATE_AFTER
from bot.errors import BadInput, NotAllowed
from bot.platforms.discord import setup_guide as guide
from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.cog import DoorCog, offered
from bot.platforms.discord.failures import mend
from bot.platforms.discord.offers import countries, zones
from bot.platforms.discord.router import First
from bot.platforms.discord.setup_guide import SetupForm, Step
from bot.platforms.discord.translate import Interaction, unmentioned
from bot.platforms.discord.visit import Visit

Text = app_commands.Range[str, 1, 100]
Long = app_commands.Range[str, 0, 1000]
POLICIES = [app_commands.Choice(name=key, value=value) for key, value in guide.POLICIES.items()]
ITEM_POLICIES = [app_commands.Choice(name=key, value=value) for key, value in guide.ITEM_POLICIES.items()]
FIELDS = [app_commands.Choice(name=name, value=name) for name in guide.FIELDS]


class Setup(DoorCog):
    """`/setup` and its guide."""

    setup = app_commands.Group(name="setup", description="-", guild_only=True)

    def __init__(self, client: ThirdChairClient) -> None:
        super().__init__(client)
        self.drafts = guide.Drafts()

    async def cog_load(self) -> None:
        on = self.client.router.on
        for name in (*guide.CHANNELS, *guide.ROLES, "days", "alert_policy", "item_policy", guide.SECOND_CHANNEL):
            on(f"setup-{name}", self.chosen, first=First.REPLACE)
        for name in ("next", "back"):
            on(f"setup-{name}", self.turn, first=First.REPLACE)
        for name in guide.FORMS:
            on(f"setup-{name}", self.form, first=First.FORM)
        on("setup-filled", self.filled, first=First.REPLACE)
        on("setup-save", self.save, first=First.REPLACE)
        on("setup-remove", self.really_remove, first=First.REPLACE)

    @setup.command()
    async def start(self, interaction: Interaction, name: Text, zone: Text, country: Text) -> None:
        visit = await self.enter(interaction)
        if not (visit.caller.manages_workspace or await self.house.cohorts.in_workspace(visit.caller)):
            raise NotAllowed
        form = SetupForm(name, visit.room.id, "", "", "", zone, country=country, locale=visit.locale)
        await guide.show(visit, self.drafts.begin(visit.caller.member, form), self.words)

    @setup.command()
    @app_commands.choices(alert_policy=POLICIES, item_policy=ITEM_POLICIES)
    async def quick(
        self,
        interaction: Interaction,
        name: Text,
        channel: discord.TextChannel,
        supervisors_channel: discord.TextChannel,
        trainee_role: discord.Role,
        supervisor_role: discord.Role,
        zone: Text,
        country: Text,
        days: Text = "mon,tue,wed,thu,fri",
        time: Text = "09:00",
        subdivision: Long = "",
        site_protocol: Long = "",
        on_call: Long = "",
        coverage_hours: Long = "",
        alert_policy: str = guide.POLICIES["notice_only"],
        escalate_after: app_commands.Range[int, ESCALATE_AFTER[0], ESCALATE_AFTER[-1]] = 15,
        escalation_channel: discord.TextChannel | None = None,
        item_policy: str = guide.ITEM_POLICIES["preview"],
    ) -> None:
        visit = await self.enter(interaction)
        form = SetupForm(
            name,
            str(channel.id),
            str(supervisors_channel.id),
            str(supervisor_role.id),
            str(trainee_role.id),
            zone,
            days,
            time,
            country,
            subdivision,
            site_protocol,
            on_call,
            coverage_hours,
            alert_policy,
            str(escalate_after),
            str(escalation_channel.id) if escalation_channel else "",
            item_policy,
            visit.locale,
        )
        await visit.show((await self.house.cohorts.setup(visit.caller, form, visit.token)).card)

    @setup.command()
    async def show(self, interaction: Interaction, cohort: str | None = None) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.cohorts.show(visit.caller, cohort, visit.room))

    @setup.command()
    @app_commands.choices(field=FIELDS)
    async def change(self, interaction: Interaction, field: str, value: Long, cohort: str | None = None) -> None:
        visit = await self.enter(interaction)
        cohorts = self.house.cohorts
        changed = await cohorts.change(visit.caller, cohort, visit.room, field, unmentioned(value))
        await visit.show(changed.card)

    @setup.command()
    async def check(self, interaction: Interaction, cohort: str | None = None) -> None:
        visit = await self.enter(interaction)
        await visit.show((await self.house.cohorts.check(visit.caller, cohort, visit.room)).card)

    @setup.command()
    async def remove(self, interaction: Interaction, cohort: str) -> None:
        visit = await self.enter(interaction)
        settings = await self.house.cohorts.show(visit.caller, cohort, visit.room)
        title, label = (self.words.say(f"discord.setup.remove_{part}", visit.locale) for part in ("title", "button"))
        really = Button("setup-remove", cohort, label, Style.CAREFUL)
        await visit.show(replace(settings, body=title, buttons=(really,), tone=Tone.WARNING))

    @start.autocomplete("zone")
    @quick.autocomplete("zone")
    async def zones(self, _: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(zones(), typed)

    @start.autocomplete("country")
    @quick.autocomplete("country")
    async def countries(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(countries(interaction.locale.value), typed)

    @show.autocomplete("cohort")
    @change.autocomplete("cohort")
    @check.autocomplete("cohort")
    @remove.autocomplete("cohort")
    async def cohorts(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        known = await self.house.cohorts.in_workspace(Visit(interaction).caller)
        return offered([(cohort.id, cohort.name) for cohort in known], typed)

    async def chosen(self, visit: Visit, draft_id: str) -> None:
        draft = self.drafts.of(visit.caller.member, draft_id)
        draft.form = guide.changed(draft.form, {visit.choice: ",".join(visit.chosen)})
        await guide.show(visit, draft, self.words)

    async def turn(self, visit: Visit, draft_id: str) -> None:
        draft = self.drafts.of(visit.caller.member, draft_id)
        draft.step = Step.HOW if visit.choice == "next" else Step.WHERE
        await guide.show(visit, draft, self.words)

    async def form(self, visit: Visit, draft_id: str) -> None:
        await guide.open_form(visit, self.drafts.of(visit.caller.member, draft_id), self.words, visit.choice)

    async def filled(self, visit: Visit, draft_id: str) -> None:
        try:
            draft = self.drafts.of(visit.caller.member, draft_id)
            draft.form = guide.changed(draft.form, visit.typed)
            await guide.show(visit, draft, self.words)
        finally:
            # Also where the draft was forgotten meanwhile: what was typed is read all the same.
            await self.heed(visit, *visit.typed.values())

    async def save(self, visit: Visit, draft_id: str) -> None:
        draft = self.drafts.of(visit.caller.member, draft_id)
        try:
            result = await self.house.cohorts.setup(visit.caller, draft.form, draft.id)
        except BadInput as error:
            draft.step = guide.step_of(str(error.values.get("field", "")))
            await guide.show(visit, draft, self.words, notice=mend(error, self.words, visit.locale))
            return
        self.drafts.done(draft)
        await visit.show(result.card)

    async def really_remove(self, visit: Visit, cohort_id: str) -> None:
        await visit.show(await self.house.cohorts.remove(visit.caller, cohort_id, visit.room))


async def setup(client: ThirdChairClient) -> None:
    """Load the cog (discord.py calls this)."""
    await client.add_cog(Setup(client))
