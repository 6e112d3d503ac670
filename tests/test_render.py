"""The drawing worker: what it gives, and how it comes back from trouble."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from bot import render
from bot.drawn import Drawing, drawn
from bot.errors import RenderFailed
from bot.model import Openness
from bot.pictures import Bump, Line
from bot.render import Renderer
from tests.waiting import until

PICTURE = Bump(
    title="A title",
    subtitle="",
    dates=(date(2026, 6, 1), date(2026, 6, 2)),
    days=("1 Jun", "2 Jun"),
    lines=(Line("One", Openness.OPEN, (1, 2)), Line("Two", Openness.CLOSED, (2, 1))),
    highlight=frozenset(),
    depth=10,
    words=dict.fromkeys(Openness, "word"),
    empty="",
    citation="Source: x",
)


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    """Return a renderer that is closed at the end."""
    with closing(Renderer()) as found:
        yield found


async def test_a_picture_is_drawn_in_another_process_that_starts_with_the_first(
    renderer: Renderer,
) -> None:
    assert multiprocessing.active_children() == []
    assert (await renderer.png("bump", PICTURE)).startswith(b"\x89PNG")
    assert len(multiprocessing.active_children()) == 1


async def test_the_same_data_gives_the_same_bytes(renderer: Renderer) -> None:
    assert await renderer.png("bump", PICTURE) == await renderer.png("bump", PICTURE)


async def test_data_that_cannot_be_drawn_fails_alone(renderer: Renderer) -> None:
    with pytest.raises(RenderFailed, match="nonsense"):
        await renderer.png("nonsense", PICTURE)
    assert await renderer.png("bump", PICTURE)


async def test_a_worker_that_dies_is_replaced(renderer: Renderer) -> None:
    await renderer.png("bump", PICTURE)
    (worker,) = multiprocessing.active_children()
    worker.kill()
    await until(lambda: not worker.is_alive())
    pictures = []
    for _ in range(2):  # the first may still be handed to the dead worker
        try:
            pictures.append(await renderer.png("bump", PICTURE))
        except RenderFailed:
            continue
    assert pictures


async def test_a_picture_that_takes_too_long_is_given_up(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "TIME_LIMIT", 0.01)
    with pytest.raises(RenderFailed, match="not drawn in"):
        await renderer.png("bump", PICTURE)


async def test_a_worker_that_takes_no_picture_any_more_is_given_up(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await renderer.png("bump", PICTURE)
    monkeypatch.setattr(render, "TIME_LIMIT", 3.0)
    monkeypatch.setattr(render, "GRACE", 0.0)
    monkeypatch.setattr(renderer, "_drew_last", 0.0)
    await until(lambda: len(multiprocessing.active_children()) == 1)
    (worker,) = multiprocessing.active_children()
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGSTOP)
    waiting = [renderer.png("bump", replace(PICTURE, title=title)) for title in "abc"]
    failed = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in failed] == [RenderFailed] * 3
    monkeypatch.undo()
    assert await renderer.png("bump", replace(PICTURE, title="d"))


async def test_a_picture_is_drawn_by_another_worker_where_the_first_is_killed(
    renderer: Renderer,
) -> None:
    await renderer.png("bump", PICTURE)
    await until(lambda: len(multiprocessing.active_children()) == 1)
    (worker,) = multiprocessing.active_children()
    drawing = asyncio.create_task(renderer.png("bump", replace(PICTURE, title="again")))
    await asyncio.sleep(0)
    worker.kill()
    assert (await drawing).startswith(b"\x89PNG")


async def test_the_same_picture_is_drawn_once_for_all_who_ask(renderer: Renderer) -> None:
    first, second = await asyncio.gather(*(renderer.png("bump", PICTURE) for _ in range(2)))
    assert first is second
    assert await renderer.png("bump", PICTURE) is first


async def test_only_some_pictures_are_kept(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "KEPT", 2)
    first = await renderer.png("bump", PICTURE)
    for title in "ab":
        await renderer.png("bump", replace(PICTURE, title=title))
    assert len(renderer._drawn) == 2
    assert await renderer.png("bump", PICTURE) is not first


async def test_who_cannot_wait_goes_without_a_picture_that_is_there_for_the_next(
    renderer: Renderer,
) -> None:
    drawing = Drawing("bump", PICTURE, "a.png", "alt")
    assert await drawn(renderer, drawing, within=0.0) is None
    found = await drawn(renderer, drawing)
    assert found is not None
    assert await drawn(renderer, drawing, within=1.0) == found


async def test_a_closed_renderer_says_that_it_failed(renderer: Renderer) -> None:
    renderer.close()
    with pytest.raises(RenderFailed):
        await renderer.png("bump", PICTURE)
