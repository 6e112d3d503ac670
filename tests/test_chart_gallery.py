"""docs/gallery.md shows every chart as the code draws it now."""

from bot import charts
from bot.charted import CHARTS
from tests.gallery.charts import LOOKS, PAGE, PICTURES, files


def test_every_chart_there_is_can_be_asked_for() -> None:
    assert set(CHARTS) == set(charts.discover())


async def test_the_gallery_is_what_the_demos_figures_make_of_every_chart() -> None:
    made = await files()
    names = {f"{chart}-{theme}-{code}.png" for chart in CHARTS for theme, code in LOOKS}
    assert {path.name for path in made} == {PAGE.name, *names}
    assert {path.name for path in PICTURES.iterdir()} == names
    assert PAGE.read_bytes() == made[PAGE], "run `make charts`"
    assert all(len(content) < 150_000 for content in made.values())
