"""The only reader of the environment: everything an operator can set, said once, read once.

Nothing is read at import. `load` reads the environment and an `.env` file; `Settings(...)` reads neither, so
that a test or the rehearsal says exactly what it means. Secrets are `SecretStr`: they mask themselves in
`repr`, logs and tracebacks, and an error about one never quotes it.
"""

from __future__ import annotations

import difflib
import re
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ThirdChairError
from bot.people import Member, Platform

ENV_FILE = Path(".env")
CONTENT = Path(__file__).resolve().parent.parent / "content"

_PASSWORD = re.compile(r"[^/]*://[^:/]*:(.+)@")  # whatever the database makes of it: more masked is no harm
_PERSON = re.compile(r"[A-Za-z0-9]{2,32}(?:-[A-Za-z0-9]{2,32})?", re.ASCII)
_TOKEN = re.compile(r"[\w-]{18,}\.[\w-]{6,}\.[\w-]{25,}", re.ASCII)


class BadSettings(ThirdChairError):
    """A setting cannot be used. The message names it, says what is wrong and how to mend it."""


class LogLevel(StrEnum):
    """How much the log says."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LogFormat(StrEnum):
    """Lines for people, or one JSON object a line for machines."""

    CONSOLE = "console"
    JSON = "json"


class Settings(BaseModel):
    """What the operator chose. Each field is an environment variable of the same name in capitals."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, validate_default=False)

    # Discord
    discord_token: SecretStr | None = Field(None, description="the bot's token from Discord's developer portal")
    discord_requests_per_second: int = Field(
        45, ge=1, le=50, description="this process's share of Discord's 50 requests a second for one bot"
    )

    # Slack
    slack_bot_token: SecretStr | None = Field(None, description="the bot's token in one workspace, xoxb-...")
    slack_app_token: SecretStr | None = Field(None, description="the app's own token for Socket Mode, xapp-...")
    slack_signing_secret: SecretStr | None = Field(None, description="what Slack signs its HTTP requests with")
    slack_client_id: str | None = Field(None, description="the app's client id, for installation in many workspaces")
    slack_client_secret: SecretStr | None = Field(None, description="the secret that belongs to the client id")
    slack_http_host: str = Field("127.0.0.1", description="the address that Slack's HTTP requests come in at")
    slack_http_port: int = Field(
        0, ge=0, le=65535, description="the port that Slack's HTTP requests come in at; 0 is Socket Mode"
    )

    # Where things are kept
    data_dir: Path = Field(Path("data"), description="the folder for the database and the posting keys")
    database_url: SecretStr | None = Field(None, description="sqlite:///path or postgresql://user:password@host/name")
    keys_dir: Path | None = Field(None, description="the folder for the posting keys, kept out of every backup")
    content_dir: Path = Field(CONTENT, description="the folder with prompts, vignettes, messages and crisis rules")

    # Watching over it
    log_level: LogLevel = Field(LogLevel.INFO, description="DEBUG, INFO, WARNING or ERROR")
    log_format: LogFormat = Field(LogFormat.CONSOLE, description="console or json")
    health_port: int = Field(0, ge=0, le=65535, description="a port on 127.0.0.1 for health and metrics; 0 is off")
    operator_alert: Annotated[Member | None, NoDecode] = Field(
        None, description="who hears of faults by direct message, such as discord:123456789012345678"
    )

    # The rehearsal only
    discord_api_base: str | None = Field(None, description="a Discord REST API on this machine")
    discord_gateway: str | None = Field(None, description="a Discord gateway on this machine")
    slack_api_base: str | None = Field(None, description="a Slack Web API on this machine")

    @property
    def database(self) -> str:
        """The database's SQLAlchemy URL, password and all: for the engine, never for people."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir / 'third-chair.db'}"

    @property
    def keys(self) -> Path:
        """The folder of the posting keys."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret text in clear, for whoever has to mask it."""
        given = (
            self.discord_token,
            self.slack_bot_token,
            self.slack_app_token,
            self.slack_signing_secret,
            self.slack_client_secret,
        )
        found = [secret.get_secret_value() for secret in given if secret is not None]
        password = _PASSWORD.match(self.database)
        if password:
            found += [password[1], unquote(password[1])]
        return tuple(dict.fromkeys(found))

    @property
    def slack(self) -> bool:
        """Whether the door to Slack is to be opened; what is missing for it, `slack_access` says."""
        return any(
            each is not None
            for each in (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret, self.slack_client_id)
        )

    def require_doors(self) -> None:
        """Raise BadSettings unless at least one platform can be reached with what is set."""
        if self.slack:
            self.require_slack()
        if not self.slack or self.discord_token is not None:
            self.token()

    def require_slack(self) -> None:
        """Raise BadSettings with what Slack still lacks, in one sentence."""
        problem = _slack_problem(self)
        if problem:
            raise BadSettings(problem)

    def token(self) -> str:
        """Return Discord's token in clear; raises BadSettings if there is none or it cannot be one."""
        if self.discord_token is None:
            raise BadSettings(
                "DISCORD_TOKEN is not set: copy .env.example to .env and put your bot's token there"
                " (Discord developer portal, your application, Bot, Reset Token)."
                " For Slack, set SLACK_BOT_TOKEN and SLACK_APP_TOKEN instead, or as well."
            )
        token = self.discord_token.get_secret_value()
        if self.discord_api_base is None and not _TOKEN.fullmatch(token):
            raise BadSettings(
                "DISCORD_TOKEN does not look like a bot token: it should be three parts joined by dots."
                " Copy it again from the developer portal, page Bot, not the application id or the client secret."
            )
        return token

    @field_validator("discord_token", mode="before")
    @classmethod
    def _bare_token(cls, value: object) -> object:
        """Take off what people copy along with a token."""
        return value.strip().strip("\"'").removeprefix("Bot ").strip() or None if isinstance(value, str) else value

    @field_validator(
        "slack_bot_token",
        "slack_app_token",
        "slack_signing_secret",
        "slack_client_id",
        "slack_client_secret",
        mode="before",
    )
    @classmethod
    def _bare_secret(cls, value: object) -> object:
        """Take off blanks and quotes."""
        return value.strip().strip("\"'").strip() or None if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case_level(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("log_format", mode="before")
    @classmethod
    def _any_case_format(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("operator_alert", mode="before")
    @classmethod
    def _a_person(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        member = parse_member(value)
        if member is None:
            raise _unfit(
                "does not name a person", "Write the platform and the person's id, such as discord:123456789012345678"
            )
        return member

    @field_validator("discord_api_base", "discord_gateway", "slack_api_base")
    @classmethod
    def _only_here(cls, value: str | None) -> str | None:
        """A wrong host here would hand the token to a stranger, so only this machine will do."""
        if not value:
            return None
        if not _is_loopback(value):
            raise _unfit("does not point to this machine", "It is for rehearsals only: use 127.0.0.1, or leave it out")
        return value.rstrip("/")


def _slack_problem(settings: Settings) -> str:
    """Say what keeps the door to Slack shut; empty if nothing does."""
    page = "(api.slack.com/apps, your app,"
    bot, app = settings.slack_bot_token, settings.slack_app_token
    if bot is not None and not bot.get_secret_value().startswith("xoxb-"):
        return f"SLACK_BOT_TOKEN is not a bot token: it begins with xoxb- {page} OAuth & Permissions)."
    if app is not None and not app.get_secret_value().startswith("xapp-"):
        return f"SLACK_APP_TOKEN is not an app-level token: it begins with xapp- {page} Basic Information)."
    if not settings.slack_http_port:
        if bot is None:
            return f"SLACK_BOT_TOKEN is not set: install the app and copy its token {page} OAuth & Permissions)."
        if app is None:
            return (
                "SLACK_APP_TOKEN is not set: Socket Mode needs an app-level token with the scope connections:write"
                f" {page} Basic Information)."
            )
        return ""
    if settings.slack_signing_secret is None:
        return f"SLACK_SIGNING_SECRET is not set: over HTTP nothing is taken in without it {page} Basic Information)."
    if bot is None and (settings.slack_client_id is None or settings.slack_client_secret is None):
        return (
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are needed for many workspaces, or SLACK_BOT_TOKEN for one"
            f" {page} Basic Information)."
        )
    return ""


class _FromEnvironment(Settings, BaseSettings):
    """The same fields, filled from the environment and an `.env` file."""

    model_config = SettingsConfigDict(extra="ignore", env_file_encoding="utf-8", env_ignore_empty=True)


def load(env_file: Path = ENV_FILE) -> Settings:
    """Read the environment and then, for what is not set there, `env_file`; raises BadSettings."""
    try:
        _refuse_misspelt(env_file)
        return _FromEnvironment(_env_file=env_file)
    except ValidationError as problem:
        sentences = [_sentence(error) for error in problem.errors(include_input=False, include_url=False)]
        raise BadSettings(" ".join(sentences)) from None
    except UnicodeDecodeError:
        raise BadSettings(f"{env_file} is not UTF-8 text: save it again as UTF-8.") from None
    except OSError as problem:
        raise BadSettings(f"{env_file} cannot be read ({problem.strerror}): check its permissions.") from None


def parse_member(text: str) -> Member | None:
    """Read `platform:id`, as operators write a person; None if it is not that."""
    platform, _, identity = text.strip().partition(":")
    if platform not in {known.value for known in Platform} or not _PERSON.fullmatch(identity):
        return None
    return Member(Platform(platform), identity)


def names() -> tuple[str, ...]:
    """Every setting's name as it stands in the environment."""
    return tuple(name.upper() for name in Settings.model_fields)


def _refuse_misspelt(env_file: Path) -> None:
    """An unknown name is somebody else's business, unless it is nearly one of ours: then it is a slip."""
    known = names()
    for name in dotenv_values(env_file) if env_file.is_file() else ():
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.85)
        if near and name.upper() not in known:
            raise BadSettings(f"{name} in {env_file} is not a setting: did you mean {near[0]}?")


def _unfit(message: str, mend: str) -> PydanticCustomError:
    return PydanticCustomError("unfit", "{message}", {"message": message, "mend": mend})


def _sentence(error: Any) -> str:
    name = str(error["loc"][0]).upper()
    context = error.get("ctx", {})
    match error["type"]:
        case "unfit":
            return f"{name} {context['message']}. {context['mend']}."
        case "enum":
            return f"{name} must be one of {context['expected']}."
        case "int_parsing" | "greater_than_equal" | "less_than_equal":
            field = Settings.model_fields[name.lower()]
            low, high = (next(getattr(m, k) for m in field.metadata if hasattr(m, k)) for k in ("ge", "le"))
            return f"{name} must be a whole number from {low} to {high}."
        case _:
            return f"{name} cannot be read. It is {Settings.model_fields[name.lower()].description}."


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "ws") or parts.username is not None:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
