"""A picture looked at the way a reader would: what is written on it, and where."""

from io import BytesIO
from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

LONG = "Extremely Long-Winded Preview Experimental Thinking Model 2026-07-15 Extended for good"
ODD = (
    "混元 🚀 Turbo\nnew line",
    "نموذج مفتوح \u202egnisrever\u202c",
    r"$\frac{$ a$_2$ **bold**",
    "M" * 100,
    LONG,
)
"""Names as a source may send them: signs Lato lacks, right to left, markup, endless, long."""


def texts(figure: Figure) -> list[Text]:
    """Return what is written on the figure, blank texts aside."""
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def words(figure: Figure) -> list[str]:
    """Return what is written on the figure, as strings."""
    return [text.get_text() for text in texts(figure)]


def place(figure: Figure, word: str) -> tuple[float, float]:
    """Return where a text that is written once is anchored, in CSS pixels."""
    (text,) = (text for text in texts(figure) if text.get_text() == word)
    return text.get_position()


def unreadable(figure: Figure) -> list[tuple[str, ...]]:
    """Return the texts that overlap each other, and those that leave the figure."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    page = figure.bbox.padded(-10)
    corners = ((text, at) for text, box in boxes for at in ((box.x0, box.y0), (box.x1, box.y1)))
    left = [(text,) for text, at in corners if not page.contains(*at)]
    met = [(a, b) for (a, one), (b, two) in combinations(boxes, 2) if one.overlaps(two)]
    return [*left, *met]


def width_of(png: bytes) -> int:
    """Return how many pixels wide a PNG is, once it is seen to be one."""
    with Image.open(BytesIO(png)) as image:
        assert image.format == "PNG"
        return image.width
