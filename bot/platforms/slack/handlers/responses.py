"""Answering a posting, and what an author may do with her own responses: discreetly, all of it."""

from __future__ import annotations

from bot.errors import BadInput, MessengerError
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.router import First, Handler
from bot.platforms.slack.visit import TEXT, Visit


def register(desk: Desk) -> None:

    async def respond(visit: Visit, posting_id: str) -> None:
        invitation = await visit.quickly(desk.house.responses.begin(visit.caller, posting_id))
        await visit.quickly(desk.require_our_own(visit))
        await visit.ask(invitation, "submit", posting_id)

    async def is_ours(visit: Visit) -> bool:
        """Say whether what was typed may go on; if not, its writer has been told and has her words back."""
        try:
            await desk.require_our_own(visit)
        except (BadInput, MessengerError) as refusal:
            await desk.explain(visit, refusal)
            return False
        return True

    async def submit(visit: Visit, posting_id: str) -> None:
        if not await is_ours(visit):
            return
        more = [text for name, text in visit.typed.items() if name != TEXT]
        submit_ = desk.house.responses.submit
        await desk.render(visit, await submit_(visit.caller, posting_id, visit.typed[TEXT], visit.token, more))

    async def mine(visit: Visit, posting_id: str) -> None:
        await visit.show(*await desk.house.responses.mine(visit.caller, posting_id))

    async def draw(visit: Visit, posting_id: str) -> None:
        await visit.show(await desk.house.dealing.draw(visit.caller, posting_id))

    async def ask_opinion(visit: Visit, posting_id: str) -> None:
        await visit.show(await desk.house.opinions.ask(visit.caller, posting_id))

    async def give_opinion(visit: Visit, posting_id: str) -> None:
        await visit.show(await desk.house.opinions.give(visit.caller, posting_id, visit.choice))

    async def edit(visit: Visit, response_id: str) -> None:
        invitation = await visit.quickly(desk.house.responses.begin_edit(visit.caller, response_id))
        await visit.ask(invitation, "resubmit", response_id)

    async def resubmit(visit: Visit, response_id: str) -> None:
        if not await is_ours(visit):
            return
        await desk.render(visit, await desk.house.responses.edit(visit.caller, response_id, visit.typed[TEXT]))

    async def withdraw(visit: Visit, response_id: str) -> None:
        await visit.show(await desk.house.responses.withdraw(visit.caller, response_id))

    async def choose(visit: Visit, response_id: str) -> None:
        if visit.choice == "publish":
            await desk.require_our_own(visit)
        choose_ = desk.house.responses.choose
        await desk.render(visit, await choose_(visit.caller, response_id, visit.choice, visit.channel))

    def on(action: str, handler: Handler, *, first: First = First.WAIT) -> None:
        async def discreetly(visit: Visit, subject: str) -> None:
            visit.discreet = True
            await handler(visit, subject)

        desk.router.on(action, discreetly, first=first)

    on("respond", respond, first=First.FORM)
    on("submit", submit)
    on("mine", mine)
    on("draw", draw)
    on("opine", ask_opinion)
    on("opinion-*", give_opinion)
    on("edit", edit, first=First.FORM)
    on("resubmit", resubmit)
    on("withdraw", withdraw)
    on("choose-*", choose)
