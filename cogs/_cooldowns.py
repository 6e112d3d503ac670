"""How often a person and a server may ask."""

import discord
from discord.app_commands import Cooldown
from discord.ext.commands import CooldownMapping

PERSON = (5, 10.0)
SERVER = (40, 10.0)
"""Questions in so many seconds."""

CHOICES = (20, 10.0)
"""Choices of a person in panels, in so many seconds."""


class Cooldowns:
    """Count questions by person and by server."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._people = _counted(PERSON)
        self._servers = _counted(SERVER)
        self._choices = _counted(CHOICES)

    def wait(self, interaction: discord.Interaction) -> float:
        """Count a question; return 0, or for how many seconds none is taken."""
        now, server = interaction.created_at.timestamp(), interaction.guild_id
        wait = self._people.update_rate_limit(interaction.user.id, now) or 0.0
        if wait or server is None:
            return wait  # who must wait takes nothing from what others may ask
        return self._servers.update_rate_limit(server, now) or 0.0

    def choice(self, interaction: discord.Interaction) -> float:
        """Count a choice in a panel, which is no question; return as `wait` does."""
        now = interaction.created_at.timestamp()
        return self._choices.update_rate_limit(interaction.user.id, now) or 0.0


def _counted(allowed: tuple[int, float]) -> CooldownMapping[int]:
    return CooldownMapping(Cooldown(*allowed), int)
