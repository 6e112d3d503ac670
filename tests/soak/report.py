"""What a life came to, in lines."""

from collections.abc import Iterator

from bot.delivery import Form
from tests.soak.account import Findings, compare
from tests.soak.edges import Arrived
from tests.soak.life import Life, Size
from tests.soak.people import digests_due
from tests.soak.world import DAY


async def report(life: Life) -> tuple[list[str], bool]:
    """Return what is to be read, the sum last, and whether anything is wrong."""
    found = await findings(life)
    wrong = [*_named("lost", found.lost), *_named("twice", found.twice)]
    wrong += [*_named("false", found.false), *_named("loud", life.account.loud)]
    wrong += _named("digest", digests_amiss(life))
    wrong += [f"log: {event}: {n}" for event, n in life.errors.items() if event in _BUGS]
    lines = [*map(_size, life.sizes), *wrong, _told(life, found), _sum(life, found)]
    return lines, bool(wrong)


_BUGS = ("sender failed", "data folder damaged", "outbox cannot use its store")


async def findings(life: Life) -> Findings:
    """Return what arrived that should not have, and what did not."""
    stored = {one.key: one for one in await life.store.milestones("models")}
    through = (await life.store.progress("models")).through
    assert through is not None
    naive = [one for one in life.past.final().milestones() if one.date <= through]
    digested = life.people.digests.__contains__
    return compare(life.account, life.discord.arrived, stored, naive, digested)


def digests_amiss(life: Life) -> list[str]:
    """Return the weekly digests that did not come, and those that came besides."""
    amiss: list[str] = []
    for channel, digest in life.people.digests.items():
        come = {one.key.rpartition("digest.")[2] for one in _digests(life, channel)}
        # Quiet hours, a closed channel or a clock that is wrong may move one by less than a day.
        surely, at_most = (
            {f"{each:%Y-%m-%d.%H%M}" for each in digests_due(digest, life.ended + by)}
            for by in (-DAY, DAY)
        )
        amiss += [f"{channel}: {each} missing" for each in sorted(surely - come)]
        amiss += [f"{channel}: {each} not due" for each in sorted(come - at_most)]
    return amiss


def _digests(life: Life, channel: int) -> list[Arrived]:
    arrived = life.discord.arrived
    return [one for one in arrived if (one.channel, one.form) == (channel, Form.DIGEST)]


def _named(name: str, found: list[str]) -> Iterator[str]:
    return (f"{name}: {each}" for each in found)


def _size(size: Size) -> str:
    return (
        f"after {size.day} days: rss {size.rss_mb:.1f} MB, {size.files} files, of which"
        f" {size.monthly} by month, {size.folder_kb} kB"
    )


def _told(life: Life, found: Findings) -> str:
    return (
        f"restarts {life.restarts}, crashes {life.crashes}, clock changes {life.jumps}, messages"
        f" {len(life.discord.arrived)}, told too late for anybody {found.late}"
    )


def _sum(life: Life, found: Findings) -> str:
    grown = life.sizes[-1].rss_mb - life.sizes[0].rss_mb
    return (
        f"soak: {life.days} days, {life.polls} polls, {found.milestones} milestones,"
        f" {found.announced} announced, {len(found.lost)} lost, {len(found.twice)} twice,"
        f" {len(found.false)} false, rss {grown:+.1f} MB, files {life.sizes[0].files} to"
        f" {life.sizes[-1].files}"
    )
