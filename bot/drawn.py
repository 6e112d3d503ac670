"""A chart, or the log line that there is none: text never waits for a picture that fails."""

import asyncio
from dataclasses import dataclass

import structlog

from bot.errors import RenderFailed
from bot.message import Image
from bot.pictures import Picture
from bot.render import Renderer


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture to be drawn, its file's name and its content in words."""

    picture: Picture
    name: str
    alt: str


async def drawn(renderer: Renderer, drawing: Drawing, within: float | None = None) -> Image | None:
    """Return the picture, or None (and a log line) where it cannot be drawn.

    `within` are seconds; a picture that takes longer is there for the next who asks.
    """
    try:
        async with asyncio.timeout(within):
            content = await renderer.draw(drawing.picture)
    except (RenderFailed, TimeoutError) as error:
        structlog.get_logger().warning(
            "message without its picture", problem=str(error) or "not in time"
        )
        return None
    return Image(drawing.name, content, drawing.alt)
