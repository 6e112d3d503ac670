"""Alerts in every kind of place, by the real client: text, announcements, threads, forums."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import Delivery, DeliveryState, Form, Kind
from bot.message import Message, Outgoing
from bot.outbox import Outbox
from bot.subscription import Manner
from cogs.delivery import DiscordMessenger
from storage.protocol import Progress
from tests.made import open_closed
from tests.wire import discord_schema as schema
from tests.wire.discord_limits import Fault
from tests.wire.inprocess import Connected, connected, guild_of
from tests.wire.outgoing import KEY, NOW, Sending, about, alert, posts
from tests.wire.running import texts

SUPPRESSED = 1 << 12


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot."""
    async with connected(tmp_path, open_closed(), NOW, monkeypatch) as running:
        yield running


async def test_a_role_is_mentioned_and_nothing_else_can_be(bot: Connected) -> None:
    role = bot.discord.add_role(guild_of(bot), "news", mentionable=True)
    sending = Sending(bot)
    (sent,) = await sending.send(alert(bot.channel, Manner(mentions=(role.id,))))
    (message,) = bot.discord.messages(bot.channel.id)
    assert texts(message.components)[0] == f"<@&{role.id}>"
    assert message.payload["allowed_mentions"] == {"parse": [], "roles": [role.id]}
    assert not message.flags & SUPPRESSED
    await sending.send(about(sent, Kind.CORRECTION))
    correction = bot.discord.messages(bot.channel.id)[1]
    assert correction.payload["allowed_mentions"] == {"parse": []}
    assert correction.flags & SUPPRESSED, "a correction makes no sound"


async def test_several_roles_are_mentioned_and_these_alone(bot: Connected) -> None:
    roles = [bot.discord.add_role(guild_of(bot), name, mentionable=True).id for name in "abc"]
    manner = Manner(mentions=tuple(roles))
    sending = Sending(bot)
    for form in Form:
        await sending.send(replace(alert(bot.channel, manner, f"{KEY}-{form}"), form=form))
    for message in bot.discord.messages(bot.channel.id):
        assert texts(message.components)[0] == " ".join(f"<@&{role}>" for role in roles)
        assert message.payload["allowed_mentions"] == {"parse": [], "roles": roles}
    assert len(bot.discord.messages(bot.channel.id)) == len(Form)


async def test_a_test_mentions_nobody(bot: Connected) -> None:
    role = bot.discord.add_role(guild_of(bot), "news", mentionable=True)
    test = replace(alert(bot.channel, Manner(mentions=(role.id,))), kind=Kind.TEST)
    (sent,) = await Sending(bot).send(test)
    (message,) = bot.discord.messages(bot.channel.id)
    assert message.id == sent.message_id
    assert message.payload["allowed_mentions"] == {"parse": []}
    assert texts(message.components)[0].startswith("## test")
    assert not message.flags & SUPPRESSED


@pytest.mark.parametrize("plain", [False, True], ids=["as a card", "as text"])
async def test_of_very_many_roles_so_many_are_mentioned_that_the_message_has_room(
    bot: Connected, plain: bool
) -> None:
    roles = tuple(range(10**19, 10**19 + 60))
    said = Message("Long", ("word " * 10,) * 200, "", (), (), "Source: a table", KEY)

    async def long(_: Delivery) -> Outgoing:
        return Outgoing(said, None, plain)

    await bot.store.record(
        "models", Progress((), None), (), [alert(bot.channel, Manner(mentions=roles))]
    )
    await Outbox(bot.store, long, DiscordMessenger(bot.client), lambda: NOW).drain()
    (message,) = bot.discord.messages(bot.channel.id)
    assert sum(map(len, texts(message.components))) <= 4000
    called, *rest = "\n".join([message.content, *texts(message.components)]).strip().splitlines()
    assert called.split() == [f"<@&{role}>" for role in roles[:40]]
    assert message.payload["allowed_mentions"]["roles"] == list(roles[:40])
    assert rest[0] == "## Long"
    assert rest[-2:] == ["-# Source: a table", f"-# `{KEY}`"]


async def test_in_an_announcement_channel_an_alert_is_published_once(bot: Connected) -> None:
    channel = bot.discord.add_channel(guild_of(bot), "wire", kind=schema.ANNOUNCEMENT)
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
        channel = bot.discord.add_channel(guild_of(bot), "wire", kind=schema.ANNOUNCEMENT)
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
    bot: Connected, kind: int
) -> None:
    forum = bot.discord.add_forum(guild_of(bot), "alerts", kind=kind, requires_tag=True)
    tags = (schema.Tag(1, "staff", moderated=True), schema.Tag(2, "news"))
    bot.discord.put_channel(replace(forum, tags=tags))
    role = bot.discord.add_role(guild_of(bot), "fans", mentionable=True)
    sending = Sending(bot)
    (sent,) = await sending.send(alert(forum, Manner(forum=True, mentions=(role.id,))))
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
    bot: Connected, fault: Fault, archived: bool
) -> None:
    forum = bot.discord.add_forum(guild_of(bot), "alerts")
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
