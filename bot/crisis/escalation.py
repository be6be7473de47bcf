"""What happens after an assessment, as data: the doors carry each consequence out on its own.

The order of the tuple is the order to carry out, and the person always comes first: a consequence that
fails must never keep a later or an earlier one from happening.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.crisis.assessment import Action, Assessment
from bot.people import AlertPolicy


class Door(StrEnum):
    """Where the words came in."""

    RESPONSE = "response"
    """An anonymous response that has not been published yet."""
    OPEN = "open"
    """A message (or an edit) that already stands in a channel or thread under the writer's name."""
    DIRECT = "direct"
    """A direct message to the bot."""
    FORM = "form"
    """Any other text typed into a form or a command option."""


class CareCard(StrEnum):
    """Which private card to show; the words stand in ``content/crisis/cards.<locale>.yaml``."""

    URGENT = "urgent"
    SUPPORTIVE = "supportive"
    SUPPORTIVE_BRIEF = "supportive_brief"
    CLIENT = "client"
    FAILED = "failed"
    RESOURCES = "resources"


class Choice(StrEnum):
    """What the writer can answer on a card."""

    BY_NAME = "by_name"
    AS_ALIAS = "as_alias"
    NOT_NOW = "not_now"
    SAFE = "safe"
    PUBLISH = "publish"
    KEEP_PRIVATE = "keep_private"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Recent:
    """What this person was shown lately. Counted by the caller; only B looks at it."""

    supportive_cards: int = 0
    """B cards within the softening window (the caller's; a day is usual)."""


@dataclass(frozen=True, slots=True)
class ShowResources:
    """Show a private card, to the writer alone."""

    card: CareCard
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteSiteProtocol:
    """Put the cohort's own site protocol and on-call contact on the card, above the help lines."""


@dataclass(frozen=True, slots=True)
class HoldResponse:
    """Keep the response out of the thread until its author chooses."""

    may_publish: bool
    """Whether "publish" is among her choices now. After an A it is only once she has said she is safe."""
    remind_no_client_details: bool = False


@dataclass(frozen=True, slots=True)
class AlertSupervisors:
    """Tell the cohort's supervisors, and go to the next contact if nobody acknowledges in time."""

    level: Action
    with_text: bool
    """False: a notice that someone in the cohort may need a person, with no words and no name."""


@dataclass(frozen=True, slots=True)
class OfferContact:
    """Offer to reach a supervisor, on the author's own terms."""

    ways: tuple[Choice, ...] = (Choice.BY_NAME, Choice.AS_ALIAS, Choice.NOT_NOW)


@dataclass(frozen=True, slots=True)
class AlarmOperator:
    """Tell whoever runs the bot that the screen itself is broken."""

    reason: str


Consequence = ShowResources | NoteSiteProtocol | HoldResponse | AlertSupervisors | OfferContact | AlarmOperator

CONTACT = (Choice.BY_NAME, Choice.AS_ALIAS, Choice.NOT_NOW)
WAITING = (Choice.PUBLISH, Choice.KEEP_PRIVATE, Choice.TALK)


def decide(
    assessment: Assessment, door: Door, policy: AlertPolicy, recent: Recent | None = None
) -> tuple[Consequence, ...]:
    """Return what must happen, most important first. N yields nothing."""
    if assessment.action is Action.A:
        return _urgent(door, policy)
    if assessment.action is Action.B:
        return _supportive(door, recent or Recent())
    if assessment.action is Action.C:
        return _client(door)
    return ()


def when_screen_failed(door: Door, reason: str) -> tuple[Consequence, ...]:
    """Return what happens when the screen could not answer: a static card, nothing published, an alarm.

    ``reason`` is the kind of failure (an exception's class name, ``timeout``), never any text of a member.
    """
    held: tuple[Consequence, ...] = ()
    choices: tuple[Choice, ...] = ()
    if door is Door.RESPONSE:
        choices = (Choice.PUBLISH, Choice.KEEP_PRIVATE)
        held = (HoldResponse(may_publish=True),)
    return (ShowResources(CareCard.FAILED, choices), *held, AlarmOperator(reason))


def _urgent(door: Door, policy: AlertPolicy) -> tuple[Consequence, ...]:
    # Nothing softens an A: not the person's history, not the door.
    consequences: list[Consequence] = [ShowResources(CareCard.URGENT, (*CONTACT, Choice.SAFE))]
    if door is Door.RESPONSE:
        consequences.append(HoldResponse(may_publish=False))
    if policy is not AlertPolicy.ON_REQUEST:
        consequences.append(AlertSupervisors(Action.A, with_text=policy is AlertPolicy.WITH_TEXT))
    consequences.append(OfferContact())
    return tuple(consequences)


def _supportive(door: Door, recent: Recent) -> tuple[Consequence, ...]:
    card = CareCard.SUPPORTIVE_BRIEF if recent.supportive_cards else CareCard.SUPPORTIVE
    if door is Door.RESPONSE:
        return (ShowResources(card, (*WAITING, Choice.SAFE)), HoldResponse(may_publish=True), OfferContact())
    return (ShowResources(card, (*CONTACT, Choice.SAFE)), OfferContact())


def _client(door: Door) -> tuple[Consequence, ...]:
    if door is Door.RESPONSE:
        return (
            ShowResources(CareCard.CLIENT, (*WAITING, Choice.SAFE)),
            NoteSiteProtocol(),
            HoldResponse(may_publish=True, remind_no_client_details=True),
        )
    return (ShowResources(CareCard.CLIENT, (Choice.TALK, Choice.SAFE)), NoteSiteProtocol())
