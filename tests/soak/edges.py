"""The edges of the bot as values: a source that publishes by true time, a Discord that records."""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.delivery import Delivery, Form, Kind
from bot.errors import PlaceClosed, SendLater, SourceUnreachable
from bot.message import Outgoing
from bot.model import Day
from bot.sources import Snapshot
from bot.subscription import PauseReason
from tests.soak.world import Past, Reading, within

WINDOW = 30
NONCES = timedelta(minutes=5)
_REMEMBERED = 40


class Published:
    """A source as keyless as the real one: thirty days, as they read at the moment."""

    keyed = False

    def __init__(self, past: Past, true: Callable[[], datetime]) -> None:
        """Take what is published when, and the true time, which is not always ours."""
        self._past, self._true = past, true
        self._out = 0
        self._days: dict[date, Day] = {}

    async def fetch(self, seen: str | None, now: datetime) -> Snapshot | None:
        """Return the snapshot; `now` is what our machine believes."""
        true = self._true()
        if within(self._past.outages, true):
            raise SourceUnreachable(f"down at {true}")
        while self._out < len(self._past.readings) and self._next().since <= true:
            self._days[self._next().day.date] = self._next().day
            self._out += 1
        mark = str(self._out)
        if mark == seen:
            return None
        newest = sorted(self._days.values(), key=lambda day: day.date)[-WINDOW:]
        # Nobody takes in a day that, by their own clock, is not over.
        return Snapshot("export", tuple(day for day in newest if day.date < now.date()), mark)

    def _next(self) -> Reading:
        return self._past.readings[self._out]


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message in a channel: when by the machine's clock, and what it told."""

    now: datetime
    channel: int
    language: str
    kind: Kind
    form: Form
    milestones: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class _Post:
    number: int
    nonce: str
    said: str | None
    true: datetime


@dataclass
class Recorder:
    """A Discord as a value: what arrived, nonces for some minutes, outages, closed channels."""

    past: Past
    true: Callable[[], datetime]
    clock: Callable[[], datetime]
    arrived: list[Arrived] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    loses: Callable[[Delivery], bool] = lambda _: False
    _newest: int = 0
    _posts: dict[int, deque[_Post]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=_REMEMBERED))
    )

    async def send(self, delivery: Delivery, outgoing: Outgoing, where: int) -> int:
        """Post, or return what the same nonce became some minutes ago."""
        self._answer(where)
        now = self.true()
        for post in self._posts[where]:
            if post.nonce == delivery.nonce and now - post.true <= NONCES:
                return post.number
        self._newest = number = self._newest + 1
        self._posts[where].append(_Post(number, delivery.nonce, outgoing.message.key, now))
        if not self.loses(delivery):
            self._note(delivery, where)
        return number

    def _note(self, delivery: Delivery, where: int) -> None:
        what = (delivery.language, delivery.kind, delivery.form, delivery.milestones, delivery.key)
        self.arrived.append(Arrived(self.clock(), where, *what))

    async def edit(self, where: int, message_id: int, outgoing: Outgoing) -> None:
        """Take an edit of what was posted."""
        assert 0 < message_id <= self._newest
        assert outgoing.message.title
        self._answer(where)

    async def publish(self, where: int, message_id: int) -> None:
        """Publish what was posted."""
        assert 0 < message_id <= self._newest
        self._answer(where)

    async def find(self, delivery: Delivery, keys: Sequence[str], where: int) -> tuple[int, ...]:
        """Return the posts that bear one of these keys."""
        assert delivery.tried_at is not None
        self._answer(where)
        return tuple(post.number for post in self._posts[where] if post.said in keys)

    async def system_channel(self, guild_id: int) -> int | None:
        """Return None: these servers want to be told nothing."""

    def _answer(self, where: int) -> None:
        if where in self.closed:
            raise PlaceClosed(PauseReason.FORBIDDEN, "403: Missing Access")
        if within(self.past.silences, self.true()):
            raise SendLater("503")
