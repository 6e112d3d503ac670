"""What a store must do, in the words of the domain."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Protocol

from bot.delivery import Delivery, Gathering
from bot.knowledge import CatalogueEntry
from bot.model import Day, Memory, Milestone
from bot.settling import Sighting
from bot.states import State
from bot.subscription import Change, Channel, Pause, Subscription

KEPT_WHOLE = timedelta(days=90)
KEPT_SLIM = timedelta(days=365)

NO_DIGESTS: Mapping[int, datetime] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Changes:
    """What putting days changed: dates that are new, and dates that read otherwise before."""

    added: tuple[date, ...]
    restated: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a board is: detection's memories, and the mark of the last snapshot taken in.

    The memories are of the newest windows judged, oldest first; empty before there was one.
    `registry` is the version of the openness registry that milestones were last reviewed with;
    `sightings` are the readings of the days that may not have settled yet; `absent` are past days
    that the source has no rows of, ascending; `through` ends the newest window ever judged.
    """

    memories: tuple[Memory, ...]
    mark: str | None
    registry: str = ""
    sightings: tuple[Sighting, ...] = ()
    absent: tuple[date, ...] = ()
    through: date | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a claim took; when the next of a channel is due; channels that have to be asked again.

    Again, because what waits there was being changed by somebody else.
    """

    deliveries: tuple[Delivery, ...]
    later: Mapping[int, datetime]
    again: frozenset[int] = frozenset()


class Store(Protocol):
    """Keep everything. What a method has returned from survives a crash.

    Every method raises StoreError when it cannot do its work; then nothing of it is kept.
    """

    async def days(
        self, board: str, since: date | None = None, until: date | None = None
    ) -> Mapping[date, Day]:
        """Return the stored days from `since` to `until`, both included, ascending by date."""

    async def put_days(self, board: str, days: Sequence[Day]) -> Changes:
        """Keep days; a repeated call changes nothing.

        A day that reads otherwise than stored takes its place if its `as_of` is not older; the
        other reading is kept beside it. When a day that detection has judged is added or changed,
        the board's memories from that day on are forgotten, never later than the day is kept. When
        it fails, days may be kept in part; a repeat completes them.
        """

    async def versions(self, board: str, day: date) -> tuple[Day, ...]:
        """Return the readings of a day that are not the current one, by `as_of`."""

    async def progress(self, board: str) -> Progress:
        """Return how far a board is; nothing before its first `record`."""

    async def record(
        self,
        board: str,
        progress: Progress,
        milestones: Sequence[Milestone],
        deliveries: Sequence[Delivery],
        revised: Sequence[Milestone] = (),
    ) -> None:
        """Keep all of it or nothing; milestones and deliveries whose keys are known stay as is.

        `revised` milestones are known ones that take the place of what is kept of them.
        """

    async def milestones(self, board: str, since: date | None = None) -> tuple[Milestone, ...]:
        """Return the milestones dated from `since` on, by date, then key."""

    async def milestones_by_key(self, keys: Sequence[str]) -> tuple[Milestone, ...]:
        """Return the milestones of these keys, in their order; unknown keys are left out."""

    async def subscriptions(self, guild_id: int | None = None) -> tuple[Subscription, ...]:
        """Return the subscriptions (of one server), by channel, then number."""

    async def channels(self, guild_id: int | None = None) -> tuple[Channel, ...]:
        """Return the channels (of one server) with a subscription or a digest, by id."""

    async def subscribe(self, subscription: Subscription, change: Change | None = None) -> bool:
        """Keep a subscription; False if its channel has one of its number, which then stays.

        A channel that had none gets settings that hold nothing back.
        """

    async def amend(self, subscription: Subscription, change: Change | None = None) -> bool:
        """Keep a subscription in place of the one of its channel and number; False without one.

        What is owed to the channel stays.
        """

    async def unsubscribe(
        self, channel_id: int, number: int | None = None, change: Change | None = None
    ) -> bool:
        """Drop a channel's subscription of that number, or all of them; False if there is none.

        A channel that has neither a subscription nor a digest left goes too, with what is unsent
        for it.
        """

    async def put_channel(self, channel: Channel, change: Change | None = None) -> None:
        """Keep a channel's settings; its pause, or that it has none, stays.

        One that has neither a subscription nor a digest is gone afterwards, with what is unsent
        for it.
        """

    async def pause(self, channel_id: int, pause: Pause, notices: Sequence[Delivery] = ()) -> bool:
        """Pause a channel and owe these notices, whose keys may be known already.

        False, and nothing is kept, if it has no settings here or is paused.
        """

    async def resume(self, channel_id: int, now: datetime) -> bool:
        """Take a pause back; what was `missed` by `now` is dead. False if it was not paused."""

    async def changes(self, guild_id: int) -> tuple[Change, ...]:
        """Return the changes of a server's settings, newest first, at most CHANGES_KEPT.

        A change that was handed to another method is kept if and only if that did something.
        """

    async def changes_by(self, person: int) -> tuple[Change, ...]:
        """Return the changes that a person made, in whatever server, in no particular order."""

    async def put_change(self, change: Change) -> None:
        """Keep a change that altered nothing else here, such as a test that was asked for."""

    def deciding(self) -> AbstractAsyncContextManager[None]:
        """Let one at a time decide, by what is kept, what is owed; held until that is kept too."""

    async def owe(self, deliveries: Sequence[Delivery]) -> None:
        """Owe these; those whose keys are known stay as they are."""

    async def held(self) -> tuple[Delivery, ...]:
        """Return what is held back, to be told with others, in the order it was recorded.

        Not what is held for a paused channel.
        """

    async def gather(
        self, gatherings: Sequence[Gathering], digests: Mapping[int, datetime] = NO_DIGESTS
    ) -> None:
        """Owe roundups and digests and what is beside them, mark what they tell as gathered.

        `digests` has by channel up to when (UTC) its digests are dealt with; never less than is
        kept.

        All of it or nothing. A gathering whose delivery is known, whose channel is gone
        (or, for a digest, has none any more), or that names what is held and nothing of that is any
        more, does nothing.
        """

    async def posts(
        self, since: datetime | None = None, guild_id: int | None = None
    ) -> tuple[Delivery, ...]:
        """Return the alerts, whatever their form, owed since then (to one server), oldest first.

        Those waiting, being sent and sent; none that is dead, held back or gathered.
        """

    async def about(self, milestone: str, channel_id: int) -> tuple[Delivery, ...]:
        """Return the alerts of a channel with this milestone, whatever their form and state.

        In the order in which they became owed.
        """

    async def open_deliveries(self, channel_id: int | None = None) -> tuple[Delivery, ...]:
        """Return what waits or is being sent (for a channel), in the order it was recorded.

        What is owed to channels that are paused waits and is left out, and so is what is held back.
        """

    async def waiting(self) -> tuple[int, ...]:
        """Return the channels with open deliveries, those first whose first came first."""

    async def claim(
        self, channels: Collection[int], now: datetime, outcomes: Sequence[Delivery] = ()
    ) -> Claimed:
        """Keep outcomes as `save_deliveries` does, and then claim what is next at `now` (UTC).

        At most one delivery of each channel, as it is kept from then on: being sent, tried once
        more. What nobody may send now, because its channel is paused, is not claimed.
        """

    async def deliveries(self, keys: Sequence[str]) -> tuple[Delivery, ...]:
        """Return the deliveries of these keys, in their order; unknown keys are left out."""

    async def alerts_with(
        self, milestones: Sequence[str], guild_id: int | None = None
    ) -> tuple[Delivery, ...]:
        """Return the alerts (of one server) with any of these milestones that went out.

        Those too that are being sent.
        """

    async def save_deliveries(self, deliveries: Sequence[Delivery]) -> frozenset[str]:
        """Keep the new states of deliveries and return the keys kept.

        What was dropped meanwhile is not kept. A crash may come between two of them. Nobody opens
        again what is sent or dead.
        """

    async def tidy(self, now: datetime) -> None:
        """Let go of old deliveries that are sent or dead, by their `created_at`.

        What waits for a paused channel and is `missed`, or is held back for longer than
        LONGEST_HELD, is dead from then on.

        After 90 days (`KEPT_WHOLE`) an alert that was sent is kept as what its edit would need:
        key, milestones, channel, server, message, language, forum, form and summary; anything else
        is dropped. After a year more (`KEPT_SLIM`) that goes too. When it fails, a repeat completes
        it.
        """

    async def guilds(self) -> frozenset[int]:
        """Return the servers that a channel, a change or a delivery is of, whatever its state."""

    async def absences(self) -> Mapping[int, datetime]:
        """Return the servers that we are not in any more, and when that was noticed (UTC)."""

    async def note_absences(self, absent: Mapping[int, datetime], back: Collection[int]) -> None:
        """Add servers without us, unless they are known, and drop those that are back."""

    async def purge(self, guild_id: int) -> None:
        """Drop all that is kept of a server: channels, changes, deliveries whatever their state.

        Its absence goes last: when it fails, part may be gone, and a repeat completes it.
        """

    async def kept(self, guild_id: int, channel_id: int | None = None) -> tuple[Delivery, ...]:
        """Return the deliveries of a server (and channel), whatever they are, oldest first."""

    async def purge_channel(self, channel_id: int) -> None:
        """Drop all that is kept of a channel: subscriptions, settings, deliveries of every state.

        Changes stay. When it fails, part may be gone, and a repeat completes it.
        """

    async def forget(self, person: int) -> None:
        """Put NOBODY in place of a person in all subscriptions and changes of servers."""

    async def catalogue(self) -> tuple[CatalogueEntry, ...]:
        """Return the catalogue, by model; empty before the first `put_catalogue`."""

    async def put_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        """Keep the catalogue in place of the one before."""

    async def synced_commands(self) -> str | None:
        """Return the fingerprint of the commands that Discord last took, None before."""

    async def put_synced_commands(self, fingerprint: str) -> None:
        """Keep the fingerprint of the commands that Discord took."""

    async def requests(self) -> tuple[datetime, ...]:
        """Return when the source's keyed endpoints were asked, oldest first, as far as kept."""

    async def put_requests(self, moments: Sequence[datetime]) -> None:
        """Keep these moments (UTC) in place of the ones before."""

    async def states(self) -> tuple[State, ...]:
        """Return what was out of the ordinary, in the order it was put; empty before there was."""

    async def put_states(self, board: str, states: Sequence[State]) -> None:
        """Keep these states of a board in place of its ones before; those of others stay."""

    async def close(self) -> None:
        """Finish what is under way and let go of the store."""
