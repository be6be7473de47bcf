"""What people do with the app: commands, buttons, menus, forms, shortcuts; and the app's answers to them."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from rehearsal.slack import blocks as kit
from rehearsal.slack.chat import Chat
from rehearsal.slack.errors import Refused, SlackError
from rehearsal.slack.line import Line
from rehearsal.slack.model import Channel, Json, Message, Team, User, View
from rehearsal.slack.triggers import ResponseUrl, Trigger, Triggers
from rehearsal.slack.views import Views, view_json
from rehearsal.slack.world import World, message_json


class Interactions:
    """Builds the payloads, delivers them and does what the acknowledgement asks for."""

    def __init__(self, world: World, line: Line, chat: Chat, views: Views, triggers: Triggers) -> None:
        self._world = world
        self._line = line
        self._chat = chat
        self._views = views
        self._triggers = triggers

    async def command(self, team: Team, user: User, channel: Channel, command: str, text: str) -> None:
        """A slash command; never in a thread, as on Slack."""
        answer = await self._line.ask(
            "slash_commands",
            {
                "token": "rehearsal",
                "team_id": team.id,
                "team_domain": team.domain,
                "channel_id": channel.id,
                "channel_name": "directmessage" if channel.is_im else channel.name,
                "user_id": user.id,
                "user_name": user.name,
                "command": command,
                "text": text,
                "api_app_id": self._world.app.id,
                "is_enterprise_install": "false",
                "response_url": self._url(team, user, channel),
                "trigger_id": self._triggers.trigger(team.id, user.id),
            },
        )
        if answer.get("text") or answer.get("blocks"):
            self._chat.whisper(team, channel.id, user.id, str(answer.get("text", "")), answer.get("blocks") or [])

    async def press(self, team: Team, user: User, message: Message, action: Json) -> None:
        """A button or a menu on a message; `action` is what Slack lists under `actions`."""
        channel = team.channels[message.channel]
        shown = {**message_json(team, message), "app_id": self._world.app.id}
        await self._line.ask(
            "interactive",
            {
                **self._person(team, user, "block_actions"),
                "container": {
                    "type": "message",
                    "message_ts": message.ts,
                    "channel_id": channel.id,
                    "is_ephemeral": message.ephemeral_to is not None,
                    **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
                },
                "trigger_id": self._triggers.trigger(team.id, user.id),
                "channel": {"id": channel.id, "name": channel.name or "directmessage"},
                "message": shown,
                "state": {"values": {}},
                "response_url": self._url(team, user, channel, message),
                "actions": [{**action, "action_ts": self._world.next_ts()}],
            },
        )

    async def press_in_view(self, team: Team, user: User, view: View, action: Json, values: Json) -> None:
        """A button or a menu in a modal or in somebody's home."""
        shown = view_json(team, view, values)
        await self._line.ask(
            "interactive",
            {
                **self._person(team, user, "block_actions"),
                "container": {"type": "view", "view_id": view.id},
                "trigger_id": self._triggers.trigger(team.id, user.id, view.id if view.id in team.views else None),
                "view": shown,
                "actions": [{**action, "action_ts": self._world.next_ts()}],
            },
        )

    async def submit(self, team: Team, user: User, view: View, values: Json) -> Json:
        """A form is sent; return the errors that the app found in it, by block."""
        trigger = self._triggers.trigger(team.id, user.id, view.id)
        payload = {
            **self._person(team, user, "view_submission"),
            "trigger_id": trigger,
            "view": view_json(team, view, values),
            "response_urls": [],
        }
        answer = await self._line.ask("interactive", payload)
        match answer.get("response_action"):
            case "errors":
                return dict(answer["errors"])
            case "update":
                self._views.replace(team, view, answer["view"])
            case "push":
                self._views.put(team, Trigger(team.id, user.id, 0.0, view.id), answer["view"], on=view.id)
            case "clear":
                self._views.close(team, view, all_of_them=True)
            case _:
                self._views.close(team, view)
        return {}

    async def shortcut(self, team: Team, user: User, message: Message, callback_id: str) -> None:
        """A message shortcut."""
        channel = team.channels[message.channel]
        await self._line.ask(
            "interactive",
            {
                **self._person(team, user, "message_action"),
                "callback_id": callback_id,
                "trigger_id": self._triggers.trigger(team.id, user.id),
                "message_ts": message.ts,
                "response_url": self._url(team, user, channel, message),
                "message": message_json(team, message),
                "channel": {"id": channel.id, "name": channel.name or "directmessage"},
                "action_ts": self._world.next_ts(),
            },
        )

    async def answer(self, request: web.Request) -> web.Response:
        """Take an answer at a response url."""
        try:
            url = self._triggers.answer(request.match_info["token"])
            body = json.loads(await request.read() or b"{}")
            team = self._world.teams[url.team]
            pressed = self._pressed(team, url)
            if body.get("delete_original"):
                if pressed is not None and pressed.ephemeral_to:
                    self._chat.unwhisper(team, pressed)
                return web.json_response({"ok": True})
            text, given = str(body.get("text", "")), body.get("blocks") or []
            blocks = kit.check(given)
            kit.check_message(blocks)
            if not text and not blocks:
                raise SlackError("no_text")
            self._show(team, url, pressed, body, text, blocks)
        except SlackError as problem:
            return web.json_response(problem.body(), status=404 if problem.code.endswith("_url") else 400)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        return web.json_response({"ok": True})

    def _show(
        self, team: Team, url: ResponseUrl, pressed: Message | None, body: Json, text: str, blocks: list[Json]
    ) -> None:
        if body.get("replace_original") and pressed is not None:
            if pressed.ephemeral_to:
                self._chat.rewhisper(team, pressed, text, blocks)
                return
            pressed.text, pressed.blocks = text, blocks
            self._world.publish("message_changed", team, message_json(team, pressed), channel=pressed.channel)
            return
        thread = body.get("thread_ts") or url.thread_ts
        if body.get("response_type") == "in_channel":
            said = Message(self._world.next_ts(), url.channel, team.bot, text, blocks, team.bot_id, thread)
            self._chat.put(team, said)
        else:
            self._chat.whisper(team, url.channel, url.user, text, blocks, thread)

    def _pressed(self, team: Team, url: ResponseUrl) -> Message | None:
        if url.message is None:
            return None
        return team.ephemerals.get(url.message) or team.messages.get(url.channel, {}).get(url.message)

    def _url(self, team: Team, user: User, channel: Channel, message: Message | None = None) -> str:
        pressed, thread = (message.ts, message.thread_ts) if message else (None, None)
        url = ResponseUrl(team.id, user.id, channel.id, self._triggers.url_until(), pressed, thread)
        return f"{self._world.base_url}/slack/respond/{self._triggers.url(url)}"

    def _person(self, team: Team, user: User, kind: str) -> Json:
        return {
            "type": kind,
            "team": {"id": team.id, "domain": team.domain},
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team.id},
            "api_app_id": self._world.app.id,
            "token": "rehearsal",
            "enterprise": None,
            "is_enterprise_install": False,
        }


def state_of(blocks: list[Json], given: dict[str, Any]) -> Json:
    """Return what stands in a view's inputs: what was typed or chosen, by action id, else what stood there before.

    Raises Refused for an input that must be filled and is not.
    """
    values: Json = {}
    for number, block in enumerate(blocks):
        if block["type"] != "input":
            continue
        element = block["element"]
        name = element["action_id"]
        block_id = str(block.get("block_id", f"b{number}"))
        value = _value(element, given[name] if name in given else _initial(element))
        if not block.get("optional") and all(value.get(key) in (None, "", []) for key in value if key != "type"):
            raise Refused(f"“{block['label']['text']}” must be filled in.")
        longest = element.get("max_length")
        if longest and len(str(value.get("value") or "")) > longest:
            raise Refused(f"“{block['label']['text']}” is longer than {longest} characters.")
        values.setdefault(block_id, {})[name] = value
    return values


def action_of(block_id: str, element: Json, chosen: Any = None) -> Json:
    """Return how Slack lists a press of a button, or a choice."""
    action: Json = {"type": element["type"], "block_id": block_id, "action_id": element["action_id"]}
    if element["type"] == "button":
        return {**action, "text": element["text"], "value": element.get("value", "")}
    return {**action, **_value(element, chosen)}


def _value(element: Json, given: Any) -> Json:
    kind = element["type"]
    options = {option["value"]: option for option in element.get("options", ())}
    match kind:
        case "plain_text_input" | "number_input":
            return {"type": kind, "value": given or None}
        case "static_select" | "radio_buttons":
            if given and given not in options:
                raise Refused("Choose from the list.")
            return {"type": kind, "selected_option": options.get(given)}
        case "multi_static_select" | "checkboxes":
            return {"type": kind, "selected_options": [options[each] for each in given or () if each in options]}
        case "conversations_select":
            return {"type": kind, "selected_conversation": given or None}
        case "channels_select":
            return {"type": kind, "selected_channel": given or None}
        case "users_select":
            return {"type": kind, "selected_user": given or None}
        case "datepicker":
            return {"type": kind, "selected_date": given or None}
        case "timepicker":
            return {"type": kind, "selected_time": given or None}
    return {"type": kind, "value": given}


def _initial(element: Json) -> Any:
    for name in ("initial_value", "initial_conversation", "initial_channel", "initial_date", "initial_time"):
        if name in element:
            return element[name]
    if "initial_option" in element:
        return element["initial_option"]["value"]
    return [option["value"] for option in element.get("initial_options", ())] or None
