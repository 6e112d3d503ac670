"""The whole path on real days: import, backtest, charts, and every alert in a channel."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.alerts import Composer
from bot.app import utc_now
from bot.boards import MODELS
from bot.model import BOARD_MODELS, Severity
from bot.openness import Directory, directory
from bot.outbox import Outbox
from bot.packaged import read_languages, read_registry
from bot.pipeline import poll
from bot.sources.catalogue import parse_catalogue
from bot.sources.replay import Replay
from bot.sources.rows import parse_rows
from bot.subscription import Subscription, Wish
from cogs.delivery import DiscordMessenger
from tests.made import at
from tests.wire.inprocess import connected
from tests.wire.running import texts

EXPECTED = [
    "models.leader.tencent/hy3-preview-20260421.2026-06-02",
    "models.open_top5.3.2026-06-03",
    "models.leader.deepseek/deepseek-v4-flash-20260423.2026-06-04",
    "models.open_top5.4.2026-06-07",
    "models.open_top5.5.2026-06-10",
    "models.leader.minimax/minimax-m3-20260531.2026-06-16",
    "models.leader.deepseek/deepseek-v4-flash-20260423.2026-06-19",
    "models.open_top5.5.2026-07-03",
    "models.leader.tencent/hy3-20260706.2026-07-13",
]
"""What the two oldest rules tell in these days, and nothing else."""


def of_the_two(keys: Iterable[str]) -> list[str]:
    """Return the keys of the two oldest rules' milestones."""
    return [key for key in keys if key.split(".")[1] in {"leader", "open_top5"}]


def rankshift(data: Path, *arguments: str) -> str:
    """Run the command on a data folder and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=dict(os.environ) | {"RANKSHIFT_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_the_real_days_imported_and_backtested_give_the_known_milestones(
    real_data: Path, tmp_path: Path
) -> None:
    rows, catalogue = real_data / "rankings_daily.csv", real_data / "catalog.json"
    rankshift(tmp_path, "import", str(rows), "--catalogue", str(catalogue))
    printed = rankshift(
        tmp_path,
        *("backtest", "--since", "2026-05-29", "--until", "2026-07-15", "--format", "jsonl"),
    )
    found = [json.loads(line) for line in printed.splitlines()]
    told = [each for each in found if not each["held_by"] and not each["inhibited_by"]]
    assert of_the_two(each["key"] for each in told) == EXPECTED
    assert Counter(each["severity"] for each in told) == {
        "headline": 11,
        "notable": 18,
        "minor": 64,
    }
    assert {each["board"] for each in found} == {"models"}
    assert all(each["key"].endswith(".held") == bool(each["held_by"]) for each in found)


def known_models(real_data: Path) -> Directory:
    """Return what registry and real catalogue know."""
    content = (real_data / "catalog.json").read_bytes()
    return directory(read_registry(), parse_catalogue(content, "catalog.json"))


@pytest.mark.timeout(300)
async def test_every_alert_of_the_real_days_arrives_once_in_a_channel_with_its_chart(
    real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (real_data / "rankings_daily.csv").read_text()
    today = utc_now().date()
    days = parse_rows(text, where="rankings_daily.csv", as_of=utc_now(), today=today)
    known, found_rules = known_models(real_data), rules.discover()

    async def look_up() -> Directory:
        return known

    first = days[0].date
    moment = at(first)
    async with connected(tmp_path, known, moment, monkeypatch) as bot:
        await bot.store.subscribe(
            Subscription(bot.channel.id, bot.channel.guild_id, Wish(), first, moment, 1)
        )
        composer = Composer(bot.store, bot.renderer, found_rules, look_up, read_languages())
        send = DiscordMessenger(bot.client)
        source = Replay(days, "rankings_daily.csv")
        for day in days:
            now = at(day.date + timedelta(days=1))
            await poll(MODELS, source, bot.store, known, found_rules, now)
            await Outbox(bot.store, composer, send, lambda now=now: now).drain()
        messages = bot.discord.messages(bot.channel.id)
        recorded = await bot.store.milestones(BOARD_MODELS)
    posted = [texts(m.components)[-1].splitlines()[-1].strip("-# `").split() for m in messages]
    owed = {m.key for m in recorded if m.told and m.severity is not Severity.MINOR}
    assert [len({key[-10:] for key in keys}) for keys in posted] == [1] * len(posted)
    assert len({keys[0][-10:] for keys in posted}) == len(posted)
    assert sorted(key for keys in posted for key in keys) == sorted(owed)
    assert of_the_two(key for keys in posted for key in keys) == EXPECTED
    for message in messages:
        (chart,) = message.attachments
        assert chart.data.startswith(b"\x89PNG")
        assert len(chart.data) < 150_000
        assert chart.description
        assert len(chart.description) <= 1024


def test_every_model_of_a_real_top_ten_has_an_openness_or_is_a_stealth_model(
    real_data: Path,
) -> None:
    text = (real_data / "rankings_daily.csv").read_text()
    days = parse_rows(text, where="x", as_of=utc_now(), today=utc_now().date())
    alone = directory(read_registry(), ())
    models = {row.model.split(":")[0] for day in days for row in day.rows[:10]}
    unknown = {m for m in models if alone.at(m, date(2026, 7, 15)).openness == "unknown"}
    assert unknown == {"openrouter/owl-alpha"}
