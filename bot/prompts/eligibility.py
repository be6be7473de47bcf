"""What a cohort accepts: why an item is out of the question for it, whatever else stands in the library."""

from __future__ import annotations

from datetime import date

from bot.prompts.item import Intensity, Item, Pool, Season, Slot, Status
from bot.prompts.why import Refusal
from bot.prompts.wishes import Wishes


def is_approved(item: Item, wishes: Wishes) -> bool:
    """Whether the item was read far enough for this cohort, or its own supervisors said yes to it; retired never."""
    return item.status.reaches(wishes.status_floor) or (
        item.id in wishes.approved and item.status is not Status.RETIRED
    )


def objections_to(item: Item, permitted: frozenset[Intensity], wishes: Wishes) -> tuple[Refusal, ...]:
    """What a supervisor who pins the item would override."""
    return tuple(
        refusal
        for refusal, applies in (
            (Refusal.RETIRED, item.id in wishes.retired),
            (Refusal.STATUS, not is_approved(item, wishes)),
            (Refusal.HELD, bool(item.hold_when & wishes.holds)),
            (Refusal.INTENSITY, item.intensity not in permitted),
        )
        if applies
    )


def refused_for(
    item: Item, day: date, wishes: Wishes, reserved: frozenset[str], seasons: frozenset[Season]
) -> Refusal | None:
    """The first thing that puts an item out of the question for this cohort, or None.

    `reserved` and `seasons` are what `reserved_items` and `Wishes.seasons_on` say of the day, worked out once.
    """
    if item.id in wishes.retired:
        return Refusal.RETIRED
    if not is_approved(item, wishes):
        return Refusal.STATUS
    if item.locale not in wishes.locales:
        return Refusal.LOCALE
    if item.modality.isdisjoint(wishes.modalities):
        return Refusal.MODALITY
    if wishes.levels.isdisjoint(item.level):
        return Refusal.LEVELS
    if wishes.kind is not None and item.kind is not wishes.kind:
        return Refusal.KIND
    if wishes.theme is not None and wishes.theme not in (item.theme, *item.also):
        return Refusal.THEME
    if item.hold_when & wishes.holds:
        return Refusal.HELD
    if item.id in wishes.skipped and day < wishes.skipped[item.id]:
        return Refusal.SKIPPED
    if item.pool is Pool.RELEASED:
        return Refusal.RELEASED_ONLY
    if item.pool is Pool.SEASONAL and item.season.isdisjoint(seasons):
        return Refusal.OUT_OF_SEASON
    if item.id in reserved:
        return Refusal.RESERVED
    return None


def reserved_items(day: date, wishes: Wishes) -> frozenset[str]:
    """Items set aside by a pin, by a sequence or by having been shown: for a later day, or today's posting."""
    pins = {pin.item_id for pin in wishes.pinned if pin.is_ahead(day) or (wishes.on_demand and pin.is_due(day))}
    slots = {
        slot.item_id
        for when, slot in wishes.slots.items()
        if slot.item_id is not None and (when > day or (wishes.on_demand and when == day))
    }
    shown = {shown.item_id for when, shown in wishes.shown.items() if when > day or (wishes.on_demand and when == day)}
    return frozenset(pins | slots | shown)


def fills_slot(item: Item, slot: Slot) -> bool:
    """Whether an item is what a slot of a sequence asks for."""
    if slot.item_id is not None:
        return item.id == slot.item_id
    return slot.pick is not None and slot.pick.fits(item)
