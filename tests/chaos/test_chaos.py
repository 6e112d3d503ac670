"""A few runs of chaos, and that it would see what it looks for."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.chaos.many import many
from tests.chaos.place import Arrived, Owed, Place, key_of, look, make_places, post_old, standing
from tests.chaos.plan import FORUM_POSTS, POINTS, TAKEN_AND_REPEATED, TERM, Trouble, plan
from tests.chaos.report import failure, summary
from tests.chaos.run import Outcome
from tests.wire.discord_schema import CROSSPOSTED
from tests.wire.discord_server import LoopbackDiscord

NAMES = ("text", "announcement", "forum", "hidden text")
OWED = Owed((), ("first", "second"), ("first correction",))


@pytest.fixture
async def discord() -> AsyncIterator[LoopbackDiscord]:
    """Return a Discord that nobody asks anything."""
    async with LoopbackDiscord() as found:
        yield found


def filled(discord: LoopbackDiscord, *keys: str) -> list[Place]:
    """Make places in which these keys stand, in this order and published where it is asked."""
    places = make_places(discord, NAMES)
    for place in places:
        for key in keys:
            message = discord.world.messages[post_old(discord, place, key)]
            published = message.payload | {"flags": message.flags | CROSSPOSTED}
            if place.manner.publish and key in OWED.alerts:
                discord.world.keep(replace(message, payload=published))
    return places


async def test_killed_bots_lose_nothing_and_repeat_nothing() -> None:
    failures: list[list[str]] = []

    def show(outcome: Outcome, kept: str) -> None:
        if outcome.failed:
            failures.append([*failure(outcome), kept])

    outcomes = await many(1, range(6), show)
    assert failures == []
    assert sum(len(each.deaths) for each in outcomes) >= 6
    assert summary(outcomes)[-1] == "chaos: runs=6 lost=0 repeated=0"


async def test_killed_pollers_couriers_and_databases_lose_nothing_and_are_soon_replaced() -> None:
    failures: list[list[str]] = []

    def show(outcome: Outcome, kept: str) -> None:
        if outcome.failed:
            failures.append([*failure(outcome), kept])

    outcomes = await many(1, range(2), show, "postgresql")
    assert failures == []
    assert sum(len(each.taking_over) for each in outcomes) >= 4
    assert summary(outcomes)[-1] == "chaos: runs=2 lost=0 repeated=0"


async def test_what_stands_once_in_order_is_as_it_has_to_be(discord: LoopbackDiscord) -> None:
    places = filled(discord, *OWED.all)
    assert look(discord, places, OWED) == Arrived()
    assert [list(map(key_of, standing(discord, each))) for each in places] == [list(OWED.all)] * 4


async def test_what_is_missing_is_lost(discord: LoopbackDiscord) -> None:
    found = look(discord, filled(discord, "first", "first correction"), OWED)
    assert found.lost == [f"{name}: second" for name in NAMES]


async def test_what_stands_twice_is_repeated_and_told_apart_where_nobody_could_look(
    discord: LoopbackDiscord,
) -> None:
    found = look(discord, filled(discord, *OWED.all, "second"), OWED)
    assert found.repeated == [f"{name}: 2 times second" for name in NAMES[:3]]
    assert found.unseen == ["hidden text: 2 times second"]


async def test_what_comes_before_its_turn_or_unasked_is_wrong(discord: LoopbackDiscord) -> None:
    found = look(discord, filled(discord, "second", "first", "first correction", "other"), OWED)
    assert "text: unasked other" in found.wrong
    assert "forum: not in order: second, first" in found.wrong


async def test_an_alert_not_published_and_one_not_edited_are_lost(discord: LoopbackDiscord) -> None:
    (place,) = make_places(discord, ["announcement"])
    for key in ("old", *OWED.all):
        post_old(discord, place, key)
    assert look(discord, [place], replace(OWED, old=("old",))).lost == [
        "announcement: the edit of old",
        "announcement: the publishing of first",
        "announcement: the publishing of second",
    ]


def test_repeats_where_history_is_hidden_are_allowed_without_nonces_alone() -> None:
    seen, unseen = Arrived(repeated=["a"]), Arrived(unseen=["a"])
    forgetful, other = plan(1, 3), plan(1, 4)
    assert [one.forgetful for one in (forgetful, other)] == [True, False]
    assert Outcome(other, unseen).failed
    assert not Outcome(forgetful, unseen).failed
    assert Outcome(forgetful, seen).failed
    lines = summary([Outcome(forgetful, unseen), Outcome(other, unseen)])
    assert lines[-2:] == [
        (
            "chaos without nonces: runs=1 lost=0 repeated where history is hidden=1"
            " repeated elsewhere=0"
        ),
        "chaos: runs=2 lost=0 repeated=1",
    ]


def test_a_seed_makes_the_same_plans_again_and_reaches_every_point() -> None:
    plans = [plan(1, number) for number in range(200)]
    assert plans == [plan(1, number) for number in range(200)]
    assert plans != [plan(2, number) for number in range(200)]
    points = {life.point for each in plans for life in each.lives}
    assert points == {*POINTS, TERM, None}
    forgetful = [each for each in plans if each.forgetful]
    assert len(forgetful) == 50
    struck = {what.where for each in forgetful for what in each.troubles if _repeated(what)}
    assert struck <= {FORUM_POSTS}


def test_every_plan_kills_before_anything_else_and_only_the_last_life_lives_on() -> None:
    for number in range(1000):
        first, *others, last = plan(1, number).lives
        assert first.point in POINTS
        assert len(others) <= 2
        assert None not in {life.point for life in others}
        assert last.point is None


def _repeated(trouble: Trouble) -> bool:
    return trouble.what in TAKEN_AND_REPEATED
