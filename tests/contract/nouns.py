"""Nouns for tests of stores, and one look at everything that a store holds."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TypeAlias

from bot.delivery import Delivery, DeliveryState, Form, Gathering, Held, Kind
from bot.knowledge import CatalogueEntry, Price, Rater, Score
from bot.model import BOARD_MODELS, Entrant, Memory, Milestone, Openness, Searched, Severity
from bot.subscription import (
    Change,
    Channel,
    Deed,
    Digest,
    Pause,
    PauseReason,
    QuietHours,
    Subscription,
    Wish,
)
from storage.protocol import Progress, Store
from tests.made import AS_OF, START, day

Changing: TypeAlias = Callable[[Store], Awaitable[object]]
"""A call that changes what a store holds."""

LATER = AS_OF + timedelta(hours=1)
OTHER_BOARD = "coding"
CHANNELS = (1, 2, 3, 4, 8)
SERVERS = (10, 11)
PLACES = ((10, 1), (11, 2))
"""Servers, each with a channel."""
PERSON = 2**63 + 1
DIGEST = Digest(0, 9, "Europe/Istanbul", (BOARD_MODELS, OTHER_BOARD), "tr", AS_OF)
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
DELIVERIES = (*ALERTS, f"{ALERTS[-1]}!final", "n1", "h1", "h2", "r1", "r2")
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
    if state is DeliveryState.HELD:
        return replace(made, state=state, held=Held.QUIET)
    later = AS_OF + timedelta(minutes=5, microseconds=7)
    return replace(made, state=state, attempts=3, retry_at=later, message_id=2**63, reason="höchst")


def sent(key: str, channel: int = 1) -> Delivery:
    """Return a delivery that was sent."""
    return delivery(key, channel, DeliveryState.SENT)


def notice(key: str = "n1", channel: int = 8, guild: int = 10) -> Delivery:
    """Return what tells a server that a channel of it is paused."""
    return replace(delivery(key, channel), guild_id=guild, milestones=(), kind=Kind.NOTICE)


def held(key: str, channel: int = 1, why: Held = Held.QUIET) -> Delivery:
    """Return an alert that is held back."""
    return replace(delivery(key, channel, DeliveryState.HELD), held=why)


def gathering(
    key: str, held: Iterable[str], channel: int = 1, beside: Iterable[Delivery] = ()
) -> Gathering:
    """Return a roundup that tells these, with what is owed beside it."""
    roundup = replace(delivery(key, channel), form=Form.ROUNDUP)
    return Gathering(roundup, tuple(held), tuple(beside))


def gathered(row: Delivery, into: str) -> Delivery:
    """Return what was held back and is told by a roundup."""
    return replace(row, state=DeliveryState.GATHERED, about=into)


def subscription(channel: int = 1, guild: int = 10, number: int = 1) -> Subscription:
    """Return a channel's subscription."""
    return Subscription(channel, guild, Wish(), START, AS_OF, PERSON, number=number)


def amended(channel: int = 1, guild: int = 10, number: int = 1) -> Subscription:
    """Return the same that asks for something else, and is stopped."""
    wish = Wish((OTHER_BOARD, BOARD_MODELS), Severity.MINOR, ("leader",), ("öpen/модель", "öpen/"))
    return replace(subscription(channel, guild, number), wish=wish, stopped=LATER)


def changed(
    number: int = 0, guild: int = 10, who: int = PERSON, deed: Deed = Deed.SUBSCRIBED
) -> Change:
    """Return a change of a server's settings, so many minutes after AS_OF."""
    when = AS_OF + timedelta(minutes=number)
    return Change(when, who, guild, 1, deed, number, {"boards": "models", "nåme": f"{number}"})


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
        "channels": await store.channels(),
        "by server": [each for n in SERVERS for each in await _of_server(store, n)],
        "by key": await store.milestones_by_key(MILESTONES),
        "open": await store.open_deliveries(),
        "waiting": await store.waiting(),
        "open by channel": [each for n in CHANNELS for each in await store.open_deliveries(n)],
        "deliveries": await store.deliveries(DELIVERIES),
        "held": await store.held(),
        "alerts": frozenset(await store.alerts_with(["m1"])),
        "posts": frozenset(await store.posts()),
        "late posts": frozenset(await store.posts(AS_OF + timedelta(days=20))),
        "about": frozenset([row for n in CHANNELS for row in await store.about("m1", n)]),
        "kept by channel": [row for place in PLACES for row in await store.kept(*place)],
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


async def _of_server(store: Store, guild: int) -> list[object]:
    """Return the subscriptions, channels, changes, posts and other deliveries of a server."""
    settings = [*await store.subscriptions(guild), *await store.channels(guild)]
    posts = sorted(await store.posts(None, guild), key=lambda row: row.key)
    return [*settings, *await store.changes(guild), *posts, *await store.kept(guild)]


def keys(found: Iterable[Milestone | Delivery]) -> list[str]:
    """Return the keys of what was found, in its order."""
    return [each.key for each in found]


async def fill(store: Store) -> None:
    """Put some of everything into a store, over two months and two boards."""
    await store.put_days(BOARD_MODELS, [day(n, {"a": n, "b": 2}) for n in (31, 0, 1)])
    await store.put_days(BOARD_MODELS, [day(1, {"a": 9}, as_of=LATER)])
    await store.put_days(OTHER_BOARD, [day(3, {"öpen/модель": 2**80}, other=None)])
    await store.subscribe(subscription(2), changed(1))
    await store.subscribe(subscription(2, number=2), changed(2))
    await store.subscribe(subscription(3, 11), changed(3, 11))
    await store.put_channel(Channel(2, 10, None, LATER, QuietHours(23, 7, "Asia/Tokyo"), 5))
    await store.put_channel(Channel(4, 11, digest=DIGEST), changed(4, 11, 5, Deed.DIGEST))
    await store.pause(3, PAUSE)
    await store.note_absences({10: AS_OF, 12: LATER}, ())
    rows = [delivery("d2"), sent("d1"), delivery("d3", 2), replace(delivery("d4", 3), guild_id=11)]
    rows += [held("h1", 2), sent(ALERTS[-1], 2)]
    await store.record(BOARD_MODELS, progress(3), [milestone("m2"), milestone("m1")], rows)
    await store.put_catalogue([entry("a"), entry("b")])
    await store.put_synced_commands("ŝ1")
    await store.save_deliveries([delivery("d3", 2, DeliveryState.SENDING)])


async def _sent_and_put_aside(store: Store) -> None:
    await store.save_deliveries([sent("d3", 2), delivery("d2", 1, DeliveryState.DEAD)])
    await store.record(BOARD_MODELS, progress(9), [], [delivery("d5")])


CHANGES: dict[str, Changing] = {
    "record": lambda s: s.record(BOARD_MODELS, progress(9), [milestone("m4")], [delivery("d5")]),
    "record what makes others old": lambda s: s.record(BOARD_MODELS, progress(70), [], []),
    "put_days": lambda s: s.put_days(BOARD_MODELS, [day(1, {"a": 1}, as_of=LATER)]),
    "put_days over two months": lambda s: s.put_days(
        BOARD_MODELS, [day(2, {"a": 1}), day(32, {"a": 1})]
    ),
    "subscribe": lambda s: s.subscribe(subscription(7), changed(9)),
    "amend": lambda s: s.amend(amended(3, 11)),
    "unsubscribe": lambda s: s.unsubscribe(2, change=changed(9)),
    "unsubscribe from one": lambda s: s.unsubscribe(2, 1, changed(9)),
    "put_channel": lambda s: s.put_channel(Channel(2, 10, budget=2), changed(9)),
    "put_channel without a digest": lambda s: s.put_channel(Channel(4, 11), changed(9, 11)),
    "put_change": lambda s: s.put_change(changed(9, deed=Deed.TESTED)),
    "owe": lambda s: s.owe([delivery("r2"), delivery("d2"), held("h2")]),
    "gather": lambda s: s.gather(
        [gathering("r1", ["h1"], 2, [delivery("d5", 2)])], {4: AS_OF + timedelta(days=7)}
    ),
    "forget": lambda s: s.forget(PERSON),
    "save_deliveries": lambda s: s.save_deliveries([sent("d3", 2)]),
    "save_deliveries of two": lambda s: s.save_deliveries([sent("d3", 2), sent("d2")]),
    "claim": lambda s: s.claim([2], AS_OF, [sent("d3", 2)]),
    "put aside": _sent_and_put_aside,
    "pause": lambda s: s.pause(2, PAUSE, [notice()]),
    "resume": lambda s: s.resume(3, AS_OF + timedelta(days=2)),
    "note_absences": lambda s: s.note_absences({11: LATER}, ()),
    "tidy": lambda s: s.tidy(AS_OF + timedelta(days=91)),
    "purge": lambda s: s.purge(10),
    "purge_channel": lambda s: s.purge_channel(2),
    "put_catalogue": lambda s: s.put_catalogue([entry("z")]),
    "put_synced_commands": lambda s: s.put_synced_commands("ŝ2"),
}
"""Calls that each change what `fill` has put into a store, by name."""
