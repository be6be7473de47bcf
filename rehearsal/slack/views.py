"""`views.*`: modals before people's eyes, and the home that each person has."""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.slack import blocks as kit
from rehearsal.slack.call import Call, Method, Methods
from rehearsal.slack.errors import SlackError
from rehearsal.slack.model import Json, Team, View
from rehearsal.slack.triggers import Trigger, Triggers
from rehearsal.slack.world import World

_DEPTH = 3


class Views:
    """The views that are open; a new one lies on top of its stack."""

    def __init__(self, world: World, triggers: Triggers) -> None:
        self._world = world
        self._triggers = triggers

    def register(self, methods: Methods) -> None:
        methods.add(
            Method("views.open", self.open),
            Method("views.push", self.push),
            Method("views.update", self.update),
            Method("views.publish", self.publish),
        )

    async def open(self, call: Call) -> Json:
        trigger = self._trigger(call)
        return {"view": view_json(call.team, self.put(call.team, trigger, call.json("view")))}

    async def push(self, call: Call) -> Json:
        trigger = self._trigger(call)
        if trigger.view is None or trigger.view not in call.team.views:
            raise SlackError("not_found")
        return {"view": view_json(call.team, self.put(call.team, trigger, call.json("view"), on=trigger.view))}

    async def update(self, call: Call) -> Json:
        team = call.team
        view = team.views.get(call.text("view_id", ""))
        if view is None:
            raise SlackError("not_found")
        if call.text("hash", view.hash) != view.hash:
            raise SlackError("hash_conflict")
        self.replace(team, view, call.json("view"))
        return {"view": view_json(team, view)}

    async def publish(self, call: Call) -> Json:
        team = call.team
        person = self._world.user(team, call.text("user_id"))
        payload = kit.check_view(call.json("view"))
        if payload["type"] != "home":
            raise SlackError("invalid_arguments")
        home = View(self._world.next_id("V"), person.id, payload, self._hash(), "")
        team.homes[person.id] = home
        self._world.publish("home", team, view_json(team, home), private_to=person.id)
        return {"view": view_json(team, home)}

    def put(self, team: Team, trigger: Trigger, payload: Json, on: str | None = None) -> View:
        """Open a view before the trigger's person, on top of another or instead of all."""
        kit.check_view(payload)
        if payload["type"] != "modal":
            raise SlackError("invalid_arguments")
        if on is None:
            for view in list(self.of(team, trigger.user)):
                del team.views[view.id]
        elif len(list(self.of(team, trigger.user))) >= _DEPTH:
            raise SlackError("push_limit_reached")
        ident = self._world.next_id("V")
        stack = team.views[on].stack if on else ident
        view = View(ident, trigger.user, payload, self._hash(), stack, on)
        team.views[ident] = view
        self._world.publish("view", team, view_json(team, view), private_to=view.user)
        return view

    def replace(self, team: Team, view: View, payload: Json) -> None:
        """Show something else in an open view."""
        kit.check_view(payload)
        view.payload, view.hash = payload, self._hash()
        self._world.publish("view", team, view_json(team, view), private_to=view.user)

    def close(self, team: Team, view: View, *, all_of_them: bool = False) -> None:
        """Close a view, or its whole stack."""
        for each in list(self.of(team, view.user)):
            if each.id == view.id or all_of_them:
                del team.views[each.id]
                gone = {"id": each.id}
                self._world.publish("view_closed", team, gone, private_to=view.user)

    def of(self, team: Team, user: str) -> Iterator[View]:
        """The views that are open before somebody, the topmost last."""
        return (view for view in list(team.views.values()) if view.user == user)

    def _trigger(self, call: Call) -> Trigger:
        kit.check_view(call.json("view"))
        return self._triggers.use(call.text("trigger_id", "?"), call.team.id)

    def _hash(self) -> str:
        return f"{self._world.next_ts()}.{self._world.next_id('h')}"


def view_json(team: Team, view: View, values: Json | None = None) -> Json:
    """A view as Slack sends it; `values` is what somebody filled in."""
    return {
        "id": view.id,
        "team_id": team.id,
        "app_id": "",
        "bot_id": team.bot_id,
        "callback_id": "",
        "private_metadata": "",
        "title": None,
        "submit": None,
        "close": None,
        "blocks": [],
        **view.payload,
        "hash": view.hash,
        "root_view_id": view.stack or view.id,
        "previous_view_id": view.previous,
        "state": {"values": values or {}},
        "app_installed_team_id": team.id,
    }
