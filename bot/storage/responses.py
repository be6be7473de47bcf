"""Responses as they are kept: without an author, an instant, or an order.

On SQLite these tables are WITHOUT ROWID: their rows lie in the order of their random ids, and nothing counts who came
first. Everything is read in the order of ids, for the same reason. What is erased is overwritten in the file
(`secure_delete`) and its write-ahead log is emptied.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Row,
    Select,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from bot.errors import NotFound
from bot.ports.responses import AnonymousResponse, ResponseState
from bot.storage.database import Database, insert_or_keep
from bot.storage.library import take_tags
from bot.storage.postings import postings
from bot.storage.schema import metadata

responses = Table(
    "responses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("posting_id", Text, ForeignKey("postings.id", ondelete="CASCADE"), nullable=False),
    Column("alias", Text, nullable=False),
    Column("tag", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("message_id", Text),
    sqlite_with_rowid=False,
)
Index(None, responses.c.posting_id, responses.c.tag)
Index(None, responses.c.posting_id, responses.c.message_id)
Index(
    "ix_responses_waiting",
    responses.c.id,
    sqlite_where=responses.c.state == "waiting",
    postgresql_where=responses.c.state == "waiting",
)

aliases = Table(
    "aliases",
    metadata,
    Column("posting_id", Text, ForeignKey("postings.id", ondelete="CASCADE"), nullable=False),
    Column("tag", Text, nullable=False),
    Column("alias", Text, nullable=False),
    PrimaryKeyConstraint("posting_id", "tag"),
    UniqueConstraint("posting_id", "alias"),
    sqlite_with_rowid=False,
)

flags = Table(
    "flags",
    metadata,
    Column("response_id", Text, ForeignKey("responses.id", ondelete="CASCADE"), nullable=False),
    Column("tag", Text, nullable=False),
    PrimaryKeyConstraint("response_id", "tag"),
    sqlite_with_rowid=False,
)

_NOTHING = "N"
_ONCE_PUBLISHED = (ResponseState.PUBLISHED.value, ResponseState.HIDDEN.value)
_stands_nowhere = and_(
    responses.c.state.not_in(_ONCE_PUBLISHED),
    or_(responses.c.message_id.is_(None), responses.c.state == ResponseState.PRIVATE.value),
)


class SqlResponseStore:
    """Implements `bot.ports.responses.ResponseStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def alias(self, posting_id: str, tag: str, offered: Sequence[str]) -> str:
        known = select(aliases.c.tag, aliases.c.alias).where(aliases.c.posting_id == posting_id)
        posting = select(postings.c.id).where(postings.c.id == posting_id).with_for_update(key_share=True)
        async with self._database.writing() as connection:
            if await connection.scalar(posting) is None:  # locked: aliases of a posting are given one at a time
                raise NotFound("The posting was removed in the meantime.")
            taken = {row.tag: row.alias for row in await connection.execute(known)}
            if tag in taken:
                return str(taken[tag])
            used = set(taken.values())
            free = next((alias for alias in offered if alias not in used), None)
            if free is None:
                raise NotFound("None of the aliases that were offered is free.")
            await connection.execute(aliases.insert().values(posting_id=posting_id, tag=tag, alias=free))
            return free

    async def add(self, response: AnonymousResponse) -> AnonymousResponse:
        row = {
            "id": response.id,
            "posting_id": response.posting_id,
            "alias": response.alias,
            "tag": response.tag,
            "sealed": response.sealed,
            "state": response.state.value,
            "level": response.level,
            "message_id": response.message_id,
        }
        async with self._database.writing() as connection:
            await insert_or_keep(connection, responses, row)
            known = select(responses).where(responses.c.id == response.id)
            return _response((await connection.execute(known)).one())

    async def get(self, response_id: str) -> AnonymousResponse | None:
        return next(iter(await self._all(select(responses).where(responses.c.id == response_id))), None)

    async def by_message(self, posting_id: str, message_id: str) -> AnonymousResponse | None:
        there = select(responses).where(responses.c.posting_id == posting_id, responses.c.message_id == message_id)
        return next(iter(await self._all(there)), None)

    async def of_tag(self, posting_id: str, tag: str) -> Sequence[AnonymousResponse]:
        return await self._all(select(responses).where(responses.c.posting_id == posting_id, responses.c.tag == tag))

    async def of_posting(self, posting_id: str) -> Sequence[AnonymousResponse]:
        return await self._all(select(responses).where(responses.c.posting_id == posting_id))

    async def turnout(self, posting_ids: Sequence[str]) -> Sequence[int]:
        published = select(responses.c.posting_id, func.count()).where(
            responses.c.posting_id.in_(posting_ids), responses.c.state == ResponseState.PUBLISHED.value
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(published.group_by(responses.c.posting_id))
            counts: dict[str, int] = dict(tuple(row) for row in rows)
        return [counts.get(posting_id, 0) for posting_id in posting_ids]

    async def waiting(self, limit: int) -> Sequence[AnonymousResponse]:
        waiting = select(responses).where(responses.c.state == ResponseState.WAITING.value)
        return await self._all(waiting.limit(limit))

    async def reseal(self, response_id: str, sealed: bytes, level: str, *, to: ResponseState | None = None) -> bool:
        changed = update(responses).where(responses.c.id == response_id).values(sealed=sealed, level=level)
        if to is not None:
            changed = changed.where(responses.c.state != ResponseState.HIDDEN.value).values(state=to.value)
        async with self._database.writing() as connection:
            return (await connection.execute(changed)).rowcount == 1

    async def move(self, response_id: str, to: ResponseState, *, only_from: Sequence[ResponseState]) -> bool:
        eligible = update(responses).where(responses.c.id == response_id, responses.c.state.in_(only_from))
        async with self._database.writing() as connection:
            return (await connection.execute(eligible.values(state=to.value))).rowcount == 1

    async def published(self, response_id: str, message_id: str) -> bool:
        waiting = update(responses).where(
            responses.c.id == response_id, responses.c.state == ResponseState.WAITING.value
        )
        async with self._database.writing() as connection:
            result = await connection.execute(
                waiting.values(state=ResponseState.PUBLISHED.value, message_id=message_id, level=_NOTHING)
            )
            return result.rowcount == 1

    async def delete(self, response_id: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(delete(responses).where(responses.c.id == response_id))
        await self._database.wipe_traces()

    async def forget_tag(self, posting_id: str, tag: str) -> None:
        of_posting = select(responses.c.id).where(responses.c.posting_id == posting_id)
        hers = update(aliases).where(aliases.c.posting_id == posting_id, aliases.c.tag == tag)
        async with self._database.writing() as connection:
            await connection.execute(delete(flags).where(flags.c.tag == tag, flags.c.response_id.in_(of_posting)))
            await connection.execute(hers.values(tag=secrets.token_hex(16)))
            await connection.execute(
                delete(take_tags).where(take_tags.c.posting_id == posting_id, take_tags.c.tag == tag)
            )
        await self._database.wipe_traces()

    async def forget_authors(self, posting_id: str) -> None:
        of_posting = responses.c.posting_id == posting_id
        theirs = select(responses.c.id).where(of_posting)
        async with self._database.writing() as connection:
            await connection.execute(delete(flags).where(flags.c.response_id.in_(theirs)))
            await connection.execute(delete(aliases).where(aliases.c.posting_id == posting_id))
            await connection.execute(delete(take_tags).where(take_tags.c.posting_id == posting_id))
            await connection.execute(delete(responses).where(of_posting, _stands_nowhere))
            # Earlier words of one that waits for a choice about new ones still stand, and stay supervisors' to hide.
            changing = update(responses).where(of_posting, responses.c.state.not_in(_ONCE_PUBLISHED))
            await connection.execute(changing.values(state=ResponseState.PUBLISHED.value))
            blank = {"tag": "", "sealed": b"", "alias": "", "level": _NOTHING}
            await connection.execute(update(responses).where(of_posting).values(blank))
        await self._database.wipe_traces()

    async def flag(self, response_id: str, tag: str) -> int | None:
        response = select(responses.c.id).where(responses.c.id == response_id).with_for_update(key_share=True)
        async with self._database.writing() as connection:
            if await connection.scalar(response) is None:  # locked: two flags at once must not both count to one
                raise NotFound("The response was removed in the meantime.")
            if not await insert_or_keep(connection, flags, {"response_id": response_id, "tag": tag}):
                return None
            return await connection.scalar(
                select(func.count()).select_from(flags).where(flags.c.response_id == response_id)
            )

    async def flagged(self, cohort_id: str, limit: int) -> list[tuple[AnonymousResponse, int]]:
        count = func.count().label("count")
        counted = select(flags.c.response_id, count).group_by(flags.c.response_id).subquery()
        wanted = (
            select(responses, counted.c.count)
            .join(counted, counted.c.response_id == responses.c.id)
            .join(postings, postings.c.id == responses.c.posting_id)
            .where(postings.c.cohort_id == cohort_id, responses.c.state == ResponseState.PUBLISHED.value)
            .order_by(counted.c.count.desc(), responses.c.id)
            .limit(limit)
        )
        async with self._database.reading() as connection:
            return [(_response(row), row[-1]) for row in await connection.execute(wanted)]

    async def _all(self, wanted: Select[Any]) -> list[AnonymousResponse]:
        async with self._database.reading() as connection:
            return [_response(row) for row in await connection.execute(wanted.order_by(responses.c.id))]


def _response(row: Row[Any]) -> AnonymousResponse:
    return AnonymousResponse(
        row.id, row.posting_id, row.alias, row.tag, row.sealed, ResponseState(row.state), row.level, row.message_id
    )
