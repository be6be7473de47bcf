"""`python -m rehearsal`: the real bot at work on this machine, in front of a page that feels like the chat people know.

One process holds both: the loopback server with its page, and the bot exactly as it runs on a real server, except
that its clock can be moved and that its Discord is at 127.0.0.1.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from rich.console import Console

from bot.errors import ThirdChairError
from bot.observing.logs import configure
from bot.people import Platform
from bot.settings import CONTENT, LogLevel, Settings
from bot.wiring import Premises, hold_line, premises
from rehearsal import play
from rehearsal.clock import MovableClock, RehearsalControls
from rehearsal.demo import BOT_TOKEN, demo_world
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.saved import SavedWorldError, load
from rehearsal.page.routes import PageDoor
from rehearsal.page.slack import SlackPageDoor
from rehearsal.server import Door, RehearsalServer
from rehearsal.slack import demo as slack_demo
from rehearsal.slack import saved as slack_saved
from rehearsal.slack.door import SlackDoor

PORT = 8765
PLATFORMS = {
    "discord": (Platform.DISCORD,),
    "slack": (Platform.SLACK,),
    "both": (Platform.DISCORD, Platform.SLACK),
}
FOLDER = Path("rehearsal-data")
_console = Console(highlight=False)


def main() -> None:
    """Read the arguments and run until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="the port of the page; the next free one if it is taken")
    parser.add_argument("--data", type=Path, default=FOLDER, help="where the rehearsal is kept between two starts")
    parser.add_argument("--fresh", action="store_true", help="begin anew: what was kept is put aside")
    parser.add_argument("--platform", choices=tuple(PLATFORMS), default="discord", help="whose chat to rehearse")
    parser.add_argument("--log", default="WARNING", choices=[level.value for level in LogLevel])
    arguments = parser.parse_args()
    configure(LogLevel(arguments.log))
    try:
        asyncio.run(rehearse(arguments.port, arguments.data, PLATFORMS[arguments.platform], fresh=arguments.fresh))
    except (ThirdChairError, SavedWorldError, slack_saved.SavedWorldError, OSError) as problem:
        _console.print(f"[red]✖[/red] {problem}")
        sys.exit(1)
    except KeyboardInterrupt:
        pass
    _console.print("The rehearsal is over; it goes on from here at the next start.")


async def rehearse(
    port: int, folder: Path, platforms: Sequence[Platform] = (Platform.DISCORD,), *, fresh: bool = False
) -> None:
    """Open the rehearsal of some platforms in `folder` and hold it until a signal."""
    clock = MovableClock()
    time_kept, kept = folder / "clock.txt", folder / "world.json"
    await clock.set(_prepared(folder, time_kept, fresh=fresh) or play.opening_instant(clock.now()))
    # The page is there before the bot has been built; it asks when the button is pressed.
    built: list[Premises] = []

    async def next_prompt() -> datetime | None:
        return await play.next_prompt(built[0].stores) if built else None

    controls = RehearsalControls(clock, next_prompt, ZoneInfo(play.ZONE), time(9))
    doors: list[Door] = []
    if Platform.DISCORD in platforms:
        discord = DiscordDoor(load(kept, clock) or demo_world(clock), keep_in=kept)
        doors += [discord, PageDoor(discord.people, controls, play.ZONE, slack=Platform.SLACK in platforms)]
    if Platform.SLACK in platforms:
        kept_slack = folder / "slack-world.json"
        slack = SlackDoor(slack_saved.load(kept_slack, clock) or slack_demo.demo_world(clock), keep_in=kept_slack)
        slack.people.shortcuts = slack_shortcuts()
        alone = None if Platform.DISCORD in platforms else controls

        def hints() -> dict[str, str]:
            return slack_hints(built[0]) if built else {}

        page = SlackPageDoor(slack.people, slack.feeds, play.ZONE, alone=alone, hints=hints)
        doors += [slack, page]
    server = RehearsalServer(doors)
    base = await server.start(port)
    settings = _settings(folder, base, platforms)
    try:
        async with premises(settings, clock) as house:
            built.append(house)

            async def moved(now: datetime) -> None:
                time_kept.write_text(now.isoformat(), encoding="utf-8")
                await house.wakeups.poke()

            clock.listen(moved)
            opening = asyncio.Event()
            seeding = asyncio.create_task(_open(opening, house, clock, base, server.notice, platforms))
            await hold_line(house, BOT_TOKEN if Platform.DISCORD in platforms else "", started=opening.set)
            seeding.cancel()
    finally:
        time_kept.write_text(clock.now().isoformat(), encoding="utf-8")
        await server.stop()


def _settings(folder: Path, base: str, platforms: Sequence[Platform]) -> Settings:
    """Return what the bot is started with: the rehearsal's own addresses and tokens."""
    given: dict[str, Any] = {"data_dir": folder}
    if Platform.DISCORD in platforms:
        gateway = base.replace("http", "ws", 1) + "/gateway"
        given |= {"discord_token": BOT_TOKEN, "discord_api_base": f"{base}/api/v10", "discord_gateway": gateway}
    if Platform.SLACK in platforms:
        given |= {"slack_bot_token": slack_demo.BOT_TOKEN, "slack_app_token": slack_demo.APP_TOKEN}
        given["slack_api_base"] = f"{base}/slack/api"
    return Settings(**given)


async def _open(
    ready: asyncio.Event,
    house: Premises,
    clock: MovableClock,
    base: str,
    notice: str | None,
    platforms: Sequence[Platform],
) -> None:
    await ready.wait()
    try:
        if (morning := await play.seed(house.house, platforms)) is not None:
            await clock.set(morning)
    except Exception:
        logging.getLogger(__name__).exception("the demo cohort could not be set up")
    if notice:
        _console.print(f"[yellow]![/yellow] {notice}")
    _console.print(
        f"\n[bold green]Third Chair is at work.[/bold green] Open [bold]{base}[/bold] in a browser.\n"
        "Today's prompt comes within a few seconds. Switch persona on the left, answer through the button,\n"
        "move the clock with the buttons. Nothing leaves this machine. Ctrl-C ends it.\n"
    )


def slack_hints(house: Premises) -> dict[str, str]:
    """Return what may stand behind `/chair`, with what it does."""

    def about(command: str) -> str:
        path = command.replace(" ", ".").replace("-", "_")
        try:
            return house.house.words.say(f"slack.command.{path}.about")
        except KeyError:
            return house.house.words.say(f"discord.command.{path}.description")

    commands = house.slack.desk.router.commands if house.slack is not None else ()
    return {command: about(command) for command in sorted(commands)}


def slack_shortcuts() -> dict[str, str]:
    """Return the message shortcuts as the manifest names them."""
    manifest = yaml.safe_load((CONTENT.parent / "slack-manifest.yaml").read_text(encoding="utf-8"))
    return {each["callback_id"]: each["name"] for each in manifest["features"]["shortcuts"]}


def _prepared(folder: Path, kept: Path, *, fresh: bool) -> datetime | None:
    """Make the folder ready; return where the last rehearsal's clock goes on, so that nothing lies in its future."""
    if fresh and folder.exists():
        folder.rename(folder.with_name(f"{folder.name}-{datetime.now(UTC):%Y%m%d-%H%M%S}"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not kept.exists():
        return None
    try:
        ended = datetime.fromisoformat(kept.read_text(encoding="utf-8").strip())
    except ValueError:
        raise SavedWorldError(f"{kept} holds no time: delete that file, or start anew with --fresh.") from None
    return max(ended + timedelta(seconds=1), datetime.now(UTC)) if ended.tzinfo else datetime.now(UTC)


if __name__ == "__main__":
    main()
