"""Adding an item to a cohort's pool: by a form, as a file, as a changed copy, or out of a suggestion.

The way is the same for all: the crisis screen has read it (the door sees to that), the lint of the shipped library, the
guard against real people's particulars, and only then it is kept. What is objected to goes back to its writer whole.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace

from bot.cohorts.cohorts import Cohorts
from bot.errors import BadInput, NotAllowed, NotFound
from bot.library.adding_cards import AddingCards, Form, Told
from bot.library.checking import Checker
from bot.library.drafts import Draft, Drafts
from bot.library.sheet import NOTES, Sheet, blank_notes, fields_of, sheet_of
from bot.library.suggestion_cards import SuggestionCards
from bot.people import Caller, Cohort, Place, Role
from bot.ports.audit import AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.library import OwnItemStore, OwnText, SuggestionStore
from bot.ports.postings import PostingStore, Wish, WishKind
from bot.ports.words import Words
from bot.privacy import guard
from bot.prompts.item import Intensity, Item, Kind, Marker, Setting
from bot.prompts.shelf import Shelf
from bot.prompts.week_ahead import WeekAhead

MOST_BYTES = 12 * 1024
"""Of an uploaded file: more than three times what the longest item takes. The lint's time grows with its square."""


class Adding:
    """The use cases of adding."""

    def __init__(
        self,
        cohorts: Cohorts,
        shelf: Shelf,
        checker: Checker,
        own: OwnItemStore,
        suggestions: SuggestionStore,
        suggested_cards: SuggestionCards,
        postings: PostingStore,
        week: WeekAhead,
        audit: AuditStore,
        words: Words,
        clock: Clock,
    ) -> None:
        self._cohorts = cohorts
        self._shelf = shelf
        self._checker = checker
        self._own = own
        self._suggestions = suggestions
        self._suggested_cards = suggested_cards
        self._postings = postings
        self._week = week
        self._audit = audit
        self._words = words
        self._clock = clock
        self._drafts = Drafts()
        self._cards = AddingCards(checker, words)

    async def begin(self, caller: Caller, place: Place, sheet: Sheet) -> Form:
        """Open an empty form. Raises BadInput for a theme, setting, marker or problem that there is not."""
        cohort = await self._cohorts.supervised(caller, place)
        library = await self._shelf.of(cohort.id)
        known = (
            ("theme", sheet.theme, library.themes),
            ("setting", sheet.setting, [*Setting]),
            ("marker", sheet.marker, [*Marker]),
            ("problem", sheet.problem, self._checker.problems),
        )
        for field, value, choices in known:
            if value not in choices:
                raise BadInput(
                    "library.bad.choice", field=field, given=value[:60], known=", ".join(sorted(choices)[:60])
                )
        locale = cohort.heard_by(caller).locale
        blank = replace(sheet, notes=blank_notes(self._words, locale))
        return self._cards.form(self._drafts.begin(caller.member, cohort.id, blank), locale)

    async def begin_copy(self, caller: Caller, cohort_id: str, item_id: str) -> Form:
        """Open the form with an item's words in it, to keep a changed copy in its place."""
        cohort = await self._supervised(caller, cohort_id)
        locale = cohort.heard_by(caller).locale
        try:
            item = await self._shelf.item(cohort.id, item_id)
        except KeyError:
            raise NotFound from None
        kept = {own.id: own for own in await self._own.of_cohort(cohort.id)}
        fields = self._checker.fields(kept[item_id].text) if item_id in kept else _fields(item)
        return self._cards.form(
            self._drafts.begin(caller.member, cohort.id, sheet_of(item, fields, self._words, locale)), locale
        )

    async def begin_suggested(self, caller: Caller, suggestion_id: str) -> Form:
        """Open the form with a member's suggestion in it."""
        sheet, cohort = await self._suggested(caller, suggestion_id)
        draft = self._drafts.begin(caller.member, cohort.id, sheet, suggestion=suggestion_id)
        return self._cards.form(draft, cohort.heard_by(caller).locale)

    async def again(self, caller: Caller, draft_id: str) -> Form:
        """Open a form once more, with everything that was typed."""
        draft = self._drafts.of(caller.member, draft_id)
        cohort = await self._supervised(caller, draft.cohort_id)
        return self._cards.form(draft, cohort.heard_by(caller).locale)

    def typed_before(self, caller: Caller, draft_id: str) -> tuple[str, ...]:
        """Return what was typed into the command before the form; nothing if the draft is forgotten."""
        try:
            return (self._drafts.of(caller.member, draft_id).sheet.label,)
        except BadInput:
            return ()

    async def filled(self, caller: Caller, draft_id: str, values: dict[str, str]) -> Told:
        """Take a form in: it joins the pool, or its writer learns what to mend."""
        draft = self._drafts.of(caller.member, draft_id)
        draft.sheet = draft.sheet.filled(values)
        cohort = await self._supervised(caller, draft.cohort_id)
        return await self._take(caller, cohort, draft, self._checker.write(fields_of(draft.sheet, self._words)))

    async def upload(self, caller: Caller, place: Place, content: bytes) -> Told:
        """Take a file in, in the schema of the library's own. Raises BadInput for one that is too large or no text."""
        cohort = await self._cohorts.supervised(caller, place)
        if len(content) > MOST_BYTES:
            raise BadInput("library.bad.size", field="file", limit=MOST_BYTES // 1024)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadInput("library.bad.encoding", field="file") from None
        # The same file twice is one item.
        ident = hashlib.sha256(cohort.id.encode() + content).hexdigest()[:16]
        draft = self._drafts.begin(caller.member, cohort.id, Sheet(), text=text, ident=ident)
        return await self._take(caller, cohort, draft, text)

    async def anyway(self, caller: Caller, draft_id: str) -> Told:
        """Keep an item about which the guard asked: its writer says that nobody real is in it."""
        draft = self._drafts.of(caller.member, draft_id)
        cohort = await self._supervised(caller, draft.cohort_id)
        text = self._checker.write(fields_of(draft.sheet, self._words)) if draft.text is None else draft.text
        return await self._take(caller, cohort, draft, text, nobody_real=True)

    async def approve_suggested(self, caller: Caller, suggestion_id: str) -> Told:
        """Take a suggestion as it is, with plain notes for supervisors; what the lint objects to is hers to mend."""
        sheet, cohort = await self._suggested(caller, suggestion_id)
        draft = self._drafts.begin(caller.member, cohort.id, sheet, suggestion=suggestion_id)
        return await self._take(caller, cohort, draft, self._checker.write(fields_of(sheet, self._words)))

    async def _take(
        self, caller: Caller, cohort: Cohort, draft: Draft, text: str, *, nobody_real: bool = False
    ) -> Told:
        reading = self._checker.read(text, cohort.locale)
        found = [*reading.objections]
        item = reading.item
        copied = draft.sheet.copy_of
        ident = f"own-{hashlib.sha256(f'{cohort.id}/{draft.suggestion or draft.id}'.encode()).hexdigest()[:12]}"
        locale = cohort.heard_by(caller).locale
        there = {own.id: own.text for own in await self._own.of_cohort(cohort.id)}
        if item is not None and there.get(ident) == reading.text:
            # The same file once more, or a form that came twice, perhaps after a crash.
            await self._settle(cohort, ident, copied)
            return Told(self._cards.kept(item, found, cohort.id, ident, bool(copied), locale))
        if item is not None:
            beside = [other for other in (await self._shelf.of(cohort.id)).items if other.id != copied]
            # Half a second over four hundred items: others are not to wait for it.
            found += await asyncio.to_thread(self._checker.check, item, beside)
        hers = text if draft.text is None else ""  # whoever sent a file still has it
        if item is None or any(each.refuses for each in found):
            return Told(self._cards.refused(draft, item, found, locale), hers)
        if not nobody_real and (kinds := self._real(item, locale)):
            return Told(self._cards.asked(draft, kinds, locale), hers)
        own = OwnText(ident, cohort.id, reading.text, self._clock.now().date(), copied)
        kept = await self._own.keep(own, answers=draft.suggestion)
        if kept is None:
            raise BadInput("library.suggestion.decided")
        self._drafts.done(draft)
        if kept.text != own.text:
            raise BadInput("library.forgotten")
        if draft.suggestion:
            await self._suggested_cards.redraw(draft.suggestion, cohort)
        await self._settle(cohort, ident, copied)
        await self._audit.append(AuditEntry(cohort.id, self._clock.now(), caller.member, "add", ident))
        return Told(self._cards.kept(item, found, cohort.id, ident, bool(copied), locale))

    async def _settle(self, cohort: Cohort, ident: str, copied: str | None) -> None:
        await self._postings.wish(Wish(cohort.id, ident, WishKind.APPROVE))
        if copied:
            await self._postings.wish(Wish(cohort.id, copied, WishKind.RETIRE))
            await self._week.refresh(cohort)

    def _real(self, item: Item, locale: str) -> str:
        """Name what may point to a real person, invented names apart."""
        invented = {name.casefold() for name in item.names}
        texts = (item.title, item.body, item.question, *(beat.body for beat in item.beats))
        kinds = {
            finding.kind.value: None
            for text in texts
            for finding in guard.look(text)
            if not any(name in text[finding.start : finding.end].casefold() for name in invented)
        }
        return ", ".join(dict.fromkeys(self._words.say(f"responses.found.{kind}", locale) for kind in kinds))

    async def _suggested(self, caller: Caller, suggestion_id: str) -> tuple[Sheet, Cohort]:
        suggestion = await self._suggestions.get(suggestion_id)
        if suggestion is None:
            raise NotFound
        cohort = await self._supervised(caller, suggestion.cohort_id)
        if suggestion.decided:
            raise BadInput("library.suggestion.decided")
        say = self._words.say
        lines = (
            f"{say(f'library.note.{name}', cohort.locale)}: {say(f'library.suggestion.note.{name}', cohort.locale)}"
            for name in NOTES
        )
        library = await self._shelf.of(cohort.id)
        return Sheet(
            kind=Kind(suggestion.kind),
            theme=suggestion.theme if suggestion.theme in library.themes else next(iter(library.themes)),
            title=suggestion.title,
            body=suggestion.body,
            question=suggestion.question,
            notes="\n".join(lines),
        ), cohort

    async def _supervised(self, caller: Caller, cohort_id: str) -> Cohort:
        cohort = await self._cohorts.known(cohort_id)
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        return cohort


def _fields(item: Item) -> dict[str, object]:
    """The fields of a shipped item that the form does not show and its copy is to keep."""
    fields: dict[str, object] = {
        "format": item.format.value,
        "response_starters": [*item.response_starters],
        "role_cards": [*item.role_cards],
        "also": [*item.also],
        "competency": [*item.competency],
        "level": [*item.level],
        "stage": item.stage.value,
        "function": item.function.value,
        "hold_when": sorted(flag.value for flag in item.hold_when),
        "modality": sorted(each.value for each in item.modality),
        "locale": item.locale,
        "beats": [{"body": beat.body, "question": beat.question} for beat in item.beats],
    }
    if item.eye is not None:
        fields["eye"] = item.eye
    if item.crisis_text is not None:
        fields["crisis_text"] = item.crisis_text
    if item.intensity is Intensity.HEAVY:
        fields["moderator_present"] = True
    return fields
