"""A message as Discord shows it."""

import io
from collections.abc import Sequence

import discord
from discord import ui
from discord.utils import escape_markdown, escape_mentions

from bot.message import Image, Line, Link, Message, Outgoing, Ranked, Section

ACCENT = discord.Colour(0x56B4E9)

_LONGEST_NAME = 48
_LONGEST_TEXT = 3900
"""Discord counts about 4,000 characters over all text of a card."""

_LONGEST_CONTENT = 2000
"""And takes so many in a message without one."""

_LONGEST_HEADING, _LONGEST_LINE = 200, 400
_MOST_LINKS = 5
"""Buttons that stand in one row."""

Controls = Sequence[ui.ActionRow[ui.LayoutView]]
"""Rows of buttons and selects below a message."""


def plain(text: str) -> str:
    """Return text from outside so that Discord shows it as it is: no markup, mention or link.

    What cannot be seen goes, such as signs that turn the direction of all that follows.
    """
    seen = "".join(sign for sign in text if sign.isprintable() or sign in "\n\u00a0")
    escaped = escape_mentions(escape_markdown(seen)).replace("<", "\\<")
    # discord.py escapes the first of several links alone, and leaves addresses to become links.
    return escaped.replace("](", "]\\(").replace("://", ":\\//")


def shorten(text: str, longest: int) -> str:
    """Return text of at most `longest` characters, cut between words and marked by an ellipsis."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    return f"{head.rsplit(' ', 1)[0] if ' ' in head else head}…"


def layout(
    outgoing: Outgoing, mentions: Sequence[int] = (), controls: Controls = ()
) -> ui.LayoutView:
    """Return the message laid out: headline, ranking, picture, sections, notes, source and key.

    `mentions` are roles to be called above it; links and `controls` stand below it.
    """
    called = _mentioned(mentions)
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    texts = _fitting(_parts(outgoing.message), _LONGEST_TEXT - len(called))
    for index, text in enumerate(texts):
        if text:
            container.add_item(ui.TextDisplay(text))
        if index == 1 and outgoing.image is not None:
            container.add_item(_gallery(outgoing.image))
    view = ui.LayoutView(timeout=None)
    if called:
        view.add_item(ui.TextDisplay(called))
    view.add_item(container)
    for row in (*_link_rows(outgoing.message), *controls):
        view.add_item(row)
    return view


def _link_rows(message: Message) -> Controls:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for link in message.links[:_MOST_LINKS]:
        row.add_item(ui.Button(label=shorten(link.label, 80), url=link.url))
    return [row] if message.links else []


def layout_of_text(message: Message) -> ui.LayoutView:
    """Return the message as a card of one text, without picture or colour."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(plain_text(message)))
    return view


def plain_text(message: Message, mentions: Sequence[int] = ()) -> str:
    """Return the message as text alone, at most 2,000 characters.

    The roles that it calls, its source and its key are whole.
    """
    called, parts = _mentioned(mentions), _parts(message)
    room = _LONGEST_CONTENT - len(called) - 1 - len(parts)
    return "\n".join(filter(None, [called, *_fitting(parts, room)]))


def shape(outgoing: Outgoing) -> str:
    """Return what a body is made of, for a log: how long its parts are, not what they say."""
    form = "text" if outgoing.plain else "card"
    lengths = " + ".join(str(len(part)) for part in _parts(outgoing.message))
    picture = f", picture of {len(outgoing.image.content)} bytes" if outgoing.image else ""
    return f"{form}: {lengths} characters{picture}"


def bears(message: discord.Message, key: str) -> bool:
    """Say whether a message bears a key, as a card or as text."""
    shown = [part for each in message.components for part in _shown(each)]
    texts = [part.content for part in shown if isinstance(part, discord.TextDisplay)]
    return any(key_line(key) in text for text in [message.content, *texts])


def _shown(component: discord.Component) -> list[discord.Component]:
    if isinstance(component, discord.Container):
        return list(component.children)
    return [component]


def _parts(message: Message) -> list[str]:
    """Return what stands before the picture, what follows it, and last what proves it all."""
    return [
        "\n".join([f"## {plain(message.title)}", *map(plain, message.lead)]),
        _ranking(message),
        *map(_section, message.sections),
        "\n".join(map(plain, message.notes)),
        _small(message),
    ]


def _section(section: Section) -> str:
    heading = [f"**{plain(shorten(section.heading, _LONGEST_HEADING))}**"]
    return "\n".join([*(heading if section.heading else []), *map(_line, section.lines)])


def _line(line: Line) -> str:
    text = plain(shorten(line.text, _LONGEST_LINE))
    return f"{text} · {_linked(line.link)}" if line.link else text


def _linked(link: Link) -> str:
    return f"[{plain(link.label)}]({link.url})"


def _mentioned(roles: Sequence[int]) -> str:
    return " ".join(f"<@&{role}>" for role in roles)


def file(image: Image) -> discord.File:
    """Return a picture as an attachment, its content in words with it."""
    return discord.File(io.BytesIO(image.content), image.name, description=image.alt)


def _gallery(image: Image) -> ui.MediaGallery[ui.LayoutView]:
    gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery()
    gallery.add_item(media=f"attachment://{image.name}", description=image.alt)
    return gallery


def _ranking(message: Message) -> str:
    heading = [f"**{plain(message.caption)}**"] if message.caption else []
    return "\n".join([*heading, *map(_row, message.ranking)])


def _row(ranked: Ranked) -> str:
    change = f" · {ranked.change}" if ranked.change else ""
    name = plain(shorten(ranked.name, _LONGEST_NAME))
    return (
        f"`{ranked.rank:>2}` {ranked.openness.mark} **{name}** · {ranked.word}"
        f" · {_unbroken(ranked.share)} · {_unbroken(ranked.tokens)}{change}"
    )


def _unbroken(figure: str) -> str:
    """Keep a number and its unit on one line of a narrow screen."""
    return figure.replace(" ", "\u00a0")


def key_line(key: str) -> str:
    """Return a message's key as its last line has it."""
    return f"`{key}`"


def _small(message: Message) -> str:
    key = [key_line(message.key)] if message.key else []
    return "\n".join(f"-# {line}" for line in [plain(message.citation), *key] if line)


def _fitting(parts: list[str], longest: int) -> list[str]:
    # What proves the message (the last part) stays whole; of the others the longest give way, each
    # to the same length, so that none of them vanishes for another.
    *others, proof = parts
    most = _level([len(part) for part in others], longest - len(proof))
    return [*(part if len(part) <= most else _shorter(part, most) for part in others), proof]


def _level(lengths: list[int], room: int) -> int:
    """Return the length to which the longest are cut, so that all of them have room."""
    rising = sorted(lengths)
    while rising and rising[0] * len(rising) <= room:
        room -= rising.pop(0)
    return max(room // len(rising), 1) if rising else max(lengths, default=1)


def _shorter(text: str, longest: int) -> str:
    """Return the lines that fit and an ellipsis, as whole lines unless there is but one."""
    head, _, rest = text.partition("\n")
    if not rest or len(head) + 2 > longest:
        return shorten(text, longest)
    whole, _, _ = text[: longest - 1].rpartition("\n")
    return f"{whole}\n…"
