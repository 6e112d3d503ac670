"""The panel of /subscribe as Discord shows it."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import discord
from discord import SelectDefaultValue, SelectDefaultValueType, ui

from bot.model import Severity
from bot.text.boards import board_title
from bot.text.panel import LANGUAGES, Part, about, heading, least_words, publish_words
from bot.text.rule_names import rule_titles
from bot.text.say import Say
from cogs._drafts import CANCEL, NO, PARTS, SAVE, YES, Draft, Offer
from cogs._message import ACCENT, shorten

_LONGEST_LABEL = 100

_Card: TypeAlias = ui.Container[ui.LayoutView]
_Select: TypeAlias = ui.Select[ui.LayoutView] | ui.RoleSelect[ui.LayoutView]


def panel(
    draft: Draft, offer: Offer, lead: Sequence[str], expected: str, say: Say
) -> ui.LayoutView:
    """Return the panel: under each heading what can be chosen, then what to expect, and buttons.

    `lead` are lines of markdown, the first one its title; empty ones show nothing.
    """
    found: _Card = ui.Container(ui.TextDisplay(_titled(lead)), accent_colour=ACCENT)
    for kind, part in PARTS.items():
        if part is Part.PUBLISH and draft.publish is None:
            continue
        found.add_item(ui.TextDisplay(f"**{heading(part, say)}**\n{about(part, say)}"))
        custom_id = f"{kind}|{offer.text(draft)}"
        found.add_item(ui.ActionRow(_select(custom_id, part, draft, offer, say)))
    if expected:
        found.add_item(ui.TextDisplay(expected))
    found.add_item(_buttons(offer.text(draft), say))
    return _view(found)


def card(lines: Sequence[str]) -> ui.LayoutView:
    """Return a card of lines of markdown, the first one its title; empty ones show nothing."""
    return _view(ui.Container(ui.TextDisplay(_titled(lines)), accent_colour=ACCENT))


def announced(line: str, view: ui.LayoutView) -> ui.LayoutView:
    """Return a message with a line of markdown above it."""
    items = [ui.TextDisplay[ui.LayoutView](line), *view.children]
    return _view(*items)


def _titled(lines: Sequence[str]) -> str:
    return "\n".join([f"## {lines[0]}", *filter(None, lines[1:])])


def _view(*items: ui.Item[ui.LayoutView]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()  # what its controls say is in their ids: discord.py need not remember it
    return view


def _buttons(text: str, say: Say) -> ui.ActionRow[ui.LayoutView]:
    save, cancel = discord.ButtonStyle.success, discord.ButtonStyle.secondary
    return ui.ActionRow(
        ui.Button(label=say("Save"), custom_id=f"{SAVE}|{text}", style=save),
        ui.Button(label=say("Cancel"), custom_id=f"{CANCEL}|{text}", style=cancel),
    )


def _select(custom_id: str, part: Part, draft: Draft, offer: Offer, say: Say) -> _Select:
    if part is Part.ROLE:
        return _roles(custom_id, draft, say)
    options = _options(part, draft, offer, say)
    several = part in {Part.BOARDS, Part.RULES}
    return ui.Select(
        custom_id=custom_id,
        placeholder=say("every rule") if part is Part.RULES else None,
        min_values=0 if part is Part.RULES else 1,
        max_values=len(options) if several else 1,
        options=options,
    )


def _roles(custom_id: str, draft: Draft, say: Say) -> _Select:
    called = [draft.role] if draft.role else []
    role = SelectDefaultValueType.role
    return ui.RoleSelect(
        custom_id=custom_id,
        placeholder=say("nobody"),
        min_values=0,
        default_values=[SelectDefaultValue(id=each, type=role) for each in called],
    )


def _options(part: Part, draft: Draft, offer: Offer, say: Say) -> list[discord.SelectOption]:
    wish = draft.wish
    if part is Part.BOARDS:
        return _listed({each: board_title(each, say) for each in offer.boards}, wish.boards)
    if part is Part.RULES:
        titles = rule_titles(say)
        return _listed({each: titles[each] for each in titles if each in offer.rules}, wish.rules)
    if part is Part.LEAST:
        return _listed({each.value: least_words(each, say) for each in Severity}, [wish.least])
    if part is Part.LANGUAGE:
        return _listed({code: name for name, code in LANGUAGES.items()}, [draft.language])
    words = {NO: publish_words(say, publish=False), YES: publish_words(say, publish=True)}
    return _listed(words, [YES if draft.publish else NO])


def _listed(titles: Mapping[str, str], now: Sequence[str]) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(label=shorten(title, _LONGEST_LABEL), value=name, default=name in now)
        for name, title in titles.items()
    ]
