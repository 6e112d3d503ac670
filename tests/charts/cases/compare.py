"""Charts of models side by side, made as /compare makes them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.answers.comparison import By
from bot.model import Day, Openness
from bot.openness import Directory
from bot.pictures.compare import Lines
from bot.queries.almanac import almanac
from bot.queries.comparison import comparison
from bot.standings import OFFICIAL
from bot.text.comparison import compared_tracks
from bot.text.say import Say
from bot.text.tracks import tracks_picture
from bot.text.words import estimates_word
from tests.charts.figures import demo_days, known
from tests.made import directory, verdict

FIVE = (
    "tencent/hy3-20260706",
    "deepseek/deepseek-v4-flash-20260423",
    "anthropic/claude-4.7-opus-20260416",
    "minimax/minimax-m3-20260531",
    "google/gemini-3-flash-preview-20251217",
)
OPENED = (
    "deepseek/deepseek-v4-flash-20260423",
    "xiaomi/mimo-v2.5-20260422",
    "minimax/minimax-m3-20260531",
    "z-ai/glm-5.2-20260616",
    "tencent/hy3-preview-20260421",
)
NAMES = (
    "NVIDIA Nemotron 3 Ultra 550B A55B Instruct Preview 2026-07",
    "NVIDIA Nemotron 3 Ultra 550B A55B Instruct Preview 2026-08",
    "Extraordinarily-Long-Hyphenated-Reasoning-Model-V4.5-Thinking-Max",
    "Kısa Türkçe Adlı Çok Büyük Öğrenmiş Şirket Modeli Sürüm 4.5 Işık",
    "Gemini 3.1 Flash Lite Preview Experimental Thinking 09-2026",
)


def cases(say: Say) -> Mapping[str, Lines]:
    """Return the charts by the names of their cases."""
    full = _drawn(say, demo_days(), FIVE, known())
    return {
        "empty": _empty(full, say),
        "one row": _drawn(say, demo_days(), FIVE[1:2], known()),
        "one day": _newest(full),
        "gaps": _drawn(say, _ridden(), FIVE, known()),
        "long names": _drawn(say, demo_days(), FIVE, _long_named(), By.RANK),
        "full": full,
        "ranks": _drawn(say, demo_days(), FIVE, known(), By.RANK),
        "all open": _drawn(say, demo_days(), OPENED, known()),
        "estimated": replace(full, estimated=estimates_word(say, estimated=True)),
    }


def _drawn(
    say: Say,
    days: Mapping[date, Day],
    models: tuple[str, ...],
    directory: Directory,
    by: By = By.SHARE,
) -> Lines:
    found = comparison(almanac("models", days, OFFICIAL), models, date.max)
    picture = tracks_picture(compared_tracks(found, by, directory, say, estimated=False), say)
    assert picture is not None
    return picture


def _empty(full: Lines, say: Say) -> Lines:
    title = say("None of these models is in the ranking now")
    return replace(full, title=title, dates=(), days=(), series=(), ticks=(), totals=())


def _newest(full: Lines) -> Lines:
    """Return the newest date of a chart alone."""
    series = (replace(s, values=s.values[-1:], tokens=s.tokens[-1:]) for s in full.series)
    return replace(
        full,
        dates=full.dates[-1:],
        days=full.days[-1:],
        series=tuple(series),
        totals=full.totals[-1:],
    )


def _ridden() -> Mapping[date, Day]:
    """Return the demo's days without some of them; a window lacks where one of its days does."""
    newest = max(demo_days())
    lost = {newest - timedelta(days=back) for back in (12, 30)}
    return {day: each for day, each in demo_days().items() if day not in lost}


def _long_named() -> Directory:
    named = dict(zip(FIVE, NAMES, strict=True))
    return directory({model: verdict(Openness.OPEN) for model in FIVE[:3]}, names=named)
