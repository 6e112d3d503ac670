"""/export: the rows behind a chart."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Literal

import discord
from discord import app_commands

from bot.answers.exported import Asked, Chart, Exported
from bot.boards import Board
from bot.model import BOARD_MODELS
from bot.queries.days import read_day
from bot.queries.exported import check_days, exported
from bot.text.exported import as_csv, as_json, export, file_name
from cogs._answers import Reader, anywhere
from cogs._questions import Questions

Form = Literal["csv", "json"]


class Exporting(Questions):
    """Hand out rows."""

    @anywhere
    @app_commands.command(description="Get the rows behind a chart as a file, at most 366 days")
    @app_commands.describe(
        chart="Ranks over seven days as in /rankings, or the published rows of each day",
        board="Which ranking: all models, or one kind of use",
        model="The rows of one model alone",
        since="The first day, such as 2026-06-07; 13 weeks back if not given",
        until="The last day, such as 2026-06-07; the newest if not given",
        format="The kind of file: csv if not given",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(board=Questions.offer_boards, model=Questions.offer_models)
    async def export(  # noqa: PLR0913, PLR0917 — the options of the command
        self,
        interaction: discord.Interaction,
        chart: Literal["rankings", "days"] = "rankings",
        board: str = BOARD_MODELS,
        model: str | None = None,
        since: str | None = None,
        until: str | None = None,
        format: Form = "csv",  # noqa: A002 — its name in Discord
        private: bool = False,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """Answer with a file, and what is in it."""
        reader = await self._answers.begin(interaction, private=private)
        asked = Asked(Chart(chart), None, _day(since), _day(until))
        check_days(asked.since, asked.until)
        kind = await self._board(board, reader.say)
        if model is not None:
            names = await self._reference.models(kind.name)
            asked = replace(asked, model=names.meant(model).what)
        await self._hand_out(reader, kind, asked, format)

    async def _hand_out(self, reader: Reader, board: Board, asked: Asked, form: Form) -> None:
        almanac = await self._reference.almanac(board.name)
        known = await self._reference.directory()

        def made() -> tuple[Exported, bytes]:
            found = exported(board, almanac, known, asked, reader.until)
            return found, {"csv": as_csv, "json": as_json}[form](found, reader.say)

        # A thread: a year of rows takes about half a second.
        found, content = await asyncio.to_thread(made)
        message = export(found, reader.say)
        if found.rows:
            await reader.hand_out(message, file_name(found, form), content)
        else:
            await reader.show(message)


def _day(typed: str | None) -> date | None:
    return read_day(typed) if typed is not None else None
