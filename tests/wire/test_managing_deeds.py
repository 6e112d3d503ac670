"""What is done with a subscription or digest by the buttons below it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.alerts import Composer
from bot.delivery import Kind
from bot.model import BOARD_MODELS
from bot.openness import Directory
from bot.outbox import Outbox
from bot.packaged import read_languages
from bot.subscription import Deed, Manner, Wish
from cogs.delivery import DiscordMessenger
from cogs.subscriptions import Subscriptions
from storage.protocol import Progress
from tests.made import START
from tests.waiting import until
from tests.wire.discord_schema import FORUM, SEND, Actor
from tests.wire.inprocess import FORBIDDEN, GONE, Connected, typed
from tests.wire.managing import (
    FOUND,
    KNOWN,
    NOW,
    OTHER,
    OTHER_TURK,
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
    press,
    reissued,
    said,
)
from tests.wire.running import MANAGER, texts


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot that has found something."""
    async with filled(tmp_path, monkeypatch) as found:
        yield found


async def test_pausing_keeps_who_and_when_and_resuming_begins_anew(bot: Connected) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    detail = await managed(bot)
    assert labels(detail) == ["Pause", "Send a test", "Edit", "End", "Back"]
    paused = await press(bot, detail, "Pause")
    assert f"paused since 11 July 2026 by <@{MANAGER.id}>" in said(paused)
    assert "paused. This subscription brings nothing new until you resume it." in said(paused)
    (kept,) = await bot.store.subscriptions()
    assert kept == replace(asked(bot, bot.channel.id), stopped=NOW)
    assert labels(paused) == ["Resume", "Send a test", "Edit", "End", "Back"]
    through = START + timedelta(days=38)
    await bot.store.record(BOARD_MODELS, Progress((), "seen", through=through), (), ())
    resumed = await press(bot, paused, "Resume")
    assert "resumed. It brings what is dated after 9 July 2026." in said(resumed)
    (kept,) = await bot.store.subscriptions()
    assert kept == replace(asked(bot, bot.channel.id), after=through)
    found = [(each.deed, each.who, each.number) for each in await changes(bot)]
    assert found == [(Deed.RESUMED, MANAGER.id, 1), (Deed.STOPPED, MANAGER.id, 1)]


async def test_what_is_resumed_begins_with_the_oldest_of_its_boards(bot: Connected) -> None:
    boards = (BOARD_MODELS, "category-legal")
    wished = replace(asked(bot, bot.channel.id), wish=Wish(boards), stopped=NOW)
    await bot.store.subscribe(wished)
    oldest = START + timedelta(days=20)
    await bot.store.record("category-legal", Progress((), "seen", through=oldest), (), ())
    await press(bot, await managed(bot), "Resume")
    (kept,) = await bot.store.subscriptions()
    assert kept.after == oldest


async def test_in_turkish_the_same_is_done(bot: Connected) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    paused = await press(bot, await managed(bot, who=TURK), "Duraklat", TURK)
    assert "duraklatıldı. Devam ettirene kadar" in said(paused)
    resumed = await press(bot, paused, "Devam ettir", TURK)
    assert "devam ediyor." in said(resumed)
    tested = await press(bot, resumed, "Deneme gönder", TURK)
    assert f"<#{bot.channel.id}> kanalına bir deneme yolda." in said(tested)
    asks = await press(bot, tested, "Bitir", OTHER_TURK)
    assert "Kalıcı olarak sona ersin mi" in said(asks)
    done = await press(bot, asks, "Bitir", OTHER_TURK)
    assert f"Sona erdi: <#{bot.channel.id}>." in said(done)
    assert await bot.store.subscriptions() == ()


async def test_pressed_twice_is_done_once(bot: Connected) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    detail = await managed(bot)
    await press(bot, detail, "Pause")
    (pause,) = [each for each in controls(detail.components) if each.get("label") == "Pause"]
    shown = await managed(bot, who=OTHER)
    assert "paused since" in said(shown)
    stale = {"type": 1, "components": [pause]}
    again = await press(bot, reissued(bot, shown, stale), "Pause", OTHER)
    assert "paused since" in said(again)
    assert [each.deed for each in await changes(bot)] == [Deed.STOPPED]


async def test_a_channel_that_is_open_again_goes_on_at_once(bot: Connected) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    await bot.store.pause(bot.channel.id, FORBIDDEN)
    detail = await managed(bot)
    assert "I know of no permission that is missing" in said(detail)
    done = await press(bot, detail, "Resume")
    assert f"<#{bot.channel.id}> gets alerts again" in said(done)
    (settings,) = await bot.store.channels()
    assert settings.paused is None
    assert bot.woken.is_set()
    (change,) = await changes(bot)
    assert (change.deed, change.number, change.who) == (Deed.RESUMED, None, MANAGER.id)


@both
async def test_a_channel_that_is_still_closed_stays_paused_and_what_is_missing_is_named(
    bot: Connected, who: Actor
) -> None:
    closed = await opened(bot, "closed", SEND, FORUM)
    await bot.store.subscribe(replace(asked(bot, closed.id), stopped=NOW))
    await bot.store.pause(closed.id, FORBIDDEN)
    detail = await managed(bot, who=who)
    done = said(await press(bot, detail, "Devam ettir" if who is TURK else "Resume", who))
    assert ("Gönderi Oluştur" if who is TURK else "there I lack Create Posts") in done
    assert ("Oraya hâlâ yazamıyorum." if who is TURK else "I still cannot post there.") in done
    (settings,) = await bot.store.channels()
    assert settings.paused == FORBIDDEN
    (kept,) = await bot.store.subscriptions()
    assert kept.stopped is None
    assert not bot.woken.is_set()


async def test_a_private_thread_that_we_left_stays_paused(bot: Connected) -> None:
    thread = bot.discord.add_thread(bot.channel, private=True)
    await bot.store.subscribe(asked(bot, thread.id))
    await bot.store.pause(thread.id, FORBIDDEN)
    done = await press(bot, await managed(bot), "Resume")
    assert "I still cannot post there." in said(done)
    bot.discord.change_thread(thread, joined=True)
    await until(bot.woken.is_set)  # a thread that lets us in goes on by itself
    await bot.store.pause(thread.id, FORBIDDEN)
    done = await press(bot, await managed(bot, who=OTHER), "Resume", OTHER)
    assert "gets alerts again" in said(done)


async def test_a_test_is_owed_with_the_newest_alert_that_it_asks_for(bot: Connected) -> None:
    manner = Manner(forum=True, publish=True, mentions=(9,))
    wished = replace(asked(bot, bot.channel.id), manner=manner, language="tr")
    await bot.store.subscribe(wished)
    done = await press(bot, await managed(bot), "Send a test")
    assert f"A test is on its way to <#{bot.channel.id}>." in said(done)
    (owed,) = await bot.store.open_deliveries(bot.channel.id)
    assert (owed.kind, owed.language, owed.manner) == (Kind.TEST, "tr", Manner(forum=True))
    told = [one for one in FOUND if one.told and one.severity != "minor"]
    newest = max(one.date for one in told)
    assert set(owed.milestones) == {one.key for one in told if one.date == newest}
    assert owed.key == f"{bot.channel.id}:test.{NOW:%Y-%m-%d.%H%M%S}"
    assert bot.woken.is_set()
    again = await press(bot, done, "Send a test")
    assert "A channel gets one test a minute at most." in said(again)
    assert [(each.deed, each.number) for each in await changes(bot)] == [(Deed.TESTED, 1)]
    assert await bot.store.open_deliveries(bot.channel.id) == (owed,)


async def test_a_test_arrives_and_the_list_does_not_take_it_for_an_alert(bot: Connected) -> None:
    wanted = replace(asked(bot, bot.channel.id), manner=Manner(mentions=(9,)), language="tr")
    await bot.store.subscribe(wanted)
    await press(bot, await managed(bot), "Send a test")

    async def known() -> Directory:
        return KNOWN

    compose = Composer(bot.store, bot.renderer, rules.discover(), known, read_languages())
    await Outbox(bot.store, compose, DiscordMessenger(bot.client), lambda: NOW).drain()
    (message,) = bot.discord.messages(bot.channel.id)
    text = "\n".join(texts(message.components))
    assert "<@&9>" not in text
    assert "Deneme" in text
    assert "No alert in the last 30 days" in said(await typed(bot, "subscriptions"))


async def test_where_nothing_that_is_asked_for_has_happened_a_test_is_owed_too(
    bot: Connected,
) -> None:
    await bot.store.subscribe(replace(asked(bot, bot.channel.id), wish=Wish(("apps",))))
    await press(bot, await managed(bot), "Send a test")
    (owed,) = await bot.store.open_deliveries(bot.channel.id)
    assert owed.milestones == ()


async def test_a_paused_channel_gets_no_test_and_is_told_why(bot: Connected) -> None:
    closed = await opened(bot, "closed", SEND)
    await bot.store.subscribe(asked(bot, closed.id))
    await bot.store.pause(closed.id, FORBIDDEN)
    done = said(await press(bot, await managed(bot), "Send a test"))
    assert "No test was sent, as I cannot post there." in done
    assert "there I lack Send Messages" in done
    assert await changes(bot) == ()
    assert not bot.woken.is_set()


async def test_ending_asks_once_and_ends_that_one_alone(bot: Connected) -> None:
    for number in (1, 2):
        await bot.store.subscribe(asked(bot, bot.channel.id, number))
    asks = await press(bot, await managed(bot, 1), "End")
    assert f"Stop this for good: <#{bot.channel.id}> · subscription 2?" in said(asks)
    kept = await press(bot, asks, "Keep it")
    assert "End" in labels(kept)
    assert len(await bot.store.subscriptions()) == 2
    done = await press(bot, await press(bot, kept, "End"), "End", OTHER)
    assert f"Stopped: <#{bot.channel.id}> · subscription 2." in said(done)
    assert await bot.store.subscriptions() == (asked(bot, bot.channel.id, 1),)
    (change,) = await changes(bot)
    assert (change.deed, change.number, change.who) == (Deed.UNSUBSCRIBED, 2, OTHER.id)
    assert f"<@{OTHER.id}> · <#{bot.channel.id}> · subscription 2: ended" in said(done)


async def test_a_digest_ends_and_the_subscription_beside_it_stays(bot: Connected) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    (settings,) = await bot.store.channels()
    await bot.store.put_channel(replace(settings, digest=WEEKLY, budget=5))
    detail = await managed(bot, 1)
    assert labels(detail) == ["End", "Back"]
    done = await press(bot, await press(bot, detail, "End"), "End")
    assert f"Stopped: <#{bot.channel.id}> · weekly digest." in said(done)
    assert await bot.store.channels() == (replace(settings, budget=5),)
    assert len(await bot.store.subscriptions()) == 1
    (change,) = await changes(bot)
    assert (change.deed, change.number) == (Deed.NO_DIGEST, None)


async def test_what_a_deleted_channel_asked_for_can_be_ended(bot: Connected) -> None:
    await bot.store.subscribe(asked(bot, 10**18))
    await bot.store.pause(10**18, GONE)
    done = await press(bot, await press(bot, await managed(bot), "End"), "End")
    assert "Stopped: " in said(done)
    assert await bot.store.channels() == ()


async def test_what_ended_meanwhile_or_was_made_anew_is_not_touched(bot: Connected) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    asks = await press(bot, await managed(bot), "End")
    await bot.store.unsubscribe(bot.channel.id)
    anew = replace(asked(bot, bot.channel.id), created_at=NOW)
    await bot.store.subscribe(anew)
    reply = await press(bot, asks, "End")
    assert "That has ended meanwhile, or was made anew." in said(reply)
    assert await bot.store.subscriptions() == (anew,)
    assert await changes(bot) == ()


@pytest.mark.parametrize("label", ["Pause", "Send a test", "End"])
async def test_what_is_made_anew_while_a_press_waits_for_its_turn_is_not_touched(
    bot: Connected, label: str
) -> None:
    await bot.store.subscribe(asked(bot, bot.channel.id))
    shown = await managed(bot)
    if label == "End":
        shown = await press(bot, shown, "End")
    cog = bot.client.get_cog("Subscriptions")
    assert isinstance(cog, Subscriptions)
    async with cog._answers.changing:
        pressed = asyncio.create_task(press(bot, shown, label))
        await until(lambda: cog._answers.changing._waiters)
        await bot.store.unsubscribe(bot.channel.id)
        anew = replace(asked(bot, bot.channel.id), created_at=NOW)
        await bot.store.subscribe(anew)
    assert "That has ended meanwhile, or was made anew." in said(await pressed)
    assert await bot.store.subscriptions() == (anew,)
    assert await bot.store.open_deliveries(bot.channel.id) == ()
    assert await changes(bot) == ()
