"""Discord's limits on what a message may hold, answered with 50035 naming the field."""

from __future__ import annotations

from typing import Any

from rehearsal.discord.components import check_message_components
from rehearsal.discord.errors import ApiError, Form, not_rehearsed
from rehearsal.discord.model import Json, MessageFlag

CONTENT = 2000
EMBEDS = 10
EMBED_TOTAL = 6000
FILES = 10


def check_new(payload: Json, *, files: int, prefix: tuple[str, ...] = ()) -> None:
    """Check a message to be created; raises 50035, 50006 when it would be empty, 501 for what is not rehearsed."""
    for name, what in (("poll", "polls"), ("sticker_ids", "stickers")):
        if payload.get(name):
            raise not_rehearsed(what)
    if (payload.get("message_reference") or {}).get("type") == 1:
        raise not_rehearsed("forwarding")
    _check(payload, files=files, prefix=prefix)
    if not files and not any(payload.get(name) for name in ("content", "embeds", "components")):
        raise ApiError(400, 50006, "Cannot send an empty message")


def check_edit(payload: Json, *, files: int, layout: bool) -> None:
    """Check changes to a message; `layout` tells whether it is a components-v2 message already."""
    _check(payload, files=files, prefix=(), layout=layout)


def _check(payload: Json, *, files: int, prefix: tuple[str, ...], layout: bool = False) -> None:
    form = Form()
    layout = layout or bool((payload.get("flags") or 0) & MessageFlag.COMPONENTS_V2)
    form.length(("content",), payload.get("content"), CONTENT)
    if "nonce" in payload and payload["nonce"] is not None:
        form.length(("nonce",), str(payload["nonce"]), 25)
    if layout:
        for name in ("content", "embeds"):
            if payload.get(name):
                message = "The MessageFlags.IS_COMPONENTS_V2 flag does not go with this field."
                form.fail((name,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    if payload.get("embeds") is not None:
        _check_embeds(form, payload["embeds"])
    if payload.get("components") is not None:
        check_message_components(form, payload["components"], layout=layout)
    if files > FILES:
        form.fail(("attachments",), "BASE_TYPE_MAX_LENGTH", f"Must be {FILES} or fewer in length.")
    if prefix and form.errors:
        nested: Json = form.errors
        for part in reversed(prefix):
            nested = {part: nested}
        form.errors = nested
    form.check()


def _check_embeds(form: Form, embeds: Any) -> None:
    if not isinstance(embeds, list) or len(embeds) > EMBEDS:
        form.fail(("embeds",), "BASE_TYPE_MAX_LENGTH", f"Must be {EMBEDS} or fewer in length.")
        return
    total = 0
    for index, embed in enumerate(embeds):
        path = ("embeds", index)
        footer = (embed.get("footer") or {}).get("text")
        author = (embed.get("author") or {}).get("name")
        fields = embed.get("fields") or []
        form.length((*path, "title"), embed.get("title"), 256)
        form.length((*path, "description"), embed.get("description"), 4096)
        form.length((*path, "footer", "text"), footer, 2048)
        form.length((*path, "author", "name"), author, 256)
        if len(fields) > 25:
            form.fail((*path, "fields"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        for place, item in enumerate(fields):
            form.length((*path, "fields", place, "name"), item.get("name"), 256, 1)
            form.length((*path, "fields", place, "value"), item.get("value"), 1024, 1)
        texts = [embed.get("title"), embed.get("description"), footer, author]
        texts += [item.get(part) for item in fields for part in ("name", "value")]
        total += sum(len(text) for text in texts if isinstance(text, str))
    if total > EMBED_TOTAL:
        message = f"Embed size exceeds maximum size of {EMBED_TOTAL}"
        form.fail(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", message)
