"""Days seen as windows: what each says of its models, and the pairs that are judged."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple, TypeAlias

from bot.model import Day, Openness, Place, Severity, Standings

Verdicts: TypeAlias = Callable[[str, date], Openness]
Names: TypeAlias = Callable[[str], str]
Days: TypeAlias = Mapping[date, Day]


def base(slug: str) -> str:
    """Return the model whose variant a slug is."""
    return slug.partition(":")[0]


def author(model: str) -> str:
    """Return who a model is by."""
    name = model.partition("/")[0]
    return "meta" if name == "meta-llama" else name


def week(end: date) -> list[date]:
    """Return the seven days up to `end`."""
    return [end - timedelta(back) for back in reversed(range(7))]


def complete(days: Days, end: date) -> bool:
    """Say whether all seven days up to `end` are there."""
    return all(each in days for each in week(end))


def tokens_by_model(days: Days, end: date) -> dict[str, int]:
    """Return the tokens of base models over the seven days up to `end`."""
    tokens: dict[str, int] = {}
    for row in (row for each in week(end) if each in days for row in days[each].rows):
        tokens[base(row.model)] = tokens.get(base(row.model), 0) + row.tokens
    return tokens


def ranked(tokens: Mapping[str, int]) -> list[str]:
    """Return models by tokens, equal ones by name."""
    return sorted(sorted(tokens), key=lambda model: tokens[model], reverse=True)


def lists(days: Days, end: date) -> list[tuple[set[str], int]]:
    """Return of each day of a window the models it lists and the lowest count it lists."""
    each_day = [days[each].rows for each in week(end)]
    return [
        ({base(row.model) for row in rows}, min((row.tokens for row in rows), default=0))
        for rows in each_day
    ]


def hidden(listed: list[tuple[set[str], int]], model: str) -> int:
    """Return what a model may have had on the days on which it is not listed."""
    return sum(lowest for models, lowest in listed if model not in models)


def standings(board: str, days: Days, end: date) -> Standings | None:
    """Return what the standings must be."""
    if not complete(days, end):
        return None
    now = tokens_by_model(days, end)
    earlier = end - timedelta(7)
    then = tokens_by_model(days, earlier) if complete(days, earlier) else {}
    places = [
        Place(
            model,
            ranked(now).index(model) + 1,
            now[model],
            ranked(then).index(model) + 1 if model in then else None,
            then.get(model),
            hidden(lists(days, end), model),
        )
        for model in ranked(now)
    ]
    others = [days[each].other for each in week(end)]
    return Standings(
        board=board,
        date=end,
        days=7,
        places=tuple(places),
        total=sum(now.values()) + sum(other for other in others if other is not None),
        days_without_other=others.count(None),
        compared=complete(days, earlier),
        as_of=max(days[each].as_of for each in week(end)),
        hidden=hidden(lists(days, end), ""),
    )


class Seen:
    """One complete window and what may be asked of it."""

    def __init__(self, days: Days, end: date, verdicts: Verdicts) -> None:
        """Take the days, and what is known of models on the window's last."""
        self.date, self._days, self._verdicts = end, days, verdicts
        self.tokens = tokens_by_model(days, end)
        self.ranking = ranked(self.tokens)
        self.total = sum(self.tokens.values()) + sum(days[d].other or 0 for d in week(end))
        self.lacks_other = any(days[d].other is None for d in week(end))

    @property
    def leader(self) -> str | None:
        """Return the most-used model, if any is listed."""
        return next(iter(self.ranking), None)

    @cached_property
    def leading_author(self) -> str | None:
        """Return the most-used author, if any model is listed."""
        authors = {author(model) for model in self.ranking}
        tokens = {a: sum(t for m, t in self.tokens.items() if author(m) == a) for a in authors}
        return next(iter(ranked(tokens)), None)

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {model: rank for rank, model in enumerate(self.ranking, start=1)}

    def rank(self, model: str) -> int | None:
        """Return a model's place, None where it is not listed."""
        return self._ranks.get(model)

    def top(self, places: int) -> list[str]:
        """Return the first so many models."""
        return self.ranking[:places]

    @cached_property
    def _hidden(self) -> dict[str, int]:
        listed = lists(self._days, self.date)
        return {model: hidden(listed, model) for model in ("", *self.ranking)}

    @property
    def hidden_of_unlisted(self) -> int:
        """Return what a model that is listed on none of the days may have had."""
        return self._hidden[""]

    def hidden(self, model: str) -> int:
        """Return what a model may have had on the days on which it is not listed."""
        return self._hidden.get(model, self.hidden_of_unlisted)

    def most(self, model: str) -> int:
        """Return the most a model may have had."""
        return self.tokens.get(model, 0) + self.hidden(model)

    @cached_property
    def _openness(self) -> dict[str, Openness]:
        return {model: self._verdicts(model, self.date) for model in self.ranking}

    def openness(self, model: str) -> Openness:
        """Return the verdict of the last day on a listed model."""
        return self._openness[model]

    def those(self, openness: Openness, places: int | None = None) -> list[str]:
        """Return the models of an openness among the first so many, or of all, by rank."""
        return [model for model in self.ranking[:places] if self.openness(model) is openness]

    @cached_property
    def open(self) -> int:
        """Return how many of the top five are open."""
        return len(self.those(Openness.OPEN, 5))

    @cached_property
    def could(self) -> int:
        """Return how many of the top five could be open."""
        return len(self.top(5)) - len(self.those(Openness.CLOSED, 5))


class Pair(NamedTuple):
    """Two complete windows on consecutive days."""

    before: Seen
    now: Seen


class Find(NamedTuple):
    """What a rule finds on a pair."""

    rule: str
    subject: str
    pair: Pair
    severity: Severity
    facts: Mapping[str, object]
    first: bool = False
    held: bool = False
    held_by: Sequence[str] = ()


class Windows:
    """Every complete window there is, oldest first."""

    def __init__(self, days: Days, verdicts: Verdicts) -> None:
        """Take the days, and what is known of models."""
        self.ends = [end for end in sorted(days) if complete(days, end)]
        self.all = [Seen(days, end, verdicts) for end in self.ends]
        self._by_end = {window.date: window for window in self.all}

    @property
    def baseline(self) -> Seen:
        """Return the first window; there must be one."""
        return self.all[0]

    def at(self, end: date) -> Seen | None:
        """Return the window that ends on a day, if it is complete."""
        return self._by_end.get(end)

    def pair(self, now: Seen) -> Pair | None:
        """Return a window with the one of the day before, if that is complete."""
        before = self.at(now.date - timedelta(1))
        return None if before is None else Pair(before, now)

    def pairs(self) -> list[Pair]:
        """Return all pairs, oldest first."""
        return [pair for pair in map(self.pair, self.all) if pair is not None]

    def earlier(self, than: Seen) -> Iterator[Seen]:
        """Yield every window before one, oldest first."""
        return (window for window in self.all if window.date < than.date)
