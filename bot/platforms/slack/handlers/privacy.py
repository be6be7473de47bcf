"""What a person may see, choose and erase about herself."""

from __future__ import annotations

from dataclasses import replace

from bot.platforms.slack.desk import Desk
from bot.platforms.slack.visit import Visit


def register(desk: Desk) -> None:

    async def country(visit: Visit, text: str) -> None:
        await visit.show(await desk.house.privacy.set_country(visit.caller, text))

    async def language(visit: Visit, text: str) -> None:
        await visit.show(await desk.house.privacy.set_locale(visit.caller, text))

    async def show(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.privacy.show(visit.caller))

    async def forget(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.privacy.forget_me(visit.caller, ()))

    async def statement(visit: Visit, _: str) -> None:
        card = await desk.house.privacy.statement(visit.caller, visit.channel)
        here = tuple(
            (
                desk.words.say(f"slack.privacy.{part}.title", visit.locale),
                desk.words.say(f"slack.privacy.{part}.text", visit.locale),
            )
            for part in ("exports", "workspace")
        )
        await visit.show(replace(card, fields=(*card.fields, *here)))

    router = desk.router
    router.command("me country", country)
    router.command("me language", language)
    router.command("me show", show)
    router.command("me forget", forget)
    router.command("privacy", statement)
