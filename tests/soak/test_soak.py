"""Two months at once: all is announced once, and a bot that fails at that is found out."""

from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from bot.delivery import Delivery, Form, Kind
from tests.soak.life import Life, hushed
from tests.soak.report import digests_amiss, findings, report

DAYS = 60


async def lived(folder: Path, days: int = DAYS, seed: int = 1) -> Life:
    """Return a life that is over."""
    life, before = Life(folder, seed, days), structlog.get_config()
    try:
        hushed(life.errors)
        await life.live()
    finally:
        structlog.configure(**before)
    return life


async def test_two_months_announce_every_milestone_once_and_grow_by_months_alone(
    tmp_path: Path,
) -> None:
    life = await lived(tmp_path)
    lines, failed = await report(life)
    assert not failed, lines
    assert lines[-1].startswith(f"soak: {DAYS} days, {DAYS * 8} polls, ")
    found = await findings(life)
    assert found.milestones > 100
    assert found.announced > 500
    assert min(life.restarts, life.jumps) >= 2
    assert life.crashes >= 10
    assert {each.form for each in life.discord.arrived} == set(Form)
    assert life.sizes[-1].files - life.sizes[-1].monthly <= 10
    _assert_digests_amiss_are_seen(life)


def _assert_digests_amiss_are_seen(life: Life) -> None:
    """Assert that a digest that is missing, or comes besides, is seen."""
    ours = [each for each in life.discord.arrived if each.form is Form.DIGEST]
    assert digests_amiss(life) == []
    life.discord.arrived.remove(ours[0])
    life.discord.arrived.append(replace(ours[1], key=f"{ours[1].key[:-4]}0001"))
    assert len(digests_amiss(life)) >= 2


@pytest.fixture
def one_alert() -> list[str]:
    """Return where the key of the alert goes that is lost."""
    return []


async def test_a_lost_alert_and_one_that_comes_twice_or_unasked_are_found(
    tmp_path: Path, one_alert: list[str]
) -> None:
    def loses(delivery: Delivery) -> bool:
        if not one_alert and delivery.kind is Kind.ALERT and delivery.channel_id == 1:
            one_alert.append(delivery.key)
        return delivery.key in one_alert

    life, before = Life(tmp_path, 1, 20, loses), structlog.get_config()
    try:
        hushed(life.errors)
        await life.live()
    finally:
        structlog.configure(**before)
    found = await findings(life)
    assert found.lost
    assert all(each.endswith("not in (1, 'en')") for each in found.lost)
    assert (found.twice, found.false) == ([], [])
    told = next(each for each in life.discord.arrived if each.form is Form.ALERT)
    life.discord.arrived += [replace(told, key="again"), replace(told, key="b", channel=77)]
    found = await findings(life)
    assert [each.split(": ")[0] for each in found.twice] == list(told.milestones)
    assert len(found.false) == len(told.milestones)
