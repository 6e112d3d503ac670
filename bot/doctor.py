"""What a check-up finds, and what to do about it (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

MEGABYTE = 2**20
ROOM, LEAST_ROOM = 500 * MEGABYTE, 50 * MEGABYTE
"""Bytes on the disk below which a check-up warns, and below which nothing may be kept any more."""

FAST, TOO_FAST = timedelta(seconds=30), timedelta(minutes=5)
"""How far our clock may be off: days are judged by UTC, three hours after they ended."""

_LATE = timedelta(hours=6)
"""So long after its end a day is published on any usual day."""


class Verdict(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, what was seen, and what to do where it is not well."""

    about: str
    verdict: Verdict
    seen: str
    remedy: str = ""


def well(about: str, seen: str) -> Finding:
    """Return a finding that nothing is wrong."""
    return Finding(about, Verdict.OK, seen)


def doubtful(about: str, seen: str, remedy: str) -> Finding:
    """Return a finding that may matter."""
    return Finding(about, Verdict.WARNING, seen, remedy)


def wrong(about: str, seen: str, remedy: str) -> Finding:
    """Return a finding that keeps the bot from its work."""
    return Finding(about, Verdict.WRONG, seen, remedy)


def healthy(findings: Iterable[Finding]) -> bool:
    """Say whether nothing is wrong; warnings are allowed."""
    return all(each.verdict is not Verdict.WRONG for each in findings)


def disk(free: int) -> Finding:
    """Judge how many bytes are free on the disk of the data folder."""
    seen = f"{free // MEGABYTE:,} MB free"
    if free < LEAST_ROOM:
        return wrong("disk", seen, "Make room: at 0 nothing can be stored, and no alert is sent.")
    if free < ROOM:
        return doubtful("disk", seen, "Make room: a year of all boards takes some 200 MB.")
    return well("disk", seen)


def clock(ours: datetime, theirs: datetime) -> Finding:
    """Judge our clock by that of a server that was asked at that moment (both UTC)."""
    off = abs(ours - theirs)
    seen = f"{off.total_seconds():.0f} s off the source's"
    if off > TOO_FAST:
        return wrong("clock", seen, "Set the clock, and let NTP keep it: days end by it.")
    if off > FAST:
        return doubtful("clock", seen, "Let NTP keep the clock.")
    return well("clock", seen)


def published(newest: date, now: datetime) -> Finding:
    """Judge the newest day that the source has published."""
    due = (now - _LATE).date() - timedelta(days=1)
    seen = f"the newest published day is {newest}"
    if newest < due:
        return doubtful("source", seen, f"{due} is due; nothing to do but wait for the source.")
    return well("source", seen)


def places(
    lacking: Iterable[tuple[int, str]], looked_at: int, left_out: int
) -> tuple[Finding, ...]:
    """Judge the channels that get alerts: each that lacks something, by its id, and what."""
    found = tuple(
        wrong(
            f"channel {channel}", what, "Give the bot these permissions there, or /unsubscribe it."
        )
        for channel, what in lacking
    )
    more = f"; {left_out} more were not looked at" if left_out else ""
    good = well("channels", f"{looked_at - len(found)} of {looked_at} can be posted to{more}")
    return (good, *found)
