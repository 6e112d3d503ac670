"""The rules on openness: levels of the top five, marks of the share, streaks, new verdicts."""

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from functools import cache
from typing import TypeVar

from bot.model import Openness, Severity
from tests.naive.windows import Find, Pair, Seen, Windows

LEVELS = (3, 4, 5)
LENGTHS = (30, 60, 90, 180, 365)
Thing = TypeVar("Thing")


def lasting(
    windows: Windows,
    upto: Seen,
    begins: Callable[[Seen], bool],
    ends: Callable[[Seen], bool],
) -> bool:
    """Look back for the newest pair in which something began in both windows or ended in both.

    Where there is none, it is so if it began in the baseline.
    """
    for window in reversed([*windows.earlier(upto), upto]):
        pair = windows.pair(window)
        if pair is not None and all(map(begins, pair)):
            return True
        if pair is not None and all(map(ends, pair)):
            return False
    return begins(windows.baseline)


def newly_held(
    windows: Windows,
    things: Collection[Thing],
    becomes: Callable[[Thing, Pair], bool],
    stays: Callable[[Thing, Pair], bool],
) -> Iterator[tuple[Pair, list[Thing]]]:
    """Yield with each pair what becomes held on it, in the order of `things`."""
    held: set[Thing] = set()
    for pair in windows.pairs():
        now = {t for t in things if becomes(t, pair) or (t in held and stays(t, pair))}
        yield pair, [thing for thing in things if thing in now - held]
        held = now


def unknown(pair: Pair) -> list[str]:
    """Return the unknown models in the top five of either window, by name."""
    return sorted({m for window in pair for m in window.those(Openness.UNKNOWN, 5)})


def standing(windows: Windows) -> Callable[[int, Seen], bool]:
    """Return what says whether a level stands after a window."""

    @cache
    def stands(level: int, after: Seen) -> bool:
        return lasting(windows, after, lambda w: w.open >= level, lambda w: w.could < level)

    return stands


def _level(windows: Windows, rule: str, pair: Pair, level: int, *, held: bool) -> Find:
    facts = {
        "level": level,
        "began": str(pair.before.date),
        "open": pair.now.those(Openness.OPEN, 5),
    }
    reached = rule == "open_top5"
    first = reached and not any(w.could >= level for w in windows.earlier(pair.before))
    severity = Severity.HEADLINE if reached else Severity.NOTABLE
    names = unknown(pair) if held else ()
    return Find(rule, str(level), pair, severity, facts, first, held, names)


def open_top5(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    stands = standing(windows)
    for pair in windows.pairs():
        new = [n for n in LEVELS if stands(n, pair.now) and not stands(n, pair.before)]
        if new:
            yield _level(windows, "open_top5", pair, max(new), held=False)

    def becomes(level: int, pair: Pair) -> bool:
        return not stands(level, pair.now) and all(w.could >= level for w in pair)

    def stays(level: int, pair: Pair) -> bool:
        return not stands(level, pair.now) and any(w.could >= level for w in pair)

    for pair, levels in newly_held(windows, LEVELS, becomes, stays):
        if levels:
            yield _level(windows, "open_top5", pair, max(levels), held=True)


def open_top5_lost(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    stands = standing(windows)
    for pair in windows.pairs():
        gone = [n for n in LEVELS if stands(n, pair.before) and not stands(n, pair.now)]
        if gone:
            yield _level(windows, "open_top5_lost", pair, min(gone), held=False)

    def becomes(level: int, pair: Pair) -> bool:
        return stands(level, pair.now) and all(w.open < level for w in pair)

    def stays(level: int, pair: Pair) -> bool:
        return stands(level, pair.now) and any(w.open < level for w in pair)

    for pair, levels in newly_held(windows, LEVELS, becomes, stays):
        if levels:
            yield _level(windows, "open_top5_lost", pair, min(levels), held=True)


def _length(windows: Windows, upto: Seen, counts: Callable[[Seen], bool]) -> int:
    """Return of how many windows on consecutive days, up to one, something is so."""
    length, window = 0, windows.at(upto.date)
    while window is not None and counts(window):
        length, window = length + 1, windows.at(window.date - timedelta(1))
    return length


def _streak(subject: str, pair: Pair, length: int, held_by: Collection[str] | None = None) -> Find:
    facts = {"subject": subject, "windows": length}
    about = ("streak", f"{subject}:{length}", pair, Severity.NOTABLE, facts)
    return Find(*about, held=held_by is not None, held_by=tuple(held_by or ()))


def streak(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    stands = standing(windows)

    @cache
    def surely(after: Seen) -> bool:
        return lasting(windows, after, lambda w: w.open >= 4, lambda w: w.open < 4)

    def unsure(pair: Pair) -> list[str]:
        stood = windows.baseline
        for window in windows.earlier(pair.now):
            if _length(windows, window, surely) == _length(windows, window, lambda w: stands(4, w)):
                stood = window
        since = [p for p in windows.pairs() if stood.date < p.now.date <= pair.now.date]
        return sorted({m for p in since if all(w.open < 4 for w in p) for m in unknown(p)})

    def just(pair: Pair, length: int, counts: Callable[[Seen], bool]) -> bool:
        lengths = [_length(windows, window, counts) for window in pair]
        return lengths == [length, length + 1]

    for pair in windows.pairs():
        leading = pair.now.leader
        for length in LENGTHS:
            if leading is not None and just(pair, length, lambda w, m=leading: w.leader == m):
                yield _streak(leading, pair, length)
            if just(pair, length, surely):
                yield _streak("open_top5:4", pair, length)
            elif just(pair, length, lambda w: stands(4, w)):
                yield _streak("open_top5:4", pair, length, unsure(pair))


def reclassified(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    found: list[Find] = []
    for pair in windows.pairs():
        for model in pair.now.top(20):
            told = [find.facts["now"] for find in found if find.facts["model"] == model]
            seen = [w.openness(model) for w in windows.all if model in w.top(20)]
            record, now = [*seen[:1], *told][-1], pair.now.openness(model)
            twice = model in pair.before.top(20) and pair.before.openness(model) is now
            if twice and now != record:
                facts = {"model": model, "was": str(record), "now": str(now)}
                subject = f"{model}:{now}"
                found.append(Find("reclassified", subject, pair, Severity.MINOR, facts))
    yield from found
