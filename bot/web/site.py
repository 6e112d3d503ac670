"""Which pages there are, and what each path holds: the same on a server and in a folder."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot import pages
from bot.drawn import Drawing
from bot.model import Milestone
from bot.packaged import read_page_file
from bot.pictures import Format, ThemeName
from bot.press import plotted
from bot.render import Renderer
from bot.text.alert import Told
from bot.text.evidence import entry
from bot.text.pages import words
from bot.text.say import Languages, Say
from bot.text.words import citation
from bot.web.feeds import Feed, Item, atom, json_feed
from bot.web.library import Library, MakeBoard
from bot.web.page_maker import PRESS, PageMaker, PathOf, years
from bot.web.receipts import receipt_json

FED = 50
"""Milestones in a feed."""

_HTML, _TEXT, _JSON = "text/html", "text/plain", "application/json"
_PNG, _SVG, _CSV, _CSS = "image/png", "image/svg+xml", "text/csv", "text/css"
_ATOM, _JSON_FEED = "application/atom+xml", "application/feed+json"

_AS_IT_IS: Mapping[str, str] = MappingProxyType({pages.STYLE: _CSS, pages.ICON: _SVG})
"""Files that come with the package, with their media types."""


@dataclass(frozen=True, slots=True)
class File:
    """What a path holds, and its media type; text is UTF-8."""

    content: bytes
    media_type: str


class Site:
    """Make pages, pictures and feeds by their paths. Its methods raise StoreError."""

    def __init__(
        self,
        library: Library,
        renderer: Renderer,
        languages: Languages,
        address: str = "",
        at_once: int = 1,
    ) -> None:
        """Take what pages are made of; `address` is where they are reached, "" if not known.

        One picture is drawn `at_once` if not said otherwise: alerts always find another worker.
        """
        self._library = library
        self._renderer = renderer
        self._address = address
        self._maker = PageMaker(library, languages, address)
        self._drawing = asyncio.Semaphore(at_once)
        self._kinds: Mapping[str, tuple[PathOf, MakeBoard]] = {
            "standings": (pages.standings, library.standings),
            "open-share": (pages.open_share, library.open_share),
        }
        self.languages = languages

    async def paths(self) -> tuple[str, ...]:
        """Return the paths of all that there is."""
        milestones, boards = await self._library.milestones(), await self._library.boards()
        found = list(_AS_IT_IS)
        for code in self.languages:
            found += [pages.home(code), pages.archive(code)]
            found += [pages.feed(code, file) for file in (pages.ATOM, pages.JSON_FEED)]
            found += [pages.archive(code, year) for year in years(milestones)]
            for path_of, _ in self._kinds.values():
                found += [path for each in boards for path in _files(path_of(code, each.name))]
            for one in milestones:
                found.append(pages.milestone(code, one.key))
                found += [pages.press(code, one.key, file) for file in PRESS]
        return tuple(found)

    async def file(self, path: str) -> File | None:
        """Return what a path holds, None where there is nothing. Raises RenderFailed."""
        code, _, rest = path.partition("/")
        if path in _AS_IT_IS:
            return File(read_page_file(path), _AS_IT_IS[path])
        return await self._in(self.languages[code], path, rest) if code in self.languages else None

    async def _in(self, say: Say, path: str, rest: str) -> File | None:
        """Return what a path holds in a language; `rest` is the path within it."""
        found: File | None = None
        match rest.split("/"):
            case [pages.HOME]:
                found = File(await self._maker.home(say), _HTML)
            case [pages.ATOM | pages.JSON_FEED]:
                found = await self._feed(path, say)
            case ["milestones", page] if page.endswith(".html"):
                found = await self._archive_or_milestone(path, say)
            case ["milestones", _, file] if file in PRESS:
                found = await self._press(path, file, say)
            case [kind, *_] if kind in self._kinds:
                found = await self._of_board(path, kind, say)
        return found

    def missing(self, language: str) -> bytes:
        """Return the page that says that there is none."""
        return self._maker.said("missing", self.languages.of(language))

    def troubled(self, language: str) -> bytes:
        """Return the page that says that pages cannot be made at the moment."""
        return self._maker.said("troubled", self.languages.of(language))

    async def _archive_or_milestone(self, path: str, say: Say) -> File | None:
        one = await self._at(path, say)
        if one is not None:
            return File(await self._maker.milestone(one, say), _HTML)
        known = years(await self._library.milestones())
        shown = {pages.archive(say.code, year): year for year in known}
        shown[pages.archive(say.code)] = known[0] if known else self._library.clock().year
        if path not in shown:
            return None
        return File(await self._maker.archive(path, shown[path], say), _HTML)

    async def _press(self, path: str, file: str, say: Say) -> File | None:
        one = await self._at(path.removesuffix(f"/{file}") + ".html", say)
        if one is None:
            return None
        if file == "receipt.json":
            return File(receipt_json(one), _JSON)
        if file == "brief.txt":
            found = await self._maker.evidence(one, say)
            return File("\n\n".join([*found.brief, found.citation, ""]).encode(), _TEXT)
        (told,) = await self._library.told([one], say)
        return await self._drawn(await self._library.drawing(told, say), file)

    async def _at(self, path: str, say: Say) -> Milestone | None:
        """Return the milestone whose page has a path."""
        known = await self._library.milestones()
        return next((one for one in known if pages.milestone(say.code, one.key) == path), None)

    async def _of_board(self, path: str, kind: str, say: Say) -> File | None:
        path_of, make = self._kinds[kind]
        for board in await self._library.boards():
            page = path_of(say.code, board.name)
            if path not in _files(page):
                continue
            made = await make(board, say)
            if path == page:
                return File(await self._maker.board(board, path_of, made, say), _HTML)
            file, drawing = path.rpartition("/")[2], made[1]
            return await self._drawn(drawing, file) if drawing else None
        return None

    async def _drawn(self, drawing: Drawing, file: str) -> File:
        """Return one of the files that a picture becomes. Raises RenderFailed."""
        picture = drawing.picture
        if file == "rows.csv":
            return File(plotted(picture), _CSV)
        if file == "alt.txt":
            return File(f"{drawing.alt}\n\n{picture.citation}\n".encode(), _TEXT)
        theme, _, ending = file.partition(".")
        async with self._drawing:
            content = await self._renderer.draw(picture, ThemeName(theme), Format(ending))
        return File(content, _SVG if ending == Format.SVG else _PNG)

    async def _feed(self, path: str, say: Say) -> File:
        milestones = (await self._library.milestones())[:FED]
        told, said = await self._library.told(milestones, say), words(say)
        items = tuple(_item(one, say) for one in told)
        feed = Feed(
            title=said.feed,
            author=said.site,
            language=say.code,
            address=self._address,
            path=path,
            home=pages.home(say.code),
            items=items,
            updated=max((item.updated for item in items), default=self._library.clock()),
        )
        if path.endswith(pages.ATOM):
            return File(atom(feed), _ATOM)
        return File(json_feed(feed), _JSON_FEED)


def _item(told: Told, say: Say) -> Item:
    """Return what a feed says of a milestone: its headline and sentence, no ranking."""
    one, path = told.milestone, pages.milestone(say.code, told.milestone.key)
    listed = entry(told, path, say)
    found = one.earlier[0].as_of if one.earlier else one.as_of
    return Item(
        key=one.key,
        title=f"{listed.withdrawn}: {listed.title}" if listed.withdrawn else listed.title,
        path=path,
        published=found,
        updated=one.revised or found,
        summary=(*([told.sentence] if one.withdrawn is None else []), citation(one.as_of)),
    )


def _files(page: str) -> tuple[str, ...]:
    """Return the paths of a board's page and of its picture."""
    return page, *(pages.beside(page, theme) for theme in ThemeName)
