"""Before a repeat that no nonce guards any more, the real client looks for the first message."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import Delivery, DeliveryState
from bot.message import Message, Outgoing
from bot.outbox import Outbox
from bot.routing import nonce
from bot.sender import NONCES_KEPT
from cogs.delivery import DiscordMessenger
from storage.protocol import Progress
from tests.made import open_closed
from tests.wire.discord_schema import HISTORY, Channel, Overwrite, Settings
from tests.wire.inprocess import Connected, connected

NOW = datetime.now(UTC)
FORGETFUL = Settings(nonce_span=-1)
KEY = "models.leader.open/a_1.2026-06-10"


async def keyed(delivery: Delivery) -> Outgoing:
    """Say the milestones' keys, as an alert does in its last line."""
    key = " ".join(delivery.milestones)
    return Outgoing(Message("A *headline*", ("So it is.",), "", (), (), "Source", key), None)


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a bot in a Discord that forgets nonces at once."""
    async with connected(tmp_path, open_closed(), NOW, monkeypatch, FORGETFUL) as running:
        yield running


def owed(channel: Channel, *milestones: str) -> Delivery:
    """Return what is owed to a channel."""
    key = f"{channel.id}:{'+'.join(milestones)}"
    return Delivery(key, channel.id, channel.guild_id, milestones, nonce(key), NOW)


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
