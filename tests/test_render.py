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
from bot.pictures import Format, ThemeName
from bot.pictures.bump import Bump, Line
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
    assert (await renderer.draw(PICTURE)).startswith(b"\x89PNG")
    assert len(multiprocessing.active_children()) == render.PROCESSES


async def test_the_same_data_gives_the_same_bytes(renderer: Renderer) -> None:
    assert await renderer.draw(PICTURE) == await renderer.draw(PICTURE)


async def test_data_that_cannot_be_drawn_fails_alone(renderer: Renderer) -> None:
    with pytest.raises(RenderFailed, match="bump: "):
        await renderer.draw(replace(PICTURE, words={}))
    assert await renderer.draw(PICTURE)


async def test_a_worker_that_dies_is_replaced(renderer: Renderer) -> None:
    await renderer.draw(PICTURE)
    workers = multiprocessing.active_children()
    for worker in workers:
        worker.kill()
    await until(lambda: not any(worker.is_alive() for worker in workers))
    pictures = []
    for _ in range(2):  # the first may still be handed to the dead worker
        try:
            pictures.append(await renderer.draw(PICTURE))
        except RenderFailed:
            continue
    assert pictures


async def test_a_picture_that_takes_too_long_is_given_up(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "TIME_LIMIT", 0.01)
    with pytest.raises(RenderFailed, match="not drawn in"):
        await renderer.draw(PICTURE)


async def test_a_worker_that_takes_no_picture_any_more_is_given_up(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await renderer.draw(PICTURE)
    monkeypatch.setattr(render, "TIME_LIMIT", 3.0)
    monkeypatch.setattr(render, "GRACE", 0.0)
    monkeypatch.setattr(renderer, "_drew_last", 0.0)
    await until(lambda: len(multiprocessing.active_children()) == render.PROCESSES)
    for worker in multiprocessing.active_children():
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGSTOP)
    waiting = [renderer.draw(replace(PICTURE, title=title)) for title in "abc"]
    failed = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in failed] == [RenderFailed] * 3
    monkeypatch.undo()
    assert await renderer.draw(replace(PICTURE, title="d"))


async def test_a_picture_is_drawn_by_another_worker_where_the_first_is_killed(
    renderer: Renderer,
) -> None:
    await renderer.draw(PICTURE)
    await until(lambda: len(multiprocessing.active_children()) == render.PROCESSES)
    drawing = asyncio.create_task(renderer.draw(replace(PICTURE, title="again")))
    await asyncio.sleep(0)
    for worker in multiprocessing.active_children():
        worker.kill()
    assert (await drawing).startswith(b"\x89PNG")


async def test_the_same_picture_is_drawn_once_for_all_who_ask(renderer: Renderer) -> None:
    first, second = await asyncio.gather(*(renderer.draw(PICTURE) for _ in range(2)))
    assert first is second
    assert await renderer.draw(PICTURE) is first


async def test_a_theme_a_file_format_and_a_language_each_have_their_own_file(
    renderer: Renderer,
) -> None:
    dark = await renderer.draw(PICTURE)
    light = await renderer.draw(PICTURE, ThemeName.LIGHT)
    svg = await renderer.draw(PICTURE, form=Format.SVG)
    turkish = await renderer.draw(replace(PICTURE, language="tr", title="Bir başlık"))
    assert len({dark, light, svg, turkish}) == 4
    assert svg.startswith(b"<?xml")
    assert svg == await renderer.draw(replace(PICTURE), form=Format.SVG)


async def test_who_comes_when_too_many_wait_goes_without(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "WAITING", 2)
    asked = [renderer.draw(replace(PICTURE, title=title)) for title in "abc"]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(each, bytes) for each in found] == [True, True, False]
    assert "2 pictures wait already" in str(found[2])
    assert await renderer.draw(replace(PICTURE, title="c"))


async def test_only_some_pictures_are_kept(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "KEPT", 2)
    first = await renderer.draw(PICTURE)
    for title in "ab":
        await renderer.draw(replace(PICTURE, title=title))
    assert len(renderer._drawn) == 2
    assert await renderer.draw(PICTURE) is not first


async def test_who_cannot_wait_goes_without_a_picture_that_is_there_for_the_next(
    renderer: Renderer,
) -> None:
    drawing = Drawing(PICTURE, "a.png", "alt")
    assert await drawn(renderer, drawing, within=0.0) is None
    found = await drawn(renderer, drawing)
    assert found is not None
    assert await drawn(renderer, drawing, within=1.0) == found


async def test_a_closed_renderer_says_that_it_failed(renderer: Renderer) -> None:
    renderer.close()
    with pytest.raises(RenderFailed):
        await renderer.draw(PICTURE)
