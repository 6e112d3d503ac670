"""A message as Discord shows it."""

import io

import discord
from discord import ui
from discord.utils import escape_markdown, escape_mentions

from bot.message import Image, Message, Outgoing, Ranked

ACCENT = discord.Colour(0x56B4E9)

_LONGEST_NAME = 48
_LONGEST_TEXT = 3900
"""Discord counts about 4,000 characters over all text of a card."""

_LONGEST_CONTENT = 2000
"""And takes so many in a message without one."""


def plain(text: str) -> str:
    """Return text from outside so that Discord shows it as it is: no markup, no mention."""
    return escape_mentions(escape_markdown(text)).replace("<", "\\<")


def shorten(text: str, longest: int) -> str:
    """Return text of at most `longest` characters, cut between words and marked by an ellipsis."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    return f"{head.rsplit(' ', 1)[0] if ' ' in head else head}…"


def layout(outgoing: Outgoing, mention: int | None = None) -> ui.LayoutView:
    """Return the message laid out: headline, ranking, picture, notes, source and key.

    `mention` is a role to be called above it.
    """
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    for index, text in enumerate(_fitting(_parts(outgoing.message), _LONGEST_TEXT)):
        if text:
            container.add_item(ui.TextDisplay(text))
        if index == 1 and outgoing.image is not None:
            container.add_item(_gallery(outgoing.image))
    view = ui.LayoutView(timeout=None)
    if mention is not None:
        view.add_item(ui.TextDisplay(_mentioned(mention)))
    view.add_item(container)
    return view


def layout_of_text(message: Message) -> ui.LayoutView:
    """Return the message as a card of one text, without picture or colour."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(plain_text(message)))
    return view


def plain_text(message: Message, mention: int | None = None) -> str:
    """Return the message as text alone, at most 2,000 characters; source and key are whole."""
    parts = [*([_mentioned(mention)] if mention is not None else []), *_parts(message)]
    return "\n".join(filter(None, _fitting(parts, _LONGEST_CONTENT - len(parts))))


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
    return [
        "\n".join([f"## {plain(message.title)}", *map(plain, message.lead)]),
        _ranking(message),
        "\n".join(map(plain, message.notes)),
        _small(message),
    ]


def _mentioned(role: int) -> str:
    return f"<@&{role}>"


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


def _fitting(parts: list[str], longest: int) -> list[str]:
    # What proves the message (the last part) stays whole; the longest other parts give way.
    fitted = list(parts)
    while (surplus := sum(map(len, fitted)) - longest) > 0:
        most = max(range(len(parts) - 1), key=lambda index: len(fitted[index]))
        fitted[most] = shorten(fitted[most], max(len(fitted[most]) - surplus, 1))
        if len(fitted[most]) <= 1:
            break
    return fitted
