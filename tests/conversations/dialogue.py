"""Dialogues in the words of the people who hold them.

    await scene.with_("Amara").presses("Respond anonymously").types("It was a long silence.")
        .sees_privately("It stands in the thread")
        .with_("Bence").sees_in_thread("It was a long silence.")

A dialogue is a list of lines that runs when it is awaited. The line that fails is named, with the dialogue up to it
and the screen of the person who speaks.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Self

from tests.conversations.venue import DAILY, CannotDo, Said

if TYPE_CHECKING:
    from tests.conversations.scene import Scene

THREAD, DM = "the thread", "direct messages"

Act = Callable[[], Awaitable[None]]


class Dialogue:
    """Lines, one after another, that run when awaited."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._venue = scene.venue
        self._lines: list[tuple[str, str, Act]] = []
        self._who = ""
        self._before: dict[str, set[tuple[int, str]]] = {}
        self._sent: dict[str, tuple[int, int]] = {}

    def __await__(self) -> Generator[Any, None, None]:
        return self._run().__await__()

    def with_(self, name: str) -> Self:
        """Let the next lines be somebody's."""
        self._who = name
        return self

    # What people do

    def presses(self, label: str, *, on: str = "") -> Self:
        """Press the newest button of this label on her screen; `on` are words of the message that it stands under."""
        who = self._who

        async def act() -> None:
            message, custom_id = self._scene.newest_with(who, label, on)
            await self._venue.press(who, message, custom_id)

        return self._does(f"presses “{label}”", act)

    def types(self, text: str) -> Self:
        """Fill the open form's first field and send it; whatever else it asks for may stay empty."""
        who = self._who

        async def act() -> None:
            form = self._venue.form(who)
            assert form is not None, "no form is open"
            first, *others = form.fields
            await self._venue.fill(who, {first: text} | dict.fromkeys(others, ""))

        return self._does(f"types “{text[:60]}”", act)

    def fills(self, **fields: str) -> Self:
        """Fill these fields of the open form, leave the others as they stand, and send it."""
        who = self._who

        async def act() -> None:
            form = self._venue.form(who)
            assert form is not None, "no form is open"
            await self._venue.fill(who, {**form.fields, **fields})

        return self._does(f"fills {fields}", act)

    def chooses(self, menu: str, *values: Any) -> Self:
        """Choose in the newest menu whose custom id holds `menu`."""
        who = self._who

        async def act() -> None:
            notes = [(m, c) for m in self._venue.private(who) for c in m.menus if menu in c]
            assert notes, f"there is no menu {menu}"
            await self._venue.choose(who, notes[-1][0], notes[-1][1], values)

        return self._does(f"chooses {values} for {menu}", act)

    def uses(self, command: str, *, at: str = DAILY, **options: Any) -> Self:
        """Use a slash command in a place."""
        who = self._who

        async def act() -> None:
            await self._venue.command(who, self._scene.where(who, at), command, options)

        return self._does(f"uses /{command} in {at}", act)

    def uses_menu(self, name: str, *, on: str) -> Self:
        """Use a context menu on the message in the thread that holds these words."""
        who = self._who

        async def act() -> None:
            seen = self._venue.standing(who, self._scene.thread())
            await self._venue.menu(who, next(m for m in seen if on in m.text), name)

        return self._does(f"uses “{name}” on “{on[:40]}”", act)

    def writes(self, text: str, *, at: str = DAILY) -> Self:
        """Write openly, under her own name."""
        who = self._who

        async def act() -> None:
            place = self._scene.where(who, at)
            self._sent[who] = (await self._venue.write(who, place, text), place)

        return self._does(f"writes “{text[:60]}” in {at}", act)

    def rewrites(self, text: str) -> Self:
        """Change what she wrote openly last."""
        who = self._who

        async def act() -> None:
            message, place = self._sent[who]
            await self._venue.rewrite(who, message, place, text)

        return self._does(f"rewrites it as “{text[:60]}”", act)

    def forges(self, custom_id: str, *, on: str = DAILY) -> Self:
        """Press a button that is on no message of hers, with a doctored client."""
        who = self._who

        async def act() -> None:
            await self._venue.forge(who, self._any_message(who, on), custom_id)

        return self._does("forges a press", act)

    def forges_form(self, custom_id: str, fields: Mapping[str, str], *, on: str = DAILY) -> Self:
        """Send a form that the bot never opened for her."""
        who = self._who

        async def act() -> None:
            await self._venue.forge_form(who, self._any_message(who, on), custom_id, fields)

        return self._does("forges a form", act)

    def cannot(self, act: Callable[[Dialogue], Dialogue]) -> Self:
        """Hold that her client does not even offer something."""
        who = self._who

        async def check() -> None:
            try:
                await act(self._scene.with_(who))
            except CannotDo:
                return
            except AssertionError as error:
                if isinstance(error.__cause__, CannotDo) or "there is no button" in str(error):
                    return
                raise
            raise AssertionError("her client let her")

        return self._add("cannot do that", check)

    # What people see

    def sees_privately(self, *words: str) -> Self:
        """A note that only she sees, new since she last did something, holds all these words."""
        who = self._who

        async def check() -> None:
            fresh = [m.text for m in self._fresh(who)]
            assert any(all(word in text for word in words) for text in fresh), f"no new private note with {words}"

        return self._add(f"sees privately {words}", check)

    def sees_no_note(self) -> Self:
        """Nothing new was shown to her privately."""
        who = self._who

        async def check() -> None:
            assert not self._fresh(who), "there is a new private note"

        return self._add("sees no private note", check)

    def sees_in(self, place: str, *words: str) -> Self:
        """One message in a place holds all these words."""
        who = self._who

        async def check() -> None:
            texts = [m.text for m in self._venue.standing(who, self._scene.where(who, place))]
            assert any(all(word in text for word in words) for text in texts), f"nothing in {place} with {words}"

        return self._add(f"sees in {place} {words}", check)

    def sees_in_thread(self, *words: str) -> Self:
        """One message in the newest thread holds all these words."""
        return self.sees_in(THREAD, *words)

    def sees_by_dm(self, *words: str) -> Self:
        """One direct message holds all these words."""
        return self.sees_in(DM, *words)

    def sees_nothing_of(self, *words: str) -> Self:
        """Nowhere on her screen does any of these words stand."""
        who = self._who

        async def check() -> None:
            screen = self._scene.screen(who)
            found = [word for word in words if word in screen]
            assert not found, f"{found} can be seen"

        return self._add(f"sees nothing of {words}", check)

    def sees_nothing_in(self, place: str, *words: str) -> Self:
        """In this place none of these words stands."""
        who = self._who

        async def check() -> None:
            texts = "\n".join(m.text for m in self._venue.standing(who, self._scene.where(who, place)))
            found = [word for word in words if word in texts]
            assert not found, f"{found} stands in {place}"

        return self._add(f"sees nothing in {place} of {words}", check)

    def sees_button(self, label: str, there: bool = True, *, on: str = "") -> Self:
        """A button of this label is (or is not) anywhere on her screen."""
        who = self._who

        async def check() -> None:
            try:
                self._scene.newest_with(who, label, on)
            except AssertionError:
                assert not there, f"there is no button “{label}”"
            else:
                assert there, f"there is a button “{label}”"

        return self._add(f"sees {'a' if there else 'no'} button “{label}”", check)

    def sees_in_form(self, text: str) -> Self:
        """The open form has this in its first field."""
        who = self._who

        async def check() -> None:
            form = self._venue.form(who)
            assert form is not None, "no form is open"
            assert text == next(iter(form.fields.values())), f"the form holds {form.fields}"

        return self._add("sees her words in the form", check)

    def sees_form_says(self, words: str) -> Self:
        """The open form says this above a field."""
        who = self._who

        async def check() -> None:
            form = self._venue.form(who)
            assert form is not None, "no form is open"
            assert words in form.labels, f"the form asks for {form.labels}"

        return self._add(f"sees “{words}” in the form", check)

    def sees_no_form(self) -> Self:
        """No form is open before her."""
        who = self._who

        async def check() -> None:
            assert self._venue.form(who) is None, "a form is open"

        return self._add("sees no form", check)

    # What happens besides

    def then(self, happens: Callable[[], Awaitable[Any]], said: str = "something happens") -> Self:
        """Let something happen between two lines."""

        async def act() -> None:
            await happens()

        return self._add(said, act)

    def time_passes(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> Self:
        """Let time pass; what comes due is done."""
        seconds = ((days * 24 + hours) * 60 + minutes) * 60
        return self.then(lambda: self._venue.pass_time(seconds), f"{seconds:g} seconds pass")

    # How it runs

    def _does(self, said: str, act: Act) -> Self:
        who = self._who

        async def whole() -> None:
            self._before[who] = {(m.id, m.text) for m in self._venue.private(who)}
            await act()

        return self._add(said, whole)

    def _add(self, said: str, act: Act) -> Self:
        self._lines.append((self._who, said, act))
        return self

    def _fresh(self, who: str) -> list[Said]:
        before = self._before.get(who, set())
        return [m for m in self._venue.private(who) if (m.id, m.text) not in before]

    def _any_message(self, who: str, place: str) -> Said:
        seen = [m for m in self._venue.standing(who, self._scene.where(who, place)) if m.by_bot]
        assert seen, f"the bot has said nothing in {place}"
        return seen[-1]

    async def _run(self) -> None:
        played: list[str] = []
        for who, words, act in self._lines:
            played.append(f"{who} {words}")
            try:
                await act()
            except (AssertionError, CannotDo) as failed:
                story = "\n  ".join(played)
                raise AssertionError(f"{failed}\n\n  {story}   <-- here\n\n{self._scene.screen(who)}") from failed
        self._lines.clear()


def plain(text: str) -> str:
    """Take marks of formatting away."""
    return re.sub(r"[*_`>]", "", text)
