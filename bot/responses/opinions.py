"""What members may say against an item, without an author: that it missed the mark, is a stereotype, came too close.

Whoever speaks is known by the posting's keyed tag alone, so that she counts once, and by nobody once the key is gone.
What stays is a count for the cohort and the item. Nothing follows from it by itself.
"""

from __future__ import annotations

from collections import defaultdict

from bot.cards import Button, Card
from bot.cohorts.cohorts import Cohorts
from bot.errors import BadInput, NotAllowed, NotFound
from bot.people import Caller, Cohort, Place, Role
from bot.ports.keys import PostingKeys
from bot.ports.library import OpinionStore, Take, Takes
from bot.ports.postings import Posting, PostingState, PostingStore
from bot.ports.words import Words
from bot.prompts.shelf import Shelf
from bot.responses import anonymity

FEW = 5
"""Fewer than this are not shown, and more only in steps of it: a count of one is somebody."""

_LISTED = 20


class Opinions:
    """The use cases of feedback on items."""

    def __init__(
        self,
        cohorts: Cohorts,
        shelf: Shelf,
        postings: PostingStore,
        keys: PostingKeys,
        counts: OpinionStore,
        words: Words,
    ) -> None:
        self._cohorts = cohorts
        self._shelf = shelf
        self._postings = postings
        self._keys = keys
        self._counts = counts
        self._words = words

    async def ask(self, caller: Caller, posting_id: str) -> Card:
        """Offer what may be said against the item of a posting."""
        posting, cohort = await self._posting(caller, posting_id)
        locale = cohort.heard_by(caller).locale
        buttons = tuple(
            Button(f"opinion-{take.value}", posting.id, self._words.say(f"library.opinion.{take.value}", locale))
            for take in Take
        )
        return Card(self._words.say("library.opinion.ask", locale, few=FEW), buttons=buttons)

    async def give(self, caller: Caller, posting_id: str, said: str) -> Card:
        """Count an opinion, once a person a posting; the answer is the same the second time."""
        posting, cohort = await self._posting(caller, posting_id)
        key = self._keys.get(posting.id)
        if key is None or posting.state is PostingState.CLOSED:
            raise BadInput("library.opinion.closed")
        if said not in [*Take]:
            raise NotFound
        tag = anonymity.opinion_tag(key, caller.member)
        await self._counts.add(posting.id, tag, Takes(cohort.id, posting.item_id, Take(said), 0))
        return Card(self._words.say("library.opinion.thanks", cohort.heard_by(caller).locale, few=FEW))

    async def report(self, caller: Caller, place: Place) -> Card:
        """Show supervisors what was said against items by five or more."""
        cohort = await self._cohorts.supervised(caller, place)
        locale, say = cohort.heard_by(caller).locale, self._words.say
        titles = {item.id: item.title for item in (await self._shelf.of(cohort.id)).items}
        by_item: defaultdict[str, list[str]] = defaultdict(list)
        for takes in await self._counts.of_cohort(cohort.id):
            if takes.times >= FEW:
                what = say(f"library.opinion.{takes.take.value}", locale)
                by_item[takes.item_id].append(
                    say("library.opinion.count", locale, what=what, times=rounded(takes.times))
                )
        lines = [f"- **{titles.get(item, item)}** (`{item}`): {', '.join(said)}" for item, said in by_item.items()]
        body = "\n".join(lines[:_LISTED]) or say("library.opinion.too_few", locale, few=FEW)
        return Card(
            body, title=say("library.opinion.title", locale), footer=say("library.opinion.note", locale, few=FEW)
        )

    async def _posting(self, caller: Caller, posting_id: str) -> tuple[Posting, Cohort]:
        posting = await self._postings.get(posting_id)
        if posting is None:
            raise NotFound
        cohort = await self._cohorts.known(posting.cohort_id)
        role = cohort.role_of(caller)
        if role is None:
            raise NotAllowed
        if role is Role.SUPERVISOR:
            # A supervisor who could vote four times would learn of the fifth voice that it was one.
            raise BadInput("library.opinion.for_trainees")
        return posting, cohort


def rounded(times: int) -> int:
    """Round down to steps, so that two looks a day apart do not tell that one person spoke in between."""
    return times - times % FEW
