"""/data in a loopback Discord: shown and deleted, by those it is about alone."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.delivery import Delivery, DeliveryState, Held, Kind
from bot.model import Severity
from bot.subscription import DIRECT, NOBODY, Change, Channel, Deed, Digest, Subscription, Wish
from tests.made import START, at, open_closed
from tests.wire.discord_people import Click, Command, Reply
from tests.wire.discord_schema import EVERYDAY, Actor
from tests.wire.inprocess import Connected, connected, typed
from tests.wire.running import MANAGER, texts

MEMBER = Actor(permissions=EVERYDAY)
TURK = replace(MEMBER, id=77, locale="tr")
TURKISH_MANAGER = replace(MANAGER, id=78, locale="tr")
NOW = at(START)
AFTER = date(2026, 5, 31)
ELSEWHERE = 4242
"""A server and a channel in it."""

NEEDS = "This needs the Manage Server permission, which you do not have here."


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot that holds something on everybody."""
    async with connected(tmp_path, open_closed(), NOW, monkeypatch) as found:
        await fill(found)
        yield found


async def fill(bot: Connected) -> None:
    """Keep watches of two people, and settings of two servers that both people made."""
    guild, channel, store = bot.channel.guild_id or 0, bot.channel.id, bot.store
    for who in (MEMBER, TURK):
        wish = Wish(least=Severity.MINOR, only=("a/x",))
        own = bot.discord.world.dm(str(who.id)).id
        await store.subscribe(Subscription(own, DIRECT, wish, AFTER, NOW, who.id))
        await posted(bot, own, DIRECT)
        await store.owe([Delivery(f"{own}:en:w", own, DIRECT, ("m",), "w", NOW)])
        await given_up(bot, own, DIRECT)
    for at_, of, who in ((channel, guild, MEMBER), (ELSEWHERE, ELSEWHERE, TURK)):
        asked = Subscription(at_, of, Wish(), AFTER, NOW, who.id)
        await store.subscribe(asked, Change(NOW, who.id, of, at_, Deed.SUBSCRIBED, 1))
        digest = Digest(0, 9, "UTC", ("models",), "en", NOW)
        change = Change(NOW, MEMBER.id, of, at_, Deed.DIGEST)
        await store.put_channel(Channel(at_, of, digest=digest), change)
        await posted(bot, at_, of)
        row = Delivery(f"{at_}:en:h", at_, of, ("m",), "h", NOW)
        held = replace(row, state=DeliveryState.HELD, held=Held.MUTE)
        edit = replace(row, key=f"{at_}:en:s!final", kind=Kind.EDIT, about=f"{at_}:en:s")
        await store.owe([held, edit])
        await given_up(bot, at_, of)


async def posted(bot: Connected, channel: int, guild: int) -> None:
    """Record an alert as sent."""
    row = Delivery(f"{channel}:en:s", channel, guild, ("m",), "s", NOW)
    await bot.store.owe([row])
    await bot.store.save_deliveries([replace(row, state=DeliveryState.SENT, message_id=5)])


async def given_up(bot: Connected, channel: int, guild: int) -> None:
    """Record an alert as given up."""
    row = Delivery(f"{channel}:en:x", channel, guild, ("m",), "x", NOW)
    await bot.store.owe([row])
    await bot.store.save_deliveries([replace(row, state=DeliveryState.DEAD, reason="refused")])


def said(reply: Reply) -> str:
    """Return every text of a reply."""
    return "\n".join([reply.content, *texts(reply.components)]).replace("\\", "").strip()


def file_of(reply: Reply) -> Any:
    """Return what the file says that was handed out."""
    ((name, content),) = reply.files.items()
    assert name.startswith("rankshift-")
    return json.loads(content)


async def press(bot: Connected, reply: Reply, who: Actor) -> Reply:
    """Press the button that deletes."""
    (row,) = [each for each in reply.components if each["type"] == 1]
    click = Click(reply.seen.id, row["components"][0]["custom_id"])
    channel = bot.channel if reply.seen.channel_id == bot.channel.id else None
    return await bot.discord.interact(click, channel, who, within=20)


async def left(bot: Connected, guild: int) -> tuple[Any, ...]:
    """Return all that is held of a server, or of all persons."""
    store = bot.store
    return (
        *await store.channels(guild),
        *await store.subscriptions(guild),
        *await store.changes(guild),
        *await store.kept(guild),
    )


async def test_everybody_is_shown_what_is_held_on_them_and_on_nobody_else(
    bot: Connected,
) -> None:
    reply = await typed(bot, "data show", MEMBER)
    assert reply.ephemeral
    text = said(reply)
    assert "1 model or author that you watch" in text
    assert "The records of 3 messages" in text
    assert "Your id in 1 subscription of a server" in text
    assert "Your id in 3 changes of servers’ settings" in text
    told = file_of(reply)
    assert str(told["whose"]) == str(MEMBER.id)
    assert str(TURK.id) not in {str(each["created_by"]) for each in told["subscriptions"]}
    assert {each["who"] for each in told["changes"]} == {told["whose"]}
    assert {each["state"] for each in told["deliveries"]} == {"sent", "pending", "dead"}
    turkish = said(await typed(bot, "data show", TURK))
    assert "izlediğiniz 1 model ya da üretici" in turkish


async def test_it_is_shown_in_direct_messages_too_and_a_server_is_asked_about_there(
    bot: Connected,
) -> None:
    reply = await bot.discord.interact(Command("data show"), None, MEMBER, within=20)
    assert "1 model or author that you watch" in said(reply)
    asked = Command("data show", about="server")
    refused = await bot.discord.interact(asked, None, MANAGER, within=20)
    assert said(refused) == "Please ask in the server that you mean."


async def test_a_server_is_shown_to_who_may_manage_it_alone(bot: Connected) -> None:
    for command in ("data show", "data delete"):
        assert said(await typed(bot, command, MEMBER, about="server")) == NEEDS
        assert "Sunucuyu Yönet" in said(await typed(bot, command, TURK, about="server"))
    reply = await typed(bot, "data show", MANAGER, about="server")
    assert reply.ephemeral
    text = said(reply)
    for line in (
        "1 subscription ·",
        "1 weekly digest",
        "The records of 4 messages",
        "2 changes of settings",
    ):
        assert line in text
    told = file_of(reply)
    assert str(ELSEWHERE) not in json.dumps(told)
    assert {each["state"] for each in told["deliveries"]} == {"sent", "held", "pending", "dead"}
    assert "1 abonelik" in said(await typed(bot, "data show", TURKISH_MANAGER, about="server"))


async def test_a_server_is_deleted_once_that_is_confirmed_and_another_is_not(
    bot: Connected,
) -> None:
    guild = bot.channel.guild_id or 0
    others = await left(bot, ELSEWHERE)
    asked = await typed(bot, "data delete", MANAGER, about="server")
    assert asked.ephemeral
    assert "Delete what I hold on this server?" in said(asked)
    assert await left(bot, guild) != ()
    with capture_logs() as logged:
        done = await press(bot, asked, MANAGER)
    assert "I hold nothing on this server any more." in said(done)
    assert [each for each in done.components if each["type"] == 1] == []
    assert await left(bot, guild) == ()
    assert guild not in await bot.store.guilds()
    assert await left(bot, ELSEWHERE) == others
    (line,) = [each for each in logged if each["event"] == "data of a server deleted"]
    assert (line["guild"], line["who"]) == (guild, MANAGER.id)
    again = await typed(bot, "data delete", MANAGER, about="server")
    assert said(again) == "## I hold nothing on this server."


async def test_a_deletion_in_turkish_says_what_it_does_and_did(bot: Connected) -> None:
    asked = await typed(bot, "data delete", TURKISH_MANAGER, about="server")
    assert "Bu geri alınamaz." in said(asked)
    assert "artık bir şey saklamıyorum" in said(await press(bot, asked, TURKISH_MANAGER))


async def test_what_is_under_way_while_a_server_is_deleted_does_not_come_back(
    bot: Connected,
) -> None:
    guild = bot.channel.guild_id or 0
    row = Delivery(f"{bot.channel.id}:en:u", bot.channel.id, guild, ("m",), "u", NOW)
    await bot.store.owe([row])
    sending = replace(row, state=DeliveryState.SENDING)
    await bot.store.save_deliveries([sending])
    await press(bot, await typed(bot, "data delete", MANAGER, about="server"), MANAGER)
    sent = replace(sending, state=DeliveryState.SENT, message_id=9)
    assert await bot.store.save_deliveries([sent]) == frozenset()
    assert await left(bot, guild) == ()


@pytest.mark.parametrize(
    ("who", "expected"),
    [(replace(MANAGER, id=5), "too old"), (replace(MANAGER, permissions=EVERYDAY), NEEDS)],
    ids=["another manager", "who may not any more"],
)
async def test_a_button_works_only_for_who_asked_as_long_as_they_may(
    bot: Connected, who: Actor, expected: str
) -> None:
    before = await left(bot, bot.channel.guild_id or 0)
    asked = await typed(bot, "data delete", MANAGER, about="server")
    assert expected in said(await press(bot, asked, who))
    assert await left(bot, bot.channel.guild_id or 0) == before


async def test_a_person_is_deleted_once_that_is_confirmed_and_others_are_not(
    bot: Connected,
) -> None:
    guild, turks = bot.channel.guild_id or 0, bot.discord.world.dm(str(TURK.id)).id
    asked = await typed(bot, "data delete", MEMBER)
    assert "“somebody unknown” stands there" in said(asked)
    with capture_logs() as logged:
        done = await press(bot, asked, MEMBER)
    assert "I hold nothing on you any more." in said(done)
    assert {each.channel_id for each in await left(bot, DIRECT)} == {turks}
    (watches,) = await bot.store.subscriptions(DIRECT)
    assert watches.created_by == TURK.id
    assert len(await bot.store.kept(DIRECT)) == 3
    (kept,) = await bot.store.subscriptions(guild)
    assert kept.created_by == NOBODY
    made = [*await bot.store.changes(guild), *await bot.store.changes(ELSEWHERE)]
    assert {each.who for each in made} == {NOBODY, TURK.id}
    assert [each for each in logged if MEMBER.id in each.values()] == []
    assert "izlediğiniz 1 model" in said(await typed(bot, "data show", TURK))


async def test_who_watches_nothing_any_more_is_shown_old_messages_and_has_them_deleted(
    bot: Connected,
) -> None:
    own = bot.discord.world.dm(str(TURK.id)).id
    await bot.store.unsubscribe(own)
    await bot.store.put_synced_commands("puts aside what is done with")
    shown = await typed(bot, "data show", TURK)
    assert "2 mesajın kaydı" in said(shown)
    assert {each["channel_id"] for each in file_of(shown)["deliveries"]} == {str(own)}
    done = await press(bot, await typed(bot, "data delete", TURK), TURK)
    assert "artık bir şey saklamıyorum" in said(done)
    assert await bot.store.kept(DIRECT, own) == ()
    assert said(await typed(bot, "data show", TURK)) == "## Sizin hakkınızda bir şey saklamıyorum."


async def test_who_is_not_known_is_told_that_nothing_is_held(bot: Connected) -> None:
    stranger = replace(MEMBER, id=5)
    for command in ("data show", "data delete"):
        reply = await typed(bot, command, stranger)
        assert said(reply) == "## I hold nothing on you."
        assert reply.files == {}
    turkish = await typed(bot, "data show", replace(stranger, locale="tr"))
    assert said(turkish) == "## Sizin hakkınızda bir şey saklamıyorum."
