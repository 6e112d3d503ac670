"""What is done with subscriptions and digests from below their list."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import discord

from bot.answers.managed import Entry, which_of
from bot.delivery import Delivery, Kind
from bot.queries.forecast import last_alert
from bot.queries.managed import lately_tested
from bot.routing import nonce
from bot.standings import newest_judged
from bot.subscription import Channel, Deed, Subscription
from bot.text import managing as words
from bot.text.say import Say
from cogs._managing import Managing
from cogs._places import Known, lacking, our_permissions, permission_names
from cogs._standing import found


class Deeds(Managing):
    """Pause, resume, test and end; whoever ends something holds `changing`."""

    async def _pause(self, interaction: discord.Interaction, entry: Entry) -> str:
        async with self._answers.changing:
            one = await self._again(entry)
            if one is None or one.stopped is not None:
                return ""
            change = self._change(interaction, one.channel_id, Deed.STOPPED, one.number)
            await self._store.amend(replace(one, stopped=self._now()), change)
        return words.stopped(entry, self._say(interaction))

    async def _resume(self, interaction: discord.Interaction, entry: Entry) -> str:
        """Let a subscription go on, and its channel if it is closed to us no more."""
        told, say = list[str](), self._say(interaction)
        paused = entry.channel.paused is not None
        closed = paused and await self._lacking(interaction, entry.channel) != []
        async with self._answers.changing:
            one = await self._again(entry)
            if one is not None and one.stopped is not None:
                resumed = replace(one, stopped=None, after=await self._after(one.wish.boards))
                change = self._change(interaction, one.channel_id, Deed.RESUMED, one.number)
                await self._store.amend(resumed, change)
                told.append(words.resumed(entry, resumed, say))
            if not closed and await self._open(interaction, entry.channel):
                told.append(words.opened(entry.channel, say))
        if closed:
            told.append(words.still_closed(say))
        return "\n".join(told)

    async def _open(self, interaction: discord.Interaction, channel: Channel) -> bool:
        """Let a channel go on that was closed to us; False if it was not."""
        if not await self._store.resume(channel.channel_id, self._now()):
            return False
        self._wake()
        await self._store.put_change(self._change(interaction, channel.channel_id, Deed.RESUMED))
        return True

    async def _test(self, interaction: discord.Interaction, entry: Entry) -> str:
        """Owe a channel the newest alert that a subscription would have brought, as a test."""
        say, now = self._say(interaction), self._now()
        if entry.channel.paused is not None:
            return words.no_test(say)
        async with self._answers.changing:
            one = await self._again(entry)
            if one is None:
                return ""
            changes = await self._store.changes(one.guild_id)
            if lately_tested(changes, one.channel_id, now):
                return words.too_soon(say)
            await self._store.owe([await self._made(one)])
            change = self._change(interaction, one.channel_id, Deed.TESTED, one.number)
            await self._store.put_change(change)
        self._wake()
        return words.owed(entry.channel, say)

    async def _made(self, one: Subscription) -> Delivery:
        stored = [each for b in one.wish.boards for each in await self._store.milestones(b)]
        alert, now = last_alert(stored, one), self._now()
        key = f"{one.channel_id}:test.{now:%Y-%m-%d.%H%M%S}"
        return Delivery(
            key=key,
            channel_id=one.channel_id,
            guild_id=one.guild_id,
            milestones=alert.milestones if alert else (),
            nonce=nonce(key),
            created_at=now,
            language=one.language,
            kind=Kind.TEST,
            manner=replace(one.manner, mentions=(), publish=False),
        )

    async def _end(self, interaction: discord.Interaction, ending: Sequence[Entry]) -> bool:
        """End these; False if one of them was gone already."""
        return all([await self._end_one(interaction, each) for each in ending])

    async def _end_one(self, interaction: discord.Interaction, entry: Entry) -> bool:
        channel_id, one = entry.channel.channel_id, entry.subscription
        if one is not None:
            if await self._again(entry) is None:
                return False
            change = self._change(interaction, channel_id, Deed.UNSUBSCRIBED, one.number)
            return await self._store.unsubscribe(channel_id, one.number, change)
        channels = await self._store.channels(entry.channel.guild_id)
        now = next((each for each in channels if each.channel_id == channel_id), None)
        if now is None or now.digest is None:
            return False
        change = self._change(interaction, channel_id, Deed.NO_DIGEST)
        await self._store.put_channel(replace(now, digest=None), change)
        return True

    async def _again(self, entry: Entry) -> Subscription | None:
        """Return an entry's subscription as it is now; None if it has none, or it is gone."""
        held = await self._store.subscriptions(entry.channel.guild_id)
        return next((one for one in held if which_of(one) == entry.which), None)

    async def _after(self, boards: Iterable[str]) -> date:
        """Return the day after which milestones of boards are told to who asks for them now."""
        judged = newest_judged(self._now())
        return min([(await self._store.progress(board)).through or judged for board in boards])

    async def _lacking(
        self, interaction: discord.Interaction, channel: Channel
    ) -> list[str] | None:
        """Return what we lack in a channel, by its names; None where we cannot see the channel."""
        place = await found(interaction, channel.channel_id)
        return None if place is None else lacked(place, self._say(interaction))


def lacked(place: Known, say: Say) -> list[str]:
    """Return the names of what we lack for posting in a place."""
    return permission_names(place, lacking(place, our_permissions(place)), say)
