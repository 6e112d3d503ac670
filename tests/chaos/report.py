"""What many runs came to, in lines."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.chaos.run import Outcome


def failure(outcome: Outcome) -> list[str]:
    """Return the lines of a run that failed: what it did, and what is wrong."""
    found = outcome.arrived
    wrong = {
        "lost": found.lost,
        "repeated": found.repeated,
        "repeated where history is hidden": found.unseen,
        "wrong": found.wrong,
    }
    lines = [f"  {name}: {one}" for name, ones in wrong.items() for one in ones]
    return [f"FAILED {outcome.plan}", f"  deaths: {', '.join(outcome.deaths) or 'none'}", *lines]


def summary(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the last lines: failures, deaths by point, runs without nonces, and all runs."""
    deaths = Counter(death for each in outcomes for death in each.deaths)
    named = ", ".join(f"{point} {count}" for point, count in sorted(deaths.items()))
    forgetful = [each for each in outcomes if each.plan.forgetful]
    lost, repeated, unseen = _counts(forgetful)
    other_lost, other_repeated, other_unseen = _counts(
        each for each in outcomes if not each.plan.forgetful
    )
    failed = [each.plan.name for each in outcomes if each.failed]
    return [
        *_slowest(outcomes),
        *([f"failed: {len(failed)} runs: {', '.join(failed)}"] if failed else []),
        f"deaths: {named or 'none'}",
        (
            f"chaos without nonces: runs={len(forgetful)} lost={lost}"
            f" repeated where history is hidden={unseen} repeated elsewhere={repeated}"
        ),
        (
            f"chaos: runs={len(outcomes)} lost={lost + other_lost}"
            f" repeated={repeated + other_repeated + other_unseen}"
        ),
    ]


def _slowest(outcomes: Sequence[Outcome]) -> list[str]:
    found = sorted(seconds for each in outcomes for seconds in each.taking_over)
    if not found:
        return []
    middle, last = found[len(found) // 2], found[-1]
    return [f"taken over: {len(found)} times, median {middle:.1f} s, at most {last:.1f} s"]


def _counts(outcomes: Iterable[Outcome]) -> tuple[int, int, int]:
    found = [each.arrived for each in outcomes]
    lost, repeated = sum(len(e.lost) for e in found), sum(len(e.repeated) for e in found)
    return lost, repeated, sum(len(each.unseen) for each in found)
