"""Where a reader is in an answer of several pages: kept in the ids of the controls below it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import discord
from discord import ui

from bot.answers.rankings import Page, Span, Wanted
from bot.model import Openness
from bot.queries.names import Names
from bot.text.say import Say
from cogs._message import Controls, shorten

TURN, SWITCH = "rankings-page", "rankings-board"
_ALL = "all"
_MOST_BOARDS = 25


@dataclass(frozen=True, slots=True)
class Place:
    """What an answer of /rankings shows: a board's newest window by `until`, in a language."""

    board: str
    until: date
    wanted: Wanted
    language: str

    @property
    def text(self) -> str:
        """Return it as an id holds it: at most 70 characters for boards of 30."""
        show = self.wanted.show.value if self.wanted.show else _ALL
        parts = (self.board, self.until, self.wanted.span, self.wanted.top, show, self.wanted.page)
        return "|".join([*map(str, parts), self.language])


def read_place(text: str) -> Place | None:
    """Return the place that an id holds; None where it is not one that we wrote."""
    try:
        board, until, span, top, show, page, language = text.split("|")
        shown = None if show == _ALL else Openness(show)
        wanted = Wanted(Span(span), min(max(int(top), 1), 25), shown, max(int(page), 0))
        return Place(board, date.fromisoformat(until), wanted, language)
    except ValueError:
        return None


def control_id(interaction: discord.Interaction) -> str:
    """Return the id of the control that was used; "" where none was."""
    data: Mapping[str, Any] = interaction.data or {}
    used_one = interaction.type is discord.InteractionType.component
    return str(data.get("custom_id", "")) if used_one else ""


def ours(interaction: discord.Interaction, *kinds: str) -> bool:
    """Say whether a control of these kinds was used, whether its id can be read or not."""
    return control_id(interaction).partition("|")[0] in kinds


def used(interaction: discord.Interaction) -> Place | None:
    """Return where the use of a control leads to; None if it is none of ours."""
    data: Mapping[str, Any] = interaction.data or {}
    kind, _, text = control_id(interaction).partition("|")
    place = read_place(text)
    if place is None or kind not in {TURN, SWITCH}:
        return None
    chosen = data.get("values") or [place.board]
    if kind == TURN or not isinstance(chosen, list):
        return place
    return replace(place, board=str(chosen[0]), wanted=replace(place.wanted, page=0))


def controls(page: Page, place: Place, boards: Names, say: Say) -> Controls:
    """Return the buttons that turn pages and the select of boards, as far as there is a choice."""
    rows: list[ui.ActionRow[ui.LayoutView]] = []
    if page.pages > 1:

        def there(to: int) -> str:
            return f"{TURN}|{replace(place, wanted=replace(place.wanted, page=to)).text}"

        rows.append(turning(page.page, page.pages, there, say))
    if len(boards.all) > 1:
        rows.append(ui.ActionRow(_select(place, boards, say)))
    return rows


def turning(
    page: int, pages: int, there: Callable[[int], str], say: Say
) -> ui.ActionRow[ui.LayoutView]:
    """Return the buttons that turn to the pages beside one; `there` is the id of each page's."""
    labels = {page - 1: f"◀ {say('Previous')}", page + 1: f"{say('Next')} ▶"}
    return ui.ActionRow(
        *(
            ui.Button(label=label, custom_id=there(to), disabled=not 0 <= to < pages)
            for to, label in labels.items()
        )
    )


def _select(place: Place, boards: Names, say: Say) -> ui.Select[ui.LayoutView]:
    return ui.Select(
        custom_id=f"{SWITCH}|{place.text}",
        placeholder=say("Another board"),
        options=[
            discord.SelectOption(
                label=shorten(one.name, 100), value=one.what, default=one.what == place.board
            )
            for one in boards.all[:_MOST_BOARDS]
        ],
    )
