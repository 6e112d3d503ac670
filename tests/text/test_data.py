"""What is held on somebody, in words and as a file; and what of all that is stored that is."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.answers.held_data import About, HeldData
from bot.packaged import read_languages
from bot.queries.held_data import on_person, on_server, places_of
from bot.subscription import DIRECT, Change, Channel, Deed, Digest, Subscription, Wish
from bot.text.data import as_json, confirm, deleted, nothing, shown
from cogs._message import plain_text
from tests.contract.nouns import delivery
from tests.made import START

ENGLISH, TURKISH = (read_languages()[code] for code in ("en", "tr"))
NOW = datetime(2026, 6, 9, 21, 7, tzinfo=UTC)
ANN, BOB = 2_000_000_000_000_000_077, 2_000_000_000_000_000_078
WATCHES = Subscription(70, DIRECT, Wish(only=("a/x", "b/")), START, NOW, ANN)
OTHERS = replace(WATCHES, channel_id=80, created_by=BOB)
OURS = Subscription(1, 10, Wish(), START, NOW - timedelta(days=3), ANN, number=2)
THEIRS = Subscription(2, 20, Wish(), START, NOW, BOB)
SUBSCRIPTIONS = (WATCHES, OTHERS, OURS, THEIRS)
CHANNELS = (Channel(70, DIRECT), Channel(80, DIRECT), Channel(1, 10), Channel(2, 20))
MADE = Change(NOW, ANN, 10, 1, Deed.SUBSCRIBED, 2, {"boards": "models"})
CHANGES = (MADE, replace(MADE, who=BOB), replace(MADE, guild_id=20, channel_id=2))
ROWS = tuple(
    replace(delivery(f"{channel}:en:k", channel), guild_id=guild)
    for channel, guild in ((70, DIRECT), (80, DIRECT), (1, 10), (2, 20), (90, DIRECT))
)


def of_person(person: int = ANN, direct: int | None = None) -> HeldData:
    """Return what is held on a person."""
    places = places_of(person, direct, SUBSCRIPTIONS)
    return on_person(person, places, CHANNELS, SUBSCRIPTIONS, ROWS, CHANGES)


def of_server(guild: int = 10, absent: datetime | None = None) -> HeldData:
    """Return what is held on a server."""
    absences = {20: NOW, **({guild: absent} if absent else {})}
    return on_server(guild, CHANNELS, SUBSCRIPTIONS, ROWS, CHANGES, absences)


def test_of_a_person_there_is_what_they_watch_and_wherever_their_id_stands() -> None:
    held = of_person()
    assert held.subscriptions == (WATCHES,)
    assert held.named == (OURS,)
    assert held.channels == (CHANNELS[0],)
    assert held.changes == (CHANGES[0], CHANGES[2])
    assert [row.channel_id for row in held.deliveries] == [70]


def test_messages_to_a_person_who_watches_nothing_any_more_are_found_by_their_channel() -> None:
    held = of_person(5, 90)
    assert [row.channel_id for row in held.deliveries] == [90]
    assert not held.empty
    assert of_person(5).empty


def test_of_several_channels_of_a_person_the_oldest_message_comes_first() -> None:
    rows = [
        replace(row, created_at=row.created_at - timedelta(days=n)) for n, row in enumerate(ROWS)
    ]
    assert places_of(ANN, 90, SUBSCRIPTIONS) == {70, 90}
    held = on_person(ANN, frozenset({70, 90}), (), (), rows, ())
    assert [row.channel_id for row in held.deliveries] == [90, 70]


def test_of_a_server_there_is_all_that_is_its_own() -> None:
    held = of_server()
    assert held.subscriptions == (OURS,)
    assert held.channels == (CHANNELS[2],)
    assert held.changes == (CHANGES[0], CHANGES[1])
    assert held.deliveries == (ROWS[2],)
    assert held.absent_since is None
    assert of_server(20).absent_since == NOW
    assert on_server(30, CHANNELS, SUBSCRIPTIONS, ROWS, CHANGES, {}).empty
    assert not on_server(30, (), (), (), (), {30: NOW}).empty


def test_it_is_counted_in_words_with_the_day_of_the_oldest() -> None:
    assert plain_text(shown(of_person(), ENGLISH)).splitlines() == [
        "## What I hold on you",
        "2 models and authors that you watch · oldest: 9 June 2026",
        "The record of 1 message · oldest: 20 June 2026",
        "Your id in 1 subscription of a server · oldest: 6 June 2026",
        "Your id in 2 changes of servers’ settings · oldest: 9 June 2026",
        "The file has all of it.",
        "/data delete deletes it.",
    ]
    digest = Digest(0, 9, "UTC", ("models",), "en", NOW)
    held = replace(of_server(absent=NOW), channels=(Channel(1, 10, digest=digest),))
    assert plain_text(shown(held, ENGLISH)).splitlines() == [
        "## What I hold on this server",
        "1 subscription · oldest: 6 June 2026",
        "1 weekly digest",
        "The record of 1 message · oldest: 20 June 2026",
        "2 changes of settings · oldest: 9 June 2026",
        "I was removed from it, as I noticed on 9 June 2026.",
        "The file has all of it.",
        "/data delete about:server deletes it.",
    ]
    none = replace(held, channels=(), changes=(), absent_since=None)
    assert len(plain_text(shown(none, ENGLISH)).splitlines()) == 5
    assert "izlediğiniz 2 model ya da üretici" in plain_text(shown(of_person(), TURKISH))
    assert "/veri sil hakkında:sunucu" in plain_text(shown(held, TURKISH))


@pytest.mark.parametrize("about", About)
def test_nothing_is_said_to_be_nothing(about: About) -> None:
    empty = HeldData(about, 5, (), (), (), ())
    assert shown(empty, ENGLISH) == nothing(about, ENGLISH)
    assert "any more" in plain_text(deleted(empty, ENGLISH))


def test_what_a_deletion_deletes_and_what_came_meanwhile_is_said() -> None:
    assert "This cannot be undone." in plain_text(confirm(of_person(), ENGLISH))
    assert "2 changes of settings" in plain_text(confirm(of_server(), ENGLISH))
    left = replace(of_person(), changes=(), named=())
    assert plain_text(deleted(left, ENGLISH)).splitlines() == [
        "## Deleted",
        "What came meanwhile is still here:",
        "2 models and authors that you watch · oldest: 9 June 2026",
        "The record of 1 message · oldest: 20 June 2026",
        "Messages that stand on Discord stay there.",
        "The log keeps its lines, as /privacy says.",
    ]


def test_the_file_has_every_field_with_long_ids_as_text() -> None:
    told = json.loads(as_json(of_person(), NOW))
    assert told["read"] == "2026-06-09T21:07:00+00:00"
    assert told["about"] == "me"
    assert told["whose"] == str(ANN)
    (watches,) = told["subscriptions"]
    assert watches["channel_id"] == 70
    assert watches["created_by"] == str(ANN)
    assert watches["after"] == "2026-06-01"
    assert watches["wish"]["only"] == ["a/x", "b/"]
    assert told["changes"][0]["values"] == {"boards": "models"}
    assert told["deliveries"][0]["state"] == "pending"
    assert set(watches) == set(Subscription.__dataclass_fields__)
