"""The way from polls of a short history to a channel, where what was told is edited later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.alerts import Composer
from bot.boards import MODELS
from bot.delivery import Delivery
from bot.errors import SendFailed
from bot.message import Message, Outgoing
from bot.model import Day, Openness
from bot.openness import Directory
from bot.outbox import Outbox
from bot.packaged import read_languages
from bot.pipeline import Poll, poll
from bot.render import Renderer
from bot.sources import Snapshot
from storage.tinydb_store import TinyDBStore
from tests.made import at, directory, verdict
from tests.reviewing import AFTER, DAY, KNOWN, LEVEL, RULES, SAID, story

BOTH = {name: RULES[name] for name in ("leader", "open_top5")}
TOLD = at(LEVEL.date + timedelta(1))
FINAL = at(LEVEL.date + timedelta(2))
EDITED = "Edited: these are the final figures of the day."
HIGHER = {DAY: {"a/one": AFTER["a/one"] + 9_000}}
FIVE_LEADS = {f"d{n}": {"e/five": 10**6} for n in range(10, 16)}
"""Then a/one never led, and there are three open ones among the five all the same."""

ALL_CLOSED = {
    f"d{n}": {"d/four": 10**6, "e/five": 2 * 10**6, "f/six": 10**6} for n in range(10, 16)
}


def corrected(model: str) -> Directory:
    """Return a newer registry, in which a model never was open."""
    wrong = replace(verdict(Openness.CLOSED), correction=True)
    newer = directory({**SAID, model: wrong})
    return replace(newer, registry=replace(newer.registry, version="newer"))


@dataclass
class Given:
    """A source that gives the days that are over, and always says that they are new."""

    days: Mapping[date, Day]
    keyed: bool = False

    async def fetch(self, seen: str | None, now: datetime) -> Snapshot | None:
        """Return the snapshot."""
        over = tuple(one for one in self.days.values() if one.date < now.date())
        return Snapshot("made up", over, f"after {seen}"[-20:])


@dataclass
class Channel:
    """A channel as a value: what stands in it, and what it answers next."""

    posts: list[Outgoing] = field(default_factory=list)
    answers: list[SendFailed | None] = field(default_factory=list)
    edits: int = 0

    async def send(self, delivery: Delivery, outgoing: Outgoing, where: int) -> int:
        """Post."""
        assert (where, len(delivery.nonce)) == (7, 24)
        self._answer()
        self.posts.append(outgoing)
        return len(self.posts)

    async def edit(self, where: int, message_id: int, outgoing: Outgoing) -> None:
        """Put it in place of a post."""
        assert where == 7
        self._answer()
        self.edits += 1
        self.posts[message_id - 1] = outgoing

    async def publish(self, where: int, message_id: int) -> None:
        """Raise: nobody asked for it."""
        raise AssertionError(f"message {message_id} of {where} is not to be published")

    async def find(self, delivery: Delivery, keys: Sequence[str], where: int) -> tuple[int, ...]:
        """Return the posts that bear one of these keys."""
        assert (delivery.tried_at is not None, where) == (True, 7)
        said = enumerate((post.message.key for post in self.posts), start=1)
        return tuple(number for number, key in said if key in keys)

    async def system_channel(self, guild_id: int) -> int | None:
        """Return None: this server wants to be told nothing."""

    def _answer(self) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


@dataclass
class World:
    """A store with a subscribed channel, and the way from polls to it; without pictures."""

    store: TinyDBStore
    channel: Channel = field(default_factory=Channel)
    known: Directory = KNOWN
    now: datetime = TOLD
    composer: Composer = field(init=False)

    def __post_init__(self) -> None:
        """Compose as one running bot does, keeping what it has composed."""
        renderer = Renderer()
        renderer.close()

        async def look_up() -> Directory:
            return self.known

        self.composer = Composer(self.store, renderer, BOTH, look_up, read_languages())

    async def polled(
        self, now: datetime, known: Directory = KNOWN, **restated: Mapping[str, int]
    ) -> Poll:
        """Poll at a moment, some days reading otherwise by then."""
        self.known, self.now = known, now
        return await poll(MODELS, Given(story(**restated)), self.store, known, BOTH, now)

    async def sent(self) -> None:
        """Send what is owed."""
        await Outbox(self.store, self.composer, self.channel, lambda: self.now).drain()

    def said(self) -> list[Message]:
        """Return what stands in the channel."""
        return [each.message for each in self.channel.posts]

    async def kinds(self) -> list[str]:
        """Return what is still to be sent."""
        return [str(each.kind) for each in await self.store.open_deliveries()]
