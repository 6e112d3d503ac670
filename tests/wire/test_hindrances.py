"""What hinders an alert on its way, by the real client: bodies, faults, blocks, busy channels."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import DeliveryState, Kind
from bot.subscription import Manner
from tests.made import open_closed
from tests.waiting import until
from tests.wire.discord_limits import Fault
from tests.wire.inprocess import Connected, connected, guild_of
from tests.wire.outgoing import KEY, NOW, PNG, Sending, about, alert, posts


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot."""
    async with connected(tmp_path, open_closed(), NOW, monkeypatch) as running:
        yield running


@pytest.mark.parametrize("place", ["channel", "forum"])
async def test_a_card_that_is_not_taken_goes_out_as_plain_text(bot: Connected, place: str) -> None:
    forum = bot.discord.add_forum(guild_of(bot), "alerts")
    where = bot.channel if place == "channel" else forum
    bot.discord.fail_next("POST /channels/", Fault.answer(400, code=50035))
    with capture_logs() as logged:
        (sent,) = await Sending(bot).send(alert(where, Manner(forum=place == "forum")))
    assert sent.message_id is not None
    message = bot.discord.world.messages[sent.message_id]
    assert (message.components, message.attachments) == ([], ())
    lines = message.content.splitlines()
    assert lines[0].startswith("## alert: open @\u200beveryone \\<@&1> word")
    assert lines[-2:] == ["-# Source: a table", f"-# `{KEY}`"]
    assert "**Open \\*A\\***" in message.content
    problems = [line["problem"] for line in logged if line["event"] == "message not taken"]
    assert len(problems) == 1
    assert "card: " in problems[0]
    assert f"picture of {len(PNG)} bytes" in problems[0]
    assert "Open" not in problems[0], "how it was made, not what it says"


async def test_an_edit_that_is_not_taken_becomes_a_card_of_nothing_but_text(bot: Connected) -> None:
    sending = Sending(bot)
    (sent,) = await sending.send(alert(bot.channel))
    bot.discord.fail_next("PATCH /channels/", Fault.answer(400, code=50035))
    (edit,) = await sending.send(about(sent, Kind.EDIT))
    assert edit.state is DeliveryState.SENT
    (message,) = bot.discord.messages(bot.channel.id)
    (text,) = message.components
    assert text["content"].startswith("## edit")
    assert message.attachments == ()


@pytest.mark.parametrize(
    "fault",
    [
        lambda: Fault.answer(503),
        lambda: Fault.answer(503, accepted=True),
        Fault.reset,
        lambda: Fault.reset(accepted=True),
        lambda: Fault.hangup(accepted=True),
        Fault.truncated,
        lambda: Fault.truncated(says_so=False),
        lambda: Fault.limited(0.01, via=False),
        lambda: Fault.limited(90.0),
        lambda: Fault.cloudflare(403),
        lambda: Fault.cloudflare(404),
    ],
)
async def test_a_passing_fault_is_repeated_with_the_same_nonce_and_makes_one_message(
    bot: Connected, fault: Callable[[], Fault]
) -> None:
    bot.discord.fail_next("POST /channels/.*/messages", fault())
    sending = Sending(bot)
    (waiting,) = await sending.send(alert(bot.channel))
    assert waiting.state is DeliveryState.PENDING
    assert waiting.retry_at is not None
    sending.now = waiting.retry_at
    await sending.send()
    (done,) = await bot.store.deliveries([waiting.key])
    (message,) = bot.discord.messages(bot.channel.id)
    assert (done.state, done.message_id) == (DeliveryState.SENT, message.id)


async def test_discords_long_wait_is_kept_in_the_store(bot: Connected) -> None:
    bot.discord.fail_next("POST /channels/.*/messages", Fault.limited(900.0))
    (waiting,) = await Sending(bot).send(alert(bot.channel))
    assert waiting.retry_at == NOW + timedelta(minutes=15)


async def test_a_locked_post_costs_its_edit_alone(bot: Connected) -> None:
    forum = bot.discord.add_forum(guild_of(bot), "alerts")
    sending = Sending(bot)
    (sent,) = await sending.send(alert(forum, Manner(forum=True)))
    (post,) = posts(bot, forum)
    bot.discord.change_thread(post, locked=True, archived=True)
    other = alert(forum, Manner(forum=True), f"{KEY[:-2]}11")
    edit, next_alert = await sending.send(about(sent, Kind.EDIT), other)
    assert (edit.state, next_alert.state) == (DeliveryState.PENDING, DeliveryState.SENT)
    bot.discord.change_thread(bot.discord.world.channels[post.id], locked=False)
    sending.now += timedelta(seconds=2)
    await sending.send()
    (edit,) = await bot.store.deliveries([edit.key])
    assert edit.state is DeliveryState.SENT


@pytest.mark.parametrize("code", [40333, 40062, 130000])
async def test_a_block_on_the_way_pauses_nobody(bot: Connected, code: int) -> None:
    bot.discord.fail_next("POST /channels/.*/messages", Fault.answer(403, code=code))
    (waiting,) = await Sending(bot).send(alert(bot.channel))
    assert waiting.state is DeliveryState.PENDING


async def test_a_repeat_in_a_server_that_is_in_an_outage_waits_for_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(tmp_path, open_closed(), NOW, monkeypatch) as bot:
        guild = bot.discord.add_guild("dark")
        channel = bot.discord.add_channel(guild, "news")
        await until(lambda: bot.client.get_channel(channel.id))
        bot.client._connection._remove_guild(bot.client.get_guild(guild.id))
        bot.discord.fail_next("POST /channels/.*/messages", Fault.reset())
        sending = Sending(bot)
        await sending.send(alert(channel))
        for _ in range(4):
            sending.now += timedelta(minutes=10)
            (waiting,) = await sending.send(alert(channel))
            assert waiting.state is DeliveryState.PENDING
        bot.discord.return_guild(guild)
        await until(lambda: bot.client.get_channel(channel.id))
        sending.now += timedelta(minutes=10)
        (done,) = await sending.send(alert(channel))
    assert done.state is DeliveryState.SENT


async def test_in_a_busy_channel_the_newest_messages_are_looked_at_first(bot: Connected) -> None:
    sending = Sending(bot)
    bot.discord.fail_next("POST /channels/.*/messages", Fault.answer(503))
    (waiting,) = await sending.send(alert(bot.channel))
    for number in range(520):
        bot.discord.say(bot.channel, f"chatter {number}")
    sending.now = NOW + timedelta(minutes=5)
    bot.discord.fail_next("POST /channels/.*/messages", Fault.reset(accepted=True))
    with capture_logs() as logged:
        await sending.send()
    assert "a repeat may be the second of its kind" in [line["event"] for line in logged]
    sending.now += timedelta(minutes=5)
    await sending.send()
    (done,) = await bot.store.deliveries([waiting.key])
    assert done.state is DeliveryState.SENT
    assert len([m for m in bot.discord.messages(bot.channel.id) if m.nonce]) == 1


async def test_an_absurd_wait_that_discord_asks_for_is_not_believed(bot: Connected) -> None:
    bot.discord.fail_next("POST /channels/.*/messages", Fault.limited(1e12))
    (waiting,) = await Sending(bot).send(alert(bot.channel))
    assert waiting.retry_at == NOW + timedelta(hours=1)


async def test_a_limit_of_all_that_we_ask_stops_the_other_channels_too(bot: Connected) -> None:
    channels = [bot.discord.add_channel(guild_of(bot), f"c{n}") for n in range(80)]
    bot.discord.fail_next("POST /channels/.*/messages", Fault.limited(120.0, "global"), times=200)
    await Sending(bot).send(*[alert(each) for each in channels])
    assert bot.discord.world.statuses[429] < 60
