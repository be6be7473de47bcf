"""The command line. It only names the commands and says what went wrong: `python -m bot --help`."""

from __future__ import annotations

import sys

import typer

from bot.commands.running import rehearse, run
from bot.commands.screening import screen
from bot.commands.storing import backup, forget, migrate, restore
from bot.commands.surveying import check_content, doctor, version
from bot.errors import ThirdChairError

PROGRAM = "python -m bot"

app = typer.Typer(
    help="Third Chair, a bot for cohorts of trainee psychotherapists.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(run)
# Whatever follows belongs to the rehearsal's own command line.
app.command(add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(
    rehearse
)
app.command()(doctor)
app.command("check-content")(check_content)
app.command()(screen)
app.command()(migrate)
app.command()(backup)
app.command()(restore)
app.command()(forget)
app.command()(version)


def main() -> None:
    """Run one command and end the process with its exit code."""
    try:
        app(prog_name=PROGRAM)
    except ThirdChairError as error:
        from bot.commands.terminal import ExitCode, Mark, tell

        tell(str(error), Mark.MEND)
        sys.exit(ExitCode.TO_MEND)
    except Exception as error:
        _unexpected(error)


def _unexpected(error: Exception) -> None:
    """Say that it is our fault, and put the error into the log without a member's words."""
    import logging
    import secrets

    from bot.commands.terminal import ExitCode, Mark, tell
    from bot.observing.logs import OURS, configure

    if not logging.getLogger().handlers:
        configure()
    reference = secrets.token_hex(4)
    logging.getLogger(f"{OURS[0]}.commands").critical("unexpected, reference %s", reference, exc_info=error)
    tell(f"Something went wrong that should not; the log has it under the reference {reference}.", Mark.MEND)
    sys.exit(ExitCode.UNEXPECTED)


if __name__ == "__main__":
    main()
