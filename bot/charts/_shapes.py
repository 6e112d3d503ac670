"""The shape of an openness as something filled, and what each shape means."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.markers import MarkerStyle
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from bot.charts._page import MARGIN, WIDTH, Point, write
from bot.charts._type import AXIS, measure, shorten
from bot.charts.theme import ESTIMATE, HATCH_WIDTH, Look, Theme, blend

KEY = 15.0
TEXTURED = 36.0
"""How wide a legend's shape is, and its texture."""
KEY_GAP = 9.0


@dataclass(frozen=True, slots=True)
class Key:
    """A shape of the legend in the colour that it has in the picture, and its word.

    Where it is `textured`, the texture of its look stands for it instead of the shape.
    """

    look: Look
    colour: str
    word: str
    textured: bool = False


def shapes(places: Sequence[Point], look: Look, colour: str, size: float) -> PathPatch:
    """Return a look's marker, filled, at each of the places; `size` is how wide a circle is."""
    marker = MarkerStyle(look.marker)
    path = marker.get_path().transformed(
        marker.get_transform() + Affine2D().scale(size * look.scale)
    )
    every = [path.transformed(Affine2D().translate(*at)) for at in places]
    whole = Path.make_compound_path(*every)
    return PathPatch(whole, facecolor=colour, linewidth=0, zorder=3)


def hatch(patch: PathPatch, colour: str, theme: Theme) -> None:
    """Let shapes look like the estimates that they are."""
    patch.set(facecolor=blend(colour, theme.paper, 0.55), edgecolor=colour, hatch=ESTIMATE)
    patch.set(hatch_linewidth=HATCH_WIDTH)


def shapes_legend(surface: Axes, theme: Theme, y: float, keys: Sequence[Key]) -> None:
    """Say on one line, centred on `y`, what each shape means."""
    x = float(MARGIN)
    for key in keys:
        width = TEXTURED if key.textured else KEY
        surface.add_patch(_swatch(x, y, key) if key.textured else _shape(x, y, key))
        said = shorten(key.word, AXIS, WIDTH / len(keys) - width - 50)
        write(surface, (x + width + KEY_GAP, y), said, AXIS, theme.ink)
        x += width + KEY_GAP + measure(said, AXIS) + 32


def _shape(x: float, y: float, key: Key) -> PathPatch:
    return shapes([(x + KEY / 2, y)], key.look, key.colour, KEY)


def _swatch(x: float, y: float, key: Key) -> Rectangle:
    patch = Rectangle((x, y - 8), TEXTURED, 16, facecolor="none", linewidth=0)
    patch.set(edgecolor=key.colour, hatch=key.look.hatch, hatch_linewidth=HATCH_WIDTH)
    return patch
