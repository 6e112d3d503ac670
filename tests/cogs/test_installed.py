"""What a person who installed the bot for themselves may ask anywhere (simcord has no such use)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.openness import directory
from tests.cogs.asked import leaves
from tests.cogs.stored import entries, figures, fill, polled_at, registry
from tests.cogs.test_every_command import COMMANDS, ENGLISH, TURKISH
from tests.gallery.living import a_minute_later
from tests.wire.discord_people import Command
from tests.wire.discord_schema import Actor
from tests.wire.inprocess import Connected, connected
from tests.wire.running import texts

GROUP = 2
PERSON = 2_000_000_000_000_000_077
"""A group of people, which the bot is no member of; and the one who installed it."""


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot that knows seven weeks of models with hostile names."""
    await fill(tmp_path)
    known, now = directory(registry(), entries()), polled_at(figures()[-1])
    async with connected(tmp_path, known, now, monkeypatch) as found:
        yield found


@pytest.mark.parametrize("locale", [ENGLISH, TURKISH])
async def test_commands_that_are_offered_anywhere_are_answered_in_a_group(
    bot: Connected, locale: str
) -> None:
    who = Actor(PERSON, locale=locale, context=GROUP, owners={"1": str(PERSON)})
    for name, command in (await leaves()).items():
        if GROUP in (command.get("contexts") or ()):
            a_minute_later(bot)
            asked = Command(name, **COMMANDS[name].options)
            with capture_logs() as logged:
                reply = await bot.discord.interact(asked, None, who, within=30)
            assert reply.content or texts(reply.components), name
            assert [line for line in logged if line["log_level"] == "error"] == []


async def test_settings_are_changed_only_in_servers_that_have_the_bot() -> None:
    told = await leaves()
    for name in ("subscribe", "unsubscribe", "subscriptions", "mute", "quiet", "budget", "digest"):
        command = told[name]
        assert (command["contexts"], command["integration_types"]) == ([0], [0]), name
        assert int(command["default_member_permissions"]) == 1 << 5, name
