"""All stores of one database, ready to hand out by the capability that each feature needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bot.ports.audit import AlertStore, AuditStore
from bot.ports.cohorts import CohortStore, MemberStore
from bot.ports.duties import DueTable
from bot.ports.feedback import FeedbackStore
from bot.ports.library import OpinionStore, OwnItemStore, SuggestionStore
from bot.ports.plans import PlanStore
from bot.ports.postings import PostingStore
from bot.ports.responses import ResponseStore
from bot.ports.sessions import SessionStore
from bot.storage.alerts import SqlAlertStore
from bot.storage.audit import SqlAuditStore
from bot.storage.cohorts import SqlCohortStore
from bot.storage.database import Database
from bot.storage.due import SqlDueTable
from bot.storage.feedback import SqlFeedbackStore
from bot.storage.installations import installations as installations  # its table belongs to the schema
from bot.storage.library import SqlOpinionStore, SqlOwnItemStore, SqlSuggestionStore
from bot.storage.members import SqlMemberStore
from bot.storage.plans import SqlPlanStore
from bot.storage.postings import SqlPostingStore
from bot.storage.responses import SqlResponseStore
from bot.storage.sessions import SqlSessionStore


@dataclass(frozen=True, slots=True)
class Stores:
    """One adapter for each port in `bot.ports`."""

    due: DueTable
    cohorts: CohortStore
    members: MemberStore
    postings: PostingStore
    plans: PlanStore
    responses: ResponseStore
    sessions: SessionStore
    audit: AuditStore
    alerts: AlertStore
    feedback: FeedbackStore
    own_items: OwnItemStore
    suggestions: SuggestionStore
    opinions: OpinionStore

    @classmethod
    def on(cls, database: Database) -> Self:
        """Make the stores of `database`, whose tables must be there (see `bot.storage.migration`)."""
        return cls(
            due=SqlDueTable(database),
            cohorts=SqlCohortStore(database),
            members=SqlMemberStore(database),
            postings=SqlPostingStore(database),
            plans=SqlPlanStore(database),
            responses=SqlResponseStore(database),
            sessions=SqlSessionStore(database),
            audit=SqlAuditStore(database),
            alerts=SqlAlertStore(database),
            feedback=SqlFeedbackStore(database),
            own_items=SqlOwnItemStore(database),
            suggestions=SqlSuggestionStore(database),
            opinions=SqlOpinionStore(database),
        )
