"""The database: reachable, writable, at this version's revision."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

from bot.care.feedback import FEW, rounded
from bot.commands.doctor.check import Check, good, mend
from bot.errors import StorageError
from bot.people import Cohort
from bot.ports.feedback import Verdict
from bot.settings import Settings
from bot.storage import migration
from bot.storage.database import Database, parse_url, shown
from bot.storage.stores import Stores


async def keeping(settings: Settings) -> tuple[list[Check], Sequence[Cohort]]:
    """Look at the database, and return the cohorts that it holds."""
    try:
        url = parse_url(settings.database)
        if url.get_backend_name() == "sqlite" and not os.path.isfile(url.database or ""):  # noqa: ASYNC240  # one look
            # Opening it would make it, and a doctor only looks.
            return [good("Database", f"{shown(url)} is made at the first start")], ()
        async with Database.open(settings.database) as database:
            return await _looked(database)
    except StorageError as error:
        return [mend("Database", str(error), "")], ()


async def _looked(database: Database) -> tuple[list[Check], Sequence[Cohort]]:
    checks = [good("Database", f"{database.name} answers")]
    async with database.writing():
        checks.append(good("Database", "can be written"))
    revision = await migration.current(database)
    if revision is None:
        checks.append(good("Database", "is empty; the first start fills it"))
        return checks, ()
    await migration.require_current(database)
    checks.append(good("Database", f"is at this version's revision, {revision}"))
    stores = Stores.on(database)
    cohorts = await stores.cohorts.every()
    checks.append(good("Cohorts", str(len(cohorts)) if cohorts else "none yet; /setup on your server makes one"))
    checks.append(await _feedback(stores))
    return checks, cohorts


async def _feedback(stores: Stores) -> Check:
    """What people said of the crisis screen, in counts as coarse as supervisors see."""
    times: Counter[Verdict] = Counter()
    for opinion in await stores.feedback.every():
        times[opinion.verdict] += opinion.times
    said = (f"{rounded(times[verdict])} or more “{verdict}”" for verdict in Verdict if times[verdict] >= FEW)
    return good("Screen feedback", ", ".join(said) or f"fewer than {FEW} of each kind")
