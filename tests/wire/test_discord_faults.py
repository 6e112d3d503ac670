"""Injected faults and limits of rate of the loopback Discord."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.discord_limits import Fault, Sliding
from tests.wire.discord_plain import connected, point_at, served, text_channel
from tests.wire.discord_schema import ANNOUNCEMENT, CROSSPOSTED, Channel, Settings
from tests.wire.discord_server import LoopbackDiscord

POSTS = "POST .*/messages$"


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of a running Discord, and the bot's view of it."""

    server: LoopbackDiscord
    stored: Channel
    seen: discord.TextChannel

    @property
    def texts(self) -> list[str]:
        """What stands there."""
        return [one.content for one in self.server.messages(self.stored.id)]


@pytest.fixture
async def place(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    """Give an announcement channel and a bot that is ready."""
    async with served(monkeypatch) as server:
        channel = server.add_channel(server.add_guild(), kind=ANNOUNCEMENT)
        async with connected(server) as bot:
            bot.http.max_ratelimit_timeout = 30.0
            yield Place(server, channel, text_channel(bot, channel.id))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: Any


async def asked(
    server: LoopbackDiscord, path: str, method: str = "GET", body: Any = None
) -> Answer:
    """Ask the API without any library's help."""
    told = {"Authorization": f"Bot {server.settings.token}"}
    async with (
        aiohttp.ClientSession(headers=told) as session,
        session.request(method, server.api_url + path, json=body) as response,
    ):
        text = await response.text()
        shown = json.loads(text) if response.content_type == "application/json" else text
        return Answer(response.status, dict(response.headers), shown)


@pytest.mark.parametrize("scope", ["user", "global", "shared"])
async def test_an_injected_429_tells_its_scope(place: Place, scope: Any) -> None:
    place.server.fail_next("/users/@me", Fault.limited(1.5, scope))
    told = await asked(place.server, "/users/@me")
    assert (told.status, told.body["retry_after"]) == (429, 1.5)
    assert told.body["global"] is (scope == "global")
    assert ("X-RateLimit-Global" in told.headers) is (scope == "global")
    assert (told.headers["X-RateLimit-Scope"], "Via" in told.headers) == (scope, True)


async def test_a_429_without_via_is_raised_at_once(place: Place) -> None:
    place.server.fail_next(POSTS, Fault.limited(60.0, via=False))
    with pytest.raises(discord.HTTPException) as raised:
        await place.seen.send("hello")
    assert (raised.value.status, place.texts) == (429, [])


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, 50035, discord.HTTPException),
        (401, 0, discord.HTTPException),
        (403, 50001, discord.Forbidden),
        (404, 10003, discord.NotFound),
        (503, 0, discord.DiscordServerError),
    ],
)
async def test_an_injected_refusal_carries_its_code(
    place: Place, status: int, code: int, error: type[discord.HTTPException]
) -> None:
    place.server.fail_next(POSTS, Fault.answer(status, code=code))
    with pytest.raises(error) as raised:
        await place.seen.send("hello")
    assert (raised.value.status, raised.value.code, place.texts) == (status, code, [])


@pytest.mark.parametrize("status", [400, 403, 404, 429, 503])
async def test_cloudflare_refuses_with_a_page_and_no_code(place: Place, status: int) -> None:
    place.server.fail_next(POSTS, Fault.cloudflare(status))
    with pytest.raises(discord.HTTPException) as raised:
        await place.seen.send("hello")
    assert (raised.value.status, raised.value.code, place.texts) == (status, 0, [])
    assert raised.value.text.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("accepted", [False, True])
async def test_a_server_error_may_come_before_or_after_acceptance(
    place: Place, status: int, accepted: bool
) -> None:
    place.server.fail_next(POSTS, Fault.answer(status, accepted=accepted))
    body = {"content": "once", "nonce": "n", "enforce_nonce": True}
    path = f"/channels/{place.stored.id}/messages"
    assert (await asked(place.server, path, "POST", body)).status == status
    assert place.texts == (["once"] if accepted else [])
    assert (await asked(place.server, path, "POST", body)).status == 200
    assert place.texts == ["once"]


@pytest.mark.parametrize(
    ("says_so", "error"), [(True, aiohttp.ClientPayloadError), (False, json.JSONDecodeError)]
)
async def test_half_an_answer_to_a_message_that_stands(
    place: Place, says_so: bool, error: type[Exception]
) -> None:
    place.server.fail_next(POSTS, Fault.truncated(says_so=says_so))
    with pytest.raises(error):
        await place.seen.send("once", nonce="same")
    await place.seen.send("once", nonce="same")
    assert place.texts == ["once"]


async def test_faults_strike_as_often_as_was_said(place: Place) -> None:
    place.server.fail_next("GET /users/@me$", Fault.answer(503), times=2)
    place.server.fail_next("GET /users/@me$", Fault.answer(404))
    told = [(await asked(place.server, "/users/@me")).status for _ in range(4)]
    assert told == [503, 503, 404, 200]


async def test_nonces_may_be_forgotten_at_any_time(place: Place) -> None:
    await place.seen.send("a", nonce="same")
    await place.seen.send("a", nonce="same")
    assert place.texts == ["a"]
    place.server.forget_nonces()
    await place.seen.send("a", nonce="same")
    place.server.world.nonce_span = 0.0
    await place.seen.send("a", nonce="same")
    assert place.texts == ["a"] * 3


async def test_publishing_has_a_limit_that_nobody_is_told_of_beforehand(place: Place) -> None:
    sent = [await place.seen.send(str(number)) for number in range(11)]
    for each in sent[:10]:
        await each.publish()
    with pytest.raises(discord.RateLimited) as limited:
        await sent[10].publish()
    assert 3500 < limited.value.retry_after <= 3600
    with pytest.raises(discord.HTTPException) as raised:
        await sent[0].publish()
    assert raised.value.code == 40033
    flags = [one.flags & CROSSPOSTED for one in place.server.messages(place.stored.id)]
    assert flags == [CROSSPOSTED] * 10 + [0]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/channels/{}/messages", {"content": "more"}),
        ("PATCH", "/channels/{}/messages/{}", {"content": "edited"}),
        ("GET", "/channels/{}/messages", None),
        ("GET", "/channels/{}/messages/{}", None),
    ],
)
async def test_every_route_tells_what_is_left_of_its_own_limit(
    monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: Any
) -> None:
    tight = (2, 60.0)
    settings = Settings(channel_limit=tight, edit_limit=tight, read_limit=tight)
    async with served(monkeypatch, settings) as server:
        guild = server.add_guild()
        first, second = server.add_channel(guild), server.add_channel(guild)
        ids = [server.world.post(each.id, {"content": "a"}, {}).id for each in (first, second)]
        told = [await asked(server, path.format(first.id, ids[0]), method, body) for _ in range(3)]
        assert [one.status for one in told] == [200, 200, 429]
        assert [one.headers["X-RateLimit-Remaining"] for one in told] == ["1", "0", "0"]
        assert {one.headers["X-RateLimit-Limit"] for one in told} == {"2"}
        assert 59 < float(told[2].headers["X-RateLimit-Reset-After"]) <= 60
        assert told[2].headers["X-RateLimit-Scope"] == "user"
        elsewhere = await asked(server, path.format(second.id, ids[1]), method, body)
        assert elsewhere.headers["X-RateLimit-Bucket"] == told[0].headers["X-RateLimit-Bucket"]
        assert (elsewhere.status, elsewhere.headers["X-RateLimit-Remaining"]) == (200, "1")


async def test_the_global_limit_counts_all_but_answers_to_people(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with served(monkeypatch, Settings(global_limit=(3, 60.0))) as server:
        told = [await asked(server, "/users/@me") for _ in range(4)]
        assert [one.status for one in told] == [200, 200, 200, 429]
        assert told[3].body["global"] is True
        hook = await asked(server, "/webhooks/1/token", "POST", {"content": "a"})
        assert (hook.status, hook.body["code"]) == (401, 50027)


async def test_too_many_invalid_requests_are_answered_by_cloudflare(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with served(monkeypatch, Settings(invalid_limit=(3, 60.0))) as server:
        server.fail_next("/users/@me", Fault.limited(0.0, "shared"), times=5)
        told = [await asked(server, "/users/@me") for _ in range(6)]
        assert [one.status for one in told] == [429] * 5 + [200]
        server.fail_next("/users/@me", Fault.answer(403), times=3)
        told = [await asked(server, "/users/@me") for _ in range(4)]
        assert [one.status for one in told] == [403] * 3 + [429]
        assert ("Via" in told[-1].headers, type(told[-1].body)) == (False, str)


@given(
    st.integers(1, 5),
    st.lists(st.floats(0, 3, allow_nan=False).map(lambda gap: round(gap, 2)), max_size=60),
)
def test_no_span_ever_holds_more_than_the_limit(limit: int, gaps: list[float]) -> None:
    now, window = 0.0, Sliding(limit, 1.0)
    passed: list[float] = []
    for gap in gaps:
        now += gap
        if not window.take(now):
            now += window.wait(now)
            assert window.take(now)
        passed.append(now)
    for each in passed:
        assert len([one for one in passed if each <= one < each + 1 - 1e-9]) <= limit


async def test_a_fixed_latency_delays_the_answer_and_not_the_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with LoopbackDiscord(Settings(latency=3600.0)) as server:
        point_at(server, monkeypatch)
        place = server.add_channel(server.add_guild())
        path = f"/channels/{place.id}/messages"
        asking = asyncio.create_task(asked(server, path, "POST", {"content": "a"}))
        await server.until(lambda: server.messages(place.id))
        assert not asking.done()
        asking.cancel()
