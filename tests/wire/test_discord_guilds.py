"""Servers, roles and outages of the loopback Discord, under the real discord.py."""

from dataclasses import replace

import discord
import pytest

from tests.wire.discord_plain import PlainBot, connected, heard, point_at, text_channel
from tests.wire.discord_schema import EVERYDAY, MENTION_EVERYONE, SEND, VIEW, Channel, Guild, Role
from tests.wire.discord_server import LoopbackDiscord


def guild_of(bot: PlainBot, guild: Guild) -> discord.Guild:
    """Find a server in the bot's cache."""
    found = bot.get_guild(guild.id)
    assert found is not None
    return found


async def test_a_servers_system_channel_is_known_and_may_change(server: LoopbackDiscord) -> None:
    guild = server.add_guild()
    first, second = server.add_channel(guild, "first"), server.add_channel(guild, "second")
    server.change_guild(guild, system_channel_id=first.id)
    async with connected(server) as bot:
        assert guild_of(bot, guild).system_channel == text_channel(bot, first.id)
        await heard(
            bot, "guild_update", lambda: server.change_guild(guild, system_channel_id=second.id)
        )
        assert guild_of(bot, guild).system_channel == text_channel(bot, second.id)
        assert guild_of(bot, guild).me.guild_permissions.send_messages
        await heard(bot, "guild_update", lambda: server.change_guild(guild, system_channel_id=None))
        assert guild_of(bot, guild).system_channel is None


async def test_a_changed_role_changes_what_the_bot_may_do(server: LoopbackDiscord) -> None:
    guild = server.add_guild(bot=VIEW)
    place = server.add_channel(guild)
    async with connected(server) as bot:
        channel = text_channel(bot, place.id)
        with pytest.raises(discord.Forbidden):
            await channel.send("hello")
        allowed = replace(guild.roles[1], permissions=EVERYDAY)
        await heard(bot, "guild_role_update", lambda: server.put_role(guild, allowed))
        assert channel.permissions_for(channel.guild.me).send_messages
        await channel.send("hello")
    assert len(server.messages(place.id)) == 1


async def test_the_bots_own_roles_may_be_given_and_taken(server: LoopbackDiscord) -> None:
    guild = server.add_guild(bot=VIEW)
    place = server.add_channel(guild)
    async with connected(server) as bot:
        channel = text_channel(bot, place.id)
        made: list[Role] = []
        await heard(
            bot,
            "guild_role_create",
            lambda: made.append(server.add_role(guild, "writers", SEND)),
        )
        assert not channel.permissions_for(channel.guild.me).send_messages
        with pytest.raises(discord.Forbidden):
            await channel.send("hello")
        own = guild.roles[1]
        await heard(bot, "member_update", lambda: server.give_roles(guild, own, *made))
        assert channel.permissions_for(channel.guild.me).send_messages
        await channel.send("hello")
        await heard(bot, "guild_role_delete", lambda: server.remove_role(guild, made[0]))
        assert not channel.permissions_for(channel.guild.me).send_messages
        with pytest.raises(discord.Forbidden):
            await channel.send("hello")


async def test_an_outage_is_not_a_removal(server: LoopbackDiscord) -> None:
    guild = server.add_guild("kept")
    async with connected(server) as bot:
        await heard(bot, "guild_unavailable", lambda: server.lose_guild(guild))
        assert guild_of(bot, guild).unavailable
        await heard(bot, "guild_available", lambda: server.return_guild(guild))
        assert not guild_of(bot, guild).unavailable
        await heard(bot, "guild_remove", lambda: server.remove_guild(guild))
        assert bot.get_guild(guild.id) is None


async def test_a_ready_bot_knows_which_servers_are_gone_and_which_are_out(
    server: LoopbackDiscord,
) -> None:
    gone, out, there = (server.add_guild(name) for name in ("gone", "out", "there"))
    async with connected(server) as bot:
        assert {one.id for one in bot.guilds} == {gone.id, out.id, there.id}
    server.remove_guild(gone)
    server.lose_guild(out)
    async with connected(server) as bot:
        assert {one.id for one in bot.guilds} == {out.id, there.id}
        assert guild_of(bot, out).unavailable
        await heard(bot, "guild_available", lambda: server.return_guild(out))
        assert guild_of(bot, out).name == "out"


@pytest.mark.parametrize(
    ("mentionable", "permissions", "allowed", "pings"),
    [
        (True, EVERYDAY, True, True),
        (False, EVERYDAY, True, False),
        (False, EVERYDAY | MENTION_EVERYONE, True, True),
        (True, EVERYDAY, False, False),
    ],
)
async def test_a_role_is_pinged_where_it_may_be(
    server: LoopbackDiscord, mentionable: bool, permissions: int, allowed: bool, pings: bool
) -> None:
    guild = server.add_guild(bot=permissions)
    place = server.add_channel(guild)
    role = server.add_role(guild, "fans", mentionable=mentionable)
    only = discord.AllowedMentions(
        everyone=False, users=False, roles=[discord.Object(role.id)] if allowed else False
    )
    async with connected(server) as bot:
        sent = await text_channel(bot, place.id).send(f"<@&{role.id}> hi", allowed_mentions=only)
        assert [one.id for one in sent.role_mentions] == ([role.id] if pings else [])
    assert server.messages(place.id)[0].pinged == ((role.id,) if pings else ())


@pytest.mark.parametrize(
    ("text", "allowed", "breach"),
    [
        ("hello @everyone", discord.utils.MISSING, True),
        ("hello", discord.utils.MISSING, False),
        ("hello", discord.AllowedMentions(everyone=True), True),
        ("hello @here", discord.AllowedMentions.none(), False),
    ],
)
async def test_a_body_that_would_reach_everyone_is_noted(
    monkeypatch: pytest.MonkeyPatch, text: str, allowed: discord.AllowedMentions, breach: bool
) -> None:
    async with LoopbackDiscord() as server:
        point_at(server, monkeypatch)
        place = server.add_channel(server.add_guild())
        forum = server.add_forum(server.add_guild())
        async with connected(server) as bot:
            await text_channel(bot, place.id).send(text, allowed_mentions=allowed)
            posts = bot.get_channel(forum.id)
            assert isinstance(posts, discord.ForumChannel)
            await posts.create_thread(name="a post", content=text, allowed_mentions=allowed)
        noted = ["allowed_mentions: lets @everyone and @here through"]
        assert server.violations == (noted * 2 if breach else [])


async def test_what_people_write_is_seen_without_its_text(server: LoopbackDiscord) -> None:
    place: Channel = server.add_channel(server.add_guild())
    server.say(place, "something private")
    async with connected(server) as bot:
        channel = text_channel(bot, place.id)
        await channel.send("ours")
        told = [(one.author == bot.user, one.content) async for one in channel.history()]
        assert told == [(True, "ours"), (False, "")]
        theirs = [one async for one in channel.history()][1]
        with pytest.raises(discord.Forbidden) as raised:
            await theirs.edit(content="ours")
        assert raised.value.code == 50005
