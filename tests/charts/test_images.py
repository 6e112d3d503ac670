"""Every chart looks as it did when somebody looked: in both themes, both languages, all cases."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from bot import charts
from bot.pictures import ThemeName
from tests.charts import cases
from tests.charts.images import BASELINES, baseline, changed, drawn, sheet

SHEETS = [(chart, theme) for chart in cases.discover() for theme in ThemeName]


def test_every_chart_has_its_cases() -> None:
    assert set(cases.discover()) == set(charts.discover())


def test_every_baseline_is_of_a_chart() -> None:
    assert {path.stem for path in BASELINES.iterdir()} == {f"{c}-{theme}" for c, theme in SHEETS}


@pytest.mark.parametrize(("chart", "theme"), SHEETS)
def test_a_chart_looks_as_it_did(chart: str, theme: ThemeName, tmp_path: Path) -> None:
    cells = drawn(chart, theme)
    assert set(cases.NAMES) <= {cell.name.split(", ")[1] for cell in cells}
    now, before = sheet(cells).convert("RGB"), baseline(chart, theme)
    if now.size == before.size:
        seen = [cell.name for cell in cells if changed(now.crop(cell.box), before.crop(cell.box))]
    else:
        seen = [f"the size of the sheet: {before.size}, now {now.size}"]
    if seen:
        now.save(tmp_path / "now.png")
    assert not seen, f"look at {tmp_path / 'now.png'}; then `make baselines`"


def test_a_change_that_a_person_sees_is_one() -> None:
    before = baseline(*SHEETS[0])
    moved, worded, noisy = (before.copy() for _ in range(3))
    ImageDraw.Draw(moved).rectangle((40, 40, 60, 44), fill="#56B4E9")
    ImageDraw.Draw(worded).text((100, 100), "a", fill="#FFFFFF")
    noisy = Image.eval(noisy, lambda value: min(value + 6, 255))
    assert changed(moved, before)
    assert changed(worded, before)
    assert not changed(noisy, before)
    assert not changed(before, before)
