"""Reading a setup form, field by field, each with its mend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale

from bot.cohorts.form import SetupForm
from bot.errors import BadInput
from bot.people import AlertPolicy, Cohort, ItemPolicy, Place, Workspace
from bot.privacy.naming import language_code, language_name

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
ESCALATE_AFTER = range(5, 121)
"""Minutes. Below five, a supervisor who is reading the alert would be overtaken by it."""

_NO_CHANNEL = frozenset({"", "-", "none"})
_LONGEST = {"name": 60, "site_protocol": 900, "on_call": 200, "coverage_hours": 200}
CHANGEABLE = (
    "name", "channel", "supervisors_channel", "supervisor_role", "trainee_role", "zone", "days", "time", "country",
    "subdivision", "site_protocol", "on_call", "coverage_hours", "alert_policy", "escalate_after",
    "escalation_channel", "item_policy", "language",
)  # fmt: skip


def read_form(form: SetupForm, cohort_id: str, workspace: Workspace, today: date) -> Cohort:
    """Make a cohort of a form; raises BadInput naming the first field that cannot be used and its mend."""
    for field, longest in _LONGEST.items():
        if len(getattr(form, field)) > longest:
            raise BadInput("cohorts.bad.too_long", field=field, limit=longest)
    if not form.name.strip():
        raise BadInput("cohorts.bad.name", field="name")
    for field in ("channel", "supervisors_channel", "supervisor_role", "trainee_role"):
        if not getattr(form, field).strip():
            raise BadInput(f"cohorts.bad.{field}", field=field)
    if form.channel == form.supervisors_channel:
        raise BadInput("cohorts.bad.same_channel", field="supervisors_channel")
    second = form.escalation_channel.strip()
    if second == form.channel:
        raise BadInput("cohorts.bad.same_channel", field="escalation_channel")
    if form.supervisor_role == form.trainee_role:
        raise BadInput("cohorts.bad.same_role", field="trainee_role")
    return Cohort(
        id=cohort_id,
        workspace=workspace,
        name=form.name.strip(),
        channel=Place(workspace, form.channel),
        supervisors_channel=Place(workspace, form.supervisors_channel),
        supervisor_role=form.supervisor_role,
        trainee_role=form.trainee_role,
        zone=read_zone(form.zone),
        days=read_days(form.days),
        time=read_time(form.time),
        country=read_country(form.country),
        subdivision=form.subdivision.strip().upper() or None,
        created_on=today,
        site_protocol=form.site_protocol.strip(),
        on_call=form.on_call.strip(),
        coverage_hours=form.coverage_hours.strip(),
        alert_policy=read_policy(form.alert_policy),
        escalate_after=read_minutes(form.escalate_after),
        escalation_channel=None if second.casefold() in _NO_CHANNEL else Place(workspace, second),
        locale=form.locale.strip() or "en",
        item_policy=read_item_policy(form.item_policy),
    )


def form_of(cohort: Cohort) -> SetupForm:
    """Return a cohort's settings as a form, so that one field can be changed and all be read again."""
    return SetupForm(
        name=cohort.name,
        channel=cohort.channel.id,
        supervisors_channel=cohort.supervisors_channel.id,
        supervisor_role=cohort.supervisor_role,
        trainee_role=cohort.trainee_role,
        zone=cohort.zone,
        days=",".join(_DAYS[day] for day in sorted(cohort.days)),
        time=cohort.time.strftime("%H:%M"),
        country=cohort.country,
        subdivision=cohort.subdivision or "",
        site_protocol=cohort.site_protocol,
        on_call=cohort.on_call,
        coverage_hours=cohort.coverage_hours,
        alert_policy=cohort.alert_policy.value,
        escalate_after=str(cohort.escalate_after),
        escalation_channel=cohort.escalation_channel.id if cohort.escalation_channel else "",
        locale=cohort.locale,
        item_policy=cohort.item_policy.value,
    )


def changed(cohort: Cohort, field: str, value: str, languages: Sequence[str]) -> Cohort:
    """Return the cohort with one setting read anew; raises BadInput."""
    if field not in CHANGEABLE:
        raise BadInput("cohorts.bad.field", field=field, known=", ".join(CHANGEABLE))
    if field == "language":
        field, value = "locale", read_language(value, languages)
    form = replace(form_of(cohort), **{field: value}, **following(cohort, field, value))
    read = read_form(form, cohort.id, cohort.workspace, cohort.created_on)
    return replace(
        read,
        open_days=cohort.open_days,
        paused_until=cohort.paused_until,
        level=cohort.level,
    )


def following(cohort: Cohort, field: str, value: str) -> dict[str, str]:
    """Return the role that moves with a channel, where the role is that channel's membership."""
    role = {"channel": "trainee_role", "supervisors_channel": "supervisor_role"}.get(field)
    if role is None or getattr(cohort, role) != getattr(cohort, field).id:
        return {}
    return {role: value}


def read_language(text: str, languages: Sequence[str]) -> str:
    """Read a language by code or name, as long as there are words in it."""
    code = language_code(text, languages)
    if code is None:
        known = ", ".join(language_name(each, each) for each in languages)
        raise BadInput("cohorts.bad.language", field="language", given=text[:40], known=known)
    return code


def read_zone(text: str) -> str:
    """Read an IANA zone; forgives case and blanks, and suggests neighbours for anything else."""
    wanted = text.strip().replace(" ", "_")
    zones = {zone.casefold(): zone for zone in available_timezones()}
    if found := zones.get(wanted.casefold()):
        ZoneInfo(found)
        return found
    last = wanted.rpartition("/")[2].casefold()
    near = sorted(zone for low, zone in zones.items() if last and last in low)[:3]
    raise BadInput(
        "cohorts.bad.zone_near" if near else "cohorts.bad.zone", field="zone", given=text[:40], near=", ".join(near)
    )


def read_days(text: str) -> frozenset[int]:
    """Read weekdays: "mon,wed", "Monday Wednesday" or "0,2" (Monday is 0)."""
    days = set()
    for word in re.split(r"[\s,;]+", text.strip().casefold()):
        if word.isdigit() and int(word) < 7:
            days.add(int(word))
        elif word[:3] in _DAYS:
            days.add(_DAYS.index(word[:3]))
        else:
            raise BadInput("cohorts.bad.days", field="days", given=text[:40])
    return frozenset(days)


def read_time(text: str) -> time:
    """Read a time of day: "09:00", "9.30", "6:30pm"."""
    match = _TIME.fullmatch(text.strip())
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").casefold()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half:
            hour = 99
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise BadInput("cohorts.bad.time", field="time", given=text[:40])


def read_country(text: str) -> str:
    """Read a country: an ISO code, or its name in English."""
    wanted = text.strip()
    if re.fullmatch(r"[A-Za-z]{2}", wanted):
        code = {"UK": "GB"}.get(wanted.upper(), wanted.upper())
        if code in Locale("en").territories:
            return code
    for code, name in Locale("en").territories.items():
        if len(code) == 2 and name.casefold() == wanted.casefold():
            return str(code)
    raise BadInput("cohorts.bad.country", field="country", given=wanted[:40])


def read_minutes(text: str) -> int:
    """Read how long an alert waits for a supervisor: "15", "20 minutes"."""
    match = re.fullmatch(r"(\d{1,4})\s*(?:m|min|mins|minutes)?\.?", text.strip(), re.IGNORECASE)
    if match and int(match[1]) in ESCALATE_AFTER:
        return int(match[1])
    raise BadInput(
        "cohorts.bad.escalate_after",
        field="escalate_after",
        given=text[:40],
        least=ESCALATE_AFTER[0],
        most=ESCALATE_AFTER[-1],
    )


def read_policy(text: str) -> AlertPolicy:
    """Read an alert policy by its own words."""
    try:
        return AlertPolicy(text.strip().casefold())
    except ValueError:
        known = ", ".join(policy.value for policy in AlertPolicy)
        raise BadInput("cohorts.bad.alert_policy", field="alert_policy", known=known) from None


def read_item_policy(text: str) -> ItemPolicy:
    """Read what must have happened to an item before it goes out."""
    try:
        return ItemPolicy(text.strip().casefold().replace(" ", "-"))
    except ValueError:
        known = ", ".join(policy.value for policy in ItemPolicy)
        raise BadInput("cohorts.bad.item_policy", field="item_policy", known=known) from None
