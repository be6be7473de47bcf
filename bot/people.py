"""Who and where: platform-tagged, opaque ids that every room of the house may carry.

Nothing here knows a platform's SDK. An id is the text that the platform's door gave us; only that door
reads meaning into it (Slack's thread place, for instance, is a channel and a timestamp in one id).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum


class Platform(StrEnum):
    """The chat services that Third Chair has a door to."""

    DISCORD = "discord"
    SLACK = "slack"


class Role(StrEnum):
    """What a person may do in a cohort."""

    TRAINEE = "trainee"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """A person, as her platform names her. `repr` masks the id, so that a log line cannot carry it."""

    platform: Platform
    id: str = field(repr=False)


@dataclass(frozen=True, slots=True, order=True)
class Workspace:
    """A Discord server or a Slack workspace."""

    platform: Platform
    id: str


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Somewhere a message can stand: a channel or a thread."""

    workspace: Workspace
    id: str


@dataclass(frozen=True, slots=True, order=True)
class MessageRef:
    """One message in one place."""

    place: Place
    id: str


@dataclass(frozen=True, slots=True)
class Caller:
    """A person at a door, with the roles that the platform vouches for at this very moment.

    Doors build it freshly from each event; it is never stored, so a role that was taken away counts at once.
    `locale` is the language that she chose for herself, if she did.
    """

    member: Member
    workspace: Workspace
    roles: frozenset[str] = frozenset()
    manages_workspace: bool = False
    locale: str | None = None


class AlertPolicy(StrEnum):
    """What supervisors learn when someone's words point to a crisis; members are told which one holds."""

    NOTICE_ONLY = "notice only"
    WITH_TEXT = "with text"
    ON_REQUEST = "only when the author asks"


class ItemPolicy(StrEnum):
    """What must have happened to an item before it goes into the channel by itself."""

    PREVIEW = "preview"
    """Supervisors were shown it, in the weekly card, and neither swapped nor skipped it."""
    APPROVED_ONLY = "approved-only"
    """A supervisor approved it."""
    OPEN = "open"
    """Nothing."""


WEEKDAYS: frozenset[int] = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group of trainees with its supervisors, its channel and its rhythm.

    `days` are weekdays (Monday is 0); `time` is wall time in `zone` (an IANA name); `country` is an
    ISO 3166-1 alpha-2 code and chooses help lines and public holidays; `open_days` is how many days a posting
    takes responses before it closes and its key is destroyed. An alert that no supervisor takes within
    `escalate_after` minutes is repeated in `escalation_channel`, or where it stands if there is none.
    """

    id: str
    workspace: Workspace
    name: str
    channel: Place
    supervisors_channel: Place
    supervisor_role: str
    trainee_role: str
    zone: str
    days: frozenset[int]
    time: time
    country: str
    created_on: date
    site_protocol: str = ""
    on_call: str = ""
    coverage_hours: str = ""
    subdivision: str | None = None
    locale: str = "en"
    alert_policy: AlertPolicy = AlertPolicy.NOTICE_ONLY
    escalate_after: int = 15
    escalation_channel: Place | None = None
    open_days: int = 7
    paused_until: datetime | None = None
    level: int = 1
    item_policy: ItemPolicy = ItemPolicy.PREVIEW

    def role_of(self, caller: Caller) -> Role | None:
        """Say what `caller` is in this cohort; a supervisor's role outranks a trainee's."""
        if caller.workspace != self.workspace:
            return None
        if self.supervisor_role in caller.roles:
            return Role.SUPERVISOR
        if self.trainee_role in caller.roles:
            return Role.TRAINEE
        return None

    def heard_by(self, caller: Caller) -> Cohort:
        """Return the cohort in the caller's own language: for words that she alone reads, never to be saved."""
        return replace(self, locale=caller.locale or self.locale)

    def is_paused(self, now: datetime) -> bool:
        """Say whether everything that the bot does by itself rests at `now` (aware UTC)."""
        return self.paused_until is not None and now < self.paused_until


@dataclass(frozen=True, slots=True)
class MemberSettings:
    """What one person chose for herself. Kept nowhere near her responses."""

    member: Member
    country: str | None = None
    locale: str | None = None
    reminders_by_dm: bool = False
