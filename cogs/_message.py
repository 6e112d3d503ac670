"""A message as Discord shows it."""

import io

import discord
from discord import ui
from discord.utils import escape_markdown, escape_mentions

from bot.message import Image, Message, Outgoing, Ranked

ACCENT = discord.Colour(0x56B4E9)

_LONGEST_NAME = 48
_LONGEST_TEXT = 3900
"""Discord counts about 4,000 characters over all text of a message."""


def plain(text: str) -> str:
    """Return text from outside so that Discord shows it as it is: no markup, no mention."""
    return escape_mentions(escape_markdown(text)).replace("<", "\\<")


def shorten(text: str, longest: int) -> str:
    """Return text of at most `longest` characters, cut between words and marked by an ellipsis."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    return f"{head.rsplit(' ', 1)[0] if ' ' in head else head}…"


def layout(outgoing: Outgoing) -> ui.LayoutView:
    """Return the message laid out: headline, ranking, picture, notes, source and key."""
    message = outgoing.message
    parts = [
        "\n".join([f"## {plain(message.title)}", *map(plain, message.lead)]),
        _ranking(message),
        "\n".join(map(plain, message.notes)),
        _small(message),
    ]
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    for index, text in enumerate(_fitting(parts)):
        if text:
            container.add_item(ui.TextDisplay(text))
        if index == 1 and outgoing.image is not None:
            container.add_item(_gallery(outgoing.image))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


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
        f" · {ranked.share} · {ranked.tokens}{change}"
    )


def key_line(key: str) -> str:
    """Return a message's key as its last line has it."""
    return f"`{key}`"


def _small(message: Message) -> str:
    key = [key_line(message.key)] if message.key else []
    return "\n".join(f"-# {line}" for line in [plain(message.citation), *key] if line)


def _fitting(parts: list[str]) -> list[str]:
    # What proves the message (the last part) stays whole; the longest other part gives way.
    surplus = sum(map(len, parts)) - _LONGEST_TEXT
    if surplus <= 0:
        return parts
    longest = max(range(len(parts) - 1), key=lambda index: len(parts[index]))
    fitted = list(parts)
    fitted[longest] = shorten(parts[longest], max(len(parts[longest]) - surplus, 1))
    return fitted
