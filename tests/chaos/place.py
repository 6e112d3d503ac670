"""The Discord of a run: places to be told in, and what arrived there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.delivery import Delivery, Kind
from bot.model import Severity
from bot.subscription import Manner, Subscription, Wish
from tests.chaos.figures import keys
from tests.chaos.plan import HIDDEN
from tests.wire.discord_schema import (
    ANNOUNCEMENT,
    COMPONENTS_V2,
    CROSSPOSTED,
    FORUM,
    HISTORY,
    MEDIA,
    PUBLIC_THREAD,
    TEXT,
    Channel,
    Guild,
    Message,
    Overwrite,
    Thread,
)
from tests.wire.discord_server import LoopbackDiscord
from tests.wire.running import texts

FORUMS = (FORUM, MEDIA)


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its name in the plan, its channel, and how it is posted in."""

    name: str
    channel: Channel
    manner: Manner

    def subscription(self, last: date) -> Subscription:
        """Return what asks for the headlines of the days up to `last` here."""
        return Subscription(
            self.channel.id,
            self.channel.guild_id or 0,
            Wish(least=Severity.HEADLINE),
            last - timedelta(days=10),
            datetime.now(UTC),
            1,
            language="tr" if self.name == "thread" else "en",
            manner=self.manner,
        )


@dataclass(frozen=True, slots=True)
class Owed:
    """What has to stand in each place at the end: keys of messages, oldest day first."""

    old: tuple[str, ...]
    alerts: tuple[str, ...]
    corrections: tuple[str, ...]

    @classmethod
    def of(cls, old: Sequence[str], rows: Sequence[Delivery]) -> "Owed":
        """Return what these rows come to, where the old alert stands already."""
        corrections = keys(rows, Kind.CORRECTION)
        return cls(tuple(old), tuple(keys(rows, Kind.ALERT)), tuple(corrections))

    @property
    def all(self) -> tuple[str, ...]:
        """Return all keys."""
        return (*self.old, *self.alerts, *self.corrections)


@dataclass(slots=True)
class Arrived:
    """What was lost, repeated, or otherwise wrong: sentences; `unseen`: repeats nobody could see.

    Those are in places whose history may not be read.
    """

    lost: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def make_places(discord: LoopbackDiscord, names: Sequence[str]) -> list[Place]:
    """Make two servers with these places; the bot may mention a role in the first."""
    here, far = discord.add_guild("here"), discord.add_guild("far away")
    role = discord.add_role(here, "readers", mentionable=True)
    return [
        _make(discord, name, far if name.startswith("far") else here, role.id) for name in names
    ]


def _make(discord: LoopbackDiscord, name: str, guild: Guild, role: int) -> Place:
    blind = (Overwrite(discord.settings.bot_id, deny=HISTORY, member=True),)
    overwrites = blind if name in HIDDEN else ()
    if name.endswith("forum"):
        forum = discord.add_forum(guild, name, tags=("news",), requires_tag=True)
        return Place(name, forum, Manner(forum=True, mentions=(role,)))
    if name.endswith("media"):
        return Place(name, discord.add_forum(guild, name, kind=MEDIA), Manner(forum=True))
    if name == "announcement":
        channel = discord.add_channel(guild, name, kind=ANNOUNCEMENT)
        return Place(name, channel, Manner(publish=True))
    channel = discord.add_channel(guild, name, kind=TEXT, overwrites=overwrites)
    if name.endswith("thread"):
        return Place(name, discord.add_thread(channel, name), Manner())
    return Place(name, channel, Manner(mentions=(role,) if name == "text" else ()))


def post_old(discord: LoopbackDiscord, place: Place, key: str) -> int:
    """Put the alert of long ago into a place, as if the bot had posted it; return its id."""
    text = {"type": 10, "content": f"## An alert of long ago\n-# `{key}`"}
    body = {"flags": COMPONENTS_V2, "components": [text]}
    if not place.manner.forum:
        return discord.world.post(place.channel.id, body, {}).id
    new_id, now = discord.world.new_id(), discord.world.clock()
    thread = Thread(place.channel.id, discord.settings.bot_id, archived_at=now, joined=True)
    guild = place.channel.guild_id
    discord.put_channel(Channel(new_id, guild, "long ago", PUBLIC_THREAD, thread=thread))
    discord.world.keep(discord.world.draft(new_id, new_id, body, {}))
    return new_id


def standing(discord: LoopbackDiscord, place: Place) -> list[Message]:
    """Return all messages of a place, those of a forum's posts too, oldest first."""
    if not place.manner.forum:
        return discord.messages(place.channel.id)
    posts = [
        each.id
        for each in discord.world.places(place.channel.guild_id)
        if each.thread is not None and each.thread.parent_id == place.channel.id
    ]
    found = [message for post in posts for message in discord.messages(post)]
    return sorted(found, key=lambda message: message.id)


def key_of(message: Message) -> str:
    """Return the key in the last line of a card or a text."""
    said = "\n".join([message.content, *texts(message.components)])
    return said.rstrip().rpartition("-# `")[2].removesuffix("`")


def all_there(discord: LoopbackDiscord, places: Sequence[Place], owed: Owed) -> bool:
    """Say whether nothing is missing any more."""
    return not any(_missing(discord, place, owed) for place in places)


def look(discord: LoopbackDiscord, places: Sequence[Place], owed: Owed) -> Arrived:
    """Return what is wrong with what stands in the places."""
    arrived = Arrived()
    for place in places:
        arrived.lost += _missing(discord, place, owed)
        counts = Counter(map(key_of, standing(discord, place)))
        repeated = [
            f"{place.name}: {counts[key]} times {key}" for key in owed.all if counts[key] > 1
        ]
        hidden = place.name in HIDDEN
        (arrived.unseen if hidden else arrived.repeated).extend(repeated)
        arrived.wrong += [f"{place.name}: unasked {key}" for key in counts if key not in owed.all]
        arrived.wrong += _out_of_order(discord, place, owed)
    return arrived


def _missing(discord: LoopbackDiscord, place: Place, owed: Owed) -> list[str]:
    found: Mapping[str, Message] = {key_of(each): each for each in standing(discord, place)}
    lost = [f"{place.name}: {key}" for key in owed.all if key not in found]
    lost += [
        f"{place.name}: the edit of {key}"
        for key in owed.old
        if key in found and found[key].edited_at is None
    ]
    if place.manner.publish:
        # Of two messages with one key either may be the published one; that is counted elsewhere.
        published = {key_of(e) for e in standing(discord, place) if e.flags & CROSSPOSTED}
        lost += [
            f"{place.name}: the publishing of {key}"
            for key in owed.alerts
            if key in found and key not in published
        ]
    return lost


def _out_of_order(discord: LoopbackDiscord, place: Place, owed: Owed) -> list[str]:
    first = list(dict.fromkeys(map(key_of, standing(discord, place))))
    alerts = [key for key in first if key in owed.alerts]
    expected = [key for key in owed.alerts if key in alerts]
    return [] if alerts == expected else [f"{place.name}: not in order: {', '.join(alerts)}"]
