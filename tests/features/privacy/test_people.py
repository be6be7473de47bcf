"""What a member sees, settles and erases, and what she is told about anonymity."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.errors import BadInput, TryLater
from bot.people import AlertPolicy, Caller, Member, MemberSettings, Place, Platform, Workspace
from bot.ports.postings import Posting
from bot.privacy.naming import country_code, country_name, language_code, near_countries
from bot.privacy.people import Privacy
from bot.responses.outcomes import Posted
from bot.storage.database import Database
from tests.acting import AMARA, BENCE, CHANNEL, HERE, INGRID, STRANGER, Stage, buttons, person
from tests.features.supervision.test_sessions import add, only_session

LOCALES = ("en", "de", "es", "fr", "pt")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("IE", "IE"),
        (" ie ", "IE"),
        ("Ireland", "IE"),
        ("österreich", "AT"),
        ("Osterreich", "AT"),
        ("Irland", "IE"),
        ("Côte d’Ivoire", "CI"),
        ("España", "ES"),
        ("Brasil", "BR"),
        ("UK", "GB"),
        ("Scotland", "GB"),
        ("USA", "US"),
        ("United   Kingdom", "GB"),
        ("Europe", None),
        ("EU", None),
        ("ZZ", None),
        ("XX", None),
        ("Narnia", None),
        ("", None),
        ("419", None),
    ],
)
def test_countries_are_read_by_code_or_by_name(text: str, code: str | None) -> None:
    assert country_code(text, LOCALES) == code


def test_countries_are_suggested_and_named_for_the_reader() -> None:
    assert "Ireland" in near_countries("Irland", "en")
    assert near_countries("qqqqqq", "en") == []
    assert country_name("DE", "fr") == "Allemagne"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "de"),
        ("DE-at", "de"),
        ("German", "de"),
        ("Deutsch", "de"),
        ("español", "es"),
        ("Klingon", None),
        ("", None),
    ],
)
def test_languages_are_read_by_code_or_by_name(text: str, code: str | None) -> None:
    assert language_code(text, LOCALES) == code


async def test_a_country_is_chosen_and_let_go(at_work: Stage) -> None:
    privacy = at_work.works.house.privacy
    assert "Ireland" in (await privacy.set_country(AMARA, "ireland")).body
    assert (await at_work.stores.members.settings(AMARA.member)).country == "IE"
    assert (await at_work.stores.members.settings(BENCE.member)).country is None
    await privacy.set_country(AMARA, "-")
    assert (await at_work.stores.members.settings(AMARA.member)).country is None


async def test_a_country_without_lines_is_kept_and_nothing_is_promised(at_work: Stage) -> None:
    said = (await at_work.works.house.privacy.set_country(AMARA, "Ukraine")).body
    assert "no help lines for it yet" in said
    assert "come first for you" not in said
    assert (await at_work.stores.members.settings(AMARA.member)).country == "UA"


async def test_a_language_is_chosen_and_leaves_the_country_alone(at_work: Stage) -> None:
    privacy = at_work.works.house.privacy
    await privacy.set_country(AMARA, "AT")
    assert "Deutsch" in (await privacy.set_locale(AMARA, "german")).body
    assert await at_work.stores.members.settings(AMARA.member) == MemberSettings(AMARA.member, "AT", "de")
    assert "Austria" not in (await privacy.show(AMARA)).fields[0][1]
    assert "Österreich" in (await privacy.show(AMARA)).fields[0][1]
    await privacy.set_locale(AMARA, "none")
    assert (await at_work.stores.members.settings(AMARA.member)).locale is None


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("country", "Irelande", "Ireland"),
        ("country", "Middle-earth 9", "two-letter code"),
        ("language", "Klingon", "Deutsch"),
    ],
)
async def test_what_cannot_be_read_is_answered_with_the_mend(at_work: Stage, field: str, text: str, said: str) -> None:
    privacy = at_work.works.house.privacy
    setting = {"country": privacy.set_country, "language": privacy.set_locale}[field]
    await at_work.stores.members.save(MemberSettings(AMARA.member, "IE", "en"))
    with pytest.raises(BadInput) as refused:
        await setting(AMARA, text)
    assert refused.value.values["field"] == field
    assert said in at_work.works.house.words.say(refused.value.key, "en", **refused.value.values)
    assert await at_work.stores.members.settings(AMARA.member) == MemberSettings(AMARA.member, "IE", "en")


async def test_show_lists_all_that_is_kept_by_name(at_work: Stage) -> None:
    privacy = at_work.works.house.privacy
    before = dict((await privacy.show(AMARA)).fields)
    assert set(before.values()) == {"not chosen; your cohort's", "in no cohort", "none"}
    await privacy.set_country(AMARA, "IE")
    await at_work.works.house.supervision.set_dm(AMARA, CHANNEL, True)
    after = dict((await privacy.show(AMARA)).fields)
    assert "Ireland" in after.values()
    assert "Second years" in after.values()
    assert dict((await privacy.show(BENCE)).fields) == before


async def respond(at_work: Stage, caller: Caller, posting: Posting, text: str) -> str:
    outcome = await at_work.works.house.responses.submit(caller, posting.id, text, f"{caller.member.id}/{text}")
    assert isinstance(outcome, Posted)
    return buttons(outcome.card)["edit"].subject


async def test_forgetting_erases_everything_of_hers_everywhere_and_nothing_of_others(
    at_work: Stage, sqlite: Database
) -> None:
    house, stores, messenger = at_work.works.house, at_work.stores, at_work.messenger
    first = await at_work.morning()
    await respond(at_work, AMARA, first, "First thought of Amara")
    await respond(at_work, AMARA, first, "Second thought of Amara")
    await respond(at_work, BENCE, first, "First thought of Bence")
    at_work.clock.advance(days=1)
    second = await at_work.morning()
    assert second.id != first.id
    await respond(at_work, AMARA, second, "Third thought of Amara")
    await house.privacy.set_country(AMARA, "IE")
    await house.privacy.set_country(BENCE, "IE")
    await add(at_work)
    for caller in (AMARA, BENCE):
        await house.supervision.set_dm(caller, CHANNEL, True)
    epoch = 1796149800  # 1 December 2026, 18:30
    for caller in (AMARA, BENCE):
        await house.supervision.snooze(caller, await only_session(at_work), epoch, 30)

    card = await house.privacy.forget_me(AMARA)

    assert "3 entries" in card.body
    assert "3 responses" in card.body
    standing = " ".join(m.card.body for m in messenger.messages)
    assert "Amara" not in standing
    assert "First thought of Bence" in standing
    assert await stores.members.settings(AMARA.member) == MemberSettings(AMARA.member)
    assert (await stores.members.settings(BENCE.member)).country == "IE"
    assert await stores.members.wanting_dm(at_work.cohort.id) == [BENCE.member]
    assert AMARA.member.id not in dump(sqlite)
    assert BENCE.member.id in dump(sqlite)
    again = await house.privacy.forget_me(AMARA)
    assert "0 entries" in again.body
    assert "0 responses" in again.body
    messenger.roles = {AMARA.member: set(AMARA.roles), BENCE.member: set(BENCE.roles)}
    at_work.clock.advance(minutes=31)
    await at_work.works.rounds.go_round()
    assert [who for who, _ in messenger.directs] == [BENCE.member]


def dump(database: Database) -> str:
    """Read every row of every table, past all stores."""
    with sqlite3.connect(Path(str(database.url.database))) as connection:
        return "\n".join(connection.iterdump())


async def test_what_the_platform_refuses_is_said_and_the_rest_goes(at_work: Stage) -> None:
    house = at_work.works.house
    posting = await at_work.morning()
    await respond(at_work, AMARA, posting, "A thought")
    await house.privacy.set_country(AMARA, "IE")
    at_work.messenger.faults = [("delete", TryLater(), False)]
    card = await house.privacy.forget_me(AMARA)
    assert "again in a few minutes" in card.body
    assert (await at_work.stores.members.settings(AMARA.member)).country is None
    card = await house.privacy.forget_me(AMARA)
    assert "One response" in card.body
    assert "again in a few minutes" not in card.body


async def test_forgetting_reaches_every_workspace_once(at_work: Stage) -> None:
    asked: list[tuple[Member, Workspace]] = []

    async def forget(member: Member, workspace: Workspace) -> int:
        asked.append((member, workspace))
        return 2

    elsewhere = Workspace(Platform.DISCORD, "1001")
    house, stores = at_work.works.house, at_work.stores
    privacy = Privacy(stores.cohorts, stores.members, forget, house.suggesting.unsign, house.words)
    card = await privacy.forget_me(AMARA, [elsewhere, HERE])
    assert asked == [(AMARA.member, HERE), (AMARA.member, elsewhere)]
    assert "4 responses" in card.body


async def test_supervisors_acts_stay_in_the_audit(at_work: Stage) -> None:
    await add(at_work)
    await at_work.works.house.privacy.forget_me(INGRID)
    (entry, *_) = await at_work.stores.audit.latest(at_work.cohort.id, 5)
    assert entry.actor == INGRID.member


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (AlertPolicy.NOTICE_ONLY, "no words, no name"),
        (AlertPolicy.WITH_TEXT, "see the words"),
        (AlertPolicy.ON_REQUEST, "learn nothing"),
    ],
)
async def test_the_statement_says_what_holds_in_this_cohort(at_work: Stage, policy: AlertPolicy, said: str) -> None:
    await at_work.set(alert_policy=policy, open_days=4)
    card = await at_work.works.house.privacy.statement(AMARA, CHANNEL)
    text = card.body + " ".join(value for _, value in card.fields)
    for promise in (
        said,
        "after 4 days",
        "Discord handles all",
        "runs this bot could",
        "small group",
        "not to be used to grade",
        "Supervisors see the same",
        "destroyed when the posting closes",
        "/me forget",
        "/resources",
    ):
        assert promise in text
    assert "{" not in text


async def test_the_statement_fits_into_one_message(at_work: Stage) -> None:
    card = await at_work.works.house.privacy.statement(AMARA, CHANNEL)
    assert all(len(name) <= 256 and len(value) <= 1024 for name, value in card.fields)
    assert len(card.title + card.body) + sum(len(name + value) for name, value in card.fields) <= 6000


async def test_the_statement_is_for_everybody_everywhere(at_work: Stage) -> None:
    privacy = at_work.works.house.privacy
    anywhere = Place(HERE, "elsewhere")
    assert "no words, no name" in str(await privacy.statement(AMARA, anywhere))
    for caller, place in ((STRANGER, anywhere), (person(60), None)):
        assert "is set for each cohort" in str(await privacy.statement(caller, place))
