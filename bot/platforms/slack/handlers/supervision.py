"""Supervision sessions and their reminders."""

from __future__ import annotations

from bot.cards import Button, Card
from bot.errors import BadInput, NotFound
from bot.platforms.slack import forms, render
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.router import First, parts, whole_number
from bot.platforms.slack.visit import Visit

EVERY = {"week": "week", "two_weeks": "two weeks", "once": "once"}
ON_OFF = {"on": True, "off": False}


def register(desk: Desk) -> None:
    words = desk.words

    async def add(visit: Visit, _: str) -> None:
        await visit.quickly(desk.house.cohorts.supervised(visit.caller, visit.room))
        await visit.open_form(words.say("slack.session.title", visit.locale), forms.session(words, visit.locale), ADD)

    async def added(visit: Visit, _: str) -> None:
        typed = visit.typed
        await desk.heed(visit, typed["title"], typed["where"])
        await visit.show(
            await desk.house.supervision.add(
                visit.caller,
                visit.room,
                typed["title"],
                EVERY[typed["every"]],
                typed["date"],
                typed["time"],
                _minutes(typed["minutes"]),
                typed["where"],
                visit.token,
            )
        )

    async def list_(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.supervision.list(visit.caller, visit.room))

    async def which(visit: Visit, _: str) -> None:
        await desk.house.cohorts.supervised(visit.caller, visit.room)
        offered = await desk.house.supervision.choices(visit.caller, visit.room)
        buttons = tuple(Button("end-session", value, name) for value, name in offered[: render.MOST_BUTTONS])
        key = "slack.session.which" if buttons else "slack.session.none"
        await visit.show(Card(words.say(key, visit.locale), buttons=buttons))

    async def end(visit: Visit, session_id: str) -> None:
        await visit.show(await desk.house.supervision.end(visit.caller, session_id))

    async def reminders(visit: Visit, wanted: str) -> None:
        if (on := ON_OFF.get(wanted.strip().casefold())) is None:
            raise BadInput("slack.bad.on_off", field="dm")
        await visit.show(await desk.house.supervision.set_dm(visit.caller, visit.room, on))

    async def snooze(visit: Visit, subject: str) -> None:
        session_id, epoch, minutes = parts(subject, 3)
        start, later = whole_number(epoch), whole_number(minutes)
        await visit.show(await desk.house.supervision.snooze(visit.caller, session_id, start, later))

    async def bring(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.bringing.bring(visit.caller, visit.of_message()))

    router = desk.router
    router.shortcut("bring_to_supervision", bring)
    router.command("session add", add, first=First.FORM)
    router.command("session list", list_)
    router.command("session end", which)
    router.command("reminders", reminders)
    router.on("add-session", added)
    router.on("end-session", end, first=First.REPLACE)
    router.on("snooze", snooze)


ADD = "tc:add-session:new"


def check(desk: Desk, visit: Visit) -> dict[str, str]:
    """Say at the field itself what cannot be a length."""
    try:
        _minutes(visit.typed.get("minutes", ""))
    except NotFound:
        return {"minutes": desk.words.say("slack.bad.minutes", visit.locale)}
    return {}


def _minutes(text: str) -> int:
    return whole_number(text.strip() or "60")
