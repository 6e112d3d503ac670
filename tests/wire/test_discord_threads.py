"""Threads, forums and media channels of the loopback Discord, under the real discord.py."""

import io
from dataclasses import replace

import discord
import pytest

from tests.wire.discord_people import Command
from tests.wire.discord_plain import PlainBot, connected, heard, point_at, text_channel
from tests.wire.discord_schema import (
    ANNOUNCEMENT,
    ATTACH,
    EVERYDAY,
    HISTORY,
    MANAGE_THREADS,
    MEDIA,
    SEND,
    SEND_IN_THREADS,
    Channel,
    Overwrite,
    Tag,
)
from tests.wire.discord_server import LoopbackDiscord


def thread_of(bot: PlainBot, channel: Channel) -> discord.Thread:
    """Find a thread in the bot's cache."""
    found = bot.get_channel(channel.id)
    assert isinstance(found, discord.Thread)
    return found


def forum_of(bot: PlainBot, channel: Channel) -> discord.ForumChannel:
    """Find a forum in the bot's cache."""
    found = bot.get_channel(channel.id)
    assert isinstance(found, discord.ForumChannel)
    return found


async def test_a_ready_bot_knows_the_active_threads_it_may_see(server: LoopbackDiscord) -> None:
    guild = server.add_guild()
    general = server.add_channel(guild)
    news = server.add_channel(guild, "news", kind=ANNOUNCEMENT)
    public, of_news = server.add_thread(general, "public"), server.add_thread(news, "of news")
    private = server.add_thread(general, "private", private=True, joined=True)
    hidden = server.add_thread(general, "hidden", private=True)
    sleeping = server.change_thread(server.add_thread(general), archived=True)
    async with connected(server) as bot:
        kinds = [thread_of(bot, each).type.value for each in (public, of_news, private)]
        assert kinds == [11, 10, 12]
        assert thread_of(bot, public).parent == text_channel(bot, general.id)
        assert thread_of(bot, public).me is None
        assert bot.get_channel(sleeping.id) is None
        assert bot.get_channel(hidden.id) is None
        fetched = await bot.fetch_channel(sleeping.id)
        assert isinstance(fetched, discord.Thread)
        assert fetched.archived
        with pytest.raises(discord.Forbidden) as raised:
            await bot.fetch_channel(hidden.id)
        assert raised.value.code == 50001


async def test_threads_come_change_and_go(server: LoopbackDiscord) -> None:
    general = server.add_channel(server.add_guild())
    async with connected(server) as bot:
        made: list[Channel] = []
        await heard(bot, "thread_create", lambda: made.append(server.add_thread(general)))
        (thread,) = made
        assert thread_of(bot, thread).name == "thread"
        shut = {"archived": True, "locked": True}
        await heard(bot, "thread_update", lambda: server.change_thread(thread, **shut))
        assert bot.get_channel(thread.id) is None
        again = {"archived": False, "locked": False}
        await heard(bot, "thread_join", lambda: server.change_thread(thread, **again))
        await heard(bot, "thread_delete", lambda: server.remove_channel(thread))
        assert bot.get_channel(thread.id) is None


async def test_sending_into_threads_is_a_permission_of_its_own(server: LoopbackDiscord) -> None:
    guild = server.add_guild()
    ours = guild.ours[0]
    no_talk = server.add_channel(guild, "a", overwrites=(Overwrite(ours, deny=SEND),))
    no_threads = server.add_channel(guild, "b", overwrites=(Overwrite(ours, deny=SEND_IN_THREADS),))
    allowed, refused = server.add_thread(no_talk), server.add_thread(no_threads)
    async with connected(server) as bot:
        await thread_of(bot, allowed).send("hello")
        fetched = await bot.fetch_channel(allowed.id)
        assert isinstance(fetched, discord.Thread)
        assert fetched.me is not None
        with pytest.raises(discord.Forbidden):
            await thread_of(bot, refused).send("hello")
        with pytest.raises(discord.Forbidden):
            await text_channel(bot, no_talk.id).send("hello")
        await text_channel(bot, no_threads.id).send("hello")
    assert [one.content for one in server.messages(allowed.id)] == ["hello"]


async def test_a_post_wakes_an_archived_thread_but_no_edit_does(server: LoopbackDiscord) -> None:
    thread = server.add_thread(server.add_channel(server.add_guild()))
    async with connected(server) as bot:
        place = thread_of(bot, thread)
        sent = await place.send("hello")
        server.change_thread(thread, archived=True)
        with pytest.raises(discord.HTTPException) as raised:
            await sent.edit(content="edited")
        assert (raised.value.status, raised.value.code) == (400, 50083)
        reopened = await place.edit(archived=False)
        assert not reopened.archived
        await sent.edit(content="edited")
        server.change_thread(thread, archived=True)
        await place.send("awake")
    kept = server.world.channels[thread.id].thread
    assert kept is not None
    assert (kept.archived, kept.joined) == (False, True)
    assert [one.content for one in server.messages(thread.id)] == ["edited", "awake"]


async def test_messages_may_be_deleted_where_an_archived_thread_is_not_locked(
    server: LoopbackDiscord,
) -> None:
    thread = server.add_thread(server.add_channel(server.add_guild()))
    async with connected(server) as bot:
        first, second = [await thread_of(bot, thread).send(text) for text in ("a", "b")]
        server.change_thread(thread, archived=True)
        await first.delete()
        server.change_thread(thread, locked=True)
        with pytest.raises(discord.HTTPException) as raised:
            await second.delete()
        assert raised.value.code == 50083
    assert [one.content for one in server.messages(thread.id)] == ["b"]


async def test_a_locked_thread_takes_nothing_but_from_its_moderators(
    server: LoopbackDiscord,
) -> None:
    guild = server.add_guild()
    thread = server.add_thread(server.add_channel(guild))
    async with connected(server) as bot:
        place = thread_of(bot, thread)
        server.change_thread(thread, archived=True, locked=True)
        for attempt in (place.send("hello"), place.edit(archived=False)):
            with pytest.raises(discord.Forbidden) as raised:
                await attempt
            assert raised.value.code == 50013
        server.put_role(guild, replace(guild.roles[1], permissions=EVERYDAY | MANAGE_THREADS))
        await place.edit(archived=False)
        await place.send("hello")
    assert len(server.messages(thread.id)) == 1


async def test_a_forum_post_is_a_thread_that_shares_its_first_messages_id(
    server: LoopbackDiscord,
) -> None:
    forum = server.add_forum(server.add_guild(), tags=("news",))
    async with connected(server) as bot:
        place = forum_of(bot, forum)
        chart = discord.File(io.BytesIO(b"png"), "chart.png", description="a chart")
        tag = place.available_tags[0]
        made = await place.create_thread(
            name="A headline", content="text", file=chart, applied_tags=[tag]
        )
        assert made.thread.id == made.message.id
        assert made.thread.parent == place
        assert made.thread.applied_tags == [tag]
        await made.message.edit(content="edited", attachments=[])
        await made.thread.send("a correction")
        first = await made.thread.fetch_message(made.thread.id)
        assert first.content == "edited"
        assert first.attachments == []
    stored = server.messages(made.thread.id)
    assert [one.content for one in stored] == ["edited", "a correction"]
    assert server.world.channels[made.thread.id].name == "A headline"


async def test_no_nonce_keeps_a_forum_from_a_second_post(server: LoopbackDiscord) -> None:
    forum = server.add_forum(server.add_guild())
    async with connected(server) as bot:
        ids = {
            (await forum_of(bot, forum).create_thread(name="same", content="same")).thread.id
            for _ in range(2)
        }
    assert len(ids) == 2


@pytest.mark.parametrize("kind", [15, MEDIA])
async def test_a_forum_takes_posts_alone(server: LoopbackDiscord, kind: int) -> None:
    forum = server.add_forum(server.add_guild(), kind=kind)
    async with connected(server) as bot:
        with pytest.raises(discord.HTTPException) as raised:
            await bot.get_partial_messageable(forum.id).send("hello")
        assert (raised.value.status, raised.value.code) == (400, 50008)
        assert forum_of(bot, forum).is_media() is (kind == MEDIA)
        await forum_of(bot, forum).create_thread(name="one", content="text")
    assert server.messages(forum.id) == []


async def test_a_forum_holds_to_its_tags(server: LoopbackDiscord) -> None:
    forum = server.add_forum(server.add_guild(), tags=("news",), requires_tag=True)
    staff = Tag(server.world.new_id(), "staff", moderated=True)
    server.put_channel(replace(forum, tags=(*forum.tags, staff)))
    async with connected(server) as bot:
        place = forum_of(bot, forum)
        assert place.flags.require_tag
        with pytest.raises(discord.HTTPException) as raised:
            await place.create_thread(name="one", content="text")
        assert (raised.value.status, raised.value.code) == (400, 40067)
        with pytest.raises(discord.Forbidden):
            await place.create_thread(
                name="one", content="text", applied_tags=[place.available_tags[1]]
            )
        unknown = discord.Object(5)
        with pytest.raises(discord.HTTPException):
            await place.create_thread(name="one", content="text", applied_tags=[unknown])
    assert server.world.places(forum.guild_id) == [server.world.channels[forum.id]]


async def test_a_forum_asks_for_permissions_and_for_a_name_that_fits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with LoopbackDiscord() as server:
        point_at(server, monkeypatch)
        guild = server.add_guild(bot=EVERYDAY & ~ATTACH)
        forum = server.add_forum(guild)
        muted = Overwrite(guild.ours[0], deny=SEND)
        shut = server.put_channel(replace(server.add_forum(guild), overwrites=(muted,)))
        async with connected(server) as bot:
            chart = discord.File(io.BytesIO(b"png"), "chart.png")
            for place, name, file, status in (
                (shut, "one", discord.utils.MISSING, 403),
                (forum, "one", chart, 403),
                (forum, "x" * 101, discord.utils.MISSING, 400),
                (forum, "", discord.utils.MISSING, 400),
            ):
                with pytest.raises(discord.HTTPException) as raised:
                    await forum_of(bot, place).create_thread(name=name, content="x", file=file)
                assert raised.value.status == status
            await forum_of(bot, forum).create_thread(name="x" * 100, content="text")
        assert [one for one in server.violations if " schema: " not in one] == [
            "thread: name: Must be 100 or fewer in length.",
            "thread: name: This field is required",
        ]


async def test_archived_threads_are_listed_from_the_last_archived_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1_780_000_000.0]
    async with LoopbackDiscord(clock=lambda: now[0]) as server:
        point_at(server, monkeypatch)
        forum = server.add_forum(server.add_guild())
        names = [f"post {number}" for number in range(5)]
        for each in [server.add_thread(forum, name) for name in names]:
            now[0] += 60
            server.change_thread(each, archived=True)
        active = server.add_thread(forum, "active")
        async with connected(server) as bot:
            place = forum_of(bot, forum)
            assert [one.id for one in await place.guild.active_threads()] == [active.id]
            archived = [one async for one in place.archived_threads(limit=None)]
            assert [one.name for one in archived] == names[::-1]
            first = [one async for one in place.archived_threads(limit=2)]
            assert [one.name for one in first] == ["post 4", "post 3"]
            listed = bot.http.get_public_archived_threads
            more = [(await listed(forum.id, limit=limit))["has_more"] for limit in (4, 5)]
            assert more == [True, False]
            before = first[-1].archive_timestamp
            rest = [one.name async for one in place.archived_threads(limit=9, before=before)]
            assert rest == ["post 2", "post 1", "post 0"]
            unread = Overwrite(place.guild.me.roles[1].id, deny=HISTORY)
            server.put_channel(replace(forum, overwrites=(unread,)))
            with pytest.raises(discord.Forbidden):
                await anext(place.archived_threads())


async def test_a_command_takes_threads_and_forums_as_options(server: LoopbackDiscord) -> None:
    guild = server.add_guild()
    general, forum = server.add_channel(guild), server.add_forum(guild)
    thread = server.add_thread(forum, "a thread")
    async with connected(server) as bot:
        await bot.tree.sync()
        for place, name in ((thread, "a thread"), (forum, "forum")):
            reply = await server.interact(Command("where", place=place), general)
            assert reply.content == f"{name} {place.kind}"
        within = await server.interact(Command("where", place=general), thread)
        assert within.seen.channel_id == thread.id
        with pytest.raises(LookupError):
            await server.interact(
                Command("where", place=server.add_channel(guild, kind=2)), general
            )
