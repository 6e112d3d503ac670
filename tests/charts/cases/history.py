"""The history of one model: real ones of the demo's figures, and made-up stories."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from math import sin

from bot import rules
from bot.boards import MODELS, Board
from bot.detect import detect
from bot.model import Day, Milestone, Openness
from bot.openness import Directory
from bot.pictures.history import History
from bot.queries.almanac import almanac
from bot.queries.milestones import naming
from bot.queries.model import profile
from bot.silence import silenced
from bot.text.model_history import model_history
from bot.text.say import Say
from tests.charts.figures import demo_days, known
from tests.charts.reading import LONG
from tests.made import day, directory, verdict

HY3, FLASH = "tencent/hy3-20260706", "deepseek/deepseek-v4-flash-20260423"
OPUS = "anthropic/claude-4.8-opus-20260528"
A = "lab/a-1"
BILLION = 10**9
OTHERS = {f"lab/m-{n}": 40 * n * BILLION for n in range(1, 13)}
"""What other models use a day, so that A's tokens make its rank."""

UP = (30, 60, 110, 190, 270, 310, 420, 460, 520, 560, 610, 780, 900)
WEEKLY = replace(MODELS, name="category-legal", weekly=True, estimated=True)


def cases(say: Say) -> Mapping[str, History]:
    """Return the history of one model in each case."""
    full, gaps = real(FLASH, say), {n: used for n, used in enumerate(years(90)) if n % 37 > 3}
    unlisted = {n: None if 40 < n < 62 else used for n, used in gaps.items()}
    return {
        "empty": unheard(full, say),
        "one row": told(story([200] * 9), say),
        "one day": cut(full, 1),
        "gaps": told(made(unlisted), say),
        "long names": told(story([n**2 for n in range(30)]), say, named(LONG, Openness.UNKNOWN)),
        "full": full,
        "new": real(HY3, say),
        "closed": real(OPUS, say),
        "half a year": told(story(years(190)), say),
        "estimated": told(story(years(26), 7), say, board=WEEKLY),
        "estimated and closed": told(
            story(UP, 7), say, named("Model A", Openness.CLOSED), board=WEEKLY
        ),
    }


def years(days: int) -> list[int]:
    """Return billions of tokens a day that rise and fall."""
    return [round(260 + 2.2 * n + 160 * sin(n / 13)) for n in range(days)]


def story(tokens: Iterable[int], step: int = 1) -> Mapping[date, Day]:
    """Return days so far apart on which A uses so many billions of tokens."""
    return made({n * step: used for n, used in enumerate(tokens)})


def made(tokens: Mapping[int, int | None]) -> Mapping[date, Day]:
    """Return days by their number on which A uses so many billions of tokens; None: not listed."""
    counts = {n: {} if used is None else {A: used * BILLION} for n, used in tokens.items()}
    days = [day(n, OTHERS | count) for n, count in counts.items()]
    return {each.date: each for each in days}


def named(name: str, openness: Openness = Openness.OPEN) -> Directory:
    """Return what is known where A is called this, and the others much the same."""
    names = {A: name} | {model: f"{name} {n}" for n, model in enumerate(OTHERS, start=1)}
    return directory({A: verdict(openness)}, names=names)


def told(
    days: Mapping[date, Day], say: Say, about: Directory | None = None, board: Board = MODELS
) -> History:
    """Return the history of A in these days, with what the rules find in them."""
    about = about or named("Model A")
    _, found = detect(board.name, days, about, rules.discover(), counting=board.counting)
    return picture(days, A, say, about, silenced(found), board)


@cache
def demo_milestones() -> tuple[Milestone, ...]:
    """Return what the rules find in the demo's days."""
    return silenced(detect("models", demo_days(), known(), rules.discover())[1])


def real(model: str, say: Say) -> History:
    """Return the history of a model in the demo's real figures."""
    return picture(demo_days(), model, say, known(), demo_milestones(), MODELS)


def picture(
    days: Mapping[date, Day],
    model: str,
    say: Say,
    about: Directory,
    found: Iterable[Milestone],
    board: Board,
) -> History:
    """Return the history of a model as /model makes it."""
    windows = almanac(board.name, days, board.counting)
    made = model_history(
        profile(board, windows, about, model, max(days)), naming(found, model), about.name, say
    )
    assert made is not None
    return made


def unheard(full: History, say: Say) -> History:
    """Return a history in which the model was never listed."""
    nothing = (None,) * len(full.dates)
    never = replace(full, title=full.name, ranks=nothing, tokens=nothing, events=())
    return replace(never, ending=say("not listed"), amount="")


def cut(full: History, dates: int) -> History:
    """Return the last dates of a history, without its milestones."""
    return replace(
        full,
        dates=full.dates[-dates:],
        days=full.days[-dates:],
        ranks=full.ranks[-dates:],
        tokens=full.tokens[-dates:],
        events=(),
    )
