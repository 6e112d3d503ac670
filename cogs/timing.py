"""/mute, /quiet, /budget, /digest: when messages arrive, and how many."""

from collections.abc import Callable
from typing import Literal, get_args

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.model import BOARD_MODELS
from bot.queries import several
from bot.queries.durations import DURATIONS, Duration
from bot.queries.reference import Reference
from bot.queries.timezones import timezones
from bot.subscription import MOST_IN_A_SERVER, Digest, Manner, QuietHours
from bot.subscription import Channel as Settings
from bot.text.panel import LANGUAGES, language_of
from bot.text.timing import no_alerts, quiet_all_day, quiet_in_part, too_many_digests
from cogs._altered import Altered, digested, limited, muted, quieted, unlimited, unmuted, unquieted
from cogs._answers import Answers, acknowledge, choices
from cogs._boards import board_names
from cogs._managing import Channel, Managing, for_managers, forbidden, permissions_in
from cogs._places import FORUMS, Named
from storage.protocol import Store

_Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_Hour = app_commands.Range[int, 0, 23]


class Timing(Managing):
    """Set when messages may arrive in a channel; its subscriptions share these settings."""

    def __init__(
        self,
        store: Store,
        reference: Reference,
        answers: Answers,
        wake: Callable[[], None],
    ) -> None:
        """Read the time zones too."""
        super().__init__(store, reference, answers, wake)
        self._zones = timezones(LANGUAGES.values())

    @for_managers
    @app_commands.command(description="Mute a channel for some time; what it missed follows")
    @app_commands.describe(
        channel="A channel that gets alerts or a digest",
        duration="How long from now on; “off” ends it",
    )
    async def mute(
        self, interaction: discord.Interaction, channel: Channel, duration: Duration
    ) -> None:
        """Mute a channel, or end that; what was held back then follows."""
        say, now, lasts = self._say(interaction), self._now(), DURATIONS[duration]

        def alter(settings: Settings) -> Altered | str:
            if lasts is None:
                return unmuted(settings, now, say)
            return muted(settings, now + lasts, say)

        await self._alter(interaction, channel, alter)

    @for_managers
    @app_commands.command(description="Set hours of the day in which a channel gets no alerts")
    @app_commands.describe(
        channel="A channel that gets alerts or a digest",
        start="From this hour on, 0 to 23; leave out all three to end the quiet hours",
        end="Until this hour, 0 to 23",
        timezone="By the clocks of which city, such as Istanbul",
    )
    async def quiet(
        self,
        interaction: discord.Interaction,
        channel: Channel,
        start: _Hour | None = None,
        end: _Hour | None = None,
        timezone: str | None = None,
    ) -> None:
        """Set a channel's quiet hours, or end them; what was held back then follows."""
        say, now = self._say(interaction), self._now()

        def alter(settings: Settings) -> Altered | str:
            if start is None and end is None and timezone is None:
                return unquieted(settings, now, say)
            if start is None or end is None or timezone is None:
                return quiet_in_part(say)
            if start == end:
                return quiet_all_day(say)
            hours = QuietHours(start, end, self._zones.meant(timezone).what)
            return quieted(settings, hours, now, say)

        await self._alter(interaction, channel, alter)

    @for_managers
    @app_commands.command(description="Limit how many messages a channel gets in any seven days")
    @app_commands.describe(
        channel="A channel that gets alerts or a digest",
        messages="At most so many, 1 to 100; without it the limit ends",
    )
    async def budget(
        self,
        interaction: discord.Interaction,
        channel: Channel,
        messages: app_commands.Range[int, 1, 100] | None = None,
    ) -> None:
        """Set a channel's budget, or end it; what has room now then follows."""
        say, now = self._say(interaction), self._now()

        def alter(settings: Settings) -> Altered | str:
            if messages is None:
                return unlimited(settings, now, say)
            return limited(settings, messages, say)

        await self._alter(interaction, channel, alter)

    @for_managers
    @app_commands.command(description="Sum the week up in a channel, once a week")
    @app_commands.describe(
        channel="The channel that gets the digest, in place of an earlier one",
        weekday="The day of the week",
        hour="The hour of the day, 0 to 23",
        timezone="By the clocks of which city, such as Istanbul",
        boards="Which rankings, with commas between: all models if not given",
        language="The language of the digest: that of the server if not given",
    )
    @app_commands.choices(
        language=[Choice(name=name, value=code) for name, code in LANGUAGES.items()]
    )
    async def digest(  # noqa: PLR0913, PLR0917 — the options of the command
        self,
        interaction: discord.Interaction,
        channel: Channel,
        weekday: _Weekday,
        hour: _Hour,
        timezone: str,
        boards: str = BOARD_MODELS,
        language: str | None = None,
    ) -> None:
        """Set a channel's weekly digest, once we know that we may post there."""
        await acknowledge(interaction)
        say, local = self._say(interaction), interaction.guild_locale
        polled = board_names(await self._reference.boards(), say)
        chosen = several.meant(polled, boards) or (polled.meant(BOARD_MODELS),)
        wanted = Digest(
            weekday=get_args(_Weekday).index(weekday),
            hour=hour,
            timezone=self._zones.meant(timezone).what,
            boards=tuple(each.what for each in chosen),
            language=language or language_of(local.value if local else None),
            after=self._now(),
            manner=Manner(forum=channel.type in FORUMS),
        )
        told = await forbidden(channel, permissions_in(interaction, channel), say)
        if not told:
            told = await self._sum_up(interaction, channel, wanted)
        await interaction.followup.send(told, ephemeral=True)

    @quiet.autocomplete("timezone")
    @digest.autocomplete("timezone")
    async def _offer_zones(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return choices(self._zones.offered(typed))

    @digest.autocomplete("boards")
    async def _offer_boards(
        self, interaction: discord.Interaction, typed: str
    ) -> list[Choice[str]]:
        polled = board_names(await self._reference.boards(), self._say(interaction))
        return choices(several.offered(polled, typed))

    async def _sum_up(
        self, interaction: discord.Interaction, channel: Named, wanted: Digest
    ) -> str:
        """Give a channel its digest, let it go on if it was paused, and return what to tell."""
        say = self._say(interaction)
        async with self._answers.changing:
            found = {each.channel_id: each for each in await self._store.channels(channel.guild_id)}
            before = found.pop(channel.id, Settings(channel.id, channel.guild_id))
            if sum(each.digest is not None for each in found.values()) >= MOST_IN_A_SERVER:
                return too_many_digests(say)
            told = await self._keep(interaction, digested(before, wanted, say))
        return f"{told} {await self._resumed(interaction, channel.id, say)}".rstrip()

    async def _alter(
        self,
        interaction: discord.Interaction,
        channel: Named,
        alter: Callable[[Settings], Altered | str],
    ) -> None:
        """Alter a channel's settings, nobody else's change between, and tell of it."""
        await acknowledge(interaction)
        async with self._answers.changing:
            settings = await self._settings(channel)
            if settings is None:
                told = no_alerts(channel.mention, self._say(interaction))
            else:
                told = await self._keep(interaction, alter(settings))
        await interaction.followup.send(told, ephemeral=True)

    async def _settings(self, channel: Named) -> Settings | None:
        found = await self._store.channels(channel.guild_id)
        return next((each for each in found if each.channel_id == channel.id), None)

    async def _keep(self, interaction: discord.Interaction, altered: Altered | str) -> str:
        """Keep settings if they altered, and return what to tell of it."""
        if isinstance(altered, str):
            return altered
        settings = altered.settings
        change = self._change(
            interaction, settings.channel_id, altered.deed, None, **altered.values
        )
        await self._store.put_channel(settings, change)
        self._wake()  # what was held back may be free to go
        return altered.told
