"""Nouns for tests of stores, and one look at everything that a store holds."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TypeAlias

from bot.delivery import Delivery, DeliveryState, Kind, Pause, PauseReason, Subscription
from bot.knowledge import CatalogueEntry, Price, Rater, Score
from bot.model import BOARD_MODELS, Entrant, Memory, Milestone, Openness, Searched, Severity
from storage.protocol import Progress, Store
from tests.made import AS_OF, START, day

Change: TypeAlias = Callable[[Store], Awaitable[object]]
"""A call that changes what a store holds."""

LATER = AS_OF + timedelta(hours=1)
OTHER_BOARD = "coding"
CHANNELS = (1, 2, 3, 8)
PAUSE = Pause(PauseReason.FORBIDDEN, AS_OF, "403: Missing Açcess")

NOTHING = Progress((), None)


def progress(through: int | None, mark: str | None = "mark") -> Progress:
    """Return the progress of a board judged up to so many days after START; None: not judged.

    It has a memory for each of the last four windows, as far as there are so many.
    """
    if through is None:
        return Progress((), mark)
    rules = {"leader@2": {"name": "öpen/модель", "tokens": 2**70}}
    ends = (START + timedelta(days=n) for n in range(max(0, through - 3), through + 1))
    return Progress(tuple(Memory(START, end, (START,), rules) for end in ends), mark)


def key(name: str, when: int = 0, board: str = BOARD_MODELS) -> str:
    """Return the key of a milestone."""
    return f"{board}.leader.{name}.{START + timedelta(days=when)}"


MILESTONES = tuple(
    key(f"m{number}", when, board)
    for number in range(1, 5)
    for when in (0, 3, 70)
    for board in (BOARD_MODELS, OTHER_BOARD)
)
"""All keys that tests of whatever is asked in whatever order use."""

ALERTS = ("d1", "d2", "d3", "d4", "d5", f"1:{key('m1')}", f"2:{key('m1')}+{key('m2', 3)}")
DELIVERIES = (*ALERTS, f"{ALERTS[-1]}!final", "n1")
"""The keys of deliveries, likewise."""


def milestone(name: str, when: int = 0, board: str = BOARD_MODELS, tokens: int = 5) -> Milestone:
    """Return a milestone dated so many days after START."""
    dated = START + timedelta(days=when)
    return Milestone(
        key=key(name, when, board),
        rule="leader",
        board=board,
        subject="öpen/модель",
        began=dated - timedelta(days=1),
        date=dated,
        severity=Severity.HEADLINE,
        facts={"tokens": tokens, "names": ["模型", "🦊"], "nested": {"none": None, "share": 0.25}},
        first=True,
        searched=Searched(START, 12, (START,)),
        top=(Entrant("öpen/модель", "模型 🦊", 1, tokens, Openness.OPEN),),
        total=tokens * 3,
        days_without_other=1,
        as_of=AS_OF,
    )


def delivery(key: str, channel: int = 1, state: DeliveryState = DeliveryState.PENDING) -> Delivery:
    """Return a delivery of two milestones to a channel of server 10."""
    made = Delivery(key, channel, 10, ("m1", "m2"), f"nonce-{key}", AS_OF)
    if state is DeliveryState.PENDING:
        return made
    later = AS_OF + timedelta(minutes=5, microseconds=7)
    return replace(made, state=state, attempts=3, retry_at=later, message_id=2**63, reason="höchst")


def sent(key: str, channel: int = 1) -> Delivery:
    """Return a delivery that was sent."""
    return delivery(key, channel, DeliveryState.SENT)


def notice(key: str = "n1", channel: int = 8, guild: int = 10) -> Delivery:
    """Return what tells a server that a channel of it is paused."""
    return replace(delivery(key, channel), guild_id=guild, milestones=(), kind=Kind.NOTICE)


def subscription(channel: int = 1, guild: int = 10) -> Subscription:
    """Return a channel's subscription."""
    return Subscription(channel, guild, BOARD_MODELS, START, AS_OF, 2**63 + 1)


def entry(model: str) -> CatalogueEntry:
    """Return the catalogue's word on a model."""
    return CatalogueEntry(
        model,
        f"名 {model}",
        START,
        "öpen/weights",
        START,
        context=2**20,
        price=Price(Decimal("0.20"), Decimal("1E-22")),
        scores=(
            Score(Rater.ARTIFICIAL_ANALYSIS, "coding", Decimal("52.3")),
            Score(Rater.DESIGN_ARENA, "çizim", Decimal(1304), 6),
        ),
    )


async def everything(store: Store) -> dict[str, object]:
    """Return all that a store holds on these boards and keys, by the name of what it is."""
    held: dict[str, object] = {
        "subscriptions": await store.subscriptions(),
        "by key": await store.milestones_by_key(MILESTONES),
        "open": await store.open_deliveries(),
        "open by channel": [each for n in CHANNELS for each in await store.open_deliveries(n)],
        "deliveries": await store.deliveries(DELIVERIES),
        "alerts": frozenset(await store.alerts_with(["m1"])),
        "absences": dict(await store.absences()),
        "guilds": await store.guilds(),
        "catalogue": await store.catalogue(),
        "commands": await store.synced_commands(),
    }
    for board in (BOARD_MODELS, OTHER_BOARD):
        days = await store.days(board)
        held[f"{board}: days"] = list(days.items())
        held[f"{board}: versions"] = {when: await store.versions(board, when) for when in days}
        held[f"{board}: progress"] = await store.progress(board)
        held[f"{board}: milestones"] = await store.milestones(board)
    return held


def keys(found: Iterable[Milestone | Delivery]) -> list[str]:
    """Return the keys of what was found, in its order."""
    return [each.key for each in found]


async def fill(store: Store) -> None:
    """Put some of everything into a store, over two months and two boards."""
    await store.put_days(BOARD_MODELS, [day(n, {"a": n, "b": 2}) for n in (31, 0, 1)])
    await store.put_days(BOARD_MODELS, [day(1, {"a": 9}, as_of=LATER)])
    await store.put_days(OTHER_BOARD, [day(3, {"öpen/модель": 2**80}, other=None)])
    await store.subscribe(subscription(2))
    await store.subscribe(subscription(3, 11))
    await store.pause(3, PAUSE)
    await store.put_absences({10: AS_OF, 12: LATER})
    rows = [delivery("d2"), sent("d1"), delivery("d3", 2), replace(delivery("d4", 3), guild_id=11)]
    await store.record(BOARD_MODELS, progress(3), [milestone("m2"), milestone("m1")], rows)
    await store.put_catalogue([entry("a"), entry("b")])
    await store.put_synced_commands("ŝ1")
    await store.save_deliveries([delivery("d3", 2, DeliveryState.SENDING)])


async def _sent_and_put_aside(store: Store) -> None:
    await store.save_deliveries([sent("d3", 2), delivery("d2", 1, DeliveryState.DEAD)])
    await store.record(BOARD_MODELS, progress(9), [], [delivery("d5")])


CHANGES: dict[str, Change] = {
    "record": lambda s: s.record(BOARD_MODELS, progress(9), [milestone("m4")], [delivery("d5")]),
    "record what makes others old": lambda s: s.record(BOARD_MODELS, progress(70), [], []),
    "put_days": lambda s: s.put_days(BOARD_MODELS, [day(1, {"a": 1}, as_of=LATER)]),
    "put_days over two months": lambda s: s.put_days(
        BOARD_MODELS, [day(2, {"a": 1}), day(32, {"a": 1})]
    ),
    "subscribe": lambda s: s.subscribe(subscription(7)),
    "amend": lambda s: s.amend(replace(subscription(3, 11), only=("öpen/модель", "öpen/"))),
    "unsubscribe": lambda s: s.unsubscribe(2),
    "save_deliveries": lambda s: s.save_deliveries([sent("d3", 2)]),
    "save_deliveries of two": lambda s: s.save_deliveries([sent("d3", 2), sent("d2")]),
    "put aside": _sent_and_put_aside,
    "pause": lambda s: s.pause(2, PAUSE, [notice()]),
    "resume": lambda s: s.resume(3, AS_OF + timedelta(days=2)),
    "put_absences": lambda s: s.put_absences({11: LATER}),
    "tidy": lambda s: s.tidy(AS_OF + timedelta(days=91)),
    "purge": lambda s: s.purge(10),
    "put_catalogue": lambda s: s.put_catalogue([entry("z")]),
    "put_synced_commands": lambda s: s.put_synced_commands("ŝ2"),
}
"""Calls that each change what `fill` has put into a store, by name."""
