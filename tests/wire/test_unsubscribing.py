"""/unsubscribe: the one thing that a channel gets ends, or what is chosen of several."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.subscription import Channel as Settings
from bot.subscription import Deed
from tests.wire.discord_people import Reply
from tests.wire.discord_schema import Actor
from tests.wire.inprocess import Connected, guild_of, typed
from tests.wire.managing import (
    MEMBER,
    NOW,
    OTHER,
    TURK,
    WEEKLY,
    asked,
    both,
    changes,
    controls,
    filled,
    managed,
    pick,
    press,
    reissued,
    said,
)
from tests.wire.running import MANAGER


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot that has found something."""
    async with filled(tmp_path, monkeypatch) as found:
        yield found


async def unsubscribed(bot: Connected, who: Actor = MANAGER) -> Reply:
    """Type the command for the bot's channel."""
    return await typed(bot, "unsubscribe", who, channel=bot.channel)


async def several(bot: Connected, *numbers: int) -> None:
    """Subscribe the bot's channel more than once, and give it a digest."""
    for number in numbers:
        await bot.store.subscribe(asked(bot, bot.channel.id, number))
    (settings,) = await bot.store.channels()
    await bot.store.put_channel(replace(settings, digest=WEEKLY))


@both
async def test_the_one_thing_of_a_channel_ends_at_once(bot: Connected, who: Actor) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    reply = await unsubscribed(bot, who)
    assert reply.ephemeral
    ends = "artık hiçbir şey almayacak." if who is TURK else "gets nothing more."
    assert said(reply) == f"<#{bot.channel.id}> {ends}"
    assert await bot.store.channels() == ()
    (change,) = await changes(bot)
    assert (change.deed, change.number, change.who) == (Deed.UNSUBSCRIBED, 1, MANAGER.id)


async def test_a_digest_alone_ends_at_once_too(bot: Connected) -> None:
    guild = guild_of(bot).id
    await bot.store.put_channel(Settings(bot.channel.id, guild, budget=5, digest=WEEKLY))
    assert said(await unsubscribed(bot)) == f"<#{bot.channel.id}> gets nothing more."
    assert await bot.store.channels() == ()
    assert [each.deed for each in await changes(bot)] == [Deed.NO_DIGEST]


@both
async def test_where_nothing_arrives_nothing_ends(bot: Connected, who: Actor) -> None:
    reply = await unsubscribed(bot, who)
    says = "bildirim almıyor" if who is TURK else "gets no alerts as it is."
    assert says in said(reply)
    assert await changes(bot) == ()


@both
async def test_of_several_things_those_end_that_are_chosen(bot: Connected, who: Actor) -> None:
    await several(bot, 1, 2, 3)
    asks = await unsubscribed(bot, who)
    assert len(await bot.store.subscriptions()) == 3
    (select,) = [each for each in controls(asks.components) if "options" in each]
    names = [each["label"] for each in select["options"]]
    if who is TURK:
        assert names == [*(f"{n} numaralı abonelik" for n in (1, 2, 3)), "haftalık özet", "Hepsi"]
    else:
        assert names == [*(f"subscription {n}" for n in (1, 2, 3)), "weekly digest", "All of it"]
    done = await pick(bot, asks, 1, 3, who=who)
    assert said(done).startswith("Sona erdi: " if who is TURK else "Stopped: ")
    assert [one.number for one in await bot.store.subscriptions()] == [1, 3]
    (settings,) = await bot.store.channels()
    assert settings.digest is None
    deeds = [(each.deed, each.number) for each in await changes(bot)]
    assert deeds == [(Deed.NO_DIGEST, None), (Deed.UNSUBSCRIBED, 2)]


async def test_all_of_it_ends_all_of_it(bot: Connected) -> None:
    await several(bot, 1, 2)
    done = await pick(bot, await unsubscribed(bot), 0, -1)
    assert said(done) == f"<#{bot.channel.id}> gets nothing more."
    assert await bot.store.channels() == ()
    assert len(await changes(bot)) == 3


async def test_of_fifty_as_many_are_offered_as_a_select_takes_and_where_the_rest_is(
    bot: Connected,
) -> None:
    await several(bot, *range(1, 51))
    asks = await unsubscribed(bot)
    (select,) = [each for each in controls(asks.components) if "options" in each]
    assert len(select["options"]) == 25
    assert [each["label"] for each in select["options"][-2:]] == ["weekly digest", "All of it"]
    assert "27 more are in /subscriptions." in said(asks)


async def test_what_was_made_anew_since_the_question_stays(bot: Connected) -> None:
    await several(bot, 1, 2)
    asks = await unsubscribed(bot)
    anew = replace(asked(bot, bot.channel.id, 2), created_at=NOW)
    await bot.store.unsubscribe(bot.channel.id, 2)
    await bot.store.subscribe(anew)
    reply = await pick(bot, asks, 1)
    assert "That has ended meanwhile, or was made anew." in said(reply)
    assert anew in await bot.store.subscriptions()
    assert await changes(bot) == ()


@pytest.mark.parametrize("name", ["unsubscribe", "managed"])
async def test_two_people_at_once_end_a_thing_once(bot: Connected, name: str) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    if name == "unsubscribe":
        first, second = await asyncio.gather(unsubscribed(bot), unsubscribed(bot, OTHER))
        ends = sorted([said(first), said(second)])
        assert ends[0].endswith("gets no alerts as it is.")
    else:
        asks = [
            await press(bot, await managed(bot, who=who), "End", who) for who in (MANAGER, OTHER)
        ]
        await asyncio.gather(press(bot, asks[0], "End"), press(bot, asks[1], "End", OTHER))
    assert [each.deed for each in await changes(bot)] == [Deed.UNSUBSCRIBED]


@pytest.mark.parametrize(
    ("locale", "says"),
    [("en-US", "needs the Manage Server permission"), ("tr", "Sunucuyu Yönet izni gerekir")],
)
async def test_who_may_not_manage_the_server_ends_nothing(
    bot: Connected, locale: str, says: str
) -> None:
    await several(bot, 1, 2)
    member, asks = replace(MEMBER, locale=locale), await unsubscribed(bot)
    refused = await unsubscribed(bot, member)
    assert refused.ephemeral
    assert says in refused.content
    reply = await pick(bot, asks, -1, who=member)
    (told,) = bot.discord.replies_to(reply.interaction_id)
    assert says in told.content
    assert len(await bot.store.subscriptions()) == 2
    assert await changes(bot) == ()


async def test_a_choice_that_cannot_be_read_is_told_to_be_too_old(bot: Connected) -> None:
    await several(bot, 1)
    asks = await unsubscribed(bot)
    options = [{"label": "Old", "value": "1"}]
    old = {"type": 3, "custom_id": f"unsubscribe|{bot.channel.id}", "options": options}
    reply = await pick(bot, reissued(bot, asks, {"type": 1, "components": [old]}), 0)
    (told,) = bot.discord.replies_to(reply.interaction_id)
    assert told.content.startswith("This list is too old for its buttons.")
    assert len(await bot.store.subscriptions()) == 1
