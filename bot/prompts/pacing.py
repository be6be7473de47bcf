"""What may stand beside what: the intensity budget, which never gives way, and the spacing rules, which may.

Reflective groups help most people and hurt some. The budget is the real protection, so it lives apart
from anything that weighs or prefers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.prompts.item import Function, Intensity, Item, Kind
from bot.prompts.why import Limit, Rule
from bot.prompts.wishes import ONE_DAY, Used, Wishes

THEME_GAP_POSTS = 10
THEME_MEMORY = 60
# No rule looks further back than forty vignettes; what was used when is known for ever.
LONGEST_MEMORY = 300
LONGEST_WEEK = 100
CAST_GAP_VIGNETTES = 40
OPENING_GAP = timedelta(days=14)
REPEAT_AFTER = timedelta(days=180)
WEEK = timedelta(days=7)
SETTLING_IN = timedelta(days=14)
BUDGET_PER_POSTING = 2
# A single silent day between postings is rhythm; two or more leave people alone with what was stirred.
LONGEST_RHYTHM = timedelta(days=2)

# The share of levels 1, 2, 3 in the first week and from the last week of the curve on.
FIRST_WEEK = (0.70, 0.30, 0.00)
LATER_WEEKS = (0.30, 0.50, 0.20)
CURVE_WEEKS = 26
LEVEL_OPENS_AT = 0.05


@dataclass(frozen=True, slots=True)
class Post:
    """A past posting of an item that the library still knows."""

    item: Item
    day: date
    on_demand: bool


class Past:
    """A cohort's history as the rules ask about it. Built once for each choice."""

    def __init__(self, items: Mapping[str, Item], history: Iterable[Used], day: date) -> None:
        uses = sorted((use for use in history if use.day <= day), key=lambda use: use.day)
        self.day = day
        self.first_day = uses[0].day if uses else day
        self.last_used = {use.item_id: use.day for use in uses}
        recent = uses[-LONGEST_MEMORY:]
        self.posts = [Post(items[use.item_id], use.day, use.on_demand) for use in recent if use.item_id in items]
        self.week = [post for post in self.posts[-LONGEST_WEEK:] if day - post.day < WEEK]
        self.theme_ago: dict[str, int] = {}
        for ago, post in enumerate(reversed(self.posts[-THEME_MEMORY:]), start=1):
            self.theme_ago.setdefault(post.item.theme, ago)
        # Who last used a name or an opening lately; an item does not stand in its own way.
        vignettes = [post.item for post in self.posts if post.item.kind is Kind.VIGNETTE]
        recent_vignettes = vignettes[-(CAST_GAP_VIGNETTES - 1) :]
        self.names = {name: item.id for item in recent_vignettes for name in item.names}
        self.openings = {post.item.opening: post.item.id for post in self.posts if day - post.day < OPENING_GAP}

    def started(self, wishes: Wishes) -> date:
        return wishes.started or self.first_day


def permitted_intensities(past: Past, day: date, wishes: Wishes) -> tuple[frozenset[Intensity], tuple[Limit, ...]]:
    """The intensities that may be posted on `day`, with what keeps the others back. Light is always among them.

    Where a confirmed pin or a change of posting days has overspent the week already, light items go on:
    silence after something heavy is not the kinder choice.
    """
    limits: list[Limit] = []
    most = Intensity.HEAVY
    for limit, applies in (
        (Limit.FIRST_FORTNIGHT, day - past.started(wishes) < SETTLING_IN),
        (Limit.BEFORE_A_GAP, _gap_follows(day, wishes)),
        (Limit.NO_MODERATOR, day.weekday() not in wishes.covered_days),
        (Limit.ON_DEMAND, wishes.on_demand),
        (Limit.HEAVY_THIS_WEEK, any(map(_is_heavy, past.week))),
    ):
        if applies:
            limits.append(limit)
            most = Intensity.STIRRING
    if _follows_heavy(past, day):
        limits.append(Limit.AFTER_A_HEAVY)
        most = Intensity.LIGHT
    if wishes.is_quiet:
        # Never more intense to win replies: a group that has gone quiet is given less to carry.
        limits.append(Limit.QUIET_GROUP)
        most = Intensity.LIGHT
    room = most if wishes.on_demand else Intensity(max(1, min(most, _room_this_week(past, day, wishes))))
    if room < most:
        limits.append(Limit.WEEKLY_SUM)
    return frozenset(intensity for intensity in Intensity if intensity <= room), tuple(limits)


def _is_heavy(post: Post) -> bool:
    return post.item.intensity is Intensity.HEAVY


def _gap_follows(day: date, wishes: Wishes) -> bool:
    return not any(wishes.posting_dates(day + ONE_DAY, day + LONGEST_RHYTHM))


def _follows_heavy(past: Past, day: date) -> bool:
    """Whether today or the last day with a posting before it saw a heavy item."""
    since = next((post.day for post in reversed(past.posts) if post.day < day), day)
    return any(_is_heavy(post) for post in past.posts[-LONGEST_WEEK:] if post.day >= since)


def _room_this_week(past: Past, day: date, wishes: Wishes) -> int:
    """What is left of the budget of the seven days that end with `day`.

    No room need be kept for the days ahead: a heavy item is followed by a light one, so the sum can only
    overflow on the heavy item itself.
    """
    budget = BUDGET_PER_POSTING * max(1, len(wishes.posting_days))
    return budget - sum(int(post.item.intensity) for post in past.week if not post.on_demand)


def level_target(past: Past, day: date, wishes: Wishes) -> tuple[float, float, float]:
    """The wanted shares of levels 1 to 3: the supervisors' own, or the curve over the first half year."""
    if wishes.level_target is not None:
        return wishes.level_target
    weeks = (day - past.started(wishes)).days // 7
    progress = min(1.0, max(0.0, weeks / (CURVE_WEEKS - 1)))
    first, second, third = (
        early + (late - early) * progress for early, late in zip(FIRST_WEEK, LATER_WEEKS, strict=True)
    )
    return first, second, third


class Spacing:
    """What the rules of spacing ask for on one day, worked out once and then put to each item."""

    def __init__(self, past: Past, day: date, wishes: Wishes) -> None:
        self._past = past
        self._day = day
        shapes = {_shape(post.item) for post in past.posts[-2:]}
        self._worn_shape = shapes.pop() if len(past.posts) >= 2 and len(shapes) == 1 else None
        target = level_target(past, day, wishes)
        self._open_levels = {level for level in (1, 2, 3) if target[level - 1] >= LEVEL_OPENS_AT}
        self._wants_restorative = restorative_is_due(past, day, wishes)

    def broken(self, item: Item) -> frozenset[Rule]:
        """The rules that posting `item` would break."""
        past = self._past
        broken = set()
        if any(past.names.get(person.name, item.id) != item.id for person in item.cast):
            broken.add(Rule.CAST)
        if past.openings.get(item.opening, item.id) != item.id:
            broken.add(Rule.OPENING)
        if _shape(item) == self._worn_shape:
            broken.add(Rule.FORMAT)
        if past.theme_ago.get(item.theme, THEME_GAP_POSTS) < THEME_GAP_POSTS:
            broken.add(Rule.THEME_GAP)
        if self._open_levels.isdisjoint(item.level):
            broken.add(Rule.LEVEL)
        if self._wants_restorative and item.function is not Function.RESTORATIVE:
            broken.add(Rule.RESTORATIVE)
        last = past.last_used.get(item.id)
        if last is not None and self._day - last < REPEAT_AFTER:
            broken.add(Rule.REPEAT_AGE)
        return frozenset(broken)


def restorative_is_due(past: Past, day: date, wishes: Wishes) -> bool:
    """Whether this is the calendar week's last posting and none so far was restorative."""
    monday = day - day.weekday() * ONE_DAY
    sunday = monday + WEEK - ONE_DAY
    if wishes.on_demand or any(wishes.posting_dates(day + ONE_DAY, sunday)):
        return False
    return not any(post.item.function is Function.RESTORATIVE for post in past.week if post.day >= monday)


def relaxations(exempt: Iterable[Rule] = ()) -> Sequence[frozenset[Rule]]:
    """The rules still kept at each step, from all of them to none, given up in their fixed order.

    `REPEAT_AGE` is never given up here: who may be asked for what was here lately is decided before.
    """
    kept = [rule for rule in Rule if rule not in {*exempt, Rule.REPEAT_AGE}]
    return [frozenset(kept[step:]) for step in range(len(kept) + 1)]


def _shape(item: Item) -> tuple[str, str]:
    return item.kind, item.format
