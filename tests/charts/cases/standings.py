"""What the chart of standings is photographed with."""

from collections.abc import Mapping
from dataclasses import replace

from bot.model import Openness, Standings
from bot.openness import Directory
from bot.pictures import Picture
from bot.pictures.standings import Bars
from bot.standings import all_standings
from bot.text.bars import standings_picture
from bot.text.digest import chart_title
from bot.text.say import Say
from tests.charts.figures import demo_windows, known
from tests.charts.reading import LONG
from tests.made import days, directory, verdict

COUNTS = {"open/a": 90, "closed/b": 62, "open/c": 62, "x/d": 21, "closed/e": 4, "open/f": 1}
MADE = directory(
    authors={"open": verdict(Openness.OPEN), "closed": verdict(Openness.CLOSED)},
    names={model: f"Model {model[-1].upper()}" for model in COUNTS},
)
LONG_NAMES = directory(
    authors=MADE.registry.authors,
    names={model: f"{LONG} {model[-1].upper()}" for model in COUNTS},
)


def cases(say: Say) -> Mapping[str, Picture]:
    """Return the pictures of standings, by the name of the case."""
    full, two = demo_windows()[-1], week(14)
    none = replace(full, places=(), compared=False)
    one = replace(two, places=two.places[:1])
    return {
        "empty": made(none, MADE, say),
        "one row": made(one, MADE, say),
        "one day": made(replace(week(7), days=1), MADE, say),
        "gaps": made(week(14, {"closed/b": 40, "open/c": 90, "x/d": 30}), MADE, say),
        "long names": made(two, LONG_NAMES, say),
        "estimated": made(two, MADE, say, estimated=True),
        "full": made(full, known(), say),
        "all places": made(full, known(), say, top=25),
    }


def made(
    found: Standings, what: Directory, say: Say, *, estimated: bool = False, top: int = 10
) -> Bars:
    """Return a picture as a digest has it."""
    title = chart_title(found, what, say)
    return standings_picture(found, what, say, title=title, estimated=estimated, top=top)


def week(count: int, before: Mapping[str, int] | None = None) -> Standings:
    """Return the newest standings of so many days; of two weeks, the first may be another."""
    stored = days([before or COUNTS] * (count - 7) + [COUNTS] * 7)
    return list(all_standings("models", stored))[-1]
