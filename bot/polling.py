"""The poller: polls and tends for as long as this process holds that office."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.app import board_poll, check_weights_named, data_api, refresh_catalogue, utc_now
from bot.boards import MODELS, Board
from bot.chores import tending
from bot.openness import Registry
from bot.packaged import read_boards
from bot.poller import CountPoll, Watched, poll_all
from bot.schedule import Again, Work, start_schedule
from bot.settings import Settings
from bot.sources._http import Http
from bot.sources.exports import Exports
from storage.offices import Office, Offices, Term
from storage.protocol import Store

KEYED_MODELS = timedelta(minutes=15)
KEYED_DAILY = timedelta(hours=3)
"""With a key the board of models is asked no more often, and the other daily ones this often.

With 10 daily boards and 14 weekly ones, asked once a day: 96 + 80 + 14 = 190 of the 500 requests
a day that the source allows.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """Where rankings come from, and what judging them needs."""

    settings: Settings
    http: Http
    registry: Registry


class Polling:
    """Poll, tend and tidy on a schedule in each term."""

    def __init__(
        self,
        offices: Offices,
        source: Source,
        may_be_in: Callable[[int], bool],
        wake: Callable[[], None],
        count: CountPoll | None = None,
    ) -> None:
        """Take the offices to run for, and whom to `wake` when something may have become owed."""
        self._offices = offices
        self._source = source
        self._may_be_in = may_be_in
        self._wake = wake
        self._count = count
        self.here = False

    async def run(self) -> None:
        """Poll until cancelled, whenever the office is ours; `here` says whether it is."""
        await self._offices.serve(Office.POLLER, self._serve)

    async def _serve(self, term: Term) -> None:
        first, again = schedule(term.store, self._source, self._wake, self._count)
        chores = tending(term.store, self._may_be_in, self._wake, utc_now)
        scheduler = start_schedule(first, [*again, *chores])
        self.here = True
        try:
            await asyncio.Event().wait()
        finally:
            self.here = False
            scheduler.shutdown(wait=False)


def models_every(settings: Settings) -> timedelta:
    """Return the time between two polls of the board of models."""
    often = timedelta(minutes=settings.poll_minutes)
    return often if settings.openrouter_api_key is None else max(often, KEYED_MODELS)


def schedule(
    store: Store, source: Source, wake: Callable[[], None], count: CountPoll | None = None
) -> tuple[Sequence[Work], Sequence[Again]]:
    """Return what is polled at once, and what is polled again and again."""
    settings, http = source.settings, source.http
    catalogue = Watched("catalogue", partial(refresh_catalogue, store, http, settings))
    hub = Watched("Hugging Face Hub", partial(check_weights_named, store, settings))
    judged = [board for board in read_boards().values() if board.judged]
    keyless, api = Exports(http, settings.openrouter_url), data_api(store, http, settings)
    keyed = api is not None

    def watched(name: str, boards: Sequence[Board]) -> Work:
        polls = [board_poll(board, store, keyless, api, source.registry) for board in boards]
        work = Watched(name, partial(poll_all, polls, utc_now, count))

        async def poll_and_wake() -> None:
            await work()
            wake()

        return poll_and_wake

    others = [board for board in judged if board.keyed and keyed]
    models = watched("rankings", [MODELS])
    daily = watched("rankings of boards by day", [each for each in others if not each.weekly])
    weekly = watched("rankings of boards by week", [each for each in others if each.weekly])
    again: Sequence[Again] = (
        (models_every(settings), [models]),
        (timedelta(days=1), [catalogue, hub, weekly]),
        (KEYED_DAILY, [daily]),
    )
    return [catalogue, models, daily, weekly, hub], again
