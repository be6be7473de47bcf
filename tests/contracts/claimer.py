"""A process of its own that claims and leases until nothing is due; `test_due_table` runs several at once.

Started as `python -m tests.contracts.claimer URL`; prints each delivery that it leased as one JSON line.
"""

from __future__ import annotations

import asyncio
import json
import sys

from bot.ports.duties import Ending
from bot.storage.database import Database
from bot.storage.stores import Stores
from tests.contracts.examples import MINUTE, NOW, advance


async def main(url: str) -> None:
    async with Database.open(url) as database:
        due = Stores.on(database).due
        sys.stdin.readline()  # all start at the same word
        while True:
            claimed = await due.claim_due(NOW, 10, advance)
            leased = await due.lease(NOW, NOW + MINUTE, 7)
            for delivery in leased:
                print(json.dumps([delivery.schedule_id, delivery.due.isoformat(), delivery.attempts]))
                await due.finish(delivery, Ending.DONE)
            if not claimed and not leased:
                return


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
