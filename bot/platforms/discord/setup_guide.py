"""The guide through setting up a cohort: two steps of choices and two forms, with everything said kept until saved.

A draft lives in this process's memory for as long as somebody fills it in; nothing of it is stored before "save".
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import discord

from bot.cohorts.form import SetupForm as SetupForm
from bot.cohorts.reading import CHANGEABLE as FIELDS
from bot.errors import BadInput
from bot.people import AlertPolicy, ItemPolicy, Member
from bot.platforms.discord.translate import discord_id
from bot.platforms.discord.visit import Visit
from bot.ports.words import Words

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
POLICIES = {policy.name.lower(): policy.value for policy in AlertPolicy}
ITEM_POLICIES = {policy.name.lower(): policy.value for policy in ItemPolicy}
CHANNELS = ("channel", "supervisors_channel")
SECOND_CHANNEL = "escalation_channel"
ROLES = ("trainee_role", "supervisor_role")
FORMS = {
    "basics": ("name", "zone", "time", "country", "subdivision"),
    "contacts": ("site_protocol", "on_call", "coverage_hours", "escalate_after"),
}
__all__ = [
    "CHANNELS",
    "FIELDS",
    "FORMS",
    "ITEM_POLICIES",
    "POLICIES",
    "ROLES",
    "SECOND_CHANNEL",
    "Drafts",
    "SetupForm",
    "Step",
]

_LONG = frozenset({"site_protocol"})
_NEEDED = frozenset({"name", "zone", "time", "country", "escalate_after"})
_MOST_DRAFTS = 500
_FIELD_LIMIT = 1000


class Step(Enum):
    """The two pages of choices."""

    WHERE = "where"
    HOW = "how"


@dataclass(slots=True)
class Draft:
    """A cohort on its way. `id` is the idempotency token of saving it, too."""

    id: str
    owner: Member
    form: SetupForm
    step: Step = Step.WHERE


class Drafts:
    """The drafts that are being filled in, the oldest forgotten first."""

    def __init__(self) -> None:
        self._drafts: OrderedDict[str, Draft] = OrderedDict()

    def begin(self, owner: Member, form: SetupForm) -> Draft:
        draft = Draft(secrets.token_hex(8), owner, form)
        self._drafts[draft.id] = draft
        if len(self._drafts) > _MOST_DRAFTS:
            self._drafts.popitem(last=False)
        return draft

    def of(self, owner: Member, draft_id: str) -> Draft:
        """Return somebody's own draft. Raises BadInput if it is forgotten (a restart) or another's."""
        draft = self._drafts.get(draft_id)
        if draft is None or draft.owner != owner:
            raise BadInput("discord.setup.forgotten")
        return draft

    def done(self, draft: Draft) -> None:
        self._drafts.pop(draft.id, None)


def changed(form: SetupForm, values: Mapping[str, str]) -> SetupForm:
    """Return the form with some fields filled in anew."""
    return replace(form, **dict(values))


def step_of(field: str) -> Step:
    """Say on which page a field is."""
    return Step.WHERE if field in CHANNELS + ROLES else Step.HOW


async def show(visit: Visit, draft: Draft, words: Words, notice: str = "") -> None:
    """Show the draft's page, with what stands in it and, above it, what is to be mended."""
    guide = _Guide(draft, words, visit.locale)
    view = guide.where() if draft.step is Step.WHERE else guide.how()
    await visit.send(content=notice or None, embeds=[guide.summary()], view=view)


async def open_form(visit: Visit, draft: Draft, words: Words, which: str) -> None:
    """Open one of the two forms, filled with what is known."""
    fields = [
        (
            words.say(f"discord.setup.field.{name}", visit.locale),
            discord.ui.TextInput[Any](
                custom_id=name,
                style=discord.TextStyle.paragraph if name in _LONG else discord.TextStyle.short,
                default=getattr(draft.form, name) or None,
                placeholder=words.say(f"discord.setup.hint.{name}", visit.locale),
                required=name in _NEEDED,
                max_length=_FIELD_LIMIT if name in _LONG else 100,
            ),
        )
        for name in FORMS[which]
    ]
    title = words.say(f"discord.setup.form.{which}", visit.locale)
    await visit.open_form(title, f"tc:setup-filled:{draft.id}", fields)


class _Guide:
    def __init__(self, draft: Draft, words: Words, locale: str) -> None:
        self._draft = draft
        self._words = words
        self._locale = locale

    def summary(self) -> discord.Embed:
        form, step = self._draft.form, self._draft.step.value
        embed = discord.Embed(title=self._say(f"step.{step}.title"), description=self._say(f"step.{step}.body"))
        shown = {
            "name": form.name,
            "channel": f"<#{form.channel}>" if form.channel else "",
            "supervisors_channel": f"<#{form.supervisors_channel}>" if form.supervisors_channel else "",
            "trainee_role": f"<@&{form.trainee_role}>" if form.trainee_role else "",
            "supervisor_role": f"<@&{form.supervisor_role}>" if form.supervisor_role else "",
            "zone": form.zone,
            "days": ", ".join(self._say(f"day.{day}") for day in form.days.split(",") if day in DAYS),
            "time": form.time,
            "country": " ".join(filter(None, (form.country, form.subdivision))),
            "site_protocol": form.site_protocol,
            "on_call": form.on_call,
            "coverage_hours": form.coverage_hours,
            "alert_policy": next(
                (self._say(f"policy.{key}.name") for key, value in POLICIES.items() if value == form.alert_policy), ""
            ),
            "escalate_after": form.escalate_after,
            SECOND_CHANNEL: f"<#{form.escalation_channel}>" if form.escalation_channel else "",
            "item_policy": next(
                (self._say(f"items.{key}.name") for key, value in ITEM_POLICIES.items() if value == form.item_policy),
                "",
            ),
        }
        for name, value in shown.items():
            embed.add_field(name=self._say(f"field.{name}"), value=value or self._say("empty"), inline=True)
        return embed

    def where(self) -> discord.ui.View:
        view = self._view()
        for row, name in enumerate((*CHANNELS, *ROLES)):
            current = getattr(self._draft.form, name)
            default = [discord.Object(discord_id(current))] if current else []
            custom_id, hint = f"tc:setup-{name}:{self._draft.id}", self._say(f"hint.{name}")
            if name in CHANNELS:
                self._channel(view, name, row)
            else:
                known = [discord.SelectDefaultValue(id=o.id, type=discord.SelectDefaultValueType.role) for o in default]
                view.add_item(
                    discord.ui.RoleSelect[Any](custom_id=custom_id, placeholder=hint, default_values=known, row=row)
                )
        self._button(view, "next", 4, discord.ButtonStyle.primary)
        return view

    def how(self) -> discord.ui.View:
        view, form = self._view(), self._draft.form
        days = [
            discord.SelectOption(label=self._say(f"day.{day}"), value=day, default=day in form.days.split(","))
            for day in DAYS
        ]
        self._select(view, "days", days, 0, most=len(days))
        self._policy(view, "alert_policy", "policy", POLICIES, 1)
        self._channel(view, SECOND_CHANNEL, 2, least=0)
        self._policy(view, "item_policy", "items", ITEM_POLICIES, 3)
        for name in (*FORMS, "back"):
            self._button(view, name, 4)
        self._button(view, "save", 4, discord.ButtonStyle.success)
        return view

    def _policy(self, view: discord.ui.View, field: str, key: str, choices: Mapping[str, str], row: int) -> None:
        options = [
            discord.SelectOption(
                label=self._say(f"{key}.{name}.name"),
                description=self._say(f"{key}.{name}.meaning"),
                value=value,
                default=value == getattr(self._draft.form, field),
            )
            for name, value in choices.items()
        ]
        self._select(view, field, options, row)

    def _select(
        self, view: discord.ui.View, field: str, options: list[discord.SelectOption], row: int, most: int = 1
    ) -> None:
        view.add_item(
            discord.ui.Select[Any](
                custom_id=f"tc:setup-{field}:{self._draft.id}",
                placeholder=self._say(f"hint.{field}"),
                max_values=most,
                options=options,
                row=row,
            )
        )

    def _view(self) -> discord.ui.View:
        view = discord.ui.View(timeout=None)
        view.stop()  # the router answers; discord.py need not remember it
        return view

    def _channel(self, view: discord.ui.View, name: str, row: int, least: int = 1) -> None:
        current, kind = getattr(self._draft.form, name), discord.SelectDefaultValueType.channel
        view.add_item(
            discord.ui.ChannelSelect[Any](
                custom_id=f"tc:setup-{name}:{self._draft.id}",
                placeholder=self._say(f"hint.{name}"),
                channel_types=[discord.ChannelType.text],
                default_values=[discord.SelectDefaultValue(id=discord_id(current), type=kind)] if current else [],
                min_values=least,
                row=row,
            )
        )

    def _button(
        self,
        view: discord.ui.View,
        name: str,
        row: int,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        custom_id = f"tc:setup-{name}:{self._draft.id}"
        view.add_item(
            discord.ui.Button[Any](label=self._say(f"button.{name}"), custom_id=custom_id, style=style, row=row)
        )

    def _say(self, key: str) -> str:
        return self._words.say(f"discord.setup.{key}", self._locale)
