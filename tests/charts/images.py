"""Sheets of pictures: every case of a chart in both languages, a sheet a theme.

`python -m tests.charts.images` (make baselines) draws the sheets anew; look at each one before it
is committed. Pictures stand in them at 400 pixels, as on a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from bot.charts import discover
from bot.charts._files import to_png
from bot.charts.theme import THEMES
from bot.packaged import read_languages
from bot.pictures import Picture, ThemeName
from tests.charts import cases

BASELINES = Path(__file__).parent / "baselines"
PHONE = 400
"""The width of a picture on a phone, in pixels."""
COLOURS = 64
BLOCK = 8
"""Pixels: a letter on a phone has about this size."""
VISIBLE = 14.0
"""The mean difference of a block, of 255, from which on a change is seen."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A picture on a sheet: whose it is, and where it lies (left, top, right, bottom)."""

    name: str
    image: Image.Image
    box: tuple[int, int, int, int]


def drawn(chart: str, theme: ThemeName) -> list[Cell]:
    """Return the cells of a sheet: a row a case, a column a language."""
    cells, top = [], 0
    by_language = [(code, cases.discover()[chart](say)) for code, say in read_languages().items()]
    for case in by_language[0][1]:
        row = [(code, _phone(made[case], theme)) for code, made in by_language]
        for column, (code, image) in enumerate(row):
            left = column * PHONE
            box = (left, top, left + PHONE, top + image.height)
            cells.append(Cell(f"{chart}, {case}, {theme}, {code}", image, box))
        top += max(image.height for _, image in row)
    return cells


def _phone(picture: Picture, theme: ThemeName) -> Image.Image:
    figure = discover()[picture.chart](picture, THEMES[theme])
    with Image.open(BytesIO(to_png(figure))) as full:
        height = round(full.height * PHONE / full.width)
        return full.convert("RGB").resize((PHONE, height), Image.Resampling.LANCZOS)


def sheet(cells: Sequence[Cell]) -> Image.Image:
    """Return the sheet that holds the cells."""
    size = (max(cell.box[2] for cell in cells), max(cell.box[3] for cell in cells))
    made = Image.new("RGB", size, "#808080")
    for cell in cells:
        made.paste(cell.image, cell.box[:2])
    quantize, dither = Image.Quantize.FASTOCTREE, Image.Dither.NONE
    return made.quantize(COLOURS, method=quantize, dither=dither)


@cache
def baseline(chart: str, theme: ThemeName) -> Image.Image:
    """Return the sheet that was looked at. Raises FileNotFoundError."""
    with Image.open(_path(chart, theme)) as image:
        return image.convert("RGB")


def _path(chart: str, theme: ThemeName) -> Path:
    return BASELINES / f"{chart}-{theme}.png"


def changed(now: Image.Image, before: Image.Image) -> bool:
    """Say whether a person would see the difference: some block differs, on average, by VISIBLE."""
    if now.size != before.size:
        return True
    pixels = [np.asarray(each.convert("RGB"), dtype=float) for each in (now, before)]
    differences = np.abs(pixels[0] - pixels[1]).mean(axis=2)
    height, width = (side - side % BLOCK for side in differences.shape)
    blocks = differences[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK)
    return bool(blocks.mean(axis=(1, 3)).max() >= VISIBLE)


def _draw_anew() -> None:
    BASELINES.mkdir(exist_ok=True)
    for chart in cases.discover():
        for theme in ThemeName:
            sheet(drawn(chart, theme)).save(_path(chart, theme), optimize=True)


if __name__ == "__main__":
    _draw_anew()
