"""A channel in which alerts arrive in every way: what the commands that manage it work on."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.boards import MODELS
from bot.subscription import (
    Change,
    Channel,
    Deed,
    Digest,
    Manner,
    QuietHours,
    Subscription,
    Wish,
)
from tests.cogs.asked import Asked
from tests.cogs.stored import figures, polled_at

NOW = datetime(2026, 7, 11, 3, 30, tzinfo=UTC)
ISTANBUL = "Europe/Istanbul"


async def settle(bot: Asked) -> None:
    """Give the channel two subscriptions, one of them stopped, and a setting of each kind.

    A subscription that it has already stays as it is.
    """
    channel, guild, who = bot.channel_id, bot.guild_id, bot.person_id
    first = figures()[0]
    one = Subscription(channel, guild, Wish(), first.date, polled_at(first), who)
    made = Change(one.created_at, who, guild, channel, Deed.SUBSCRIBED, 1)
    await bot.store.subscribe(one, made)
    other = replace(one, number=2, manner=Manner(mentions=(bot.role_id,)), stopped=NOW)
    await bot.store.subscribe(other)
    digest = Digest(0, 9, ISTANBUL, (MODELS.name,), "en", NOW)
    quiet = QuietHours(22, 7, ISTANBUL)
    await bot.store.put_channel(Channel(channel, guild, None, NOW, quiet, 3, digest))
