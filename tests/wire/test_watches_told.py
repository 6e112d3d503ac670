"""What is watched is told by direct message; refused ones wait until the person lets them in."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery import Delivery
from bot.message import Message, Outgoing
from bot.model import BOARD_MODELS, Milestone, Searched, Severity
from bot.outbox import Outbox
from bot.routing import route
from bot.subscription import DIRECT, Pause, PauseReason, Subscription, Wish
from bot.upkeep import GRACE, upkeep
from cogs.delivery import DiscordMessenger
from storage.protocol import Progress
from tests.made import START
from tests.waiting import until
from tests.wire.discord_limits import Fault
from tests.wire.inprocess import GONE, Connected, connected, typed
from tests.wire.test_watching import ANN, BOB, KNOWN, NOW, TODAY, TURK, dm, kept

TOMORROW = NOW + timedelta(1)


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a bot that is ready, knows models and has no figures."""
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as found:
        await until(found.client.is_ready)
        yield found


def news(model: str) -> Milestone:
    """Return a milestone about a model, dated after what was judged as it was watched."""
    return Milestone(
        key=f"models.leader.{model}.{TODAY + timedelta(1)}",
        rule="leader",
        board=BOARD_MODELS,
        subject=model,
        began=TODAY,
        date=TODAY + timedelta(1),
        severity=Severity.MINOR,
        facts={"model": model},
        first=False,
        searched=Searched(START, 8),
        top=(),
        total=0,
        days_without_other=0,
        as_of=NOW,
    )


async def keys_alone(delivery: Delivery) -> Outgoing:
    """Say the milestones' keys."""
    key = " ".join(delivery.milestones)
    return Outgoing(Message("News", (), "", (), (), "Source", key), None)


async def told(bot: Connected, now: datetime, *milestones: Milestone) -> list[str]:
    """Let milestones be found and sent, and return what stands in Ann's direct messages then."""
    owed = route(milestones, await bot.store.subscriptions(), now)
    await bot.store.record(BOARD_MODELS, Progress((), None), milestones, owed)
    await Outbox(bot.store, keys_alone, DiscordMessenger(bot.client), lambda: now).drain()
    posts = bot.discord.messages(dm(bot).id)
    return [m.key for m in milestones if any(m.key in str(post.components) for post in posts)]


async def test_a_person_is_told_of_what_they_watch_and_of_nothing_else(bot: Connected) -> None:
    await typed(bot, "watch", ANN, model="a/one")
    await typed(bot, "watch", ANN, author="meta-llama")
    await typed(bot, "watch", BOB, model="b/two")
    found = [news(model) for model in ("a/one", "a/other", "b/two", "meta-llama/four")]
    about = await told(bot, TOMORROW, *found)
    assert about == [found[0].key, found[3].key]
    (message,) = bot.discord.messages(dm(bot, BOB).id)
    assert found[2].key in str(message.components)


async def pause(bot: Connected) -> Pause | None:
    """Return the pause of the one channel there is."""
    (channel,) = await bot.store.channels(DIRECT)
    return channel.paused


async def refused(bot: Connected, *milestones: Milestone) -> None:
    """Watch a/one, and let the direct message about it be refused."""
    await typed(bot, "watch", model="a/one")
    where = f"POST /channels/{dm(bot).id}/messages"
    bot.discord.fail_next(where, Fault.answer(403, code=50007))
    assert await told(bot, TOMORROW, *milestones) == []


async def test_messages_that_are_refused_pause_the_watch_which_is_shown_with_its_remedy(
    bot: Connected,
) -> None:
    await refused(bot, news("a/one"))
    paused = await pause(bot)
    assert paused is not None
    assert paused.reason is PauseReason.UNWELCOME
    listed = (await typed(bot, "watching")).content
    assert listed == (
        "Direct messages: paused since 17 June 2026: I cannot reach you by direct message. Allow"
        " these in the privacy settings of a server that we share, or join one. Then `/watch` any"
        " of these again: what waited for less than 24 hours follows.\n"
        "Watched since 16 June 2026:\n- Model One"
    )
    listed = (await typed(bot, "watching", TURK)).content
    assert listed.startswith("Özel mesajlar 17 Haziran 2026 gününden beri duraklatılmış")
    assert [bot.discord.messages(one.id) for one in bot.discord.world.places(None)] == [[]]
    assert bot.discord.messages(bot.channel.id) == [], "nobody else is told"


async def test_a_conversation_that_is_gone_is_shown_as_gone_and_with_its_end(
    bot: Connected,
) -> None:
    await typed(bot, "watch", model="a/one")
    await bot.store.pause(dm(bot).id, GONE)
    listed = (await typed(bot, "watching")).content
    assert listed == (
        "Direct messages: paused since 7 June 2026: Discord says that our conversation is gone."
        " `/watch` any of these again to let me try once more; after seven days of this pause they"
        " are watched no longer.\n"
        "Watched since 16 June 2026:\n- Model One"
    )
    listed = (await typed(bot, "watching", TURK)).content
    assert listed.startswith("Özel mesajlar 7 Haziran 2026 gününden beri duraklatılmış")
    await upkeep(bot.store, GONE.since + GRACE)
    assert await bot.store.subscriptions() == ()


@pytest.mark.parametrize("model", ["a/one", "b/two"], ids=["watched already", "another"])
async def test_watching_anything_takes_the_pause_back_and_what_waited_follows(
    bot: Connected, model: str
) -> None:
    waiting = news("a/one")
    await refused(bot, waiting)
    assert await told(bot, TOMORROW + timedelta(minutes=1)) == []
    reply = await typed(bot, "watch", model=model)
    assert "and I try to write to you again" in reply.content
    assert bot.woken.is_set()
    assert await pause(bot) is None
    assert (await kept(bot)).wish.only == tuple(dict.fromkeys(("a/one", model)))
    assert await told(bot, TOMORROW + timedelta(minutes=2), waiting) == [waiting.key]


async def test_unwatching_leaves_the_pause_of_what_is_left(bot: Connected) -> None:
    await typed(bot, "watch", model="b/two")
    await refused(bot, news("a/one"))
    await typed(bot, "unwatch", what="b/two")
    found = await kept(bot)
    assert found.wish.only == ("a/one",)
    assert await pause(bot) is not None
    assert not bot.woken.is_set()


async def test_direct_messages_are_no_server_that_we_could_be_removed_from(
    bot: Connected,
) -> None:
    await until(bot.client.is_ready)
    await typed(bot, "watch", model="a/one")
    gone = Subscription(1, 66, Wish(), START, NOW, ANN.id)
    await bot.store.subscribe(gone)
    bot.discord.gateway.invalidate(resumable=False)
    async with asyncio.timeout(20):
        while not await bot.store.absences():
            await asyncio.sleep(0)
    assert await bot.store.absences() == {66: NOW}
    await upkeep(bot.store, NOW + GRACE)
    assert (await kept(bot)).wish.only == ("a/one",)
