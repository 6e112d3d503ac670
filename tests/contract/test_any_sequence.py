"""Whatever is asked of a store, in whatever order: it answers as plain dictionaries would."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery import Delivery, DeliveryState, Kind, Manner, Pause, Subscription
from bot.model import BOARD_MODELS, Milestone
from storage.protocol import Store
from tests.contract.conftest import StoreOpener
from tests.contract.naive import UNSENT, Naive
from tests.contract.nouns import (
    DELIVERIES,
    LATER,
    OTHER_BOARD,
    PAUSE,
    delivery,
    entry,
    everything,
    milestone,
    progress,
    subscription,
)
from tests.made import AS_OF, day


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
        """Return the same without deliveries that would open again what is sent or dead."""
        if self.verb != "save_deliveries":
            return self
        (rows,) = self.args
        assert isinstance(rows, tuple)
        kept = (row for row in rows if row.state not in UNSENT or not naive.settled(row.key))
        return Ask(self.verb, (tuple(kept),))

    async def of(self, store: Store) -> object:
        return await getattr(store, self.verb)(*self.args)

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
    return replace(
        delivery(key, 1 + number % 2, state),
        guild_id=10 + number % 2,
        created_at=AS_OF + timedelta(days=number // 2 * 25, hours=-number),
        kind=kind,
        manner=Manner(forum=number < 4, mention=number),
    )


def _amended(channel: int, pause: Pause | None, only: tuple[str, ...]) -> Subscription:
    return replace(subscription(channel, 11), paused=pause, only=only)


Strategy: TypeAlias = st.SearchStrategy[Ask]
BOARDS = (BOARD_MODELS, OTHER_BOARD)
_boards = st.sampled_from(BOARDS)
_channels = st.sampled_from([1, 2])
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
_only = st.lists(st.sampled_from(["öpen/a", "öpen/"]), max_size=2).map(tuple)
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
_AMEND = _ask("amend", st.builds(_amended, _channels, st.sampled_from([None, PAUSE]), _only))
_PAUSE = _ask("pause", _channels, st.just(PAUSE), st.lists(_notice, max_size=1).map(tuple))
_RESUME = _ask("resume", _channels, _later)
_TIDY = _ask("tidy", _later)
_ASKS = st.one_of(
    *(_PUT_DAYS, _PUT_DAYS, _RECORD, _RECORD, _SAVE, _SAVE, _RESTART),
    _ask("subscribe", st.builds(subscription, _channels, st.sampled_from([10, 11]))),
    *(_AMEND, _ask("unsubscribe", _channels)),
    *(_PAUSE, _PAUSE, _RESUME, _TIDY, _TIDY),
    _ask("put_absences", st.sampled_from([{}, {10: AS_OF, 11: LATER}])),
    _ask("purge", st.sampled_from([10, 11, 12])),
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
        assert await _held(store) == naive.everything(), ask
    assert await _held(await opener(killed=killed)) == naive.everything()
    await opener.let_go()
