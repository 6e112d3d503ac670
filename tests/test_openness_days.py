"""Openness by the day: two weeks without a hint, and what a correction says of the past."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge import CatalogueEntry, HubCheck, Verdict
from bot.model import Openness
from bot.openness import UNKNOWN, Directory
from tests import made
from tests.made import START, verdict

OPEN, CLOSED, UNSURE = Openness.OPEN, Openness.CLOSED, Openness.UNKNOWN
DAY_13, DAY_14 = START + timedelta(13), START + timedelta(14)
READ = START + timedelta(40)
DAYS = st.dates(START - timedelta(60), START + timedelta(60))


def _listed(model: str = "lab/m", seen: date | None = READ) -> CatalogueEntry:
    return CatalogueEntry(model, "M", START, None, None, seen)


def _published(model: str = "lab/open", hub: HubCheck | None = None) -> CatalogueEntry:
    return CatalogueEntry(model, "Open", START, "lab/open", READ, READ, hub)


def _said(known: Directory, model: str = "lab/m") -> list[Openness]:
    return [known.at(model, when).openness for when in (START, DAY_13, DAY_14, READ)]


def test_a_model_without_a_hint_is_unknown_for_two_weeks_and_closed_from_then_on() -> None:
    known = made.directory(catalogue=[_published(), _listed()])
    assert _said(known) == [UNSURE, UNSURE, CLOSED, CLOSED]
    assert known.at("lab/m", DAY_13) == UNKNOWN
    closed = known.at("lab/m", DAY_14)
    assert closed.evidence == "No public weights found as of 2026-07-11."
    assert (closed.since, closed.checked) == (DAY_14, READ)


def test_a_reading_whose_day_is_not_known_counts_as_of_the_end_of_the_two_weeks() -> None:
    known = made.directory(catalogue=[_published(), _listed(seen=None)])
    assert _said(known) == [UNSURE, UNSURE, CLOSED, CLOSED]
    assert known.at("lab/m", READ).evidence == "No public weights found as of 2026-06-15."


@pytest.mark.parametrize(("seen", "said"), [(DAY_13, UNSURE), (DAY_14, CLOSED)])
def test_a_model_that_no_reading_has_listed_since_the_two_weeks_stays_unknown(
    seen: date, said: Openness
) -> None:
    known = made.directory(catalogue=[_published(), _listed(seen=seen)])
    assert known.at("lab/m", READ).openness is said


@pytest.mark.parametrize(
    ("registry", "other", "said"),
    [
        ({}, _published(), CLOSED),
        ({}, _published(hub=HubCheck(READ, public=True, weights=True, licence=None)), CLOSED),
        ({}, _published(hub=HubCheck(READ, public=False, weights=False, licence=None)), UNSURE),
        ({}, _published("other/open"), UNSURE),
        ({}, _listed("lab/quiet"), UNSURE),
        ({"lab/old": verdict(OPEN, READ + timedelta(99))}, None, CLOSED),
        ({"lab/old": verdict(CLOSED)}, None, UNSURE),
        ({"lab/old": verdict(UNSURE)}, None, UNSURE),
        ({"lab-two/old": verdict(OPEN)}, None, UNSURE),
    ],
)
def test_only_who_publishes_weights_on_any_day_is_taken_not_to_have_done_so(
    registry: dict[str, Verdict], other: CatalogueEntry | None, said: Openness
) -> None:
    known = made.directory(registry, catalogue=[_listed(), *([other] if other else [])])
    assert known.at("lab/m", READ).openness is said


@pytest.mark.parametrize(("one", "two"), [("meta", "meta-llama"), ("meta-llama", "meta")])
def test_meta_is_one_author_under_both_its_names(one: str, two: str) -> None:
    known = made.directory({f"{one}/open": verdict(OPEN)}, catalogue=[_listed(f"{two}/m")])
    assert known.at(f"{two}/m", READ).openness is CLOSED


def test_what_is_not_in_the_catalogue_or_a_stealth_authors_is_never_taken_for_closed() -> None:
    stealth = [_published("stealth/open"), _listed("stealth/m")]
    known = made.directory({"stealth/own": verdict(OPEN)}, catalogue=[_published(), *stealth])
    assert known.at("lab/gone", READ) == UNKNOWN
    assert known.at("stealth/m", READ).openness is UNSURE


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (DAY_13, [UNSURE, OPEN, OPEN, OPEN]),
        (DAY_14, [UNSURE, UNSURE, OPEN, OPEN]),
        (READ, [UNSURE, UNSURE, CLOSED, OPEN]),
    ],
)
def test_a_hint_that_comes_later_opens_the_model_from_its_day_and_leaves_the_days_before(
    came: date, said: list[Openness]
) -> None:
    hinted = replace(_listed(), weights="lab/m", weights_since=came)
    known = made.directory(catalogue=[_published(), hinted])
    assert _said(known) == said
    if said[2] is CLOSED:
        assert known.at("lab/m", DAY_14).evidence == "No public weights found before 2026-07-11."


@pytest.mark.parametrize(("public", "weights"), [(False, False), (True, False), (False, True)])
def test_a_hint_that_the_hub_does_not_bear_out_says_neither_open_nor_closed(
    *, public: bool, weights: bool
) -> None:
    hub = HubCheck(READ, public, weights, "mit")
    hinted = replace(_listed(), weights="lab/m", weights_since=START, hub=hub)
    known = made.directory(catalogue=[_published(), hinted])
    assert _said(known) == [UNSURE] * 4
    late = made.directory(catalogue=[_published(), replace(hinted, weights_since=READ)])
    assert _said(late) == [UNSURE, UNSURE, CLOSED, UNSURE]


@pytest.mark.parametrize(
    ("openness", "before"), [(OPEN, CLOSED), (CLOSED, CLOSED), (UNSURE, UNSURE)]
)
@pytest.mark.parametrize("whose", ["model", "author"])
def test_a_correction_speaks_of_the_days_before_its_own_too(
    openness: Openness, before: Openness, whose: str
) -> None:
    entry = Verdict(openness, DAY_14, "told there", correction=True, checked=READ)
    known = made.directory({"lab/m": entry}) if whose == "model" else None
    known = known or made.directory(authors={"lab": entry})
    assert known.at("lab/m", DAY_14) == entry
    said = known.at("lab/m", DAY_13)
    assert (said.openness, said.since, said.checked) == (before, None, READ)
    words = "No public weights yet. told there" if openness is OPEN else "told there"
    assert said.evidence == words


def test_whether_a_correction_speaks_of_models_is_asked_of_them_and_their_authors() -> None:
    mended = replace(verdict(CLOSED, START), correction=True)
    known = made.directory(
        {"lab/m": mended, "lab/n": verdict(OPEN)}, {"shop": mended, "bar": verdict(CLOSED)}
    )
    assert known.corrected(["lab/n", "lab/m"])
    assert known.corrected(iter(["shop/anything"]))
    assert not known.corrected(["lab/n", "lab/none", "bar/m", "shop-two/m"])
    assert not known.corrected([])


def test_what_a_model_itself_comes_to_publish_says_nothing_of_its_own_past() -> None:
    hinted = replace(_listed(), weights="lab/m", weights_since=READ)
    assert _said(made.directory(catalogue=[hinted])) == [UNSURE, UNSURE, UNSURE, OPEN]
    entry = {"lab/m": verdict(OPEN, READ)}
    assert _said(made.directory(entry, catalogue=[_listed()])) == [UNSURE, UNSURE, UNSURE, OPEN]


OPENNESS = st.sampled_from(Openness)
ENTRIES = st.builds(verdict, OPENNESS, st.none() | DAYS)
CATALOGUES = st.lists(
    st.builds(
        lambda model, created, came, seen, hub: CatalogueEntry(
            model, "M", created, model if came else None, came, seen, hub
        ),
        st.sampled_from(["lab/m", "lab/n"]),
        DAYS,
        st.none() | DAYS,
        st.none() | DAYS,
        st.none() | st.builds(HubCheck, DAYS, st.booleans(), st.booleans(), st.none()),
    ),
    max_size=2,
    unique_by=lambda entry: entry.model,
)


@given(st.sampled_from([OPEN, CLOSED]), DAYS, CATALOGUES, st.none() | ENTRIES, DAYS)
def test_a_correction_never_leaves_a_day_unknown(
    openness: Openness,
    since: date,
    catalogue: list[CatalogueEntry],
    author: Verdict | None,
    when: date,
) -> None:
    entry = replace(verdict(openness, since), correction=True)
    known = made.directory({"lab/m": entry}, {"lab": author} if author else {}, catalogue)
    said = known.at("lab/m", when).openness
    assert said is (openness if when >= since else CLOSED)


@given(
    OPENNESS,
    DAYS,
    CATALOGUES,
    st.none() | ENTRIES,
    st.integers(1, 90),
)
def test_an_entry_that_is_no_correction_changes_no_day_before_its_own(
    openness: Openness,
    since: date,
    catalogue: list[CatalogueEntry],
    author: Verdict | None,
    back: int,
) -> None:
    authors = {"lab": author} if author else {}
    without = made.directory({}, authors, catalogue)
    with_it = made.directory({"lab/m": verdict(openness, since)}, authors, catalogue)
    when = since - timedelta(back)
    assert with_it.at("lab/m", when) == without.at("lab/m", when)


@given(CATALOGUES, st.none() | ENTRIES, DAYS)
def test_no_evidence_is_dated_after_the_day_it_speaks_of(
    catalogue: list[CatalogueEntry], author: Verdict | None, when: date
) -> None:
    known = made.directory({"lab/o": verdict(OPEN)}, {"lab": author} if author else {}, catalogue)
    since = known.at("lab/m", when).since
    assert since is None or since <= when
