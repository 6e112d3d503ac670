"""What rules share: the pair a claim is about, places by model, rest after a milestone (pure)."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.model import Facts, Milestone, Place, Window
from bot.rules import Windows
from bot.standings import base_model

REST = timedelta(days=30)
"""How long some rules keep silent on a subject after a milestone."""


def both(milestone: Milestone, windows: Windows, holds: Callable[[Window], bool]) -> bool:
    """Say whether the two windows that confirmed a milestone are there and `holds` of both."""
    pair = (windows(milestone.began), windows(milestone.date))
    return all(window is not None and holds(window) for window in pair)


def place(window: Window, model: str) -> Place | None:
    """Return the best place of a base model, under whatever variant; None if it has none."""
    places = window.standings.places
    return next((each for each in places if base_model(each.model) == model), None)


def tokens(window: Window, model: str) -> int:
    """Return the tokens of a model at its best place; 0 if it has none."""
    found = place(window, model)
    return found.tokens if found else 0


def leader(window: Window) -> str | None:
    """Return the base model with the most tokens."""
    return next((base_model(each.model) for each in window.top(1)), None)


def the_model(milestone: Milestone, _: Window) -> frozenset[str]:
    """Return the one model that a milestone's facts name."""
    return frozenset({milestone.facts["model"]})


def nobody(_: Milestone, __: Window) -> frozenset[str]:
    """Return no model: the claim does not rest on tokens."""
    return frozenset()


def ranked_again(milestone: Milestone, now: Window) -> Facts:
    """Return the facts with the ranks of a later reading."""
    found, facts = place(now, milestone.facts["model"]), dict(milestone.facts)
    ranks = {
        "rank": found.rank if found else None,
        "rank_before": found.rank_before if found else None,
    }
    return facts | {name: rank for name, rank in ranks.items() if name in facts}


def rested(told: Mapping[str, str], subject: str, now: date) -> bool:
    """Say whether nothing was told of a subject for thirty days."""
    last = told.get(subject)
    return last is None or now - date.fromisoformat(last) >= REST


def recent(told: Mapping[str, str], now: date) -> dict[str, str]:
    """Return what was told so lately that it still matters."""
    return {subject: day for subject, day in told.items() if not rested(told, subject, now)}
