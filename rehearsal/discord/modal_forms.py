"""What a person filled into a modal, checked and put into the shape Discord sends to the bot."""

from __future__ import annotations

from typing import Any

from rehearsal.discord import components as c
from rehearsal.discord.errors import Refused
from rehearsal.discord.model import Json


def fill(form: list[Json], values: Json) -> list[Json]:
    """Return the submitted components; raises Refused with a sentence when a field is missing or unfit."""
    known = {item["custom_id"] for item in c.walk(form) if item.get("custom_id")}
    unknown = sorted(set(values) - known)
    if unknown:
        raise Refused(f"The form has no field “{unknown[0]}”.")
    filled: list[Json] = []
    for item in form:
        if item["type"] == c.LABEL:
            inner = _field(item["component"], item["label"], values)
            filled.append({"type": c.LABEL, "id": item["id"], "component": inner})
        elif item["type"] == c.ROW:
            inside = [_field(field, field.get("label") or "", values) for field in item["components"]]
            filled.append({"type": c.ROW, "id": item["id"], "components": inside})
        else:
            filled.append({"type": item["type"], "id": item["id"]})
    return filled


def _field(field: Json, label: str, values: Json) -> Json:
    kind, custom_id = field["type"], field["custom_id"]
    answer: Json = {"type": kind, "id": field["id"], "custom_id": custom_id}
    given = values.get(custom_id)
    if kind == c.TEXT_INPUT:
        return answer | {"value": _text(field, label, given)}
    if kind == c.CHECKBOX:
        return answer | {"value": bool(given)}
    if kind == c.RADIO_GROUP:
        chosen = _chosen(field, label, [] if given is None else [given], least=0, most=1)
        return answer | {"value": chosen[0] if chosen else None}
    if kind in c.SELECTS or kind == c.CHECKBOX_GROUP:
        least = int(field.get("min_values", 1))
        most = int(field.get("max_values", 1 if kind in c.SELECTS else len(field.get("options") or [])))
        picked = given if isinstance(given, list) else [] if given is None else [given]
        return answer | {"values": _chosen(field, label, picked, least=least, most=most)}
    raise Refused("Files cannot be given to a form in this rehearsal.")


def _text(field: Json, label: str, given: Any) -> str:
    text = str(given if given is not None else field.get("value") or "")
    required = field.get("required", True)
    if not text:
        if required:
            raise Refused(f"“{label}” is needed.")
        return text
    least, most = int(field.get("min_length") or 0), int(field.get("max_length") or 4000)
    if len(text) < least:
        raise Refused(f"“{label}” needs at least {least} characters.")
    if len(text) > most:
        raise Refused(f"“{label}” takes at most {most} characters.")
    return text


def _chosen(field: Json, label: str, picked: list[Any], *, least: int, most: int) -> list[str]:
    values = [str(one) for one in picked]
    if not values and not field.get("required", True):
        return values
    if (not values and field.get("required", True)) or len(values) < least:
        raise Refused(f"Choose at least {max(least, 1)} for “{label}”.")
    if len(values) > most:
        raise Refused(f"Choose at most {most} for “{label}”.")
    options = field.get("options")
    if options is not None and not set(values) <= {str(option["value"]) for option in options}:
        raise Refused(f"“{label}” must be one of the listed choices.")
    return values
