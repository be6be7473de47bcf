"""A screen that does not hear is found before anybody relies on it."""

from __future__ import annotations

import pytest

import bot.wiring
from bot.care.self_test import URGENT, DeafScreen, try_screen
from bot.crisis.assessment import NOTHING, Action, Assessment
from bot.crisis.screening import Screen
from bot.settings import Settings
from tests.acting import contents


class Deaf:
    def assess(self, text: str) -> Assessment:
        return NOTHING


class Broken:
    def assess(self, text: str) -> Assessment:
        raise KeyError(text)


def test_the_shipped_screen_hears() -> None:
    tried = try_screen(contents().screen)
    assert (tried.urgent, tried.calm) == (Action.A, Action.N)


@pytest.mark.parametrize(("screen", "said"), [(Deaf(), "must be A"), (Broken(), "KeyError")])
def test_one_that_does_not_is_named_with_its_mend(screen: Deaf | Broken, said: str) -> None:
    with pytest.raises(DeafScreen, match=said) as caught:
        try_screen(screen)
    assert "restore content/crisis" in str(caught.value)


def test_the_bot_does_not_start_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Screen, "assess", lambda self, text: NOTHING)
    with pytest.raises(DeafScreen, match=URGENT):
        bot.wiring.read_contents(Settings())
