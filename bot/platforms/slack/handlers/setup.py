"""Setting up a cohort: one form; seen, changed, checked and removed later."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Button, Style, Tone
from bot.cohorts.reading import CHANGEABLE, following, read_form
from bot.errors import BadInput, MessengerError, NotAllowed
from bot.people import Place
from bot.platforms.slack import forms, render
from bot.platforms.slack.answering import InModal
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.failures import mend
from bot.platforms.slack.reading import unmentioned
from bot.platforms.slack.router import First
from bot.platforms.slack.visit import Visit

NEW = "tc:setup:new"
CHANGE = "tc:change-setup:one"


def register(desk: Desk) -> None:
    words = desk.words

    async def start(visit: Visit, name: str) -> None:
        hers = await desk.house.cohorts.in_workspace(visit.caller)
        if not (visit.caller.manages_workspace or hers):
            raise NotAllowed
        taken = {place for cohort in hers for place in (cohort.channel, cohort.supervisors_channel)}
        free = visit.place is not None and visit.room not in taken
        known = {"name": name, "channel": visit.channel_id if free else "", "locale": visit.locale}
        groups = await visit.quickly(_groups(desk, visit))
        made = forms.setup(words, visit.locale, known, groups)
        await visit.open_form(words.say("slack.setup.title", visit.locale), made, NEW)

    async def save(visit: Visit, _: str) -> None:
        await desk.heed(visit, *(visit.typed[name] for name in forms.FREE_TEXT))
        form = forms.setup_form(visit.typed, visit.locale)
        try:
            await desk.require_unshared(Place(visit.caller.workspace, form.channel))
            await desk.require_closed(visit.caller.workspace, form.supervisor_role)
            result = await desk.house.cohorts.setup(visit.caller, form, visit.token)
        except BadInput as error:
            await _again(visit, mend(error, words, visit.locale))
            return
        await visit.show(result.card)

    async def _again(visit: Visit, notice: str) -> None:
        """Show the form as it was filled in, with what is to be mended above it."""
        groups = await _groups(desk, visit)
        made = [render.notice(notice), *forms.setup(words, visit.locale, dict(visit.typed), groups)]
        if isinstance(visit.surface, InModal):
            desk.seen.forget(visit.token)  # the same form is sent again, mended
            await visit.next_form(words.say("slack.setup.title", visit.locale), made, NEW)
        else:
            await visit.say(notice)

    async def show(visit: Visit, cohort: str) -> None:
        await visit.show(await desk.house.cohorts.show(visit.caller, cohort or None, visit.room))

    async def change(visit: Visit, text: str) -> None:
        field, _, value = text.partition(" ")
        if not field:
            await desk.house.cohorts.show(visit.caller, None, visit.room)
            made = forms.change(words, visit.locale, CHANGEABLE)
            await visit.open_form(words.say("slack.setup.change_title", visit.locale), made, CHANGE)
            return
        await _change(visit, field, value)

    async def changed(visit: Visit, _: str) -> None:
        await desk.heed(visit, visit.typed["value"])
        await _change(visit, visit.typed["field"], visit.typed["value"])

    async def _change(visit: Visit, field: str, value: str) -> None:
        value = unmentioned(value)
        if field == "channel":
            await desk.require_unshared(Place(visit.caller.workspace, value))
        cohort = await desk.house.cohorts.managed(visit.caller, None, visit.room)
        becoming = {field: value, **following(cohort, field, value)}
        if "supervisor_role" in becoming:
            await desk.require_closed(visit.caller.workspace, becoming["supervisor_role"])
        done = await desk.house.cohorts.change(visit.caller, None, visit.room, field, value)
        await visit.show(done.card)

    async def check_(visit: Visit, cohort: str) -> None:
        await visit.show((await desk.house.cohorts.check(visit.caller, cohort or None, visit.room)).card)

    async def remove(visit: Visit, name: str) -> None:
        hers = await desk.house.cohorts.in_workspace(visit.caller)
        fitting = [cohort for cohort in hers if name.casefold() in cohort.name.casefold()] if name else hers
        if not fitting:
            raise BadInput("cohorts.none")
        for cohort in fitting:
            settings = await desk.house.cohorts.show(visit.caller, cohort.id, visit.room)
            really = Button(
                "setup-remove", cohort.id, words.say("slack.setup.remove_button", visit.locale), Style.CAREFUL
            )
            title = words.say("slack.setup.remove_title", visit.locale)
            await visit.show(replace(settings, body=title, buttons=(really,), tone=Tone.WARNING))

    async def really_remove(visit: Visit, cohort_id: str) -> None:
        await visit.show(await desk.house.cohorts.remove(visit.caller, cohort_id, visit.room))

    router = desk.router
    router.command("setup", start, first=First.FORM)
    router.command("setup start", start, first=First.FORM)
    router.command("setup quick", start, first=First.FORM)
    router.command("setup show", show)
    router.command("setup change", change, first=First.FORM)
    router.command("setup check", check_)
    router.command("setup remove", remove)
    router.on("setup", save)
    router.on("change-setup", changed)
    router.on("setup-remove", really_remove, first=First.REPLACE)


def check(desk: Desk, visit: Visit) -> dict[str, str]:
    """Say at the field itself what cannot be used, while the form is still open."""
    form = forms.setup_form(visit.typed, visit.locale)
    try:
        read_form(form, "new", visit.caller.workspace, desk.house.clock.now().date())
    except BadInput as error:
        field = str(error.values.get("field", ""))
        return {field if field in visit.typed else "name": mend(error, desk.words, visit.locale)}
    return {}


async def _groups(desk: Desk, visit: Visit) -> dict[str, str]:
    """Return the workspace's user groups, which only paid plans have."""
    try:
        return await desk.people.groups(visit.team)
    except MessengerError:
        return {}
