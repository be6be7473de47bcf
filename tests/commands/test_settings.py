"""What an operator sets: read once, said plainly when it is wrong, and never shown when it is secret."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from bot.people import Member, Platform
from bot.settings import BadSettings, LogFormat, LogLevel, Settings, load, names, parse_member

REPOSITORY = Path(__file__).resolve().parents[2]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789ab"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names():
        monkeypatch.delenv(name, raising=False)


def env_file(tmp_path: Path, text: str) -> Path:
    file = tmp_path / ".env"
    file.write_text(text, encoding="utf-8")
    return file


def test_nothing_set_is_a_working_bot_but_for_its_token(tmp_path: Path) -> None:
    settings = load(tmp_path / "absent")
    assert settings.database == "sqlite+aiosqlite:///data/third-chair.db"
    assert settings.keys == Path("data/keys")
    assert (settings.content_dir / "crisis").is_dir()
    assert settings.health_port == 0
    with pytest.raises(BadSettings, match=r"DISCORD_TOKEN is not set: copy \.env\.example to \.env"):
        settings.token()


def test_the_environment_outranks_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = env_file(tmp_path, "LOG_LEVEL=error\nLOG_FORMAT=JSON\nDATA_DIR=kept\n")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    settings = load(file)
    assert (settings.log_level, settings.log_format) == (LogLevel.DEBUG, LogFormat.JSON)
    assert settings.keys == Path("kept/keys")


def test_constructing_settings_reads_nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    assert Settings().discord_token is None


@pytest.mark.parametrize("written", [TOKEN, f'"{TOKEN}"', f"  {TOKEN} ", f"Bot {TOKEN}"])
def test_what_is_copied_along_with_a_token_is_taken_off(tmp_path: Path, written: str) -> None:
    assert load(env_file(tmp_path, f"DISCORD_TOKEN={written}\n")).token() == TOKEN


@pytest.mark.parametrize("written", ["123456789012345678", "your-token-here", TOKEN.replace(".", "-")])
def test_a_token_that_cannot_be_one_is_named_but_not_quoted(tmp_path: Path, written: str) -> None:
    with pytest.raises(BadSettings, match="DISCORD_TOKEN does not look like a bot token") as caught:
        load(env_file(tmp_path, f"DISCORD_TOKEN={written}\n")).token()
    assert written not in str(caught.value)


def test_a_password_that_breaks_the_address_is_masked_all_the_same() -> None:
    assert "s@cr/et" in Settings(database_url="postgresql://me:s@cr/et@db:port/tc").secrets


def test_a_rehearsal_may_call_its_token_what_it_likes() -> None:
    assert Settings(discord_token="any", discord_api_base="http://127.0.0.1:1/api/v10").token() == "any"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("LOG_LEVEL=loud", "LOG_LEVEL must be one of 'DEBUG', 'INFO', 'WARNING' or 'ERROR'."),
        ("HEALTH_PORT=many", "HEALTH_PORT must be a whole number from 0 to 65535."),
        ("HEALTH_PORT=70000", "HEALTH_PORT must be a whole number from 0 to 65535."),
        ("DISCORD_REQUESTS_PER_SECOND=51", "DISCORD_REQUESTS_PER_SECOND must be a whole number from 1 to 50."),
        ("OPERATOR_ALERT=canary", "OPERATOR_ALERT does not name a person."),
        ("DISCORD_TOKN=canary", "is not a setting: did you mean DISCORD_TOKEN?"),
    ],
)
def test_a_bad_value_is_one_sentence_that_names_it(tmp_path: Path, line: str, sentence: str) -> None:
    with pytest.raises(BadSettings) as caught:
        load(env_file(tmp_path, line + "\n"))
    assert sentence in str(caught.value)
    assert "canary" not in "".join(traceback.format_exception(caught.value))


def test_names_of_other_programs_in_the_file_are_left_alone(tmp_path: Path) -> None:
    assert load(env_file(tmp_path, "POSTGRES_PASSWORD=x\nTZ=Europe/Vienna\n")).discord_token is None


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"LOG_LEVEL=\xff\xfe\n")
    with pytest.raises(BadSettings, match="is not UTF-8 text"):
        load(tmp_path / ".env")


@pytest.mark.parametrize("name", ["discord_api_base", "discord_gateway"])
@pytest.mark.parametrize(
    "url",
    [
        "https://discord.example/api",
        "http://127.0.0.1.example/api",
        "http://127.0.0.1@example.org/api",
        "http://example.org#127.0.0.1",
        "//127.0.0.1/api",
        "http://0.0.0.0:1/api",
        "http://[::1/api",
    ],
)
def test_the_token_is_never_handed_to_another_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    monkeypatch.setenv(name.upper(), url)
    with pytest.raises(BadSettings, match=f"{name.upper()} does not point to this machine"):
        load(tmp_path / "absent")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8833/api/v10", "ws://localhost:1", "http://[::1]:8833"])
def test_this_machine_will_do(url: str) -> None:
    assert Settings(discord_api_base=url).discord_api_base == url


def test_secrets_mask_themselves_and_are_known_to_whoever_masks_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:s%40cret@db/tc")
    settings = load(tmp_path / "absent")
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert TOKEN not in shown
        assert "s%40cret" not in shown
    assert settings.secrets == (TOKEN, "s%40cret", "s@cret")


@pytest.mark.parametrize("text", ["discord:123456789012345678", " slack:U0123ABC "])
def test_a_person_is_written_as_platform_and_id(text: str) -> None:
    member = parse_member(text)
    assert isinstance(member, Member)
    assert member.platform in (Platform.DISCORD, Platform.SLACK)


@pytest.mark.parametrize("text", ["", "discord:", "123456", "irc:bob", "discord:1 2", "discord:../../etc"])
def test_anything_else_is_no_person(text: str) -> None:
    assert parse_member(text) is None


def test_the_example_file_is_complete_and_loads(tmp_path: Path) -> None:
    lines = (REPOSITORY / ".env.example").read_text(encoding="utf-8").splitlines()
    shown = [line.lstrip("#").partition("=")[0] for line in lines if "=" in line and not line.startswith("# ")]
    assert sorted(shown) == sorted(names()), "each setting stands in .env.example exactly once, and nothing else does"
    assert load(REPOSITORY / ".env.example").discord_token is None
    uncommented = "\n".join(line.lstrip("#") for line in lines if "=" in line and not line.startswith("# "))
    example = load(env_file(tmp_path, uncommented))
    defaults = Settings()
    for name in ("log_level", "log_format", "health_port", "data_dir", "discord_requests_per_second"):
        assert getattr(example, name) == getattr(defaults, name), f"{name}: the example shows another default"


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())
