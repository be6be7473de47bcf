"""Supervisors' hand on what stands in the channel, without ever learning whose it is.

Every act checks the caller's role as it is at this moment, changes one thing, and is written into the audit.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cards import Button, Card, Style, Tone
from bot.cohorts.cohorts import Cohorts
from bot.errors import BadInput, NotAllowed, NotFound
from bot.people import Caller, Cohort, MessageRef, Place, Role
from bot.ports.audit import AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.keys import PostingKeys
from bot.ports.messenger import Messenger
from bot.ports.postings import Posting, PostingState, PostingStore
from bot.ports.responses import AnonymousResponse, ResponseState, ResponseStore
from bot.ports.words import Words
from bot.responses import anonymity
from bot.responses.closing import Closing
from bot.responses.publishing import Publisher

_FLAGS_SHOWN = 10
_AUDIT_SHOWN = 20
_LONGEST_PAUSE = timedelta(days=366)
_STANDING = (ResponseState.PUBLISHED, ResponseState.HIDDEN)
_ACCEPTED = (*_STANDING, ResponseState.WAITING)


class Moderation:
    """The use cases of moderating."""

    def __init__(
        self,
        cohorts: Cohorts,
        postings: PostingStore,
        responses: ResponseStore,
        audit: AuditStore,
        keys: PostingKeys,
        closing: Closing,
        publisher: Publisher,
        messenger: Messenger,
        words: Words,
        clock: Clock,
    ) -> None:
        self._cohorts = cohorts
        self._postings = postings
        self._responses = responses
        self._audit = audit
        self._keys = keys
        self._closing = closing
        self._publisher = publisher
        self._messenger = messenger
        self._words = words
        self._clock = clock

    async def hide(self, caller: Caller, response_id: str) -> Card:
        """Take a response out of sight; its author can still read and withdraw it."""
        response, _, cohort = await self._moderated(caller, response_id)
        if response.state not in _ACCEPTED:
            return await self._take_out(caller, response, cohort, "hide")
        # Done again it is drawn again: the thread may not have heard of it the first time.
        await self._responses.move(response.id, ResponseState.HIDDEN, only_from=_ACCEPTED)
        await self._publisher.show(response, hidden=True)
        await self._note(caller, cohort, "hide", response.id)
        hers = cohort.heard_by(caller)
        restore = Button("restore", response.id, self._words.say("moderation.button.restore", hers.locale))
        return self._say("moderation.hidden", hers, buttons=(restore,))

    async def restore(self, caller: Caller, response_id: str) -> Card:
        """Bring a hidden response back, while its key lives. Raises NotFound if its words are still their author's."""
        response, posting, cohort = await self._moderated(caller, response_id)
        if self._keys.get(posting.id) is None or posting.state is PostingState.CLOSED:
            return self._say("moderation.words_gone", cohort.heard_by(caller))
        if response.state not in _STANDING or response.level != "N":
            # What stood in the thread is at level N: these words worried the screen, and stood nowhere.
            raise NotFound
        await self._responses.move(response.id, ResponseState.PUBLISHED, only_from=(ResponseState.HIDDEN,))
        await self._publisher.show(response, hidden=False)
        await self._note(caller, cohort, "restore", response.id)
        return self._say("moderation.restored", cohort.heard_by(caller))

    async def delete(self, caller: Caller, response_id: str) -> Card:
        """Delete a response for good, in the thread and in the store."""
        response, _, cohort = await self._moderated(caller, response_id)
        if response.state not in _ACCEPTED:
            return await self._take_out(caller, response, cohort, "delete")
        await self._publisher.remove(response)
        await self._responses.delete(response.id)
        await self._note(caller, cohort, "delete", response.id)
        return self._say("moderation.deleted", cohort.heard_by(caller))

    async def menu(self, caller: Caller, message: MessageRef) -> Card:
        """Offer what can be done with the response that stands in a message."""
        response, _, cohort = await self._moderated(caller, await self._at(message))
        hers = cohort.heard_by(caller)
        return self._say("moderation.menu", hers, buttons=self._hand(response, hers), alias=response.alias)

    async def flag(self, caller: Caller, response_id: str) -> Card:
        """Ask supervisors to look at a response; who asked is known to nobody, and counts once."""
        response, posting, cohort = await self._response(response_id)
        if cohort.role_of(caller) is None:
            raise NotAllowed
        if not _stands(response):
            raise NotFound
        key = self._keys.get(posting.id)
        tag = anonymity.tag_of(key, caller.member) if key else f"closed-{response.id}"
        notice = anonymity.flag_key(key, response.id, tag)
        count = await self._responses.flag(response.id, tag)
        if count is None and await self._messenger.find(cohort.supervisors_channel, notice):
            return self._say("moderation.flagged_before", cohort.heard_by(caller))
        link = f"<#{posting.thread.id}>" if posting.thread else ""
        values = {"count": count or 1, "alias": response.alias, "thread": link}
        card = Card(
            self._words.say("moderation.flag_notice", cohort.locale, **values),
            title=self._words.say("moderation.flag_title", cohort.locale),
            buttons=self._hand(response, cohort),
            tone=Tone.WARNING,
        )
        # A flag that was counted and whose notice did not go out goes out when it is pressed again.
        await self._messenger.post(cohort.supervisors_channel, card, key=notice)
        return self._say("moderation.flagged", cohort.heard_by(caller))

    async def flagged(self, caller: Caller, cohort: Cohort) -> Card:
        """Show a supervisor the responses that members have asked to be looked at, and that stand still.

        Raises NotAllowed, and NotFound if there is none.
        """
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        hers, lines = cohort.heard_by(caller), []
        for response, count in await self._responses.flagged(cohort.id, _FLAGS_SHOWN):
            posting = await self._postings.get(response.posting_id)
            link = f"<#{posting.thread.id}>" if posting and posting.thread else ""
            values = {"count": count, "alias": response.alias, "thread": link}
            lines.append(f"- {self._words.say('moderation.flag_notice', hers.locale, **values)}")
        if not lines:
            raise NotFound
        return Card("\n".join(lines), title=self._words.say("moderation.flags_title", hers.locale), tone=Tone.WARNING)

    async def flag_message(self, caller: Caller, message: MessageRef) -> Card:
        """Flag the response that stands in a message."""
        return await self.flag(caller, await self._at(message))

    async def lock(self, caller: Caller, posting_id: str) -> Card:
        """Stop new responses; authors keep their hand on theirs."""
        posting, cohort = await self._supervised_posting(caller, posting_id)
        return await self._did(caller, cohort, posting, "lock", await self._closing.lock(posting, cohort, True))

    async def unlock(self, caller: Caller, posting_id: str) -> Card:
        """Take new responses again."""
        posting, cohort = await self._supervised_posting(caller, posting_id)
        return await self._did(caller, cohort, posting, "unlock", await self._closing.lock(posting, cohort, False))

    async def close(self, caller: Caller, posting_id: str) -> Card:
        """Close a posting now: its key is destroyed, which nothing can undo."""
        posting, cohort = await self._supervised_posting(caller, posting_id)
        living = posting.state in (PostingState.OPEN, PostingState.LOCKED)
        if living:
            await self._closing.close(posting, cohort)
        return await self._did(caller, cohort, posting, "close", living)

    async def reopen(self, caller: Caller, posting_id: str) -> Card:
        """Take responses again under a new key."""
        posting, cohort = await self._supervised_posting(caller, posting_id)
        done = await self._closing.reopen(posting, cohort, self._clock.now())
        return await self._did(caller, cohort, posting, "reopen", done)

    async def posting_at(self, caller: Caller, place: Place) -> str:
        """Return the id of the posting of this thread, else of the cohort's latest; for supervisors."""
        posting = await self._postings.in_thread(place)
        if posting is None:
            cohort = await self._cohorts.supervised(caller, place)
            posting = await self._postings.latest(cohort.id)
        if posting is None:
            raise NotFound
        return posting.id

    async def pause(self, caller: Caller, place: Place, until: str) -> Card:
        """Let everything that the bot does by itself rest until a day (ISO date; its first working day is then)."""
        cohort = await self._cohorts.supervised(caller, place)
        zone = ZoneInfo(cohort.zone)
        now = self._clock.now()
        try:
            day = datetime.strptime(until.strip(), "%Y-%m-%d").replace(tzinfo=zone).date()
        except ValueError:
            raise BadInput("moderation.pause_date", field="until", given=until[:40]) from None
        instant = datetime.combine(day, time.min, zone)
        if not now < instant <= now + _LONGEST_PAUSE:
            raise BadInput("moderation.pause_range", field="until", given=until[:40])
        await self._cohorts.set_pause(cohort, instant.astimezone(ZoneInfo("UTC")))
        await self._note(caller, cohort, "pause", until.strip())
        hers = cohort.heard_by(caller)
        return self._say("moderation.paused", hers, day=self._words.day(day, hers.locale))

    async def resume(self, caller: Caller, place: Place) -> Card:
        """End a pause."""
        cohort = await self._cohorts.supervised(caller, place)
        await self._cohorts.set_pause(cohort, None)
        await self._note(caller, cohort, "resume", "")
        return self._say("moderation.resumed", cohort.heard_by(caller))

    async def audit(self, caller: Caller, place: Place) -> Card:
        """Show supervisors' latest acts to a supervisor."""
        cohort = (await self._cohorts.supervised(caller, place)).heard_by(caller)
        zone = ZoneInfo(cohort.zone)
        lines = [
            self._words.say(
                "moderation.audit_line",
                cohort.locale,
                at=entry.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                who=entry.actor.id,
                act=entry.act,
                subject=entry.subject or "-",
            )
            for entry in await self._audit.latest(cohort.id, _AUDIT_SHOWN)
        ]
        body = "\n".join(lines) or self._words.say("moderation.audit_empty", cohort.locale)
        return Card(body, title=self._words.say("moderation.audit_title", cohort.locale, name=cohort.name))

    async def _did(self, caller: Caller, cohort: Cohort, posting: Posting, act: str, done: bool) -> Card:
        if not done:
            return self._say(f"moderation.already.{posting.state.value}", cohort.heard_by(caller))
        await self._note(caller, cohort, act, posting.id)
        return self._say(f"moderation.did.{act}", cohort.heard_by(caller))

    async def _response(self, response_id: str) -> tuple[AnonymousResponse, Posting, Cohort]:
        response = await self._responses.get(response_id)
        posting = await self._postings.get(response.posting_id) if response else None
        if response is None or posting is None:
            raise NotFound
        return response, posting, await self._cohorts.known(posting.cohort_id)

    async def _moderated(self, caller: Caller, response_id: str) -> tuple[AnonymousResponse, Posting, Cohort]:
        response, posting, cohort = await self._response(response_id)
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        if not _stands(response):
            # What its author has not published does not exist for anybody else.
            raise NotFound
        return response, posting, cohort

    async def _take_out(self, caller: Caller, response: AnonymousResponse, cohort: Cohort, act: str) -> Card:
        """Remove the words that stand while their author is changing them; the new ones are hers, and unseen."""
        await self._publisher.remove(response)
        await self._note(caller, cohort, act, response.id)
        return self._say("moderation.taken_out", cohort.heard_by(caller))

    async def _supervised_posting(self, caller: Caller, posting_id: str) -> tuple[Posting, Cohort]:
        posting = await self._postings.get(posting_id)
        if posting is None:
            raise NotFound
        cohort = await self._cohorts.known(posting.cohort_id)
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        return posting, cohort

    async def _at(self, message: MessageRef) -> str:
        posting = await self._postings.in_thread(message.place)
        response = await self._responses.by_message(posting.id, message.id) if posting else None
        if response is None:
            raise BadInput("moderation.not_a_response")
        return response.id

    def _hand(self, response: AnonymousResponse, cohort: Cohort) -> tuple[Button, ...]:
        acts = (("hide", Style.PRIMARY), ("restore", Style.PLAIN), ("delete", Style.CAREFUL))
        return tuple(
            Button(act, response.id, self._words.say(f"moderation.button.{act}", cohort.locale), style)
            for act, style in acts
        )

    def _say(self, key: str, cohort: Cohort, buttons: tuple[Button, ...] = (), **values: object) -> Card:
        return Card(self._words.say(key, cohort.locale, **values), buttons=buttons)

    async def _note(self, caller: Caller, cohort: Cohort, act: str, subject: str) -> None:
        await self._audit.append(AuditEntry(cohort.id, self._clock.now(), caller.member, act, subject))


def _stands(response: AnonymousResponse) -> bool:
    """Say whether words of it are in the thread: also while new ones wait for their author's choice."""
    changing = response.message_id is not None and response.state is not ResponseState.PRIVATE
    return response.state in _STANDING or changing
