"""What may hold messages back, read from the store when something is to be told."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from bot.backtest import backtest, complete_windows
from bot.boards import Board
from bot.hush import LOOKED_BACK, Likes, Restraints, counted, likes_of
from bot.openness import Directory
from bot.rules import Rule
from bot.standings import WEEK
from bot.subscription import Channel
from storage.protocol import Store


async def restraints(board: str, seen: Likes | None, store: Store, now: datetime) -> Restraints:
    """Return what may hold back at `now` (UTC) what is told of a board. Raises StoreError.

    `seen` are its likes. Whoever decides by this holds `Store.deciding`.
    """
    likes = {} if seen is None else {board: seen}
    rationed = any(each.budget is not None for each in await store.channels())
    lately = counted(await store.posts(now - LOOKED_BACK), now) if rationed else {}
    # The settings last: they may change while messages are counted.
    channels = {each.channel_id: each for each in await store.channels() if _restrains(each)}
    return Restraints(channels, lately, likes)


def _restrains(channel: Channel) -> bool:
    return (channel.muted_until, channel.quiet, channel.budget) != (None, None, None)


async def likes(
    board: Board, store: Store, directory: Directory, rules: Mapping[str, Rule]
) -> Likes | None:
    """Return how often the backtest saw what, None where no channel has a budget.

    Raises StoreError. It may take seconds.
    """
    if all(each.budget is None for each in await store.channels()):
        return None
    days, counting = await store.days(board.name), board.counting

    def tested() -> Likes:
        found = backtest(board.name, days, directory, board.among(rules), None, counting)
        a_week = WEEK // counting.step.days
        return likes_of(found, complete_windows(days, None, counting), a_week)

    # In a thread: years of days take seconds, and gateway heartbeats cannot wait.
    return await asyncio.to_thread(tested)
