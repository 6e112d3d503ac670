"""Time zones by the names that people type."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.errors import UnknownName
from bot.queries.names import MOST
from bot.queries.timezones import timezones

ZONES = timezones(["en", "tr"])


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Istanbul", "Europe/Istanbul"),
        ("istanbul", "Europe/Istanbul"),
        ("İSTANBUL", "Europe/Istanbul"),
        ("ıstanbul", "Europe/Istanbul"),
        ("Asia/Istanbul", "Europe/Istanbul"),
        ("Turkey", "Europe/Istanbul"),
        ("America/New_York", "America/New_York"),
        ("new york", "America/New_York"),
        ("New  York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("US/Eastern", "America/New_York"),
        ("EST", "America/New_York"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("são paulo", "America/Sao_Paulo"),
        ("Londra", "Europe/London"),
        ("Viyana", "Europe/Vienna"),
        ("Kiev", "Europe/Kyiv"),
        ("Calcutta", "Asia/Kolkata"),
        ("lord howe", "Australia/Lord_Howe"),
        ("utc", "UTC"),
        ("GMT", "UTC"),
    ],
)
def test_usual_ways_of_typing_name_the_zone(typed: str, zone: str) -> None:
    assert ZONES.meant(typed).what == zone
    assert ZONES.offered(typed)[0].what == zone


def test_every_zone_that_can_be_meant_is_there_and_is_named_by_itself() -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    for each in ZONES.all:
        assert now.astimezone(ZoneInfo(each.what)).tzinfo is not None
        assert ZONES.meant(each.what) is each
        assert ZONES.meant(each.name) is each


def test_each_place_is_there_once() -> None:
    names = [each.what for each in ZONES.all]
    assert len(names) == len(set(names)) > 400
    assert not {"Asia/Calcutta", "Turkey", "US/Eastern", "Etc/GMT+3", "localtime"} & set(names)


@pytest.mark.parametrize("typed", ["", "a", "america", "e", "pacific"])
def test_no_more_are_offered_than_discord_shows(typed: str) -> None:
    assert 0 < len(ZONES.offered(typed)) <= MOST


def test_before_anything_is_typed_well_known_ones_are_offered() -> None:
    offered = [each.what for each in ZONES.offered("")]
    assert offered[0] == "UTC"
    assert {"Europe/Istanbul", "America/New_York", "Asia/Tokyo"} <= set(offered)
    assert set(offered) <= {each.what for each in ZONES.all}


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Istambul", "Europe/Istanbul"),
        ("newyork", "America/New York"),
        ("San", "Europe/San Marino"),
    ],
)
def test_what_is_no_zone_is_refused_with_the_nearest(typed: str, near: str) -> None:
    with pytest.raises(UnknownName) as caught:
        ZONES.meant(typed)
    assert caught.value.kind == "timezone"
    assert near in caught.value.nearest


@pytest.mark.parametrize("typed", ["UTC+3", "Europe", "../etc/passwd", "Atlantis", "", "🕐"])
def test_what_names_no_place_is_refused(typed: str) -> None:
    with pytest.raises(UnknownName):
        ZONES.meant(typed)
