"""What had to be announced, and what was: compared at the end of a life."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.delivery import Delivery, Form, Kind
from bot.model import Milestone
from bot.subscription import Channel, Subscription
from tests.naive.milestones import Told, _silenced_by
from tests.naive.settings import asks, quiet, tellable
from tests.soak.edges import Arrived

SAME = timedelta(days=3)
LATEST = timedelta(days=7)
_NEVER = datetime.max.replace(tzinfo=UTC)

Place = tuple[int, str]
"""A channel, and a language in which it is told."""


@dataclass
class Findings:
    """What is wrong; empty when all is as it has to be."""

    milestones: int = 0
    announced: int = 0
    late: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)


@dataclass
class Account:
    """What polls found, and to whom it was due, by a naive reading of what was set then."""

    found: dict[str, Milestone] = field(default_factory=dict)
    when: dict[str, datetime] = field(default_factory=dict)
    due: dict[str, set[Place]] = field(default_factory=dict)
    dropped: dict[str, set[Place]] = field(default_factory=dict)
    loud: list[str] = field(default_factory=list)

    def polled(
        self, lately: Iterable[Milestone], asking: Sequence[Subscription], now: datetime
    ) -> None:
        """Take in those that a poll has found of the milestones of late."""
        for one in lately:
            if one.key in self.found:
                continue
            self.when[one.key] = now
            self.found[one.key] = replace(one, receipt=None, half_year=None, top=())
            if tellable(one) and now.date() - one.date <= LATEST:
                self.due[one.key] = {
                    (each.channel_id, each.language) for each in asking if asks(each, one)
                }

    def heard(
        self, owed: Iterable[Delivery], channels: Mapping[int, Channel], now: datetime
    ) -> None:
        """Note what has just become owed to a channel that is quiet."""
        for row in owed:
            channel = channels.get(row.channel_id)
            if channel is None or row.kind is not Kind.ALERT or row.created_at != now:
                continue
            if quiet(channel, now) is not None:
                self.loud.append(f"{row.key} at {now}")

    def left(self, channels: Iterable[int], arrived: Sequence[Arrived]) -> None:
        """Let go of what is due to channels that want nothing more, as far as it is not there."""
        gone = set(channels)
        there = {(each.channel, each.language, key) for each in arrived for key in each.milestones}
        for key, places in self.due.items():
            waived = {p for p in places if p[0] in gone and (*p, key) not in there}
            places.difference_update(waived)
            self.dropped.setdefault(key, set()).update(waived)


def compare(
    account: Account,
    arrived: Sequence[Arrived],
    stored: Mapping[str, Milestone],
    naive: Sequence[Told],
    digested: Callable[[int], bool],
) -> Findings:
    """Return what is wrong with what arrived.

    `stored` are the milestones as they stand in the end, `naive` those that a second telling of the
    final figures finds; `digested` says whether a channel has digests, which may tell for it.
    """
    told = [one for one in naive if not one.held and _silenced_early(one, naive) is None]
    real = [one for one in told if one.inhibited_by is None]
    found = Findings(milestones=len(real))
    for one in real:
        _look_for(one, account, stored, found)
    _look_at_the_rest(account, stored, naive, found)
    _look_at_places(account, arrived, stored, digested, found)
    return found


def _silenced_early(one: Told, naive: Sequence[Told]) -> str | None:
    """Return what silences one by its own day: what comes later cannot take it back."""
    return _silenced_by(one, [other for other in naive if other.date <= one.date])


def _same(one: Told, other: Milestone) -> bool:
    return (one.rule, one.subject, one.held) == (
        other.rule,
        other.subject,
        bool(other.held_by),
    ) and abs(one.date - other.date) <= SAME


def _look_for(
    one: Told, account: Account, stored: Mapping[str, Milestone], found: Findings
) -> None:
    here = [each for each in account.found.values() if _same(one, each)]
    standing = [each for each in here if stored[each.key].withdrawn is None]
    loud = [each for each in standing if tellable(each)]
    if not loud:
        found.lost.append(f"{one.key}: never found, or not told: {[_why(e) for e in here]}")
    elif len(loud) > 1:
        found.twice.append(f"{one.key}: {[each.key for each in loud]}")
    elif loud[0].key not in account.due:
        found.late += 1


def _why(one: Milestone) -> str:
    return f"{one.key} (silenced by {one.inhibited_by}, held by {one.held_by})"


def _look_at_the_rest(
    account: Account, stored: Mapping[str, Milestone], naive: Sequence[Told], found: Findings
) -> None:
    for key in account.due:
        alike = [each for each in naive if _same(each, account.found[key])]
        true = any(not _known_by_then(account, key, _silenced_early(e, naive)) for e in alike)
        if stored[key].withdrawn is None and not true:
            found.false.append(f"{key}: not of the final figures, and not withdrawn")


def _known_by_then(account: Account, key: str, silencer: str | None) -> bool:
    """Say whether what silences a milestone was found no later than that was told."""
    return silencer is not None and account.when.get(silencer, _NEVER) <= account.when[key]


def _look_at_places(
    account: Account,
    arrived: Sequence[Arrived],
    stored: Mapping[str, Milestone],
    digested: Callable[[int], bool],
    found: Findings,
) -> None:
    alerts = [each for each in arrived if each.kind is Kind.ALERT]
    told = Counter(_each(alerts, (Form.ALERT, Form.ROUNDUP)))
    summed = set(_each(alerts, (Form.DIGEST,)))
    found.announced = sum(told.values())
    for key, places in account.due.items():
        for place in places:
            mark = (*place, key)
            there = told.pop(mark, 0)
            excused = stored[key].withdrawn is not None or (mark in summed and digested(place[0]))
            if there == 0 and not excused:
                found.lost.append(f"{key}: not in {place}")
            if there > 1:
                found.twice.append(f"{key}: {there} times in {place}")
    others = (each for each in told if each[:2] not in account.dropped.get(each[2], ()))
    found.false += [f"{mark[2]}: nobody asked in {mark[:2]}" for mark in others]
    keys = Counter(each.key for each in arrived)
    found.twice += [f"{key}: sent {n} times" for key, n in keys.items() if n > 1]


def _each(arrived: Iterable[Arrived], forms: tuple[Form, ...]) -> list[tuple[int, str, str]]:
    return [
        (each.channel, each.language, key)
        for each in arrived
        if each.form in forms
        for key in each.milestones
    ]
