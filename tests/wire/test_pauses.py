"""/subscriptions: which channels are paused, and why."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.made import START, at, directory
from tests.waiting import until
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
from tests.wire.managing import said
from tests.wire.running import MANAGER

TURK = replace(MANAGER, locale="tr")
NOW = at(START + timedelta(days=15))


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot without data."""
    async with connected(tmp_path, directory(), NOW, monkeypatch) as found:
        yield found


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
                "7 Haziran 2026 gününden beri duraklatılmış durumda; orada eksik olan izinler:"
                " Gönderi Oluştur. Bunlar verilince bildirimler kendiliğinden devam eder."
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
    await until(lambda: bot.client.get_channel(forum.id))
    await subscribed(bot, forum.id, FORBIDDEN)
    assert f"**<#{forum.id}>**\n{says}\n" in said(await typed(bot, "subscriptions", who))


async def test_where_we_see_no_cause_others_are_named_and_that_we_look_again(
    bot: Connected,
) -> None:
    await subscribed(bot, 10**18, FORBIDDEN)
    listed = said(await typed(bot, "subscriptions"))
    assert "Discord does not let me post there, and I know of no permission" in listed
    assert "Perhaps I am timed out, or the thread is locked or private." in listed
    assert "I look again by myself" in listed


async def test_a_deleted_channel_is_listed_with_its_end(bot: Connected) -> None:
    await subscribed(bot, 10**18, GONE)
    listed = said(await typed(bot, "subscriptions"))
    assert "the channel is gone. After seven days its subscription ends." in listed


async def test_a_member_who_may_not_learns_nothing(bot: Connected) -> None:
    await subscribed(bot, 10**18, FORBIDDEN)
    reply = await typed(bot, "subscriptions", Actor())
    assert "needs the Manage Server permission" in reply.content
    assert str(10**18) not in reply.content


@pytest.mark.parametrize("who", [MANAGER, TURK], ids=["en", "tr"])
@pytest.mark.parametrize("channels", [1, 4, 5, 25, 49])
async def test_paused_channels_come_before_others_however_many_they_are(
    bot: Connected, channels: int, who: Actor
) -> None:
    await subscribed(bot, 1)
    for channel in range(10**18, 10**18 + channels):
        await subscribed(bot, channel, FORBIDDEN)
    listed = said(await typed(bot, "subscriptions", who))
    assert len(listed) <= 4000
    shown = re.findall(r"\*\*<#(\d+)>\*\*", listed)
    assert shown == [*map(str, range(10**18, 10**18 + channels)), "1"][:5]
