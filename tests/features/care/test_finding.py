"""Which cohort somebody in a direct conversation is in: many are asked side by side, and no fault is silent."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.care import finding
from bot.care.finding import Finding
from bot.care.incoming import IncomingMessage
from bot.errors import TryLater
from bot.people import Cohort, Member, MessageRef, Place, Workspace
from tests.acting import AMARA, HERE, Stage

MANY = 60


class Servers:
    """Servers that are asked for a role: all at their own pace, some with faults."""

    def __init__(self, hers: str, faults: dict[str, int]) -> None:
        self.hers, self.faults = hers, faults
        self.asked: list[str] = []
        self.at_once = self.most_at_once = 0

    async def supervises(self, workspace: Workspace, member: Member, role: str) -> bool:
        self.asked.append(workspace.id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            for _ in range(5):
                await asyncio.sleep(0)  # lets the others begin
        finally:
            self.at_once -= 1
        if self.faults.get(workspace.id, 0) > 0:
            self.faults[workspace.id] -= 1
            raise TryLater
        return workspace.id == self.hers


class Kept:
    def __init__(self, cohorts: list[Cohort]) -> None:
        self.cohorts = cohorts

    async def every(self) -> list[Cohort]:
        return self.cohorts

    async def at(self, place: Place) -> Cohort | None:
        return next((cohort for cohort in self.cohorts if cohort.channel == place), None)


def somebody_writes(place: Place, *, direct: bool) -> IncomingMessage:
    return IncomingMessage(AMARA.member, place, MessageRef(place, "1"), "a word", direct=direct)


DIRECT = Place(Workspace(HERE.platform, "@me"), "dm")


@pytest.fixture
async def cohorts(at_work: Stage) -> list[Cohort]:
    one = next(iter(await at_work.stores.cohorts.every()))
    return [
        replace(one, id=f"c{at}", workspace=(there := Workspace(HERE.platform, f"s{at}")), channel=Place(there, "room"))
        for at in range(MANY)
    ]


def found_by(servers: Servers, cohorts: list[Cohort]) -> tuple[Finding, list[str]]:
    alarms: list[str] = []
    return Finding(Kept(cohorts), None, servers, alarms.append), alarms  # type: ignore[arg-type]


async def test_many_servers_are_asked_side_by_side(cohorts: list[Cohort]) -> None:
    servers = Servers(f"s{MANY - 1}", {})
    looking, alarms = found_by(servers, cohorts)
    found, _ = await looking.of_message(somebody_writes(DIRECT, direct=True))
    assert found == cohorts[-1]
    assert 1 < servers.most_at_once <= finding.ASKED_AT_ONCE
    assert not alarms


async def test_where_she_was_seen_last_is_asked_first(cohorts: list[Cohort]) -> None:
    servers = Servers("s40", {})
    looking, _ = found_by(servers, cohorts)
    await looking.of_message(somebody_writes(cohorts[40].channel, direct=False))
    assert (await looking.of_message(somebody_writes(DIRECT, direct=True)))[0] == cohorts[40]
    assert servers.asked == ["s40"]


async def test_a_passing_fault_is_asked_about_again(cohorts: list[Cohort]) -> None:
    looking, alarms = found_by(Servers("s7", {"s7": 1, "s8": 1}), cohorts)
    assert (await looking.of_message(somebody_writes(DIRECT, direct=True)))[0] == cohorts[7]
    assert not alarms


async def test_a_lasting_fault_is_told_to_the_operator(cohorts: list[Cohort]) -> None:
    looking, alarms = found_by(Servers("s7", {"s7": 9}), cohorts)
    assert await looking.of_message(somebody_writes(DIRECT, direct=True)) == (None, True)
    assert alarms == ["TryLater"]


async def test_a_look_up_without_end_is_told_too(cohorts: list[Cohort], monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(Servers):
        async def supervises(self, workspace: Workspace, member: Member, role: str) -> bool:
            await asyncio.Event().wait()
            return False

    monkeypatch.setattr(finding, "LOOKING_UP_SECONDS", 0.01)
    looking, alarms = found_by(Silent("s1", {}), cohorts)
    assert await looking.of_message(somebody_writes(DIRECT, direct=True)) == (None, True)
    assert alarms == ["TimeoutError"]
