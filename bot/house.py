"""The features that a door may call, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from bot.care.care import Care
from bot.care.feedback import Feedback
from bot.cohorts.cohorts import Cohorts
from bot.library.adding import Adding
from bot.library.reviewing import Reviewing
from bot.library.suggesting import Suggesting
from bot.moderation.bringing import Bringing
from bot.moderation.moderation import Moderation
from bot.ports.clock import Clock
from bot.ports.words import Words
from bot.privacy.people import Privacy
from bot.prompts.arranging import Arranging
from bot.prompts.curricula import Curricula
from bot.prompts.parts import Parts
from bot.prompts.prompts import Prompts
from bot.prompts.week_acts import WeekActs
from bot.responses.dealing import Dealing
from bot.responses.opinions import Opinions
from bot.responses.responses import Responses
from bot.supervision.sessions import Supervision


@dataclass(frozen=True, slots=True)
class House:
    """Everything behind the doors. A door translates an event, makes one call here and renders what comes back."""

    cohorts: Cohorts
    prompts: Prompts
    week: WeekActs
    arranging: Arranging
    curricula: Curricula
    parts: Parts
    responses: Responses
    dealing: Dealing
    opinions: Opinions
    adding: Adding
    reviewing: Reviewing
    suggesting: Suggesting
    moderation: Moderation
    supervision: Supervision
    bringing: Bringing
    care: Care
    feedback: Feedback
    privacy: Privacy
    words: Words
    clock: Clock
