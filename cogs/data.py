"""/data: what is held on a server or a person, shown and deleted."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import discord
import structlog
from discord import app_commands, ui
from discord.ext import commands

from bot.answers.held_data import About, HeldData
from bot.errors import SendFailed, TokenRefused
from bot.queries.held_data import on_person, on_server, places_of
from bot.subscription import DIRECT
from bot.text.data import as_json, button, confirm, deleted, file_name, nothing, shown
from cogs._answers import Reader, ask_to_wait, refuse, tell_alone, too_old
from cogs._failures import typed_failures
from cogs._managing import Managing
from cogs._paging import control_id, ours

_DELETE = "data-delete"

Whose = Literal["me", "server"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A deletion that somebody asked for, as the id of its button holds it."""

    about: About
    person: int

    @property
    def id(self) -> str:
        return f"{_DELETE}|{self.about}|{self.person}"


def _read(custom_id: str) -> _Asked | None:
    try:
        _, about, person = custom_id.split("|")
        return _Asked(About(about), int(person))
    except ValueError:
        return None


class Data(Managing):
    """Show and delete what is held; on themselves anyone may ask, on a server who manages it."""

    data = app_commands.Group(
        name="data",
        description="See or delete what is held on you or on this server",
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )

    async def interaction_check(self, _: discord.Interaction, /) -> bool:
        """Let everyone in: what is about a server is checked where that is asked for."""
        return True

    @data.command(description="Show what is held, in words and as a file")
    @app_commands.describe(about="On whom: on you if not given; on this server if you manage it")
    async def show(self, interaction: discord.Interaction, about: Whose = "me") -> None:
        """Show what is held to that person alone."""
        if not await self._allowed(interaction, About(about)):
            return
        reader = await self._answers.begin(interaction, private=True)
        held = await self._held(interaction, About(about))
        message = shown(held, reader.say)
        if held.empty:
            await reader.show(message)
        else:
            await reader.hand_out(message, file_name(held.about), as_json(held, reader.now))

    @data.command(description="Delete what is held, once you have confirmed it")
    @app_commands.describe(about="On whom: on you if not given; on this server if you manage it")
    async def delete(self, interaction: discord.Interaction, about: Whose = "me") -> None:
        """Say what would be deleted, with a button that does it."""
        if not await self._allowed(interaction, About(about)):
            return
        reader = await self._answers.begin(interaction, private=True)
        held = await self._held(interaction, About(about))
        if held.empty:
            await reader.show(nothing(held.about, reader.say))
            return
        row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
        row.add_item(
            ui.Button(
                style=discord.ButtonStyle.danger,
                label=button(held.about, reader.say),
                custom_id=_Asked(held.about, interaction.user.id).id,
            )
        )
        await reader.show(confirm(held, reader.say), None, [row])

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Delete what somebody has confirmed."""
        if not ours(interaction, _DELETE):
            return
        say, asked = self._say(interaction), _read(control_id(interaction))
        if asked is None or asked.person != interaction.user.id:
            await too_old(interaction, say)
            return
        if wait := self._answers.cooldowns.wait(interaction):
            await ask_to_wait(interaction, wait, say)
            return
        if not await self._allowed(interaction, asked.about):
            return
        try:
            await self._delete(await self._answers.again(interaction, say.code), asked.about)
        except Exception as error:  # noqa: BLE001 — nobody else would tell the person
            await refuse(interaction, error, say)

    async def _allowed(self, interaction: discord.Interaction, about: About) -> bool:
        """Say whether somebody may ask about this here; if not, tell them."""
        if about is About.ME:
            return True
        if interaction.guild_id is None:
            say = self._say(interaction)
            await tell_alone(interaction, say("Please ask in the server that you mean."))
            return False
        return await self._may(interaction)

    async def _delete(self, reader: Reader, about: About) -> None:
        interaction = reader.interaction
        # Discord may have to be asked: nobody else's settings wait for that.
        places = await self._places(interaction.user) if about is About.ME else frozenset[int]()
        async with self._answers.changing:
            if about is About.ME:
                await self._delete_person(interaction.user, places)
                structlog.get_logger().info("data of a person deleted")
            else:
                guild = interaction.guild_id or DIRECT
                await self._store.purge(guild)
                log = structlog.get_logger()
                log.info("data of a server deleted", guild=guild, who=interaction.user.id)
        left = await self._held(interaction, about)
        await reader.show(deleted(left, reader.say))

    async def _delete_person(
        self, person: discord.User | discord.Member, places: Collection[int]
    ) -> None:
        for place in sorted(places):
            await self._store.purge_channel(place)
        await self._store.forget(person.id)

    async def _held(self, interaction: discord.Interaction, about: About) -> HeldData:
        if about is About.SERVER:
            return await self._on_server(interaction.guild_id or DIRECT)
        return await self._on_person(interaction.user)

    async def _on_server(self, guild: int) -> HeldData:
        return on_server(
            guild,
            await self._store.channels(guild),
            await self._store.subscriptions(guild),
            await self._store.kept(guild),
            await self._store.changes(guild),
            await self._store.absences(),
        )

    async def _on_person(self, person: discord.User | discord.Member) -> HeldData:
        places = await self._places(person)
        return on_person(
            person.id,
            places,
            await self._store.channels(DIRECT),
            await self._store.subscriptions(),
            [row for place in places for row in await self._store.kept(DIRECT, place)],
            await self._store.changes_by(person.id),
        )

    async def _places(self, person: discord.User | discord.Member) -> frozenset[int]:
        """Return the channels of a person's direct messages with us, as far as they are known."""
        return places_of(person.id, await _direct(person), await self._store.subscriptions())


async def _direct(person: discord.User | discord.Member) -> int | None:
    """Return a person's channel of direct messages with us, if Discord tells."""
    try:
        with typed_failures():
            return (await person.create_dm()).id
    except (SendFailed, TokenRefused):
        return None
