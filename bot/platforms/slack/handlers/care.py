"""The ways to help that are there at any time."""

from __future__ import annotations

from bot.platforms.slack.desk import Desk
from bot.platforms.slack.visit import Visit

NO_COUNTRY = "-"


def register(desk: Desk) -> None:

    async def resources(visit: Visit, country: str) -> None:
        await visit.show(await desk.house.care.resources(visit.caller, visit.channel, country or None))

    async def lines(visit: Visit, country: str) -> None:
        await visit.show(await desk.house.care.more_lines(visit.caller, "" if country == NO_COUNTRY else country))

    async def contact(visit: Visit, subject: str) -> None:
        await visit.show(await desk.house.care.contact(visit.caller, visit.choice, subject))

    async def acknowledge(visit: Visit, alert_id: str) -> None:
        await visit.show(await desk.house.care.acknowledge(visit.caller, alert_id))

    desk.router.command("resources", resources)
    desk.router.on("lines", lines)
    desk.router.on("contact-*", contact)
    desk.router.on("ack", acknowledge)
