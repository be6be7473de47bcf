"""Buttons, selects and modals: finding one in a tree, numbering them, and Discord's limits on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rehearsal.discord.errors import Form
from rehearsal.discord.model import Json

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT_DISPLAY, CONTAINER, LABEL = 9, 10, 17, 18
FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23
SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
CHOICES = frozenset({RADIO_GROUP, CHECKBOX_GROUP})
LINK, PREMIUM = 5, 6
LAYOUT_ONLY = frozenset({SECTION, TEXT_DISPLAY, 11, 12, 13, 14, CONTAINER})
IN_A_LABEL = SELECTS | CHOICES | {TEXT_INPUT, FILE_UPLOAD, CHECKBOX}

Path = tuple[str | int, ...]


def walk(components: list[Json]) -> Iterator[Json]:
    """Yield every component of a tree, parents before children."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for single in ("component", "accessory"):
            if isinstance(component.get(single), dict):
                yield from walk([component[single]])


def find(components: list[Json], custom_id: str) -> Json | None:
    """Return the component with this custom_id, or None."""
    return next((c for c in walk(components) if c.get("custom_id") == custom_id), None)


def number(components: list[Json]) -> None:
    """Give each component that has no `id` the next free one, as Discord does."""
    taken = {c["id"] for c in walk(components) if c.get("id")}
    upcoming = 1
    for component in walk(components):
        if component.get("id"):
            continue
        while upcoming in taken:
            upcoming += 1
        component["id"] = upcoming
        taken.add(upcoming)


def check_message_components(form: Form, components: Any, *, layout: bool) -> None:
    """Note what is wrong with a message's components; `layout` tells that the components-v2 flag is set."""
    if not isinstance(components, list):
        form.fail(("components",), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    if layout:
        if sum(1 for _ in walk(components)) > 40:
            form.fail(("components",), "BASE_TYPE_BAD_LENGTH", "The total number of components must not exceed 40")
        shown = sum(len(c.get("content", "")) for c in walk(components) if c.get("type") == TEXT_DISPLAY)
        if shown > 4000:
            form.fail(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "Must be 4000 or fewer in length.")
    elif len(components) > 5:
        form.fail(("components",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for index, component in enumerate(components):
        path: Path = ("components", index)
        kind = component.get("type") if isinstance(component, dict) else None
        if kind == ROW or (layout and kind in LAYOUT_ONLY):
            _check_tree(form, path, component)
        else:
            form.fail((*path, "type"), "BASE_TYPE_CHOICES", f'Value of field "type" is not allowed here: {kind}')
    _check_unique(form, ("components",), components)


def check_modal(form: Form, data: Json) -> None:
    """Note what is wrong with the data of a modal answer."""
    form.length(("data", "custom_id"), data.get("custom_id"), 100, 1)
    form.length(("data", "title"), data.get("title"), 45, 1)
    components = data.get("components")
    if not isinstance(components, list) or not 1 <= len(components) <= 5:
        form.fail(("data", "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
        return
    for index, component in enumerate(components):
        path: Path = ("data", "components", index)
        kind = component.get("type")
        if kind == LABEL:
            form.length((*path, "label"), component.get("label"), 45, 1)
            form.length((*path, "description"), component.get("description"), 100)
            inner = component.get("component") or {}
            if inner.get("type") not in IN_A_LABEL:
                form.fail((*path, "component", "type"), "BASE_TYPE_CHOICES", "Not allowed in a label.")
            else:
                _check_one(form, (*path, "component"), inner, labelled=True)
        elif kind == ROW:
            for place, inner in enumerate(component.get("components") or []):
                if inner.get("type") != TEXT_INPUT:
                    form.fail((*path, "components", place, "type"), "BASE_TYPE_CHOICES", "Value must be one of (4,).")
                else:
                    _check_one(form, (*path, "components", place), inner)
        elif kind != TEXT_DISPLAY:
            form.fail((*path, "type"), "BASE_TYPE_CHOICES", "Value must be one of (1, 10, 18).")
    _check_unique(form, ("data", "components"), components)


def _check_tree(form: Form, path: Path, component: Json) -> None:
    kind = component.get("type")
    if kind == ROW:
        inner = component.get("components")
        if not isinstance(inner, list) or not 1 <= len(inner) <= 5:
            form.fail((*path, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
            return
        if any(c.get("type") in SELECTS for c in inner) and len(inner) > 1:
            form.fail((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The row has no room for this.")
        for index, child in enumerate(inner):
            if child.get("type") not in SELECTS | {BUTTON}:
                form.fail((*path, "components", index, "type"), "BASE_TYPE_CHOICES", "Not allowed in a message's row.")
            else:
                _check_one(form, (*path, "components", index), child)
        return
    if kind == TEXT_DISPLAY:
        form.length((*path, "content"), component.get("content"), 4000, 1)
    for index, child in enumerate(component.get("components") or []):
        _check_tree(form, (*path, "components", index), child)
    if isinstance(component.get("accessory"), dict) and component["accessory"].get("type") == BUTTON:
        _check_one(form, (*path, "accessory"), component["accessory"])


def _check_one(form: Form, path: Path, component: Json, *, labelled: bool = False) -> None:
    kind = component.get("type")
    if kind == BUTTON:
        _check_button(form, path, component)
        return
    form.length((*path, "custom_id"), component.get("custom_id"), 100, 1)
    if kind == TEXT_INPUT:
        if not labelled:
            form.length((*path, "label"), component.get("label"), 45, 1)
        form.length((*path, "placeholder"), component.get("placeholder"), 100)
        form.length((*path, "value"), component.get("value"), 4000)
        for name, least in (("min_length", 0), ("max_length", 1)):
            value = component.get(name)
            if value is not None and not least <= value <= 4000:
                form.fail((*path, name), "NUMBER_TYPE_MAX", f"int value should be between {least} and 4000.")
    elif kind in SELECTS or kind in CHOICES:
        form.length((*path, "placeholder"), component.get("placeholder"), 150)
        if kind == STRING_SELECT or kind in CHOICES:
            _check_options(form, path, component.get("options"), 25 if kind == STRING_SELECT else 10)
        for name, least in (("min_values", 0), ("max_values", 1)):
            value = component.get(name)
            if value is not None and not least <= value <= 25:
                form.fail((*path, name), "NUMBER_TYPE_MAX", f"int value should be between {least} and 25.")


def _check_button(form: Form, path: Path, button: Json) -> None:
    style = button.get("style")
    if style not in {1, 2, 3, 4, LINK, PREMIUM}:
        form.fail((*path, "style"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
    elif style == LINK:
        form.length((*path, "url"), button.get("url"), 512, 1)
    elif style != PREMIUM:
        form.length((*path, "custom_id"), button.get("custom_id"), 100, 1)
    form.length((*path, "label"), button.get("label"), 80)
    if style != PREMIUM and not button.get("label") and not button.get("emoji"):
        form.fail(path, "BUTTON_COMPONENT_INVALID", "A button must have a label or an emoji")


def _check_options(form: Form, path: Path, options: Any, most: int) -> None:
    if not isinstance(options, list) or not 1 <= len(options) <= most:
        form.fail((*path, "options"), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
        return
    values: set[str] = set()
    for index, option in enumerate(options):
        where: Path = (*path, "options", index)
        form.length((*where, "label"), option.get("label"), 100, 1)
        form.length((*where, "value"), option.get("value"), 100, 1)
        form.length((*where, "description"), option.get("description"), 100)
        if option.get("value") in values:
            form.fail((*where, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The option's value is taken")
        values.add(option.get("value"))


def _check_unique(form: Form, path: Path, components: list[Json]) -> None:
    seen: set[str] = set()
    for component in walk([c for c in components if isinstance(c, dict)]):
        custom_id = component.get("custom_id")
        if custom_id is None:
            continue
        if custom_id in seen:
            form.fail(path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        seen.add(custom_id)
