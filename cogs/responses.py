"""Answering a posting, and what an author may do with her own responses."""

from __future__ import annotations

from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.cog import DoorCog
from bot.platforms.discord.router import First
from bot.platforms.discord.visit import TEXT, Visit


class Responses(DoorCog):
    """Buttons and forms of responses."""

    async def cog_load(self) -> None:
        on = self.client.router.on
        on("respond", self.respond, first=First.FORM)
        on("submit", self.submit)
        on("mine", self.mine)
        on("draw", self.draw)
        on("edit", self.edit, first=First.FORM)
        on("resubmit", self.resubmit)
        on("withdraw", self.withdraw)
        on("choose-*", self.choose)

    async def respond(self, visit: Visit, posting_id: str) -> None:
        invitation = await visit.quickly(self.house.responses.begin(visit.caller, posting_id))
        await visit.ask(invitation, "submit", posting_id)

    async def submit(self, visit: Visit, posting_id: str) -> None:
        more = [text for name, text in visit.typed.items() if name != TEXT]
        submit = self.house.responses.submit
        await self.render(visit, await submit(visit.caller, posting_id, visit.typed[TEXT], visit.token, more))

    async def mine(self, visit: Visit, posting_id: str) -> None:
        await visit.show(*await self.house.responses.mine(visit.caller, posting_id))

    async def draw(self, visit: Visit, posting_id: str) -> None:
        await visit.show(await self.house.dealing.draw(visit.caller, posting_id))

    async def edit(self, visit: Visit, response_id: str) -> None:
        invitation = await visit.quickly(self.house.responses.begin_edit(visit.caller, response_id))
        await visit.ask(invitation, "resubmit", response_id)

    async def resubmit(self, visit: Visit, response_id: str) -> None:
        await self.render(visit, await self.house.responses.edit(visit.caller, response_id, visit.typed[TEXT]))

    async def withdraw(self, visit: Visit, response_id: str) -> None:
        await visit.show(await self.house.responses.withdraw(visit.caller, response_id))

    async def choose(self, visit: Visit, response_id: str) -> None:
        choose = self.house.responses.choose
        await self.render(visit, await choose(visit.caller, response_id, visit.choice, visit.channel))


async def setup(client: ThirdChairClient) -> None:
    """Load the cog (discord.py calls this)."""
    await client.add_cog(Responses(client))
