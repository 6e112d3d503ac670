"""Milestones as Atom (RFC 4287) and JSON Feed 1.1: headlines and links, never rows (pure)."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from posixpath import dirname, relpath
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from bot.text.sheets import LICENCE, LICENCE_URL

_ATOM = "http://www.w3.org/2005/Atom"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 takes in no form."""


@dataclass(frozen=True, slots=True)
class Item:
    """A milestone as a feed tells it; `path` is that of its page, moments are UTC."""

    key: str
    title: str
    path: str
    published: datetime
    updated: datetime
    summary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its own path and the one of the first page, and its items, newest first.

    `address` is where the site is reached, "" if that is not known: then links are relative.
    """

    title: str
    author: str
    language: str
    address: str
    path: str
    home: str
    items: tuple[Item, ...]
    updated: datetime

    def to(self, path: str) -> str:
        """Return the address of a page."""
        if self.address:
            return f"{self.address}/{path}"
        return relpath(path, dirname(self.path))


def identity(key: str) -> str:
    """Return what tells a milestone from all others, wherever its page is."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, key)}"


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom, UTF-8."""
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    _text(root, "id", identity(f"feed {feed.language}"))
    _text(root, "title", feed.title)
    _text(root, "updated", _moment(feed.updated))
    _text(SubElement(root, "author"), "name", feed.author)
    _text(root, "rights", f"{LICENCE}: {LICENCE_URL}")
    SubElement(root, "link", rel="self", type="application/atom+xml", href=feed.to(feed.path))
    SubElement(root, "link", rel="alternate", type="text/html", href=feed.to(feed.home))
    for item in feed.items:
        entry = SubElement(root, "entry")
        _text(entry, "id", identity(item.key))
        _text(entry, "title", item.title)
        _text(entry, "published", _moment(item.published))
        _text(entry, "updated", _moment(item.updated))
        SubElement(entry, "link", rel="alternate", type="text/html", href=feed.to(item.path))
        _text(entry, "summary", "\n".join(item.summary))
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _FORBIDDEN.sub("", text)


def json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed, UTF-8."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.to(feed.home),
        "feed_url": feed.to(feed.path),
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "_licence": {"name": LICENCE, "url": LICENCE_URL},
        "items": list(_items(feed)),
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _items(feed: Feed) -> Iterator[dict[str, str]]:
    for item in feed.items:
        yield {
            "id": identity(item.key),
            "url": feed.to(item.path),
            "title": item.title,
            "content_text": "\n".join(item.summary),
            "date_published": _moment(item.published),
            "date_modified": _moment(item.updated),
        }


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
