"""What the evidence pages are made from, asked of the store."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.alerts import pictured, tell
from bot.answers.rankings import Wanted
from bot.boards import Board
from bot.drawn import Drawing
from bot.errors import NoStandings
from bot.message import Message
from bot.model import Earlier, Milestone, Severity
from bot.openness import Directory
from bot.queries.milestones import newest_first, was_told, weight
from bot.queries.openness import DRAWN, balances
from bot.queries.rankings import ranked
from bot.queries.reference import Reference
from bot.rules import Rule
from bot.standings import newest_judged
from bot.text.alert import Told
from bot.text.bars import standings_alt, standings_picture
from bot.text.digest import chart_title
from bot.text.openness import openness
from bot.text.ranking import ranking
from bot.text.refusals import why_none
from bot.text.say import Say
from bot.text.shares import shares_alt, shares_picture
from storage.protocol import Store


@dataclass(frozen=True, slots=True)
class Library:
    """Hand out what pages say and show. Its methods raise StoreError."""

    store: Store
    reference: Reference
    rules: Mapping[str, Rule]
    clock: Callable[[], datetime]
    project_url: str | None = None
    least: Severity = Severity.MINOR

    async def boards(self) -> tuple[Board, ...]:
        """Return the boards that have been polled, in the order people are shown them."""
        return await self.reference.boards()

    async def milestones(self) -> tuple[Milestone, ...]:
        """Return what was told on any board, withdrawn or not, newest first.

        Nothing that matters less than `least`.
        """
        found = [
            one
            for board in await self.boards()
            for one in await self.store.milestones(board.name)
            if was_told(one) and weight(one.severity) <= weight(self.least)
        ]
        return tuple(sorted(found, key=newest_first))

    async def told(self, milestones: Sequence[Milestone], say: Say) -> tuple[Told, ...]:
        """Return milestones in words."""
        known = await self.reference.directory()
        return tuple(tell(one, self.rules, known, say) for one in milestones)

    async def earlier(self, milestone: Milestone, say: Say) -> tuple[Told, ...]:
        """Return what a milestone said before each change, oldest first."""
        return await self.told([_as_it_was(milestone, said) for said in milestone.earlier], say)

    async def drawing(self, told: Told, say: Say) -> Drawing:
        """Return the picture of a milestone."""
        known = await self.reference.directory()
        return await pictured(self.store, told, self.rules, known, say)

    async def directory(self) -> Directory:
        """Return what is known of models besides their figures."""
        return await self.reference.directory()

    async def standings(self, board: Board, say: Say) -> tuple[Message, Drawing | None]:
        """Return a board's newest standings; without a picture where there are none."""
        until = newest_judged(self.clock())
        known, days = await self.directory(), await self.reference.almanac(board.name)
        page = ranked(board, days, until, Wanted(), known)
        message, found = ranking(page, known, say), page.answer.standings
        if found is None:
            return message, None
        title = chart_title(found, known, say)
        picture = standings_picture(found, known, say, title=title, estimated=board.estimated)
        return message, Drawing(picture, "standings.png", standings_alt(picture, say))

    async def open_share(self, board: Board, say: Say) -> tuple[Message, Drawing | None]:
        """Return how open a board's newest window is and earlier ones were."""
        until = newest_judged(self.clock())
        known, days = await self.directory(), await self.reference.almanac(board.name)
        told = await self.store.milestones(board.name, until - DRAWN)
        try:
            found = await asyncio.to_thread(balances, board, days, until, known, told)
        except NoStandings as error:
            return _none_yet(error, say), None
        drawing = Drawing(shares_picture(found, say), "open-share.png", shares_alt(found, say))
        # Who reads a page cannot press a button of Discord's.
        return replace(openness(found, self.project_url, say), links=()), drawing


MakeBoard = Callable[[Board, Say], Awaitable[tuple[Message, Drawing | None]]]


def _as_it_was(milestone: Milestone, said: Earlier) -> Milestone:
    return replace(
        milestone,
        date=said.date,
        facts=said.facts,
        top=said.top,
        total=said.total,
        as_of=said.as_of,
        revised=None,
        withdrawn=None,
        earlier=(),
    )


def _none_yet(error: NoStandings, say: Say) -> Message:
    return Message(
        title=say("No standings yet"),
        lead=(why_none(error.answer, say),),
        caption="",
        ranking=(),
        notes=(),
        citation="",
    )
