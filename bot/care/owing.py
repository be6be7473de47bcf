"""Cards that are owed to somebody: sent privately, tried again after a passing fault, kept for her next step if not.

Forgotten with the process, on purpose: they would tell who had a hard day.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.cards import Card
from bot.errors import CannotReach
from bot.people import Member
from bot.ports.messenger import Messenger

_KEPT_EACH = 3


class Reach(Enum):
    """How a card fared on its way."""

    SHOWN = "shown"
    CLOSED = "closed"  # she takes no direct messages from the bot
    LATER = "later"  # a passing fault; it is tried again


@dataclass(frozen=True, slots=True)
class _Debt:
    key: str
    card: Card
    urgent: bool
    again: bool


class Owing:
    """Sends cards of care, and remembers those that did not arrive."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._debts: dict[Member, list[_Debt]] = {}

    async def send(self, member: Member, key: str, card: Card, *, urgent: bool) -> Reach:
        """Send a card by direct message, and owe it to her if that fails. Raises nothing of the platform's."""
        try:
            await self._messenger.direct(member, card, key=key)
        except CannotReach:
            self.owe(member, key, card, urgent=urgent, again=False)
            return Reach.CLOSED
        except Exception:
            # Whatever it was, it must not cost her the card, nor her supervisors their alert.
            self.owe(member, key, card, urgent=urgent, again=True)
            return Reach.LATER
        return Reach.SHOWN

    def owe(self, member: Member, key: str, card: Card, *, urgent: bool, again: bool) -> None:
        """Keep a card for her next step with the bot; the urgent ones are the last to be forgotten."""
        others = [debt for debt in self._debts.get(member, []) if debt.key != key]
        kept = sorted([*others, _Debt(key, card, urgent, again)], key=lambda debt: not debt.urgent)
        self._debts[member] = kept[:_KEPT_EACH]

    def take(self, member: Member) -> Card | None:
        """Return the gravest card that is owed to her, and owe it no more."""
        debts = self._debts.get(member)
        if not debts:
            return None
        debt = debts.pop(0)
        if not debts:
            del self._debts[member]
        return debt.card

    async def try_again(self) -> None:
        """Send once more what a passing fault kept back."""
        for member, debts in tuple(self._debts.items()):
            for debt in [debt for debt in debts if debt.again]:
                self._settle(member, debt)
                await self.send(member, debt.key, debt.card, urgent=debt.urgent)

    def _settle(self, member: Member, debt: _Debt) -> None:
        left = [other for other in self._debts.get(member, []) if other is not debt]
        if left:
            self._debts[member] = left
        else:
            self._debts.pop(member, None)
