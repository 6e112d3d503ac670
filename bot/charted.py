"""The charts of the stored days, as the terminal asks for them: no Discord, no network."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from bot import rules
from bot.alerts import pictured, tell
from bot.answers.backtest import Backtest
from bot.answers.comparison import By
from bot.answers.movers import Uncompared
from bot.answers.preview import Preview
from bot.answers.rankings import Wanted
from bot.app import open_store, utc_now
from bot.backtest import whole_backtest
from bot.boards import Board
from bot.errors import InputError, QuestionRefused
from bot.model import BOARD_MODELS, Milestone
from bot.offline import milestone_of
from bot.openness import Directory
from bot.packaged import read_boards, read_languages, read_registry
from bot.pictures import Picture, ThemeName
from bot.press import pack, write_pack
from bot.queries.almanac import Almanac
from bot.queries.author import authorship
from bot.queries.comparison import comparison
from bot.queries.milestones import naming
from bot.queries.model import profile
from bot.queries.movers import movers
from bot.queries.openness import balances
from bot.queries.previews import preview
from bot.queries.rankings import newest, ranked, ranks_drawn
from bot.queries.reference import Reference
from bot.render import Renderer
from bot.settings import Settings
from bot.standings import WEEK, newest_judged
from bot.text import preview as preview_words
from bot.text.author_shares import authors_alt, authors_picture
from bot.text.bars import standings_alt, standings_picture
from bot.text.captions import bump_alt, bump_caption
from bot.text.comparison import compared_tracks
from bot.text.digest import chart_title
from bot.text.model_history import model_alt, model_history
from bot.text.refusals import refusal
from bot.text.say import Say, english
from bot.text.shares import shares_alt, shares_picture
from bot.text.slopes import slope, slope_alt
from bot.text.tracks import tracks_alt, tracks_picture
from storage.protocol import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """What a chart is to show; what it needs and is not given is named in an InputError.

    `models` and `author` as people call them, `rule` and `key` (a milestone's) exactly.
    """

    chart: str
    board: str = BOARD_MODELS
    until: date = date.max
    models: tuple[str, ...] = ()
    author: str | None = None
    rule: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What charts are made of: a board, its windows, what is known of models, and a language."""

    store: Store
    reference: Reference
    board: Board
    almanac: Almanac
    directory: Directory
    until: date
    say: Say


MOST_COMPARED = 5

Made: TypeAlias = tuple[Picture, str]
"""A picture, and its content in words."""


async def _standings(known: Known, asked: Asked) -> Made:  # noqa: ARG001 — every maker's shape
    found = newest(known.almanac, known.until)
    title = chart_title(found, known.directory, known.say)
    picture = standings_picture(
        found, known.directory, known.say, title=title, estimated=known.board.estimated
    )
    return picture, standings_alt(picture, known.say)


async def _bump(known: Known, asked: Asked) -> Made:  # noqa: ARG001
    say, windows = known.say, known.almanac
    page = ranked(known.board, windows, known.until, Wanted(), known.directory)
    found = newest(windows, known.until)
    title = chart_title(found, known.directory, say)
    caption = bump_caption(title, found.as_of, say, known.board)
    picture = ranks_drawn(page, windows, known.directory, caption)
    return picture, bump_alt(picture, say)


async def _open_share(known: Known, asked: Asked) -> Made:  # noqa: ARG001
    told = await _milestones(known)
    found = balances(known.board, known.almanac, known.until, known.directory, told)
    return shares_picture(found, known.say), shares_alt(found, known.say)


async def _history(known: Known, asked: Asked) -> Made:
    (model, *_) = await _meant(known, asked)
    found = profile(known.board, known.almanac, known.directory, model, known.until)
    named = naming(await _milestones(known), found.model)
    picture = model_history(found, named, known.directory.name, known.say)
    if picture is None:
        raise InputError(f"chart history: {found.name} has no two windows in the published ranks")
    return picture, model_alt(picture, found.history, known.say)


async def _compare(known: Known, asked: Asked) -> Made:
    models = await _meant(known, asked)
    if not 2 <= len(models) <= MOST_COMPARED:
        raise InputError(f"chart compare: give --model two to {MOST_COMPARED} times, each another")
    found = comparison(known.almanac, models, known.until)
    estimated = known.board.estimated
    tracks = compared_tracks(found, By.SHARE, known.directory, known.say, estimated=estimated)
    picture = tracks_picture(tracks, known.say)
    if picture is None:
        raise InputError("chart compare: no two windows have these models")
    return picture, tracks_alt(tracks, known.say)


async def _movers(known: Known, asked: Asked) -> Made:  # noqa: ARG001
    found = movers(known.board, known.almanac, known.directory, known.until, WEEK)
    if isinstance(found, Uncompared):
        raise InputError(f"chart movers: the week that ends on {found.then} is not complete here")
    return slope(found, known.say), slope_alt(found, known.say)


async def _authors(known: Known, asked: Asked) -> Made:
    names = await known.reference.authors(known.board.name)
    focus = names.meant(asked.author).what if asked.author else None
    found = authorship(known.almanac, known.directory, known.until, focus)
    return authors_picture(found, known.say), authors_alt(found, known.say)


async def _calendar(known: Known, asked: Asked) -> Made:
    found_rules = rules.discover()
    if asked.rule is None or asked.rule not in found_rules:
        raise InputError(f"chart calendar: give --rule one of {', '.join(found_rules)}")
    days, backtest = await known.store.days(known.board.name), await _backtest(known)
    found = preview(found_rules[asked.rule], known.board, backtest, days, known.until)
    if not isinstance(found, Preview):
        raise InputError(f"chart calendar: {asked.rule} tells nothing of --board {asked.board} yet")
    return preview_words.calendar(found, known.say), preview_words.calendar_alt(found, known.say)


async def _milestone(known: Known, asked: Asked) -> Made:
    if asked.key is None:
        raise InputError("chart milestone: give --key, the last line of an alert")
    found_rules = rules.discover()
    _, one = await milestone_of(known.store, asked.key, known.directory)
    if not one.told:
        raise InputError(
            f"chart milestone: {one.key} is held back, silenced or withdrawn: it has no alert"
        )
    told = tell(one, found_rules, known.directory, known.say)
    drawing = await pictured(known.store, told, found_rules, known.directory, known.say)
    return drawing.picture, drawing.alt


async def _milestones(known: Known) -> Sequence[Milestone]:
    """Return the board's milestones; of days that were imported alone, those of a backtest."""
    stored = await known.store.milestones(known.board.name)
    return stored or (await _backtest(known)).milestones


async def _backtest(known: Known) -> Backtest:
    days = await known.store.days(known.board.name)
    return whole_backtest(known.board, days, known.directory)


async def _meant(known: Known, asked: Asked) -> list[str]:
    if not asked.models:
        raise InputError(f"chart {asked.chart}: give --model a name")
    names = await known.reference.models(known.board.name)
    return list(dict.fromkeys(names.meant(typed).what for typed in asked.models))


@dataclass(frozen=True, slots=True)
class Offered:
    """A chart that can be asked for: what makes it, and what it shows, for the terminal."""

    make: Callable[[Known, Asked], Awaitable[Made]]
    shows: str


CHARTS: Mapping[str, Offered] = MappingProxyType(
    {
        "standings": Offered(_standings, "who stands where now, a bar for each of the first ten"),
        "bump": Offered(_bump, "who held which rank when, over thirteen weeks"),
        "open_share": Offered(_open_share, "the share of open, unknown and closed models"),
        "history": Offered(_history, "one model's ranks, tokens and milestones (--model)"),
        "compare": Offered(_compare, "two to five models side by side (--model, again and again)"),
        "movers": Offered(_movers, "who climbed and who fell within a week"),
        "authors": Offered(_authors, "whose models are used how much (--author for one of them)"),
        "calendar": Offered(_calendar, "on which days a rule would have told something (--rule)"),
        "milestone": Offered(_milestone, "the picture of a milestone's alert (--key)"),
    }
)
"""The charts there are."""


async def charted(store: Store, asked: Asked, say: Say) -> Made:
    """Return the picture that is asked for, of the stored days, and its content in words.

    Raises InputError, saying what there is instead, and StoreError.
    """
    if asked.chart not in CHARTS:
        raise InputError(f"chart {asked.chart}: there are {', '.join(CHARTS)}")
    reference = Reference(store, read_registry(), read_boards())
    try:
        board = reference.board(asked.board)
        known = Known(
            store=store,
            reference=reference,
            board=board,
            almanac=await reference.almanac(board.name),
            directory=await reference.directory(),
            until=min(asked.until, newest_judged(utc_now())),
            say=say,
        )
        return await CHARTS[asked.chart].make(known, asked)
    except QuestionRefused as error:
        raise InputError(refusal(error, english())) from error


async def write_chart(
    settings: Settings, asked: Asked, language: str, theme: ThemeName, folder: Path
) -> tuple[Path, ...]:
    """Write the press pack of a chart of the stored days, and return where its files are.

    Raises InputError, StoreError, RenderFailed.
    """
    languages = read_languages()
    if language not in languages:
        raise InputError(f"--language {language}: there are {', '.join(languages)}")
    async with open_store(settings, writable=False) as store:
        picture, alt = await charted(store, asked, languages[language])
    with closing(Renderer()) as renderer:
        files = await pack(renderer, picture, alt, theme)
    return write_pack(files, folder, f"{asked.chart}-{theme}-{language}")
