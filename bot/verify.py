"""Is a milestone still what its receipt says: recompute it from stored rows (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.detect import detect
from bot.model import Day, Milestone, Receipt
from bot.openness import Directory
from bot.proof import input_days, plain_windows, rows_hash
from bot.review import as_known_then, corrected
from bot.rules import Rule, Windows
from bot.standings import OFFICIAL, Counting


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was recomputed: what, whether it is so, and how it reads now."""

    what: str
    holds: bool
    found: str


def verify(
    milestone: Milestone,
    versions: Mapping[date, Sequence[Day]],
    directory: Directory,
    rules: Mapping[str, Rule],
    counting: Counting = OFFICIAL,
) -> tuple[Check, ...]:
    """Return the checks of a milestone; it holds if all of them do.

    `versions` are, of every day from the first one searched to the milestone's, all readings, the
    current one last. The rows are those of the receipt; what was found is recomputed from them by
    running detection over the days that were searched; and the claim is tried on the figures as
    they are now.
    """
    receipt = milestone.receipt
    if receipt is None:
        return (Check("receipt", False, "there is none"),)  # noqa: FBT003 — a field, by place
    rule = rules[milestone.rule]
    known = as_known_then(milestone, directory, corrected(milestone, directory))
    searched = _searched(receipt, versions)
    then = searched | _as_read(receipt, searched, versions)
    now = {day: readings[-1] for day, readings in versions.items()}
    return (
        _rule(receipt, rule),
        _rows(milestone, receipt, then, rule),
        _days(receipt, searched, counting),
        _found(milestone, then, known, rules, counting),
        _today(milestone, now, known, rule, counting),
    )


def _rule(receipt: Receipt, rule: Rule) -> Check:
    return Check("rule version", receipt.version == rule.version, f"{rule.mark}")


def _searched(receipt: Receipt, versions: Mapping[date, Sequence[Day]]) -> dict[date, Day]:
    """Return the days that were searched: one that came later was not."""
    missing = set(receipt.searched.missing)
    read = max(each.as_of for each in receipt.inputs)
    return {
        day: _reading_by(read, readings)
        for day, readings in versions.items()
        if receipt.searched.since <= day <= receipt.end and day not in missing
    }


def _reading_by(moment: datetime, readings: Sequence[Day]) -> Day:
    """Return the newest reading by a moment; the current one where all are later."""
    by_then = [reading for reading in reversed(readings) if reading.as_of <= moment]
    return max(by_then, key=lambda reading: reading.as_of, default=readings[-1])


def _as_read(
    receipt: Receipt, searched: Mapping[date, Day], versions: Mapping[date, Sequence[Day]]
) -> dict[date, Day]:
    """Return the inputs as they read then, where that reading is still kept."""
    return {
        each.date: reading
        for each in receipt.inputs
        if each.date in searched
        for reading in versions[each.date]
        if rows_hash([reading]) == each.rows
    }


def _rows(milestone: Milestone, receipt: Receipt, then: Mapping[date, Day], rule: Rule) -> Check:
    found = rows_hash(input_days(milestone, then, rule))
    return Check("sha256 of the input rows", found == receipt.rows, found)


def _days(receipt: Receipt, searched: Mapping[date, Day], counting: Counting) -> Check:
    wanted, found = receipt.searched, len(searched) * counting.step.days
    return Check(
        "days searched",
        found == wanted.days,
        f"{found} since {wanted.since}, {len(wanted.missing)} missing",
    )


def _found(
    milestone: Milestone,
    then: Mapping[date, Day],
    directory: Directory,
    rules: Mapping[str, Rule],
    counting: Counting,
) -> Check:
    _, found = detect(milestone.board, then, directory, rules, counting=counting)
    again = next((one for one in found if _is_it(one, milestone)), None)
    if again is None:
        windows = plain_windows(milestone.board, then, directory, counting)
        return _by_itself(milestone, rules[milestone.rule], windows)
    same = (again.facts, again.first, again.total, again.held_by, _places(again)) == (
        dict(milestone.facts),
        milestone.first,
        milestone.total,
        milestone.held_by,
        _places(milestone),
    )
    return Check("found again by detection", same, "the same" if same else "with other figures")


def _by_itself(milestone: Milestone, rule: Rule, windows: Windows) -> Check:
    """Try the claim alone: what was classified later may be found on an earlier day now."""
    holds = rule.newest(milestone, windows)
    # What was known of models may have changed since: then a first cannot be searched anew.
    alone = holds and (rule.openness or not milestone.first)
    said = "not as before, but true of its two windows" if holds else "not found"
    return Check("found again by detection", alone, said)


def _is_it(one: Milestone, milestone: Milestone) -> bool:
    same = (one.rule, one.subject, one.date) == (milestone.rule, milestone.subject, milestone.date)
    return same and bool(one.held_by) == bool(milestone.held_by)


def _places(milestone: Milestone) -> list[tuple[str, int, int]]:
    return [(entrant.model, entrant.rank, entrant.tokens) for entrant in milestone.top]


def _today(
    milestone: Milestone,
    now: Mapping[date, Day],
    directory: Directory,
    rule: Rule,
    counting: Counting,
) -> Check:
    if milestone.held_by:
        return Check("with today's figures", True, "held: not claimed")  # noqa: FBT003
    holds = rule.newest(milestone, plain_windows(milestone.board, now, directory, counting))
    return Check("with today's figures", holds, "holds" if holds else "does not hold")
