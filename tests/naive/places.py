"""The rules on places: who leads, enters, passes, rises and drops out."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import permutations

from bot.model import Severity
from tests.naive.windows import Find, Pair, Seen, Windows

MONTH = timedelta(30)


def lately(found: Iterable[Find], when: date) -> bool:
    """Say whether one of the finds is dated less than 30 days before a day."""
    return any(timedelta(0) < when - find.pair.now.date < MONTH for find in found)


def _leads(
    windows: Windows, rule: str, who: str, severity: Severity, of: Callable[[Seen], str | None]
) -> Iterator[Find]:
    announced = of(windows.baseline)
    for pair in windows.pairs():
        leading = of(pair.now)
        if leading is None or leading != of(pair.before) or leading == announced:
            continue
        first = not any(of(window) == leading for window in windows.earlier(pair.before))
        facts = {who: leading, "previous": announced}
        yield Find(rule, leading, pair, severity, facts, first)
        announced = leading


def leader(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    return _leads(windows, "leader", "model", Severity.HEADLINE, lambda w: w.leader)


def author_leader(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    return _leads(windows, "author_leader", "author", Severity.NOTABLE, lambda w: w.leading_author)


def _entered(windows: Windows, pair: Pair, model: str, places: int) -> bool:
    past = [windows.baseline, *windows.earlier(pair.before)]
    return all(model in window.top(places) for window in pair) and not any(
        model in window.top(places) for window in past
    )


def top_entry(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    for pair in windows.pairs():
        for model in pair.now.top(10):
            into = [places for places in (5, 10) if _entered(windows, pair, model, places)]
            if into:
                places = min(into)
                severity = Severity.NOTABLE if places == 5 else Severity.MINOR
                facts = {"model": model, "places": places, "rank": pair.now.rank(model)}
                yield Find("top_entry", f"{model}:{places}", pair, severity, facts, first=True)


def _passed(first: Seen, pair: Pair, one: str, other: str) -> bool:
    return first.ranking.index(one) > first.ranking.index(other) and all(
        window.tokens[one] > window.tokens[other]
        and window.tokens[one] * 100 >= window.tokens[other] * 101
        for window in pair
    )


def overtake(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    found: list[Find] = []
    for pair in windows.pairs():
        first = windows.at(pair.before.date - timedelta(1))
        if first is None:
            continue
        throughout = set(first.top(10)) & set(pair.before.top(10)) & set(pair.now.top(10))
        for one, other in permutations(sorted(throughout), 2):
            if not _passed(first, pair, one, other):
                continue
            facts = {"model": one, "passed": other}
            told = [find for find in found if {one, other} == set(find.facts.values())]
            if not lately(told, pair.now.date):
                found.append(Find("overtake", f"{one}>{other}", pair, Severity.MINOR, facts))
    yield from found


def worst(window: Seen, model: str) -> int | None:
    """Return the worst place a listed model could have; None where nothing can be claimed."""
    rank, tokens = window.ranking.index(model) + 1, window.tokens[model]
    if rank <= 10:
        return rank
    if window.hidden_of_unlisted >= tokens:
        return None
    above = set(window.top(rank - 1))
    above |= {m for m in window.ranking if window.hidden(m) > 0 and window.most(m) >= tokens}
    return 1 + len(above - {model})


def best(window: Seen, model: str) -> int:
    """Return the best place a model could have had."""
    rank = window.rank(model) or len(window.ranking) + 1
    if rank <= 10 or window.hidden(model) == 0:
        return rank
    most = window.most(model)
    return min(rank, 1 + sum(tokens > most for tokens in window.tokens.values()))


def _rose(windows: Windows, now: Seen, model: str) -> bool:
    then = windows.at(now.date - timedelta(7))
    if then is None or model not in now.tokens:
        return False
    place = worst(now, model)
    return place is not None and place <= 20 and best(then, model) - place >= 10


def surge(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    found: list[Find] = []
    for pair in windows.pairs():
        for model in pair.now.top(20):
            told = [find for find in found if find.subject == model]
            rose = all(_rose(windows, window, model) for window in pair)
            then = windows.at(pair.now.date - timedelta(7))
            if rose and then is not None and not lately(told, pair.now.date):
                ranks = {"rank": pair.now.rank(model), "rank_before": then.rank(model)}
                facts = {"model": model} | ranks
                found.append(Find("surge", model, pair, Severity.NOTABLE, facts))
    yield from found


def _outside(window: Seen, model: str) -> bool:
    most = window.most(model)
    return sum(tokens > most for tokens in window.tokens.values()) >= 20


def dropout(windows: Windows) -> Iterator[Find]:
    """Yield what the rule must find."""
    found: list[Find] = []
    for pair in windows.pairs():
        month = [w for w in windows.earlier(pair.now) if pair.now.date - w.date <= MONTH]
        for model in sorted({model for window in month for model in window.top(5)}):
            told = [find for find in found if find.subject == model]
            if all(_outside(window, model) for window in pair) and not lately(told, pair.now.date):
                last = max(window.date for window in month if model in window.top(5))
                facts = {"model": model, "rank": pair.now.rank(model), "last": str(last)}
                found.append(Find("dropout", model, pair, Severity.MINOR, facts))
    yield from found
