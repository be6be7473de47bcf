"""The forms that Slack shows: a new cohort, one changed setting, a session. Their words come from the message files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cohorts.form import SetupForm
from bot.people import AlertPolicy, ItemPolicy
from bot.platforms.slack.mrkdwn import clipped, fitting
from bot.platforms.slack.render import section
from bot.ports.words import Words

Json = dict[str, Any]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ITEM_POLICIES = {policy.name.lower(): policy.value for policy in ItemPolicy}
POLICIES = {policy.name.lower(): policy.value for policy in AlertPolicy}
FREE_TEXT = ("name", "site_protocol", "on_call", "coverage_hours")
EVERYBODY = "everybody"
"""The role of whoever is in the channel, which is all the roles there are on a free plan."""

LONGEST = 3000
"""Characters that Slack takes in one field."""

_OPTION_LIMIT = 75
_PLACEHOLDER_LIMIT = 150
_LONG, _SHORT = 1000, 100


def setup(words: Words, locale: str, known: Mapping[str, str], groups: Mapping[str, str]) -> list[Json]:
    """Return the form for a new cohort, filled with what is known; `groups` are user groups that may be roles."""

    def worded(key: str) -> str:
        return words.say(f"slack.setup.{key}", locale)

    def text(name: str, default: str = "", *, optional: bool = False, long: bool = False) -> Json:
        return _input(worded(f"field.{name}"), _text(name, known.get(name, default), long=long), worded, name, optional)

    def role(name: str) -> Json:
        options = {EVERYBODY: worded(f"role.{name}"), **{group: f"@{handle}" for group, handle in groups.items()}}
        return _input(worded(f"field.{name}"), _select(name, options, known.get(name, EVERYBODY)), worded, name, False)

    policies = {value: worded(f"policy.{key}") for key, value in POLICIES.items()}
    items = {value: worded(f"items.{key}") for key, value in ITEM_POLICIES.items()}
    item_policy = known.get("item_policy") or ItemPolicy.PREVIEW.value
    days = {day: worded(f"day.{day}") for day in DAYS}
    chosen_days = [day for day in (known.get("days") or "mon,tue,wed,thu,fri").split(",") if day in days]
    policy = known.get("alert_policy") or AlertPolicy.NOTICE_ONLY.value
    return [
        section(worded("body")),
        text("name"),
        _input(worded("field.channel"), _channel("channel", known), worded, "channel", False),
        _input(
            worded("field.supervisors_channel"),
            _channel("supervisors_channel", known),
            worded,
            "supervisors_channel",
            False,
        ),
        role("trainee_role"),
        role("supervisor_role"),
        text("zone", "Europe/London"),
        _input(worded("field.days"), _boxes("days", days, chosen_days), worded, "days", False),
        _input(worded("field.time"), _time("time", known.get("time") or "09:00"), worded, "time", False),
        text("country"),
        text("subdivision", optional=True),
        text("site_protocol", optional=True, long=True),
        text("on_call", optional=True),
        text("coverage_hours", optional=True),
        _input(worded("field.alert_policy"), _select("alert_policy", policies, policy), worded, "alert_policy", False),
        text("escalate_after", "15"),
        _input(worded("field.item_policy"), _select("item_policy", items, item_policy), worded, "item_policy", False),
        _input(
            worded("field.escalation_channel"),
            _channel("escalation_channel", known),
            worded,
            "escalation_channel",
            True,
        ),
    ]


def setup_form(typed: Mapping[str, str], locale: str) -> SetupForm:
    """Read the form as it was sent."""

    def role(name: str, channel: str) -> str:
        chosen = typed.get(name) or EVERYBODY
        return typed.get(channel, "") if chosen == EVERYBODY else chosen

    plain = ("name", "channel", "supervisors_channel", "zone", "days", "time", "country", "subdivision")
    more = (
        "site_protocol",
        "on_call",
        "coverage_hours",
        "alert_policy",
        "escalate_after",
        "escalation_channel",
        "item_policy",
    )
    return SetupForm(
        **{name: typed.get(name, "") for name in (*plain, *more)},
        trainee_role=role("trainee_role", "channel"),
        supervisor_role=role("supervisor_role", "supervisors_channel"),
        locale=locale,
    )


def change(words: Words, locale: str, fields: Sequence[str]) -> list[Json]:
    """Return the form for one changed setting."""

    def worded(key: str) -> str:
        return words.say(f"slack.setup.{key}", locale)

    options = {name: worded(f"field.{name}") for name in fields}
    return [
        _input(worded("which"), _select("field", options, fields[0]), worded, "", False),
        _input(worded("value"), _text("value", "", long=True), worded, "", True),
    ]


def session(words: Words, locale: str) -> list[Json]:
    """Return the form for a session."""

    def worded(key: str) -> str:
        return words.say(f"slack.session.{key}", locale)

    every = {name: worded(f"every.{name}") for name in ("week", "two_weeks", "once")}
    return [
        _input(worded("field.title"), _text("title", ""), worded, "", False),
        _input(worded("field.every"), _select("every", every, "week"), worded, "", False),
        _input(worded("field.date"), {"type": "datepicker", "action_id": "date"}, worded, "", False, "date"),
        _input(worded("field.time"), _time("time", ""), worded, "", False),
        _input(worded("field.minutes"), _text("minutes", "60"), worded, "", False),
        _input(worded("field.where"), _text("where", ""), worded, "", True),
    ]


def text_input(
    name: str,
    label: str,
    initial: str = "",
    *,
    placeholder: str = "",
    limit: int = 100,
    long: bool = False,
    optional: bool = False,
) -> Json:
    """Return a field for text of at most `limit` characters."""
    longest = min(limit, LONGEST)
    element = {**_text(name, fitting(initial, longest), long=long), "max_length": longest}
    if placeholder:
        element["placeholder"] = {"type": "plain_text", "text": clipped(placeholder, _PLACEHOLDER_LIMIT)}
    return _input(label, element, None, "", optional)


def select_input(name: str, label: str, options: Mapping[str, str], initial: str = "") -> Json:
    """Return a menu of {value: shown}, the first chosen unless another is."""
    return _input(label, _select(name, options, initial or next(iter(options))), None, "", False)


def date_input(name: str, label: str) -> Json:
    """Return a field for a day."""
    return _input(label, {"type": "datepicker", "action_id": name}, None, "", False)


def _input(label: str, element: Json, worded: Any, hint: str, optional: bool, block_id: str = "") -> Json:
    made: Json = {
        "type": "input",
        "block_id": block_id or element["action_id"],
        "label": {"type": "plain_text", "text": label},
        "element": element,
        "optional": optional,
    }
    if hint in _HINTED:
        made["hint"] = {"type": "plain_text", "text": worded(f"hint.{hint}")}
    return made


_HINTED = frozenset(
    {
        "zone",
        "country",
        "subdivision",
        "trainee_role",
        "supervisor_role",
        "site_protocol",
        "on_call",
        "escalation_channel",
    }
)


def _text(name: str, initial: str, *, long: bool = False) -> Json:
    made: Json = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": long,
        "max_length": _LONG if long else _SHORT,
    }
    if initial:
        made["initial_value"] = fitting(initial, LONGEST)
    return made


def _option(value: str, label: str) -> Json:
    return {"value": value, "text": {"type": "plain_text", "text": clipped(label, _OPTION_LIMIT)}}


def _select(name: str, options: Mapping[str, str], initial: str) -> Json:
    made: Json = {
        "type": "static_select",
        "action_id": name,
        "options": [_option(value, label) for value, label in options.items()],
    }
    if initial in options:
        made["initial_option"] = _option(initial, options[initial])
    return made


def _boxes(name: str, options: Mapping[str, str], chosen: Sequence[str]) -> Json:
    made: Json = {
        "type": "checkboxes",
        "action_id": name,
        "options": [_option(value, label) for value, label in options.items()],
    }
    if chosen:
        made["initial_options"] = [_option(value, options[value]) for value in chosen]
    return made


def _channel(name: str, known: Mapping[str, str]) -> Json:
    made: Json = {
        "type": "conversations_select",
        "action_id": name,
        "filter": {
            "include": ["public", "private"],
            "exclude_bot_users": True,
            "exclude_external_shared_channels": True,
        },
    }
    if known.get(name):
        made["initial_conversation"] = known[name]
    return made


def _time(name: str, initial: str) -> Json:
    made: Json = {"type": "timepicker", "action_id": name}
    if initial:
        made["initial_time"] = initial
    return made
