"""Who asked for milestones, where they go, when they may arrive, and who changed that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.model import BOARD_MODELS, Severity

DIRECT = 0
"""The server of a channel of direct messages, which has none."""

NOBODY = 0
"""Stands for a person whose data were deleted."""

MOST_IN_A_SERVER = 50
"""Subscriptions of one server, and as many digests."""

MOST_WATCHES = 25
"""Watches of one person; Discord takes as many choices for an option."""

CHANGES_KEPT = 100
"""Changes of settings that are kept of one server, the newest."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How messages are put into a place.

    `forum`: it takes posts alone, one for each alert (forum and media channels). `publish`: an
    announcement channel whose alerts go on to the channels that follow it. `mentions`: the ids of
    the roles that an alert mentions, ascending, never that of @everyone.
    """

    forum: bool = False
    publish: bool = False
    mentions: tuple[int, ...] = ()


class PauseReason(StrEnum):
    """Why a place cannot be posted in: no permission, it is gone, the person takes no messages."""

    FORBIDDEN = "forbidden"
    GONE = "gone"
    UNWELCOME = "unwelcome"


@dataclass(frozen=True, slots=True)
class Pause:
    """Why and since when (UTC) nothing goes to a channel; `said` is what Discord answered."""

    reason: PauseReason
    since: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: milestones of these boards, at least so weighty, of these rules.

    `rules` by name, empty: every rule. `only` are the base models and the authors (as "author/")
    of which a milestone must name one; empty: any milestone will do.
    """

    boards: tuple[str, ...] = (BOARD_MODELS,)
    least: Severity = Severity.NOTABLE
    rules: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that asked for milestones dated after `after`, in a language.

    A channel here is whatever can be posted in: a text or announcement channel, a thread, a forum
    or media channel, a person's direct messages (then `guild_id` is DIRECT). `number` tells the
    subscriptions of a channel apart, from 1; while it is `stopped` (since then, UTC) somebody wants
    nothing of it.
    """

    channel_id: int
    guild_id: int
    wish: Wish
    after: date
    created_at: datetime
    created_by: int
    language: str = "en"
    manner: Manner = Manner()
    number: int = 1
    stopped: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours of each day, from `start` until `end` (0 to 23), in which nothing arrives.

    By the clocks of an IANA time zone; past midnight where `end` is before `start`.
    """

    start: int
    end: int
    timezone: str


@dataclass(frozen=True, slots=True)
class Digest:
    """A summary of boards every week at a weekday (0 is Monday) and an hour of a time zone.

    Those due by `after` (UTC) are dealt with.
    """

    weekday: int
    hour: int
    timezone: str
    boards: tuple[str, ...]
    language: str
    after: datetime
    manner: Manner = Manner()


@dataclass(frozen=True, slots=True)
class Channel:
    """When messages may arrive in a channel that has a subscription or a digest.

    `paused`: it cannot be posted in. `muted_until` (UTC) and `quiet`: it wants nothing now; what
    falls in there follows as one message. `budget`: so many messages in any seven days at most.
    """

    channel_id: int
    guild_id: int
    paused: Pause | None = None
    muted_until: datetime | None = None
    quiet: QuietHours | None = None
    budget: int | None = None
    digest: Digest | None = None


class Deed(StrEnum):
    """What somebody did to the settings of a server."""

    SUBSCRIBED = "subscribed"
    AMENDED = "amended"
    UNSUBSCRIBED = "unsubscribed"
    STOPPED = "stopped"
    RESUMED = "resumed"
    MUTED = "muted"
    UNMUTED = "unmuted"
    QUIET = "quiet"
    NO_QUIET = "no-quiet"
    BUDGET = "budget"
    NO_BUDGET = "no-budget"
    DIGEST = "digest"
    NO_DIGEST = "no-digest"
    TESTED = "tested"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a server's settings: when (UTC), by whom, of which channel, and what.

    `number` is that of the subscription it is about, if of one. `values` has what is set from then
    on, in codes: `boards` and `rules` (names with commas between), `least`, `language`, `role`,
    `publish` ("yes"), `until` (a day and time, ISO, UTC), `start`, `end`, `weekday`, `hour`,
    `timezone`, `messages`.
    """

    when: datetime
    who: int
    guild_id: int
    channel_id: int
    deed: Deed
    number: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)
