"""Whatever is asked of a store, in whatever order: it answers as plain dictionaries would."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery import Delivery, DeliveryState, Subscription
from bot.knowledge import CatalogueEntry
from bot.model import BOARD_MODELS, Day, Milestone
from storage.protocol import Changes, Progress, Store
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import (
    DELIVERIES,
    MILESTONES,
    NOTHING,
    OTHER_BOARD,
    delivery,
    entry,
    everything,
    milestone,
    progress,
    subscription,
)
from tests.made import AS_OF, day

UNSENT = (DeliveryState.PENDING, DeliveryState.SENDING)


@dataclass
class Naive:
    """A store that is nothing but dictionaries."""

    readings: dict[str, dict[date, list[Day]]] = field(default_factory=dict)
    current: dict[str, dict[date, Day]] = field(default_factory=dict)
    progress: dict[str, Progress] = field(default_factory=dict)
    milestones: dict[str, Milestone] = field(default_factory=dict)
    subscriptions: dict[int, Subscription] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
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

    def unsubscribe(self, channel: int) -> bool:
        if self.subscriptions.pop(channel, None) is None:
            return False
        for row in list(self.deliveries.values()):
            if row.channel_id == channel and row.state in UNSENT:
                del self.deliveries[row.key]
        return True

    def save_delivery(self, row: Delivery) -> bool:
        if row.key not in self.deliveries:
            return False
        self.deliveries[row.key] = row
        return True

    def everything(self) -> dict[str, object]:
        """Return what `everything` returns of a store that holds the same."""
        held: dict[str, object] = {
            "subscriptions": tuple(s for _, s in sorted(self.subscriptions.items())),
            "by key": tuple(self.milestones[k] for k in MILESTONES if k in self.milestones),
            "open": tuple(d for d in self.deliveries.values() if d.state in UNSENT),
            "deliveries": tuple(self.deliveries[k] for k in DELIVERIES if k in self.deliveries),
            "catalogue": self.catalogue,
            "commands": self.commands,
        }
        for board in BOARDS:
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

    async def of(self, store: Store) -> object:
        return await getattr(store, self.verb)(*self.args)

    def of_naive(self, naive: Naive) -> object:
        if self.verb in {"put_catalogue", "put_synced_commands"}:
            setattr(naive, self.verb.split("_")[-1], self.args[0])
            return None
        return getattr(naive, self.verb)(*self.args)


Strategy: TypeAlias = st.SearchStrategy[Ask]
BOARDS = (BOARD_MODELS, OTHER_BOARD)
_boards = st.sampled_from(BOARDS)
_channels = st.sampled_from([1, 2])
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
_delivery = st.builds(
    delivery, st.sampled_from(DELIVERIES), _channels, st.sampled_from(DeliveryState)
)
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
_SAVE = _ask("save_delivery", _delivery)
_ASKS = st.one_of(
    *(_PUT_DAYS, _PUT_DAYS, _RECORD, _RECORD, _SAVE, _SAVE, _RESTART),
    _ask("subscribe", st.builds(subscription, _channels, st.sampled_from([10, 11]))),
    _ask("unsubscribe", _channels),
    _ask("put_catalogue", st.sampled_from([(), (entry("a"),), (entry("b"), entry("ç"))])),
    _ask("put_synced_commands", st.sampled_from(["one", "twö"])),
)


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asks=st.lists(_ASKS, min_size=4, max_size=16), killed=st.booleans())
async def test_a_store_answers_as_dictionaries_would(
    open_store: StoreOpener, asks: list[Ask], *, killed: bool
) -> None:
    opener = await open_store.elsewhere()
    store, naive = await opener(), Naive()
    for ask in asks:
        if ask.verb == "restart":
            store = await opener(killed=bool(ask.args[0]))
        else:
            assert await ask.of(store) == ask.of_naive(naive), ask
        assert await _held(store) == naive.everything(), ask
    assert await _held(await opener(killed=killed)) == naive.everything()
    await opener.let_go()
