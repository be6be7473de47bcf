"""From a trainee's words to an anonymous response, and her own hand on it while the posting is open.

The way through: limits and membership, the crisis screen, the client-identifier guard; then the author id stops
(`anonymity`) and what goes on is an `AnonymousResponse`, which has no author to leak.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from bot.cards import Card
from bot.care.cards import ACTION_CHOICES
from bot.care.care import Care, Met
from bot.crisis.escalation import Choice, Door
from bot.errors import BadInput, MessengerError, NotAllowed, NotFound
from bot.people import Caller, Cohort, Member, Place, Role, Workspace
from bot.ports.cohorts import CohortStore
from bot.ports.keys import PostingKeys
from bot.ports.postings import Posting, PostingState, PostingStore
from bot.ports.responses import AnonymousResponse, ResponseState, ResponseStore
from bot.ports.words import Words
from bot.privacy import guard
from bot.privacy.guard import Finding
from bot.prompts.item import Format
from bot.prompts.shelf import Shelf
from bot.responses import anonymity, forms
from bot.responses.given_back import GivenBack
from bot.responses.outcomes import (
    HeldForCare,
    HeldForCheck,
    Invitation,
    NeedsChange,
    Outcome,
    Posted,
    Refused,
    Waiting,
)
from bot.responses.own_cards import OwnCards
from bot.responses.publishing import Publisher
from bot.responses.rules import MAX_PER_PERSON, waits_for_safe, wanting
from bot.responses.turning import is_advice

_HERS = (PostingState.OPEN, PostingState.LOCKED)
_KEPT_BACK = (ResponseState.HELD, ResponseState.CLEARED, ResponseState.PRIVATE)
_UNANSWERED = (ResponseState.HELD, ResponseState.PRIVATE)
_NOT_HIDDEN = tuple(state for state in ResponseState if state is not ResponseState.HIDDEN)


class Responses:
    """What a trainee may do with her responses."""

    def __init__(
        self,
        responses: ResponseStore,
        postings: PostingStore,
        cohorts: CohortStore,
        keys: PostingKeys,
        care: Care,
        publisher: Publisher,
        shelf: Shelf,
        words: Words,
    ) -> None:
        self._responses = responses
        self._postings = postings
        self._cohorts = cohorts
        self._keys = keys
        self._care = care
        self._publisher = publisher
        self._shelf = shelf
        self._words = words
        self._cards = OwnCards(words)
        self._given_back = GivenBack(care, words)
        # For alerts about words that no posting's key stands for: their ids must not be guessed either.
        self._secret = secrets.token_bytes(32)

    async def begin(self, caller: Caller, posting_id: str) -> Invitation:
        """Open the form for a response. Raises NotAllowed, NotFound, or BadInput if the posting takes none."""
        posting, cohort = await self._posting(posting_id)
        _require_trainee(caller, cohort)
        if posting.state is not PostingState.OPEN:
            raise BadInput(f"responses.posting_{posting.state.value}")
        return forms.invitation(
            await self._shelf.item(posting.cohort_id, posting.item_id), self._words, cohort.heard_by(caller).locale
        )

    async def submit(self, caller: Caller, posting_id: str, text: str, token: str, more: Sequence[str] = ()) -> Outcome:
        """Take a response in. `token` is the platform's id of the event; the same one twice is one response.

        `more` is what stood in the form's further fields.
        """
        cohort, alert_id = None, anonymity.alert_id(self._secret, token)
        parts, text = (text, *more), "\n\n".join(filter(None, (text, *more)))
        try:
            posting, cohort = await self._posting(posting_id)
            text = forms.one_text(
                await self._shelf.item(posting.cohort_id, posting.item_id), self._words, cohort.locale, parts
            )
            # A role may be taken away while the form stands open; then her words are kept nowhere.
            key = self._keys.get(posting.id) if cohort.role_of(caller) is Role.TRAINEE else None
            tag = anonymity.tag_of(key, caller.member) if key else ""
            response_id = anonymity.response_id(key or self._secret, token)
            refusal = await self._refusal(posting, cohort.heard_by(caller), caller, key, tag, response_id, text)
        except Exception as error:
            # Whatever fails, what she typed is screened before she is told.
            return await self._given_back.unkept(caller, cohort, text, alert_id, error)
        if refusal:
            return await self._given_back.unkept(caller, cohort, text, alert_id, refusal)
        assert key is not None  # noqa: S101 - _refusal answers for a missing key
        alert_id = anonymity.alert_id(key, response_id)
        met = await self._meet(caller, cohort, text, response_id, alert_id)
        try:
            return await self._keep(posting, cohort.heard_by(caller), key, tag, response_id, text, met)
        except Exception as error:
            return await self._given_back.unkept(caller, cohort, text, alert_id, error)

    async def mine(self, caller: Caller, posting_id: str) -> list[Card]:
        """Show a trainee her own responses to a posting, with what she can do with each."""
        posting, cohort = await self._posting(posting_id)
        _require_trainee(caller, cohort)
        cohort = cohort.heard_by(caller)
        key = self._keys.get(posting.id)
        if key is None or posting.state not in _HERS:
            return [self._say("responses.mine_closed", cohort)]
        own = await self._responses.of_tag(posting.id, anonymity.tag_of(key, caller.member))
        if not own:
            return [self._say("responses.mine_none", cohort)]
        return [self._cards.own(response, self._publisher.words_of(response), cohort) for response in own]

    async def begin_edit(self, caller: Caller, response_id: str) -> Invitation:
        """Open the form with her words in it."""
        response, posting, cohort = await self._own(caller, response_id)
        item, locale = await self._shelf.item(posting.cohort_id, posting.item_id), cohort.heard_by(caller).locale
        return forms.invitation(item, self._words, locale, self._publisher.words_of(response))

    async def edit(self, caller: Caller, response_id: str, text: str) -> Outcome:
        """Give a response new words. They pass the same gates; what stands in the thread changes only after."""
        cohort, alert_id = None, anonymity.alert_id(self._secret, f"{response_id}/{text}")
        try:
            response, posting, cohort = await self._own(caller, response_id)
            key = self._key(posting)
        except Exception as error:
            return await self._given_back.unkept(caller, cohort, text, alert_id, error)
        alert_id = anonymity.alert_id(key, f"{response.id}/{text}")
        if needs := wanting(text):
            needed = NeedsChange(self._say(needs[0], cohort.heard_by(caller), **needs[1]), text)
            return await self._given_back.unkept(caller, cohort, text, alert_id, needed)
        if response.state is ResponseState.HIDDEN:
            return await self._edit_hidden(caller, response, cohort, key, text)
        met = await self._meet(caller, cohort, text, response.id, alert_id)
        try:
            # Reading took its time: the posting may have closed meanwhile, or a supervisor may have been there.
            response, posting, cohort = await self._own(caller, response_id)
            if response.state is ResponseState.HIDDEN:
                return await self._edit_hidden(caller, response, cohort, key, text)
            response = await self._publisher.settled(response)
            return await self._change(caller, response, cohort, self._key(posting), text, met)
        except Exception as error:
            return await self._given_back.unkept(caller, cohort, text, alert_id, error)

    async def withdraw(self, caller: Caller, response_id: str) -> Card:
        """Remove a response for good, from the thread and from the store."""
        response, _, cohort = await self._own(caller, response_id)
        response = await self._publisher.settled(response)
        await self._publisher.remove(response)
        await self._responses.delete(response.id)
        return self._say("responses.withdrawn", cohort.heard_by(caller))

    async def choose(self, caller: Caller, response_id: str, choice: str, place: Place | None = None) -> Outcome:
        """Carry out what the author chose for a held response; `place` is where she stands.

        Whatever became of her role, and once the posting closed or she withdrew it, her card still leads to a person.
        Raises NotFound, and NotAllowed or BadInput where somebody who is no trainee would publish.
        """
        wanted = ACTION_CHOICES.get(choice)
        try:
            response, posting, cohort = await self._written(caller, response_id)
            key, hers = self._key(posting), cohort.heard_by(caller)
        except NotFound:
            return HeldForCare(await self._care.without_response(caller, place, choice, response_id))
        if wanted is None:
            raise NotFound
        match wanted:
            case Choice.PUBLISH:
                _require_trainee(caller, cohort)
                return await self._release(response, hers, key)
            case Choice.KEEP_PRIVATE:
                response = await self._publisher.settled(response)
                if not await self._responses.move(response.id, ResponseState.PRIVATE, only_from=_NOT_HIDDEN):
                    return Refused(self._say("responses.state.hidden", hers))
                await self._publisher.remove(response)
                return Refused(self._say("responses.kept_private", hers))
            case Choice.SAFE:
                # The alert was raised by the words she sent first, or by those that she changed them into.
                for about in (response.id, f"{response.id}/{self._publisher.words_of(response)}"):
                    await self._care.resolved(anonymity.alert_id(key, about), cohort)
                await self._responses.move(response.id, ResponseState.CLEARED, only_from=_UNANSWERED)
                cleared = await self._responses.get(response.id) or response
                return HeldForCare(self._cards.safe(cleared, hers))
            case Choice.NOT_NOW:
                return HeldForCare(self._cards.choices("responses.not_now", response, hers))
            case Choice.TALK:
                return HeldForCare(self._cards.contact(response, hers))
            case Choice.BY_NAME | Choice.AS_ALIAS:
                alias = response.alias if wanted is Choice.AS_ALIAS else None
                contact = anonymity.alert_id(key, f"{response.id}/{choice}")
                reached = self._care.reach(
                    caller.member, cohort, contact, hers.locale, alias=alias, thread=posting.thread
                )
                return HeldForCare(await reached)

    async def forget(self, member: Member, workspace: Workspace) -> int:
        """Erase a member's responses and traces in every posting whose key still lives; return how many responses."""
        forgotten, refused = 0, None
        for cohort in await self._cohorts.in_workspace(workspace):
            for posting in await self._postings.history(cohort.id):
                key = self._keys.get(posting.id)
                if key is None:
                    continue
                tag = anonymity.tag_of(key, member)
                for response in await self._responses.of_tag(posting.id, tag):
                    try:
                        await self._publisher.remove(await self._publisher.settled(response))
                    except MessengerError as error:
                        # One thread that is out of reach must not keep all the others.
                        refused = error
                        continue
                    await self._responses.delete(response.id)
                    forgotten += 1
                if not await self._responses.of_tag(posting.id, tag):
                    await self._responses.forget_tag(posting.id, tag)
                await self._responses.forget_tag(posting.id, anonymity.opinion_tag(key, member))
        if refused:
            raise refused
        return forgotten

    async def _meet(self, caller: Caller, cohort: Cohort, text: str, response_id: str, alert_id: str) -> Met:
        said = forms.own_words(self._words, cohort.locale, text)
        return await self._care.meet(
            said, Door.RESPONSE, caller.member, cohort, subject=response_id, alert_id=alert_id, prefix="choose"
        )

    async def _keep(
        self, posting: Posting, cohort: Cohort, key: bytes, tag: str, response_id: str, text: str, met: Met
    ) -> Outcome:
        findings = guard.look(text) if not met.card else ()
        advises = not met.card and await self._wonders(posting) and is_advice(text)
        state = ResponseState.HELD if met.hold or findings or advises else ResponseState.WAITING
        alias = await self._responses.alias(posting.id, tag, anonymity.alias_offers(key, tag))
        sealed = anonymity.seal(key, response_id, text)
        kept = await self._responses.add(
            AnonymousResponse(response_id, posting.id, alias, tag, sealed, state, met.level)
        )
        if self._keys.get(posting.id) != key:
            # It closed while we read. Closing did not see this one, and without the key it is nobody's to publish.
            await self._responses.delete(response_id)
            raise BadInput("responses.posting_closed")
        if advises and not findings:
            return HeldForCheck(self._cards.advice(kept, cohort))
        return await self._outcome(kept, cohort, met, findings)

    async def _change(
        self, caller: Caller, response: AnonymousResponse, cohort: Cohort, key: bytes, text: str, met: Met
    ) -> Outcome:
        findings = guard.look(text) if not met.card else ()
        state = ResponseState.HELD if met.hold or findings else ResponseState.WAITING
        # In one step: a crash in between would leave old words in the thread and new ones here, for good.
        if not await self._responses.reseal(response.id, anonymity.seal(key, response.id, text), met.level, to=state):
            # A supervisor hid it at this very moment: what her Restore brings must be fit to stand.
            return await self._edit_hidden(caller, response, cohort, key, text)
        hers, changed = cohort.heard_by(caller), await self._responses.get(response.id)
        if changed is None:
            raise NotFound
        if changed.state is ResponseState.HIDDEN and not met.card:
            return Waiting(self._say("responses.edited_hidden", hers))
        return await self._outcome(replace(changed, state=state), hers, met, findings)

    async def _edit_hidden(
        self, caller: Caller, response: AnonymousResponse, cohort: Cohort, key: bytes, text: str
    ) -> Outcome:
        """Keep new words for a hidden response only if nothing speaks against them: a supervisor may restore them."""
        found, hers = guard.look(text), cohort.heard_by(caller)
        no: Refused | NeedsChange = Refused(self._say("responses.state.hidden", hers), text)
        if found:
            no = NeedsChange(replace(self._check(response, hers, found), buttons=()), text)
        alert_id = anonymity.alert_id(key, f"{response.id}/{text}")
        outcome = await self._given_back.unkept(caller, cohort, text, alert_id, no)
        if found or outcome is not no:
            return outcome
        if not await self._responses.reseal(response.id, anonymity.seal(key, response.id, text), "N"):
            raise NotFound
        return Waiting(self._say("responses.edited_hidden", hers))

    async def _outcome(
        self, response: AnonymousResponse, cohort: Cohort, met: Met, findings: Sequence[Finding] = ()
    ) -> Outcome:
        if response.state is ResponseState.HELD:
            return HeldForCare(met.card) if met.card else HeldForCheck(self._check(response, cohort, findings))
        if response.state is ResponseState.WAITING and not await self._publisher.publish(response, look_first=False):
            return Waiting(self._say("responses.waiting", cohort, alias=response.alias))
        return Posted(self._cards.posted(response, cohort))

    async def _release(self, response: AnonymousResponse, cohort: Cohort, key: bytes) -> Outcome:
        if waits_for_safe(response):
            return HeldForCare(self._cards.choices("responses.safe_first", response, cohort))
        text = self._publisher.words_of(response)
        if response.level != "N" and response.state in _KEPT_BACK and (found := guard.look(text)):
            # The card of care came first; who is in her words has not been asked yet. At level N it has.
            sealed = anonymity.seal(key, response.id, text)
            await self._responses.reseal(response.id, sealed, "N", to=ResponseState.HELD)
            return HeldForCheck(self._check(response, cohort, found))
        if not await self._responses.move(response.id, ResponseState.WAITING, only_from=_KEPT_BACK):
            return Refused(self._say(f"responses.state.{response.state.value}", cohort))
        return await self._outcome(replace(response, state=ResponseState.WAITING), cohort, Met(response.level))

    def _check(self, response: AnonymousResponse, cohort: Cohort, found: Sequence[Finding]) -> Card:
        kinds = dict.fromkeys(self._words.say(f"responses.found.{each.kind}", cohort.locale) for each in found)
        return self._cards.check(response, cohort, ", ".join(kinds))

    async def _wonders(self, posting: Posting) -> bool:
        return (await self._shelf.item(posting.cohort_id, posting.item_id)).format is Format.BALINT_WONDER

    def _key(self, posting: Posting) -> bytes:
        key = self._keys.get(posting.id)
        if key is None:
            raise NotFound
        return key

    async def _refusal(
        self,
        posting: Posting,
        cohort: Cohort,
        caller: Caller,
        key: bytes | None,
        tag: str,
        response_id: str,
        text: str,
    ) -> Refused | NeedsChange | None:
        if cohort.role_of(caller) is not Role.TRAINEE:
            return Refused(self._say("responses.not_trainee", cohort), text)
        if posting.state is not PostingState.OPEN or key is None:
            state = posting.state if posting.state is not PostingState.OPEN else PostingState.CLOSED
            return Refused(self._say(f"responses.posting_{state.value}", cohort), text)
        if needs := wanting(text):
            return NeedsChange(self._say(needs[0], cohort, **needs[1]), text)
        own = await self._responses.of_tag(posting.id, tag)
        if len(own) >= MAX_PER_PERSON and response_id not in {response.id for response in own}:
            return Refused(self._say("responses.enough", cohort, count=MAX_PER_PERSON), text)
        return None

    async def _posting(self, posting_id: str) -> tuple[Posting, Cohort]:
        posting = await self._postings.get(posting_id)
        cohort = await self._cohorts.get(posting.cohort_id) if posting else None
        if posting is None or cohort is None:
            raise NotFound
        return posting, cohort

    async def _own(self, caller: Caller, response_id: str) -> tuple[AnonymousResponse, Posting, Cohort]:
        """Find a response that the caller wrote herself, if she is a trainee still."""
        response, posting, cohort = await self._written(caller, response_id)
        _require_trainee(caller, cohort)
        return response, posting, cohort

    async def _written(self, caller: Caller, response_id: str) -> tuple[AnonymousResponse, Posting, Cohort]:
        """Find a response that the caller wrote herself; to anybody else it does not exist."""
        response = await self._responses.get(response_id)
        if response is None:
            raise NotFound
        posting, cohort = await self._posting(response.posting_id)
        key = self._keys.get(posting.id)
        if key is None or posting.state not in _HERS or response.tag != anonymity.tag_of(key, caller.member):
            raise NotFound
        return response, posting, cohort

    def _say(self, key: str, cohort: Cohort, **values: object) -> Card:
        return Card(self._words.say(key, cohort.locale, **values))


def _require_trainee(caller: Caller, cohort: Cohort) -> None:
    role = cohort.role_of(caller)
    if role is Role.SUPERVISOR:
        raise BadInput("responses.not_trainee")
    if role is None:
        raise NotAllowed
