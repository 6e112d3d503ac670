"""A bot in a loopback Discord, its outbox, and what is owed to channels there."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.delivery import Delivery, DeliveryState, Kind
from bot.message import Image, Message, Outgoing, Ranked
from bot.model import Openness
from bot.outbox import Outbox
from bot.routing import nonce
from bot.subscription import Manner
from cogs.delivery import DiscordMessenger
from storage.protocol import Progress
from tests.wire import discord_schema as schema
from tests.wire.inprocess import Connected

NOW = datetime.now(UTC)
KEY = "models.leader.open/a.2026-06-10"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)
ROWS = (Ranked(1, "Open *A*", Openness.OPEN, "open", "31 %", "3 T", "▲ 2"),)


async def headline(delivery: Delivery) -> Outgoing:
    """Say one thing about the milestones, by kind, with a picture."""
    title = f"{delivery.kind}: open @everyone <@&1> {'word ' * 20}end"
    key = " ".join(delivery.milestones)
    said = Message(title, ("So it is.",), "Week", ROWS, ("Note.",), "Source: a table", key)
    picture = Image("ranks.png", PNG, "A chart") if delivery.kind is not Kind.CORRECTION else None
    return Outgoing(said, picture)


class Sending:
    """An outbox over a bot, whose clock tests move; waits are as long as they can be."""

    def __init__(self, bot: Connected) -> None:
        self.bot = bot
        self.now = NOW
        self._outbox = Outbox(
            bot.store,
            headline,
            DiscordMessenger(bot.client),
            lambda: self.now,
            bot.pace,
            chance=lambda: 1.0,
        )

    async def send(self, *deliveries: Delivery) -> list[Delivery]:
        """Make these owed, send what is due, and return them as they are then."""
        await self.bot.store.record("models", Progress((), None), (), deliveries)
        await self._outbox.drain()
        return list(await self.bot.store.deliveries([each.key for each in deliveries]))


def alert(channel: schema.Channel, manner: Manner | None = None, milestone: str = KEY) -> Delivery:
    """Return an alert."""
    key = f"{channel.id}:{milestone}"
    guild = channel.guild_id or 0
    made = Delivery(key, channel.id, guild, (milestone,), nonce(key), NOW)
    return replace(made, manner=manner or Manner())


def posts(bot: Connected, forum: schema.Channel) -> list[schema.Channel]:
    """Return a forum's posts."""
    threads = [each for each in bot.discord.world.channels.values() if each.thread is not None]
    return [each for each in threads if each.thread.parent_id == forum.id]


def about(sent: Delivery, kind: Kind) -> Delivery:
    """Return what is owed about an alert."""
    key = f"{sent.key}!{kind}"
    return replace(
        sent,
        key=key,
        kind=kind,
        about=sent.key,
        target=sent.message_id,
        nonce=nonce(key),
        state=DeliveryState.PENDING,
        attempts=0,
        message_id=None,
        tried_at=None,
    )
