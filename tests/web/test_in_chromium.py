"""The pages in Chromium: on phones and desks, light and dark, in both languages."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot import pages
from bot.addresses import Bind
from bot.model import BOARD_MODELS
from bot.web.doors import OFTEN
from bot.web.serving import serving
from tests.web.browser import chromium, faults, looked_at
from tests.web.stored import demo_site

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_FOUND = "Failed to load resource: the server responded with a status of 404 (Not Found)"
PHONE, DESK, NARROWEST = 375, 1280, 320


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser, where the pages are served, and a page of each kind."""

    browser: Browser
    address: str
    kinds: tuple[str, ...]

    def at(self, path: str) -> str:
        """Return the address of a page."""
        return f"{self.address}/{path}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visit(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visit]:
    """Return a browser beside the demo's pages, as they are served."""
    patient = pytest.MonkeyPatch()
    patient.setattr("bot.web.doors.OFTEN", (10_000, OFTEN[1]))
    async with (
        chromium() as browser,
        demo_site(tmp_path_factory.mktemp("site")) as stored,
        serving(stored.site, Bind("127.0.0.1", 0)) as (host, port),
    ):
        told = await stored.library.milestones()
        founding = next(one for one in told if (one.rule, one.subject) == ("open_top5", "4"))
        kinds = (
            "{}/index.html",
            "{}/milestones/index.html",
            pages.milestone("{}", founding.key),
            pages.standings("{}", BOARD_MODELS),
            pages.open_share("{}", BOARD_MODELS),
            "{}/nothing.html",
        )
        yield Visit(browser, f"http://{host}:{port}", kinds)
    patient.undo()


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_pages_are_without_fault(visit: Visit, language: str, theme: str, width: int) -> None:
    for kind in visit.kinds:
        path = kind.format(language)
        expected = (NOT_FOUND,) if path.endswith("nothing.html") else ()
        async with looked_at(visit.browser, width, theme, expected) as page:
            await page.goto(visit.at(path))
            assert await faults(page) == [], path
            shown = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert shown[0] <= shown[1], path
            assert await page.evaluate("document.documentElement.lang") == language
            for image in await page.query_selector_all("img"):
                assert await image.evaluate("one => one.complete && one.naturalWidth > 0")
                used = await image.evaluate("one => one.currentSrc")
                assert used.endswith(f"/{theme}.png")


async def test_a_narrow_phone_needs_no_scrolling_sideways(visit: Visit) -> None:
    for language in ("en", "tr"):
        for kind in visit.kinds[:-1]:
            async with looked_at(visit.browser, NARROWEST, "light") as page:
                await page.goto(visit.at(kind.format(language)))
                wide = await page.evaluate("document.documentElement.scrollWidth")
                assert wide <= NARROWEST, kind


async def test_the_keyboard_reaches_content_navigation_and_every_link(visit: Visit) -> None:
    async with looked_at(visit.browser, DESK, "light") as page:
        await page.goto(visit.at(visit.kinds[2].format("en")))
        reached = []
        for _ in range(60):
            await page.keyboard.press("Tab")
            reached.append(
                await page.evaluate(
                    "[document.activeElement.textContent.trim(),"
                    " getComputedStyle(document.activeElement).outlineStyle]"
                )
            )
        texts = [text for text, _ in reached]
        assert texts[:5] == [
            "Skip to the content",
            "Rankshift",
            "Milestones",
            "Standings",
            "Open share",
        ]
        for wanted in ("Türkçe", "The picture in words", "Brief (text)", "JSON Feed"):
            assert wanted in texts
        assert {style for text, style in reached if text in texts[:5]} == {"solid"}


async def test_the_first_link_skips_to_the_content(visit: Visit) -> None:
    async with looked_at(visit.browser, DESK, "light") as page:
        await page.goto(visit.at(visit.kinds[0].format("en")))
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "content"


async def test_what_is_printed_is_black_on_white_with_the_light_picture(visit: Visit) -> None:
    async with looked_at(visit.browser, DESK, "dark") as page:
        await page.emulate_media(media="print", color_scheme="dark")
        await page.goto(visit.at(visit.kinds[2].format("en")))
        style = "getComputedStyle(document.body)"
        body = await page.evaluate(f"[{style}.color, {style}.backgroundColor]")
        assert body == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        used = await page.evaluate("document.querySelector('img').currentSrc")
        assert used.endswith("/light.png")


async def test_a_picture_opened_by_itself_keeps_its_colours(visit: Visit) -> None:
    async with looked_at(visit.browser, DESK, "light") as page:
        path = visit.kinds[2].format("en").removesuffix(".html")
        await page.goto(visit.at(f"{path}/light.svg"))
        fills = await page.evaluate(
            "[...document.querySelectorAll('path')].map(one => getComputedStyle(one).fill)"
        )
        assert len(set(fills)) > 2
