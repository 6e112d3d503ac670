"""Boards of whole weeks, polled on their Wednesdays: what they tell, and that they estimate."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.alerts import Composer
from bot.detect import detect
from bot.model import Milestone, Openness, Severity
from bot.openness import Directory
from bot.packaged import read_languages
from bot.pipeline import Poll, poll
from bot.render import Renderer
from bot.standings import WEEKLY
from bot.subscription import Subscription, Wish
from bot.verify import verify
from tests.keyed import BOARDS, Keyed, keyed
from tests.made import directory, verdict

BOARD = BOARDS["category-programming"]
RULES = rules.discover()
FIVE = {"open_top5", "open_top5_lost", "leader", "author_leader", "top_entry"}
OLD, NEW = "b/closed", "a/open"
KNOWN = directory(
    {OLD: verdict(Openness.CLOSED)},
    authors={"a": verdict(Openness.OPEN)},
    names={OLD: "Closed One", NEW: "Open One"},
)
A_WEEK = timedelta(weeks=1)
FIRST = date(2025, 12, 7)
"""The Sunday of the first week."""

QUIET = {OLD: 10**12, "c/other": 9 * 10**11, NEW: 10**11, "other": 10**11}
LOUD = {**QUIET, NEW: 10**13}
OPENED = {**LOUD, "a/second": 3 * 10**12, "a/third": 2 * 10**12}
TURN, LAST = 29, 32
"""The first week in which NEW leads, and the last one, both counted from FIRST."""

Counts = Mapping[str, int]


def week(number: int) -> date:
    """Return the Sunday of a week."""
    return FIRST + number * A_WEEK


def wednesday(number: int) -> datetime:
    """Return when a week counts as complete."""
    return datetime.combine(week(number), datetime.min.time(), UTC) + timedelta(days=3)


def story(turn: int = TURN, last: int = LAST, loud: Counts = LOUD) -> dict[int, Counts]:
    """Return the weeks by number; NEW leads from `turn` on."""
    return {n: loud if n >= turn else QUIET for n in range(last + 1)}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Keyed]:
    """Give the source without weeks, an empty store, and a channel that wants to know it all."""
    async with keyed(tmp_path, wednesday(LAST)) as opened:
        all_of_it = Wish((BOARD.name,), Severity.MINOR)
        channel = Subscription(7, 1, all_of_it, FIRST, wednesday(0), 1)
        await opened.store.subscribe(channel)
        yield opened


def publish(world: Keyed, weeks: Mapping[int, Counts]) -> None:
    """Let the source have these weeks, and nothing else."""
    mondays = {week(n) - timedelta(days=6): list(rows.items()) for n, rows in weeks.items()}
    world.server.keyed.publish(mondays, **BOARD.query)


async def polled(world: Keyed, now: datetime) -> Poll:
    """Poll at a moment."""
    world.at(now)
    return await poll(BOARD, world.source(BOARD), world.store, KNOWN, RULES, now)


async def told(world: Keyed, numbers: Sequence[int] = range(TURN - 1, LAST + 1)) -> list[Milestone]:
    """Poll on the Wednesdays of weeks; return what was found."""
    return [one for n in numbers for one in (await polled(world, wednesday(n))).milestones]


async def leader(world: Keyed) -> Milestone:
    """Return the one new leader of the story."""
    publish(world, story())
    (found,) = [one for one in await told(world) if one.rule == "leader"]
    return found


async def test_a_leader_is_confirmed_by_two_weeks_in_a_row(world: Keyed) -> None:
    found = await leader(world)
    assert (found.subject, found.date) == (NEW, week(TURN + 1))
    assert found.date - found.began == A_WEEK
    assert found.weekly
    assert found.total == sum(LOUD.values())
    assert (found.searched.days, found.searched.missing) == ((TURN + 2) * 7, ())
    assert found.first


async def test_it_is_found_on_the_wednesday_after_the_second_week_and_not_before(
    world: Keyed,
) -> None:
    publish(world, story(last=TURN + 1))
    await polled(world, wednesday(TURN))
    tuesday = wednesday(TURN + 1) - timedelta(minutes=1)
    assert (await polled(world, tuesday)).milestones == ()
    done = await polled(world, wednesday(TURN + 1))
    assert done.changes.added == (week(TURN + 1),)
    assert "leader" in {one.rule for one in done.milestones}
    (delivery,) = done.deliveries
    assert delivery.key.startswith(f"7:en:{BOARD.name}.leader.{NEW}.{week(TURN + 1)}")


async def test_a_week_at_the_top_is_no_news(world: Keyed) -> None:
    publish(world, {**story(), TURN + 1: QUIET, TURN + 2: LOUD, TURN + 3: QUIET})
    assert "leader" not in {one.rule for one in await told(world)}


async def test_a_missing_week_breaks_the_pair(world: Keyed) -> None:
    weeks = story()
    del weeks[TURN + 1]
    publish(world, weeks)
    (found,) = [one for one in await told(world) if one.rule == "leader"]
    assert (found.began, found.date) == (week(TURN + 2), week(TURN + 3))
    gone = tuple(week(TURN + 1) - timedelta(days=back) for back in range(6, -1, -1))
    assert found.searched.missing == gone
    assert found.searched.days == (TURN + 3) * 7


async def test_only_the_five_rules_say_anything_of_estimates(world: Keyed) -> None:
    publish(world, story(loud=OPENED))
    found = await told(world)
    assert {one.rule for one in found} == FIVE - {"open_top5_lost"}
    (*_, newest) = (await world.store.progress(BOARD.name)).memories
    assert {mark.split("@")[0] for mark in newest.rules} == FIVE
    days = await world.store.days(BOARD.name)
    _, all_rules = detect(BOARD.name, days, KNOWN, RULES, counting=WEEKLY)
    assert {"first_to_mark", "overtake", "token_mark"} <= {one.rule for one in all_rules} - FIVE


async def test_levels_are_reached_and_lost_by_weeks_too(world: Keyed) -> None:
    closed = {**QUIET, "b/x": 10**12, "b/y": 10**12, "b/z": 10**12}
    publish(world, {n: OPENED if n < TURN else closed for n in range(LAST + 1)})
    known = directory(authors={"a": verdict(Openness.OPEN), "b": verdict(Openness.CLOSED)})
    source, store = world.source(BOARD), world.store
    found = [
        one
        for n in range(TURN - 1, LAST + 1)
        for one in (
            await poll(BOARD, source, store, known, RULES, world.at(wednesday(n)))
        ).milestones
    ]
    (lost,) = [one for one in found if one.rule == "open_top5_lost" and one.told]
    assert (lost.facts["level"], lost.date) == (3, week(TURN + 1))


async def test_six_months_before_is_the_week_that_was_over_by_then(world: Keyed) -> None:
    then = (await leader(world)).half_year
    assert then is not None
    # 5 January was a Monday, the first day of a week that was not over.
    assert (week(TURN + 1), then.date) == (date(2026, 7, 5), date(2026, 1, 4))
    assert then.top[0].model == OLD
    assert then.place is not None
    assert then.place.rank == 3


async def test_its_receipt_is_of_its_two_weeks_and_holds(world: Keyed) -> None:
    publish(world, story(loud=OPENED))
    for one in await told(world):
        receipt = one.receipt
        assert receipt is not None
        assert [each.date for each in receipt.inputs] == [one.began, one.date]
        assert all("category=programming" in each.origin for each in receipt.inputs)
        assert (receipt.start, receipt.end) == (one.date - timedelta(days=6), one.date)
        assert "one-day ranking" not in receipt.holds + receipt.fails
        assert receipt.holds
        stored = await world.store.days(BOARD.name, since=one.searched.since, until=one.date)
        versions = {when: (each,) for when, each in stored.items()}
        checks = verify(one, versions, KNOWN, RULES, WEEKLY)
        assert all(check.holds for check in checks), checks


async def test_a_later_poll_finds_nothing_twice_and_takes_nothing_back(world: Keyed) -> None:
    found = await leader(world)
    await world.restart()
    again = await polled(world, wednesday(LAST) + timedelta(days=1))
    assert again.milestones == again.deliveries == again.revised == ()
    (kept,) = await world.store.milestones_by_key([found.key])
    assert kept.told


async def test_a_week_that_is_restated_is_judged_anew_without_repeats(world: Keyed) -> None:
    found = await leader(world)
    publish(world, {**story(), LAST - 1: {**LOUD, NEW: LOUD[NEW] + 1}})
    again = await polled(world, wednesday(LAST) + timedelta(days=1))
    assert again.changes.restated == (week(LAST - 1),)
    assert again.milestones == ()
    assert (await world.store.milestones_by_key([found.key]))[0].told


@pytest.mark.parametrize(
    ("language", "title", "note"),
    [
        ("en", "Programming: Open One is now the most-used model", "These are estimates: "),
        ("tr", "Programlama: En çok kullanılan model artık Open One", "Bunlar tahmindir: "),
    ],
)
async def test_the_alert_names_the_board_and_says_that_it_is_an_estimate(
    world: Keyed, language: str, title: str, note: str
) -> None:
    publish(world, story())
    await polled(world, wednesday(TURN))
    (delivery,) = (await polled(world, wednesday(TURN + 1))).deliveries

    async def known() -> Directory:
        return KNOWN

    with closing(Renderer()) as renderer:
        compose = Composer(world.store, renderer, RULES, known, read_languages())
        said = await compose(replace(delivery, language=language))
    assert said.message.title == title
    assert sum(line.startswith(note) for line in said.message.notes) == 1
    assert said.message.citation.startswith("Source: OpenRouter (openrouter.ai/rankings), as of")
    assert said.image is not None
    assert "Open One" in said.image.alt
