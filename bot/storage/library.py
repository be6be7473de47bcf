"""Cohorts' own items, members' suggestions and opinions of items, as they are kept.

Opinions are counted apart from the tags that keep anybody from giving two: the tags hang on a posting and are blanked
with its key (`bot.storage.responses`), the counts know neither posting nor day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    PrimaryKeyConstraint,
    Row,
    Select,
    Table,
    Text,
    Update,
    select,
    update,
)

from bot.people import Member, Platform
from bot.ports.library import APPROVED, OwnText, Suggestion, Take, Takes
from bot.storage.database import Database, insert_or_add, insert_or_keep
from bot.storage.schema import Day, metadata

own_items = Table(
    "own_items",
    metadata,
    Column("id", Text, primary_key=True),
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("added_on", Day, nullable=False),
    Column("copy_of", Text),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("theme", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("shown_platform", Text),
    Column("shown_id", Text),
    Column("decided", Text, nullable=False),
    # Rows in the order of their random ids: the order of their coming would tell who was there when.
    sqlite_with_rowid=False,
)

item_takes = Table(
    "item_takes",
    metadata,
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), nullable=False),
    Column("item_id", Text, nullable=False),
    Column("take", Text, nullable=False),
    Column("times", BigInteger, nullable=False),
    PrimaryKeyConstraint("cohort_id", "item_id", "take"),
    sqlite_with_rowid=False,
)

take_tags = Table(
    "take_tags",
    metadata,
    Column("posting_id", Text, ForeignKey("postings.id", ondelete="CASCADE"), nullable=False),
    Column("tag", Text, nullable=False),
    PrimaryKeyConstraint("posting_id", "tag"),
    sqlite_with_rowid=False,
)


class SqlOwnItemStore:
    """Implements `bot.ports.library.OwnItemStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, own: OwnText, *, answers: str = "") -> OwnText | None:
        row = {
            "id": own.id,
            "cohort_id": own.cohort_id,
            "text": own.text,
            "added_on": own.added_on,
            "copy_of": own.copy_of,
        }
        known = select(own_items).where(own_items.c.id == own.id)
        async with self._database.writing() as connection:
            there = (await connection.execute(known)).one_or_none()
            if there is None and answers and (await connection.execute(_deciding(answers, APPROVED))).rowcount != 1:
                return None
            await insert_or_keep(connection, own_items, row)
            kept = _own((await connection.execute(known)).one())
        if answers:
            await self._database.wipe_traces()
        return kept

    async def of_cohort(self, cohort_id: str) -> Sequence[OwnText]:
        theirs = select(own_items).where(own_items.c.cohort_id == cohort_id).order_by(own_items.c.id)
        async with self._database.reading() as connection:
            return [_own(row) for row in await connection.execute(theirs)]


class SqlSuggestionStore:
    """Implements `bot.ports.library.SuggestionStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, suggestion: Suggestion) -> bool:
        row = {
            "id": suggestion.id,
            "cohort_id": suggestion.cohort_id,
            "kind": suggestion.kind,
            "title": suggestion.title,
            "body": suggestion.body,
            "question": suggestion.question,
            "theme": suggestion.theme,
            "reason": suggestion.reason,
            "shown_platform": suggestion.shown.platform.value if suggestion.shown else None,
            "shown_id": suggestion.shown.id if suggestion.shown else None,
            "decided": suggestion.decided,
        }
        async with self._database.writing() as connection:
            return await insert_or_keep(connection, suggestions, row)

    async def get(self, suggestion_id: str) -> Suggestion | None:
        return next(iter(await self._all(select(suggestions).where(suggestions.c.id == suggestion_id))), None)

    async def open(self, cohort_id: str) -> Sequence[Suggestion]:
        return await self._all(
            select(suggestions).where(suggestions.c.cohort_id == cohort_id, suggestions.c.decided == "")
        )

    async def decide(self, suggestion_id: str, decided: str) -> bool:
        async with self._database.writing() as connection:
            first = (await connection.execute(_deciding(suggestion_id, decided))).rowcount == 1
        if first:
            await self._database.wipe_traces()
        return first

    async def _all(self, wanted: Select[Any]) -> list[Suggestion]:
        async with self._database.reading() as connection:
            return [_suggestion(row) for row in await connection.execute(wanted.order_by(suggestions.c.id))]


class SqlOpinionStore:
    """Implements `bot.ports.library.OpinionStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, posting_id: str, tag: str, takes: Takes) -> bool:
        row = {"cohort_id": takes.cohort_id, "item_id": takes.item_id, "take": takes.take.value}
        async with self._database.writing() as connection:
            if not await insert_or_keep(connection, take_tags, {"posting_id": posting_id, "tag": tag}):
                return False
            await insert_or_add(connection, item_takes, row, "times")
            return True

    async def of_cohort(self, cohort_id: str) -> Sequence[Takes]:
        return await self._all(select(item_takes).where(item_takes.c.cohort_id == cohort_id))

    async def every(self) -> Sequence[Takes]:
        return await self._all(select(item_takes))

    async def _all(self, wanted: Select[Any]) -> list[Takes]:
        ordered = wanted.order_by(*item_takes.primary_key.columns)
        async with self._database.reading() as connection:
            return [
                Takes(row.cohort_id, row.item_id, Take(row.take), row.times)
                for row in await connection.execute(ordered)
            ]


def _deciding(suggestion_id: str, decided: str) -> Update:
    """Decide a suggestion that waits, and forget who made it."""
    waiting = update(suggestions).where(suggestions.c.id == suggestion_id, suggestions.c.decided == "")
    return waiting.values(decided=decided, shown_platform=None, shown_id=None)


def _own(row: Row[Any]) -> OwnText:
    return OwnText(row.id, row.cohort_id, row.text, row.added_on, row.copy_of)


def _suggestion(row: Row[Any]) -> Suggestion:
    shown = Member(Platform(row.shown_platform), row.shown_id) if row.shown_id is not None else None
    return Suggestion(
        row.id,
        row.cohort_id,
        row.kind,
        row.title,
        row.body,
        row.question,
        row.theme,
        row.reason,
        shown,
        row.decided,
    )
