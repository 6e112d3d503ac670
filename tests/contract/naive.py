"""A store that is nothing but dictionaries."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.delivery import MISSED, Delivery, DeliveryState, Kind, Manner, Pause, Subscription, missed
from bot.knowledge import CatalogueEntry
from bot.model import BOARD_MODELS, Day, Milestone
from storage.protocol import Changes, Progress
from tests.contract.nouns import CHANNELS, DELIVERIES, MILESTONES, NOTHING, OTHER_BOARD

UNSENT = (DeliveryState.PENDING, DeliveryState.SENDING)
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
    )


@dataclass
class Naive:
    """A store that is nothing but dictionaries."""

    readings: dict[str, dict[date, list[Day]]] = field(default_factory=dict)
    current: dict[str, dict[date, Day]] = field(default_factory=dict)
    progress: dict[str, Progress] = field(default_factory=dict)
    milestones: dict[str, Milestone] = field(default_factory=dict)
    subscriptions: dict[int, Subscription] = field(default_factory=dict)
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

    def subscribe(self, subscription: Subscription) -> bool:
        kept = self.subscriptions.setdefault(subscription.channel_id, subscription)
        return kept is subscription

    def amend(self, subscription: Subscription) -> bool:
        known = self.subscriptions.get(subscription.channel_id)
        if known is None:
            return False
        kept = replace(subscription, paused=known.paused)
        self.subscriptions[subscription.channel_id] = kept
        return True

    def unsubscribe(self, channel: int) -> bool:
        known = self.subscriptions.pop(channel, None)
        for row in list(self.deliveries.values()):
            if row.channel_id == channel and row.state in UNSENT:
                del self.deliveries[row.key]
        return known is not None

    def save_deliveries(self, rows: tuple[Delivery, ...]) -> frozenset[str]:
        known = {row.key: row for row in rows if row.key in self.deliveries}
        self.deliveries |= known
        return frozenset(known)

    def settled(self, key: str) -> bool:
        return key in self.deliveries and self.deliveries[key].state not in UNSENT

    def pause(self, channel: int, pause: Pause, notices: tuple[Delivery, ...]) -> bool:
        found = self.subscriptions.get(channel)
        if found is None or found.paused is not None:
            return False
        self.subscriptions[channel] = replace(found, paused=pause)
        self.deliveries = self.deliveries | {
            each.key: each for each in notices if each.key not in self.deliveries
        }
        return True

    def resume(self, channel: int, now: datetime) -> bool:
        found = self.subscriptions.get(channel)
        if found is None or found.paused is None:
            return False
        self.subscriptions[channel] = replace(found, paused=None)
        for row in self.deliveries.values():
            if row.channel_id == channel and row.state in UNSENT and missed(row, now):
                dead = replace(row, state=DeliveryState.DEAD, reason=MISSED)
                self.deliveries[row.key] = dead
        return True

    def tidy(self, now: datetime) -> None:
        paused = {each.channel_id for each in self.subscriptions.values() if each.paused}
        for row in list(self.deliveries.values()):
            age = now - row.created_at
            if row.state in UNSENT and row.channel_id in paused and missed(row, now):
                row = replace(row, state=DeliveryState.DEAD, reason=MISSED)  # noqa: PLW2901
                self.deliveries[row.key] = row
            if row.state in UNSENT or age <= timedelta(days=90):
                continue
            del self.deliveries[row.key]
            alert = row.kind is Kind.ALERT and row.state is DeliveryState.SENT
            if alert and age <= timedelta(days=455):
                self.deliveries[row.key] = _slim(row)

    def put_absences(self, absences: dict[int, datetime]) -> None:
        self.absences = absences

    def purge(self, guild: int) -> None:
        self.absences = {g: when for g, when in self.absences.items() if g != guild}
        self.subscriptions = {c: s for c, s in self.subscriptions.items() if s.guild_id != guild}
        self.deliveries = {k: d for k, d in self.deliveries.items() if d.guild_id != guild}

    def open(self, channel: int | None = None) -> tuple[Delivery, ...]:
        paused = {c for c, s in self.subscriptions.items() if s.paused}
        rows = (d for d in self.deliveries.values() if channel in {None, d.channel_id})
        return tuple(d for d in rows if d.state in UNSENT and d.channel_id not in paused)

    def alerts(self) -> frozenset[Delivery]:
        alerts = (d for d in self.deliveries.values() if d.kind is Kind.ALERT)
        return frozenset(d for d in alerts if d.state in WENT and "m1" in d.milestones)

    def everything(self) -> dict[str, object]:
        """Return what `everything` returns of a store that holds the same."""
        held: dict[str, object] = {
            "subscriptions": tuple(s for _, s in sorted(self.subscriptions.items())),
            "by key": tuple(self.milestones[k] for k in MILESTONES if k in self.milestones),
            "open": self.open(),
            "open by channel": [each for n in CHANNELS for each in self.open(n)],
            "deliveries": tuple(self.deliveries[k] for k in DELIVERIES if k in self.deliveries),
            "alerts": self.alerts(),
            "absences": self.absences,
            "guilds": frozenset(
                each.guild_id for each in (*self.subscriptions.values(), *self.deliveries.values())
            ),
            "catalogue": self.catalogue,
            "commands": self.commands,
        }
        for board in (BOARD_MODELS, OTHER_BOARD):
            held |= self._of_board(board)
        return held

    def _of_board(self, board: str) -> dict[str, object]:
        days = sorted(self.current.get(board, {}).items())
        readings = self.readings.get(board, {})
        found = [m for m in self.milestones.values() if m.board == board]
        return {
            f"{board}: days": days,
            f"{board}: versions": {when: set(readings[when]) - {now} for when, now in days},
            f"{board}: progress": self.progress.get(board, NOTHING),
            f"{board}: milestones": tuple(sorted(found, key=lambda m: (m.date, m.key))),
        }
