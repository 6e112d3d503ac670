"""How often a person and a server may ask."""

import discord
from discord.app_commands import Cooldown
from discord.ext.commands import CooldownMapping

PERSON = (5, 10.0)
SERVER = (40, 10.0)
"""Questions in so many seconds."""


class Cooldowns:
    """Count questions by person and by server."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._people = _counted(PERSON)
        self._servers = _counted(SERVER)

    def wait(self, interaction: discord.Interaction) -> float:
        """Count a question; return 0, or for how many seconds none is taken."""
        now = interaction.created_at.timestamp()
        asked = [(self._people, interaction.user.id), (self._servers, interaction.guild_id)]
        waits = [counted.update_rate_limit(who, now) for counted, who in asked if who is not None]
        return max((wait for wait in waits if wait is not None), default=0.0)


def _counted(allowed: tuple[int, float]) -> CooldownMapping[int]:
    return CooldownMapping(Cooldown(*allowed), int)
