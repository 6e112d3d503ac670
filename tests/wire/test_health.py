"""/status, /help, /about and /privacy in a loopback Discord."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import rules
from bot.backtest import backtest
from bot.delivery import Delivery, DeliveryState
from bot.model import BOARD_MODELS
from bot.states import State, StateKind
from bot.subscription import Channel, Digest, Subscription, Wish
from storage.protocol import Progress
from tests.contract.nouns import entry
from tests.made import START, at, days, open_closed
from tests.wire.discord_people import Command, Reply
from tests.wire.discord_schema import EVERYDAY, Actor
from tests.wire.inprocess import FORBIDDEN, Connected, connected, subscribed, typed
from tests.wire.running import texts

SUBCOMMAND = 1
MEMBER = Actor(permissions=EVERYDAY)
TURK = replace(MEMBER, id=77, locale="tr")
KNOWN = open_closed()
STORED = days([{"open/a": 10 + 9 * n, "closed/b": 120, "other/x": 60} for n in range(40)])
LAST = START + timedelta(days=39)
NOW = at(LAST + timedelta(days=1))
FOUND = backtest(BOARD_MODELS, STORED, KNOWN, rules.discover())
LEADER = next(one for one in FOUND if one.rule == "leader")
NEW = replace(LEADER, key=f"models.leader.open/a.{LAST}", date=LAST)
HELD = replace(LEADER, key=f"{LEADER.key}.held", held_by=("other/x",))


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot without data."""
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as found:
        yield found


def said(reply: Reply) -> str:
    """Return every text of a reply."""
    return "\n".join(texts(reply.components))


async def test_status_without_data_says_so_and_promises_the_next_poll(bot: Connected) -> None:
    text = said(await typed(bot, "status", MEMBER))
    assert "No rankings are stored yet. The next poll brings them." in text
    assert "Nobody here has asked for alerts." in text
    assert "Nothing is out of the ordinary." in text


async def test_status_tells_freshness_sources_and_what_is_missing(bot: Connected) -> None:
    gap = LAST - timedelta(days=20)
    stored = [each for when, each in STORED.items() if when != gap]
    await bot.store.put_days(BOARD_MODELS, stored)
    await bot.store.put_catalogue([replace(entry("open/a"), seen=LAST)])
    text = said(await typed(bot, "status", MEMBER))
    assert "Newest day: 10 July 2026, read on 20 June 2026 at 02:00 UTC" in text
    assert "Newest complete week: 4 July 2026 to 10 July 2026" in text
    assert "Of the last thirty days 1 is missing: 20 June 2026" in text
    assert "Figures of 11 July 2026 are used from 12 July 2026, 03:00 UTC on." in text
    assert "1 board is read." in text
    assert "catalogue of models: read on 10 July 2026." in text
    assert "Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-20" in text


async def test_status_tells_in_the_readers_words_what_is_out_of_the_ordinary(
    bot: Connected,
) -> None:
    await bot.store.record(BOARD_MODELS, Progress((), None), [HELD], ())
    kinds = {
        StateKind.UNREACHABLE: "OpenRouter",
        StateKind.NOT_PUBLISHED: str(LAST),
        StateKind.REFUSED: "x",
        StateKind.UNSETTLED: str(LAST),
        StateKind.UNKNOWN: "other/x",
        StateKind.HELD: HELD.key,
    }
    states = [State(kind, BOARD_MODELS, what, NOW, "raw [x]") for kind, what in kinds.items()]
    await bot.store.put_states(BOARD_MODELS, states)
    text = said(await typed(bot, "status", MEMBER))
    assert "Since 11 July 2026 it cannot be reached: OpenRouter." in text
    assert "Since 11 July 2026 what it publishes cannot be used." in text
    assert "Not published yet: 10 July 2026." in text
    assert "Figures that have not settled yet: 10 July 2026." in text
    assert "Nobody has shown whether x is open." in text
    assert "“a is now the most-used model” hangs on x." in text
    assert "raw" not in text
    turkish = said(await typed(bot, "status", TURK))
    assert "Verileri henüz kesinleşmeyen gün: 10 Temmuz 2026." in turkish
    assert "Kanıt bekleyen dönüm noktaları" in turkish


async def test_status_tells_of_this_servers_alerts_and_of_no_others(bot: Connected) -> None:
    guild, channel = bot.channel.guild_id or 0, bot.channel.id
    await subscribed(bot, channel)
    await subscribed(bot, channel + 1, FORBIDDEN)
    await bot.store.subscribe(Subscription(9, 4242, Wish(), START, NOW, 1))
    owed = [
        Delivery("sent", channel, guild, (NEW.key,), "n", NOW),
        Delivery("waits", channel, guild, (NEW.key,), "m", NOW),
        Delivery("elsewhere", 9, 4242, (NEW.key,), "o", NOW),
    ]
    await bot.store.record(BOARD_MODELS, Progress((), None), [NEW], owed)
    await bot.store.save_deliveries([replace(owed[0], state=DeliveryState.SENT, message_id=555)])
    text = said(await typed(bot, "status", MEMBER))
    assert "2 places here get alerts." in text
    assert "1 of them is paused" in text
    assert "1 message waits to be sent." in text
    assert "Newest alert here: a is now the most-used model (10 July 2026)" in text
    assert f"https://discord.com/channels/{guild}/{channel}/555" in text
    alone = said(await bot.discord.interact(Command("status"), None, MEMBER, within=20))
    assert "Nobody here has asked for alerts." in alone


async def test_a_channel_counts_once_and_one_that_is_stopped_not_at_all(bot: Connected) -> None:
    channel = bot.channel.id
    for place in (channel, channel + 1):
        await subscribed(bot, place)
    first, other = await bot.store.subscriptions()
    await bot.store.subscribe(replace(first, number=2))
    await bot.store.amend(replace(other, stopped=NOW))
    assert "1 place here gets alerts." in said(await typed(bot, "status", MEMBER))
    digest = Digest(0, 9, "UTC", (BOARD_MODELS,), "en", NOW)
    await bot.store.put_channel(Channel(channel + 1, bot.channel.guild_id or 0, digest=digest))
    assert "2 places here get alerts." in said(await typed(bot, "status", replace(MEMBER, id=78)))


async def test_in_direct_messages_status_tells_of_a_persons_own_watches(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, tuple(STORED.values()))
    await typed(bot, "watch", MEMBER, model="open/a")
    mine = said(await bot.discord.interact(Command("status"), None, MEMBER, within=20))
    assert "1 place here gets alerts." in mine
    others = await bot.discord.interact(Command("status"), None, TURK, within=20)
    assert "Burada bildirim isteyen yok." in said(others)


async def test_in_a_group_nothing_of_what_a_person_watches_is_told(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, tuple(STORED.values()))
    await typed(bot, "watch", MEMBER, model="open/a")
    grouped = replace(MEMBER, owners={"1": str(MEMBER.id)}, context=2)
    text = said(await bot.discord.interact(Command("status"), None, grouped, within=20))
    assert "Newest day" in text
    assert "Alerts here" not in text


def _turkish(named: dict[str, Any]) -> str:
    name: str = named["name_localizations"]["tr"]
    return name


@pytest.mark.parametrize("who", [MEMBER, TURK], ids=["English", "Turkish"])
async def test_help_lists_every_command_and_the_caveat_on_tokens(
    bot: Connected, who: Actor
) -> None:
    reply = await typed(bot, "help", who)
    assert reply.ephemeral
    text = said(reply)
    for command in bot.discord.world.commands:
        parts = [each for each in command.get("options", []) if each["type"] == SUBCOMMAND]
        for path in [(command, part) for part in parts] or [(command,)]:
            names = (each["name"] if who is MEMBER else _turkish(each) for each in path)
            assert f"/{' '.join(names)} – " in text
    caveat = "counts tokens with its own tokenizer" if who is MEMBER else "kendi yöntemiyle sayar"
    assert caveat in text


async def test_about_names_licences_source_and_version(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, tuple(STORED.values()))
    text = said(await typed(bot, "about", MEMBER, private=False))
    assert "MIT licence" in text
    assert "(https://creativecommons.org/licenses/by/4.0/)" in text
    assert "Openness registry of test" in text
    assert "Not affiliated with OpenRouter or Discord." in text
    assert "as of 2026-06-20. Licensed under CC BY 4.0." in text


async def test_privacy_says_the_same_spans_as_the_document(bot: Connected) -> None:
    text = said(await typed(bot, "privacy", MEMBER))
    document = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
    for span in ("90 days", "a year more", "Seven days after", "Nothing of what"):
        assert span in text
        assert span in document
    assert "Names of servers, channels, roles and people are not stored" in text
    assert "sakla" in said(await typed(bot, "privacy", TURK))
