"""The rules on amounts: token marks of models and of the platform, and records of share."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import count

from bot.model import Severity
from tests.naive.places import lately
from tests.naive.windows import Find, Pair, Seen, Windows

TRILLION = 10**12


def marks(least: int, most: int) -> list[int]:
    """Return the marks 1, 2, 5, 10 … trillion from `least` trillion on up to `most` tokens."""
    found: list[int] = []
    for power in count():
        for digit in (1, 2, 5):
            mark = digit * 10**power * TRILLION
            if mark > most:
                return found
            if mark >= least * TRILLION:
                found.append(mark)
    raise AssertionError


def _spelled(mark: int) -> str:
    return f"{mark // TRILLION}T"


def _highest(window: Seen) -> int:
    return max(window.tokens.values(), default=0)


def _holder(windows: Windows, mark: int) -> str | None:
    """Return the best-placed model of the first window in which any has so many."""
    for window in windows.all:
        if _highest(window) >= mark:
            return window.leader
    return None


def first_to_mark(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    past = max(marks(1, _highest(windows.baseline)), default=0)
    for pair in windows.pairs():
        both = min(map(_highest, pair))
        holders = {mark: _holder(windows, mark) for mark in marks(1, both) if mark > past}
        reached = [
            mark
            for mark, holder in holders.items()
            if all(window.tokens.get(holder or "", 0) >= mark for window in pair)
        ]
        if not reached:
            continue
        past = max(reached)
        facts = {"model": holders[past], "mark": past}
        first = not any(_highest(window) >= past for window in windows.earlier(pair.before))
        yield Find("first_to_mark", _spelled(past), pair, Severity.HEADLINE, facts, first)


def token_mark(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    found: list[Find] = []
    for pair in windows.pairs():
        for model in pair.now.ranking:
            both = min(window.tokens.get(model, 0) for window in pair)
            had = windows.baseline.tokens.get(model, 0)
            told = [f.facts["mark"] for f in found if f.facts["model"] == model]
            new = [
                mark for mark in marks(1, both)[-1:] if mark > had and mark > max(told, default=0)
            ]
            for mark in new:
                subject, facts = f"{model}:{_spelled(mark)}", {"model": model, "mark": mark}
                found.append(Find("token_mark", subject, pair, Severity.MINOR, facts))
    yield from found


def platform_mark(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    past = windows.baseline.total
    for pair in windows.pairs():
        both = min(window.total for window in pair)
        for mark in marks(10, both)[-1:]:
            if mark > past:
                past = mark
                first = not any(window.total >= mark for window in windows.earlier(pair.before))
                facts = {"mark": mark}
                yield Find("platform_mark", _spelled(mark), pair, Severity.HEADLINE, facts, first)


def _share(window: Seen) -> Fraction | None:
    """Return the leader's share, None where there are no shares."""
    if window.lacks_other or not window.total or not window.tokens:
        return None
    return Fraction(_highest(window), window.total)


def share_record(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find; of equal shares the oldest is the record."""
    found: list[Find] = []
    shares = {window: share for window in windows.all if (share := _share(window)) is not None}
    for before, now in windows.pairs():
        past = [window for window in windows.earlier(before) if window in shares]
        if not past or before not in shares or now not in shares or lately(found, now.date):
            continue
        record = max(past, key=lambda window: shares[window])
        if before.leader == now.leader and shares[record] < shares[before] < shares[now]:
            model = now.leader or ""
            ours = {"model": model, "tokens": now.tokens[model], "total": now.total}
            facts = ours | {"record_tokens": _highest(record), "record_total": record.total}
            pair = Pair(before, now)
            found.append(Find("share_record", model, pair, Severity.NOTABLE, facts))
    yield from found
