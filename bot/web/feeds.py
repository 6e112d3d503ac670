"""Milestones as Atom (RFC 4287) and JSON Feed 1.1: headlines and links, never rows (pure)."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from posixpath import dirname, relpath
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from bot.text.sheets import LICENCE, LICENCE_URL

_ATOM = "http://www.w3.org/2005/Atom"
_FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 takes in no form, and carriage returns, which it does not give back as such."""

RIGHTS = f"Source: OpenRouter (openrouter.ai/rankings). Licensed under {LICENCE}: {LICENCE_URL}"


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
    """Return the feed as Atom, UTF-8, without the signs that XML forbids."""
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    _text(root, "id", identity(f"feed {feed.language}"))
    _text(root, "title", feed.title)
    _text(root, "updated", _moment(feed.updated))
    _text(SubElement(root, "author"), "name", feed.author)
    _text(root, "rights", RIGHTS)
    _link(root, "self", "application/atom+xml", feed.to(feed.path))
    _link(root, "alternate", "text/html", feed.to(feed.home))
    for item in feed.items:
        entry = SubElement(root, "entry")
        _text(entry, "id", identity(item.key))
        _text(entry, "title", item.title)
        _text(entry, "published", _moment(item.published))
        _text(entry, "updated", _moment(item.updated))
        _link(entry, "alternate", "text/html", feed.to(item.path))
        _text(entry, "summary", _summary(item))
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _allowed(text)


def _link(parent: Element, rel: str, media_type: str, address: str) -> None:
    SubElement(parent, "link", rel=rel, type=media_type, href=_allowed(address))


def json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed, UTF-8, without the signs that Atom lacks."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _allowed(feed.title),
        "home_page_url": _allowed(feed.to(feed.home)),
        "feed_url": _allowed(feed.to(feed.path)),
        "language": feed.language,
        "authors": [{"name": _allowed(feed.author)}],
        "_rights": RIGHTS,
        "items": list(_items(feed)),
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _items(feed: Feed) -> Iterator[Mapping[str, str]]:
    for item in feed.items:
        yield {
            "id": identity(item.key),
            "url": _allowed(feed.to(item.path)),
            "title": _allowed(item.title),
            "content_text": _allowed(_summary(item)),
            "date_published": _moment(item.published),
            "date_modified": _moment(item.updated),
        }


def _summary(item: Item) -> str:
    return "\n".join(item.summary)


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
