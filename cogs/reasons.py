"""/why: whether and why an alert was or was not posted in a channel."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord import app_commands

from bot.alerts import tell
from bot.delivery import Delivery, DeliveryState
from bot.message import Link
from bot.model import Milestone
from bot.queries.reasons import reasons
from bot.subscription import DIRECT, Subscription
from bot.text.reasons import why_message
from cogs._answers import Reader, tell_alone
from cogs._managing import Channel
from cogs._milestones import MilestoneQuestions
from cogs._places import FORUMS, Named
from cogs._posted import posted


@dataclass(frozen=True, slots=True)
class _Place:
    """A channel that is asked about; `name` is "" for that in which somebody asks."""

    channel_id: int
    guild_id: int
    name: str
    subscriptions: tuple[Subscription, ...]


class Reasons(MilestoneQuestions):
    """Answer why something was posted, or not."""

    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.command(description="Say why an alert was posted in a channel, or why not")
    @app_commands.describe(
        key="The last line of its alert, or words of its headline",
        channel="The channel you ask about; this one if not given",
    )
    @app_commands.autocomplete(key=MilestoneQuestions.offer_keys)
    async def why(
        self, interaction: discord.Interaction, key: str, channel: Channel | None = None
    ) -> None:
        """Say step by step what became of a milestone in a channel, to that person alone."""
        if channel is not None and not channel.permissions.view_channel:
            await tell_alone(interaction, self._hidden(interaction))
            return
        reader = await self._answers.begin(interaction, private=True)
        milestone = await self._meant(key, reader)
        place = await self._place(interaction, channel)
        await self._answer(reader, milestone, place)

    def _hidden(self, interaction: discord.Interaction) -> str:
        say = self._answers.say(interaction)
        return say("You cannot see that channel, so I do not tell of it.")

    async def _place(self, interaction: discord.Interaction, channel: Named | None) -> _Place:
        guild = interaction.guild_id or DIRECT
        known = await self._store.subscriptions(guild)
        if guild == DIRECT:
            own = tuple(each for each in known if each.created_by == interaction.user.id)
            at = own[0].channel_id if own else interaction.channel_id or 0
            return _Place(at, guild, "", own)
        at = channel.id if channel is not None else _here(interaction)
        name = channel.name if channel is not None and at != interaction.channel_id else ""
        return _Place(at, guild, name, tuple(each for each in known if each.channel_id == at))

    async def _answer(self, reader: Reader, milestone: Milestone, place: _Place) -> None:
        at, known = place.channel_id, await self._reference.directory()
        rows = await self._rows(milestone, at)
        settings = await self._store.channels(place.guild_id)
        changes = await self._store.changes(place.guild_id)
        why = reasons(
            milestone,
            next((each for each in settings if each.channel_id == at), None),
            place.subscriptions,
            rows,
            [each for each in changes if each.channel_id == at],
            reader.now,
        )
        headline = tell(milestone, self._rules, known, reader.say).headline
        links = _links(rows, reader)
        await reader.show(why_message(why, headline, place.name, known.name, links, reader.say))

    async def _rows(self, milestone: Milestone, channel: int) -> Sequence[Delivery]:
        """Return the alerts of a channel with a milestone, and what they were gathered into."""
        rows = await self._store.about(milestone.key, channel)
        known = {row.key for row in rows}
        into = {row.about or "" for row in rows if row.state is DeliveryState.GATHERED}
        return (*rows, *await self._store.deliveries(sorted(into - known)))


def _here(interaction: discord.Interaction) -> int:
    """Return the channel in which somebody asks; in a forum's post that is the forum."""
    channel = interaction.channel
    if isinstance(channel, discord.Thread) and channel.parent is not None:
        return channel.parent.id if channel.parent.type in FORUMS else channel.id
    return interaction.channel_id or 0


def _links(rows: Sequence[Delivery], reader: Reader) -> dict[str, Link]:
    """Return the ways to messages by the keys of their deliveries."""
    return {
        row.key: link
        for row in rows
        for link in posted([row], reader.interaction, reader.say).values()
    }
