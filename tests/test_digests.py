"""A weekly digest from the stored days to the message: which weeks, which figures, which chart."""

from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import discord
import pytest
from hypothesis import given, settings

from bot import rules
from bot.alerts import Composer, tell
from bot.app import utc_now
from bot.boards import MODELS
from bot.delivery import Delivery, Form, Kind, Summary
from bot.detect import detect
from bot.digests import summed_up
from bot.message import Outgoing
from bot.model import BOARD_MODELS, Cause, Day, Milestone, Openness
from bot.openness import Directory
from bot.packaged import read_boards, read_languages, read_registry
from bot.queries.almanac import almanac
from bot.queries.digest import summed
from bot.queries.rankings import answer_by
from bot.render import Renderer
from bot.sources.rows import parse_rows
from bot.text.digest import digest
from cogs._message import layout
from storage.protocol import Progress, Store
from storage.tinydb_store import TinyDBStore
from tests.made import START, at, day, days, directory, verdict
from tests.naive import World, complete, worlds
from tests.naive.windows import ranked, tokens_by_model

ONE = timedelta(1)
LEGAL = "category-legal"
BOARDS = read_boards()
KNOWN = directory(
    {"a/open": verdict(Openness.OPEN), "b/closed": verdict(Openness.CLOSED)},
    names={"a/open": "Open One", "b/closed": "Closed One"},
)
TURN = 14
"""The first day on which the open model has more; two windows later it leads."""

STORY = days([{"b/closed": 300, "a/open": 100 if n < TURN else 900} for n in range(28)])
LAST = START + 27 * ONE
SUNDAYS = [START + n * ONE for n in (6, 13, 20, 27)]
WEEKS = {
    end: day(end, {"a/open": 10 * n, "b/closed": 25}) for n, end in enumerate(SUNDAYS, start=1)
}


async def known() -> Directory:
    """Return what is known of the two models."""
    return KNOWN


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return a store with the days and milestones of one board, and the weeks of another."""
    opened = TinyDBStore(tmp_path, writable=True)
    await opened.put_days(BOARD_MODELS, tuple(STORY.values()))
    await opened.put_days(LEGAL, tuple(WEEKS.values()))
    memories, found = detect(BOARD_MODELS, STORY, KNOWN, rules.discover())
    await opened.record(BOARD_MODELS, Progress(memories, None), found, ())
    yield opened
    await opened.close()


async def leader(store: Store) -> Milestone:
    """Return the story's new leader."""
    (found,) = [one for one in await store.milestones(BOARD_MODELS) if one.rule == "leader"]
    return found


def due(until: date, *milestones: Milestone, boards: tuple[str, ...] = (BOARD_MODELS,)) -> Delivery:
    """Return a digest that is owed."""
    keys = tuple(one.key for one in milestones)
    owed = Delivery("7:en:digest.2026-06-29.0900", 7, 1, keys, "n", at(until + ONE))
    return replace(owed, form=Form.DIGEST, summary=Summary(boards, until))


def composer(store: Store, renderer: Renderer) -> Composer:
    """Return a composer that knows all boards."""
    return Composer(store, renderer, rules.discover(), known, read_languages(), BOARDS)


def without_pictures(store: Store) -> Composer:
    """Return a composer whose pictures fail, for the words alone."""
    renderer = Renderer()
    renderer.close()
    return composer(store, renderer)


async def test_a_digest_has_the_week_its_milestones_and_the_chart_of_its_first_board(
    store: Store,
) -> None:
    one = await leader(store)
    with closing(Renderer()) as renderer:
        outgoing = await composer(store, renderer)(
            due(START + 20 * ONE, one, boards=(BOARD_MODELS, LEGAL))
        )
    message = outgoing.message
    assert message.caption == "Top five by tokens, 15 June 2026 to 21 June 2026"
    assert [(row.name, row.share, row.change) for row in message.ranking] == [
        ("Open One", "69.2 %", "▲ up 1"),
        ("Closed One", "23.1 %", "▼ down 1"),
    ]
    assert message.lead == (
        "75.0 % of ranked tokens go to models known to be open · ▲ up 50.0 points",
    )
    lines = {each.heading: [line.text for line in each.lines] for each in message.sections}
    assert lines["Milestones"][1] == one.key
    assert lines["Legal"][:2] == [
        "1 ● Open One · open · 19.4 % · ▲ up 1",
        "2 ■ Closed One · closed · 16.1 % · ▼ down 1",
    ]
    assert message.key == "digest.2026-06-29.0900"
    assert outgoing.image is not None
    assert outgoing.image.content.startswith(b"\x89PNG")
    assert outgoing.image.name == "standings-2026-06-21.png"
    assert outgoing.image.alt.endswith(
        "1 Open One (open) 69.2 %, up 1; 2 Closed One (closed) 23.1 %, down 1."
    )


async def test_where_the_first_board_has_no_week_the_chart_is_of_the_next_that_has_one(
    store: Store,
) -> None:
    one = due(LAST, boards=("category-trivia", LEGAL))
    with closing(Renderer()) as renderer:
        outgoing = await composer(store, renderer)(one)
    assert outgoing.image is not None
    assert outgoing.image.alt.startswith("Legal: Most-used models")
    assert outgoing.message.caption.startswith("Legal: ")


async def test_of_a_board_unknown_by_now_nothing_is_said(store: Store) -> None:
    outgoing = await without_pictures(store)(due(LAST, boards=("gone", BOARD_MODELS)))
    assert "gone" not in str(outgoing.message)
    nothing = await without_pictures(store)(due(LAST, boards=("gone",)))
    assert [each.heading for each in nothing.message.sections] == ["Milestones"]


async def test_a_board_that_has_no_new_days_for_months_is_told_with_its_last_week(
    store: Store,
) -> None:
    (found,) = await summed_up(store, BOARDS, Summary((BOARD_MODELS,), LAST + 400 * ONE), KNOWN)
    assert found.week is not None
    assert found.week.date == LAST
    assert found.moved is not None


async def test_a_week_begun_is_not_told(store: Store) -> None:
    await store.put_days(BOARD_MODELS, [day(LAST + 2 * ONE, {"a/open": 10**9})])
    (found,) = await summed_up(store, BOARDS, Summary((BOARD_MODELS,), LAST + 2 * ONE), KNOWN)
    assert found.week is not None
    assert found.week.date == LAST
    assert found.answer.missing == (LAST + ONE,)


async def test_boards_of_whole_weeks_count_in_weeks(store: Store) -> None:
    # A Wednesday: the week that ended on the Sunday before is the newest.
    until = SUNDAYS[2] + 3 * ONE
    (found,) = await summed_up(store, BOARDS, Summary((LEGAL,), until), KNOWN)
    assert found.week is not None
    assert found.moved is not None
    assert (found.week.date, found.moved.then.date) == (SUNDAYS[2], SUNDAYS[1])
    assert [place.tokens for place in found.week.places] == [30, 25]


async def test_a_digest_without_milestones_goes_out_all_the_same(store: Store) -> None:
    outgoing = await without_pictures(store)(due(LAST))
    assert (
        outgoing.message.sections[-1].lines[0].text
        == "No headlines or notable milestones this week."
    )


async def test_what_was_withdrawn_before_is_left_out_and_what_is_since_stays_marked(
    store: Store,
) -> None:
    one, now = await leader(store), at(LAST + ONE, 9)
    sent = replace(due(LAST, one), tried_at=now)
    await store.owe([sent])
    edit = replace(sent, key=f"{sent.key}!final", kind=Kind.EDIT, about=sent.key)
    progress = await store.progress(BOARD_MODELS)
    compose = without_pictures(store)
    said = []
    for minutes in (-1, 1):
        gone = replace(one, withdrawn=Cause.FIGURES, revised=now + timedelta(minutes=minutes))
        await store.record(BOARD_MODELS, progress, (), (), [gone])
        said.append([(await compose(each)).message for each in (sent, edit)])
    milestones = [[m.sections[-1].lines[0].text for m in messages] for messages in said]
    nothing = "No headlines or notable milestones this week."
    assert milestones[0] == [nothing, nothing]
    assert milestones[1][0] == nothing
    assert "Withdrawn: Open One is now the most-used model" in milestones[1][1]
    assert {m.key for messages in said for m in messages} == {"digest.2026-06-29.0900"}


async def test_digests_differ_by_boards_week_and_language_and_are_shared_else(
    store: Store,
) -> None:
    compose = without_pictures(store)
    one = due(LAST)
    others = (
        due(LAST - 7 * ONE),
        due(LAST, boards=(LEGAL,)),
        replace(one, language="tr"),
        replace(one, form=Form.ALERT, summary=None, kind=Kind.TEST),
        one,
    )
    made = [await compose(each) for each in others]
    assert len({id(each) for each in made}) == 5
    elsewhere = replace(one, key="8:en:digest.2026-06-29.0900", channel_id=8)
    assert await compose(elsewhere) is made[-1]


def _share(world: World, tokens: Mapping[str, int], end: date, openness: Openness) -> int:
    known_then = world.directory
    return sum(n for model, n in tokens.items() if known_then.at(model, end).openness is openness)


@given(worlds())
@settings(max_examples=120, deadline=None)
def test_a_week_is_the_one_that_a_naive_count_finds(world: World) -> None:
    stored: Mapping[date, Day] = world.days
    ends = [end for end in sorted(stored) if complete(stored, end)]
    if not ends:
        return
    end, before = ends[-1], ends[-1] - 7 * ONE
    lately = {when: one for when, one in stored.items() if end - 14 * ONE <= when <= end}
    windows = almanac(BOARD_MODELS, lately, MODELS.counting)
    found = summed(MODELS, answer_by(windows, end), lately, world.directory)
    tokens = tokens_by_model(stored, end)
    assert found.week is not None
    assert [place.model for place in found.week.places] == ranked(tokens)
    assert found.now is not None
    for kind in Openness:
        assert found.now.of(kind) == _share(world, tokens, end, kind)
    assert (found.moved is not None) == (found.before is not None) == complete(stored, before)
    if found.moved is None or found.before is None:
        return
    old = tokens_by_model(stored, before)
    assert found.before.open == _share(world, old, before, Openness.OPEN)
    assert found.before.counted == sum(old.values())
    for each in (*found.moved.climbers, *found.moved.fallers):
        assert each.climb == ranked(old).index(each.model) - ranked(tokens).index(each.model)


@pytest.mark.parametrize("language", ["en", "tr"])
async def test_every_week_of_the_real_days_fits_into_one_message(
    real_data: Path, tmp_path: Path, language: str
) -> None:
    text, today = (real_data / "rankings_daily.csv").read_text(), utc_now().date()
    stored = {one.date: one for one in parse_rows(text, where="x", as_of=utc_now(), today=today)}
    registered, say = Directory(read_registry(), {}), read_languages().of(language)
    _, found = detect(BOARD_MODELS, stored, registered, rules.discover())
    told = [tell(one, rules.discover(), registered, say) for one in found if one.told]
    windows = almanac(BOARD_MODELS, stored, MODELS.counting)
    for end in windows.windows:
        week = summed(MODELS, answer_by(windows, end), stored, registered)
        assert week.now is not None
        assert week.now.counted <= windows.windows[end].total
        happened = [one for one in told if end - 35 * ONE < one.milestone.date <= end]
        message = digest([week], happened, "digest.x", registered, say)
        shown = layout(Outgoing(message, None)).walk_children()
        texts = [each.content for each in shown if isinstance(each, discord.ui.TextDisplay)]
        assert sum(map(len, texts)) <= 4000
        assert not any(each.endswith("…") for each in texts)
        assert len(message.ranking) == 5
