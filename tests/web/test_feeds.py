"""Feeds that every reader can read: whole, stable, and without rows."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.feeds import RIGHTS, Feed, Item, atom, identity, json_feed

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
FOUND = datetime(2026, 6, 13, 3, 30, tzinfo=UTC)
ITEM = Item(
    key="models.open_top5.4.2026-06-12",
    title="Open models now hold four of the top five",
    path="en/milestones/four-1234.html",
    published=FOUND,
    updated=FOUND,
    summary=("Open among the five: A, B, C and D.", "Source: OpenRouter."),
)
WITHDRAWN = replace(
    ITEM,
    key="models.leader.a/b.2026-06-11",
    title="Withdrawn: A leads",
    updated=FOUND + timedelta(days=2),
)
FEED = Feed(
    title="Rankshift: milestones",
    author="Rankshift",
    language="en",
    address="https://example.org/rankshift",
    path="en/feed.atom",
    home="en/index.html",
    items=(ITEM, WITHDRAWN),
    updated=WITHDRAWN.updated,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


def read(feed: Feed) -> ElementTree.Element:
    """Return an Atom feed as a reader reads it."""
    return ElementTree.fromstring(atom(feed))  # noqa: S314 — our own


def one(parent: ElementTree.Element, name: str) -> str:
    """Return the text of the only element of a name."""
    (found,) = parent.findall(f"{ATOM}{name}")
    return found.text or ""


def links(parent: ElementTree.Element) -> Mapping[str, str]:
    """Return addresses by what they are to the parent; each once."""
    found = [link.attrib for link in parent.findall(f"{ATOM}link")]
    assert len({link["rel"] for link in found}) == len(found)
    return {link["rel"]: link["href"] for link in found}


def check(feed: Feed) -> None:
    """Hold a feed to what RFC 4287 asks of its elements."""
    root = read(feed)
    assert root.tag == f"{ATOM}feed"
    assert root.attrib == {LANG: feed.language}
    assert set(links(root)) == {"self", "alternate"}
    (author,) = root.findall(f"{ATOM}author")
    assert one(author, "name")
    for parent in (root, *root.findall(f"{ATOM}entry")):
        UUID(one(parent, "id").removeprefix("urn:uuid:"))
        assert one(parent, "title")
        assert RFC3339.fullmatch(one(parent, "updated"))
    for entry in root.findall(f"{ATOM}entry"):
        assert set(links(entry)) == {"alternate"}
        assert RFC3339.fullmatch(one(entry, "published"))
        assert one(entry, "published") <= one(entry, "updated") <= one(root, "updated")
    ids = [one(parent, "id") for parent in (root, *root.findall(f"{ATOM}entry"))]
    assert len(set(ids)) == len(ids)


def test_an_atom_feed_has_all_that_is_required() -> None:
    check(FEED)
    check(replace(FEED, items=()))
    check(replace(FEED, address=""))


def test_an_atom_feed_tells_what_it_was_given_in_its_order() -> None:
    root = read(FEED)
    first, second = root.findall(f"{ATOM}entry")
    assert one(root, "title") == "Rankshift: milestones"
    assert one(root, "updated") == "2026-06-15T03:30:00Z"
    assert one(first, "title") == "Open models now hold four of the top five"
    assert one(first, "summary") == "Open among the five: A, B, C and D.\nSource: OpenRouter."
    assert one(first, "published") == one(first, "updated") == "2026-06-13T03:30:00Z"
    assert one(second, "title") == "Withdrawn: A leads"
    assert one(second, "updated") == "2026-06-15T03:30:00Z"


def test_whose_the_figures_are_and_under_which_licence_is_said() -> None:
    assert RIGHTS == (
        "Source: OpenRouter (openrouter.ai/rankings). Licensed under CC BY 4.0:"
        " https://creativecommons.org/licenses/by/4.0/"
    )
    assert one(read(FEED), "rights") == RIGHTS
    assert json.loads(json_feed(FEED))["_rights"] == RIGHTS


def test_a_json_feed_is_one_by_version_1_1() -> None:
    feed = replace(FEED, path="en/feed.json")
    document = json.loads(json_feed(feed))
    assert {name: document[name] for name in document if name != "items"} == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Rankshift: milestones",
        "home_page_url": "https://example.org/rankshift/en/index.html",
        "feed_url": "https://example.org/rankshift/en/feed.json",
        "language": "en",
        "authors": [{"name": "Rankshift"}],
        "_rights": RIGHTS,
    }
    assert document["items"][1] == {
        "id": identity(WITHDRAWN.key),
        "url": "https://example.org/rankshift/en/milestones/four-1234.html",
        "title": "Withdrawn: A leads",
        "content_text": "Open among the five: A, B, C and D.\nSource: OpenRouter.",
        "date_published": "2026-06-13T03:30:00Z",
        "date_modified": "2026-06-15T03:30:00Z",
    }


def test_where_the_address_is_not_known_links_are_relative() -> None:
    demo = replace(FEED, address="")
    assert links(read(demo)) == {"self": "feed.atom", "alternate": "index.html"}
    (first, _) = read(demo).findall(f"{ATOM}entry")
    assert links(first) == {"alternate": "milestones/four-1234.html"}
    document = json.loads(json_feed(demo))
    assert document["home_page_url"] == "index.html"
    assert document["items"][0]["url"] == "milestones/four-1234.html"
    assert b'href="http' not in atom(demo)


def test_what_a_reader_knows_an_item_by_stays_wherever_the_site_is() -> None:
    assert identity(ITEM.key) == "urn:uuid:22d90f6b-9626-5476-b637-5e96fce81176"
    elsewhere = replace(FEED, address="https://elsewhere.example", language="tr")
    items, others = (read(each).findall(f"{ATOM}entry") for each in (FEED, elsewhere))
    assert [one(each, "id") for each in items] == [one(each, "id") for each in others]
    assert one(read(FEED), "id") != one(read(elsewhere), "id")


def test_moments_are_told_in_utc_whatever_zone_they_came_in() -> None:
    east = timezone(timedelta(hours=3))
    moved = replace(ITEM, published=FOUND.astimezone(east), updated=FOUND.astimezone(east))
    assert atom(replace(FEED, items=(moved,))) == atom(replace(FEED, items=(ITEM,)))


def test_an_item_has_no_place_for_rows() -> None:
    assert [field.name for field in fields(Item)] == [
        "key",
        "title",
        "path",
        "published",
        "updated",
        "summary",
    ]


def given_back(texts: Sequence[str]) -> list[str]:
    """Return texts without what XML 1.0 forbids, and without carriage returns."""
    allowed = ((0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
    return [
        "".join(
            sign
            for sign in text
            if sign in "\t\n" or any(low <= ord(sign) <= high for low, high in allowed)
        )
        for text in texts
    ]


@given(st.lists(ANY_TEXT, min_size=4, max_size=4))
def test_any_text_makes_a_whole_feed_and_comes_back_as_it_was(texts: list[str]) -> None:
    title, headline, sentence, author = texts
    item = replace(ITEM, title=headline, summary=(sentence, "x"))
    feed = replace(FEED, title=title, author=author, items=(item,))
    expected = given_back([title, author, headline, f"{sentence}\nx"])
    root, document = read(feed), json.loads(json_feed(feed))
    (entry,) = root.findall(f"{ATOM}entry")
    (found,) = root.findall(f"{ATOM}author")
    as_xml = [one(root, "title"), one(found, "name"), one(entry, "title"), one(entry, "summary")]
    assert as_xml == expected
    (shown,) = document["items"]
    (maker,) = document["authors"]
    as_json = [document["title"], maker["name"], shown["title"], shown["content_text"]]
    assert as_json == expected


@given(ANY_TEXT)
def test_any_address_leaves_a_feed_whole(text: str) -> None:
    feed = replace(FEED, address=f"https://{text}")
    (expected,) = given_back([f"https://{text}/en/index.html"])
    assert links(read(feed))["alternate"] == expected
    assert json.loads(json_feed(feed))["home_page_url"] == expected


@pytest.mark.parametrize("text", ["a\x00b", "a\rb", "a\ud800b", "a\ufffeb", "a\x1bb"])
def test_signs_that_xml_forbids_are_left_out(text: str) -> None:
    feed = replace(FEED, title=text)
    assert one(read(feed), "title") == json.loads(json_feed(feed))["title"] == "ab"
