"""Nobody asks too often, and nobody holds a place for ever."""

import asyncio
import socket

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from bot.web import doors
from bot.web.doors import OFTEN, Doors, client_address


def asked_by(peer: str, *forwarded: str, proxies: int = 0) -> str:
    """Return who is taken to ask, by the address of the connection and what proxies say."""
    headers = [("X-Forwarded-For", each) for each in forwarded]
    request = make_mocked_request("GET", "/", headers=dict(headers))
    return client_address(request.clone(remote=peer), proxies)


async def test_one_address_is_let_in_so_often_and_others_all_the_same() -> None:
    found = Doors()
    allowed = [await found.open_to("192.0.2.1") for _ in range(int(OFTEN[0]) + 5)]
    assert allowed == [True] * int(OFTEN[0]) + [False] * 5
    assert await found.open_to("192.0.2.2")


async def test_no_more_addresses_are_remembered_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doors, "REMEMBERED", 3)
    found = Doors()
    for _ in range(int(OFTEN[0])):
        await found.open_to("192.0.2.1")
    assert not await found.open_to("192.0.2.1")
    for number in range(2, 5):
        await found.open_to(f"192.0.2.{number}")
    assert await found.open_to("192.0.2.1")
    assert len(found._limiters) == 3


def test_nobody_is_believed_who_they_say_they_are_unless_proxies_stand_before_us() -> None:
    assert asked_by("192.0.2.1", "198.51.100.7") == "192.0.2.1"
    assert asked_by("192.0.2.1", "forged, 198.51.100.7", proxies=1) == "198.51.100.7"
    assert asked_by("192.0.2.1", "forged, 198.51.100.7, 10.0.0.1", proxies=2) == "198.51.100.7"
    assert asked_by("192.0.2.1", "198.51.100.7", proxies=2) == "192.0.2.1"
    assert asked_by("192.0.2.1", proxies=1) == "192.0.2.1"


def test_a_network_of_version_6_counts_as_one() -> None:
    assert asked_by("2001:db8::1") == asked_by("2001:db8::2")
    assert asked_by("2001:db8::1") != asked_by("2001:db8:0:1::1")
    assert asked_by("::ffff:192.0.2.1") != asked_by("::ffff:192.0.2.2")


@given(st.text(alphabet=st.characters(codec="latin-1", exclude_characters="\r\n\0")))
def test_whatever_a_proxy_says_somebody_asks(said: str) -> None:
    assert isinstance(asked_by("192.0.2.1", said, proxies=1), str)


async def test_who_sends_no_request_is_shown_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "LONGEST_CONNECTION", 0.05)
    monkeypatch.setattr(doors, "SWEPT", 0.01)
    runner = web.AppRunner(web.Application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sweeping = asyncio.create_task(doors.sweep(runner))
    try:
        reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
        writer.write(b"GET / HT")
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
    finally:
        sweeping.cancel()
        await runner.cleanup()


async def test_of_too_many_connections_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "MOST_CONNECTIONS", 2)
    monkeypatch.setattr(doors, "SWEPT", 0.01)
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sweeping = asyncio.create_task(doors.sweep(runner))
    sockets = []
    try:
        for _ in range(3):
            sockets.append(socket.create_connection(runner.addresses[0][:2]))
            await asyncio.sleep(0.05)
        reader, writer = await asyncio.open_connection(sock=sockets[0])
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        assert len(runner.server.connections if runner.server else []) == 2
    finally:
        sweeping.cancel()
        for each in sockets:
            each.close()
        await runner.cleanup()
