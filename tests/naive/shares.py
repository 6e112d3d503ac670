"""The rule on the share of open models."""

from collections.abc import Callable, Collection, Iterator
from functools import cache

from bot.model import Openness, Severity
from tests.naive.openness import lasting, newly_held
from tests.naive.windows import Find, Pair, Seen, Windows

MARKS = (50, 60, 70, 75, 80, 90)


def _tokens(window: Seen, *which: Openness) -> int:
    return sum(window.tokens[model] for each in which for model in window.those(each))


def _at_or_above(window: Seen, mark: int, tokens: int) -> bool:
    counted = sum(window.tokens.values())
    return counted > 0 and tokens * 100 >= mark * counted


def _below(window: Seen, mark: int, tokens: int) -> bool:
    counted = sum(window.tokens.values())
    return counted > 0 and tokens * 100 < mark * counted


class _Share:
    """The open share's bounds, window by window, and what has come of them."""

    def __init__(self, windows: Windows) -> None:
        """Count the open tokens of every window, without the unknown ones and with them."""
        self.windows = windows
        self.low = {w: _tokens(w, Openness.OPEN) for w in windows.all}
        self.high = {w: _tokens(w, Openness.OPEN, Openness.UNKNOWN) for w in windows.all}
        self.reached = cache(self._reached)
        self.due = cache(self._due)

    def surely(self, window: Seen, mark: int) -> bool:
        """Say whether the lower bound is at or above a mark."""
        return _at_or_above(window, mark, self.low[window])

    def maybe(self, window: Seen, mark: int) -> bool:
        """Say whether the upper bound is at or above a mark."""
        return _at_or_above(window, mark, self.high[window])

    def fell(self, window: Seen) -> bool:
        """Say whether the upper bound is below a half."""
        return _below(window, 50, self.high[window])

    def may_fall(self, window: Seen) -> bool:
        """Say whether the lower bound is below a half."""
        return _below(window, 50, self.low[window])

    def _rearms(self, window: Seen, mark: int) -> bool:
        counted = sum(window.tokens.values())
        return counted > 0 and self.high[window] * 100 <= (mark - 2) * counted

    def _reached(self, mark: int, after: Seen) -> bool:
        """Say whether a mark counts as reached after a window."""
        return lasting(
            self.windows, after, lambda w: self.surely(w, mark), lambda w: self._rearms(w, mark)
        )

    def _due(self, after: Seen) -> bool:
        """Say whether a fall is to be told after a window: 50 % came, no fall since."""
        for window in reversed([*self.windows.earlier(after), after]):
            pair = self.windows.pair(window)
            if pair is not None and all(map(self.fell, pair)):
                return False
            if pair is not None and self.reached(50, pair.now) > self.reached(50, pair.before):
                return True
        return self.surely(self.windows.baseline, 50)

    def hangs_on(self, pair: Pair, mark: int) -> tuple[str, ...]:
        """Return the fewest unknown models that would bring the lower bound to a mark."""
        window = pair.now
        if self.surely(window, mark) or not self.maybe(window, mark):
            window = pair.before
        names = window.those(Openness.UNKNOWN)
        brought = (
            names[:count]
            for count in range(len(names) + 1)
            if _at_or_above(
                window, mark, self.low[window] + sum(window.tokens[m] for m in names[:count])
            )
        )
        return tuple(next(brought))

    def find(self, pair: Pair, mark: int, direction: str, *, held: bool) -> Find:
        """Return what is found of a mark on a pair."""
        facts = {
            "mark": mark,
            "direction": direction,
            "open_tokens": self.low[pair.now],
            "unknown_tokens": _tokens(pair.now, Openness.UNKNOWN),
            "counted_tokens": sum(pair.now.tokens.values()),
        }
        past = self.windows.earlier(pair.before)
        first = direction == "up" and not any(self.maybe(window, mark) for window in past)
        subject = str(mark) if direction == "up" else f"{mark}-down"
        severity = Severity.HEADLINE if mark == 50 else Severity.NOTABLE
        names = self.hangs_on(pair, mark) if held else ()
        return Find("open_share", subject, pair, severity, facts, first, held, names)


def open_share(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    share = _Share(windows)
    for pair in windows.pairs():
        new = [m for m in MARKS if share.reached(m, pair.now) > share.reached(m, pair.before)]
        for mark in new:
            yield share.find(pair, mark, "up", held=False)
        if share.due(pair.before) and all(map(share.fell, pair)):
            yield share.find(pair, 50, "down", held=False)
    yield from _held(windows, share)


def _held(windows: Windows, share: _Share) -> Iterator[Find]:
    def mark(how: Callable[[Collection[bool]], bool], mark: int, pair: Pair) -> bool:
        return not share.reached(mark, pair.now) and how([share.maybe(w, mark) for w in pair])

    def fall(how: Callable[[Collection[bool]], bool], _: str, pair: Pair) -> bool:
        return share.due(pair.now) and how([share.may_fall(w) for w in pair])

    for pair, marks in newly_held(
        windows, MARKS, lambda m, p: mark(all, m, p), lambda m, p: mark(any, m, p)
    ):
        for each in marks:
            yield share.find(pair, each, "up", held=True)
    for pair, falls in newly_held(
        windows, ("down",), lambda m, p: fall(all, m, p), lambda m, p: fall(any, m, p)
    ):
        if falls:
            yield share.find(pair, 50, "down", held=True)
