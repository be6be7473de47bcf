"""The setup guide over the rehearsal's wire, where selects, forms and their limits are checked as Discord would."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards import Card
from bot.cohorts.cohorts import SetupResult
from bot.people import Cohort
from bot.platforms.discord.client import ThirdChairClient
from rehearsal import demo
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.model import Message
from tests.doors.stub_house import Notes
from tests.doors.wire import until

INGRID = demo.SUPERVISING["Ingrid"][0]


class Guide:
    """Ingrid's private page of the guide, and her hands on it."""

    def __init__(self, door: DiscordDoor) -> None:
        self._door = door

    async def begin(self) -> None:
        options = {"start": {"name": "Second years", "zone": "Europe/London", "country": "GB"}}
        await self._door.people.command(INGRID, demo.DAILY_REFLECTION, "setup", options)
        await until(lambda: self.page() is not None)

    def page(self) -> Message | None:
        mine = [m for m in self._door.world.ephemerals.values() if m.ephemeral_to == INGRID and m.components]
        return mine[-1] if mine else None

    def parts(self) -> dict[str, str]:
        """Return the custom ids on the page by what they are for."""
        page = self.page()
        found = [child["custom_id"] for row in (page.components if page else ()) for child in row["components"]]
        return {custom_id.split(":")[1].removeprefix("setup-"): custom_id for custom_id in found}

    async def choose(self, name: str, *values: object) -> None:
        page = self._standing()
        before = repr(page.embeds), repr(page.components)
        await self._door.people.select(INGRID, page.id, self.parts()[name], [str(value) for value in values])
        await until(lambda: (repr(self._standing().embeds), repr(self._standing().components)) != before)

    async def press(self, name: str, then: str) -> None:
        await self._door.people.press(INGRID, self._standing().id, self.parts()[name])
        await until(lambda: then in self.parts())

    async def fill(self, name: str, **values: str) -> None:
        await self._door.people.press(INGRID, self._standing().id, self.parts()[name])
        modals = self._door.interactions.modals
        await until(lambda: bool(modals))
        before = repr(self._standing().embeds)
        await self._door.people.submit_modal(INGRID, next(iter(modals)), values)
        await until(lambda: repr(self._standing().embeds) != before and not modals)

    async def save(self) -> None:
        await self._door.people.press(INGRID, self._standing().id, self.parts()["save"])

    def _standing(self) -> Message:
        page = self.page()
        assert page is not None
        return page


async def test_a_supervisor_is_guided_through_over_the_wire(
    line: ThirdChairClient, door: DiscordDoor, notes: Notes, cohort: Cohort
) -> None:
    notes.answers["cohorts.setup"] = SetupResult(cohort, Card("ready"), [])
    guide = Guide(door)
    await guide.begin()
    await guide.choose("supervisors_channel", demo.SUPERVISORS)
    await guide.choose("trainee_role", demo.TRAINEE_ROLE)
    await guide.choose("supervisor_role", demo.SUPERVISOR_ROLE)
    await guide.press("next", then="days")
    await guide.choose("days", "mon", "wed")
    await guide.choose("alert_policy", "only when the author asks")
    await guide.fill("contacts", site_protocol="Ring the duty desk", on_call="extension 204")
    await guide.save()
    await until(lambda: bool(notes.of("cohorts.setup")))
    form: Any = notes.only("cohorts.setup")["form"]
    assert (form.channel, form.supervisors_channel) == (str(demo.DAILY_REFLECTION), str(demo.SUPERVISORS))
    assert (form.trainee_role, form.supervisor_role) == (str(demo.TRAINEE_ROLE), str(demo.SUPERVISOR_ROLE))
    assert (form.days, form.alert_policy) == ("mon,wed", "only when the author asks")
    assert (form.name, form.site_protocol, form.on_call) == ("Second years", "Ring the duty desk", "extension 204")


@pytest.mark.usefixtures("line")
async def test_zones_are_offered_over_the_wire(door: DiscordDoor) -> None:
    typed = {"start": {"name": "x", "zone": "vienna"}}
    offered = await door.people.autocomplete(INGRID, demo.DAILY_REFLECTION, "setup", typed, "zone")
    assert [choice["value"] for choice in offered] == ["Europe/Vienna"]
