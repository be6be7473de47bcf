"""One messenger for the features, whichever platform a place or a person belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.cards import Card
from bot.errors import MessengerError
from bot.people import Member, MessageRef, Place, Platform, Workspace
from bot.ports.messenger import Messenger, Trouble


class MessengerSwitch:
    """Implements `bot.ports.messenger.Messenger` by handing each call to the messenger of its platform.

    Raises MessengerError when the platform's door is not open in this process.
    """

    def __init__(self, messengers: Mapping[Platform, Messenger]) -> None:
        self._messengers = messengers

    async def post(self, place: Place, card: Card, *, key: str) -> MessageRef:
        return await self._of(place.workspace.platform).post(place, card, key=key)

    async def find(self, place: Place, key: str) -> MessageRef | None:
        return await self._of(place.workspace.platform).find(place, key)

    async def edit(self, ref: MessageRef, card: Card, *, key: str | None = None) -> None:
        await self._of(ref.place.workspace.platform).edit(ref, card, key=key)

    async def delete(self, ref: MessageRef) -> None:
        await self._of(ref.place.workspace.platform).delete(ref)

    async def open_thread(self, ref: MessageRef, title: str) -> Place:
        return await self._of(ref.place.workspace.platform).open_thread(ref, title)

    async def set_thread_locked(self, thread: Place, locked: bool, *, locale: str = "en") -> None:
        await self._of(thread.workspace.platform).set_thread_locked(thread, locked, locale=locale)

    async def direct(self, member: Member, card: Card, *, key: str) -> None:
        await self._of(member.platform).direct(member, card, key=key)

    async def troubles(self, place: Place, *, threads: bool) -> Sequence[Trouble]:
        return await self._of(place.workspace.platform).troubles(place, threads=threads)

    async def supervises(self, workspace: Workspace, member: Member, role: str) -> bool:
        return await self._of(workspace.platform).supervises(workspace, member, role)

    def _of(self, platform: Platform) -> Messenger:
        try:
            return self._messengers[platform]
        except KeyError:
            raise MessengerError(f"the door to {platform.value} is not open") from None
