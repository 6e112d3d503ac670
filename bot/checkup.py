"""The check-up: whatever the bot needs is looked at once, side by side, each within its time."""

import asyncio
import os
import shutil
import socket
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiohttp

from bot import doctor
from bot.addresses import Bind
from bot.app import open_source, open_store, utc_now
from bot.discord_checkup import channels, gateway, token
from bot.doctor import Finding, doubtful, well, wrong
from bot.errors import PayloadRefused, RankshiftError, SourceDeclined, SourceError, StoreError
from bot.model import BOARD_MODELS
from bot.openness import directory
from bot.packaged import read_boards, read_languages, read_registry
from bot.pictures.bump import bump
from bot.queries.stored import newest_day
from bot.render import Renderer
from bot.settings import Settings
from bot.sources.exports import FOLDER, parse_manifest
from bot.text.captions import bump_caption
from bot.text.say import english
from storage.protocol import Store

PATIENCE = 20.0
"""Seconds for each check."""

_SHORT = aiohttp.ClientTimeout(total=8)
_MANIFEST_LIMIT = 64 * 1024

Check = Callable[[Settings], Awaitable[Sequence[Finding]]]


async def check_up(settings: Settings) -> tuple[Finding, ...]:
    """Return what all checks find, in their order; one that fails unforeseen says so itself."""
    found = await asyncio.gather(*(_bounded(name, check, settings) for name, check in CHECKS))
    return tuple(finding for each in found for finding in each)


async def _bounded(name: str, check: Check, settings: Settings) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check(settings)
    except TimeoutError:
        return [wrong(name, f"no end in {PATIENCE:.0f} s", "Look at the network, or the disk.")]
    except Exception as error:  # noqa: BLE001 — the others must be told all the same
        seen = f"{type(error).__name__}: {error}"
        return [wrong(name, seen, "This check itself failed: please report it.")]


async def _source(settings: Settings) -> Sequence[Finding]:
    url = f"{settings.openrouter_url}{FOLDER}latest.manifest.json"
    try:
        async with open_source() as http:
            body = await http.get(url, limit=_MANIFEST_LIMIT)
        # It is never None: it was not asked whether anything changed.
        manifest = parse_manifest(body.content if body else b"", url)
    except PayloadRefused as error:
        return [wrong("source", str(error), "Is RANKSHIFT_OPENROUTER_URL the right address?")]
    except SourceError as error:
        remedy = "Look at network, proxy and firewall, and at RANKSHIFT_OPENROUTER_URL."
        return [wrong("source", str(error), remedy)]
    newest = manifest.snapshot_date - timedelta(days=1)
    return [doctor.published(newest, utc_now())]


async def _clock(settings: Settings) -> Sequence[Finding]:
    url = f"{settings.openrouter_url}{FOLDER}latest.manifest.json"
    try:
        async with (
            aiohttp.ClientSession(timeout=_SHORT) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            said = parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(UTC)
    except (aiohttp.ClientError, TimeoutError):
        return [doubtful("clock", "not compared: no answer", "See what is said of the source.")]
    except ValueError:
        return [doubtful("clock", "not compared: the answer has no time", "Compare it by hand.")]
    return [doctor.clock(utc_now(), said)]


async def _key(settings: Settings) -> Sequence[Finding]:
    if settings.openrouter_api_key is None:
        return [well("key", "none is set: the board of all models needs none")]
    day = (utc_now() - timedelta(days=2)).date()
    url = f"{settings.openrouter_url}/datasets/rankings-daily?start_date={day}&end_date={day}"
    secret = settings.openrouter_api_key.get_secret_value()
    try:
        async with open_source() as http:
            headers = {"Authorization": f"Bearer {secret}"}
            await http.get(url, limit=2**20, headers=headers)
    except SourceDeclined as error:
        remedy = "Make a key at openrouter.ai/keys and set OPENROUTER_API_KEY."
        return [wrong("key", f"OpenRouter answered {error.status}", remedy)]
    except SourceError as error:
        return [doubtful("key", str(error), "See what is said of the source.")]
    return [well("key", "accepted; this took one of its 500 requests of the day")]


async def _hub(settings: Settings) -> Sequence[Finding]:
    try:
        async with (
            aiohttp.ClientSession(timeout=_SHORT) as session,
            session.get(settings.huggingface_url, allow_redirects=False),
        ):
            return [well("Hugging Face Hub", "answers")]
    except (aiohttp.ClientError, TimeoutError) as error:
        seen = f"{type(error).__name__}: {error}"
        remedy = "Hints at weights are not checked meanwhile; everything else goes on."
        return [doubtful("Hugging Face Hub", seen, remedy)]


async def _database(settings: Settings) -> Sequence[Finding]:
    if settings.database_url is None:
        return await _folder(settings)
    try:
        async with open_store(settings, writable=False) as store:
            return [await _readable(store, "database")]
    except StoreError as error:
        remedy = "Look at RANKSHIFT_DATABASE_URL and at the server; `docs/operating.md` says more."
        return [wrong("database", str(error), remedy)]


async def _folder(settings: Settings) -> Sequence[Finding]:
    folder = settings.data_dir
    if not folder.is_dir():
        remedy = "Nothing, if the bot has never run: `rankshift run` makes it."
        return [doubtful("data folder", f"{folder} is not there", remedy)]
    found = [await asyncio.to_thread(_writable, folder)]
    damaged = sorted(path.name for path in folder.rglob("*.damaged-*"))
    if damaged:
        remedy = "The copy before was used. Look at them, then delete them."
        found.append(doubtful("data folder", f"set aside as damaged: {', '.join(damaged)}", remedy))
    try:
        async with open_store(settings, writable=False) as store:
            found.append(await _readable(store, "data folder"))
    except StoreError as error:
        found.append(
            wrong("data folder", str(error), "Restore a backup: `rankshift restore FILE`.")
        )
    return found


async def _readable(store: Store, name: str) -> Finding:
    """Read all that is stored, every board; a file that is damaged raises StoreError."""
    days = 0
    for board in read_boards().values():
        if board.judged:
            days += len(await store.days(board.name))
            await store.milestones(board.name)
    newest = await newest_day(store, BOARD_MODELS, utc_now().date())
    subscriptions = len(await store.subscriptions())
    said = f"{days} days, newest {newest or 'none'}, {subscriptions} subscriptions, all readable"
    return well(name, said)


def _writable(folder: Path) -> Finding:
    """Try what every save does: write, sync, put in place, delete."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-", delete=False) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
        placed = Path(f"{file.name}.placed")
        Path(file.name).replace(placed)
        placed.unlink()
    except OSError as error:
        remedy = f"Give the bot's user the right to write in {folder}."
        return wrong("data folder", f"cannot be written: {error.strerror}", remedy)
    return well("data folder", f"{folder} can be written")


async def _disk(settings: Settings) -> Sequence[Finding]:
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    return [doctor.disk(shutil.disk_usage(folder).free)]


async def _drawing(_: Settings) -> Sequence[Finding]:
    """Have a worker draw a picture, with our own font."""
    say = english()
    caption = bump_caption("A check-up", datetime.now(UTC), say, read_boards()[BOARD_MODELS])
    with closing(Renderer()) as renderer:
        try:
            size = len(await renderer.draw(bump((), directory(read_registry(), ()), caption)))
        except RankshiftError as error:
            remedy = "Install the bot anew: a library or the font is missing or broken."
            return [wrong("pictures", str(error), remedy)]
    return [well("pictures", f"a worker drew one of {size // 1024} kB, with the packaged font")]


async def _packaged(_: Settings) -> Sequence[Finding]:
    try:
        ZoneInfo("Europe/Istanbul")
    except ZoneInfoNotFoundError:
        return [wrong("time zones", "there are none", "Install the package `tzdata`.")]
    languages = ", ".join(read_languages())
    return [well("languages and time zones", f"{languages}; the zones of the world")]


async def _ports(settings: Settings) -> Sequence[Finding]:
    wanted = (
        ("RANKSHIFT_OPERATIONS_BIND", settings.operations_bind),
        ("RANKSHIFT_HTTP_BIND", settings.http_bind),
    )
    return [await _port(name, bind) for name, bind in wanted if bind is not None]


async def _port(name: str, bind: Bind) -> Finding:
    if await asyncio.to_thread(_free, bind):
        return well(name, f"{bind} is free")
    try:
        async with (
            aiohttp.ClientSession(timeout=_SHORT) as session,
            session.get(f"http://{bind}/healthz") as answer,
        ):
            ours = (await answer.text()) == '{"status": "ok"}'
    except (aiohttp.ClientError, TimeoutError):
        ours = False
    if ours or name == "RANKSHIFT_HTTP_BIND":
        return well(name, f"something listens at {bind}: a bot that runs, it seems")
    return wrong(name, f"{bind} is taken, or not this machine's", f"Set {name} to another place.")


def _free(bind: Bind) -> bool:
    family = socket.AF_INET6 if ":" in bind.host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((bind.host, bind.port))
        except OSError:
            return False
        return True


async def _public(settings: Settings) -> Sequence[Finding]:
    if settings.public_url is None:
        return []
    try:
        async with (
            aiohttp.ClientSession(timeout=_SHORT) as session,
            session.get(f"{settings.public_url}/en/index.html") as answer,
        ):
            seen = f"answers {answer.status}"
            good = answer.status == 200
    except (aiohttp.ClientError, TimeoutError) as error:
        seen, good = f"{type(error).__name__}: {error}", False
    if good:
        return [well("evidence pages", seen)]
    remedy = "Alerts link there: look at RANKSHIFT_HTTP_BIND, the proxy, and RANKSHIFT_PUBLIC_URL."
    return [doubtful("evidence pages", f"{settings.public_url} {seen}", remedy)]


CHECKS: tuple[tuple[str, Check], ...] = (
    ("token", token),
    ("gateway", gateway),
    ("channels", channels),
    ("source", _source),
    ("key", _key),
    ("Hugging Face Hub", _hub),
    ("data folder", _database),
    ("disk", _disk),
    ("clock", _clock),
    ("pictures", _drawing),
    ("languages and time zones", _packaged),
    ("ports", _ports),
    ("evidence pages", _public),
)
"""Every check, in the order in which their findings are told."""
