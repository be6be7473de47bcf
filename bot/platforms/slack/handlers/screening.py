"""Trying the crisis screen, and saying what it got wrong."""

from __future__ import annotations

from bot.platforms.slack.desk import Desk
from bot.platforms.slack.visit import Visit


def register(desk: Desk) -> None:

    async def screen_test(visit: Visit, sentence: str) -> None:
        await visit.show(await desk.house.feedback.try_out(visit.caller, sentence))

    async def screen_report(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.feedback.report(visit.caller))

    async def missed(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.feedback.missed(visit.caller, visit.of_message(), visit.words))

    async def wrong_alarm(visit: Visit, subject: str) -> None:
        await visit.show(await desk.house.feedback.wrong_alarm(visit.caller, subject))

    desk.router.command("supervisor screen-test", screen_test)
    desk.router.command("supervisor screen-report", screen_report)
    desk.router.shortcut("screen_missed", missed)
    desk.router.on("wrong", wrong_alarm)
