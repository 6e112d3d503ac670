"""Real days in every version that was seen of them, replayed in that order."""

import csv
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.boards import MODELS
from bot.delivery import Delivery, Kind
from bot.message import Message, Outgoing
from bot.model import BOARD_MODELS, Cause, Day, Milestone, Openness, Row, Severity
from bot.openness import Directory, directory
from bot.outbox import Outbox
from bot.packaged import read_registry
from bot.pipeline import poll
from bot.sources import Snapshot
from bot.sources.catalogue import parse_catalogue
from bot.sources.rows import OTHER, parse_rows
from bot.subscription import Subscription, Wish
from storage.tinydb_store import TinyDBStore
from tests.following import Channel
from tests.made import at
from tests.naive import History, standings

RULES = rules.discover()
LAST_OF_HISTORY = date(2026, 6, 30)
SAME, ONE_DAY = timedelta(days=3), timedelta(days=1)
MIMO = "xiaomi/mimo-v2.5-20260422"
WRONG, WRONG_UNTIL = (date(2026, 7, 4), date(2026, 7, 5)), at(date(2026, 7, 7), 0, 0)


def versions_seen(folder: Path) -> tuple[Day, ...]:
    """Return every version that was seen of ten days, in the order seen."""
    rows: dict[tuple[datetime, date], list[tuple[str, int]]] = defaultdict(list)
    with (folder / "restatements.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            seen = datetime.fromisoformat(row["seen_utc"])
            one = (row["model_permaslug"], int(row["total_tokens"]))
            rows[seen, date.fromisoformat(row["date"])].append(one)
    return tuple(_day(when, counts, seen) for (seen, when), counts in sorted(rows.items()))


def _day(when: date, counts: Sequence[tuple[str, int]], seen: datetime) -> Day:
    ranked = sorted((c for c in counts if c[0] != OTHER), key=lambda c: (-c[1], c[0]))
    return Day(when, tuple(Row(*each) for each in ranked), dict(counts).get(OTHER), seen)


def history(folder: Path) -> tuple[Day, ...]:
    """Return the days before, as they were in the end."""
    text = (folder / "rankings_daily.csv").read_text(encoding="utf-8")
    read = at(LAST_OF_HISTORY + ONE_DAY, 0, 0)
    days = parse_rows(text, where="rankings_daily.csv", as_of=read, today=date(2026, 8, 22))
    return tuple(each for each in days if each.date <= LAST_OF_HISTORY)


def known_models(folder: Path) -> Directory:
    """Return what registry and real catalogue know."""
    content = (folder / "catalog.json").read_bytes()
    return directory(read_registry(), parse_catalogue(content, "catalog.json"))


@dataclass
class AsSeen:
    """A source that gives the days of the last three in the version that was seen last."""

    versions: Sequence[Day]
    keyed: bool

    async def fetch(self, seen: str | None, now: datetime) -> Snapshot | None:
        """Return what a reader got at `now`."""
        last = {one.date: one for one in self.versions if one.as_of <= now}
        recent = [one for one in last.values() if now.date() - one.date <= SAME]
        days = tuple(replace(one, as_of=now) for one in sorted(recent, key=lambda d: d.date))
        return Snapshot("as seen", days, f"{now}, not {seen}"[:40])


@dataclass
class World:
    """What was replayed: the store, its last figures, and what was owed and posted."""

    store: TinyDBStore
    known: Directory
    days: Mapping[date, Day]
    owed: tuple[Delivery, ...]
    channel: Channel

    async def alerted(self) -> tuple[Milestone, ...]:
        """Return the milestones of all alerts, as they are stored now."""
        keys = [key for one in self.owed if one.kind is Kind.ALERT for key in one.milestones]
        found = await self.store.milestones_by_key(keys)
        assert [one.key for one in found] == keys
        return found


async def title_only(delivery: Delivery) -> Outgoing:
    """Say what kind of message it is, and about what."""
    title = f"{delivery.kind} {' '.join(delivery.milestones)}"
    return Outgoing(Message(title, (), "", (), (), ""), None)


async def replayed(
    folder: Path, store: TinyDBStore, versions: Sequence[Day], *, keyed: bool
) -> World:
    """Poll at each moment a version was seen and some hours later, as a bot does."""
    known, channel, owed = known_models(folder), Channel(), []
    source, before = AsSeen(versions, keyed), history(folder)
    await store.put_days(BOARD_MODELS, before)
    wish = Wish(least=Severity.MINOR)
    await store.subscribe(Subscription(7, 1, wish, LAST_OF_HISTORY, at(LAST_OF_HISTORY), 1))
    seen = {one.as_of for one in versions}
    later = {at(when.date(), hour) for when in seen for hour in (3, 6, 12)}
    for now in sorted(seen | later):
        result = await poll(MODELS, source, store, known, RULES, now)
        owed += result.deliveries
        await Outbox(store, title_only, channel, lambda now=now: now).drain()
    last = {one.date: one for one in (*before, *versions)}
    return World(store, known, last, tuple(owed), channel)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[TinyDBStore]:
    """Return an empty store."""
    opened = TinyDBStore(tmp_path, writable=True)
    yield opened
    await opened.close()


def true_in_the_end(world: World) -> set[tuple[str, str, date]]:
    """Return what a naive recomputation finds in the final figures: rule, subject and day."""

    def said(model: str, day: date) -> Openness:
        return world.known.at(model, day).openness

    found = History(BOARD_MODELS, world.days, said, world.known.name).milestones()
    return {(one.rule, one.subject, one.date) for one in found if not one.held}


def same(one: Milestone, other: tuple[str, str, date]) -> bool:
    """Say whether a milestone is another one, be it dated up to three days apart."""
    rule, subject, day = other
    return (one.rule, one.subject) == (rule, subject) and abs(one.date - day) <= SAME


@pytest.mark.parametrize("keyed", [True, False], ids=["keyed", "exports"])
async def test_no_alert_comes_twice_and_none_is_withdrawn_without_cause(
    real_data: Path, store: TinyDBStore, keyed: bool
) -> None:
    world = await replayed(real_data, store, versions_seen(real_data), keyed=keyed)
    found, truth = await world.alerted(), true_in_the_end(world)
    assert len(found) > 10
    assert len({one.rule for one in found}) > 3
    for one in found:
        others = [other for other in found if other is not one]
        assert not any(same(one, (o.rule, o.subject, o.date)) for o in others), one.key
        assert (one.withdrawn is None) is any(same(one, other) for other in truth), one.key
        assert one.final
    assert [one.key for one in found if one.withdrawn] == []


async def test_every_version_of_a_day_is_kept_with_when_it_was_seen(
    real_data: Path, store: TinyDBStore
) -> None:
    seen = versions_seen(real_data)
    await replayed(real_data, store, seen, keyed=True)
    stored = await store.days(BOARD_MODELS, since=LAST_OF_HISTORY + ONE_DAY)
    kept = {when: [*await store.versions(BOARD_MODELS, when), day] for when, day in stored.items()}
    assert sum(map(len, kept.values())) == 21
    all_kept = (one for each in kept.values() for one in each)
    assert sorted(all_kept, key=lambda one: (one.as_of, one.date)) == list(seen)


async def test_the_standings_in_the_end_are_those_of_the_final_figures(
    real_data: Path, store: TinyDBStore
) -> None:
    world = await replayed(real_data, store, versions_seen(real_data), keyed=True)
    for one in await world.alerted():
        ranking = standings(BOARD_MODELS, world.days, one.date)
        assert ranking is not None
        shown = [(entrant.model, entrant.rank) for entrant in one.top]
        assert shown == [(place.model, place.rank) for place in ranking.places[:5]]
        for entrant, place in zip(one.top, ranking.places, strict=False):
            off = abs(entrant.tokens * ranking.total - place.tokens * one.total)
            assert off * 1000 < one.total * ranking.total, one.key


async def test_what_wrong_readings_told_is_withdrawn_once_and_nothing_else_is(
    real_data: Path, store: TinyDBStore
) -> None:
    # As it happened to 18 and 19 July: two days on end read wrong until the second was over.
    seen = [
        _spoilt(one) if one.date in WRONG and one.as_of < WRONG_UNTIL else one
        for one in versions_seen(real_data)
    ]
    world = await replayed(real_data, store, seen, keyed=False)
    found, truth = await world.alerted(), true_in_the_end(world)
    withdrawn = [one for one in found if one.withdrawn]
    assert withdrawn
    assert {one.withdrawn for one in withdrawn} == {Cause.FIGURES}
    for one in found:
        assert (one.withdrawn is None) is any(same(one, other) for other in truth), one.key
    about = Counter((one.kind, one.about) for one in world.owed if one.kind is not Kind.ALERT)
    assert set(about.values()) == {1}
    said = [each.message.title for each in world.channel.posts]
    assert len([one for one in said if one.startswith("correction ")]) == 1
    assert len(said) == len(set(said))


def _spoilt(day: Day) -> Day:
    counts = {row.model: row.tokens * (8 if row.model == MIMO else 1) for row in day.rows}
    return _day(day.date, [*counts.items(), (OTHER, day.other or 0)], day.as_of)
