"""Prompts and vignettes on demand, why this one, and the coming week in a supervisor's hands."""

from __future__ import annotations

from bot.errors import NotFound
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.handlers.offers import choose
from bot.platforms.slack.router import First, parts
from bot.platforms.slack.visit import Visit


def register(desk: Desk) -> None:

    async def on_demand(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.prompts.on_demand(visit.caller, visit.here, visit.action, visit.token))

    async def why(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.prompts.why(visit.caller, visit.here))

    async def preview(visit: Visit, _: str) -> None:
        await visit.show(*await desk.house.prompts.preview(visit.caller, visit.here))

    async def pin(visit: Visit, subject: str) -> None:
        visit.action = "pin"
        await rearrange(visit, subject)

    async def find(visit: Visit, typed: str) -> None:
        await desk.house.cohorts.supervised(visit.caller, visit.room)
        offered = await desk.house.prompts.find_items(visit.caller, visit.here, typed)
        await choose(desk, visit, typed, offered, "pin", pin)

    async def week(visit: Visit, cohort_id: str) -> None:
        cohort = await desk.house.cohorts.known(cohort_id)
        if cohort.workspace != visit.caller.workspace:
            raise NotFound("this cohort is elsewhere")
        await visit.show(*await desk.house.prompts.preview(visit.caller, cohort.channel))

    async def act_on_week(visit: Visit, day: str) -> None:
        await visit.show(await desk.house.week.act(visit.caller, visit.choice, day))

    async def post(visit: Visit, subject: str) -> None:
        cohort_id, item_id = parts(subject, 2)
        await visit.show(await desk.house.prompts.post_now(visit.caller, cohort_id, item_id))

    async def open_(visit: Visit, posting_id: str) -> None:
        await visit.show(await desk.house.prompts.reveal(visit.caller, posting_id))

    async def rearrange(visit: Visit, subject: str) -> None:
        prompts = desk.house.prompts
        cohort_id, item_id = parts(subject, 2)
        if visit.choice:
            card = await prompts.pin(visit.caller, cohort_id, item_id, anyway=True)
        else:
            acts = {"swap": prompts.swap, "skip": prompts.skip, "pin": prompts.pin}
            card = await acts[visit.action](visit.caller, cohort_id, item_id)
        await visit.show(card)

    router = desk.router
    for kind in ("prompt", "vignette"):
        router.command(kind, on_demand)
    router.command("why", why)
    router.command("preview", preview)
    router.command("pin", find)
    router.on("post", post)
    router.on("week", week)
    router.on("open", open_)
    for act in ("approve", "swap", "skip", "post"):
        router.on(f"week-{act}", act_on_week)
    for action in ("swap", "skip", "pin", "pin-anyway"):
        router.on(action, rearrange, first=First.REPLACE)
