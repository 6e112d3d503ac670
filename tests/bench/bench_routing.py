"""What it costs to find out who gets what: 10,000 servers with 50 subscriptions each.

`server_ms` is `route` over one server's 50 subscriptions, the median of many; `route_s` the same
over all 500,000, the median of some; `deliveries` how many messages that makes, `held` how many of
them are held back. A server has ten channels, five subscriptions each, of any boards, severities
and rules; a third of the channels has quiet hours in one of four time zones, a third a budget, one
in twenty is muted. The milestones are those of a busy day: a headline, two notable ones and a minor
one on the board of all models, a notable one on another.
"""

import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot import rules
from bot.hush import Likes, Restraints
from bot.model import BOARD_MODELS, Entrant, Milestone, Openness, Searched, Severity
from bot.packaged import read_boards
from bot.routing import route
from bot.subscription import Channel, Manner, QuietHours, Subscription, Wish
from tests.bench.harness import Figures

SEED = 1
SERVERS, CHANNELS, EACH = 10_000, 10, 5
ROUNDS, SERVER_ROUNDS = 5, 200
DAY = date(2026, 6, 7)
NOW = datetime(2026, 6, 8, 3, 30, tzinfo=UTC)
ZONES = ("Europe/Istanbul", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe")


def run() -> Figures:
    """Measure all of it."""
    subscriptions, channels = everybody()
    milestones = busy_day()
    restraints = Restraints(channels, {at: at % 4 for at in channels}, likes(milestones))
    few = subscriptions[: CHANNELS * EACH]
    found = route(milestones, subscriptions, NOW, restraints)
    return {
        "subscriptions": len(subscriptions),
        "server_ms": _median(milestones, few, restraints, SERVER_ROUNDS) * 1000,
        "route_s": _median(milestones, subscriptions, restraints, ROUNDS),
        "deliveries": len(found),
        "held": sum(row.held is not None for row in found),
    }


def _median(
    milestones: Sequence[Milestone],
    subscriptions: Sequence[Subscription],
    restraints: Restraints,
    rounds: int,
) -> float:
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        route(milestones, subscriptions, NOW, restraints)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def everybody() -> tuple[tuple[Subscription, ...], dict[int, Channel]]:
    """Return the subscriptions of all servers, and their channels' settings by id."""
    chance = random.Random(SEED)
    wishes = [_wish(chance) for _ in range(500)]
    found, channels = [], {}
    for at in range(1, SERVERS * CHANNELS + 1):
        guild = (at - 1) // CHANNELS + 1
        channels[at] = _channel(at, guild, chance)
        for number in range(1, EACH + 1):
            manner = Manner(mentions=(number,) if number == 1 else ())
            language = "tr" if at % 3 == 0 else "en"
            wish = chance.choice(wishes)
            found.append(
                Subscription(
                    at, guild, wish, DAY - timedelta(days=9), NOW, 1, language, manner, number
                )
            )
    return tuple(found), channels


def _wish(chance: random.Random) -> Wish:
    boards = [name for name, board in read_boards().items() if board.judged]
    chosen = chance.sample(boards, chance.randint(1, 3))
    least = chance.choice(tuple(Severity))
    some = chance.sample(sorted(rules.discover()), 4) if chance.random() < 0.3 else []
    return Wish(tuple(chosen), least, tuple(some))


def _channel(at: int, guild: int, chance: random.Random) -> Channel:
    plain = Channel(at, guild)
    kind = chance.randrange(60)
    if kind < 3:
        return replace(plain, muted_until=NOW + timedelta(hours=4))
    if kind < 20:
        return replace(plain, quiet=QuietHours(22, 7, chance.choice(ZONES)))
    if kind < 40:
        return replace(plain, budget=chance.randint(1, 7))
    return plain


def busy_day() -> tuple[Milestone, ...]:
    """Return the milestones of a day on which much happens."""
    notable, minor = Severity.NOTABLE, Severity.MINOR
    return (
        milestone(BOARD_MODELS, "open_top5", Severity.HEADLINE),
        milestone(BOARD_MODELS, "leader", notable),
        milestone(BOARD_MODELS, "surge", notable),
        milestone(BOARD_MODELS, "top_entry", minor),
        milestone("category-programming", "leader", notable),
    )


def milestone(board: str, rule: str, severity: Severity) -> Milestone:
    return Milestone(
        key=f"{board}.{rule}.a-b-1.{DAY}",
        rule=rule,
        board=board,
        subject="a/b-1",
        began=DAY - timedelta(days=1),
        date=DAY,
        severity=severity,
        facts={"model": "a/b-1"},
        first=False,
        searched=Searched(DAY, 1),
        top=(Entrant("a/b-1", "B 1", 1, 5, Openness.OPEN),),
        total=9,
        days_without_other=0,
        as_of=NOW,
    )


def likes(milestones: Sequence[Milestone]) -> dict[str, Likes]:
    """Return how often their likes were seen, by board: as if in a hundred windows."""
    hits = {(one.rule, one.severity): 3 * n for n, one in enumerate(milestones, 1)}
    return {board: Likes(hits, 100) for board in {one.board for one in milestones}}
