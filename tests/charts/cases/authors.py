"""The cases of the chart of authors: all of them, or one whose models stand out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.model import Day, Openness
from bot.openness import Directory
from bot.pictures.authors import Stack
from bot.queries.almanac import Almanac, almanac
from bot.queries.author import authorship
from bot.standings import OFFICIAL, WEEKLY
from bot.text.author_shares import authors_picture
from bot.text.say import Say
from tests.charts.figures import demo_almanac, known
from tests.charts.reading import LONG
from tests.made import day, days, directory, verdict

KNOWN = directory({"lab/x": verdict(Openness.OPEN), "lab/y": verdict(Openness.CLOSED)})
LONG_NAMED = "-".join(LONG.lower().split())
FIRST = date(2026, 6, 1)


def cases(say: Say) -> Mapping[str, Stack]:
    """Return a picture for each name, in a language."""
    full = authors_picture(authorship(demo_almanac(), known(), date.max), say)
    none = {
        "dates": (),
        "days": (),
        "totals": (),
        "bands": (),
        "title": say("The most-used authors"),
    }
    return {
        "empty": replace(full, **none),
        "one row": _picture([{"lab/x": 300}] * 8, say, "lab"),
        "one day": _picture([_counts(1)] * 7, say, "lab"),
        "gaps": _gaps(say),
        "long names": _picture([_long(n) for n in range(20)], say, f"{LONG_NAMED}-2"),
        "full": full,
        "one author": _of(demo_almanac(), known(), "tencent", say),
        "small": _of(demo_almanac(), known(), "nvidia", say),
        "three kinds": _picture([_counts(n) for n in range(30)], say, "lab"),
        "gone": _picture([_counts(3)] * 20 + [{"meta/a": 40, "zen/b": 30}] * 9, say, "lab"),
        "estimated": _weeks(say),
    }


def _of(kept: Almanac, names: Directory, focus: str | None, say: Say) -> Stack:
    return authors_picture(authorship(kept, names, date.max, focus), say)


def _picture(counts: Sequence[Mapping[str, int]], say: Say, focus: str) -> Stack:
    return _of(almanac("models", days(counts), OFFICIAL), KNOWN, focus, say)


def _counts(n: int) -> Mapping[str, int]:
    """Return the tokens of a day on which one author's models of three kinds grow."""
    own = {"lab/x": 60 + 4 * n, "lab/y": 40 + n, "lab/z": 15}
    return own | {f"author-{k}/m": 90 // (k + 1) + (n * k) % 7 for k in range(9)}


def _long(n: int) -> Mapping[str, int]:
    return {f"{LONG_NAMED}-{k}/m": 200 - 20 * k + n * k for k in range(9)}


def _gaps(say: Say) -> Stack:
    """Return a picture with days missing, and a single window between them."""
    whole = days([_counts(n) for n in range(45)], FIRST)
    lost = {FIRST + timedelta(days=n) for n in (12, 20, 33)}
    kept = {when: each for when, each in whole.items() if when not in lost}
    return _of(almanac("models", kept, OFFICIAL), KNOWN, "author-1", say)


def _weeks(say: Say) -> Stack:
    """Return a picture of whole weeks, which are estimates, without what is not listed."""
    weeks: list[Day] = [day(FIRST + timedelta(weeks=n), _counts(n), other=None) for n in range(12)]
    kept = almanac("models", {each.date: each for each in weeks}, WEEKLY)
    return _of(kept, KNOWN, "lab", say)
