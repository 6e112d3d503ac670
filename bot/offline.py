"""What the command line does with the data folder alone: no Discord, no network."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot import rules
from bot.alerts import tell
from bot.answers.health import Status
from bot.answers.rankings import Page, Wanted
from bot.app import open_store, stored_directory, utc_now
from bot.backtest import Rates, backtest, complete_ends, complete_windows, rates
from bot.boards import Board
from bot.errors import InputError, StoreError
from bot.knowledge import Verdict
from bot.model import BOARD_MODELS, Milestone
from bot.openness import Directory
from bot.packaged import read_boards, read_registry
from bot.proof import plain_windows, prove
from bot.queries import health
from bot.queries.rankings import newest_standings, page_of
from bot.queries.stored import days_known_on
from bot.settings import Settings
from bot.settling import settled_until
from bot.sources.catalogue import merge_catalogues, parse_catalogue
from bot.sources.rows import parse_rows
from bot.standings import WEEK, base_model, counting_of, newest_judged
from bot.text.alert import Told
from bot.text.say import english
from bot.verify import Check, verify
from storage.protocol import Changes, Store

MOST_IMPORTED = 256 * 1024 * 1024
"""Bytes of a file that is taken in; ten years of rankings have about 20 MB."""

_NOT_STORED = Check("stored", holds=True, found="no; looked for in the stored days, and found")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought: days read and what they changed, models read."""

    days: int
    changes: Changes
    models: int


async def import_files(
    settings: Settings, file: Path | None, catalogue: Path | None, as_of: date | None
) -> Imported:
    """Take in a rankings CSV and a saved `/models` answer; again brings nothing new.

    Without `as_of` the figures count as read on the day after their newest, the earliest day on
    which they can be as they are. Raises InputError, PayloadRefused (nothing of that file is
    kept), StoreError.
    """
    if as_of is not None and as_of > utc_now().date():
        raise InputError(f"--as-of {as_of}: is in the future")
    entries = parse_catalogue(_read(catalogue), catalogue.name) if catalogue else ()
    content = _read(file) if file else None
    async with open_store(settings, writable=True) as store:
        days, changes = 0, Changes((), ())
        if content is not None and file is not None:
            days, changes = await _import_days(store, content, file.name, as_of)
        if entries:
            known = await store.catalogue()
            read_on = as_of or utc_now().date()
            await store.put_catalogue(merge_catalogues(known, entries, read_on))
    return Imported(days, changes, len(entries))


async def _import_days(
    store: Store, content: bytes, where: str, as_of: date | None
) -> tuple[int, Changes]:
    now = utc_now()
    days = parse_rows(_text(content, where), where=where, as_of=now, today=now.date())
    read_on = as_of or days[-1].date + timedelta(days=1)
    if read_on <= days[-1].date or read_on > now.date():
        raise InputError(
            f"--as-of {read_on}: must be after {days[-1].date}, the newest day in {where},"
            " and not in the future"
        )
    moment = datetime.combine(read_on, time(), UTC)
    origin = f"{where} sha256:{hashlib.sha256(content).hexdigest()}"
    dated = [replace(day, as_of=moment, origin=origin) for day in days]
    return len(days), await store.put_days(BOARD_MODELS, dated)


async def standings_at(
    settings: Settings, board: str, top: int, day: date | None, known_on: date | None = None
) -> tuple[Page, Directory]:
    """Return the first `top` of the newest standings by `day` (by now, if None), and the directory.

    With `known_on` they are as the stored figures stood at the end of that day (UTC).
    """
    until, kind = min(day or date.max, newest_judged(utc_now())), judged_board(board)
    async with open_store(settings, writable=False) as store:
        known = await stored_directory(store, read_registry())
        if known_on is None:
            days = await store.days(board, until=until)
        else:
            days = await days_known_on(store, board, until, known_on)
    answer = newest_standings(board, days, kind.counting)
    return page_of(kind, answer, kind.counting, Wanted(top=top), known), known


def judged_board(name: str) -> Board:
    """Return a board whose days are kept. Raises InputError naming those there are."""
    boards = {each.name: each for each in read_boards().values() if each.judged}
    if name not in boards:
        raise InputError(f"--board {name}: there are {', '.join(boards)}")
    return boards[name]


@dataclass(frozen=True, slots=True)
class Backtested:
    """What detection finds, with its words, oldest first, and how often it comes."""

    told: tuple[Told, ...]
    rates: Rates


async def told_backtest(
    settings: Settings, board: str, only: Sequence[str], span: tuple[date | None, date | None]
) -> Backtested:
    """Return what detection finds in a board's stored days from one day to another.

    Raises InputError for a rule there is not.
    """
    since, until = span
    kind, found_rules, say = judged_board(board), rules.discover(), english()
    if unknown := sorted(set(only) - set(found_rules)):
        raise InputError(f"--rule {unknown[0]}: there are {', '.join(found_rules)}")
    async with open_store(settings, writable=False) as store:
        known = await stored_directory(store, read_registry())
        days = await store.days(board, until=until)
        seen, keyed = (
            (await store.progress(board)).sightings,
            settings.openrouter_api_key is not None,
        )
    if not kind.weekly:
        newest = settled_until(days, seen, utc_now(), keyed=keyed) or date.min
        days = {when: day for when, day in days.items() if when <= newest}
    found = [
        milestone
        for milestone in backtest(board, days, known, kind.among(found_rules), since, kind.counting)
        if not only or milestone.rule in only
    ]
    told = tuple(tell(milestone, found_rules, known, say) for milestone in found)
    windows = plain_windows(board, days, known, kind.counting)
    complete = complete_windows(days, since, kind.counting)
    newest = max(complete_ends(days, kind.counting), default=date.min)
    often = replace(
        rates(found, found_rules, windows, complete, newest),
        windows_a_week=1 if kind.weekly else WEEK,
    )
    return Backtested(told, often)


async def verify_key(settings: Settings, key: str) -> tuple[Milestone, tuple[Check, ...]]:
    """Return a milestone and its checks.

    One that is not stored, such as another bot's, is looked for by detection over the stored days.
    Raises InputError for a key that is neither stored nor found.
    """
    async with open_store(settings, writable=False) as store:
        known = await stored_directory(store, read_registry())
        stored, one = await milestone_of(store, key, known)
        counting, since = counting_of(weekly=one.weekly), one.searched.since
        days = await store.days(one.board, since=since, until=one.date)
        versions = {
            when: (*await store.versions(one.board, when), day) for when, day in days.items()
        }
    checks = verify(one, versions, known, rules.discover(), counting)
    return one, checks if stored else (_NOT_STORED, *checks)


async def milestone_of(store: Store, key: str, known: Directory) -> tuple[bool, Milestone]:
    """Return whether a milestone is stored, and the milestone: found by detection if it is not.

    Raises InputError for a key that is neither stored nor found.
    """
    stored = await store.milestones_by_key([key])
    return (True, stored[0]) if stored else (False, await _found(store, key, known))


async def _found(store: Store, key: str, known: Directory) -> Milestone:
    boards, found_rules = read_boards(), rules.discover()
    board = boards.get(key.split(".", 1)[0])
    if board is None or not board.judged:
        raise InputError(f"{key}: that is no milestone's key")
    days = await store.days(board.name)
    allowed = board.among(found_rules)
    found = backtest(board.name, days, known, allowed, counting=board.counting)
    one = next((each for each in found if each.key == key), None)
    if one is None:
        raise InputError(f"{key}: not stored, and not found in the stored days")
    return prove(one, days, known, found_rules[one.rule], board.counting)


async def verdicts(settings: Settings, models: Sequence[str]) -> tuple[tuple[str, Verdict], ...]:
    """Return today's verdict on models (on all that are known or ranked, if none is named)."""
    today = utc_now().date()
    async with open_store(settings, writable=False) as store:
        known = await stored_directory(store, read_registry())
        ranked = (
            {
                base_model(row.model)
                for day in (await store.days(BOARD_MODELS)).values()
                for row in day.rows
            }
            if not models
            else set()
        )
    wanted = [base_model(model) for model in models] or sorted({*known.models(), *ranked})
    return tuple((model, known.at(model, today)) for model in wanted)


async def status(settings: Settings) -> Status:
    """Return how the board of models stands; the bot may be running meanwhile.

    Raises StoreError, also when there is no data folder.
    """
    folder, until = settings.data_dir, newest_judged(utc_now())
    if settings.database_url is None and not folder.is_dir():
        raise StoreError(
            f"{folder}: there is no data folder yet; `rankshift run` and `rankshift poll` make it,"
            " RANKSHIFT_DATA_DIR names another"
        )
    async with open_store(settings, writable=False) as store:
        return await health.status(store, until, utc_now().date())


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_IMPORTED + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > MOST_IMPORTED:
        raise InputError(f"{path}: larger than {MOST_IMPORTED:,} bytes; import it in parts")
    return content


def _text(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: is not text (UTF-8) at byte {error.start}") from error
