"""What a weekly digest and its picture are made of, asked of the store."""

from collections.abc import Mapping
from datetime import date

from bot.answers.digest import Summed
from bot.boards import Board
from bot.delivery import Summary
from bot.openness import Directory
from bot.queries.digest import summed
from bot.queries.stored import rankings
from bot.standings import ONE_DAY, WEEK
from storage.protocol import Store


async def summed_up(
    store: Store, boards: Mapping[str, Board], summary: Summary, directory: Directory
) -> tuple[Summed, ...]:
    """Return what a digest says of each of its boards; those unknown by now are left out.

    Raises StoreError.
    """
    known = [boards[name] for name in summary.boards if name in boards]
    return tuple([await _summed(store, board, directory, summary.until) for board in known])


async def _summed(store: Store, board: Board, directory: Directory, until: date) -> Summed:
    answer = await rankings(store, board.name, until, board.counting)
    end = answer.standings.date if answer.standings is not None else until
    days = await store.days(board.name, since=end - 2 * WEEK * ONE_DAY, until=end)
    return summed(board, answer, days, directory)
