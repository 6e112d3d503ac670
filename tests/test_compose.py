"""What compose.yaml starts: two processes and a database, that what it says can be so."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.settings import read_settings
from bot.shards import Shards, parse_shards

ROOT = Path(__file__).parents[1]
BOTS = ("bot-0", "bot-1")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_every_shard_is_run_by_exactly_one_process(compose: dict[str, Any]) -> None:
    ids, of = list[int](), set[int]()
    for name in BOTS:
        command, first, span, second, count = compose["services"][name]["command"]
        assert (command, first, second) == ("run", "--shards", "--of")
        shards = parse_shards(span, int(count))
        assert isinstance(shards, Shards)
        ids += shards.ids
        of.add(shards.of)
    assert sorted(ids) == list(range(*of))


def test_whoever_stops_is_started_again_and_looked_after(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services.keys() == {"database", "migrate", *BOTS}
    for name in ("database", *BOTS):
        assert services[name]["restart"] == "unless-stopped"
    assert services["database"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for name in BOTS:
        assert "healthcheck" not in services[name]  # the image's own
        needed = services[name]["depends_on"]
        assert needed["database"]["condition"] == "service_healthy"
        assert needed["migrate"]["condition"] == "service_completed_successfully"


def test_secrets_are_files_and_only_those_who_need_one_get_it(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    assert all(set(each) == {"file"} for each in compose["secrets"].values())
    for name, service in compose["services"].items():
        files = {key: value for key, value in service["environment"].items() if "_FILE" in key}
        wanted = {value.removeprefix("/run/secrets/") for value in files.values()}
        assert wanted == set(service["secrets"]), name
        assert wanted <= compose["secrets"].keys()
        secret = ("TOKEN", "PASSWORD", "URL", "KEY")
        told = [key for key in service["environment"] if key.endswith(secret)]
        assert told == [], "a secret that is no file"


def test_the_bot_can_read_its_settings(compose: dict[str, Any], tmp_path: Path) -> None:
    said = {"discord_token": "token", "database_url": "postgresql://a:b@database:5432/rankshift"}
    environment = dict(compose["services"]["bot-0"]["environment"])
    for key, value in environment.items():
        name = value.removeprefix("/run/secrets/")
        (tmp_path / name).write_text(said[name])
        environment[key] = str(tmp_path / name)
    settings = read_settings(environment)
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == said["database_url"]
    assert settings.discord_token is not None


def test_each_command_is_one_of_ours(compose: dict[str, Any]) -> None:
    for name in ("migrate", *BOTS):
        command, *options = compose["services"][name]["command"]
        said = CliRunner().invoke(cli, [command, "--help"]).output
        assert all(option in said for option in options if option.startswith("--")), name
