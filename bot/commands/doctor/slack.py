"""Slack: are the tokens of the right kinds and good, are all scopes granted, and is the bot where its cohorts are.

Only the Web API is used, so a bot that is running elsewhere with the same tokens is not disturbed.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.doctor.check import Check, good, look, mend
from bot.errors import MessengerError, NotPermitted
from bot.people import Cohort, Place, Platform
from bot.platforms.slack import ids
from bot.platforms.slack.asking import Asking
from bot.platforms.slack.clients import OneWorkspace, Session
from bot.platforms.slack.needs import SCOPES
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.people import People
from bot.platforms.slack.troubles import OPTIONAL, scopes
from bot.settings import BadSettings, Settings

PAGE = "https://api.slack.com/apps, your app"


async def slack(settings: Settings, cohorts: Sequence[Cohort]) -> list[Check]:
    """Look at Slack with the bot's own eyes."""
    try:
        settings.require_slack()
    except BadSettings as error:
        return [mend("Slack", str(error), "")]
    if settings.slack_bot_token is None:
        return [good("Slack", "is reached over HTTP; each workspace's token is tried when it is used")]
    session = Session(f"{settings.slack_api_base}/" if settings.slack_api_base else None)
    asking = Asking(OneWorkspace(session, settings.slack_bot_token.get_secret_value()), Pace())
    try:
        checks, team = await _token(asking)
        if team:
            checks += await _app_token(settings, session)
            checks += [check for cohort in cohorts for check in await _cohort(asking, cohort, team)]
        return checks
    finally:
        await session.close()


async def _token(asking: Asking) -> tuple[list[Check], str]:
    """Try the bot's token; return also the workspace that it is for, empty if it is none."""
    try:
        answer = await asking.ask("", lambda client: client.auth_test())
        granted = await scopes(asking, "")
    except NotPermitted:
        how = f"Install the app again at {PAGE}, OAuth & Permissions, and put the token into .env as SLACK_BOT_TOKEN."
        return [mend("Slack token", "Slack refuses it.", how)], ""
    except MessengerError as error:
        how = "Check the network, a proxy or firewall in between, and https://slack-status.com, then run doctor again."
        return [mend("Slack", f"cannot be reached ({type(error).__name__}).", how)], ""
    checks = [good("Slack token", f"Slack knows the bot as {answer['user']} in {answer['team']}")]
    if granted is None:
        how = (
            "Compare them with slack-manifest.yaml yourself, or let a proxy in between pass the header x-oauth-scopes."
        )
        return [*checks, look("Slack scopes", "the answer does not say which are granted.", how)], str(
            answer["team_id"]
        )
    missing = [scope for scope in SCOPES if scope not in granted]
    needed = [scope for scope in missing if scope not in OPTIONAL]
    how = f"Add them at {PAGE}, OAuth & Permissions, Bot Token Scopes, and install the app again."
    if needed:
        checks.append(mend("Slack scopes", f"the bot lacks {', '.join(needed)}.", how))
    elif missing:
        checks.append(look("Slack scopes", f"the bot lacks {', '.join(missing)}, so roles are channels only.", how))
    else:
        checks.append(good("Slack scopes", "all are granted"))
    return checks, str(answer["team_id"])


async def _app_token(settings: Settings, session: Session) -> list[Check]:
    """Try the app's own token by asking for a socket, which is not opened."""
    if settings.slack_app_token is None:
        return []
    token = settings.slack_app_token.get_secret_value()
    asking = Asking(OneWorkspace(session, token), Pace())
    try:
        await asking.ask("", lambda client: client.apps_connections_open(app_token=token))
    except MessengerError:
        how = f"Make one with the scope connections:write at {PAGE}, Basic Information, App-Level Tokens."
        return [mend("Slack app token", "Slack opens no socket for it.", how)]
    return [good("Slack app token", "opens a socket")]


async def _cohort(asking: Asking, cohort: Cohort, team: str) -> list[Check]:
    """Look at a cohort's channels, and whether anybody holds its roles."""
    if cohort.workspace.platform is not Platform.SLACK:
        return []
    about = f"Cohort {cohort.name}"
    if cohort.workspace.id != team:
        return [mend(about, "is in another workspace than the token.", "Use that workspace's token, or remove it.")]
    people = People(asking)
    checks: list[Check] = []
    places: list[tuple[str, Place]] = [
        ("its channel", cohort.channel),
        ("its supervisors' channel", cohort.supervisors_channel),
    ]
    if cohort.escalation_channel:
        places.append(("its second channel for alerts", cohort.escalation_channel))
    try:
        for name, place in places:
            checks += await _channel(people, about, name, place)
        for name, role in (("trainee", cohort.trainee_role), ("supervisor", cohort.supervisor_role)):
            if not await people.holders(team, role):
                how = "Choose the channel or user group anew with /chair setup change."
                checks.append(mend(about, f"nobody is a {name}.", how))
    except MessengerError as error:
        checks.append(look(about, f"could not be looked at ({type(error).__name__}).", "Run doctor again."))
    return checks or [good(about, "the bot is in its channels")]


async def _channel(people: People, about: str, name: str, place: Place) -> list[Check]:
    channel, _ = ids.channel_of(place)
    try:
        room = await people.room(place.workspace.id, channel)
    except MessengerError:
        how = "Write /invite and the bot's name there, or choose another with /chair setup change."
        return [mend(about, f"{name} is gone, or the bot is not in it.", how)]
    found: list[Check] = []
    if room.is_archived:
        found.append(mend(about, f"{name} #{room.name} is archived.", "Take it out of the archive."))
    elif not room.is_member:
        found.append(mend(about, f"the bot is not in {name} #{room.name}.", "Write /invite and the bot's name there."))
    if room.is_shared:
        how = "Choose a channel of your own workspace with /chair setup change."
        found.append(mend(about, f"{name} #{room.name} is shared with another organisation (Slack Connect).", how))
    return found
