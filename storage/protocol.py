"""What a store must do, in the words of the domain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.delivery import Delivery, Pause, Subscription
from bot.knowledge import CatalogueEntry
from bot.model import Day, Memory, Milestone
from bot.settling import Sighting
from bot.states import State

KEPT_WHOLE = timedelta(days=90)
KEPT_SLIM = timedelta(days=365)


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
        """Return the subscriptions (of one server), by channel."""

    async def subscribe(self, subscription: Subscription) -> bool:
        """Keep a subscription; False if its channel has one already, which then stays."""

    async def amend(self, subscription: Subscription) -> bool:
        """Keep a subscription in place of its channel's; False if that has none.

        The channel's pause, or that it has none, stays; and so does what is owed to it.
        """

    async def unsubscribe(self, channel_id: int) -> bool:
        """Drop a channel's subscription; False if it had none. What is unsent for it goes too."""

    async def pause(self, channel_id: int, pause: Pause, notices: Sequence[Delivery] = ()) -> bool:
        """Pause a channel's subscription and owe these notices, whose keys may be known already.

        False, and nothing is kept, if it has no subscription or that is paused.
        """

    async def resume(self, channel_id: int, now: datetime) -> bool:
        """Take a pause back; what was `missed` by `now` is dead. False if it was not paused."""

    async def open_deliveries(self, channel_id: int | None = None) -> tuple[Delivery, ...]:
        """Return what is neither sent nor dead (for a channel), in the order it was recorded.

        What is owed to channels whose subscription is paused waits and is left out.
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

        What waits for a paused channel and is `missed` is dead from then on.

        After 90 days (`KEPT_WHOLE`) an alert that was sent is kept as what its edit would need:
        key, milestones, channel, server, message, language, forum; anything else is dropped. After
        a year more (`KEPT_SLIM`) that goes too. When it fails, a repeat completes it.
        """

    async def guilds(self) -> frozenset[int]:
        """Return the servers that a subscription or a delivery is of, whatever its state."""

    async def absences(self) -> Mapping[int, datetime]:
        """Return the servers that we are not in any more, and when that was noticed (UTC)."""

    async def put_absences(self, absences: Mapping[int, datetime]) -> None:
        """Keep these in place of the ones before."""

    async def purge(self, guild_id: int) -> None:
        """Drop all that is kept of a server: subscriptions, deliveries whatever their state.

        Its absence goes last: when it fails, part may be gone, and a repeat completes it.
        """

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
