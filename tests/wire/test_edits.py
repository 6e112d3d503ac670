"""The real client edits an alert where it stands, with text and picture, and then corrects it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.alerts import Composer
from bot.boards import MODELS
from bot.delivery import Delivery, DeliveryState
from bot.openness import Directory
from bot.outbox import Outbox
from bot.packaged import read_languages
from bot.pipeline import poll
from bot.subscription import Subscription, Wish
from bot.turns import back_off
from cogs.delivery import DiscordMessenger
from tests.following import BOTH, EDITED, FINAL, FIVE_LEADS, HIGHER, TOLD, Given
from tests.made import START, at
from tests.reviewing import KNOWN, story
from tests.wire.discord_limits import Fault
from tests.wire.discord_schema import COMPONENTS_V2, Message
from tests.wire.inprocess import Connected, connected
from tests.wire.running import texts

ODD = {"a/one": "**One** <@&7> @everyone [x](https://x.example)", "e/five": "_Five_ <#1>"}
NAMED = replace(KNOWN, registry=replace(KNOWN.registry, names=ODD))
ESCAPED = "\\*\\*One\\*\\* \\<@&7> @\u200beveryone \\[x]\\(https:\\//x.example)"
PATCHES = "PATCH /channels/.*/messages/"


@dataclass
class World:
    """A connected bot and its outbox; `now` is the moment of the last poll."""

    bot: Connected
    outbox: Outbox
    now: list[datetime]

    async def polled(self, now: datetime, **restated: Mapping[str, int]) -> tuple[Delivery, ...]:
        """Poll at a moment, some days reading otherwise by then; return what is owed."""
        self.now[:] = [now]
        source = Given(story(**restated))
        result = await poll(MODELS, source, self.bot.store, NAMED, BOTH, now)
        return result.deliveries

    def messages(self) -> list[Message]:
        """Return what stands in the channel."""
        return self.bot.discord.messages(self.bot.channel.id)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Return a bot whose channel has the alert."""

    async def look_up() -> Directory:
        return NAMED

    async with connected(tmp_path, NAMED, TOLD, monkeypatch) as bot:
        composer = Composer(bot.store, bot.renderer, BOTH, look_up, read_languages())
        now = [TOLD]
        outbox = Outbox(bot.store, composer, DiscordMessenger(bot.client), lambda: now[0])
        found = World(bot, outbox, now)
        await found.polled(TOLD - timedelta(days=1))
        await bot.store.subscribe(
            Subscription(bot.channel.id, bot.channel.guild_id, Wish(), START, at(START), 1)
        )
        await found.polled(TOLD)
        await outbox.drain()
        yield found


def said(message: Message) -> str:
    """Return all text of a message."""
    return "\n".join(texts(message.components))


def unchanged(before: Message, after: Message) -> bool:
    """Say whether it is the same message still, of the same kind, that mentions nobody."""
    return (
        before.id == after.id
        and bool(after.flags & COMPONENTS_V2)
        and after.payload["allowed_mentions"] == {"parse": []}
    )


async def test_new_figures_are_put_in_place_of_the_old_ones_with_a_new_picture(
    world: World,
) -> None:
    (before,) = world.messages()
    assert before.edited_at is None
    await world.polled(FINAL, **HIGHER)
    await world.outbox.drain()
    (after,) = world.messages()
    assert unchanged(before, after)
    assert after.edited_at is not None
    assert said(after).startswith(f"## {ESCAPED} is now the most-used model\n")
    assert said(after).splitlines()[-1] == said(before).splitlines()[-1]
    assert EDITED in said(after)
    assert EDITED not in said(before)
    ((old,), (new,)) = before.attachments, after.attachments
    assert new.data.startswith(b"\x89PNG")
    assert (new.filename, new.description) == (old.filename, new.description)
    assert new.data != old.data


async def test_a_withdrawal_says_so_in_the_message_and_in_a_correction_after_it(
    world: World,
) -> None:
    (before,) = world.messages()
    await world.polled(FINAL, **FIVE_LEADS)
    await world.outbox.drain()
    alert, correction = world.messages()
    assert unchanged(before, alert)
    assert said(alert).startswith(f"## Withdrawn: {ESCAPED} is now the most-used model\n")
    assert "` 1` ■ **\\_Five\\_ \\<#1>** · closed" in said(alert)
    assert len(alert.attachments) == 1
    assert said(correction).splitlines() == [
        "## Correction",
        (
            f"Withdrawn: “{ESCAPED} is now the most-used model”, told for 11 June 2026. By the"
            " final figures of the day it is not true."
        ),
        "The message itself says so too.",
        (
            "-# Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-23. Licensed under CC BY"
            " 4.0."
        ),
        "-# `models.leader.a/one.2026-06-11 correction`",
    ]
    assert correction.attachments == ()
    assert correction.payload["allowed_mentions"] == {"parse": []}


async def test_a_passing_fault_delays_an_edit_and_holds_up_nothing(world: World) -> None:
    world.bot.discord.fail_next(PATCHES, Fault.answer(503))
    await world.polled(FINAL, **FIVE_LEADS)
    await world.outbox.drain()
    alert, _ = world.messages()
    assert alert.edited_at is None
    world.now[0] += back_off(1)
    await world.outbox.drain()
    alert, _ = world.messages()
    assert said(alert).startswith("## Withdrawn: ")


async def test_an_alert_that_somebody_deleted_is_let_be_and_what_follows_still_comes(
    world: World,
) -> None:
    (alert,) = world.messages()
    del world.bot.discord.world.messages[alert.id]
    owed = await world.polled(FINAL, **FIVE_LEADS)
    await world.outbox.drain()
    edit, correction = await world.bot.store.deliveries([each.key for each in owed])
    assert (edit.state, correction.state) == (DeliveryState.DEAD, DeliveryState.SENT)
    assert "10008" in (edit.reason or "")
    assert [said(each).splitlines()[0] for each in world.messages()] == ["## Correction"]
    asked = [each for each in world.bot.discord.requests if each.method == "PATCH"]
    assert len(asked) == 1


async def test_an_edit_in_a_channel_that_is_closed_to_us_waits_and_the_channel_is_paused(
    world: World,
) -> None:
    world.bot.discord.forbid(world.bot.channel.id, 50001)
    owed = await world.polled(FINAL, **HIGHER)
    await world.outbox.drain()
    (edit,) = await world.bot.store.deliveries([each.key for each in owed])
    assert edit.state is DeliveryState.PENDING
    assert "50001" in (edit.reason or "")
    (channel,) = await world.bot.store.channels()
    assert channel.paused is not None
    assert await world.bot.store.open_deliveries() == ()
