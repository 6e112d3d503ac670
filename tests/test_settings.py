"""Settings are read whole, or refused with every fault, its shape and its remedy, at once."""

from pathlib import Path

import pytest

from bot.addresses import Bind
from bot.errors import SettingsError
from bot.settings import MOST_OF_A_SECRET, Settings, read_settings, said_of

SECRET = "MTA4.secret-of-a-bot"


def refused(environment: dict[str, str]) -> str:
    """Return what is said of wrong settings."""
    with pytest.raises(SettingsError) as error:
        read_settings(environment)
    return str(error.value)


def test_nothing_set_is_what_the_table_says() -> None:
    settings = read_settings({"RANKSHIFT_LOG_LEVEL": "  ", "OTHER": "x"})
    assert settings.discord_token is None
    assert settings.log_level == "info"
    for name, field in Settings.model_fields.items():
        value, said = getattr(settings, name), said_of(field).default
        if value is None:
            assert said.startswith("none") or said == "Discord's"
        elif name != "data_dir":
            assert said == (f"`{value:g}`" if isinstance(value, float) else f"`{value}`")


def test_every_wrong_setting_is_named_at_once_with_what_it_takes() -> None:
    told = refused(
        {
            "RANKSHIFT_POLL_MINUTES": "soon",
            "RANKSHIFT_SENDS_PER_SECOND": "50",
            "RANKSHIFT_OPENROUTER_URL": "ftp://x",
            "DISCORD_TOKEN_FILE": "nowhere",
        }
    )
    lines = told.splitlines()
    assert lines[0] == "Some settings are wrong:"
    assert [line.split(":")[0].strip() for line in lines[1:]] == [
        "DISCORD_TOKEN_FILE",
        "RANKSHIFT_POLL_MINUTES",
        "RANKSHIFT_OPENROUTER_URL",
        "RANKSHIFT_SENDS_PER_SECOND",
    ]
    assert "It takes minutes, 0.01 to 1440. Unset, it is `30`." in told
    assert "must be an address that begins with https or http." in told


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    settings = read_settings({"DISCORD_TOKEN_FILE": str(path)})
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == SECRET
    assert SECRET not in repr(settings)


def test_a_secret_is_not_read_from_two_places(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(SECRET, encoding="utf-8")
    told = refused({"OPENROUTER_API_KEY": "other", "OPENROUTER_API_KEY_FILE": str(path)})
    assert "OPENROUTER_API_KEY_FILE: OPENROUTER_API_KEY is set too. Unset one of the two." in told
    assert SECRET not in told


@pytest.mark.parametrize(
    ("content", "why"), [(None, "No such file"), (b"", "empty"), (b"\xff\xfe\x00", "not text")]
)
def test_a_secrets_file_that_cannot_be_used_is_refused(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    assert why in refused({"DISCORD_TOKEN_FILE": str(path)})


@pytest.mark.parametrize("mistaken", [SECRET, f"{SECRET}\0"])
def test_a_secret_given_as_a_path_is_not_shown(mistaken: str) -> None:
    assert SECRET not in refused({"DISCORD_TOKEN_FILE": mistaken, "RANKSHIFT_LOG_LEVEL": "loud"})


def test_of_a_file_without_end_only_so_much_is_read(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("x" * (MOST_OF_A_SECRET + 1), encoding="utf-8")
    settings = read_settings({"DISCORD_TOKEN_FILE": str(path)})
    assert settings.discord_token is not None
    assert len(settings.discord_token.get_secret_value()) == MOST_OF_A_SECRET


def test_a_place_to_listen_is_a_host_and_a_port() -> None:
    settings = read_settings({"RANKSHIFT_HTTP_BIND": "[::1]:8080"})
    assert settings.http_bind == Bind("::1", 8080)
    assert str(settings.http_bind) == "[::1]:8080"
    assert read_settings({"RANKSHIFT_OPERATIONS_BIND": "off"}).operations_bind is None
    for wrong in (
        "8080",
        "host",
        "host:",
        ":8080",
        "host:x",
        "host:99999",
        "me@host:1",
        "host:1/x",
    ):
        told = refused({"RANKSHIFT_HTTP_BIND": wrong})
        assert "RANKSHIFT_HTTP_BIND: must be a host and a port" in told, wrong


@pytest.mark.parametrize(
    "wrong",
    [
        "sqlite:///x",
        "postgres://host/x",
        "postgresql+psycopg://host/x",
        "postgresql:///x",
        "postgresql://host",
        "postgresql://host/",
        "postgresql://host:99999/x",
        "host",
    ],
)
def test_a_database_is_a_postgresql_address(wrong: str) -> None:
    assert "RANKSHIFT_DATABASE_URL: must be an address such as" in refused(
        {"RANKSHIFT_DATABASE_URL": wrong}
    )


def test_the_password_of_a_database_is_a_secret_as_it_is_written_and_as_it_is_meant() -> None:
    url = "postgresql://me:p%40ss%20word@host:5433/rankshift"
    settings = read_settings({"RANKSHIFT_DATABASE_URL": url})
    assert settings.secrets == (url, "p%40ss%20word", "p@ss word")
    assert read_settings({"RANKSHIFT_DATABASE_URL": "postgresql://h/x"}).secrets[1:] == ()


def test_every_secret_is_known_as_one() -> None:
    given = {
        "DISCORD_TOKEN": SECRET,
        "OPENROUTER_API_KEY": "a key",
        "RANKSHIFT_SENTRY_DSN": "dsn",
        "RANKSHIFT_DATABASE_URL": "postgresql://host/x",
    }
    assert sorted(read_settings(given).secrets) == sorted(given.values())
    assert read_settings({}).secrets == ()
