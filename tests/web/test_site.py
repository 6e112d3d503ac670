"""Every page, picture and feed of the demo's real days, in both languages."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from xml.etree import ElementTree

import pytest
import pytest_asyncio

from bot import pages
from bot.errors import InputError
from bot.model import BOARD_MODELS, Cause, Earlier, Milestone
from bot.render import Renderer
from bot.web.exporting import write_site
from bot.web.page_maker import PRESS
from bot.web.site import Site
from tests.charts.figures import NOW
from tests.web.stored import Stored, demo_site

pytestmark = pytest.mark.asyncio(loop_scope="module")

_VOID = {"meta", "link", "img", "source", "br"}


class Read(HTMLParser):
    """Notes what a page is made of, and fails where a tag is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self.text += " "
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note that a tag is closed."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note what people read."""
        self.text += data


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stored(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stored]:
    """Return the site of the demo's days."""
    async with demo_site(tmp_path_factory.mktemp("site")) as found:
        yield found


async def founding(stored: Stored) -> Milestone:
    """Return the milestone that open models take four of the top five."""
    found = await stored.library.milestones()
    return next(one for one in found if (one.rule, one.subject) == ("open_top5", "4"))


async def read(site: Site, path: str) -> Read:
    """Return a page as it reads."""
    file = await site.file(path)
    assert file is not None, path
    found = Read()
    found.feed(file.content.decode())
    found.close()
    assert not found.open
    found.text = " ".join(found.text.split()).replace(" :", ":")
    return found


async def test_every_page_is_whole_and_every_way_leads_somewhere(stored: Stored) -> None:
    known = set(await stored.site.paths())
    html = [path for path in known if path.endswith(".html")]
    assert len(html) > 2 * 60
    for path in html:
        page = await read(stored.site, path)
        tags = [name for name, _ in page.tags]
        assert tags.count("h1") == 1, path
        assert not {"script", "style", "iframe", "form", "object", "embed"} & set(tags)
        assert page.tags[0] == ("html", {"lang": path[:2]})
        for tag, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            for name in {"href", "src", "srcset"} & set(attributes):
                _leads_somewhere(attributes[name], path, known, tag)


def _leads_somewhere(address: str, path: str, known: set[str], tag: str) -> None:
    if address.startswith("https://"):
        hosts = ("https://huggingface.co/", "https://creativecommons.org/")
        assert tag == "a"
        assert address.startswith(hosts)
    elif not address.startswith("#"):
        assert normpath(join(dirname(path), address)) in known, (path, address)


async def test_a_page_says_what_its_alert_said_and_what_proves_it(stored: Stored) -> None:
    one = await founding(stored)
    page = await read(stored.site, pages.milestone("en", one.key))
    assert one.receipt
    for said in (
        "Open models now hold four of the top five",
        "It stands: the final figures of its days were looked at.",
        "It holds in 5 of 6 other readings of the same figures.",
        "does not hold: single days",
        one.receipt.rows,
        f"rankshift verify {one.key}",
        "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22.",
        "The final figures were looked at; nothing that was said changed.",
    ):
        assert said in page.text, said
    hashes = set(re.findall(r"\b[0-9a-f]{64}\b", page.text))
    assert hashes == {one.receipt.rows, *(each.rows for each in one.receipt.inputs)}
    image = next(attributes for tag, attributes in page.tags if tag == "img")
    assert len(image["alt"]) > 100


async def test_a_withdrawn_milestone_says_so_first_and_keeps_what_it_said(stored: Stored) -> None:
    one = await founding(stored)
    withdrawn = replace(one, withdrawn=Cause.FIGURES, revised=NOW, earlier=_before(one))
    await stored.store.record(
        BOARD_MODELS, await stored.store.progress(BOARD_MODELS), (), (), (withdrawn,)
    )
    try:
        page = await read(stored.site, pages.milestone("en", one.key))
        title = page.text.index("Withdrawn Open models now hold four of the top five")
        standing = page.text.index(
            "Withdrawn on 22 August 2026. By the final figures of the day it is not true."
        )
        assert title < standing < page.text.index("What it said until then")
        assert page.text.count("It holds in 5 of 6 other readings") == 1  # what it said before
        brief = await stored.site.file(pages.press("en", one.key, "brief.txt"))
        assert brief
        assert brief.content.decode().startswith("Withdrawn: By the final figures")
        archive = await read(stored.site, pages.archive("en"))
        assert "Withdrawn Open models now hold four of the top five" in archive.text
        feed = await stored.site.file(pages.feed("en", pages.JSON_FEED))
        assert feed
        items = json.loads(feed.content)["items"]
        item = next(each for each in items if each["title"].endswith("hold four of the top five"))
        assert item["title"] == "Withdrawn: Open models now hold four of the top five"
        assert item["date_modified"] == "2026-08-22T00:00:00Z"
    finally:
        await stored.store.record(
            BOARD_MODELS, await stored.store.progress(BOARD_MODELS), (), (), (one,)
        )


def _before(one: Milestone) -> tuple[Earlier, ...]:
    return (
        Earlier(
            until=NOW,
            date=one.date,
            facts=one.facts,
            top=one.top,
            total=one.total,
            as_of=one.as_of,
        ),
    )


async def test_a_press_pack_has_pictures_rows_words_and_receipt(stored: Stored) -> None:
    one = await founding(stored)
    files = {file: await stored.site.file(pages.press("en", one.key, file)) for file in PRESS}
    found = {name: file.content for name, file in files.items() if file}
    assert len(found) == len(PRESS)
    assert found["dark.png"].startswith(b"\x89PNG")
    assert found["light.png"] != found["dark.png"]
    assert b"<svg" in found["light.svg"]
    assert found["rows.csv"].startswith(b"# Open models now hold four of the top five\r\n")
    for name in ("rows.csv", "alt.txt", "brief.txt", "receipt.json"):
        assert b"Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22." in found[name]
    receipt = json.loads(found["receipt.json"])
    assert one.receipt
    assert receipt["key"] == one.key
    assert receipt["receipt"]["rows"] == one.receipt.rows
    assert [each["rank"] for each in receipt["top"]] == [1, 2, 3, 4, 5]


async def test_feeds_tell_milestones_and_no_rows(stored: Stored) -> None:
    for code in ("en", "tr"):
        file = await stored.site.file(pages.feed(code, pages.ATOM))
        other = await stored.site.file(pages.feed(code, pages.JSON_FEED))
        assert file
        assert other
        root = ElementTree.fromstring(file.content)  # noqa: S314 — our own
        entries = root.findall("{http://www.w3.org/2005/Atom}entry")
        items = json.loads(other.content)["items"]
        assert len(entries) == len(items) == 50
        known = await stored.site.paths()
        for item in items:
            assert normpath(join(code, item["url"])) in known
        assert b"5.21" not in other.content


async def test_where_the_address_is_known_feeds_and_cards_are_absolute(stored: Stored) -> None:
    site = Site(stored.library, Renderer(), stored.site.languages, "https://example.org/rankshift")
    one = await founding(stored)
    page = await read(site, pages.milestone("en", one.key))
    meta = {
        a["property"]: a["content"] for tag, a in page.tags if tag == "meta" and "property" in a
    }
    assert meta["og:url"] == f"https://example.org/rankshift/{pages.milestone('en', one.key)}"
    assert meta["og:image"].endswith("/light.png")
    feed = await site.file(pages.feed("tr", pages.JSON_FEED))
    assert feed
    document = json.loads(feed.content)
    assert document["feed_url"] == "https://example.org/rankshift/tr/feed.json"
    assert all(each["url"].startswith("https://example.org/") for each in document["items"])


async def test_a_folder_that_cannot_be_written_is_named(stored: Stored, tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("not a folder", encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot be written"):
        await write_site(stored.site, taken)
