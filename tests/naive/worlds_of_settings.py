"""Settings drawn at random, what is found under them, and what happens from then on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from bot.delivery import Delivery, DeliveryState, Form, Held
from bot.model import Cause, Milestone, Searched, Severity
from bot.subscription import (
    Channel,
    Digest,
    Manner,
    Pause,
    PauseReason,
    QuietHours,
    Subscription,
    Wish,
)
from tests.made import AS_OF, START, at
from tests.naive.settings import Past, Settings

BOARDS = ("models", "programming")
FACTS: Mapping[str, Mapping[str, object]] = {
    "leader": {"model": "a/x", "previous": "b/y"},
    "author_leader": {"author": "meta", "previous": "b"},
    "overtake": {"model": "meta-llama/z", "passed": "a/x"},
    "open_top5": {"level": 4, "began": "2026-03-28", "open": ["a/y", "b/x"]},
    "platform_mark": {"mark": 10**13},
}
ZONES = {  # with the moments (UTC) of two changes of their clocks, or of one
    "Europe/Berlin": (at(date(2026, 3, 29), 1, 0), at(date(2026, 10, 25), 1, 0)),
    "America/New_York": (at(date(2026, 3, 8), 7, 0), at(date(2026, 11, 1), 6, 0)),
    "Australia/Lord_Howe": (at(date(2026, 4, 4), 15, 0), at(date(2026, 10, 3), 15, 30)),
    "America/Santiago": (at(date(2026, 4, 5), 3, 0), at(date(2026, 9, 6), 4, 0)),
    "Antarctica/Troll": (at(date(2026, 3, 29), 1, 0), at(date(2026, 10, 25), 1, 0)),
    "America/St_Johns": (at(date(2010, 3, 14), 3, 31), at(date(2010, 11, 7), 2, 31)),
    "Pacific/Apia": (at(date(2011, 12, 30), 10, 0),),
    "Asia/Kathmandu": (at(date(2026, 3, 29), 0, 0),),
}
_CHANGES = [each for changes in ZONES.values() for each in changes]

NOWS = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.sampled_from(_CHANGES),
    st.sampled_from((-1, 0, 1)) | st.integers(-1500, 1500),
)
_ZONE = st.sampled_from(sorted(ZONES))
_HOUR = st.integers(0, 3) | st.integers(0, 23)
_SEVERITY = st.sampled_from((*Severity, *(Severity.NOTABLE, Severity.MINOR) * 2))
_LIGHT = (Severity.NOTABLE, Severity.MINOR)
_LEAST = st.sampled_from((*Severity, *(Severity.MINOR,) * 4))
_RULE = st.sampled_from(sorted(FACTS))
_LANGUAGES = st.sampled_from((("de", "en"), ("en", "tr")))
_CHANNEL = st.sampled_from((1, 1, 1, 2))
_BUDGET = st.sampled_from((None, 1, 1, 2, 2, 3, 4))
_A_WEEK = st.sampled_from((7, 7, 1))
_WAITING = [DeliveryState.PENDING, DeliveryState.SENDING]
_UNTOLD = st.sampled_from(
    (
        *[dict[str, object]()] * 15,
        {"held_by": ("openrouter/x",)},
        {"inhibited_by": "another"},
        {"withdrawn": Cause.FIGURES},
    )
)
_NAMES = st.sampled_from(("a/x", "a/", "b/y", "b/", "b/x", "meta/", "meta-llama/z", "c/x"))


def milestone(
    day: date, board: str, rule: str, severity: Severity, untold: Mapping[str, object], nth: int = 0
) -> Milestone:
    """Return the nth milestone of a kind on a day."""
    return Milestone(
        key=f"{board}.{rule}.{severity}{nth}.{day}",
        rule=rule,
        board=board,
        subject=f"{severity}{nth}",
        began=day - timedelta(1),
        date=day,
        severity=severity,
        facts=FACTS[rule],
        first=False,
        searched=Searched(START, 7),
        top=(),
        total=0,
        days_without_other=0,
        as_of=AS_OF,
        **untold,  # type: ignore[arg-type]
    )


def found(now: datetime, nth: int = 0) -> st.SearchStrategy[list[Milestone]]:
    """Draw what is found at a moment: of several days and boards, not all to be told."""
    ago = st.sampled_from((1, 1, 1, 1, 2, 2, 0, -1, 6, 7, 8))
    days = ago.map(lambda n: now.date() - timedelta(n))
    boards = st.sampled_from(BOARDS)
    one = st.builds(milestone, days, boards, _RULE, _SEVERITY, _UNTOLD, st.just(nth))
    return st.lists(one, min_size=1, max_size=9, unique_by=lambda each: each.key)


def _wishes() -> st.SearchStrategy[Wish]:
    boards = st.sampled_from((BOARDS, BOARDS, BOARDS[:1], BOARDS[1:]))
    rules = st.sampled_from(((), (), (), tuple(sorted(FACTS))[1:], tuple(sorted(FACTS))[:2]))
    only = st.sampled_from(((), (), (), ())) | st.lists(_NAMES, max_size=2, unique=True).map(tuple)
    return st.builds(Wish, boards, _LEAST, rules, only)


@st.composite
def _subscriptions(draw: st.DrawFn, now: datetime) -> list[Subscription]:
    """Draw subscriptions, mostly several of a channel, in two languages."""
    languages, made = draw(_LANGUAGES), []
    stopped = st.sampled_from((None,) * 9 + (now,))
    for number in range(1, draw(st.integers(1, 5)) + 1):
        channel = draw(_CHANNEL)
        roles = tuple(draw(st.sets(st.sampled_from((7, 8, 9)), max_size=2)))
        manner = Manner(False, draw(st.booleans()), tuple(sorted(roles)))
        after = now.date() - timedelta(draw(st.sampled_from((1, 2, *[9] * 8))))
        wish, language = draw(_wishes()), draw(st.sampled_from(languages))
        place = (channel, 100 + channel, wish, after, now, 1, language, manner)
        made.append(Subscription(*place, number, draw(stopped)))
    return made


@st.composite
def channels(draw: st.DrawFn, number: int, now: datetime) -> Channel:
    """Draw what a channel wants at a moment: a budget alone, quiet alone, or anything."""
    mutes = st.sampled_from((-1, 0, 1, 300, 9 * 1440, 36 * 1440, 80 * 1440))
    muted = mutes.map(lambda minutes: now + timedelta(minutes=minutes))
    hours = st.builds(QuietHours, _HOUR, _HOUR, _ZONE).filter(lambda it: it.start != it.end)
    paused = st.sampled_from((*[None] * 5, Pause(PauseReason.FORBIDDEN, now, "50001")))
    budget, digest = st.sampled_from((1, 1, 2, 2, 3, 4, 6)), st.none() | st.none() | _digests(now)
    at, mood = (number, 100 + number), draw(st.sampled_from(("rationed", "asleep", "any")))
    if mood == "rationed":
        return Channel(*at, budget=draw(budget), digest=draw(digest))
    if mood == "asleep":
        return Channel(*at, None, draw(muted), draw(hours), None, draw(digest))
    sleep = (draw(st.none() | muted), draw(st.none() | hours))
    return Channel(*at, draw(paused), *sleep, draw(st.none() | budget), draw(digest))


def _digests(now: datetime) -> st.SearchStrategy[Digest]:
    afters = st.integers(0, 20).map(lambda n: now - timedelta(days=n, minutes=1))
    languages = st.sampled_from(("en", "tr"))
    return st.builds(Digest, st.integers(0, 6), _HOUR, _ZONE, st.just(BOARDS), languages, afters)


@st.composite
def _posts(draw: st.DrawFn, now: datetime) -> list[Delivery]:
    """Draw what counts or no longer does: sent about seven days ago, or waiting for longer."""
    made = []
    for number in range(draw(st.integers(0, 4))):
        ago = timedelta(minutes=draw(st.sampled_from((0, 10079, 10080, 10080, 10081, 20000))))
        state = draw(st.sampled_from([DeliveryState.SENT] * 4 + _WAITING))
        sent = now - ago if state is DeliveryState.SENT else None
        post = Delivery(f"p{number}", draw(_CHANNEL), 100, (), "n", now - ago, state=state)
        made.append(replace(post, form=draw(st.sampled_from(Form)), sent_at=sent))
    return made


@st.composite
def _pasts(draw: st.DrawFn, now: datetime) -> dict[str, Past]:
    """Draw backtests: of so many windows that whole numbers are to be expected, or of others."""
    made = {}
    for board in draw(st.sampled_from((BOARDS, BOARDS, BOARDS, BOARDS[:1], ()))):
        kinds = st.tuples(_RULE, _SEVERITY, st.integers(0, 4), _UNTOLD)
        told: list[Milestone] = []
        for rule, severity, times, untold in draw(st.lists(kinds, max_size=7)):
            told += [milestone(now.date(), board, rule, severity, untold)] * times
        made[board] = Past(told, draw(st.sampled_from((0, 1, 7, 7, 14, 30))), draw(_A_WEEK))
    return made


@dataclass(frozen=True)
class Step:
    """At `now` this is found, and a channel's settings are these (None: as before)."""

    now: datetime
    found: Sequence[Milestone]
    channel: Channel | None


@dataclass(frozen=True)
class Life:
    """Settings, and what happens under them."""

    settings: Settings
    steps: Sequence[Step]


@st.composite
def moments(draw: st.DrawFn) -> tuple[Sequence[Milestone], Settings, datetime]:
    """Draw what is found at a moment, under any settings."""
    now = draw(NOWS)
    numbers = draw(st.sampled_from(((1, 2), (1, 2), (1,), (2,))))
    wants = {number: draw(channels(number, now)) for number in numbers}
    subscriptions = draw(_subscriptions(now))
    settings = Settings(subscriptions, wants, draw(_posts(now)), draw(_pasts(now)))
    return draw(found(now)), settings, now


@st.composite
def second_thoughts(
    draw: st.DrawFn,
) -> tuple[Sequence[Milestone], Settings, datetime, Sequence[Subscription]]:
    """Draw what is found while every channel is muted, and what is asked for afterwards."""
    now = draw(NOWS)
    muted = {n: Channel(n, 100 + n, muted_until=now + timedelta(1)) for n in (1, 2)}
    asking = draw(_subscriptions(now))
    later = [replace(draw(st.sampled_from(asking)), wish=draw(_wishes())), *asking]
    return (
        draw(found(now)),
        Settings(asking, muted),
        now,
        draw(st.permutations(later))[: len(later) // 2],
    )


@st.composite
def rations(draw: st.DrawFn) -> tuple[Sequence[Milestone], Settings, datetime]:
    """Draw what is found at a moment when one channel listens: much is known, little asked for."""
    now = draw(NOWS)
    boards, least = st.sampled_from((BOARDS, BOARDS[:1], BOARDS[1:])), st.sampled_from(_LIGHT)
    wishes = st.builds(Wish, boards, least, st.lists(_RULE, max_size=3, unique=True).map(tuple))
    after, stopped = now.date() - timedelta(9), st.sampled_from((None, None, now))
    ours = [
        Subscription(1, 101, draw(wishes), after, now, 1, number=number, stopped=draw(stopped))
        for number in range(1, draw(st.integers(1, 3)) + 1)
    ]
    pasts = {board: Past(draw(_known(now.date(), board)), 14, 7) for board in BOARDS}
    channel = Channel(1, 101, budget=draw(st.integers(1, 7)))
    one = st.builds(milestone, st.just(now.date()), boards.map(min), _RULE, least, st.just({}))
    few = st.lists(one, min_size=1, max_size=4, unique_by=lambda each: each.key)
    return draw(few), Settings(ours, {1: channel}, draw(_posts(now)), pasts), now


@st.composite
def _known(draw: st.DrawFn, day: date, board: str) -> list[Milestone]:
    """Draw what a backtest found: up to four of almost every kind."""
    kinds = [(rule, severity) for rule in sorted(FACTS) for severity in Severity]
    times = [draw(st.integers(0, 4)) for _ in kinds]
    found = zip(kinds, times, strict=True)
    return [milestone(day, board, *kind, {}) for kind, number in found for _ in range(number)]


@st.composite
def waits(draw: st.DrawFn) -> tuple[Sequence[Delivery], Settings, datetime]:
    """Draw what waits at a moment, in two languages, for a channel that mostly listens."""
    now, languages = draw(NOWS), draw(_LANGUAGES)
    held, whys = [], draw(st.sampled_from(((Held.BUDGET,), tuple(Held))))
    for number in range(draw(st.integers(1, 5))):
        roles = tuple(sorted(draw(st.sets(st.sampled_from((7, 8, 9)), max_size=2))))
        why = draw(st.sampled_from(whys))
        manner = Manner(mentions=() if why is Held.BUDGET else roles)
        wait = timedelta(minutes=draw(st.sampled_from((0, 1, 3000, 20000))))
        told = (f"m{draw(st.integers(0, 2))}", f"n{number}")
        row = Delivery(
            f"h{number}", 1, 101, told, "n", now - wait, draw(st.sampled_from(languages))
        )
        held.append(replace(row, state=DeliveryState.HELD, held=why, manner=manner))
    calm = Channel(1, 101, budget=draw(_BUDGET), digest=draw(st.none() | _digests(now)))
    channel = draw(st.sampled_from((calm, calm, calm, draw(channels(1, now)))))
    posts = [replace(each, channel_id=1) for each in draw(_posts(now))]
    return held, Settings((), {1: channel}, posts), now


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Draw settings, and what happens in weeks: milestones, changes of settings, or nothing."""
    now = draw(NOWS)
    wants = {number: draw(channels(number, now)) for number in (1, 2)}
    settings = Settings(draw(_subscriptions(now)), wants, (), draw(_pasts(now)))
    short, long = st.integers(1, 3000), st.sampled_from((60, 9 * 1440, 16 * 1440, 25 * 1440))
    gap, steps = draw(st.sampled_from((short, short | long, long))), []
    for number in range(draw(st.integers(3, 7))):
        now += timedelta(minutes=draw(gap))
        wanted = draw(channels(draw(_CHANNEL), now)) if draw(st.integers(0, 3)) == 0 else None
        steps.append(Step(now, draw(found(now, number)), wanted))
    return Life(settings, steps)
