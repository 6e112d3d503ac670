"""A real Chromium, and what it finds wrong with a page."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.gallery.chromium import CannotPhotograph, find_chromium

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start Chromium, and end it; the test is left out only where there is none and none is named.

    The environment variable CHROMIUM names one, which then has to be there.
    """
    named = os.environ.get("CHROMIUM")
    try:
        path = find_chromium(named)
    except CannotPhotograph as error:
        if named:
            raise
        pytest.skip(str(error))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def looked_at(
    browser: Browser, width: int, theme: str, expected: Sequence[str] = ()
) -> AsyncIterator[Page]:
    """Yield a page of a window of this width, in a theme.

    The test fails if it complains of anything else than what is `expected`.
    """
    context = await browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
    )
    page, complaints = await context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    try:
        yield page
    finally:
        await context.close()
    assert complaints == list(expected)


async def faults(page: Page) -> Sequence[str]:
    """Return what axe finds wrong with a page, of whatever weight, with where."""
    source = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    await page.evaluate(source)  # by the debugger: the page itself may run no script
    found: dict[str, Any] = await page.evaluate("axe.run()")
    return [
        f"{each['impact']}: {each['id']}: {node['target']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
