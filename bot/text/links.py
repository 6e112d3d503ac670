"""The ways from a message to its evidence pages (pure)."""

from collections.abc import Sequence

from bot import pages
from bot.message import Link
from bot.text.alert import Told
from bot.text.say import Say

_MOST = 5
"""Buttons that stand in one row."""


def evidence_links(told: Sequence[Told], address: str | None, say: Say) -> tuple[Link, ...]:
    """Return the ways to the evidence of what a message tells; none where no page is served.

    `address` is that of the site. One that tells more than five leads to the archive.
    """
    if address is None or not told:
        return ()
    if len(told) > _MOST:
        return (Link(say("Evidence"), f"{address}/{pages.archive(say.code)}"),)
    if len(told) == 1:
        return (Link(say("Evidence and press pack"), _page(told[0], address, say)),)
    return tuple(Link(one.headline, _page(one, address, say)) for one in told)


def _page(one: Told, address: str, say: Say) -> str:
    return f"{address}/{pages.milestone(say.code, one.milestone.key)}"
