"""How /subscriptions and /unsubscribe are laid out; what a control means stands in its id."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

import discord
from discord import ButtonStyle, ui

from bot.answers.managed import Entry, Part, Which
from bot.subscription import Change
from bot.text.managed import (
    Missing,
    all_changes,
    brief,
    changes_title,
    details,
    heading,
    label,
    last_changes,
    page_text,
    thing,
)
from bot.text.managing import sure
from bot.text.say import Say
from cogs._message import ACCENT, shorten
from cogs._paging import control_id, turning

MANAGED, UNSUBSCRIBE, EDIT = "managed", "unsubscribe", "panel-edit"
"""How ids begin: of what is managed here, of what ends here, of the panel of /subscribe."""

ALL = "all"
MOST_OFFERED = 23
"""Things of a channel in one select, which takes 25, beside its digest and all of them."""

_ROOM = 3900
"""Discord counts about 4,000 characters over all text of a card."""

_LONGEST_LABEL = 100

_Row: TypeAlias = ui.ActionRow[ui.LayoutView]
_Card: TypeAlias = ui.Container[ui.LayoutView]


class Act(StrEnum):
    """What a control does."""

    TURN = "turn"
    LOG = "log"
    SHOW = "show"
    PAUSE = "pause"
    RESUME = "resume"
    TEST = "test"
    ASK = "ask"
    END = "end"


_OF_ALL = (Act.TURN, Act.LOG)


@dataclass(frozen=True, slots=True)
class Use:
    """What somebody does with a control, and the page of the list from which they came.

    `which` is what they do it with, None where that is the list itself.
    """

    act: Act
    page: int
    which: Which | None = None

    @property
    def id(self) -> str:
        """Return it as a control's id: at most 70 characters."""
        which = [self.which.text] if self.which else []
        return "|".join([MANAGED, self.act, str(self.page), *which])


def used(interaction: discord.Interaction) -> Use | None:
    """Return what the use of a control asks for; None if its id says nothing that we know."""
    try:
        _, act, page, *rest = control_id(interaction).split("|")
        chosen = rest or [part for each in values(interaction) for part in each.split("|")]
        which = Which(*map(int, chosen)) if chosen else None
        use = Use(Act(act), int(page), which)
    except (ValueError, TypeError):
        return None
    return use if (which is None) == (use.act in _OF_ALL) else None


def values(interaction: discord.Interaction) -> list[str]:
    """Return what was chosen in a select."""
    data: Mapping[str, Any] = interaction.data or {}
    return [str(each) for each in data.get("values") or ()]


@dataclass(frozen=True, slots=True)
class Names:
    """What channels are called, and the permissions that we are known to lack there."""

    places: Mapping[int, str]
    missing: Missing


def overview(
    part: Part[Entry],
    changes: Sequence[Change],
    names: Names,
    now: datetime,
    note: str,
    say: Say,
) -> ui.LayoutView:
    """Return a page of what arrives where, and the last changes; `note` stands above."""
    top = "\n".join(filter(None, [f"## {heading(part, say)}", note]))
    listed = page_text(part, names.missing, now, _ROOM - len(top), say)
    card = _card(top, listed)
    if part.shown:
        card.add_item(ui.ActionRow(_choice(part, names.places, say)))
    if part.pages > 1:
        card.add_item(turning(part.page, part.pages, lambda to: Use(Act.TURN, to).id, say))
    if told := last_changes(changes, _ROOM - len(top) - len(listed), say):
        card.add_item(ui.Separator())
        card.add_item(ui.TextDisplay(told))
        card.add_item(_row([_button(say("All changes"), Use(Act.LOG, 0))]))
    return _view(card)


def _choice(part: Part[Entry], places: Mapping[int, str], say: Say) -> ui.Select[ui.LayoutView]:
    return ui.Select(
        custom_id=Use(Act.SHOW, part.page).id,
        placeholder=say("Manage …"),
        options=[
            discord.SelectOption(
                label=shorten(label(each, places[each.channel.channel_id], say), _LONGEST_LABEL),
                value=each.which.text,
                description=shorten(brief(each, say), _LONGEST_LABEL),
            )
            for each in part.shown
        ],
    )


def log(part: Part[Change], say: Say) -> ui.LayoutView:
    """Return a page of the changes."""
    card = _card(f"## {changes_title(part, say)}", all_changes(part, say))
    if part.pages > 1:
        card.add_item(turning(part.page, part.pages, lambda to: Use(Act.LOG, to).id, say))
    card.add_item(_row([_button(say("Back"), Use(Act.TURN, 0))]))
    return _view(card)


def detail(
    entry: Entry, missing: Sequence[str], page: int, now: datetime, note: str, say: Say
) -> ui.LayoutView:
    """Return all there is to say of an entry, and what can be done with it; `note` stands below."""
    card = _card(details(entry, missing, now, say), *([note] if note else []))
    card.add_item(_row(_buttons(entry, page, say)))
    card.add_item(_row([_button(say("Back"), Use(Act.TURN, page))]))
    return _view(card)


def _buttons(entry: Entry, page: int, say: Say) -> list[ui.Button[ui.LayoutView]]:
    one, which, buttons = entry.subscription, entry.which, []
    if one is not None and one.stopped is None:
        buttons.append(_button(say("Pause"), Use(Act.PAUSE, page, which)))
    if entry.channel.paused is not None or (one is not None and one.stopped is not None):
        buttons.append(_button(say("Resume"), Use(Act.RESUME, page, which)))
    if one is not None:
        buttons.append(_button(say("Send a test"), Use(Act.TEST, page, which)))
        edit = f"{EDIT}|{one.channel_id}|{one.number}"
        buttons.append(ui.Button(label=say("Edit"), custom_id=edit))
    return [*buttons, _button(say("End"), Use(Act.ASK, page, which), ButtonStyle.danger)]


def confirmation(entry: Entry, page: int, say: Say) -> ui.LayoutView:
    """Return the question whether something is to end for good."""
    yes = _button(say("End"), Use(Act.END, page, entry.which), ButtonStyle.danger)
    no = _button(say("Keep it"), Use(Act.SHOW, page, entry.which))
    card = _card(sure(entry, say))
    card.add_item(_row([yes, no]))
    return _view(card)


def endings(question: str, entries: Sequence[Entry], say: Say) -> ui.LayoutView:
    """Return the question what of a channel's several things is to end."""
    options = [
        discord.SelectOption(
            label=shorten(thing(each, say), _LONGEST_LABEL),
            value=each.which.text,
            description=shorten(brief(each, say), _LONGEST_LABEL),
        )
        for each in offered(entries)
    ]
    options.append(discord.SelectOption(label=say("All of it"), value=ALL))
    card = _card(question)
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=f"{UNSUBSCRIBE}|{entries[0].channel.channel_id}",
        placeholder=say("What is to end"),
        options=options,
        max_values=len(options),
    )
    card.add_item(ui.ActionRow(select))
    return _view(card)


def offered(entries: Sequence[Entry]) -> list[Entry]:
    """Return those of a channel's things that have room in one select."""
    subscriptions = [each for each in entries if each.subscription is not None]
    digests = [each for each in entries if each.subscription is None]
    return [*subscriptions[:MOST_OFFERED], *digests]


def chosen(interaction: discord.Interaction) -> list[Which] | None:
    """Return what was chosen to end, empty for all of it; None where that cannot be read."""
    found = values(interaction)
    if ALL in found:
        return []
    try:
        return [Which(*map(int, each.split("|"))) for each in found] or None
    except (ValueError, TypeError):
        return None


def said(text: str) -> ui.LayoutView:
    """Return a text alone as a card."""
    return _view(_card(text))


def _card(*texts: str) -> _Card:
    return ui.Container(*map(ui.TextDisplay, texts), accent_colour=ACCENT)


def _view(card: _Card) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(card)
    view.stop()  # what its controls say is in their ids: discord.py need not remember it
    return view


def _row(buttons: Iterable[ui.Button[ui.LayoutView]]) -> _Row:
    return ui.ActionRow(*buttons)


def _button(
    text: str, use: Use, style: ButtonStyle = ButtonStyle.secondary
) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=text, custom_id=use.id, style=style)
