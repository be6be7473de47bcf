"""The daily item, items on demand, and the coming week in a supervisor's hands."""

from __future__ import annotations

from datetime import timedelta

from tests.acting import contents
from tests.conversations.dialogue import THREAD
from tests.conversations.scene import Scene
from tests.conversations.venue import DAILY, SUPERVISORS

NOT_YOURS = "That is not yours to do here."


async def test_one_item_a_working_day_and_none_at_the_weekend(scene: Scene) -> None:
    for count, moment in enumerate(
        ("2026-11-23 09:00", "2026-11-24 09:00", "2026-11-25 09:00", "2026-11-26 09:00", "2026-11-27 09:00"), 1
    ):
        await scene.goes_to(moment)
        assert len(scene.venue.threads(DAILY)) == count
    await scene.goes_to("2026-11-29 23:00")
    assert len(scene.venue.threads(DAILY)) == 5
    await scene.goes_to("2026-11-30 09:00")
    assert len(scene.venue.threads(DAILY)) == 6


async def test_a_public_holiday_is_quiet(scene: Scene) -> None:
    await scene.goes_to("2026-12-24 12:00")
    before = len(scene.venue.threads(DAILY))
    await scene.goes_to("2026-12-28 23:00")  # Christmas Day, a weekend, and Boxing Day's substitute
    assert len(scene.venue.threads(DAILY)) == before
    await scene.goes_to("2026-12-29 09:00")
    assert len(scene.venue.threads(DAILY)) == before + 1


async def test_hours_of_downtime_are_caught_up_within_the_day(scene: Scene) -> None:
    await scene.venue.restart(later=timedelta(hours=6))
    assert len(scene.venue.threads(DAILY)) == 1
    await scene.with_("Ingrid").sees_nothing_in(SUPERVISORS, "I was not running")


async def test_a_missed_day_is_told_and_not_flushed(scene: Scene) -> None:
    await scene.venue.restart(later=timedelta(hours=47))
    assert scene.venue.threads(DAILY) == []
    await scene.with_("Ingrid").sees_in(SUPERVISORS, "I was not running when the item of")
    await scene.goes_to("2026-11-25 09:00")
    assert len(scene.venue.threads(DAILY)) == 1


async def test_an_item_on_demand_is_for_the_asker_alone(scene: Scene) -> None:
    await (
        scene.with_("Amara")
        .uses("prompt")
        .sees_privately("clinician.")
        .sees_button("Post it to the cohort", there=False)
        .uses("vignette")
        .sees_privately("clinician.")
        .with_("Bence")
        .sees_nothing_of("clinician.")
    )
    assert scene.venue.threads(DAILY) == []


async def test_a_supervisor_posts_what_she_asked_for_once(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("vignette", at=SUPERVISORS)
        .presses("Post it to the cohort")
        .sees_privately("is on its way to the channel")
        .with_("Amara")
        .sees_in(DAILY, "Who can see that it was you")
        .presses("Respond anonymously")
        .types("An answer on demand.")
        .sees_in_thread("An answer on demand.")
        .uses("why", at=THREAD)
        .sees_privately("A supervisor asked for it.")
    )
    assert len(scene.venue.threads(DAILY)) == 1


async def test_why_says_the_reason_and_keeps_the_notes_for_supervisors(scene: Scene) -> None:
    await scene.with_("Amara").uses("why").sees_privately("Nothing has been posted here yet.")
    await scene.morning()
    await (
        scene.with_("Amara")
        .uses("why", at=THREAD)
        .sees_privately("Why this one", "items fit this cohort")
        .sees_nothing_of("Listen for")
        .with_("Ingrid")
        .uses("why")
        .sees_privately("Why this one", "Listen for")
    )


async def test_the_preview_comes_true(scene: Scene) -> None:
    await scene.with_("Ingrid").uses("preview", at=SUPERVISORS).sees_privately("Monday", "Why this one")
    monday, tuesday = coming(scene, "Monday 23"), coming(scene, "Tuesday 24")
    await scene.morning()
    await scene.with_("Amara").sees_in(DAILY, monday).sees_nothing_in(DAILY, tuesday)
    await scene.goes_to("2026-11-24 09:00")
    await scene.with_("Amara").sees_in(DAILY, tuesday)


async def test_swapping_and_keeping_change_what_comes(scene: Scene) -> None:
    await scene.with_("Ingrid").uses("preview", at=SUPERVISORS)
    was = coming(scene, "Monday 23")
    await (
        scene.with_("Ingrid")
        .presses("Swap", on="Monday 23")
        .sees_privately("Instead of", was)
        .uses("preview", at=SUPERVISORS)
    )
    now = coming(scene, "Monday 23")
    assert now != was
    await scene.with_("Ingrid").presses("Keep this", on="Monday 23").sees_privately(now, "is pinned for")
    await scene.morning()
    await scene.with_("Amara").sees_in(DAILY, now, "Open until")


async def test_a_skipped_item_rests(scene: Scene) -> None:
    await scene.with_("Ingrid").uses("preview", at=SUPERVISORS)
    was = coming(scene, "Monday 23")
    await (
        scene.with_("Ingrid")
        .presses("Skip for a month", on="Monday 23")
        .sees_privately(was, "rests for a month")
        .uses("preview", at=SUPERVISORS)
    )
    for day in ("Monday 23", "Tuesday 24", "Wednesday 25", "Thursday 26", "Friday 27"):
        assert coming(scene, day) != was


async def test_a_pinned_item_is_the_next(scene: Scene) -> None:
    venue = scene.venue
    offered = await venue.offers("Ingrid", venue.channels[SUPERVISORS], "pin", "item", "")
    assert 5 < len(offered) <= 25
    assert await venue.offers("Amara", venue.channels[DAILY], "pin", "item", "") == []
    title, meant = offered[3]
    await scene.with_("Ingrid").uses("pin", at=SUPERVISORS, item=meant).sees_privately(title.split(" · ")[0])
    if venue.private("Ingrid")[-1].button("Pin it all the same"):
        await scene.with_("Ingrid").presses("Pin it all the same").sees_privately("is pinned for")
    await scene.goes_to("2026-11-24 09:00")
    posting = await scene.posting()
    assert posting.item_id == meant.partition("/")[2]


async def test_trainees_neither_preview_nor_pin(scene: Scene) -> None:
    assert scene.cohort is not None
    cohort_id = scene.cohort.id
    item = contents().library.items[0].id
    await (
        scene.with_("Amara")
        .uses("preview")
        .sees_privately(NOT_YOURS)
        .uses("pin", item=f"{cohort_id}/{item}")
        .sees_privately(NOT_YOURS)
    )
    await scene.morning()
    for action in ("swap", "skip", "pin", "post"):
        await scene.with_("Amara").forges(f"tc:{action}:{cohort_id}/{item}")
        assert NOT_YOURS in scene.venue.private("Amara")[-1].text
    assert len(scene.venue.threads(DAILY)) == 1


def coming(scene: Scene, day: str) -> str:
    """The title on a day of Ingrid's newest preview."""
    card, _ = scene.newest_with("Ingrid", "Swap", day)
    return card.text.split("**")[1]
