"""What supervisors arrange: holds, seasons, requests, items released and retired, a curriculum."""

from __future__ import annotations

from bot.platforms.slack import forms
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.handlers.offers import choose, label, named
from bot.platforms.slack.router import First, parts
from bot.platforms.slack.visit import Visit
from bot.prompts.item import HoldFlag, Season

FLAGS = {flag.name.lower(): flag.value for flag in HoldFlag}
SEASONS = {season.name.lower(): season.value for season in Season}
SET_SEASON = "tc:season-set:new"


def register(desk: Desk) -> None:
    _holds(desk)
    _seasons(desk)
    _items(desk)
    _curricula(desk)


def _holds(desk: Desk) -> None:
    async def raise_(visit: Visit, flag: str) -> None:
        await visit.show(await desk.house.arranging.raise_hold(visit.caller, visit.room, flag))

    async def lower(visit: Visit, flag: str) -> None:
        await visit.show(await desk.house.arranging.lower_hold(visit.caller, visit.room, flag))

    async def which(visit: Visit, typed: str) -> None:
        way = visit.action.removeprefix("hold ")
        await desk.house.cohorts.supervised(visit.caller, visit.room)
        offered = named(desk, visit.locale, f"hold.{way}.choices.flag", FLAGS)
        act = raise_ if way == "raise" else lower
        await choose(desk, visit, typed, [*offered.items()], f"{way}-hold", act)

    async def show(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.arranging.arrangements(visit.caller, visit.room))

    router = desk.router
    for way, act in (("raise", raise_), ("lower", lower)):
        router.command(f"hold {way}", which)
        router.on(f"{way}-hold", act, first=First.REPLACE)
    router.command("hold show", show)


def _seasons(desk: Desk) -> None:
    async def set_(visit: Visit, _: str) -> None:
        await visit.quickly(desk.house.cohorts.supervised(visit.caller, visit.room))
        offered = named(desk, visit.locale, "season.set.choices.season", SEASONS)
        made = [
            forms.select_input("season", label(desk, visit.locale, "season.set.season"), offered),
            forms.date_input("first", label(desk, visit.locale, "season.set.first")),
            forms.date_input("last", label(desk, visit.locale, "season.set.last")),
        ]
        await visit.open_form(desk.words.say("slack.season.title", visit.locale), made, SET_SEASON)

    async def dated(visit: Visit, _: str) -> None:
        typed, arranging = visit.typed, desk.house.arranging
        season, first, last = typed["season"], typed["first"], typed["last"]
        await visit.show(await arranging.set_season(visit.caller, visit.room, season, first, last))

    async def clear(visit: Visit, season: str) -> None:
        await visit.show(await desk.house.arranging.end_season(visit.caller, visit.room, season))

    async def which(visit: Visit, typed: str) -> None:
        await desk.house.cohorts.supervised(visit.caller, visit.room)
        offered = named(desk, visit.locale, "season.clear.choices.season", SEASONS)
        await choose(desk, visit, typed, [*offered.items()], "season-clear", clear)

    router = desk.router
    router.command("season set", set_, first=First.FORM)
    router.on("season-set", dated)
    router.command("season clear", which)
    router.on("season-clear", clear, first=First.REPLACE)


def _items(desk: Desk) -> None:
    async def request(visit: Visit, theme: str) -> None:
        await visit.show(await desk.house.arranging.request(visit.caller, visit.room, theme))

    async def which_theme(visit: Visit, typed: str) -> None:
        await desk.house.cohorts.supervised(visit.caller, visit.room)
        offered = await desk.house.arranging.themes(visit.caller, visit.room, typed)
        await choose(desk, visit, typed, offered, "request-theme", request)

    async def release(visit: Visit, subject: str) -> None:
        await visit.show(await desk.house.arranging.show_held(visit.caller, *parts(subject, 2)))

    async def which_held(visit: Visit, typed: str) -> None:
        await desk.house.cohorts.supervised(visit.caller, visit.room)
        offered = await desk.house.arranging.held_items(visit.caller, visit.room, typed)
        await choose(desk, visit, typed, offered, "show-held", release)

    async def retire(visit: Visit, subject: str) -> None:
        await visit.show(await desk.house.arranging.retire(visit.caller, *parts(subject, 2)))

    async def which_item(visit: Visit, typed: str) -> None:
        await desk.house.cohorts.supervised(visit.caller, visit.room)
        offered = await desk.house.prompts.find_items(visit.caller, visit.here, typed)
        await choose(desk, visit, typed, offered, "retire-item", retire)

    router = desk.router
    for command, ask, action, act in (
        ("request", which_theme, "request-theme", request),
        ("release", which_held, "show-held", release),
        ("retire", which_item, "retire-item", retire),
    ):
        router.command(command, ask)
        router.on(action, act, first=First.REPLACE)


def _curricula(desk: Desk) -> None:
    async def start(visit: Visit, sequence: str) -> None:
        await visit.show(await desk.house.curricula.start(visit.caller, visit.room, sequence))

    async def which(visit: Visit, typed: str) -> None:
        await desk.house.cohorts.supervised(visit.caller, visit.room)
        offered = desk.house.curricula.offers(typed) or desk.house.curricula.offers("")
        await choose(desk, visit, typed, offered, "start-curriculum", start)

    async def act(visit: Visit, _: str) -> None:
        curricula = desk.house.curricula
        acts = {"status": curricula.status, "skip": curricula.skip, "stop": curricula.stop}
        await visit.show(await acts[visit.action.removeprefix("curriculum ")](visit.caller, visit.room))

    router = desk.router
    router.command("curriculum start", which)
    router.on("start-curriculum", start, first=First.REPLACE)
    for way in ("status", "skip", "stop"):
        router.command(f"curriculum {way}", act)
