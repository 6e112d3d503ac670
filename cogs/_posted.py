"""Where alerts stand that were posted in the place from which somebody asks."""

from collections.abc import Iterable, Mapping

import discord

from bot.delivery import Delivery
from bot.message import Link
from bot.text.say import Say


def posted(
    alerts: Iterable[Delivery], interaction: discord.Interaction, say: Say
) -> Mapping[str, Link]:
    """Return the ways to these alerts by the keys of the milestones they tell of.

    Only to those in this server, this channel's before others; in direct messages to those there.
    """
    channel, server = interaction.channel_id, interaction.guild_id
    here = [
        alert
        for alert in alerts
        if alert.message_id is not None
        and (alert.channel_id == channel if server is None else alert.guild_id == server)
    ]
    here.sort(key=lambda alert: alert.channel_id == channel)
    return {key: Link(say("its alert"), _url(alert)) for alert in here for key in alert.milestones}


def _url(alert: Delivery) -> str:
    # In a forum the alert is a post of its own, a channel that has the message's id.
    place = alert.message_id if alert.manner.forum else alert.channel_id
    return f"https://discord.com/channels/{alert.guild_id or '@me'}/{place}/{alert.message_id}"
