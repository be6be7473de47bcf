"""The one place that chooses adapters and puts the house together.

Everything is made once, by constructor, and handed what it needs; nothing finds anything else by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.care.alerts import Alerts
from bot.care.cards import CareCards
from bot.care.care import Care
from bot.care.decisions import Decisions
from bot.care.feedback import Feedback
from bot.care.finding import Finding
from bot.care.operator import Operator
from bot.care.owing import Owing
from bot.care.self_test import try_screen
from bot.care.watching import Watch
from bot.catalogue.check import load_checked
from bot.catalogue.custom import CustomItems
from bot.catalogue.load import load as load_library
from bot.catalogue.messages import MessageCatalogue
from bot.cohorts.cohorts import Cohorts
from bot.crisis.care_cards import CardLibrary
from bot.crisis.resources import HelpLines
from bot.crisis.screening import Screen
from bot.duties.rounds import Rounds
from bot.house import House
from bot.library.adding import Adding
from bot.library.reviewing import Reviewing
from bot.library.shelf import CohortShelf
from bot.library.suggesting import Suggesting
from bot.library.suggestion_cards import SuggestionCards
from bot.lines import Premises as Premises
from bot.lines import hold_line as hold_line
from bot.moderation.bringing import Bringing
from bot.moderation.moderation import Moderation
from bot.observing.health import Health, WatchedRounds
from bot.observing.metrics import Metrics, counted_due, counted_responses
from bot.people import Member, Platform
from bot.platforms.discord.address import go_to
from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.limiter import Pace
from bot.platforms.discord.messenger import DiscordMessenger
from bot.platforms.switch import MessengerSwitch
from bot.ports.clock import Clock, SystemClock
from bot.ports.duties import Duty
from bot.ports.keys import PostingKeys
from bot.ports.messenger import Messenger
from bot.privacy.people import Privacy
from bot.prompts.arranging import Arranging
from bot.prompts.cards import ItemCards
from bot.prompts.curricula import Curricula
from bot.prompts.item import Library
from bot.prompts.parts import Parts
from bot.prompts.planning import Planner
from bot.prompts.posting import PostingDuty
from bot.prompts.prompts import Prompts
from bot.prompts.week_acts import WeekActs
from bot.prompts.week_ahead import WeekAhead
from bot.responses.closing import Closing
from bot.responses.dealing import Dealing
from bot.responses.opinions import Opinions
from bot.responses.publishing import Publisher
from bot.responses.responses import Responses
from bot.scheduling.wakeups import Wakeups
from bot.settings import CONTENT, Settings
from bot.storage import migration
from bot.storage.database import Database
from bot.storage.keys import FileKeys
from bot.storage.stores import Stores
from bot.supervision.reminders import Reminders, Snoozes
from bot.supervision.sessions import Supervision

if TYPE_CHECKING:
    from bot.platforms.slack.opening import SlackLine

PUBLISH_WAITING_EVERY = 20.0
CARDS_AGAIN_EVERY = 30.0
TIDY_EVERY = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Works:
    """The house with what keeps it running."""

    house: House
    stores: Stores
    rounds: WatchedRounds
    wakeups: Wakeups
    publisher: Publisher


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything read from the content folder, whole or not at all."""

    library: Library
    checker: CustomItems
    words: MessageCatalogue
    screen: Screen
    cards: CardLibrary
    lines: HelpLines


def read_contents(settings: Settings) -> Contents:
    """Read and check all content; raises an error naming file and field for whatever is broken.

    What ships was held to the whole lint before it shipped. A folder of the operator's own is held to it here.

    Raises DeafScreen where the crisis screen can be read and does not hear.
    """
    folder = settings.content_dir
    screen = Screen.load(folder)
    try_screen(screen)
    library = load_library(folder) if folder == CONTENT else load_checked(folder)
    return Contents(
        library=library,
        checker=CustomItems.of(folder, library),
        words=MessageCatalogue(folder),
        screen=screen,
        cards=CardLibrary.load(folder),
        lines=HelpLines.load(folder),
    )


@asynccontextmanager
async def premises(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Premises]:
    """Open the database, build the house and its doors; close everything on the way out.

    Raises StorageError, BadSettings or a content error with a sentence for the operator.
    """
    clock = clock or SystemClock()
    contents = read_contents(settings)
    keys = FileKeys(settings.keys)
    async with Database.open(settings.database) as database:
        await migration.upgrade(database)
        stores = Stores.on(database)
        go_to(settings.discord_api_base, settings.discord_gateway)
        metrics = Metrics()
        pace = Pace(settings.discord_requests_per_second, refused=metrics.rate_limited)
        client = ThirdChairClient(contents.words, data_dir=settings.data_dir, pace=pace)
        messengers: dict[Platform, Messenger] = {Platform.DISCORD: DiscordMessenger(client, contents.words)}
        slack = _slack(settings, contents.words, database, keys, metrics) if settings.slack else None
        if slack is not None:
            messengers[Platform.SLACK] = slack.messenger
        messenger = MessengerSwitch(messengers)
        works = build(contents, stores, keys, clock, messenger, operator=settings.operator_alert, metrics=metrics)
        client.attach(works.house)
        if slack is not None:
            slack.desk.attach(works.house)

        def lines_open() -> bool:
            shards = client.shards.values()
            discord = bool(shards) and not any(each.is_closed() for each in shards)
            return (discord or settings.discord_token is None) and (slack is None or slack.is_open)

        health = Health(
            settings.health_port,
            metrics,
            clock,
            gateway_open=lines_open,
            ping=database.ping,
            next_due=stores.due.next_due,
            last_round=lambda: works.rounds.last,
        )
        async with client, health:
            try:
                yield Premises(works.house, client, stores, works.wakeups, slack)
            finally:
                await works.wakeups.stop()
                if slack is not None:
                    await slack.close()


def _slack(
    settings: Settings, words: MessageCatalogue, database: Database, keys: FileKeys, metrics: Metrics
) -> SlackLine:
    """Build the door to Slack; its libraries are loaded only here."""
    from bot.platforms.slack.http import Address, Grant
    from bot.platforms.slack.opening import Access, SlackLine
    from bot.platforms.slack.pace import Pace as SlackPace
    from bot.storage.installations import KEY, SqlInstallationStore

    settings.require_slack()

    def clear(secret: SecretStr | None) -> str:
        return "" if secret is None else secret.get_secret_value()

    over_http = settings.slack_http_port > 0
    many = over_http and settings.slack_bot_token is None and settings.slack_client_id is not None
    access = Access(
        bot_token=clear(settings.slack_bot_token),
        app_token=clear(settings.slack_app_token),
        signing_secret=clear(settings.slack_signing_secret),
        grant=Grant(settings.slack_client_id or "", clear(settings.slack_client_secret)) if many else None,
        address=Address(settings.slack_http_host, settings.slack_http_port) if over_http else None,
        api_base=f"{settings.slack_api_base}/" if settings.slack_api_base else None,
    )
    installations = SqlInstallationStore(database, keys.create(KEY)) if many else None
    return SlackLine(access, words, installations=installations, pace=SlackPace(refused=metrics.rate_limited))


def build(
    contents: Contents,
    stores: Stores,
    keys: PostingKeys,
    clock: Clock,
    messenger: Messenger,
    *,
    operator: Member | None = None,
    metrics: Metrics | None = None,
) -> Works:
    """Put the house together over any adapters; `operator` hears of faults by direct message."""
    words, library = contents.words, contents.library
    metrics = metrics or Metrics()
    stores = replace(
        stores,
        due=counted_due(stores.due, metrics, clock),
        responses=counted_responses(stores.responses, metrics),
    )

    def poke() -> None:
        wakeups.kick()

    languages = sorted({*words.locales, *contents.cards.locales})
    cohorts = Cohorts(stores.cohorts, stores.due, stores.audit, messenger, words, clock, poke, languages)
    alarms = Operator(messenger, words, clock, operator, metrics.screen_failed)
    alerts = Alerts(
        stores.alerts, stores.cohorts, stores.due, stores.audit, messenger, words, clock, alarms.alert_untold
    )
    watch, decisions = Watch(contents.screen, alarms.screen_failed), Decisions()
    feedback = Feedback(watch, contents.screen, decisions, stores.feedback, stores.cohorts, words, clock)
    care = Care(
        watch,
        decisions,
        CareCards(contents.cards, contents.lines, clock),
        alerts,
        Finding(stores.cohorts, stores.members, messenger, watch.alarm),
        Owing(messenger),
        words,
        clock,
    )
    shelf = CohortShelf(library, stores.own_items, stores.postings, contents.checker)
    planner = Planner(library, shelf, stores.postings, stores.plans, stores.responses)
    week = WeekAhead(shelf, planner, stores.cohorts, stores.postings, stores.plans, messenger, words, clock)
    prompts = Prompts(shelf, planner, week, cohorts, stores.postings, stores.due, stores.audit, words, clock, poke)
    week_acts = WeekActs(prompts, week, shelf, cohorts, stores.postings, stores.plans, stores.audit, words, clock)
    arranging = Arranging(shelf, cohorts, stores.postings, stores.plans, week, stores.audit, words, clock)
    curricula = Curricula(library, planner, cohorts, stores.postings, stores.plans, week, stores.audit, words, clock)
    publisher = Publisher(stores.responses, stores.postings, stores.cohorts, keys, messenger, words)
    responses = Responses(stores.responses, stores.postings, stores.cohorts, keys, care, publisher, shelf, words)
    dealing = Dealing(shelf, stores.postings, stores.cohorts, keys, words)
    parts = Parts(
        shelf, stores.cohorts, stores.postings, stores.plans, stores.due, stores.audit, messenger, words, clock, poke
    )
    closing = Closing(
        shelf,
        stores.cohorts,
        stores.postings,
        stores.responses,
        stores.due,
        keys,
        messenger,
        publisher,
        ItemCards(words),
    )
    opinions = Opinions(cohorts, shelf, stores.postings, keys, stores.opinions, words)
    suggested = SuggestionCards(messenger, stores.suggestions, words)
    adding = Adding(
        cohorts,
        shelf,
        contents.checker,
        stores.own_items,
        stores.suggestions,
        suggested,
        stores.postings,
        week,
        stores.audit,
        words,
        clock,
    )
    reviewing = Reviewing(cohorts, shelf, stores.own_items, stores.postings, week, stores.audit, words, clock)
    suggesting = Suggesting(cohorts, shelf, stores.suggestions, suggested, stores.audit, words, clock)
    moderation = Moderation(
        cohorts,
        stores.postings,
        stores.responses,
        stores.audit,
        keys,
        closing,
        publisher,
        messenger,
        words,
        clock,
    )
    bringing = Bringing(stores.cohorts, stores.postings, stores.responses, shelf, messenger, words)
    supervision = Supervision(cohorts, stores.sessions, stores.members, stores.due, stores.audit, words, clock)
    privacy = Privacy(
        stores.cohorts, stores.members, responses.forget, suggesting.unsign, words, languages, contents.lines.knows
    )
    rounds = Rounds(
        stores.due,
        clock,
        {
            Duty.PROMPT: PostingDuty(
                shelf, planner, week, stores.plans, stores.cohorts, stores.postings, stores.due, keys, messenger, words
            ),
            Duty.PART: parts,
            Duty.SHOW: week,
            Duty.CLOSE: closing,
            Duty.ESCALATE: alerts,
            Duty.REMINDER: Reminders(stores.sessions, stores.cohorts, stores.members, stores.due, messenger, words),
            Duty.SNOOZE: Snoozes(stores.sessions, stores.cohorts, stores.members, messenger, words),
        },
    )
    watched = WatchedRounds(rounds, metrics, clock)
    wakeups = Wakeups(watched, stores.due, clock)
    wakeups.every(PUBLISH_WAITING_EVERY, publisher.publish_waiting)
    wakeups.every(CARDS_AGAIN_EVERY, care.try_again)
    wakeups.every(TIDY_EVERY, rounds.tidy)
    house = House(
        cohorts,
        prompts,
        week_acts,
        arranging,
        curricula,
        parts,
        responses,
        dealing,
        opinions,
        adding,
        reviewing,
        suggesting,
        moderation,
        supervision,
        bringing,
        care,
        feedback,
        privacy,
        words,
        clock,
    )
    return Works(house, stores, watched, wakeups, publisher)


async def serve(settings: Settings) -> None:
    """Run the bot until it is told to stop (SIGINT, SIGTERM) or cannot go on."""
    async with premises(settings) as built:
        await hold_line(built, settings.token() if settings.discord_token is not None or not settings.slack else "")
