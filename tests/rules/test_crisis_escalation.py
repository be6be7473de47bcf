"""What follows from an assessment, for every action, door and policy."""

from __future__ import annotations

from itertools import product
from typing import TypeVar

import pytest

from bot.crisis.assessment import Action, Assessment, Subject
from bot.crisis.escalation import (
    AlarmOperator,
    AlertSupervisors,
    CareCard,
    Choice,
    Consequence,
    Door,
    HoldResponse,
    NoteSiteProtocol,
    OfferContact,
    Recent,
    ShowResources,
    decide,
    when_screen_failed,
)
from bot.people import AlertPolicy

Kind = TypeVar("Kind")


def found(action: Action) -> Assessment:
    return Assessment(action, rules=("some.rule",), subject=Subject.SELF)


def of(kind: type[Kind], consequences: tuple[Consequence, ...]) -> Kind | None:
    return next((item for item in consequences if isinstance(item, kind)), None)


@pytest.mark.parametrize(("door", "policy"), list(product(Door, AlertPolicy)))
def test_nothing_follows_from_nothing(door: Door, policy: AlertPolicy) -> None:
    assert decide(Assessment(Action.N), door, policy) == ()


@pytest.mark.parametrize(("action", "door", "policy"), list(product("ABC", Door, AlertPolicy)))
def test_the_person_comes_first(action: str, door: Door, policy: AlertPolicy) -> None:
    assert isinstance(decide(found(Action(action)), door, policy)[0], ShowResources)


@pytest.mark.parametrize(("door", "policy", "cards"), list(product(Door, AlertPolicy, (0, 1, 50))))
def test_nothing_softens_an_urgent_answer(door: Door, policy: AlertPolicy, cards: int) -> None:
    consequences = decide(found(Action.A), door, policy, Recent(supportive_cards=cards))

    assert consequences == decide(found(Action.A), door, policy)
    shown = of(ShowResources, consequences)
    assert shown is not None
    assert shown.card is CareCard.URGENT
    assert Choice.SAFE in shown.choices
    assert of(OfferContact, consequences) is not None


@pytest.mark.parametrize(
    ("policy", "alert"),
    [
        (AlertPolicy.NOTICE_ONLY, AlertSupervisors(Action.A, with_text=False)),
        (AlertPolicy.WITH_TEXT, AlertSupervisors(Action.A, with_text=True)),
        (AlertPolicy.ON_REQUEST, None),
    ],
)
def test_supervisors_learn_what_the_cohort_was_told(policy: AlertPolicy, alert: AlertSupervisors | None) -> None:
    assert of(AlertSupervisors, decide(found(Action.A), Door.RESPONSE, policy)) == alert


@pytest.mark.parametrize(("action", "policy"), list(product("BC", AlertPolicy)))
def test_only_an_urgent_answer_alerts_anybody(action: str, policy: AlertPolicy) -> None:
    assert of(AlertSupervisors, decide(found(Action(action)), Door.RESPONSE, policy)) is None


def test_an_urgent_response_is_held_and_cannot_be_published_from_the_card() -> None:
    consequences = decide(found(Action.A), Door.RESPONSE, AlertPolicy.NOTICE_ONLY)

    assert of(HoldResponse, consequences) == HoldResponse(may_publish=False)
    assert Choice.PUBLISH not in consequences[0].choices  # type: ignore[union-attr]


@pytest.mark.parametrize("action", ["B", "C"])
def test_other_responses_wait_for_their_author(action: str) -> None:
    consequences = decide(found(Action(action)), Door.RESPONSE, AlertPolicy.NOTICE_ONLY)

    held = of(HoldResponse, consequences)
    assert held is not None
    assert held.may_publish
    assert held.remind_no_client_details is (action == "C")
    assert {Choice.PUBLISH, Choice.KEEP_PRIVATE, Choice.TALK} <= set(consequences[0].choices)  # type: ignore[union-attr]


@pytest.mark.parametrize(("action", "door"), list(product("ABC", (Door.OPEN, Door.DIRECT, Door.FORM))))
def test_only_responses_can_be_held(action: str, door: Door) -> None:
    assert of(HoldResponse, decide(found(Action(action)), door, AlertPolicy.WITH_TEXT)) is None


@pytest.mark.parametrize("door", list(Door))
def test_a_client_at_risk_leads_to_the_sites_own_protocol(door: Door) -> None:
    consequences = decide(found(Action.C), door, AlertPolicy.NOTICE_ONLY)

    assert consequences[0].card is CareCard.CLIENT  # type: ignore[union-attr]
    assert NoteSiteProtocol() in consequences


def test_a_repeated_supportive_card_is_shorter() -> None:
    first = decide(found(Action.B), Door.OPEN, AlertPolicy.NOTICE_ONLY, Recent())
    second = decide(found(Action.B), Door.OPEN, AlertPolicy.NOTICE_ONLY, Recent(supportive_cards=1))

    assert first[0].card is CareCard.SUPPORTIVE  # type: ignore[union-attr]
    assert second[0].card is CareCard.SUPPORTIVE_BRIEF  # type: ignore[union-attr]
    assert of(OfferContact, second) is not None


@pytest.mark.parametrize("door", list(Door))
def test_a_failed_screen_shows_a_card_and_alarms_the_operator(door: Door) -> None:
    consequences = when_screen_failed(door, "TimeoutError")

    assert consequences[0].card is CareCard.FAILED  # type: ignore[union-attr]
    assert consequences[-1] == AlarmOperator("TimeoutError")
    assert (of(HoldResponse, consequences) is not None) is (door is Door.RESPONSE)
