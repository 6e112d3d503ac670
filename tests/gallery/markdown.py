"""Discord's markdown as HTML: what it knows, and nothing of HTML itself (pure)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from babel.dates import format_datetime
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

_INLINE = ("backticks", "emphasis", "escape", "link", "newline", "strikethrough")
_BLOCK = re.compile(r"(?P<mark>#{1,3}|-#|>|[-*]|\d+\.) (?P<text>.*)")
_FENCE = "```"
_LIVE = re.compile(
    r"<#(?P<channel>\d+)>|<@&(?P<role>\d+)>|<@!?(?P<person>\d+)>|</(?P<command>[^:>]+):\d+>"
    r"|<t:(?P<time>-?\d+)(?::(?P<style>[tTdDfFR]))?>|(?P<link>https?://[^\s<>]+[^\s<>.,;:!?)\]])"
    r"|\|\|(?P<spoiler>.+?)\|\|"
)
_TAGS = {"em": "em", "strong": "strong", "s": "s", "link": "a"}
_STYLES = {"t": "HH:mm", "T": "HH:mm:ss", "d": "dd/MM/y", "D": "d MMMM y"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language's code, and what channels, roles and persons are called."""

    language: str
    named: Callable[[str, int], str]


def html(text: str, reader: Reader) -> Markup:
    """Return the text as a client shows it, line by line."""
    return Markup("").join(_blocks(text.split("\n"), reader))


def _blocks(lines: Sequence[str], reader: Reader) -> Iterator[Markup]:
    rest = list(lines)
    while rest:
        line = rest.pop(0)
        if line.startswith(_FENCE):
            yield Markup("<pre>{}</pre>").format("\n".join(_fenced(rest)))
            continue
        found = _BLOCK.match(line.lstrip() if line.lstrip()[:1] in "-*" else line)
        if found is None:
            yield Markup("<div>{}</div>").format(_inline(line, reader) or Markup("&nbsp;"))
        else:
            yield _marked(found["mark"], _inline(found["text"], reader))


def _fenced(rest: list[str]) -> Iterator[str]:
    """Take the lines of a code block off the rest, its end included."""
    while rest:
        line = rest.pop(0)
        if line.rstrip().endswith(_FENCE):
            return
        yield line


def _marked(mark: str, inside: Markup) -> Markup:
    if mark.startswith("#"):
        return Markup("<h{0}>{1}</h{0}>").format(len(mark), inside)
    if mark == "-#":
        return Markup("<small>{}</small>").format(inside)
    if mark == ">":
        return Markup("<blockquote>{}</blockquote>").format(inside)
    sign = "•" if mark in "-*" else mark
    return Markup('<div class="item"><span>{}</span><div>{}</div></div>').format(sign, inside)


def _inline(text: str, reader: Reader) -> Markup:
    parser = MarkdownIt("zero").enable(list(_INLINE))
    # What was escaped stays apart from what was not: an escaped mention is none.
    parser.disable("text_join")
    (block,) = parser.parseInline(text)
    return Markup("").join(_token(each, reader) for each in block.children or ())


def _token(token: Token, reader: Reader) -> Markup:
    if token.type == "text":
        return _live(token.content, reader)
    if token.type == "code_inline":
        return Markup("<code>{}</code>").format(token.content)
    if token.nesting == 0:
        return escape(token.content)
    # Two underscores underline.
    tag = "u" if token.markup == "__" else _TAGS[token.type.rsplit("_", 1)[0]]
    if token.nesting == 1:
        return Markup("<{}>").format(tag)
    return Markup("</{}>").format(tag)


def _live(text: str, reader: Reader) -> Markup:
    """Return text with what Discord makes of it by itself: mentions, times, links, spoilers."""
    parts, end = [], 0
    for found in _LIVE.finditer(text):
        parts += [escape(text[end : found.start()]), _made(found, reader)]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _made(found: re.Match[str], reader: Reader) -> Markup:
    kind, value = found.lastgroup or "", found[found.lastgroup or 0]
    if found["time"]:
        return Markup('<span class="time">{}</span>').format(_time(found, reader))
    if kind == "link":
        return Markup("<a>{}</a>").format(value)
    if kind == "spoiler":
        return Markup('<span class="spoiler">{}</span>').format(value)
    name = f"/{value}" if kind == "command" else reader.named(kind, int(value))
    return Markup('<span class="mention">{}</span>').format(name)


def _time(found: re.Match[str], reader: Reader) -> str:
    """Return a moment as written out: relative ones too, for a picture has no present."""
    form = _STYLES.get(found["style"] or "f", "d MMMM y HH:mm")
    return format_datetime(
        datetime.fromtimestamp(int(found["time"]), UTC), form, locale=reader.language
    )
