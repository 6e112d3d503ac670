"""The words on pictures, and the words that stand in for them (pure)."""

from datetime import datetime

from bot.model import BOARD_MODELS, Openness
from bot.pictures.bump import Bump, Caption
from bot.standings import WEEK
from bot.text.alert import on_board
from bot.text.say import Say
from bot.text.words import LONGEST_ALT, citation, openness_word, short_name


def bump_caption(
    title: str, as_of: datetime, say: Say, board: str = BOARD_MODELS, days: int = WEEK
) -> Caption:
    """Return the words on the chart of ranks; `days` is how long a window is."""
    return Caption(
        title=title,
        subtitle=on_board(_subtitle(days, say), board, say),
        words={openness: openness_word(openness, say) for openness in Openness},
        empty=say("No complete week is stored yet"),
        citation=citation(as_of),
        short_day=say.short_day,
    )


def _subtitle(days: int, say: Say) -> str:
    if days == 1:
        return say("Ten most-used models on OpenRouter, by tokens on one day of each week")
    if days == WEEK:
        return say("Ten most-used models on OpenRouter, by tokens over seven days")
    return say("Ten most-used models on OpenRouter, by tokens over {days} days", days=days)


def bump_alt(picture: Bump, say: Say) -> str:
    """Return what the chart of ranks shows, in words: its last ranks, with openness."""
    shown = (rank for line in picture.lines for rank in line.ranks if rank is not None)
    if not any(rank <= picture.depth for rank in shown):
        return picture.empty
    last: list[tuple[int, str]] = sorted(
        (rank, f"{short_name(line.name)} ({openness_word(line.openness, say)})")
        for line in picture.lines
        if (rank := line.ranks[-1]) is not None and rank <= picture.depth
    )
    text = say(
        "{subtitle}, {start} to {end}. On the last day:",
        subtitle=picture.subtitle,
        start=say.day(picture.dates[0]),
        end=say.day(picture.dates[-1]),
    )
    for rank, name in last:
        more = f"{text} {rank} {name};"
        if len(more) > LONGEST_ALT:
            break
        text = more
    return f"{text.rstrip(';')}."
