"""A store that is nothing but dictionaries."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.delivery import MISSED, TOO_OLD, Delivery, DeliveryState, Gathering, Kind, missed
from bot.knowledge import CatalogueEntry
from bot.model import Day, Milestone
from bot.subscription import Change, Channel, Manner, Pause, Subscription
from bot.turns import next_claims
from storage.protocol import Changes, Progress

UNSENT = (DeliveryState.PENDING, DeliveryState.SENDING)
UNSETTLED = (*UNSENT, DeliveryState.HELD)
WENT = (DeliveryState.SENDING, DeliveryState.SENT)


def _slim(alert: Delivery) -> Delivery:
    return Delivery(
        key=alert.key,
        channel_id=alert.channel_id,
        guild_id=alert.guild_id,
        milestones=alert.milestones,
        nonce="",
        created_at=datetime.combine(alert.created_at.date(), time(), UTC),
        language=alert.language,
        state=DeliveryState.SENT,
        message_id=alert.message_id,
        manner=Manner(forum=alert.manner.forum),
        form=alert.form,
        summary=alert.summary,
    )


@dataclass
class Naive:
    """A store that is nothing but dictionaries."""

    readings: dict[str, dict[date, list[Day]]] = field(default_factory=dict)
    current: dict[str, dict[date, Day]] = field(default_factory=dict)
    progress: dict[str, Progress] = field(default_factory=dict)
    milestones: dict[str, Milestone] = field(default_factory=dict)
    subscriptions: dict[tuple[int, int], Subscription] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    changes: dict[int, list[Change]] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    absences: dict[int, datetime] = field(default_factory=dict)
    catalogue: tuple[CatalogueEntry, ...] = ()
    commands: str | None = None

    def put_days(self, board: str, days: tuple[Day, ...]) -> Changes:
        added: set[date] = set()
        restated: set[date] = set()
        current = self.current.setdefault(board, {})
        for each in days:
            stored = current.get(each.date)
            if stored is not None and (stored.rows, stored.other) == (each.rows, each.other):
                continue
            self.readings.setdefault(board, {}).setdefault(each.date, []).append(each)
            if stored is not None and each.as_of < stored.as_of:
                continue
            (added if stored is None else restated).add(each.date)
            current[each.date] = each
        self._forget(board, added | restated)
        return Changes(tuple(sorted(added)), tuple(sorted(restated - added)))

    def _forget(self, board: str, changed: set[date]) -> None:
        known = self.progress.get(board)
        if known is not None:
            kept = (m for m in known.memories if all(m.through < when for when in changed))
            self.progress[board] = replace(known, memories=tuple(kept))

    def record(
        self,
        board: str,
        reached: Progress,
        milestones: tuple[Milestone, ...],
        deliveries: tuple[Delivery, ...],
    ) -> None:
        self.progress[board] = reached
        self.milestones = {each.key: each for each in milestones} | self.milestones
        for each in deliveries:
            self.deliveries.setdefault(each.key, each)

    def put_change(self, change: Change | None) -> None:
        if change is not None:
            listed = [change, *self.changes.get(change.guild_id, ())]
            self.changes[change.guild_id] = listed[:100]

    def subscribe(self, subscription: Subscription, change: Change | None) -> bool:
        at = subscription.channel_id
        if (at, subscription.number) in self.subscriptions:
            return False
        self.subscriptions[at, subscription.number] = subscription
        self.channels.setdefault(at, Channel(at, subscription.guild_id))
        self.put_change(change)
        return True

    def amend(self, subscription: Subscription, change: Change | None) -> bool:
        at = (subscription.channel_id, subscription.number)
        if at not in self.subscriptions:
            return False
        self.subscriptions[at] = subscription
        self.put_change(change)
        return True

    def unsubscribe(self, channel: int, number: int | None, change: Change | None) -> bool:
        ended = [at for at in self.subscriptions if at[0] == channel and number in {None, at[1]}]
        for at in ended:
            del self.subscriptions[at]
        if ended:
            self.put_change(change)
        self._end_if_empty(channel)
        return bool(ended)

    def put_channel(self, channel: Channel, change: Change | None) -> None:
        at = channel.channel_id
        before = self.channels.get(at)
        self.channels[at] = replace(channel, paused=before.paused if before else None)
        self._end_if_empty(at)
        if self.channels.get(at) != before:
            self.put_change(change)

    def _end_if_empty(self, channel: int) -> None:
        found = self.channels.get(channel)
        digest = found is not None and found.digest is not None
        if digest or any(at == channel for at, _ in self.subscriptions):
            return
        self.channels.pop(channel, None)
        for row in list(self.deliveries.values()):
            if row.channel_id == channel and row.state in UNSETTLED:
                del self.deliveries[row.key]

    def owe(self, rows: tuple[Delivery, ...]) -> None:
        for each in rows:
            self.deliveries.setdefault(each.key, each)

    def gather(
        self, gatherings: tuple[Gathering, ...], digests: dict[int, datetime] | None = None
    ) -> None:
        for channel, moment in (digests or {}).items():
            found = self.channels.get(channel)
            if found is not None and found.digest is not None:
                after = max(moment, found.digest.after)
                kept = replace(found, digest=replace(found.digest, after=after))
                self.channels[channel] = kept
        for each in gatherings:
            found = [self.deliveries[key] for key in each.held if key in self.deliveries]
            held = [row for row in found if row.state is DeliveryState.HELD]
            new = each.delivery.key not in self.deliveries
            there = self.channels.get(each.delivery.channel_id)
            wanted = there is not None and (each.delivery.summary is None or there.digest)
            if new and wanted and (held or not each.held):
                self.deliveries[each.delivery.key] = each.delivery
                for row in held:
                    told = replace(row, state=DeliveryState.GATHERED, about=each.delivery.key)
                    self.deliveries[row.key] = told
                self.owe(each.beside)

    def forget(self, person: int) -> None:
        for at, each in self.subscriptions.items():
            if each.created_by == person and each.guild_id != 0:
                self.subscriptions[at] = replace(each, created_by=0)
        for guild, listed in self.changes.items():
            self.changes[guild] = [
                replace(each, who=0) if each.who == person else each for each in listed
            ]

    def save_deliveries(self, rows: tuple[Delivery, ...]) -> frozenset[str]:
        known = {row.key: row for row in rows if row.key in self.deliveries}
        self.deliveries |= known
        return frozenset(known)

    def claim(
        self, channels: tuple[int, ...], now: datetime, outcomes: tuple[Delivery, ...]
    ) -> tuple[frozenset[str], dict[int, datetime]]:
        self.save_deliveries(outcomes)
        rows = {at: [row for row in self.open() if row.channel_id == at] for at in channels}
        claims, later = next_claims(rows, now)
        return self.save_deliveries(tuple(claims)), later

    def settled(self, key: str) -> bool:
        return key in self.deliveries and self.deliveries[key].state not in UNSETTLED

    def pause(self, channel: int, pause: Pause, notices: tuple[Delivery, ...]) -> bool:
        found = self.channels.get(channel)
        if found is None or found.paused is not None:
            return False
        self.channels[channel] = replace(found, paused=pause)
        self.owe(notices)
        return True

    def resume(self, channel: int, now: datetime) -> bool:
        found = self.channels.get(channel)
        if found is None or found.paused is None:
            return False
        self.channels[channel] = replace(found, paused=None)
        for row in self.deliveries.values():
            if row.channel_id == channel and row.state in UNSENT and missed(row, now):
                dead = replace(row, state=DeliveryState.DEAD, reason=MISSED)
                self.deliveries[row.key] = dead
        return True

    def tidy(self, now: datetime) -> None:
        paused = self._paused()
        for row in list(self.deliveries.values()):
            age = now - row.created_at
            if row.state in UNSENT and row.channel_id in paused and missed(row, now):
                row = replace(row, state=DeliveryState.DEAD, reason=MISSED)  # noqa: PLW2901
                self.deliveries[row.key] = row
            if row.state is DeliveryState.HELD and age > timedelta(days=35):
                row = replace(row, state=DeliveryState.DEAD, reason=TOO_OLD)  # noqa: PLW2901
                self.deliveries[row.key] = row
            if row.state in UNSETTLED or age <= timedelta(days=90):
                continue
            del self.deliveries[row.key]
            alert = row.kind is Kind.ALERT and row.state is DeliveryState.SENT
            if alert and age <= timedelta(days=455):
                self.deliveries[row.key] = _slim(row)

    def note_absences(self, absent: dict[int, datetime], back: tuple[int, ...]) -> None:
        noted = {**absent, **self.absences}
        self.absences = {guild: when for guild, when in noted.items() if guild not in back}

    def purge(self, guild: int) -> None:
        self.absences = {g: when for g, when in self.absences.items() if g != guild}
        self.subscriptions = {c: s for c, s in self.subscriptions.items() if s.guild_id != guild}
        self.channels = {c: each for c, each in self.channels.items() if each.guild_id != guild}
        self.changes.pop(guild, None)
        self.deliveries = {k: d for k, d in self.deliveries.items() if d.guild_id != guild}

    def purge_channel(self, channel: int) -> None:
        self.subscriptions = {c: s for c, s in self.subscriptions.items() if c[0] != channel}
        self.channels.pop(channel, None)
        self.deliveries = {k: d for k, d in self.deliveries.items() if d.channel_id != channel}

    def kept(self, guild: int, channel: int | None = None) -> tuple[Delivery, ...]:
        rows = [d for d in self.deliveries.values() if d.guild_id == guild]
        found = (d for d in rows if channel in {None, d.channel_id})
        return tuple(sorted(found, key=lambda row: (row.created_at, row.key)))

    def open(self, channel: int | None = None) -> tuple[Delivery, ...]:
        paused = self._paused()
        rows = (d for d in self.deliveries.values() if channel in {None, d.channel_id})
        return tuple(d for d in rows if d.state in UNSENT and d.channel_id not in paused)

    def _paused(self) -> set[int]:
        return {channel for channel, each in self.channels.items() if each.paused}

    def held(self) -> tuple[Delivery, ...]:
        rows = (d for d in self.deliveries.values() if d.state is DeliveryState.HELD)
        return tuple(d for d in rows if d.channel_id not in self._paused())

    def posts(self, since: datetime | None = None, guild: int | None = None) -> frozenset[Delivery]:
        owed = (*UNSENT, DeliveryState.SENT)
        alerts = (d for d in self.deliveries.values() if d.kind is Kind.ALERT and d.state in owed)
        return frozenset(
            d
            for d in alerts
            if (since is None or d.created_at >= since) and guild in {None, d.guild_id}
        )

    def about(self, milestone: str, channel: int) -> frozenset[Delivery]:
        alerts = (d for d in self.deliveries.values() if d.kind is Kind.ALERT)
        return frozenset(d for d in alerts if d.channel_id == channel and milestone in d.milestones)

    def alerts(self) -> frozenset[Delivery]:
        alerts = (d for d in self.deliveries.values() if d.kind is Kind.ALERT)
        return frozenset(d for d in alerts if d.state in WENT and "m1" in d.milestones)
