"""Draw every chart from the demo's real figures: `python -m tests.gallery.charts` (make charts).

Pictures go to docs/images/gallery, the page that shows them is docs/gallery.md. The same figures
and fonts make the same files.
"""

import asyncio
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from bot.charted import CHARTS
from bot.packaged import read_languages
from bot.pictures import ThemeName
from bot.render import Renderer
from tests.charts.figures import demo_days
from tests.charts.stored import every_chart

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "images" / "gallery"
PAGE = DOCS / "gallery.md"
LOOKS = ((ThemeName.DARK, "en"), (ThemeName.LIGHT, "en"), (ThemeName.DARK, "tr"))
"""In which theme and language each chart is shown."""

INTRODUCTION = """# Every chart

Drawn from the demo's real figures: whole billions of tokens, the top twelve models a day and the
rest, from 23 May to 10 July 2026. Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22.
Licensed under CC BY 4.0. `make charts` draws this page anew.

In all of them open models are blue, solid and round; closed ones orange, dashed, square and
striped; unknown ones grey, dotted and diamonds. Gaps in the data are gaps. Estimates are hatched
and say so. Each picture comes in a dark and a light theme and in every language of the bot, twice
as dense as its page of 800 by so many pixels, and is made to be read at 400, the width of a phone.
`rankshift chart NAME` writes any of them as a press pack: the picture as PNG and SVG, the plotted
rows as CSV, and its content in words.
"""


def page(words: Mapping[str, str]) -> str:
    """Return the page, from the words that stand in for each chart's picture."""
    return "\n".join([INTRODUCTION, *(_section(name, alt) for name, alt in words.items())])


def _section(name: str, alt: str) -> str:
    shows = CHARTS[name].shows
    dark, light, turkish = (f"images/gallery/{name}-{theme}-{code}.png" for theme, code in LOOKS)
    return f"""## `{name}`

{shows[0].upper()}{shows[1:]}.

![{name}]({dark})

In words: {alt}

In light, and in Turkish, at the width of a phone:

<img src="{light}" width="400" alt="{name}, in light">
<img src="{turkish}" width="400" alt="{name}, in Turkish">
"""


async def files() -> Mapping[Path, bytes]:
    """Return the content of the page and of each of its pictures."""
    days = tuple(demo_days().values())
    made = {code: await every_chart(days, say) for code, say in read_languages().items()}
    found = {PAGE: page({name: alt for name, (_, alt) in made["en"].items()}).encode()}
    with closing(Renderer()) as renderer:
        for name in CHARTS:
            for theme, code in LOOKS:
                picture, _ = made[code][name]
                path = PICTURES / f"{name}-{theme}-{code}.png"
                found[path] = await renderer.draw(picture, theme)
    return found


def _write() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for path, content in asyncio.run(files()).items():
        path.write_bytes(content)


if __name__ == "__main__":
    _write()
