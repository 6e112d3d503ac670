"""/subscriptions: what arrives where, by pages, and who changed what."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import Delivery, DeliveryState
from bot.subscription import Change, Deed
from tests.wire.discord_schema import SEND, Actor
from tests.wire.inprocess import FORBIDDEN, Connected, guild_of, typed
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
    labels,
    managed,
    opened,
    pick,
    press,
    reissued,
    said,
    walked,
)


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot that has found something."""
    async with filled(tmp_path, monkeypatch) as found:
        yield found


async def test_without_any_how_to_begin_is_told(bot: Connected) -> None:
    reply = await typed(bot, "subscriptions")
    assert reply.ephemeral
    assert "No channel of this server gets alerts. `/subscribe` starts them." in said(reply)
    assert "`/abone-ol`" in said(await typed(bot, "subscriptions", TURK))
    assert labels(reply) == []


async def test_all_that_arrives_is_listed_and_what_is_paused_comes_first(bot: Connected) -> None:
    closed = await opened(bot, "closed", SEND)
    await bot.store.subscribe(asked(bot, bot.channel.id))
    await bot.store.subscribe(replace(asked(bot, bot.channel.id, 2), stopped=NOW))
    await bot.store.subscribe(asked(bot, closed.id))
    await bot.store.pause(closed.id, FORBIDDEN)
    (_, settings) = await bot.store.channels()
    await bot.store.put_channel(replace(settings, digest=WEEKLY, channel_id=10**18))
    reply = await typed(bot, "subscriptions")
    assert reply.ephemeral
    text = said(reply)
    places = [text.index(f"**<#{each}>**") for each in (closed.id, bot.channel.id, 10**18)]
    assert places == sorted(places)
    assert "paused since 7 June 2026: there I lack Send Messages. Once that is granted" in text
    assert "- **1** · All models" in text
    assert "- weekly digest · Monday 09:00 (Europe/Berlin)" in text
    (select,) = [each for each in controls(reply.components) if "options" in each]
    assert [each["label"] for each in select["options"]] == [
        *("closed", "model-news · 1", "model-news · 2"),
        f"unknown channel {10**18} · weekly digest",
    ]
    assert reply.seen.payload["allowed_mentions"] == {"parse": []}
    turkish = said(await typed(bot, "subscriptions", TURK))
    assert "orada eksik olan izinler: Mesaj Gönder" in turkish
    assert "- haftalık özet · Pazartesi 09:00" in turkish


async def test_the_last_alert_of_a_channel_is_linked(bot: Connected) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    guild = guild_of(bot).id
    alert = Delivery("k", bot.channel.id, guild, ("m",), "n", NOW - timedelta(days=2))
    await bot.store.owe([alert])
    sent = replace(alert, state=DeliveryState.SENT, message_id=555, sent_at=NOW)
    await bot.store.save_deliveries([sent])
    text = said(await typed(bot, "subscriptions"))
    assert f"(https://discord.com/channels/{guild}/{bot.channel.id}/555)" in text


@both
async def test_fifty_subscriptions_are_turned_page_by_page_each_within_discords_limits(
    bot: Connected, who: Actor
) -> None:
    guild = guild_of(bot).id
    for channel in range(10**18, 10**18 + 50):
        await bot.store.subscribe(asked(bot, channel))
        await bot.store.pause(channel, FORBIDDEN)
        await bot.store.put_change(Change(NOW, 5, guild, channel, Deed.TESTED))
    reply, seen = await typed(bot, "subscriptions", who), set[str]()
    for _ in range(10):
        text = said(reply)
        assert len(text) <= 4000
        assert len(list(walked(reply.components))) <= 40
        seen |= {line for line in text.splitlines() if line.startswith("**<#")}
        turn = [each for each in controls(reply.components) if each.get("label", "").endswith("▶")]
        if turn[0].get("disabled"):
            break
        # Nobody may press so often so soon.
        reply = await press(
            bot, reply, turn[0]["label"], replace(who, id=int(turn[0]["custom_id"][-1]) + 1)
        )
    assert len(seen) == 50


@both
async def test_all_changes_can_be_read_with_who_made_them(bot: Connected, who: Actor) -> None:
    guild = guild_of(bot).id
    for n in range(23):
        change = Change(NOW + timedelta(minutes=n), 42, guild, bot.channel.id, Deed.MUTED, n)
        await bot.store.put_change(change)
    reply = await typed(bot, "subscriptions", who)
    assert said(reply).count("<@42>") == 5
    reply = await press(bot, reply, "Bütün değişiklikler" if who is TURK else "All changes", who)
    counts = [said(reply).count("<@42>")]
    for _ in range(2):
        reply = await press(bot, reply, "Sonraki ▶" if who is TURK else "Next ▶", who)
        counts.append(said(reply).count("<@42>"))
    assert counts == [10, 10, 3]
    reply = await press(bot, reply, "Geri" if who is TURK else "Back", who)
    assert said(reply).count("<@42>") == 5


async def test_a_control_of_an_earlier_version_is_told_to_be_too_old(bot: Connected) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    reply = await typed(bot, "subscriptions")
    for text in ("managed|burn|0", "managed|end|0|1", "managed", "managed|log|x"):
        button = {"type": 2, "style": 2, "label": "Old", "custom_id": text}
        stale = reissued(bot, reply, {"type": 1, "components": [button]})
        told = await press(bot, stale, "Old")
        (alone,) = bot.discord.replies_to(told.interaction_id)
        assert alone.content.startswith("This list is too old for its buttons.")
        assert alone.ephemeral


@pytest.mark.parametrize(
    ("locale", "says"),
    [("en-US", "needs the Manage Server permission"), ("tr", "Sunucuyu Yönet izni gerekir")],
)
async def test_who_may_no_longer_manage_the_server_uses_no_control(
    bot: Connected, locale: str, says: str
) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    member = replace(MEMBER, locale=locale)
    refused = await typed(bot, "subscriptions", member)
    assert says in refused.content
    listed, detail = await typed(bot, "subscriptions"), await managed(bot)
    for label in ("Pause", "Send a test", "End"):
        reply = await press(bot, detail, label, member)
        (told,) = bot.discord.replies_to(reply.interaction_id)
        assert says in told.content
        assert told.ephemeral
    reply = await pick(bot, listed, 0, who=member)
    (told,) = bot.discord.replies_to(reply.interaction_id)
    assert says in told.content
    assert await bot.store.subscriptions() == (asked(bot, bot.channel.id),)
    assert await changes(bot) == ()


async def test_the_edit_button_is_left_to_the_panel_and_back_leads_to_the_list(
    bot: Connected,
) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id, 3))
    detail = await managed(bot)
    (edit,) = [each for each in controls(detail.components) if each.get("label") == "Edit"]
    assert edit["custom_id"] == f"panel-edit|{bot.channel.id}|3"
    assert "## Alerts in this server" in said(await press(bot, detail, "Back"))


@both
async def test_who_presses_too_often_is_asked_to_wait(bot: Connected, who: Actor) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    for _ in range(4):
        listed = await typed(bot, "subscriptions", who)
    await pick(bot, listed, 0, who=who)
    reply = await pick(bot, await typed(bot, "subscriptions", OTHER), 0, who=who)
    (told,) = bot.discord.replies_to(reply.interaction_id)
    says = "Bir an lütfen" if who is TURK else "One moment, please"
    assert says in told.content
    assert told.ephemeral
