"""Files of the site are made once for all who ask, and kept for a while."""

import asyncio
import gc
from dataclasses import dataclass, field

import pytest

from bot.errors import PagesBusy, StoreError
from bot.web import kept
from bot.web.kept import FRESH, MOST_MADE, Keeper
from bot.web.site import File


@dataclass
class Workshop:
    """Makes files as it is told, and counts what it was asked for."""

    open: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    now: float = 0.0
    size: int = 1
    failing: bool = False

    async def make(self, path: str) -> File | None:
        """Make a file once the workshop is open."""
        self.asked.append(path)
        await self.open.wait()
        if self.failing:
            raise StoreError("the disk is gone")
        return None if path == "nothing" else File(path.encode() * self.size, "text/plain")

    def clock(self) -> float:
        """Return the seconds that have passed."""
        return self.now


async def test_many_who_ask_at_once_share_one_making() -> None:
    shop = Workshop()
    keeper = Keeper(shop.make, shop.clock)
    asking = [asyncio.create_task(keeper.get("a")) for _ in range(50)]
    await asyncio.sleep(0)
    shop.open.set()
    found = await asyncio.gather(*asking)
    assert shop.asked == ["a"]
    assert {one.file.content for one in found if one} == {b"a"}


async def test_a_file_is_made_again_once_it_is_not_fresh_any_more() -> None:
    shop = Workshop()
    shop.open.set()
    keeper = Keeper(shop.make, shop.clock)
    first = await keeper.get("a")
    shop.now = FRESH - 0.1
    assert await keeper.get("a") is first
    shop.now = FRESH
    again = await keeper.get("a")
    assert shop.asked == ["a", "a"]
    assert first
    assert again
    assert again.etag == first.etag


async def test_what_is_not_there_is_not_kept() -> None:
    shop = Workshop()
    shop.open.set()
    keeper = Keeper(shop.make, shop.clock)
    assert await keeper.get("nothing") is None
    assert await keeper.get("nothing") is None
    assert len(shop.asked) == 2


async def test_what_failed_is_tried_anew() -> None:
    shop = Workshop(failing=True)
    shop.open.set()
    keeper = Keeper(shop.make, shop.clock)
    with pytest.raises(StoreError):
        await keeper.get("a")
    shop.failing = False
    assert await keeper.get("a") is not None


async def test_who_comes_when_too_many_are_being_made_is_sent_away() -> None:
    shop = Workshop()
    keeper = Keeper(shop.make, shop.clock)
    asking = [asyncio.create_task(keeper.get(str(number))) for number in range(MOST_MADE)]
    await asyncio.sleep(0)
    with pytest.raises(PagesBusy):
        await keeper.get("one more")
    shop.open.set()
    await asyncio.gather(*asking)
    assert await keeper.get("one more") is not None


async def test_somebody_who_leaves_spoils_nothing_for_the_others() -> None:
    shop = Workshop()
    keeper = Keeper(shop.make, shop.clock)
    leaving, staying = (asyncio.create_task(keeper.get("a")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    shop.open.set()
    assert await staying is not None
    assert shop.asked == ["a"]


async def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_BYTES", 100)
    shop = Workshop(size=30)
    shop.open.set()
    keeper = Keeper(shop.make, shop.clock)
    for path in "abcd":
        await keeper.get(path)
    for path in "bcd":
        await keeper.get(path)
    assert shop.asked == list("abcd")
    await keeper.get("a")
    assert shop.asked == list("abcda")


async def test_what_fails_after_all_have_left_troubles_nobody() -> None:
    shop, heard = Workshop(failing=True), []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: heard.append(told))
    keeper = Keeper(shop.make, shop.clock)
    leaving = asyncio.create_task(keeper.get("a"))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    shop.open.set()
    for _ in range(3):
        await asyncio.sleep(0)
    gc.collect()
    assert heard == []
