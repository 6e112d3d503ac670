"""The check-up at Discord: token, gateway, and what we may do where alerts go."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import aiohttp
import discord
from discord.http import Route

from bot import doctor
from bot.app import open_store
from bot.client import point_at
from bot.doctor import Finding, doubtful, well, wrong
from bot.errors import StoreError
from bot.settings import Settings
from bot.subscription import DIRECT
from bot.text.say import english
from cogs._places import lacking, permission_names

MOST_CHANNELS = 200
"""Channels that are looked at; more would take longer than anybody waits."""

_HELLO = 10
_FEW_STARTS = 50
_UNREACHABLE = (discord.DiscordException, aiohttp.ClientError, OSError)
_NETWORK = "Look at network, proxy and firewall; discordstatus.com tells of Discord's own troubles."


@asynccontextmanager
async def _logged_in(settings: Settings) -> AsyncIterator[discord.Client]:
    """Yield a client that can ask, and never connects: a bot that runs notices nothing."""
    point_at(settings.discord_api_url, settings.discord_gateway_url)
    given = settings.discord_token
    client = discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30.0)
    try:
        await client.login(given.get_secret_value() if given else "")
        yield client
    finally:
        await client.close()


async def token(settings: Settings) -> Sequence[Finding]:
    """Look whether there is a token that Discord accepts."""
    if settings.discord_token is None:
        remedy = "Make an application at discord.com/developers, add a bot, set DISCORD_TOKEN."
        return [wrong("token", "DISCORD_TOKEN is not set", remedy)]
    try:
        async with _logged_in(settings) as client:
            return [well("token", f"accepted; the bot is {client.user}")]
    except discord.LoginFailure:
        remedy = "Reset the token at discord.com/developers, under Bot, and set the new one."
        return [wrong("token", "Discord does not accept DISCORD_TOKEN", remedy)]
    except _UNREACHABLE as error:
        return [wrong("token", f"Discord was not reached: {error}", _NETWORK)]


async def gateway(settings: Settings) -> Sequence[Finding]:
    """Connect to the gateway as far as its first word; no start of a session is spent."""
    if settings.discord_token is None:
        return []
    try:
        async with _logged_in(settings) as client:
            told = await client.http.request(Route("GET", "/gateway/bot"))
        starts = told["session_start_limit"]["remaining"]
        address = settings.discord_gateway_url or told["url"]
        latency = await _greeted(f"{address}/?v=10&encoding=json")
    except discord.LoginFailure:
        return []  # told already
    except (*_UNREACHABLE, ValueError, KeyError, TypeError) as error:
        return [wrong("gateway", f"not reached: {type(error).__name__}: {error}", _NETWORK)]
    seen = f"greeted in {latency * 1000:.0f} ms; {starts} starts of a session left today"
    if starts < _FEW_STARTS:
        return [doubtful("gateway", seen, "The bot starts again and again: look into its log.")]
    return [well("gateway", seen)]


async def _greeted(address: str) -> float:
    """Return after how many seconds the gateway greets. Raises ValueError if it does not."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        said = await socket.receive(timeout=10)
        if said.type is not aiohttp.WSMsgType.TEXT or json.loads(said.data)["op"] != _HELLO:
            raise ValueError("it said something else than hello")
    return loop.time() - began


def _stored(settings: Settings) -> bool:
    return settings.database_url is not None or settings.data_dir.is_dir()


async def channels(settings: Settings) -> Sequence[Finding]:
    """Look what we may do in the channels that get alerts."""
    if settings.discord_token is None or not _stored(settings):
        return []
    try:
        async with open_store(settings, writable=False) as store:
            known = [one for one in await store.channels() if one.guild_id != DIRECT]
        async with _logged_in(settings) as client:
            looked_at = known[:MOST_CHANNELS]
            by_guild: dict[int, list[int]] = defaultdict(list)
            for one in looked_at:
                by_guild[one.guild_id].append(one.channel_id)
            found: dict[int, str] = {}
            for guild, ids in by_guild.items():
                found |= await _lacking(client, guild, ids)
    except (discord.LoginFailure, StoreError):
        return []  # told already
    except _UNREACHABLE as error:
        return [doubtful("channels", f"not looked at: {error}", _NETWORK)]
    return doctor.places(found.items(), len(looked_at), len(known) - len(looked_at))


async def _lacking(client: discord.Client, guild_id: int, ids: Sequence[int]) -> Mapping[int, str]:
    """Return by channel what hinders us there."""
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
        ours = await guild.fetch_member(client.user.id if client.user else 0)
    except (discord.NotFound, discord.Forbidden):
        return dict.fromkeys(ids, "the bot is not in its server any more")
    found: dict[int, str] = {}
    for channel_id in ids:
        try:
            place = await guild.fetch_channel(channel_id)
        except discord.NotFound:
            found[channel_id] = "the channel is gone"
        except discord.Forbidden:
            found[channel_id] = "the bot lacks View Channel"
        else:
            if missing := _missing(place, ours):
                found[channel_id] = f"the bot lacks {missing}"
    return found


def _missing(place: discord.abc.GuildChannel | discord.Thread, ours: discord.Member) -> str:
    channel = place.parent if isinstance(place, discord.Thread) else place
    if channel is None:
        return ""  # a thread whose channel was not told: nobody knows
    flags = lacking(place, channel.permissions_for(ours))
    return ", ".join(permission_names(place, flags, english()))
