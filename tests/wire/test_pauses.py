"""/subscriptions: which channels get alerts and in which manner, which are paused, and why."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import Manner
from tests.made import START, at, directory
from tests.wire.discord_schema import FORUM, SEND, Actor, Overwrite
from tests.wire.inprocess import (
    FORBIDDEN,
    GONE,
    Connected,
    connected,
    guild_of,
    subscribed,
    typed,
)
from tests.wire.running import MANAGER

TURK = replace(MANAGER, locale="tr")
NOW = at(START + timedelta(days=15))


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot without data."""
    async with connected(tmp_path, directory(), NOW, monkeypatch) as found:
        yield found


async def test_active_channels_are_listed_with_their_manner(bot: Connected) -> None:
    await subscribed(bot, 1)
    (plain,) = await bot.store.subscriptions()
    await bot.store.subscribe(replace(plain, channel_id=2, manner=Manner(mention=77, publish=True)))
    listed = (await typed(bot, "subscriptions")).content
    assert listed == (
        "<#1>: alerts for days after 1 June 2026\n"
        "<#2>: alerts for days after 1 June 2026 · mentions <@&77> · published"
    )
    listed = (await typed(bot, "subscriptions", TURK)).content
    assert listed.endswith("için bildirim · <@&77> rolünden bahseder · yayınlanır")


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (
            MANAGER,
            (
                "paused since 7 June 2026: there I lack Create Posts. Once that is granted, alerts"
                " go on by themselves."
            ),
        ),
        (
            TURK,
            (
                "7 Haziran 2026 gününden beri durakladı; orada eksik olan izinler: Gönderi Oluştur."
                " Bunlar verilince bildirimler kendiliğinden sürer."
            ),
        ),
    ],
    ids=["en", "tr"],
)
async def test_a_paused_channel_is_listed_with_what_is_missing_there_now(
    bot: Connected, who: Actor, says: str
) -> None:
    ours = (Overwrite(bot.discord.settings.bot_id, deny=SEND, member=True),)
    forum = bot.discord.add_channel(guild_of(bot), "forum", kind=FORUM, overwrites=ours)
    await typed(bot, "subscriptions")
    await subscribed(bot, forum.id, FORBIDDEN)
    assert (await typed(bot, "subscriptions", who)).content == f"<#{forum.id}>: {says}"


async def test_where_we_see_no_cause_others_are_named_and_that_we_look_again(
    bot: Connected,
) -> None:
    await subscribed(bot, 10**18, FORBIDDEN)
    listed = (await typed(bot, "subscriptions")).content
    assert "Discord does not let me post there, and I know of no permission" in listed
    assert "Perhaps I am timed out, or the thread is locked or private." in listed
    assert listed.endswith("I look again by myself; `/subscribe` it again to let me try at once.")


async def test_a_deleted_channel_is_listed_with_its_end(bot: Connected) -> None:
    await subscribed(bot, 10**18, GONE)
    listed = (await typed(bot, "subscriptions")).content
    assert "the channel is gone. After seven days its subscription ends." in listed


async def test_a_member_who_may_not_learns_nothing(bot: Connected) -> None:
    await subscribed(bot, 10**18, FORBIDDEN)
    reply = await typed(bot, "subscriptions", Actor())
    assert "needs the Manage Server permission" in reply.content


@pytest.mark.parametrize("who", [MANAGER, TURK], ids=["en", "tr"])
@pytest.mark.parametrize("channels", [9, 10, 11, 25, 26, 60])
async def test_a_list_that_discord_would_not_take_is_shortened_paused_channels_first(
    bot: Connected, channels: int, who: Actor
) -> None:
    await subscribed(bot, 1)
    for channel in range(10**18, 10**18 + channels):
        await subscribed(bot, channel, FORBIDDEN)
    listed = (await typed(bot, "subscriptions", who)).content
    assert len(listed) <= 2000
    *lines, last = listed.splitlines()
    assert all(("paused" in line or "durakladı" in line) for line in lines)
    if "<#" not in last:
        left = 1 + channels - len(lines)
        assert last == (f"ve {left} tane daha" if who is TURK else f"and {left} more")
        assert len(listed) + len(lines[0]) + 1 > 2000
