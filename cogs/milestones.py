"""/milestones and /milestone: what happened, and its proof."""

from dataclasses import dataclass, replace
from datetime import date as Day  # noqa: N812 — `date` is an option's name
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.alerts import tell
from bot.answers.milestones import Sought
from bot.model import BOARD_MODELS, Severity
from bot.queries.days import read_day
from bot.queries.milestones import LATELY, listed, was_told
from bot.subscription import DIRECT
from bot.text.links import evidence_links
from bot.text.milestones import happened, proven
from cogs._answers import Reader, anywhere, ask_to_wait, refuse, too_old
from cogs._milestones import MilestoneQuestions
from cogs._paging import control_id, ours, turning
from cogs._posted import posted
from cogs._questions import Questions

_TURN = "milestones-page"


@dataclass(frozen=True, slots=True)
class _Place:
    """A page of a list, in a language, as the ids of its buttons hold it."""

    sought: Sought
    language: str

    @property
    def id(self) -> str:
        one = self.sought
        parts = (_TURN, one.board, one.least.value, one.since, one.page, self.language)
        return "|".join(map(str, parts))


def _read(custom_id: str) -> _Place | None:
    try:
        kind, board, least, since, page, language = custom_id.split("|")
        sought = Sought(board, Severity(least), Day.fromisoformat(since), int(page))
    except ValueError:
        return None
    return _Place(sought, language) if kind == _TURN else None


class Milestones(MilestoneQuestions):
    """Answer what happened, and on what that rests."""

    @anywhere
    @app_commands.command(description="List what happened in the rankings")
    @app_commands.describe(
        board="Which ranking: all models, or one kind of use",
        severity="The least severity to list (notable by default)",
        since="From this day on, such as 2026-06-07; the last 90 days if not given",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(board=Questions.offer_boards)
    async def milestones(
        self,
        interaction: discord.Interaction,
        board: str = BOARD_MODELS,
        severity: Literal["headline", "notable", "minor"] = "notable",
        since: str | None = None,
        private: bool = False,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """List milestones, newest first; more pages by buttons."""
        reader = await self._answers.begin(interaction, private=private)
        first = read_day(since) if since else reader.until - LATELY
        meant = await self._board(board, reader.say)
        sought = Sought(meant.name, Severity(severity), first)
        await self._show(reader, _Place(sought, reader.say.code))

    @anywhere
    @app_commands.command(description="Show one milestone with its receipt, and how robust it is")
    @app_commands.describe(
        key="The last line of its alert, or words of its headline",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(key=MilestoneQuestions.offer_keys)
    async def milestone(
        self,
        interaction: discord.Interaction,
        key: str,
        private: bool = False,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """Show what a milestone says, how well it stands, and what it was computed from."""
        reader = await self._answers.begin(interaction, private=private)
        found = await self._meant(key, reader)
        known = await self._reference.directory()
        alerts = await self._store.alerts_with([found.key], interaction.guild_id or DIRECT)
        post = posted(alerts, interaction, reader.say).get(found.key)
        told = tell(found, self._rules, known, reader.say)
        message = proven(told, post, known.name, reader.say)
        links = evidence_links([told], self._answers.address, reader.say)
        await reader.show(replace(message, links=links if was_told(found) else ()))

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Turn a page, however long ago the answer was given."""
        if not ours(interaction, _TURN):
            return
        place = _read(control_id(interaction))
        if place is None:
            await too_old(interaction, self._answers.say(interaction))
            return
        if wait := self._answers.cooldowns.wait(interaction):
            await ask_to_wait(interaction, wait, self._answers.say(interaction))
            return
        try:
            await self._show(await self._answers.again(interaction, place.language), place)
        except Exception as error:  # noqa: BLE001 — nobody else would tell the person
            await refuse(interaction, error, self._answers.say(interaction))

    async def _show(self, reader: Reader, place: _Place) -> None:
        sought, known = place.sought, await self._reference.directory()
        board = self._reference.board(sought.board).name
        page = listed(await self._store.milestones(board, sought.since), sought)
        told = [tell(one, self._rules, known, reader.say) for one in page.milestones]
        keys = [one.key for one in page.milestones]
        alerts = await self._store.alerts_with(keys, reader.interaction.guild_id or DIRECT)

        def there(to: int) -> str:
            return replace(place, sought=replace(sought, page=to)).id

        message = happened(page, told, posted(alerts, reader.interaction, reader.say), reader.say)
        controls = [turning(page.page, page.pages, there, reader.say)] if page.pages > 1 else []
        await reader.show(message, None, controls)
