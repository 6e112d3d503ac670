"""The words on pictures, and the words that stand in for them (pure)."""

from collections.abc import Sequence
from datetime import datetime

from bot.boards import MODELS, Board
from bot.model import Openness, Standings
from bot.openness import Directory
from bot.pictures.bump import Bump, Caption, leader
from bot.standings import WEEK
from bot.text.alert import on_board
from bot.text.say import Say
from bot.text.titled import in_title
from bot.text.words import (
    LONGEST_ALT,
    citation,
    estimates_word,
    openness_word,
    short_name,
    span,
)


def bump_caption(
    title: str, as_of: datetime, say: Say, board: Board = MODELS, days: int = WEEK
) -> Caption:
    """Return the words on the chart of ranks; `days` is how long a window is."""
    return Caption(
        title=title,
        subtitle=on_board(_subtitle(days, say), board.name, say),
        words={openness: openness_word(openness, say) for openness in Openness},
        empty=say("No complete week is stored yet"),
        citation=citation(as_of),
        short_day=say.short_day,
        language=say.code,
        estimated=estimates_word(say, estimated=board.estimated),
    )


def lead_title(windows: Sequence[Standings], directory: Directory, say: Say) -> str:
    """Return who leads the newest of the windows that are drawn, and whence; oldest first."""
    model = leader(windows[-1]) if windows else None
    if model is None:
        return say("Most-used models on OpenRouter")
    name, day = in_title(directory.name(model)), say.day(windows[0].date)
    if windows[0].date == windows[-1].date:
        days = span(windows[-1].date, windows[-1].days, say)
        return say("{model} was used most, {span}", model=name, span=days)
    rank = next((place.rank for place in windows[0].places if place.model == model), None)
    if rank is None:
        return say("{model} leads; on {day} it was not listed", model=name, day=day)
    if rank > 1:
        return say("{model} leads, up from rank {rank} on {day}", model=name, rank=rank, day=day)
    if all(window.places[0].model == model for window in windows):
        return say("{model} keeps the lead it had on {day}", model=name, day=day)
    return say("{model} leads again, as on {day}", model=name, day=day)


def _subtitle(days: int, say: Say) -> str:
    if days == 1:
        return say("Ten most-used models on OpenRouter, by tokens on one day of each week")
    if days == WEEK:
        return say("Ten most-used models on OpenRouter, by tokens over seven days")
    return say("Ten most-used models on OpenRouter, by tokens over {days} days", days=days)


def bump_alt(picture: Bump, say: Say) -> str:
    """Return what the chart of ranks shows, in words: its title and last ranks, with openness."""
    shown = (rank for line in picture.lines for rank in line.ranks if rank is not None)
    if not any(rank <= picture.depth for rank in shown):
        return picture.empty
    last: list[tuple[int, str]] = sorted(
        (rank, f"{short_name(line.name)} ({openness_word(line.openness, say)})")
        for line in picture.lines
        if (rank := line.ranks[-1]) is not None and rank <= picture.depth
    )
    text = _on_what_days(picture, say)
    text = " ".join(filter(None, (f"{picture.title}.", _sentence(picture.estimated), text)))
    for rank, name in last:
        more = f"{text} {rank} {name};"
        if len(more) > LONGEST_ALT:
            break
        text = more
    return f"{text.rstrip(';')}."


def _on_what_days(picture: Bump, say: Say) -> str:
    first, last = say.day(picture.dates[0]), say.day(picture.dates[-1])
    if first == last:
        return say("{subtitle}, on {day}:", subtitle=picture.subtitle, day=last)
    return say(
        "{subtitle}, {start} to {end}. On the last day:",
        subtitle=picture.subtitle,
        start=first,
        end=last,
    )


def _sentence(text: str) -> str:
    return f"{text}." if text else ""
