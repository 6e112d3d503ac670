"""Slash commands, typed in a loopback Discord and answered by the real client."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from discord.ext import commands
from structlog.testing import capture_logs

from bot.model import BOARD_MODELS, Openness
from bot.service import ASKED
from cogs.data import Data
from cogs.previewing import Previewing
from cogs.subscribing import Subscribing
from cogs.subscriptions import Subscriptions
from cogs.timing import Timing
from cogs.watching import Watching
from tests.made import START, at, days, directory, verdict
from tests.wire.discord_schema import EVERYDAY, Actor
from tests.wire.inprocess import Connected, connected, typed
from tests.wire.running import MANAGER, texts

MEMBER = Actor(permissions=EVERYDAY)
HOSTILE = "@everyone **bold** `code` [link](http://x) ||spoiler||"
KNOWN = directory(
    {"a/open": verdict(Openness.OPEN), "b/closed": verdict(Openness.CLOSED)},
    names={"a/open": "Open One", "b/closed": HOSTILE},
)
STORED = days([{"a/open": 700, "b/closed": 200, "c/unknown": 50}] * 15)
NOW = at(START + timedelta(days=15))


MANAGING = (Subscribing, Subscriptions, Timing)
"""Cogs of commands that are for those who manage a server, each of them."""


def named(cog: type[commands.Cog]) -> list[str]:
    """Return the names of a cog's commands."""
    return [command.name for command in cog.__cog_app_commands__]


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot without data."""
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as found:
        yield found


async def test_rankings_answers_with_standings_chart_and_citation(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, tuple(STORED.values()))
    reply = await typed(bot, "rankings", MEMBER)
    said = texts(reply.components)
    assert said[0].startswith("## Most-used models on OpenRouter")
    assert "` 1` ● **Open One** · open · 66.7\u00a0% · 4.90\u00a0K · = same" in said[1]
    assert said[-1].startswith("-# Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-20")
    ((name, content),) = reply.files.items()
    assert name == "ranks-models-2026-06-15.png"
    assert content.startswith(b"\x89PNG")
    assert not reply.ephemeral


async def test_names_from_outside_are_shown_as_they_are_and_ping_nobody(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, tuple(STORED.values()))
    reply = await typed(bot, "rankings", MEMBER)
    table = texts(reply.components)[1]
    assert "@everyone" not in table
    assert r"\*\*bold\*\* \`code\`" in table
    assert reply.seen.payload["allowed_mentions"] == {"parse": []}


async def test_rankings_shows_as_many_as_asked(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, tuple(STORED.values()))
    reply = await typed(bot, "rankings", MEMBER, top=1)
    table = texts(reply.components)[1]
    assert "` 1`" in table
    assert "` 2`" not in table


async def test_rankings_without_data_says_what_is_missing(bot: Connected) -> None:
    reply = await typed(bot, "rankings", MEMBER)
    assert "No rankings are stored yet" in texts(reply.components)[0]
    assert reply.files == {}


@pytest.mark.parametrize("name", ["subscribe", "unsubscribe", "subscriptions"])
async def test_a_member_without_manage_server_is_refused_kindly(bot: Connected, name: str) -> None:
    options = {} if name == "subscriptions" else {"channel": bot.channel}
    reply = await typed(bot, name, MEMBER, **options)
    assert reply.ephemeral
    assert "needs the Manage Server permission" in reply.content
    assert await bot.store.subscriptions() == ()


async def test_an_error_is_answered_with_a_reference_and_no_traceback(
    bot: Connected, tmp_path: Path
) -> None:
    (tmp_path / "history").mkdir(exist_ok=True)
    (tmp_path / "history" / "models-2026-06.json").write_text("not ours")
    with capture_logs() as logged:
        reply = await typed(bot, "rankings", MEMBER)
    assert reply.ephemeral or not reply.files
    assert "Something went wrong on our side" in reply.content
    assert "damaged" not in reply.content
    (line,) = [line for line in logged if line["event"] == "command failed"]
    assert line["reference"] in reply.content


async def test_commands_are_synced_once_while_they_stay_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as first:
        assert first.discord.world.command_puts == 1
        names = {command["name"] for command in first.discord.world.commands}
        managing = {each for cog in MANAGING for each in named(cog)}
        others = {each for cog in (*ASKED, Previewing, Data, Watching) for each in named(cog)}
        assert names == managing | others
        assert {"subscribe", "unsubscribe", "subscriptions", "mute", "digest"} <= managing
        for command in first.discord.world.commands:
            if command["name"] in managing:
                assert int(command["default_member_permissions"]) == MANAGE_GUILD
                assert command["contexts"] == [0] or command["dm_permission"] is False
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as second:
        assert second.discord.world.command_puts == 0


MANAGE_GUILD = 1 << 5
TURK = replace(MANAGER, locale="tr")


async def test_a_person_is_answered_in_their_own_language(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, tuple(STORED.values()))
    said = texts((await typed(bot, "rankings", TURK)).components)
    assert said[0].startswith("## OpenRouter’da en çok kullanılan modeller")
    assert "` 1` ● **Open One** · açık · %66,7 · 4,90\u00a0bin · = aynı" in said[1]
    assert "as of 2026-06-20. Licensed under CC BY 4.0." in said[-1]
    refused = await typed(bot, "subscriptions", replace(TURK, permissions=EVERYDAY))
    assert refused.content.startswith("Bunun için Sunucuyu Yönet izni gerekir")


async def test_commands_are_named_and_described_in_turkish_too(bot: Connected) -> None:
    found = {command["name"]: command for command in bot.discord.world.commands}
    assert found["subscribe"]["name_localizations"] == {"tr": "abone-ol"}
    assert found["rankings"]["description_localizations"]["tr"].startswith("En çok kullanılan")
    (option,) = found["unsubscribe"]["options"]
    assert option["name_localizations"] == {"tr": "kanal"}


async def test_rankings_finds_the_newest_complete_week_however_long_ago(bot: Connected) -> None:
    long_ago = {
        day - timedelta(days=400): replace(each, date=day - timedelta(days=400))
        for day, each in STORED.items()
    }
    await bot.store.put_days(BOARD_MODELS, tuple(long_ago.values()))
    said = texts((await typed(bot, "rankings", MEMBER)).components)
    assert "5 May 2025 to 11 May 2025" in said[1]
