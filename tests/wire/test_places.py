"""Alerts in every kind of place, by the real client: text, announcements, threads, forums."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import Delivery, DeliveryState, Kind, Manner
from bot.message import Image, Message, Outgoing, Ranked
from bot.model import Openness
from bot.outbox import Outbox
from bot.routing import nonce
from cogs.delivery import DiscordMessenger
from storage.protocol import Progress
from tests.made import open_closed
from tests.wire import discord_schema as schema
from tests.wire.discord_limits import Fault
from tests.wire.inprocess import Connected, connected
from tests.wire.running import texts

NOW = datetime.now(UTC)
KEY = "models.leader.open/a.2026-06-10"
SUPPRESSED = 1 << 12
PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)
ROWS = (Ranked(1, "Open *A*", Openness.OPEN, "open", "31 %", "3 T", "▲ 2"),)


async def headline(delivery: Delivery) -> Outgoing:
    """Say one thing about the milestones, by kind, with a picture."""
    title = f"{delivery.kind}: open @everyone <@&1> {'word ' * 20}end"
    key = " ".join(delivery.milestones)
    said = Message(title, ("So it is.",), "Week", ROWS, ("Note.",), "Source: a table", key)
    picture = Image("ranks.png", PNG, "A chart") if delivery.kind is not Kind.CORRECTION else None
    return Outgoing(said, picture)


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot."""
    async with connected(tmp_path, open_closed(), NOW, monkeypatch) as running:
        yield running


@pytest.fixture
def guild(bot: Connected) -> schema.Guild:
    """Return the server that the bot is in."""
    (found,) = bot.discord.world.guilds.values()
    return found


class Sending:
    """An outbox over a bot, whose clock tests move; waits are as long as they can be."""

    def __init__(self, bot: Connected) -> None:
        self.bot = bot
        self.now = NOW
        self._outbox = Outbox(
            bot.store, headline, DiscordMessenger(bot.client), lambda: self.now, chance=lambda: 1.0
        )

    async def send(self, *deliveries: Delivery) -> list[Delivery]:
        """Make these owed, send what is due, and return them as they are then."""
        await self.bot.store.record("models", Progress((), None), (), deliveries)
        await self._outbox.drain()
        return list(await self.bot.store.deliveries([each.key for each in deliveries]))


def alert(channel: schema.Channel, manner: Manner | None = None, milestone: str = KEY) -> Delivery:
    """Return an alert."""
    key = f"{channel.id}:{milestone}"
    guild = channel.guild_id or 0
    made = Delivery(key, channel.id, guild, (milestone,), nonce(key), NOW)
    return replace(made, manner=manner or Manner())


def posts(bot: Connected, forum: schema.Channel) -> list[schema.Channel]:
    """Return a forum's posts."""
    threads = [each for each in bot.discord.world.channels.values() if each.thread is not None]
    return [each for each in threads if each.thread.parent_id == forum.id]


def about(sent: Delivery, kind: Kind) -> Delivery:
    """Return what is owed about an alert."""
    key = f"{sent.key}!{kind}"
    return replace(
        sent,
        key=key,
        kind=kind,
        about=sent.key,
        target=sent.message_id,
        nonce=nonce(key),
        state=DeliveryState.PENDING,
        attempts=0,
        message_id=None,
        tried_at=None,
    )


async def test_a_role_is_mentioned_and_nothing_else_can_be(
    bot: Connected, guild: schema.Guild
) -> None:
    role = bot.discord.add_role(guild, "news", mentionable=True)
    sending = Sending(bot)
    (sent,) = await sending.send(alert(bot.channel, Manner(mention=role.id)))
    (message,) = bot.discord.messages(bot.channel.id)
    assert texts(message.components)[0] == f"<@&{role.id}>"
    assert message.payload["allowed_mentions"] == {"parse": [], "roles": [role.id]}
    assert not message.flags & SUPPRESSED
    await sending.send(about(sent, Kind.CORRECTION))
    correction = bot.discord.messages(bot.channel.id)[1]
    assert correction.payload["allowed_mentions"] == {"parse": []}
    assert correction.flags & SUPPRESSED, "a correction makes no sound"


async def test_in_an_announcement_channel_an_alert_is_published_once(
    bot: Connected, guild: schema.Guild
) -> None:
    channel = bot.discord.add_channel(guild, "wire", kind=schema.ANNOUNCEMENT)
    owed = alert(channel, Manner(publish=True))
    bot.discord.fail_next("POST .*/crosspost", Fault.hangup(accepted=True))
    sending = Sending(bot)
    _, waiting = await sending.send(owed, about(owed, Kind.PUBLISH))
    assert waiting.state is DeliveryState.PENDING
    sending.now += timedelta(seconds=2)
    await sending.send()
    (done,) = await bot.store.deliveries([waiting.key])
    assert done.state is DeliveryState.SENT
    (message,) = bot.discord.messages(channel.id)
    assert message.flags & schema.CROSSPOSTED


async def test_the_limit_of_publishing_is_waited_for_in_the_store_and_holds_up_no_alert(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = schema.Settings(crosspost_limit=(1, 3600.0))
    async with connected(tmp_path, open_closed(), NOW, monkeypatch, settings) as bot:
        (guild,) = bot.discord.world.guilds.values()
        channel = bot.discord.add_channel(guild, "wire", kind=schema.ANNOUNCEMENT)
        alerts = [alert(channel, Manner(publish=True), f"{KEY[:-2]}{n}") for n in (11, 12)]
        rows = [row for each in alerts for row in (each, about(each, Kind.PUBLISH))]
        first, published, second, waiting = await Sending(bot).send(*rows)
    states = [first.state, published.state, second.state, waiting.state]
    assert states == [DeliveryState.SENT] * 3 + [DeliveryState.PENDING]
    assert waiting.retry_at is not None
    assert timedelta(minutes=59) < waiting.retry_at - NOW <= timedelta(hours=1)


@pytest.mark.parametrize("private", [False, True])
async def test_a_thread_gets_alerts_and_edits_even_if_it_was_archived(
    bot: Connected, private: bool
) -> None:
    thread = bot.discord.add_thread(bot.channel, "talk", private=private, joined=True)
    bot.discord.change_thread(thread, archived=True)
    sending = Sending(bot)
    (sent,) = await sending.send(alert(thread))
    assert sent.state is DeliveryState.SENT
    bot.discord.change_thread(bot.discord.world.channels[thread.id], archived=True)
    (edit,) = await sending.send(about(sent, Kind.EDIT))
    assert edit.state is DeliveryState.SENT
    (message,) = bot.discord.messages(thread.id)
    assert texts(message.components)[0].startswith("## edit: open @\u200beveryone \\<@&1>")
    assert len(message.attachments) == 1


@pytest.mark.parametrize("kind", [schema.FORUM, schema.MEDIA])
async def test_a_forum_gets_a_post_for_each_alert_named_by_its_headline(
    bot: Connected, guild: schema.Guild, kind: int
) -> None:
    forum = bot.discord.add_forum(guild, "alerts", kind=kind, requires_tag=True)
    tags = (schema.Tag(1, "staff", moderated=True), schema.Tag(2, "news"))
    bot.discord.put_channel(replace(forum, tags=tags))
    role = bot.discord.add_role(guild, "fans", mentionable=True)
    sending = Sending(bot)
    (sent,) = await sending.send(alert(forum, Manner(forum=True, mention=role.id)))
    (post,) = posts(bot, forum)
    assert post.name.startswith("alert: open @everyone <@&1> word")
    assert (len(post.name), post.name[-1]) == (98, "…")
    assert sent.message_id == post.id
    (message,) = bot.discord.messages(post.id)
    assert message.payload["allowed_mentions"] == {"parse": [], "roles": [role.id]}
    assert len(message.attachments) == 1
    await sending.send(about(sent, Kind.EDIT), about(sent, Kind.CORRECTION))
    first, second = bot.discord.messages(post.id)
    assert texts(first.components)[0].startswith("## edit")
    assert texts(second.components)[0].startswith("## correction")


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize(
    "fault", [Fault.reset(accepted=True), Fault.answer(502, accepted=True)], ids=str
)
async def test_a_forum_post_that_was_made_after_all_is_found_and_not_repeated(
    bot: Connected, guild: schema.Guild, fault: Fault, archived: bool
) -> None:
    forum = bot.discord.add_forum(guild, "alerts")
    bot.discord.fail_next("POST .*/threads", fault)
    sending = Sending(bot)
    (waiting,) = await sending.send(alert(forum, Manner(forum=True)))
    assert waiting.state is DeliveryState.PENDING
    (post,) = posts(bot, forum)
    if archived:
        bot.discord.change_thread(post, archived=True)
    other = bot.discord.add_thread(forum, "somebody else's")
    bot.discord.say(other, f"I quote `{KEY}`")
    sending.now += timedelta(seconds=2)
    await sending.send()
    (done,) = await bot.store.deliveries([waiting.key])
    assert (done.state, done.message_id) == (DeliveryState.SENT, post.id)
    assert posts(bot, forum) == [bot.discord.world.channels[post.id], other]


@pytest.mark.parametrize("place", ["channel", "forum"])
async def test_a_card_that_is_not_taken_goes_out_as_plain_text(
    bot: Connected, guild: schema.Guild, place: str
) -> None:
    forum = bot.discord.add_forum(guild, "alerts")
    where = bot.channel if place == "channel" else forum
    bot.discord.fail_next("POST /channels/", Fault.answer(400, code=50035))
    with capture_logs() as logged:
        (sent,) = await Sending(bot).send(alert(where, Manner(forum=place == "forum")))
    assert sent.message_id is not None
    message = bot.discord.world.messages[sent.message_id]
    assert (message.components, message.attachments) == ([], ())
    lines = message.content.splitlines()
    assert lines[0].startswith("## alert: open @\u200beveryone \\<@&1> word")
    assert lines[-2:] == ["-# Source: a table", f"-# `{KEY}`"]
    assert "**Open \\*A\\***" in message.content
    problems = [line["problem"] for line in logged if line["event"] == "message not taken"]
    assert len(problems) == 1
    assert "card: " in problems[0]
    assert f"picture of {len(PNG)} bytes" in problems[0]
    assert "Open" not in problems[0], "how it was made, not what it says"


async def test_an_edit_that_is_not_taken_becomes_a_card_of_nothing_but_text(bot: Connected) -> None:
    sending = Sending(bot)
    (sent,) = await sending.send(alert(bot.channel))
    bot.discord.fail_next("PATCH /channels/", Fault.answer(400, code=50035))
    (edit,) = await sending.send(about(sent, Kind.EDIT))
    assert edit.state is DeliveryState.SENT
    (message,) = bot.discord.messages(bot.channel.id)
    (text,) = message.components
    assert text["content"].startswith("## edit")
    assert message.attachments == ()


@pytest.mark.parametrize(
    "fault",
    [
        lambda: Fault.answer(503),
        lambda: Fault.answer(503, accepted=True),
        Fault.reset,
        lambda: Fault.reset(accepted=True),
        lambda: Fault.hangup(accepted=True),
        Fault.truncated,
        lambda: Fault.truncated(says_so=False),
        lambda: Fault.limited(0.01, via=False),
        lambda: Fault.limited(90.0),
        lambda: Fault.cloudflare(403),
        lambda: Fault.cloudflare(404),
    ],
)
async def test_a_passing_fault_is_repeated_with_the_same_nonce_and_makes_one_message(
    bot: Connected, fault: Callable[[], Fault]
) -> None:
    bot.discord.fail_next("POST /channels/.*/messages", fault())
    sending = Sending(bot)
    (waiting,) = await sending.send(alert(bot.channel))
    assert waiting.state is DeliveryState.PENDING
    assert waiting.retry_at is not None
    sending.now = waiting.retry_at
    await sending.send()
    (done,) = await bot.store.deliveries([waiting.key])
    (message,) = bot.discord.messages(bot.channel.id)
    assert (done.state, done.message_id) == (DeliveryState.SENT, message.id)


async def test_discords_long_wait_is_kept_in_the_store(bot: Connected) -> None:
    bot.discord.fail_next("POST /channels/.*/messages", Fault.limited(900.0))
    (waiting,) = await Sending(bot).send(alert(bot.channel))
    assert waiting.retry_at == NOW + timedelta(minutes=15)
