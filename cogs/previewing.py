"""/rule preview: how often a rule would have told something."""

from collections.abc import Sequence

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.app_commands import Choice

from bot.alerts import tell
from bot.answers.preview import Barred, Preview, TooFew
from bot.drawn import Drawing
from bot.errors import BacktestFailed, QuestionRefused, RankshiftError
from bot.model import BOARD_MODELS, Milestone, Severity
from bot.queries.backtests import Backtests
from bot.queries.forecast import last_alert
from bot.queries.previews import newest_day, preview
from bot.queries.reference import Reference
from bot.sender import Compose
from bot.subscription import DIRECT, NOBODY, Subscription, Wish
from bot.text import preview as words
from bot.text.rule_names import rule_titles
from bot.text.say import Say, english
from cogs._answers import Answers, Reader, anywhere, tell_alone
from cogs._message import file, layout
from cogs._panel import announced
from cogs._questions import Questions
from storage.protocol import Store

_FAILED = (RankshiftError, discord.DiscordException, aiohttp.ClientError, OSError, ValueError)
"""What an example may end by, after all was answered."""


class Previewing(Questions):
    """Answer how often a rule fires, from the backtest."""

    rule = anywhere(app_commands.Group(name="rule", description="Look at one kind of milestone"))

    def __init__(
        self,
        store: Store,
        reference: Reference,
        answers: Answers,
        backtests: Backtests,
        compose: Compose,
    ) -> None:
        """Take the backtests too, and what makes alerts."""
        super().__init__(store, reference, answers)
        self._backtests = backtests
        self._compose = compose

    @rule.command(description="Show how often, and when, a rule would have told something")
    @app_commands.describe(
        rule="Which kind of milestone",
        board="Which ranking: all models, or one kind of use",
        days="How many days back to look: 7 to 3650; all that are stored if not given",
        private="Show the answer to you alone",
    )
    @app_commands.choices(
        rule=[Choice(name=title, value=rule) for rule, title in rule_titles(english()).items()]
    )
    @app_commands.autocomplete(board=Questions.offer_boards)
    async def preview(
        self,
        interaction: discord.Interaction,
        rule: str,
        board: str = BOARD_MODELS,
        days: app_commands.Range[int, 7, 3650] | None = None,
        private: bool = False,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """Answer with what a rule would have told, the calendar of it, and its newest alert."""
        reader = await self._answers.begin(interaction, private=private)
        if rule not in self._rules:
            raise QuestionRefused("no such rule")  # offered by an earlier version
        kind = await self._board(board, reader.say)
        try:
            backtest = await self._backtests.of(kind.name)
        except BacktestFailed as error:
            structlog.get_logger().warning("preview without its backtest", problem=str(error))
            await tell_alone(interaction, words.not_computed(reader.say))
            return
        stored = await self._store.days(kind.name)
        found = preview(self._rules[rule], kind, backtest, stored, reader.until, days)
        known, shown = await self._reference.directory(), _told(found)[: words.SHOWN]
        told = [tell(one, self._rules, known, reader.say) for one in shown]
        await reader.show(words.preview(found, told, reader.say), _drawing(found, reader.say))
        if newest := newest_day(found):
            await self._exemplify(reader, newest, private=private)

    async def _exemplify(
        self, reader: Reader, newest: Sequence[Milestone], *, private: bool
    ) -> None:
        """Show the alert of a day below the answer, which has its words in any case."""
        try:
            stored = await self._store.milestones_by_key([one.key for one in newest])
            alert = last_alert(stored, _asking(newest[0], reader))
            if alert is None:
                return
            outgoing = await self._compose(alert)
            view = announced(words.example(reader.say), layout(outgoing))
            files = [file(outgoing.image)] if outgoing.image else []
            await reader.interaction.followup.send(view=view, files=files, ephemeral=private)
        except _FAILED as error:
            structlog.get_logger().warning("preview without its example", problem=str(error))


def _asking(milestone: Milestone, reader: Reader) -> Subscription:
    """Return a subscription of just such milestones, in the language of the answer."""
    return Subscription(
        channel_id=0,
        guild_id=DIRECT,
        wish=Wish((milestone.board,), Severity.MINOR, (milestone.rule,)),
        after=milestone.date,
        created_at=reader.now,
        created_by=NOBODY,
        language=reader.say.code,
    )


def _told(found: Preview | Barred | TooFew) -> tuple[Milestone, ...]:
    return found.told if isinstance(found, Preview) else ()


def _drawing(found: Preview | Barred | TooFew, say: Say) -> Drawing | None:
    if not isinstance(found, Preview) or not found.told:
        return None
    name = f"preview-{found.rule}-{found.board.name}-{found.ends[-1]}.png"
    return Drawing(words.calendar(found, say), name, words.calendar_alt(found, say))
