"""The drawing worker: what it gives, and how it comes back from trouble."""

import multiprocessing
from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from bot import render
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


async def test_a_closed_renderer_says_that_it_failed(renderer: Renderer) -> None:
    renderer.close()
    with pytest.raises(RenderFailed):
        await renderer.png("bump", PICTURE)
