"""Boards as people name them."""

from collections.abc import Iterable

from bot.boards import Board
from bot.queries.names import Named, Names
from bot.text.boards import board_title
from bot.text.say import Say


def board_names(boards: Iterable[Board], say: Say) -> Names:
    """Return the names of boards, by their title in the reader's language and in English."""
    return Names(
        "board",
        tuple(Named(board.name, board_title(board.name, say), (board.title,)) for board in boards),
    )
