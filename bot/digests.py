"""What a weekly digest and its picture are made of, asked of the store."""

from collections.abc import Mapping
from datetime import date

from bot.answers.digest import Summed
from bot.boards import Board
from bot.delivery import Summary
from bot.model import Standings
from bot.openness import Directory
from bot.pictures.bump import Bump
from bot.queries.digest import summed
from bot.queries.stored import rank_history, rankings
from bot.standings import ONE_DAY, WEEK
from bot.text.captions import bump_caption
from bot.text.digest import chart_title
from bot.text.say import Say
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


async def ranks(
    store: Store, board: Board, week: Standings, directory: Directory, say: Say
) -> Bump:
    """Return the picture of a board's ranks in the weeks up to one. Raises StoreError."""
    title = chart_title(week, directory, say)
    caption = bump_caption(title, week.as_of, say, board.name)
    counting = board.counting
    return await rank_history(store, board.name, week.date, directory, caption, counting=counting)
