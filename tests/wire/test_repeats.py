"""Before a repeat that no nonce guards any more, the real client looks for the first message."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import Delivery, DeliveryState, Form, Kind
from bot.message import Message, Outgoing
from bot.outbox import Outbox
from bot.routing import nonce
from bot.sender import NONCES_KEPT
from bot.subscription import Manner
from cogs.delivery import DiscordMessenger
from storage.protocol import Progress
from tests.made import open_closed
from tests.wire.discord_limits import Fault
from tests.wire.discord_schema import HISTORY, Channel, Overwrite, Settings
from tests.wire.inprocess import Connected, connected, guild_of
from tests.wire.outgoing import posts
from tests.wire.running import texts

NOW = datetime.now(UTC)
FORGETFUL = Settings(nonce_span=-1)
KEY = "models.leader.open/a_1.2026-06-10"


async def keyed(delivery: Delivery) -> Outgoing:
    """Say the milestones' keys, as alerts and corrections do in their last line."""
    end = ["correction"] if delivery.kind is Kind.CORRECTION else []
    key = " ".join([*delivery.milestones, *end])
    if delivery.form is Form.ROUNDUP:
        key = delivery.key.rpartition(":")[2]
    title = f"{delivery.kind} in {delivery.language}"
    return Outgoing(Message(title, ("So it is.",), "", (), (), "Source", key), None)


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a bot in a Discord that forgets nonces at once."""
    async with connected(tmp_path, open_closed(), NOW, monkeypatch, FORGETFUL) as running:
        yield running


def owed(channel: Channel, *milestones: str, language: str = "en") -> Delivery:
    """Return what is owed to a channel."""
    key = f"{channel.id}:{language}:{'+'.join(milestones)}"
    guild = channel.guild_id or 0
    return Delivery(key, channel.id, guild, milestones, nonce(key), NOW, language)


def in_languages(channel: Channel, manner: Manner) -> tuple[Delivery, Delivery]:
    """Return one milestone's alert in English and in Turkish, owed at the same moment."""
    english, turkish = (
        replace(owed(channel, KEY, language=each), manner=manner) for each in ("en", "tr")
    )
    return english, turkish


async def sent_and_forgotten(bot: Connected, delivery: Delivery) -> None:
    """Send, and leave the store as a crash between sending and noting it would."""
    await bot.store.record("models", Progress((), None), (), [delivery])
    await Outbox(bot.store, keyed, DiscordMessenger(bot.client), lambda: NOW).drain()
    (row,) = await bot.store.deliveries([delivery.key])
    assert row.state is DeliveryState.SENT
    assert row.tried_at == NOW
    claimed = replace(row, state=DeliveryState.SENDING, message_id=None, attempts=1)
    await bot.store.save_deliveries([claimed])


async def again(bot: Connected, delivery: Delivery, after: timedelta) -> Delivery:
    """Serve the outbox again so much later, and return the row."""
    await Outbox(bot.store, keyed, DiscordMessenger(bot.client), lambda: NOW + after).drain()
    (row,) = await bot.store.deliveries([delivery.key])
    return row


async def test_a_message_that_is_there_already_is_settled_and_not_repeated(bot: Connected) -> None:
    delivery = owed(bot.channel, KEY)
    await sent_and_forgotten(bot, delivery)
    (message,) = bot.discord.messages(bot.channel.id)
    row = await again(bot, delivery, NONCES_KEPT + timedelta(seconds=1))
    assert (row.state, row.message_id) == (DeliveryState.SENT, message.id)
    assert bot.discord.messages(bot.channel.id) == [message]


async def test_while_the_nonce_holds_nobody_looks(bot: Connected) -> None:
    delivery = owed(bot.channel, KEY)
    await sent_and_forgotten(bot, delivery)
    row = await again(bot, delivery, NONCES_KEPT)
    assert row.state is DeliveryState.SENT
    assert len(bot.discord.messages(bot.channel.id)) == 2, "this Discord remembers no nonce at all"


async def test_another_alert_with_one_of_its_milestones_is_not_taken_for_it(
    bot: Connected,
) -> None:
    first = owed(bot.channel, KEY, "models.open_top5.3.2026-06-10")
    await sent_and_forgotten(bot, first)
    await bot.store.save_deliveries([replace(first, state=DeliveryState.DEAD)])
    other = owed(bot.channel, KEY)
    await bot.store.record("models", Progress((), None), (), [other])
    claimed = replace(other, state=DeliveryState.SENDING, attempts=1, tried_at=NOW)
    await bot.store.save_deliveries([claimed])
    row = await again(bot, other, timedelta(hours=1))
    assert row.state is DeliveryState.SENT
    assert len(bot.discord.messages(bot.channel.id)) == 2


async def test_where_history_may_not_be_read_a_repeat_is_preferred_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Overwrite(FORGETFUL.bot_id, deny=HISTORY, member=True)
    async with connected(tmp_path, open_closed(), NOW, monkeypatch, FORGETFUL) as bot:
        guild = bot.discord.add_guild("blind")
        channel = bot.discord.add_channel(guild, "news", overwrites=[ours])
        delivery = owed(channel, KEY)
        await sent_and_forgotten(bot, delivery)
        with capture_logs() as logged:
            row = await again(bot, delivery, timedelta(hours=1))
        assert row.state is DeliveryState.SENT
        assert len(bot.discord.messages(channel.id)) == 2
    said = [line for line in logged if line["event"] == "a repeat may be the second of its kind"]
    assert [line["channel"] for line in said] == [channel.id]


async def sent(bot: Connected, delivery: Delivery) -> Delivery:
    """Let something be owed and tried, and return its row."""
    await bot.store.record("models", Progress((), None), (), [delivery])
    return await again(bot, delivery, timedelta(0))


def titles(bot: Connected, *channels: int) -> list[str]:
    """Return what the messages of these channels are about."""
    said = [texts(m.components)[0] for each in channels for m in bot.discord.messages(each)]
    return [text.splitlines()[0].removeprefix("## ") for text in said]


TWICE = ["alert in en", "alert in tr"]
LOST = pytest.mark.parametrize("accepted", [True, False], ids=["taken", "not taken"])


@LOST
@pytest.mark.parametrize("forum", [False, True], ids=["channel", "forum"])
async def test_the_same_alert_in_another_language_is_not_taken_for_it(
    bot: Connected, accepted: bool, forum: bool
) -> None:
    place = bot.discord.add_forum(guild_of(bot), "alerts") if forum else bot.channel
    english, turkish = in_languages(place, Manner(forum=forum))
    await sent(bot, english)
    bot.discord.fail_next("POST /channels/", Fault.hangup(accepted=accepted))
    assert (await sent(bot, turkish)).state is DeliveryState.PENDING
    row = await again(bot, turkish, NONCES_KEPT + timedelta(seconds=1))
    assert row.state is DeliveryState.SENT
    where = [each.id for each in posts(bot, place)] if forum else [place.id]
    assert titles(bot, *where) == TWICE
    rows = await bot.store.deliveries([english.key, turkish.key])
    assert len({each.message_id for each in rows}) == len(TWICE)


@LOST
async def test_the_same_correction_in_another_language_is_not_taken_for_it(
    bot: Connected, accepted: bool
) -> None:
    alerts = in_languages(bot.channel, Manner())
    for alert in alerts:
        await sent(bot, alert)
    english, turkish = (
        replace(each, key=f"{each.key}!correction:{KEY}", kind=Kind.CORRECTION, about=each.key)
        for each in alerts
    )
    await sent(bot, english)
    bot.discord.fail_next("POST /channels/", Fault.hangup(accepted=accepted))
    await sent(bot, turkish)
    row = await again(bot, turkish, NONCES_KEPT + timedelta(seconds=1))
    assert row.state is DeliveryState.SENT
    assert row.message_id == bot.discord.messages(bot.channel.id)[-1].id
    corrected = ["correction in en", "correction in tr"]
    assert titles(bot, bot.channel.id) == [*TWICE, *corrected]


async def test_an_alert_is_not_taken_for_the_roundup_of_its_milestone(bot: Connected) -> None:
    english, turkish = in_languages(bot.channel, Manner())
    await sent(bot, replace(english, created_at=NOW - timedelta(hours=1)))
    bot.discord.fail_next("POST /channels/", Fault.hangup())
    await sent(bot, roundup := replace(turkish, key="tr:roundup.1", form=Form.ROUNDUP))
    row = await again(bot, roundup, NONCES_KEPT + timedelta(seconds=1))
    assert row.state is DeliveryState.SENT
    assert titles(bot, bot.channel.id) == TWICE
