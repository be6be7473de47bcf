"""Keeping the room safe: hide, restore, delete, lock, close, pause, flag, and the supervisors' own audit."""

from __future__ import annotations

from bot.platforms.slack.desk import Desk
from bot.platforms.slack.visit import Visit


def register(desk: Desk) -> None:

    async def about_response(visit: Visit, response_id: str) -> None:
        moderation = desk.house.moderation
        acts = {
            "hide": moderation.hide,
            "restore": moderation.restore,
            "delete": moderation.delete,
            "flag": moderation.flag,
        }
        await visit.show(await acts[visit.action](visit.caller, response_id))

    async def about_posting(visit: Visit, posting_id: str) -> None:
        moderation = desk.house.moderation
        acts = {
            "lock": moderation.lock,
            "unlock": moderation.unlock,
            "close": moderation.close,
            "reopen": moderation.reopen,
        }
        await visit.show(await acts[visit.action](visit.caller, posting_id))

    async def change_here(visit: Visit, _: str) -> None:
        """Do it to the channel's latest posting; Slack has no commands in threads."""
        visit.action = visit.action.removeprefix("posting ")
        await about_posting(visit, await desk.house.moderation.posting_at(visit.caller, visit.here))

    async def next_(visit: Visit, _: str) -> None:
        posting_id = await desk.house.moderation.posting_at(visit.caller, visit.here)
        await visit.show(await desk.house.parts.release(visit.caller, posting_id))

    async def pause(visit: Visit, until: str) -> None:
        await visit.show(await desk.house.moderation.pause(visit.caller, visit.room, until))

    async def resume(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.moderation.resume(visit.caller, visit.room))

    async def audit(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.moderation.audit(visit.caller, visit.room))

    async def moderate(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.moderation.menu(visit.caller, visit.of_message()))

    async def flag_message(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.moderation.flag_message(visit.caller, visit.of_message()))

    router = desk.router
    for action in ("hide", "restore", "delete", "flag"):
        router.on(action, about_response)
    for action in ("lock", "unlock", "close", "reopen"):
        router.on(action, about_posting)
        router.command(f"posting {action}", change_here)
    router.command("posting next", next_)
    router.command("pause", pause)
    router.command("resume", resume)
    router.command("audit", audit)
    router.shortcut("moderate_response", moderate)
    router.shortcut("needs_a_person", flag_message)
