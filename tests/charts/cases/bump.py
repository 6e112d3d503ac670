"""Charts of ranks, made as /rankings makes them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.answers.rankings import Wanted
from bot.boards import MODELS, Board
from bot.model import Standings
from bot.packaged import read_boards
from bot.pictures.bump import Bump, Line, bump, leader
from bot.queries.almanac import almanac
from bot.queries.rankings import ranked, ranks_drawn, weeks_drawn
from bot.standings import OFFICIAL
from bot.text.captions import bump_caption, lead_title
from bot.text.say import Say
from tests.charts.figures import NOW, demo_days, demo_windows, known
from tests.charts.reading import LONG


def cases(say: Say) -> Mapping[str, Bump]:
    """Return the charts; `followed` goes day by day, in `none leads` no line is strong."""
    windows, full = demo_windows(), _drawn(say)
    return {
        "empty": _bump((), say),
        "one row": replace(full, lines=full.lines[:1]),
        "one day": _bump(windows[-1:], say),
        "gaps": _gaps(say),
        "long names": replace(full, lines=tuple(map(_lengthened, full.lines))),
        "full": full,
        "followed": _bump(windows, say),
        "none leads": replace(full, highlight=frozenset()),
        "estimated": _drawn(say, read_boards()["category-legal"]),
    }


def _bump(windows: Sequence[Standings], say: Say) -> Bump:
    caption = bump_caption(lead_title(windows, known(), say), NOW, say)
    first = leader(windows[-1]) if windows else None
    return bump(windows, known(), caption, frozenset({first} if first else ()))


def _gaps(say: Say) -> Bump:
    windows = demo_windows()
    lacking = {windows[0].date + timedelta(days=n) for n in (9, 10, 11, 25, 27, 41)}
    return _bump([window for window in windows if window.date not in lacking], say)


def _drawn(say: Say, board: Board = MODELS) -> Bump:
    """Return the picture that /rankings shows of the demo's days."""
    windows = almanac("models", demo_days(), OFFICIAL)
    until = max(demo_days())
    page = ranked(board, windows, until, Wanted(), known())
    title = lead_title(weeks_drawn(page, windows), known(), say)
    return ranks_drawn(page, windows, known(), bump_caption(title, NOW, say, board))


def _lengthened(line: Line) -> Line:
    return replace(line, name=f"{LONG.removesuffix(' for good')} {line.name}")
