"""A chart, or the log line that there is none: text never waits for a picture that fails."""

from dataclasses import dataclass

import structlog

from bot.errors import RenderFailed
from bot.message import Image
from bot.render import Renderer


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture to be drawn: which chart, from what, its file's name and its content in words."""

    chart: str
    data: object
    name: str
    alt: str


async def drawn(renderer: Renderer, drawing: Drawing) -> Image | None:
    """Return the picture, or None (and a log line) where it cannot be drawn."""
    try:
        content = await renderer.png(drawing.chart, drawing.data)
    except RenderFailed as error:
        structlog.get_logger().warning("message without its picture", problem=str(error))
        return None
    return Image(drawing.name, content, drawing.alt)
