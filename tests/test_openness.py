"""Openness: which evidence speaks first, from which day on, and what the shipped registry says."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest

from bot.errors import InputError
from bot.knowledge import CatalogueEntry, HubCheck, Verdict
from bot.model import Openness
from bot.openness import STEALTH_AUTHORS, UNKNOWN, directory, parse_registry
from tests import made
from tests.made import START, verdict

OPEN, CLOSED, UNSURE = Openness.OPEN, Openness.CLOSED, Openness.UNKNOWN
BEFORE, AFTER = START - timedelta(1), START + timedelta(1)
SHIPPED = (files("bot") / "openness.toml").read_text(encoding="utf-8")


GOOD = HubCheck(START, public=True, weights=True, licence="mit")
PRIVATE = HubCheck(START, public=False, weights=False, licence=None)
EMPTY = HubCheck(START, public=True, weights=False, licence="mit")


def _hint(
    since: date | None = START,
    weights: str | None = "lab/weights",
    hub: HubCheck | None = None,
    days: int = 9,
) -> CatalogueEntry:
    """Return an entry that was listed so many days before START."""
    return CatalogueEntry("lab/m", "Model M", START - timedelta(days), weights, since, None, hub)


def _bare(days: int = 14) -> CatalogueEntry:
    return _hint(None, None, None, days)


@pytest.mark.parametrize(
    ("model", "hint", "author", "said"),
    [
        (verdict(CLOSED), _hint(), verdict(OPEN), CLOSED),
        (verdict(OPEN), None, verdict(CLOSED), OPEN),
        (verdict(UNSURE), _hint(), None, UNSURE),
        (None, _hint(), verdict(CLOSED), OPEN),
        (None, _hint(weights=None), verdict(CLOSED), CLOSED),
        (None, _hint(since=None), verdict(CLOSED), CLOSED),
        (None, _hint(since=AFTER), verdict(CLOSED), CLOSED),
        (verdict(CLOSED, AFTER), _hint(), verdict(CLOSED), OPEN),
        (verdict(OPEN, AFTER), None, None, UNSURE),
        (None, None, verdict(OPEN, AFTER), UNSURE),
        (None, None, None, UNSURE),
        (None, _hint(hub=GOOD), verdict(CLOSED), OPEN),
        (verdict(CLOSED), _hint(hub=GOOD), None, CLOSED),
        (verdict(OPEN), _hint(hub=PRIVATE), None, OPEN),
        (None, _hint(hub=PRIVATE), verdict(CLOSED), CLOSED),
        (None, _hint(hub=PRIVATE), None, UNSURE),
        (None, _hint(hub=EMPTY), None, UNSURE),
        (None, _hint(hub=EMPTY, days=30, since=START - timedelta(30)), None, UNSURE),
        (None, _bare(13), None, UNSURE),
        (None, _bare(), None, CLOSED),
        (None, _bare(), verdict(OPEN), OPEN),
        (None, _bare(), verdict(OPEN, AFTER), CLOSED),
        (verdict(OPEN), _bare(), None, OPEN),
        (verdict(OPEN, AFTER), _bare(), None, CLOSED),
        (verdict(UNSURE), _bare(), None, UNSURE),
        (replace(verdict(OPEN, AFTER), correction=True), _hint(), verdict(OPEN), CLOSED),
        (None, _hint(), replace(verdict(CLOSED, AFTER), correction=True), OPEN),
        (None, _hint(AFTER), replace(verdict(CLOSED, AFTER), correction=True), CLOSED),
    ],
)
def test_the_first_evidence_in_the_order_of_precedence_that_speaks_of_the_day_decides(
    model: Verdict | None, hint: CatalogueEntry | None, author: Verdict | None, said: Openness
) -> None:
    known = made.directory(
        {"lab/other": verdict(OPEN, AFTER)} | ({"lab/m": model} if model else {}),
        {"lab": author} if author else {},
        [hint] if hint else [],
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
    assert [each.openness for each in said] == [UNSURE, OPEN, OPEN]
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
    assert hidden.openness is UNSURE
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
    ("licence", "words"), [("mit", "licence mit."), (None, "licence not stated.")]
)
def test_a_hint_that_was_checked_tells_when_and_the_licence(
    licence: str | None, words: str
) -> None:
    said = made.directory(catalogue=[_hint(hub=replace(GOOD, licence=licence))]).at("lab/m", AFTER)
    assert said.evidence.endswith(f"; checked on 2026-06-01, {words}")
    assert (said.since, said.checked) == (START, START)


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
    checked = 2026-06-02
    [models."lab/m"]
    name = "Model M"
    openness = "open"
    since = 2026-06-01
    evidence = "seen"
    checked = 2026-06-03
    correction = true
    [names]
    "lab/n" = "Model N"
    """
    registry = parse_registry(text, "here.toml")
    assert registry.version == "7"
    assert registry.authors == {"lab": Verdict(CLOSED, None, "told", False, date(2026, 6, 2))}
    assert registry.models == {"lab/m": Verdict(OPEN, START, "seen", True, date(2026, 6, 3))}
    assert registry.names == {"lab/n": "Model N", "lab/m": "Model M"}


WHOLE = {"openness": '"open"', "evidence": '"e"', "checked": "2026-06-01"}


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ({"evidence": None}, "evidence"),
        ({"evidence": '""'}, "evidence"),
        ({"evidence": "3"}, "evidence"),
        ({"openness": None}, "openness"),
        ({"openness": '"ajar"'}, "ajar"),
        ({"since": '"x"'}, "since must be a day, not 'x'"),
        ({"since": "2026-06-01T00:00:00"}, "since"),
        ({"checked": None}, "checked"),
        ({"checked": '"yesterday"'}, "checked must be a day, not 'yesterday'"),
        ({"correction": '"yes"'}, "correction must be true or false, not 'yes'"),
        ({"correction": "1"}, "correction"),
    ],
)
@pytest.mark.parametrize("table", ["authors.lab", 'models."lab/m"'])
def test_a_wrong_entry_is_refused_saying_where_which_and_what(
    table: str, entry: Mapping[str, str | None], wrong: str
) -> None:
    lines = [f"{key} = {value}" for key, value in {**WHOLE, **entry}.items() if value is not None]
    text = "\n".join(['version = "1"', f"[{table}]", *lines])
    with pytest.raises(InputError, match=wrong) as refused:
        parse_registry(text, "here.toml")
    assert str(refused.value).startswith("here.toml: ")
    assert "lab" in str(refused.value)


@pytest.mark.parametrize(("text", "wrong"), [("version = ", "TOMLDecodeError"), ("", "version")])
def test_what_is_no_registry_is_refused(text: str, wrong: str) -> None:
    with pytest.raises(InputError, match=f"^here.toml: .*{wrong}"):
        parse_registry(text, "here.toml")


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
    assert set(entry) <= {"name", "openness", "since", "evidence", "checked", "correction"}
    assert ":" not in key
    assert key.partition("/")[0] not in STEALTH_AUTHORS
    assert entry["openness"] in set(Openness)
    assert entry.get("since", date.min) <= entry["checked"]
    assert ("/" in key) == ("name" in entry)
    # A doubt has no day from which it holds; an author's entry speaks of every day.
    assert ("since" in entry) == ("/" in key and entry["openness"] != UNSURE)
