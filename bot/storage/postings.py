"""Postings and supervisors' wishes as they are kept.

`ordinal` counts a cohort's postings in the order in which they were planned: two of one day have no instant to tell
them apart. (Responses have no such column, on purpose.)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Row,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)

from bot.errors import NotFound
from bot.people import MessageRef, Place, Platform, Workspace
from bot.ports.postings import Posting, PostingState, Wish, WishKind
from bot.storage.cohorts import cohorts
from bot.storage.database import Database, insert_or_keep, insert_or_replace
from bot.storage.schema import Day, Instant, Record, metadata

postings = Table(
    "postings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", BigInteger, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("day", Day, nullable=False),
    Column("why", Record, nullable=False),
    Column("state", Text, nullable=False),
    Column("platform", Text),
    Column("workspace_id", Text),
    Column("channel_id", Text),
    Column("message_id", Text),
    Column("thread_id", Text),
    Column("closes_at", Instant),
    UniqueConstraint("cohort_id", "ordinal"),
)
Index(None, postings.c.cohort_id, postings.c.day)
Index(None, postings.c.platform, postings.c.workspace_id, postings.c.thread_id)

wishes = Table(
    "wishes",
    metadata,
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), nullable=False),
    Column("item_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("day", Day),
    PrimaryKeyConstraint("cohort_id", "item_id", "kind"),
)


class SqlPostingStore:
    """Implements `bot.ports.postings.PostingStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plan(self, posting: Posting) -> Posting:
        known = select(postings).where(postings.c.id == posting.id)
        # One planner at a time in a cohort, and no lock against those who merely refer to it.
        cohort = select(cohorts.c.id).where(cohorts.c.id == posting.cohort_id).with_for_update(key_share=True)
        last = select(func.max(postings.c.ordinal)).where(postings.c.cohort_id == posting.cohort_id)
        async with self._database.writing() as connection:
            if await connection.scalar(cohort) is None:
                raise NotFound("The cohort was removed in the meantime.")
            ordinal = (await connection.scalar(last) or 0) + 1
            await insert_or_keep(connection, postings, _columns(posting, ordinal))
            return _posting((await connection.execute(known)).one())

    async def get(self, posting_id: str) -> Posting | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(postings).where(postings.c.id == posting_id))).one_or_none()
        return None if row is None else _posting(row)

    async def in_thread(self, thread: Place) -> Posting | None:
        here = select(postings).where(
            postings.c.platform == thread.workspace.platform.value,
            postings.c.workspace_id == thread.workspace.id,
            postings.c.thread_id == thread.id,
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(here.order_by(postings.c.ordinal.desc()))).first()
        return None if row is None else _posting(row)

    async def latest(self, cohort_id: str) -> Posting | None:
        standing = select(postings).where(postings.c.cohort_id == cohort_id, postings.c.message_id.is_not(None))
        async with self._database.reading() as connection:
            newest = standing.order_by(postings.c.day.desc(), postings.c.ordinal.desc())
            row = (await connection.execute(newest.limit(1))).one_or_none()
        return None if row is None else _posting(row)

    async def history(self, cohort_id: str, since: date | None = None) -> Sequence[Posting]:
        past = select(postings).where(postings.c.cohort_id == cohort_id)
        if since is not None:
            past = past.where(postings.c.day >= since)
        async with self._database.reading() as connection:
            return [
                _posting(row) for row in await connection.execute(past.order_by(postings.c.day, postings.c.ordinal))
            ]

    async def opened(self, posting_id: str, message: MessageRef, thread: Place, closes_at: datetime) -> None:
        planned = update(postings).where(postings.c.id == posting_id, postings.c.state == PostingState.PLANNED.value)
        async with self._database.writing() as connection:
            await connection.execute(
                planned.values(state=PostingState.OPEN.value, closes_at=closes_at, **_standing(message, thread))
            )

    async def move(self, posting_id: str, to: PostingState, *, only_from: Sequence[PostingState]) -> bool:
        eligible = update(postings).where(postings.c.id == posting_id, postings.c.state.in_(only_from))
        async with self._database.writing() as connection:
            return (await connection.execute(eligible.values(state=to.value))).rowcount == 1

    async def set_closing(self, posting_id: str, closes_at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(update(postings).where(postings.c.id == posting_id).values(closes_at=closes_at))

    async def unplanned(self, posting_id: str) -> None:
        planned = delete(postings).where(postings.c.id == posting_id, postings.c.state == PostingState.PLANNED.value)
        async with self._database.writing() as connection:
            await connection.execute(planned)

    async def wishes(self, cohort_id: str) -> Sequence[Wish]:
        of_cohort = select(wishes).where(wishes.c.cohort_id == cohort_id).order_by(wishes.c.item_id, wishes.c.kind)
        async with self._database.reading() as connection:
            return [
                Wish(row.cohort_id, row.item_id, WishKind(row.kind), row.day)
                for row in await connection.execute(of_cohort)
            ]

    async def wish(self, wish: Wish) -> None:
        row = {"cohort_id": wish.cohort_id, "item_id": wish.item_id, "kind": wish.kind.value, "day": wish.day}
        async with self._database.writing() as connection:
            await insert_or_replace(connection, wishes, row)

    async def unwish(self, cohort_id: str, item_id: str, kind: WishKind) -> bool:
        taken_back = delete(wishes).where(
            wishes.c.cohort_id == cohort_id, wishes.c.item_id == item_id, wishes.c.kind == kind.value
        )
        async with self._database.writing() as connection:
            return (await connection.execute(taken_back)).rowcount == 1


def _columns(posting: Posting, ordinal: int) -> dict[str, Any]:
    return {
        "id": posting.id,
        "cohort_id": posting.cohort_id,
        "ordinal": ordinal,
        "item_id": posting.item_id,
        "day": posting.day,
        "why": posting.why,
        "state": posting.state.value,
        **_standing(posting.message, posting.thread),
        "closes_at": posting.closes_at,
    }


def _standing(message: MessageRef | None, thread: Place | None) -> dict[str, str | None]:
    if message is None:
        return dict.fromkeys(("platform", "workspace_id", "channel_id", "message_id", "thread_id"))
    workspace = message.place.workspace
    if thread is not None and thread.workspace != workspace:
        raise ValueError("a posting's thread belongs to its message's workspace")
    return {
        "platform": workspace.platform.value,
        "workspace_id": workspace.id,
        "channel_id": message.place.id,
        "message_id": message.id,
        "thread_id": None if thread is None else thread.id,
    }


def _posting(row: Row[Any]) -> Posting:
    message = thread = None
    if row.message_id is not None:
        workspace = Workspace(Platform(row.platform), row.workspace_id)
        message = MessageRef(Place(workspace, row.channel_id), row.message_id)
        thread = None if row.thread_id is None else Place(workspace, row.thread_id)
    state = PostingState(row.state)
    return Posting(row.id, row.cohort_id, row.item_id, row.day, row.why, state, message, thread, row.closes_at)
