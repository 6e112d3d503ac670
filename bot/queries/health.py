"""How things stand."""

from collections.abc import Iterable
from datetime import date, timedelta

from bot.answers.health import Freshness, Here, Status
from bot.model import BOARD_MODELS, Milestone
from bot.queries.stored import newest_day, rankings
from bot.standings import ONE_DAY
from bot.states import State, StateKind
from bot.subscription import DIRECT
from storage.protocol import Store

DAYS_LOOKED_AT = 30
_LATELY = timedelta(days=14)
"""How far back is looked for the newest alert of a server."""


async def freshness(store: Store, until: date, today: date) -> Freshness:
    """Return how new the board of models is; `until` is the newest day that may be judged.

    Raises StoreError.
    """
    newest = await newest_day(store, BOARD_MODELS, today)
    thirty = [until - back * ONE_DAY for back in range(DAYS_LOOKED_AT - 1, -1, -1)]
    days = await store.days(BOARD_MODELS, since=min(newest or until, thirty[0]))
    ranking = (await rankings(store, BOARD_MODELS, until)).standings
    return Freshness(
        board=BOARD_MODELS,
        newest=newest,
        as_of=days[newest].as_of if newest else None,
        window=ranking.date if ranking else None,
        missing=tuple(day for day in thirty if day not in days),
        states=await store.states(),
    )


async def status(store: Store, until: date, today: date) -> Status:
    """Return the same with what is owed to all servers. Raises StoreError."""
    fresh = await freshness(store, until, today)
    return Status(
        fresh.board,
        fresh.newest,
        fresh.as_of,
        fresh.window,
        fresh.missing,
        fresh.states,
        subscriptions=len(await store.subscriptions()),
        waiting=len(await store.open_deliveries()),
    )


async def held(store: Store, states: Iterable[State]) -> tuple[Milestone, ...]:
    """Return the milestones that wait for evidence about models. Raises StoreError."""
    keys = [state.subject for state in states if state.kind is StateKind.HELD]
    return await store.milestones_by_key(keys)


async def catalogue_read(store: Store) -> date | None:
    """Return the day of the catalogue's newest reading. Raises StoreError."""
    seen = (entry.seen for entry in await store.catalogue() if entry.seen is not None)
    return max(seen, default=None)


async def here(store: Store, until: date, guild: int, person: int) -> Here:
    """Return how alerts stand in a server; DIRECT: for a person. Raises StoreError."""
    asked = {
        one.channel_id
        for one in await store.subscriptions(guild)
        if one.stopped is None and (guild != DIRECT or one.created_by == person)
    }
    known = await store.channels(guild)
    ours = tuple(one for one in known if one.channel_id in asked or one.digest is not None)
    waiting = [len(await store.open_deliveries(one.channel_id)) for one in ours]
    channels = {one.channel_id for one in ours}
    return Here(ours, sum(waiting), await _newest(store, until, guild, channels))


async def _newest(store: Store, until: date, guild: int, channels: set[int]) -> Milestone | None:
    """Return what was told in these channels last, if that was lately."""
    found = await store.milestones(BOARD_MODELS, until - _LATELY)
    alerts = await store.alerts_with([one.key for one in found], guild)
    told = {key for one in alerts if one.channel_id in channels for key in one.milestones}
    return next((one for one in reversed(found) if one.key in told), None)
