"""What the command line does with the data folder alone: no Discord, no network."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot import rules
from bot.alerts import tell
from bot.app import open_store, read_registry, stored_directory, utc_now
from bot.backtest import backtest
from bot.errors import InputError
from bot.model import BOARD_MODELS, Answer, Verdict
from bot.openness import Directory
from bot.queries import rankings
from bot.settings import Settings
from bot.sources.catalogue import merge_catalogues, parse_catalogue
from bot.sources.rows import parse_rows
from bot.standings import base_model, newest_judged
from bot.text.alert import Told
from bot.text.say import english
from storage.protocol import Changes, Store


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
    entries = parse_catalogue(_read(catalogue), catalogue.name) if catalogue else ()
    text = _text(file) if file else None
    async with open_store(settings.data_dir, writable=True) as store:
        days, changes = 0, Changes((), ())
        if text is not None and file is not None:
            days, changes = await _import_days(store, text, file.name, as_of)
        if entries:
            known = await store.catalogue()
            await store.put_catalogue(merge_catalogues(known, entries, utc_now().date()))
    return Imported(days, changes, len(entries))


async def _import_days(
    store: Store, text: str, where: str, as_of: date | None
) -> tuple[int, Changes]:
    now = utc_now()
    days = parse_rows(text, where=where, as_of=now, today=now.date())
    read_on = as_of or days[-1].date + timedelta(days=1)
    if read_on <= days[-1].date or read_on > now.date():
        raise InputError(
            f"--as-of {read_on}: must be after {days[-1].date}, the newest day in {where},"
            " and not in the future"
        )
    moment = datetime.combine(read_on, time(), UTC)
    dated = [replace(day, as_of=moment) for day in days]
    return len(days), await store.put_days(BOARD_MODELS, dated)


async def standings_at(settings: Settings, day: date | None) -> tuple[Answer, Directory]:
    """Return the newest standings by `day` (by now, if None), and what is known of the models."""
    until = min(day or date.max, newest_judged(utc_now()))
    async with open_store(settings.data_dir, writable=False) as store:
        known = await stored_directory(store, read_registry())
        return await rankings(store, BOARD_MODELS, until), known


async def told_backtest(
    settings: Settings, since: date | None, until: date | None
) -> tuple[Told, ...]:
    """Return what detection finds in the stored days, with its words, oldest first."""
    newest = min(until or date.max, newest_judged(utc_now()))
    found_rules, say = rules.discover(), english()
    async with open_store(settings.data_dir, writable=False) as store:
        known = await stored_directory(store, read_registry())
        days = await store.days(BOARD_MODELS, until=newest)
    found = backtest(BOARD_MODELS, days, known, found_rules, since)
    return tuple(tell(milestone, found_rules, known, say) for milestone in found)


async def verdicts(settings: Settings, models: Sequence[str]) -> tuple[tuple[str, Verdict], ...]:
    """Return today's verdict on models (on all that are known or ranked, if none is named)."""
    today = utc_now().date()
    async with open_store(settings.data_dir, writable=False) as store:
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


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _text(path: Path) -> str:
    try:
        return _read(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not text (UTF-8) at byte {error.start}") from error
