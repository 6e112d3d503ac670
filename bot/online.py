"""What the command line does with the network, once: poll, and read the past."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot import rules
from bot.alerts import tell
from bot.app import (
    board_poll,
    data_api,
    keyed_api,
    needed_key,
    open_source,
    open_store,
    refresh_catalogue,
    stored_directory,
    utc_now,
)
from bot.backfill import Backfilled, backfill, rejudge
from bot.boards import MODELS
from bot.errors import InputError
from bot.packaged import read_boards, read_registry
from bot.pipeline import Poll
from bot.poller import Watched
from bot.settings import Settings
from bot.sources.data_api import App
from bot.sources.exports import Exports
from bot.text.alert import Told
from bot.text.say import english

ShowCalls = Callable[[str, int, int], None]
"""Told a board's name, the calls done, and the calls due."""


async def poll_once(settings: Settings) -> tuple[Poll, tuple[Told, ...]]:
    """Poll catalogue and rankings once, without Discord; return also the milestones in words.

    A catalogue that cannot be had is logged and does without. Raises SourceError and StoreError.
    """
    async with open_store(settings, writable=True) as store, open_source() as http:
        await Watched("catalogue", partial(refresh_catalogue, store, http, settings))()
        keyless, api = Exports(http, settings.openrouter_url), data_api(store, http, settings)
        done = await board_poll(MODELS, store, keyless, api, read_registry())(utc_now())
        known = await stored_directory(store, read_registry())
    return done, tuple(tell(one, rules.discover(), known, english()) for one in done.milestones)


async def backfill_boards(
    settings: Settings, only: Sequence[str], show: ShowCalls
) -> dict[str, tuple[Backfilled, int]]:
    """Read the past of boards (of all judged ones, if none is named), and judge it anew.

    Return by board what was read and how many milestones were found; nothing is announced. Raises
    SettingsError without a key, InputError for a board there is not, SourceError, StoreError.
    """
    needed_key(settings)
    judged = {name: board for name, board in read_boards().items() if board.judged}
    if unknown := sorted(set(only) - set(judged)):
        raise InputError(f"--board {unknown[0]}: there are {', '.join(judged)}")
    done: dict[str, tuple[Backfilled, int]] = {}
    async with open_store(settings, writable=True) as store, open_source() as http:
        api = keyed_api(store, http, settings)
        known = await stored_directory(store, read_registry())
        for name in dict.fromkeys(only) or judged:
            again = partial(rejudge, judged[name], store, known, rules.discover())
            try:
                read = await backfill(judged[name], api, store, utc_now(), partial(show, name))
            finally:  # or the next poll would announce what the past changes
                found = await again(utc_now())
            done[name] = (read, found)
    return done


async def read_apps(settings: Settings) -> tuple[tuple[App, ...], datetime]:
    """Return the apps as the source ranks them now, and the moment.

    Raises SettingsError without a key, SourceError, StoreError.
    """
    needed_key(settings)
    async with open_store(settings, writable=True) as store, open_source() as http:
        return await keyed_api(store, http, settings).fetch_apps(), utc_now()
