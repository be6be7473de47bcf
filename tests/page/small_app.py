"""An app on slack-bolt, as small as can be, for tests of the page: it shows one of each thing that Slack can draw."""

from __future__ import annotations

from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.slack import demo

PROMPT: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "What stayed"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*One thing* that _stayed_, see <#C0COMMON0> &lt;3\n> so"}},
    {"type": "divider"},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "write",
                "style": "primary",
                "text": {"type": "plain_text", "text": "Write"},
            },
            {"type": "button", "action_id": "note", "text": {"type": "plain_text", "text": "A note"}},
        ],
    },
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "Open until Monday"}]},
]


def _field(name: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = {"type": "plain_text", "text": label}
    return {"type": "input", "block_id": name, "label": shown, "element": {"action_id": name, **element}, **more}


FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "A form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "close": {"type": "plain_text", "text": "Cancel"},
    "blocks": [
        _field("text", "Your words", {"type": "plain_text_input", "multiline": True}),
        _field("day", "A day", {"type": "datepicker"}, optional=True),
        _field(
            "days",
            "Days",
            {
                "type": "checkboxes",
                "options": [{"value": day, "text": {"type": "plain_text", "text": day}} for day in ("mon", "tue")],
            },
            optional=True,
        ),
    ],
}


class SmallApp:
    """Posts by `say`; answers a command, buttons, a form, a shortcut and a look at its home. `heard` is what came."""

    def __init__(self, base: str) -> None:
        self._session = aiohttp.ClientSession()
        client = AsyncWebClient(demo.BOT_TOKEN, base_url=f"{base}/slack/api/", session=self._session)
        self.client = client
        self.heard: list[Any] = []
        app = AsyncApp(client=client, request_verification_enabled=False)
        app.command("/chair")(self._command)
        app.action("write")(self._write)
        app.action("note")(self._note)
        app.view("form")(self._form)
        app.shortcut("needs_a_person")(self._shortcut)
        app.event("app_home_opened")(self._home)
        app.event("message")(self._message)
        self._handler = AsyncSocketModeHandler(app, demo.APP_TOKEN, web_client=client)

    async def start(self) -> None:
        await self._handler.connect_async()  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        await self._handler.client.close()  # type: ignore[no-untyped-call]
        await self._session.close()

    async def say(self, channel: str, text: str = "What stayed", **more: Any) -> str:
        return str((await self.client.chat_postMessage(channel=channel, text=text, **more))["ts"])

    async def _command(self, ack: Any, respond: Any, command: Any) -> None:
        await ack()
        self.heard.append(command["text"])
        await respond(text=f"You asked for *{command['text']}*", response_type="ephemeral")

    async def _write(self, ack: Any, body: Any) -> None:
        await ack()
        await self.client.views_open(trigger_id=body["trigger_id"], view=FORM)

    async def _note(self, ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="For your eyes", response_type="ephemeral", replace_original=False)

    async def _form(self, ack: Any, view: Any) -> None:
        values = {name: each for block in view["state"]["values"].values() for name, each in block.items()}
        if values["text"]["value"] == "wrong":
            await ack(response_action="errors", errors={"text": "Not that word."})
            return
        self.heard.append(values)
        said = {"type": "section", "text": {"type": "mrkdwn", "text": "It *stands*."}}
        shown = {**FORM, "blocks": [said]}
        del shown["submit"]
        await ack(response_action="update", view=shown)

    async def _shortcut(self, ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Somebody will look", response_type="ephemeral", replace_original=False)

    async def _home(self, event: Any) -> None:
        await self.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": PROMPT[:2]})

    async def _message(self, event: Any) -> None:
        self.heard.append(event.get("text"))
