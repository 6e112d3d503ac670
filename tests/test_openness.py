"""Openness: which evidence speaks first, from which day on, and what the shipped registry says."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest

from bot.errors import InputError
from bot.model import CatalogueEntry, Openness, Verdict
from bot.openness import STEALTH_AUTHORS, UNKNOWN, directory, parse_registry
from tests import made
from tests.made import START, verdict

OPEN, CLOSED = Openness.OPEN, Openness.CLOSED
BEFORE, AFTER = START - timedelta(1), START + timedelta(1)
SHIPPED = (files("bot") / "openness.toml").read_text(encoding="utf-8")


def _hint(since: date | None = START, weights: str | None = "lab/weights") -> CatalogueEntry:
    return CatalogueEntry("lab/m", "Model M", START - timedelta(9), weights, since)


@pytest.mark.parametrize(
    ("model", "hint", "author", "said"),
    [
        (verdict(CLOSED), _hint(), verdict(OPEN), CLOSED),
        (verdict(OPEN), None, verdict(CLOSED), OPEN),
        (verdict(Openness.UNKNOWN), _hint(), None, Openness.UNKNOWN),
        (None, _hint(), verdict(CLOSED), OPEN),
        (None, _hint(weights=None), verdict(CLOSED), CLOSED),
        (None, _hint(since=None), verdict(CLOSED), CLOSED),
        (None, _hint(since=AFTER), verdict(CLOSED), CLOSED),
        (verdict(CLOSED, AFTER), _hint(), verdict(CLOSED), OPEN),
        (verdict(OPEN, AFTER), None, None, Openness.UNKNOWN),
        (None, None, verdict(OPEN, AFTER), Openness.UNKNOWN),
        (None, None, None, Openness.UNKNOWN),
    ],
)
def test_the_model_speaks_before_the_hint_and_the_hint_before_the_author(
    model: Verdict | None, hint: CatalogueEntry | None, author: Verdict | None, said: Openness
) -> None:
    known = made.directory(
        {"lab/m": model} if model else {}, {"lab": author} if author else {}, [hint] if hint else []
    )
    assert known.at("lab/m", START).openness is said


@pytest.mark.parametrize(
    "known",
    [
        made.directory({"lab/m": verdict(OPEN, START)}),
        made.directory(authors={"lab": verdict(OPEN, START)}),
        made.directory(catalogue=[_hint()]),
    ],
    ids=["model", "author", "hint"],
)
def test_evidence_speaks_from_its_day_on_and_never_of_days_before(known: Any) -> None:
    said = [known.at("lab/m", when) for when in (BEFORE, START, AFTER)]
    assert [each.openness for each in said] == [Openness.UNKNOWN, OPEN, OPEN]
    assert said[0] == UNKNOWN
    assert said[1].since == START


@pytest.mark.parametrize("author", sorted(STEALTH_AUTHORS))
def test_a_stealth_model_is_unknown_whatever_is_hinted_until_it_has_its_own_entry(
    author: str,
) -> None:
    model = f"{author}/m"
    hint = CatalogueEntry(model, "M", START, "lab/weights", START)
    known = made.directory({model: verdict(OPEN, AFTER)}, {author: verdict(CLOSED)}, [hint])
    hidden = known.at(model, START)
    assert hidden.openness is Openness.UNKNOWN
    assert "stealth" in hidden.evidence.lower()
    assert known.at(model, AFTER) == verdict(OPEN, AFTER)


def test_an_author_speaks_for_the_very_author_only() -> None:
    known = made.directory(authors={"lab": verdict(OPEN)})
    assert known.at("lab-two/m", START) == UNKNOWN
    assert known.at("la/lab", START) == UNKNOWN


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (START - timedelta(9), "since 2026-05-23, the day it was listed there"),
        (START, "first seen there on 2026-06-01"),
    ],
)
def test_a_hint_tells_its_repository_and_what_its_day_is(since: date, words: str) -> None:
    said = made.directory(catalogue=[_hint(since)]).at("lab/m", START)
    assert "huggingface.co/lab/weights" in said.evidence
    assert words in said.evidence


@pytest.mark.parametrize(
    ("model", "name"),
    [("lab/m", "Model M"), ("lab/named", "Named"), ("lab/x-9", "x-9"), ("bare", "bare")],
)
def test_a_name_is_the_catalogues_then_the_registrys_then_the_slugs(model: str, name: str) -> None:
    names = {"lab/m": "Not this", "lab/named": "Named"}
    assert made.directory(catalogue=[_hint()], names=names).name(model) == name


def test_every_model_something_is_known_of_is_listed_once_by_name() -> None:
    known = made.directory(
        {"z/z": verdict(OPEN), "lab/m": verdict(OPEN)},
        {"nobody": verdict(OPEN)},
        [_hint()],
        {"a/a": "A", "z/z": "Z"},
    )
    assert known.models() == ("a/a", "lab/m", "z/z")


def test_a_directory_finds_catalogue_entries_by_model() -> None:
    registry = parse_registry('version = "1"', "x")
    assert directory(registry, iter([_hint()])).at("lab/m", START).openness is OPEN


def test_a_registry_text_gives_its_verdicts_and_names() -> None:
    text = """
    version = "7"
    [authors.lab]
    openness = "closed"
    evidence = "told"
    [models."lab/m"]
    name = "Model M"
    openness = "open"
    since = 2026-06-01
    evidence = "seen"
    [names]
    "lab/n" = "Model N"
    """
    registry = parse_registry(text, "here.toml")
    assert registry.version == "7"
    assert registry.authors == {"lab": Verdict(CLOSED, None, "told")}
    assert registry.models == {"lab/m": Verdict(OPEN, START, "seen")}
    assert registry.names == {"lab/n": "Model N", "lab/m": "Model M"}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("version = ", "TOMLDecodeError"),
        ("", "version"),
        ('version = "1"\n[models."a/b"]\nopenness = "open"', "evidence"),
        ('version = "1"\n[models."a/b"]\nopenness = "open"\nevidence = ""', "evidence"),
        ('version = "1"\n[models."a/b"]\nopenness = "open"\nevidence = 3', "evidence"),
        ('version = "1"\n[models."a/b"]\nevidence = "e"', "openness"),
        ('version = "1"\n[models."a/b"]\nevidence = "e"\nopenness = "ajar"', "ajar"),
        ('version = "1"\n[authors.a]\nevidence = "e"\nopenness = "open"\nsince = "x"', "'x'"),
        (
            'version = "1"\nauthors.a={openness="open",evidence="e",since=2026-06-01T00:00:00}',
            "since",
        ),
    ],
)
def test_a_wrong_registry_is_refused_saying_where_and_what(text: str, wrong: str) -> None:
    with pytest.raises(InputError, match=wrong) as refused:
        parse_registry(text, "here.toml")
    assert str(refused.value).startswith("here.toml: ")


def _entries() -> Mapping[str, Mapping[str, Any]]:
    data = tomllib.loads(SHIPPED)
    return {**data["authors"], **data["models"]}


def test_the_shipped_registry_can_be_read_and_is_of_a_day() -> None:
    registry = parse_registry(SHIPPED, "openness.toml")
    assert date.fromisoformat(registry.version)
    assert len(registry.models) >= 30


@pytest.mark.parametrize("key", sorted(_entries()))
def test_each_shipped_entry_is_dated_checked_and_of_a_base_model(key: str) -> None:
    entry = _entries()[key]
    assert set(entry) <= {"name", "openness", "since", "evidence", "checked"}
    assert ":" not in key
    assert key.partition("/")[0] not in STEALTH_AUTHORS
    assert entry["openness"] in set(Openness)
    assert entry.get("since", date.min) <= entry["checked"]
    assert ("/" in key) == ("name" in entry)
    # A doubt has no day from which it holds; an author's entry speaks of every day.
    assert ("since" in entry) == ("/" in key and entry["openness"] != Openness.UNKNOWN)
