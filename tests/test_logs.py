"""The log: what fails is told whole, and no secret with it."""

import asyncio
import base64
import json
import logging
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import set_up_logs
from bot.poller import Watched
from bot.redaction import HIDDEN, SHORTEST, Redactor

SECRET = "Bot a-token-that-nobody-may-see"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leave the logs as they were."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


def ask(headers: dict[str, str]) -> None:
    """Fail with a secret at hand."""
    raise KeyError(len(headers))


@pytest.mark.parametrize("form", ["console", "json"])
def test_an_error_is_told_with_where_it_came_from_and_without_what_was_at_hand(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(form, "info")
    try:
        ask({"Authorization": SECRET})
    except KeyError as error:
        structlog.get_logger().error("sender failed", exc_info=error)
    said = capsys.readouterr().err
    assert "in ask" in said
    assert "KeyError" in said
    assert SECRET.split()[1] not in said


FORMS = ("console", "json")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("library", [True, False])
def test_a_secret_is_hidden_wherever_it_stands(
    form: str, library: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "sk-or-v1-0123/456+789 é"
    set_up_logs(form, "debug", ["a-token-that-nobody-may-see", key])
    log = logging.getLogger("aiohttp") if library else structlog.get_logger()
    try:
        raise ValueError(f"refused: {SECRET} and {key}")
    except ValueError:
        log.exception(f"{SECRET} failed {quote(key, safe='')}")
    if not library:
        log.info("asked", headers={"Authorization": SECRET}, key=[key], body=json.dumps(key))
        log.info("in base64", sent=base64.b64encode(key.encode()).decode())
    said = capsys.readouterr().err
    assert "ValueError" in said
    for hidden in ("nobody-may-see", "0123", "MDEyMw"):
        assert hidden not in said
    assert said.count("[hidden]") >= (4 if library else 8)


@pytest.mark.parametrize("form", FORMS)
def test_what_looks_like_a_secret_is_hidden_though_nobody_named_it(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(form, "debug")
    token = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MA"
    for line in (
        f"POST https://discord.com/api/v10/webhooks/123/{token}/messages/@original",
        f"POST https://discord.com/api/v10/interactions/123/{token}/callback",
        f"{{'Authorization': 'Bot {token}'}}",
        f"Authorization: Bearer {token}",
    ):
        logging.getLogger("discord.http").debug(line)
    said = capsys.readouterr().err
    assert said.count("[hidden]") == 4
    assert token not in said
    assert "/callback" in said


@given(st.text(min_size=SHORTEST), st.text(), st.text())
def test_no_text_keeps_a_secret(secret: str, before: str, after: str) -> None:
    hidden = Redactor([secret])(f"{before}{secret}{after}")
    assert secret not in hidden.replace(HIDDEN, "") or secret in before + after


@pytest.mark.parametrize("form", FORMS)
def test_no_text_from_outside_can_look_like_a_line_of_its_own(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(form, "info")
    forged = "x\n2026-06-07T03:30:00Z [info     ] alert sent\r\x1b[2K\u2028y"
    try:
        raise ValueError(forged)
    except ValueError:
        structlog.get_logger().exception(forged, problem=forged)
    said = capsys.readouterr().err
    lines = said.rstrip("\n").split("\n")
    assert not [line for line in lines[1:] if not line.startswith(" ")]
    assert "\x1b[2K" not in said
    assert "\r" not in said
    if form == "json":
        (line,) = lines
        assert json.loads(line)["event"] == forged


def test_a_line_of_json_has_the_same_keys_whoever_wrote_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("json", "info")
    structlog.get_logger("ours").info("one")
    logging.getLogger("discord.gateway").warning("another")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [set(line) for line in lines] == [{"event", "level", "timestamp", "logger"}] * 2
    assert lines[1]["logger"] == "discord.gateway"


async def test_lines_of_one_run_bear_its_mark_and_no_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("json", "info")
    log = structlog.get_logger()

    async def later() -> None:
        logging.getLogger("aiohttp").warning("a library")

    async def work() -> None:
        log.info("ours")
        await asyncio.create_task(later())

    await asyncio.gather(Watched("one", work)(), Watched("other", work)())
    log.info("neither")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    runs = Counter(line.get("run") for line in lines)
    assert runs.pop(None) == 1
    assert sorted(runs.values()) == [2, 2]
