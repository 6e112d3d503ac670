"""The catalogue's hints at weights: when each was read, and what the Hub said of it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PayloadRefused, SourceUnreachable
from bot.knowledge import CatalogueEntry, HubCheck
from bot.sources.catalogue import check_hints, merge_catalogues, parse_catalogue

LISTED_ON, TODAY = date(2026, 6, 1), date(2026, 6, 20)


def checked(days: int = 0, licence: str = "mit") -> HubCheck:
    """Return a check of so many days ago."""
    return HubCheck(TODAY - timedelta(days), public=True, weights=True, licence=licence)


def entry(name: str, hub: HubCheck | None = None) -> CatalogueEntry:
    """Return an entry that hints at weights."""
    return CatalogueEntry(f"lab/{name}", name, LISTED_ON, f"hub/{name}", LISTED_ON, LISTED_ON, hub)


def bare(name: str) -> CatalogueEntry:
    """Return an entry without weights."""
    return replace(entry(name), weights=None, weights_since=None)


class Hub:
    """Note what it is asked, and answer with today's check or the error set for a repository."""

    def __init__(self, **errors: Exception) -> None:
        self.asked: list[str] = []
        self._errors = errors

    async def __call__(self, repository: str) -> HubCheck:
        """Answer."""
        name = repository.removeprefix("hub/")
        self.asked.append(name)
        if name in self._errors:
            raise self._errors[name]
        return checked(licence="new")


async def asked_of(entries: Sequence[CatalogueEntry], limit: int = 40, **errors: Exception) -> str:
    """Return the names of the repositories that are asked about, in order."""
    hub = Hub(**errors)
    await check_hints(entries, hub, TODAY, limit)
    return "".join(hub.asked)


async def test_hints_without_a_check_are_asked_about_and_the_answer_is_kept() -> None:
    hub, entries = Hub(), (entry("b"), bare("c"), entry("a"))
    found = await check_hints(entries, hub, TODAY, 40)
    assert hub.asked == ["a", "b"]
    new = checked(licence="new")
    assert found == (replace(entries[0], hub=new), entries[1], replace(entries[2], hub=new))


@pytest.mark.parametrize(("days", "asked"), [(0, ""), (30, ""), (31, "a"), (300, "a")])
async def test_a_check_holds_for_thirty_days(days: int, asked: str) -> None:
    assert await asked_of([entry("a", checked(days))]) == asked


async def test_the_unchecked_are_asked_about_first_then_the_oldest_within_the_limit() -> None:
    entries = [entry("a", checked(31)), entry("b", checked(40)), entry("d"), entry("c")]
    assert await asked_of(entries) == "cdba"
    assert await asked_of(entries, 3) == "cdb"
    assert await asked_of(entries, 0) == ""


async def test_the_first_time_the_hub_is_not_reached_ends_it_with_what_is_known_kept() -> None:
    hub = Hub(b=SourceUnreachable("gone"))
    old = entry("c", checked(40))
    found = await check_hints((entry("a"), entry("b"), old), hub, TODAY, 40)
    assert hub.asked == ["a", "b"]
    assert found == (entry("a", checked(licence="new")), entry("b"), old)


async def test_an_answer_that_cannot_be_read_leaves_its_entry_and_the_next_is_asked_about() -> None:
    hub = Hub(a=PayloadRefused("there", "is nothing"))
    found = await check_hints((entry("a"), entry("b")), hub, TODAY, 40)
    assert [each.hub for each in found] == [None, checked(licence="new")]


@given(
    st.lists(st.none() | st.integers(0, 99), max_size=9),
    st.integers(0, 9),
    st.sets(st.integers(0, 8)),
)
async def test_checking_changes_nothing_but_the_checks_of_those_asked_about(
    ages: list[int | None], limit: int, down: set[int]
) -> None:
    entries = tuple(
        entry(str(n), None if age is None else checked(age)) for n, age in enumerate(ages)
    )
    hub = Hub(**{str(n): SourceUnreachable("gone") for n in down})
    found = await check_hints(entries, hub, TODAY, limit)
    assert len(hub.asked) <= limit
    assert [replace(each, hub=None) for each in found] == [entry(e.name) for e in entries]
    new = {e.name for e, was in zip(found, entries, strict=True) if e.hub != was.hub}
    assert new == {name for name in hub.asked if int(name) not in down}


def test_a_reading_dates_what_it_lists_and_leaves_what_it_does_not() -> None:
    known = (entry("a", checked()), entry("gone", checked()))
    found = merge_catalogues(known, (replace(entry("a"), seen=None), bare("new")), TODAY)
    assert [(each.name, each.seen) for each in found] == [
        ("a", TODAY),
        ("gone", LISTED_ON),
        ("new", TODAY),
    ]


@pytest.mark.parametrize(
    ("fresh", "hub"),
    [
        (entry("a"), checked()),
        (replace(entry("a"), name="Renamed"), checked()),
        (replace(entry("a"), weights="hub/moved"), None),
        (bare("a"), None),
    ],
    ids=["the same", "renamed", "another repository", "withdrawn"],
)
def test_a_check_is_kept_while_it_is_of_the_same_repository(
    fresh: CatalogueEntry, hub: HubCheck | None
) -> None:
    (found,) = merge_catalogues((entry("a", checked()),), (fresh,), TODAY)
    assert found.hub == hub
    if hub is None:
        (back,) = merge_catalogues((found,), (entry("a"),), TODAY)
        assert back.hub is None


def test_weights_that_were_withdrawn_are_none_and_new_when_they_come_back() -> None:
    (gone,) = merge_catalogues((entry("a"),), (bare("a"),), TODAY)
    assert (gone.weights, gone.weights_since) == (None, None)
    (back,) = merge_catalogues((gone,), (entry("a"),), TODAY)
    assert back.weights_since == TODAY


def test_a_name_holds_nothing_that_a_terminal_obeys() -> None:
    row = {"id": "a/b", "canonical_slug": "a/b", "created": 1}
    names = {"A: \u001b[31mRed\u0007\n": "[31mRed", "A: \u202eB": "B", " \u0000": "a/b"}
    for name, shown in names.items():
        (found,) = parse_catalogue(json.dumps([row | {"name": name}]).encode(), "here")
        assert found.name == shown
