"""Whatever is asked of a store, in whatever order: it answers as plain dictionaries would."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery import Delivery, DeliveryState, Form, Gathering, Held, Kind, Summary
from bot.model import BOARD_MODELS, Milestone
from bot.subscription import DIRECT, Channel, Manner, QuietHours, Subscription
from storage.protocol import Claimed, Store
from tests.contract.conftest import StoreOpener
from tests.contract.naive import UNSETTLED, Naive
from tests.contract.naive_everything import everything_of
from tests.contract.nouns import (
    DELIVERIES,
    DIGEST,
    LATER,
    OTHER_BOARD,
    PAUSE,
    PERSON,
    amended,
    changed,
    delivery,
    entry,
    everything,
    milestone,
    progress,
    subscription,
)
from tests.made import AS_OF, START, day


async def _held(store: Store) -> dict[str, object]:
    held = await everything(store)
    for board in BOARDS:
        days = await store.days(board)
        others = {when: set(await store.versions(board, when)) - {days[when]} for when in days}
        held[f"{board}: versions"] = others
    return held


@dataclass(frozen=True)
class Ask:
    """One call, made of the store and of the dictionaries alike; "restart" opens anew."""

    verb: str
    args: tuple[object, ...]

    def allowed(self, naive: Naive) -> "Ask":
        """Return the same without deliveries that would open again what is settled."""
        if self.verb not in {"save_deliveries", "claim"}:
            return self
        *others, rows = self.args
        assert isinstance(rows, tuple)
        kept = (row for row in rows if row.state not in UNSETTLED or not naive.settled(row.key))
        return Ask(self.verb, (*others, tuple(kept)))

    async def of(self, store: Store) -> object:
        found = await getattr(store, self.verb)(*self.args)
        if isinstance(found, Claimed):
            return {row.key for row in found.deliveries}, found.later
        return found

    def of_naive(self, naive: Naive) -> object:
        if self.verb in {"put_catalogue", "put_synced_commands"}:
            setattr(naive, self.verb.split("_")[-1], self.args[0])
            return None
        return getattr(naive, self.verb)(*self.args)


def _made(key: str, state: DeliveryState) -> Delivery:
    """Return a delivery of a key, which says of which kind it is, where it goes and how old it is.

    They are of four months, and of two channels in two servers.
    """
    number = DELIVERIES.index(key)
    kind = Kind.EDIT if key.endswith("!final") else Kind.NOTICE if key == "n1" else Kind.ALERT
    digest = key == "r2"
    return replace(
        delivery(key, 1 + number % 2, state),
        guild_id=10 + number % 2,
        created_at=AS_OF + timedelta(days=number // 2 * 25, hours=-number),
        kind=kind,
        manner=Manner(forum=number < 4, mentions=(number, 2**63)),
        form=Form.DIGEST if digest else Form.ALERT,
        summary=Summary((BOARD_MODELS, "ü"), START) if digest else None,
        held=Held.MUTE if state in {DeliveryState.HELD, DeliveryState.GATHERED} else None,
        sent_at=LATER if state is DeliveryState.SENT else None,
    )


def _gathering(key: str, held: tuple[str, ...], beside: tuple[str, ...]) -> Gathering:
    row, *others = (_made(each, DeliveryState.PENDING) for each in (key, *beside))
    return Gathering(row, held, tuple(others))


def _subscription(
    made: Callable[[int, int, int], Subscription], channel: int, number: int, person: int
) -> Subscription:
    """Return a subscription of a channel, which says of which server it is; some watch."""
    return replace(made(channel, _server(channel), number), created_by=person)


def _channel(channel: int, budget: int | None, *, digest: bool, paused: bool) -> Channel:
    return Channel(
        channel,
        _server(channel),
        PAUSE if paused else None,
        LATER if budget is None else None,
        QuietHours(22, 7, "Europe/Istanbul") if budget else None,
        budget,
        DIGEST if digest else None,
    )


def _server(channel: int) -> int:
    return {1: 10, 2: 11, 3: DIRECT}[channel]


Strategy: TypeAlias = st.SearchStrategy[Ask]
BOARDS = (BOARD_MODELS, OTHER_BOARD)
_boards = st.sampled_from(BOARDS)
_channels = st.sampled_from([1, 2, 3])
_numbers = st.sampled_from([1, 2])
_people = st.sampled_from([PERSON, 5])
_later = st.sampled_from([0, 1, 2, 42, 91, 131, 380, 456, 500]).map(
    lambda days: AS_OF + timedelta(days=days)
)
_day = st.builds(
    lambda when, tokens, other, hour: day(
        when, {"öpen/a": tokens}, other, AS_OF.replace(hour=hour)
    ),
    st.sampled_from([0, 1, 29, 30, 31]),
    st.sampled_from([1, 2**64]),
    st.sampled_from([None, 7]),
    st.sampled_from([2, 3, 4]),
)
_days = st.lists(_day, max_size=4)
_delivery = st.builds(_made, st.sampled_from(DELIVERIES), st.sampled_from(DeliveryState))
_waiting = st.builds(
    lambda row, minutes: replace(row, retry_at=AS_OF + timedelta(minutes=minutes)),
    st.builds(_made, st.sampled_from(DELIVERIES), st.just(DeliveryState.PENDING)),
    st.sampled_from([-1, 0, 59, 61]),
)
_change = st.builds(changed, st.sampled_from([0, 7]), st.sampled_from([10, 11]), _people)
_changes = st.none() | _change
_guilds = st.lists(st.sampled_from([10, 11, 12]), max_size=2).map(tuple)
_settings = st.builds(
    _channel, _channels, st.sampled_from([None, 3]), digest=st.booleans(), paused=st.booleans()
)
_keys = st.lists(st.sampled_from(DELIVERIES), max_size=4, unique=True).map(tuple)
_beside = st.lists(st.sampled_from(["d1", "r2", "n1"]), max_size=2).map(tuple)
_gatherings = st.builds(_gathering, st.sampled_from(["r1", "r2"]), _keys, _beside)
_dealt_with = st.dictionaries(_channels, _later, max_size=2)
_notice = st.builds(_made, st.just("n1"), st.just(DeliveryState.PENDING))
_progress = st.builds(
    progress, st.sampled_from([None, 0, 1, 30, 61, 140]), st.sampled_from([None, "mark", "märk"])
)
_milestone = st.builds(
    milestone, st.sampled_from(["m1", "m2", "m3"]), st.sampled_from([0, 3, 70]), _boards
)


def _ask(verb: str, *args: st.SearchStrategy[object]) -> Strategy:
    return st.tuples(*args).map(lambda drawn: Ask(verb, drawn))


def _unique(rows: st.SearchStrategy[Milestone | Delivery]) -> st.SearchStrategy[object]:
    return st.lists(rows, max_size=3, unique_by=lambda row: row.key).map(tuple)


_RESTART = _ask("restart", st.booleans())
_PUT_DAYS = _ask("put_days", _boards, _days.map(tuple))
_RECORD = _ask("record", _boards, _progress, _unique(_milestone), _unique(_delivery))
_SAVE = _ask("save_deliveries", _unique(_delivery))
_CLAIM = _ask(
    "claim",
    st.lists(_channels, max_size=3, unique=True).map(tuple),
    st.just(AS_OF),
    _unique(_waiting | _delivery),
)
_SUBSCRIBE = _ask(
    "subscribe",
    st.builds(_subscription, st.just(subscription), _channels, _numbers, _people),
    _changes,
)
_AMEND = _ask(
    "amend", st.builds(_subscription, st.just(amended), _channels, _numbers, _people), _changes
)
_UNSUBSCRIBE = _ask("unsubscribe", _channels, st.none() | _numbers, _changes)
_PUT_CHANNEL = _ask("put_channel", _settings, _changes)
_GATHER = _ask(
    "gather",
    st.lists(_gatherings, max_size=3).map(tuple),
    _dealt_with,
)
_PAUSE = _ask("pause", _channels, st.just(PAUSE), st.lists(_notice, max_size=1).map(tuple))
_RESUME = _ask("resume", _channels, _later)
_TIDY = _ask("tidy", _later)
_ASKS = st.one_of(
    *(_PUT_DAYS, _PUT_DAYS, _RECORD, _RECORD, _SAVE, _SAVE, _RESTART),
    *(_CLAIM, _CLAIM),
    *(_SUBSCRIBE, _SUBSCRIBE, _AMEND, _UNSUBSCRIBE, _PUT_CHANNEL, _GATHER, _GATHER),
    *(_ask("owe", _unique(_delivery)), _ask("put_change", _change), _ask("forget", _people)),
    *(_PAUSE, _PAUSE, _RESUME, _TIDY, _TIDY),
    _ask("note_absences", st.sampled_from([{}, {10: AS_OF, 11: LATER}]), _guilds),
    _ask("purge", st.sampled_from([10, 11, 12])),
    _ask("purge_channel", st.sampled_from([1, 2, 3, 9])),
    _ask("put_catalogue", st.sampled_from([(), (entry("a"),), (entry("b"), entry("ç"))])),
    _ask("put_synced_commands", st.sampled_from(["one", "twö"])),
)


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asks=st.lists(_ASKS, min_size=4, max_size=18), killed=st.booleans())
async def test_a_store_answers_as_dictionaries_would(
    open_store: StoreOpener, asks: list[Ask], *, killed: bool
) -> None:
    opener = await open_store.elsewhere()
    store, naive = await opener(), Naive()
    for ask in asks:
        if ask.verb == "restart":
            store = await opener(killed=bool(ask.args[0]))
        else:
            one = ask.allowed(naive)
            assert await one.of(store) == one.of_naive(naive), ask
        assert await _held(store) == everything_of(naive), ask
    assert await _held(await opener(killed=killed)) == everything_of(naive)
    await opener.let_go()
