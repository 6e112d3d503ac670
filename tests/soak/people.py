"""Those who ask for milestones, how they want them, and when they come and go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from bot.model import Severity
from bot.standings import newest_judged
from bot.subscription import Channel, Digest, Manner, QuietHours, Subscription, Wish
from storage.protocol import Store
from tests.naive.held_settings import moment

MINOR = Wish(least=Severity.MINOR)
BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
OF_MODELS = ("dropout", "leader", "overtake", "surge", "token_mark", "top_entry")
GUESTS = range(20, 26)
LEAVES = timedelta(days=7)

_WISHES: Mapping[int, tuple[tuple[Wish, str, Manner], ...]] = {
    1: ((Wish(), "en", Manner()),),
    2: ((MINOR, "tr", Manner()),),
    3: ((Wish(), "en", Manner(mentions=(5, 6))),),
    4: ((MINOR, "en", Manner()),),
    5: ((Wish(), "en", Manner()), (MINOR, "tr", Manner(mentions=(7,)))),
    6: ((Wish(least=Severity.MINOR, rules=("leader", "surge")), "en", Manner()),),
    7: ((Wish(("models",), Severity.MINOR, OF_MODELS, ("a/", "b/m01")), "en", Manner()),),
    8: ((Wish(), "tr", Manner()),),
    9: ((Wish(), "en", Manner(publish=True)),),
    10: ((Wish(), "en", Manner(forum=True)),),
    11: ((Wish(), "en", Manner()),),
    12: ((MINOR, "en", Manner()),),
}
"""What each channel that stays asks for."""


def guild_of(channel: int) -> int:
    """Return the server of a channel: two channels each."""
    return 100 + channel // 2


@dataclass
class People:
    """What is set, told to the store as it changes; the store must know the same at any time."""

    chance: Random
    subscriptions: dict[int, tuple[Subscription, ...]] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    digests: dict[int, Digest] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    async def arrive(self, store: Store, now: datetime) -> None:
        """Let those come who stay."""
        for channel, wishes in _WISHES.items():
            await self._subscribe(store, channel, wishes, now)
        settled = {
            2: Channel(2, guild_of(2), quiet=QuietHours(22, 8, BERLIN)),
            3: Channel(3, guild_of(3), budget=6),
            4: Channel(4, guild_of(4), budget=3, digest=_digest(0, 9, NEW_YORK, "en", now)),
            8: Channel(
                8,
                guild_of(8),
                quiet=QuietHours(23, 7, NEW_YORK),
                digest=_digest(6, 2, BERLIN, "tr", now),
            ),
            12: Channel(12, guild_of(12), quiet=QuietHours(1, 3, LORD_HOWE)),
            13: Channel(13, guild_of(13), digest=_digest(5, 23, LORD_HOWE, "en", now)),
        }
        for channel in settled.values():
            await self._put(store, channel)
        self.digests = {n: each.digest for n, each in settled.items() if each.digest is not None}

    async def mute(self, store: Store, now: datetime) -> None:
        """Mute channel 11 for some hours or days, in place of what it had."""
        until = now + timedelta(hours=self.chance.randint(2, 100))
        await self._put(store, Channel(11, guild_of(11), muted_until=until))

    async def come_or_go(self, store: Store, now: datetime) -> tuple[int, ...]:
        """Let a guest come, or one leave; return the channels that want nothing more."""
        channel = self.chance.choice(GUESTS)
        if channel in self.subscriptions:
            await store.unsubscribe(channel)
            self._forget(channel)
            return (channel,)
        if guild_of(channel) not in self.gone:
            least = self.chance.choice(tuple(Severity))
            wish = (Wish(least=least), self.chance.choice(("en", "tr")), Manner())
            await self._subscribe(store, channel, (wish,), now)
        return ()

    async def remove_us(self, store: Store, now: datetime) -> None:
        """Let a server of guests remove the bot, or take it back before all is purged."""
        guild = guild_of(self.chance.choice(GUESTS))
        if guild in await store.absences():
            self.gone.discard(guild)
            await store.note_absences({}, [guild])
        else:
            self.gone.add(guild)
            await store.note_absences({guild: now}, [])

    def purged(self, absences: Mapping[int, datetime], now: datetime) -> tuple[int, ...]:
        """Forget those of servers that removed the bot too long ago; return their channels."""
        late = {guild for guild, since in absences.items() if now - since >= LEAVES}
        channels = tuple(each for each in self.subscriptions if guild_of(each) in late)
        for channel in channels:
            self._forget(channel)
        self.gone -= late
        return channels

    def all(self) -> tuple[Subscription, ...]:
        """Return all subscriptions, as the store orders them."""
        return tuple(one for _, each in sorted(self.subscriptions.items()) for one in each)

    async def calm(self, store: Store) -> None:
        """Want nothing held back any more; the digests end."""
        for number in self.channels:
            await self._put(store, Channel(number, guild_of(number)))

    async def _subscribe(
        self,
        store: Store,
        channel: int,
        wishes: tuple[tuple[Wish, str, Manner], ...],
        now: datetime,
    ) -> None:
        made = tuple(
            Subscription(
                channel, guild_of(channel), wish, newest_judged(now), now, 1, language, manner, n
            )
            for n, (wish, language, manner) in enumerate(wishes, start=1)
        )
        for each in made:
            assert await store.subscribe(each)
        self.subscriptions[channel] = made

    async def _put(self, store: Store, channel: Channel) -> None:
        await store.put_channel(channel)
        self.channels[channel.channel_id] = channel

    def _forget(self, channel: int) -> None:
        self.subscriptions.pop(channel, None)
        self.channels.pop(channel, None)


def _digest(weekday: int, hour: int, zone: str, language: str, now: datetime) -> Digest:
    return Digest(weekday, hour, zone, ("models",), language, now)


def digests_due(digest: Digest, end: datetime) -> Iterator[datetime]:
    """Yield the moments of a weekly digest from its beginning up to `end`, by walking there."""
    day: date = digest.after.date() - timedelta(days=2)
    while day <= end.date() + timedelta(days=2):
        if day.weekday() == digest.weekday:
            due = moment(day, digest.hour, digest.timezone)
            if digest.after < due <= end:
                yield due
        day += timedelta(days=1)


def without_digest(channel: Channel) -> Channel:
    """Return a channel's settings as far as they are compared: the store deals with digests."""
    return replace(channel, digest=None, paused=None)
