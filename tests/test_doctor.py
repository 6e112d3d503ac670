"""What a check-up makes of what it sees, and how it is printed."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from rich.console import Console

from bot.doctor import (
    LEAST_ROOM,
    ROOM,
    Verdict,
    clock,
    disk,
    doubtful,
    healthy,
    places,
    published,
    well,
    wrong,
)
from bot.redaction import Redactor
from bot.terminal.doctor import findings_json, show_findings

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
SECRET = "a-token-that-nobody-may-see"
ODD = f"answer\x1b[2J\nof {SECRET}"


@pytest.mark.parametrize(
    ("free", "verdict"),
    [
        (ROOM, Verdict.OK),
        (ROOM - 1, Verdict.WARNING),
        (LEAST_ROOM, Verdict.WARNING),
        (LEAST_ROOM - 1, Verdict.WRONG),
        (0, Verdict.WRONG),
    ],
)
def test_a_disk_is_judged_by_what_is_free(free: int, verdict: Verdict) -> None:
    assert disk(free).verdict is verdict
    assert bool(disk(free).remedy) is (verdict is not Verdict.OK)


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (0, Verdict.OK),
        (30, Verdict.OK),
        (31, Verdict.WARNING),
        (-31, Verdict.WARNING),
        (300, Verdict.WARNING),
        (301, Verdict.WRONG),
        (-86_400, Verdict.WRONG),
    ],
)
def test_a_clock_is_judged_by_how_far_it_is_off_either_way(seconds: int, verdict: Verdict) -> None:
    assert clock(NOW + timedelta(seconds=seconds), NOW).verdict is verdict


@pytest.mark.parametrize(
    ("newest", "hour", "verdict"),
    [
        (date(2026, 6, 19), 12, Verdict.OK),
        (date(2026, 6, 18), 5, Verdict.OK),
        (date(2026, 6, 18), 6, Verdict.WARNING),
        (date(2026, 6, 1), 12, Verdict.WARNING),
    ],
)
def test_the_newest_day_is_due_six_hours_after_it_ended(
    newest: date, hour: int, verdict: Verdict
) -> None:
    assert published(newest, NOW.replace(hour=hour)).verdict is verdict


def test_each_channel_that_lacks_something_is_named() -> None:
    found = places([(7, "the bot lacks Attach Files")], 3, 2)
    assert [each.about for each in found] == ["channels", "channel 7"]
    assert found[0].seen == "2 of 3 can be posted to; 2 more were not looked at"
    assert not healthy(found)
    assert healthy([well("a", "b"), doubtful("c", "d", "e")])


def test_what_is_printed_has_no_secret_and_steers_no_terminal() -> None:
    findings = [well("a", "fine"), wrong("token", ODD, f"Reset {SECRET}"), doubtful("b", "c", "d")]
    redact = Redactor([SECRET])
    shown = io.StringIO()
    show_findings(Console(file=shown, width=80), findings, redact)
    told = json.loads(findings_json(findings, redact))
    for said in (shown.getvalue(), json.dumps(told)):
        assert SECRET not in said
        assert "\x1b" not in said
        assert "[hidden]" in said
    assert "1 well, 1 warnings, 1 wrong." in shown.getvalue()
    assert told["healthy"] is False
    assert [each["verdict"] for each in told["findings"]] == ["ok", "wrong", "warning"]
