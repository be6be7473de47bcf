"""Supervisors see the week ahead, arrange it, and follow a curriculum, each in her own words and by hand."""

from __future__ import annotations

from tests.conversations.dialogue import THREAD
from tests.conversations.scene import Scene
from tests.conversations.venue import DAILY, SUPERVISORS

NOT_YOURS = "That is not yours to do here."


def shown(scene: Scene, day: str) -> str:
    """The title on a day's card in the supervisors' channel."""
    channel = scene.venue.channels[SUPERVISORS]
    (card,) = [each for each in scene.venue.standing("Ingrid", channel) if each.title.startswith(day)]
    return card.text.split("**")[1]


async def test_the_week_stands_in_the_supervisors_channel_and_comes_true(bare: Scene) -> None:
    await bare.set_up(item_policy="preview")
    await bare.venue.pass_time(60)
    await (
        bare.with_("Ingrid")
        .sees_in(SUPERVISORS, "unless you swap or skip")
        .sees_in(SUPERVISORS, "Friday 27", "Why this one")
        .with_("Amara")
        .sees_nothing_of("Why this one", "Swap")
    )
    monday, tuesday = shown(bare, "Monday 23"), shown(bare, "Tuesday 24")
    await bare.with_("Ingrid").presses("Swap", on="Tuesday 24").sees_privately("Instead of", tuesday)
    instead = shown(bare, "Tuesday 24")
    assert instead != tuesday
    await bare.with_("Ingrid").presses("Approve", on="Monday 23").sees_privately(monday, "is approved")
    await bare.with_("Ingrid").sees_in(SUPERVISORS, monday, "Approved by a supervisor")
    await bare.morning()
    await bare.with_("Amara").sees_in(DAILY, monday)
    await bare.goes_to("2026-11-24 09:00")
    await (
        bare.with_("Amara")
        .sees_in(DAILY, instead)
        .uses("why", at=THREAD)
        .sees_privately("You were shown this one before")
        .with_("Ingrid")
        .presses("Skip for a month", on="Tuesday 24")
        .sees_privately("That day is over")
    )
    await bare.goes_to("2026-11-26 09:00")
    await bare.with_("Ingrid").sees_in(SUPERVISORS, "Monday 30")


async def test_only_what_was_approved_goes_out_if_the_cohort_wants_it_so(bare: Scene) -> None:
    await bare.set_up(item_policy="approved-only")
    await bare.venue.pass_time(60)
    await bare.goes_to("2026-11-23 09:00")
    assert bare.venue.threads(DAILY) == []
    await bare.with_("Ingrid").sees_in(SUPERVISORS, "Nothing fits what this cohort accepts")
    wednesday = shown(bare, "Wednesday 25")
    await bare.with_("Ingrid").presses("Approve", on="Wednesday 25").sees_privately("is approved")
    await bare.goes_to("2026-11-24 12:00")
    assert bare.venue.threads(DAILY) == []
    await bare.goes_to("2026-11-25 09:00")
    await bare.with_("Amara").sees_in(DAILY, wednesday)


async def test_what_waits_unseen_is_posted_by_hand(bare: Scene) -> None:
    await bare.set_up()
    await bare.venue.pass_time(60)
    at, stores = bare.venue.clock.now().date(), bare.venue.built.stores
    await bare.with_("Ingrid").uses("setup change", at=SUPERVISORS, field="item_policy", value="preview")
    await bare.venue.pass_time(60)
    assert bare.cohort is not None
    for each in await stores.plans.shown(bare.cohort.id, at):
        await stores.plans.unshow(bare.cohort.id, each.day)
    await bare.goes_to("2026-11-23 09:00")
    assert bare.venue.threads(DAILY) == []
    monday = shown(bare, "Monday 23")
    await bare.with_("Ingrid").presses("Post it to the cohort", on="Monday 23").sees_privately("is on its way")
    await bare.with_("Amara").sees_in(DAILY, monday)


async def test_a_hold_is_raised_shown_and_lowered(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("hold raise", at=SUPERVISORS, flag="client-death")
        .sees_privately("a client has died", "stay back")
        .uses("hold show", at=SUPERVISORS)
        .sees_privately("Hold since Monday 23 November 2026", "a client has died")
        .uses("season set", at=SUPERVISORS, season="endings", first="2026-12-01", last="2026-12-11")
        .sees_privately("is on from Tuesday 1 December 2026")
        .uses("hold lower", at=SUPERVISORS, flag="client-death")
        .sees_privately("is lowered")
        .uses("hold lower", at=SUPERVISORS, flag="client-death")
        .sees_privately("is not up")
        .uses("season clear", at=SUPERVISORS, season="endings")
        .sees_privately("has no dates any more")
        .uses("hold show", at=SUPERVISORS)
        .sees_privately("Nothing is arranged")
        .with_("Amara")
        .uses("hold raise", flag="client-death")
        .sees_privately(NOT_YOURS)
    )


async def test_a_held_item_is_read_and_released(scene: Scene) -> None:
    venue = scene.venue
    offered = await venue.offers("Ingrid", venue.channels[SUPERVISORS], "release", "item", "")
    assert offered
    assert await venue.offers("Amara", venue.channels[DAILY], "release", "item", "") == []
    title, meant = offered[0]
    await (
        scene.with_("Ingrid")
        .uses("release", at=SUPERVISORS, item=meant)
        .sees_privately(title.split(" · ")[0], "Held until you release it", "Safety")
        .presses("Release it")
    )
    if venue.private("Ingrid")[-1].button("Pin it all the same"):
        await scene.with_("Ingrid").presses("Pin it all the same")
    await scene.with_("Ingrid").sees_nothing_of("cannot be pinned")
    await scene.goes_to("2026-11-24 09:00")
    assert (await scene.posting()).item_id == meant.partition("/")[2]
    await scene.with_("Amara").uses("release", item=meant).sees_privately(NOT_YOURS)


async def test_an_item_is_retired_and_a_theme_asked_for(scene: Scene) -> None:
    venue = scene.venue
    offered = await venue.offers("Ingrid", venue.channels[SUPERVISORS], "retire", "item", "silence")
    title, meant = offered[0]
    themes = await venue.offers("Ingrid", venue.channels[SUPERVISORS], "request", "theme", "silen")
    await (
        scene.with_("Ingrid")
        .uses("retire", at=SUPERVISORS, item=meant)
        .sees_privately(title.split(" · ")[0], "does not come here any more")
        .uses("retire", at=SUPERVISORS, item=meant)
        .sees_privately("may come here again")
        .uses("request", at=SUPERVISORS, theme=themes[0][1])
        .sees_privately("comes on the next day that it fits")
    )
    await scene.morning()
    await scene.with_("Ingrid").uses("why").sees_privately("It was asked for, and approved.")


async def test_a_curriculum_from_its_first_week_to_its_end(scene: Scene) -> None:
    venue = scene.venue
    offered = await venue.offers("Ingrid", venue.channels[SUPERVISORS], "curriculum start", "sequence", "")
    assert [meant for _, meant in offered] == ["first-twelve-weeks", "before-the-end"]
    await (
        scene.with_("Amara")
        .uses("curriculum start", sequence="first-twelve-weeks")
        .sees_privately(NOT_YOURS)
        .uses("curriculum status")
        .sees_privately("There is no curriculum")
        .with_("Ingrid")
        .uses("curriculum start", at=SUPERVISORS, sequence="first-twelve-weeks")
        .sees_privately("The first twelve weeks", "12 weeks")
        .uses("curriculum start", at=SUPERVISORS, sequence="before-the-end")
        .sees_privately("A curriculum is under way")
    )
    await scene.morning()
    await (
        scene.with_("Amara")
        .sees_in(DAILY, "Week 1 of 12: Arriving", "What clients tell you stays out of here")
        .uses("why", at=THREAD)
        .sees_privately("place in the curriculum")
        .uses("curriculum status")
        .sees_privately("week 1 of 12, Arriving", "week 2 of 12, Not knowing")
    )
    await scene.goes_to("2026-11-27 09:00")
    await scene.with_("Bence").sees_in(DAILY, "The end of week 1 of 12")
    await scene.venue.restart()
    await (
        scene.with_("Ingrid")
        .uses("curriculum skip", at=SUPERVISORS)
        .sees_privately("Week 2", "Not knowing", "is left out")
    )
    await scene.goes_to("2026-11-30 09:00")
    await scene.with_("Amara").sees_in(DAILY, "Week 3 of 12: Listening and tone")
    await scene.with_("Ingrid").uses("curriculum stop", at=SUPERVISORS).sees_privately("The pool goes on")
    await scene.goes_to("2026-12-01 09:00")
    await scene.with_("Amara").uses("why").sees_privately("From the pool")
