"""Payloads of the source, mutated with their structure in mind, through real polls."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from shutil import copytree, rmtree
from typing import Any

from bot import rules
from bot.boards import MODELS
from bot.errors import PayloadRefused, SourceError
from bot.model import Openness
from bot.pipeline import poll
from bot.sources._http import Body
from bot.sources.catalogue import merge_catalogues, parse_catalogue
from bot.sources.data_api import parse_rankings
from bot.sources.exports import FOLDER, Exports
from storage.tinydb_store import TinyDBStore
from tests.fuzz.odd import mutated_bytes, mutated_json, odd_text
from tests.naive import World

BASE = "https://source.invalid/api/v1"
FIRST = date(2026, 6, 1)
DAYS = 16
NOW = datetime(2026, 6, 17, 4, tzinfo=UTC)
OPEN = {f"open/m-{number}": 900 - 40 * number for number in range(6)}
CLOSED = {f"closed/m-{number}": 880 - 40 * number for number in range(6)}
HEADER = "date,model_permaslug,rank,total_tokens,share_of_daily_tokens"

Rows = list[list[str]]


@dataclass
class Served:
    """What the source answers, by address; asked as the door to the network is."""

    files: dict[str, bytes] = field(default_factory=dict)

    async def get(self, url: str, *, limit: int, **_: object) -> Body:
        """Return a body, refused as the door refuses it."""
        content = self.files.get(url)
        if content is None:
            raise PayloadRefused(url, "is not there")
        if len(content) > limit:
            raise PayloadRefused(url, f"larger than {limit:,} bytes")
        return Body(content, None)


@dataclass(frozen=True)
class Outcome:
    """What became of a payload: whether it was taken in, and which milestones it brought."""

    kind: str
    taken: bool
    milestones: int = 0


def rows() -> Rows:
    """Return the rows of a good snapshot, in which nothing happens."""
    found = []
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        ranked = sorted((OPEN | CLOSED).items(), key=lambda item: -item[1])
        for rank, (model, tokens) in enumerate(ranked, start=1):
            found.append([str(day), model, str(rank), str(tokens * 10**9), "5.0"])
        found.append([str(day), "other", "", str(500 * 10**9), "4.0"])
    return found


def written(found: Rows) -> bytes:
    """Return rows as the source writes them."""
    return "".join(f"{line}\r\n" for line in [HEADER, *map(",".join, found)]).encode(
        "utf-8", "surrogatepass"
    )


def manifest(content: bytes, count: int) -> dict[str, Any]:
    """Return the manifest that describes a file."""
    return {
        "dataset": "rankings-daily",
        "schema_version": "v1",
        "snapshot_date": "2026-06-17",
        "retrieved_at": "2026-06-17T01:46:00Z",
        "row_count": count,
        "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        "files": {
            "csv": {
                "url": f"{BASE}{FOLDER}2026-06-17.csv",
                "encoding_format": "text/csv",
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        },
    }


def mutated_rows(found: Rows, random: Random) -> Rows:
    """Return rows of which one or a few are other than they should be."""
    changed = [list(row) for row in found]
    for _ in range(random.choice((1, 1, 1, 3, 20))):
        at = random.randrange(len(changed))
        deed = random.randrange(8)
        if deed == 0:
            changed[at][random.randrange(5)] = odd_text(random)
        elif deed == 1 and len(changed) > 1:
            del changed[at]
        elif deed == 2:
            changed.insert(at, list(changed[random.randrange(len(changed))]))
        elif deed == 3:
            changed[at][3] = str(random.randrange(10**13))
        elif deed == 4:
            changed[at][1] = random.choice((*OPEN, *CLOSED, "new/model", "open/m-1:free"))
        elif deed == 5:
            random.shuffle(changed)
        elif deed == 6:
            changed[at][0] = str(FIRST + timedelta(days=random.randrange(-40, 40)))
        else:
            changed[at].append(odd_text(random))
    return changed


def lied(found: Rows, random: Random) -> Rows:
    """Return rows of good form whose figures are other: a model, or a day, up or down."""
    model, factor = random.choice((*OPEN, *CLOSED)), random.choice((0, 0.1, 0.5, 2, 10))
    since = str(FIRST + timedelta(days=random.randrange(DAYS)))
    return [
        [*row[:3], str(int(int(row[3]) * factor)), row[4]]
        if row[1] == model and row[0] >= since
        else list(row)
        for row in found
    ]


def mutated_export(random: Random) -> Mapping[str, bytes]:
    """Return what the source serves, one part of it hostile."""
    good = rows()
    deed = random.randrange(6)
    found = {0: mutated_rows, 1: lied, 2: mutated_rows}.get(deed, lambda same, _: same)(
        good, random
    )
    content = written(found)
    if deed == 3:
        content = mutated_bytes(content, random)
    honest = deed != 2  # else the manifest is that of the good file
    described = manifest(content, len(found)) if honest else manifest(written(good), len(good))
    said = mutated_json(described, random) if deed == 4 else described
    text = json.dumps(said).encode()
    if deed == 5:
        text = mutated_bytes(text, random)
    return {
        f"{BASE}{FOLDER}latest.manifest.json": text,
        f"{BASE}{FOLDER}2026-06-17.csv": content,
    }


def world() -> World:
    """Return what is known of the models, with no days."""
    opens = dict.fromkeys(OPEN, (Openness.OPEN, None))
    return World({}, opens | dict.fromkeys(CLOSED, (Openness.CLOSED, None)), {})


def fingerprint(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file of a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "lock")
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


class Range:
    """A store with good days, on which payloads are tried one after the other."""

    def __init__(self, folder: Path) -> None:
        """Take an empty folder."""
        self._good, self._folder = folder / "good", folder / "tried"
        self._known = world()

    async def prepare(self) -> None:
        """Take in good days: what is tried later stands beside them."""
        store = TinyDBStore(self._good, writable=True)
        content = written(rows())
        served = Served(
            {
                f"{BASE}{FOLDER}latest.manifest.json": json.dumps(
                    manifest(content, len(rows()))
                ).encode(),
                f"{BASE}{FOLDER}2026-06-17.csv": content,
            }
        )
        done = await poll(
            MODELS, Exports(served, BASE), store, self._known.directory, rules.discover(), NOW
        )
        assert len(done.changes.added) == DAYS
        await store.close()
        copytree(self._good, self._folder)

    async def export(self, random: Random) -> Outcome:
        """Poll a hostile export; assert that a refused one changes nothing, and none lies."""
        before = fingerprint(self._folder)
        store = TinyDBStore(self._folder, writable=True)
        source = Exports(Served(dict(mutated_export(random))), BASE)
        known = self._known.directory
        try:
            done = await poll(MODELS, source, store, known, rules.discover(), NOW)
        except SourceError:
            await store.close()
            assert fingerprint(self._folder) == before, "a refused payload changed what is stored"
            return Outcome("export", taken=False)
        days = dict(await store.days(MODELS.name))
        await store.close()
        true = {one.key for one in World(days, self._known.registry, {}).milestones()}
        lies = {one.key for one in done.milestones} - true
        assert not lies, f"no naive recomputation finds {sorted(lies)}"
        rmtree(self._folder)
        copytree(self._good, self._folder)
        return Outcome("export", taken=True, milestones=len(done.milestones))


def catalogue(random: Random) -> Outcome:
    """Parse a hostile catalogue; what is taken in can be merged."""
    listed = [
        {
            "id": model,
            "canonical_slug": model,
            "hugging_face_id": model,
            "name": f"Maker: {model}",
            "created": 1_780_000_000,
            "context_length": 128_000,
            "pricing": {"prompt": "0.000001", "completion": "0.000002"},
        }
        for model in OPEN
    ]
    document = {"data": listed}
    if random.random() < 0.3:
        content = mutated_bytes(json.dumps(document).encode(), random)
    else:
        content = json.dumps(mutated_json(document, random)).encode()
    try:
        entries = parse_catalogue(content, "catalogue")
    except PayloadRefused:
        return Outcome("catalogue", taken=False)
    merged = merge_catalogues((), entries, NOW.date())
    assert all(entry.model and len(entry.model) <= 200 for entry in merged)
    return Outcome("catalogue", taken=True)


def keyed(random: Random) -> Outcome:
    """Parse a hostile answer of the Data API."""
    data = [
        {"date": day, "model_permaslug": model, "total_tokens": tokens}
        for day, model, _, tokens, _ in rows()
    ]
    meta = {
        "as_of": "2026-06-17T04:00:00Z",
        "version": "v1",
        "start_date": str(FIRST),
        "end_date": str(FIRST + timedelta(days=DAYS - 1)),
    }
    document = {"data": data, "meta": meta}
    if random.random() < 0.3:
        content = mutated_bytes(json.dumps(document).encode(), random)
    else:
        content = json.dumps(mutated_json(document, random)).encode()
    span = (FIRST, FIRST + timedelta(days=DAYS - 1))
    try:
        days = parse_rankings(content, "rankings", span, NOW, weekly=False)
    except PayloadRefused:
        return Outcome("keyed", taken=False)
    assert all(span[0] <= day.date <= span[1] for day in days)
    assert all(row.tokens >= 0 for day in days for row in day.rows)
    return Outcome("keyed", taken=True)


async def tried(place: Range, seed: int) -> Outcome:
    """Try the payload of a seed: three of five are exports."""
    random = Random(seed)
    kind = random.randrange(5)
    if kind == 3:
        return catalogue(random)
    if kind == 4:
        return keyed(random)
    return await place.export(random)
