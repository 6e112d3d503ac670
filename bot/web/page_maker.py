"""The pages, made of what the library hands out."""

from collections.abc import Callable, Sequence
from itertools import groupby

from bot import pages
from bot.answers.evidence import BoardPage, Entry, Evidence, Home, Shown, Years
from bot.boards import Board
from bot.drawn import Drawing
from bot.message import Message
from bot.model import Milestone, Severity
from bot.pictures import ThemeName
from bot.queries.milestones import weight
from bot.text.boards import board_title
from bot.text.evidence import entry, evidence
from bot.text.pages import words
from bot.text.say import Languages, Say
from bot.web.html import Frame, environment, render
from bot.web.library import Library

NEWEST = 5
"""Milestones on the first page; minor ones only where there are no others."""

PRESS = ("dark.png", "light.png", "light.svg", "rows.csv", "alt.txt", "brief.txt", "receipt.json")
"""The files of a milestone's press pack, in the order in which its page offers them."""

PathOf = Callable[[str, str], str]
"""The path of a board's page in a language."""


class PageMaker:
    """Make pages as HTML. Its methods raise StoreError."""

    def __init__(self, library: Library, languages: Languages, address: str) -> None:
        """Take what pages are made of; `address` is where they are reached, "" if not known."""
        self._library = library
        self._languages = languages
        self._address = address
        self._templates = environment()

    def said(self, name: str, say: Say) -> bytes:
        """Return a page that has nothing but words: `missing` or `troubled`."""
        said = words(say)
        title = {"missing": said.missing, "troubled": said.troubled}[name]
        return self._page(name, pages.home(say.code), (title, ""), say)

    async def home(self, say: Say) -> bytes:
        """Return the first page."""
        milestones, boards = await self._library.milestones(), await self._library.boards()
        newest = [one for one in milestones if one.severity is not Severity.MINOR][:NEWEST]
        standing = [one for one in newest if one.withdrawn is None]
        lead = min(standing, key=lambda one: weight(one.severity), default=None)
        shown = await self._shown(lead, say) if lead else None
        home = Home(
            newest=await self.entries(newest or milestones[:NEWEST], say),
            lead=(await self.entries([lead], say))[0] if lead else None,
            standings=board_links(boards, pages.standings, say),
            open_shares=board_links(boards, pages.open_share, say),
        )
        said, path = words(say), pages.home(say.code)
        about = (said.site, said.summary)
        return self._page("home", path, about, say, shown, home=home, shown=shown)

    async def archive(self, path: str, year: int, say: Say) -> bytes:
        """Return the archive of a year, at its own path or as the newest one."""
        milestones = await self._library.milestones()
        entries = await self.entries([one for one in milestones if one.date.year == year], say)
        months = groupby(entries, key=lambda each: say.month(each.date))
        archive = Years(
            year=year,
            months=tuple((month, tuple(found)) for month, found in months),
            years=tuple((each, pages.archive(say.code, each)) for each in years(milestones)),
        )
        said = words(say)
        about = (f"{said.milestones} {year}", said.archive_summary)
        return self._page("archive", path, about, say, archive=archive)

    async def milestone(self, one: Milestone, say: Say) -> bytes:
        """Return the page of a milestone."""
        found, shown = await self.evidence(one, say), await self._shown(one, say)
        press = tuple(
            (name, pages.press(say.code, one.key, file))
            for name, file in zip(words(say).press_files, PRESS, strict=True)
        )
        about = (found.entry.title, " ".join(found.claim[:1]))
        parts = {"evidence": found, "shown": shown, "press": press}
        return self._page("milestone", found.entry.path, about, say, shown, **parts)

    async def evidence(self, one: Milestone, say: Say) -> Evidence:
        """Return all that the page of a milestone says."""
        (told,) = await self._library.told([one], say)
        earlier, known = await self._library.earlier(one, say), await self._library.directory()
        return evidence(told, earlier, pages.milestone(say.code, one.key), known, say)

    async def board(
        self, board: Board, path_of: PathOf, made: tuple[Message, Drawing | None], say: Say
    ) -> bytes:
        """Return a page of a board: what is said of it, and its picture where there is one."""
        message, drawing = made
        path, boards = path_of(say.code, board.name), await self._library.boards()
        shown = _shown(path, drawing.alt) if drawing else None
        found = BoardPage(
            board=board_title(board.name, say),
            title=message.title,
            lead=message.lead,
            caption=message.caption,
            ranking=message.ranking,
            sections=message.sections,
            notes=message.notes,
            citation=message.citation,
            boards=board_links(boards, path_of, say),
        )
        about = (message.title, " ".join(message.lead[:1]))
        return self._page("board", path, about, say, shown, board=found, shown=shown)

    async def entries(self, milestones: Sequence[Milestone], say: Say) -> tuple[Entry, ...]:
        """Return milestones as a list has them."""
        told = await self._library.told(milestones, say)
        return tuple(entry(o, pages.milestone(say.code, o.milestone.key), say) for o in told)

    async def _shown(self, one: Milestone, say: Say) -> Shown:
        (told,) = await self._library.told([one], say)
        drawing = await self._library.drawing(told, say)
        return _shown(pages.milestone(say.code, one.key), drawing.alt)

    def _page(
        self,
        name: str,
        path: str,
        about: tuple[str, str],
        say: Say,
        picture: Shown | None = None,
        **parts: object,
    ) -> bytes:
        title, summary = about
        rest = path.removeprefix(say.code)
        frame = Frame(
            language=say.code,
            title=title,
            summary=summary,
            path=path,
            others=tuple((c, words(s).language, c + rest) for c, s in self._languages.items()),
            address=self._address,
            picture=picture.light if picture else "",
        )
        return render(self._templates, name, frame, words(say), **parts)


def _shown(page: str, alt: str) -> Shown:
    dark, light = (pages.beside(page, theme) for theme in (ThemeName.DARK, ThemeName.LIGHT))
    return Shown(dark, light, alt)


def board_links(boards: Sequence[Board], path_of: PathOf, say: Say) -> tuple[tuple[str, str], ...]:
    """Return what boards are called, each with the path of its page."""
    return tuple((board_title(b.name, say), path_of(say.code, b.name)) for b in boards)


def years(milestones: Sequence[Milestone]) -> tuple[int, ...]:
    """Return the years that milestones are of, in their order."""
    return tuple(dict.fromkeys(one.date.year for one in milestones))
