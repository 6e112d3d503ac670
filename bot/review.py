"""What the final figures, or a correction of the registry, make of a milestone (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.detect import SAME, entrants
from bot.knowledge import Verdict
from bot.model import Cause, Day, Earlier, Milestone, Openness, Window
from bot.openness import Directory
from bot.proof import moved, plain_windows, prove
from bot.rules import Rule, Windows
from bot.settling import SURE, over_for
from bot.standings import OFFICIAL, Counting

_TENTH_OF_A_POINT = 1000


def review(
    milestone: Milestone,
    days: Mapping[date, Day],
    directory: Directory,
    rule: Rule,
    now: datetime,
    counting: Counting = OFFICIAL,
) -> Milestone:
    """Return a told milestone as it has to stand at `now`: the same one where nothing changed.

    Once its figures are final it is marked so, and then changed if a printed figure differs by at
    least a tenth of a point, or a rank; it is withdrawn if it is not true on its day nor within
    three days of it (it may move), by those figures and what was known of models then. At any time
    it is withdrawn if a correction in the registry makes it untrue. What is withdrawn keeps its
    claim, and shows the figures and verdicts that made it untrue. What is changed keeps what it
    said before.
    """
    fresh = _reviewed(milestone, days, directory, rule, now, counting)
    if fresh.revised == milestone.revised:
        return fresh
    said = Earlier(
        until=now,
        date=milestone.date,
        facts=milestone.facts,
        top=milestone.top,
        total=milestone.total,
        as_of=milestone.as_of,
    )
    return replace(fresh, earlier=(*milestone.earlier, said))


def _reviewed(
    milestone: Milestone,
    days: Mapping[date, Day],
    directory: Directory,
    rule: Rule,
    now: datetime,
    counting: Counting,
) -> Milestone:
    board, day = milestone.board, milestone.date
    then = plain_windows(board, days, as_known_then(milestone, directory), counting)
    if rule.openness and (wrong := corrected(milestone, directory)):
        known = as_known_then(milestone, directory, wrong)
        now_known = plain_windows(board, days, known, counting)
        if _still(milestone, rule, then) and not _still(milestone, rule, now_known):
            shown = _with_figures(milestone, now_known(day), known)
            return replace(shown, withdrawn=Cause.REGISTRY, revised=now, final=True)
    if milestone.final or over_for(day, now) < SURE:
        return milestone
    known = as_known_then(milestone, directory)
    standing = _where_it_holds(milestone, rule, then)
    if standing is None:
        fresh = _with_figures(milestone, then(day), known)
        return replace(fresh, final=True, withdrawn=Cause.FIGURES, revised=now)
    window = then(standing.date)
    if window is None:
        return replace(milestone, final=True)
    facts = rule.refreshed(standing, window)
    fresh = replace(_with_figures(standing, window, known), final=True, facts=facts)
    if standing.date == day and not differs(milestone, fresh):
        return replace(milestone, final=True)
    return replace(prove(fresh, days, known, rule, counting), revised=now)


def corrected(milestone: Milestone, directory: Directory) -> frozenset[str]:
    """Return the models of a milestone's window of which a correction in the registry speaks."""
    return frozenset(model for model in _told_of(milestone) if directory.corrected([model]))


def _told_of(milestone: Milestone) -> Mapping[str, Openness]:
    """Return what was known of the models of a milestone's window when it was told."""
    shown = {each.model: each.openness for each in milestone.top}
    return shown | dict(milestone.receipt.openness) if milestone.receipt else shown


@dataclass(frozen=True, slots=True)
class _Then(Directory):
    """A directory that still says of some models, from a day on, what was said `then`."""

    then: Mapping[str, Openness]
    since: date

    def at(self, model: str, day: date) -> Verdict:
        """Return whether a model is open on a day, as far as it was known then."""
        said = self.then.get(model)
        if said is None or day < self.since:
            return Directory.at(self, model, day)
        return Verdict(said, self.since, "As it was known when it was told.")


def as_known_then(
    milestone: Milestone, directory: Directory, wrong: frozenset[str] = frozenset()
) -> Directory:
    """Return what was known when a milestone was told, save of models that were wrong."""
    then = {model: said for model, said in _told_of(milestone).items() if model not in wrong}
    return _Then(directory.registry, directory.catalogue, then, milestone.began - SAME)


def _with_figures(milestone: Milestone, window: Window | None, directory: Directory) -> Milestone:
    if window is None:
        return milestone
    ranking = window.standings
    return replace(
        milestone,
        top=entrants(window, directory),
        total=ranking.total,
        days_without_other=ranking.days_without_other,
        as_of=ranking.as_of,
    )


def _where_it_holds(milestone: Milestone, rule: Rule, windows: Windows) -> Milestone | None:
    """Return the milestone on the nearest day on which its claim is true, None without one."""
    moves = sorted(range(-SAME.days, SAME.days + 1), key=abs)
    there = (moved(milestone, move) for move in moves)
    return next((one for one in there if rule.newest(one, windows)), None)


def _still(milestone: Milestone, rule: Rule, windows: Windows) -> bool:
    return _where_it_holds(milestone, rule, windows) is not None


def differs(told: Milestone, fresh: Milestone) -> bool:
    """Say whether a printed rank changed, or a printed share by a tenth of a point or more."""
    if list(_ranks(told)) != list(_ranks(fresh)):
        return True
    pairs = zip(_shares(told), _shares(fresh), strict=False)
    return any(
        abs(one * total - other * whole) * _TENTH_OF_A_POINT >= whole * total
        for (one, whole), (other, total) in pairs
    )


def _ranks(milestone: Milestone) -> Iterator[object]:
    yield [entrant.model for entrant in milestone.top]
    yield milestone.facts.get("rank")
    yield milestone.facts.get("rank_before")


def _shares(milestone: Milestone) -> Iterator[tuple[int, int]]:
    """Yield the parts and wholes of the shares that a message prints."""
    total, facts = milestone.total, milestone.facts
    yield from ((entrant.tokens, total) for entrant in milestone.top)
    opens = (e.tokens for e in milestone.top if e.openness is Openness.OPEN)
    yield sum(opens), total
    if "counted_tokens" in facts:
        yield facts["open_tokens"], facts["counted_tokens"]
        yield facts["unknown_tokens"], facts["counted_tokens"]
    if "record_tokens" in facts:
        yield facts["tokens"], facts["total"]
