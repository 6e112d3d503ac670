"""The picture of an alert: what changed is in strong colour, everything else steps back."""

from matplotlib.figure import Figure

from bot.charts._places import draw_places
from bot.charts._ways import draw_ways
from bot.charts.theme import Theme
from bot.pictures.milestone import Places, Ways


def draw(data: Places | Ways, theme: Theme) -> Figure:
    """Return the chart, or the page with `empty` on it where there is nothing to draw."""
    return draw_places(data, theme) if isinstance(data, Places) else draw_ways(data, theme)
