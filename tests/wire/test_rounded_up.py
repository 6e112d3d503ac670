"""Roundups, digests and tests as the real client posts them, and edits them where they stand."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.alerts import Composer
from bot.delivery import Delivery, DeliveryState, Form, Kind, Summary
from bot.model import BOARD_MODELS, Cause
from bot.openness import Directory
from bot.outbox import Outbox
from bot.packaged import read_boards, read_languages
from bot.routing import nonce
from cogs.delivery import DiscordMessenger
from storage.protocol import Progress
from tests.following import FINAL
from tests.made import START
from tests.reviewing import KNOWN, LEVEL, story
from tests.reviewing import LEADER as ONE_LEADS
from tests.wire.discord_schema import COMPONENTS_V2, Message
from tests.wire.inprocess import Connected, connected, subscribed
from tests.wire.running import texts

ODD = {"a/one": "**One** <@&7> @everyone [x](https://x.example)"}
NAMED = replace(KNOWN, registry=replace(KNOWN.registry, names=ODD))
ESCAPED = "\\*\\*One\\*\\* \\<@&7> @\u200beveryone \\[x]\\(https:\\//x.example)"
LEADER = replace(
    ONE_LEADS,
    top=tuple(replace(each, name=ODD.get(each.model, each.name)) for each in ONE_LEADS.top),
)
EARLIER = replace(LEVEL, key=f"{LEVEL.key}.x", date=LEVEL.date - timedelta(1))
WEEK = Summary((BOARD_MODELS, "category-legal"), START + timedelta(15))


@dataclass
class World:
    """A connected bot whose store has a story, and its outbox."""

    bot: Connected
    outbox: Outbox

    async def posted(self, owed: Delivery) -> Message:
        """Send one, and return what stands in the channel last."""
        await self.bot.store.owe([owed])
        await self.outbox.drain()
        (row,) = await self.bot.store.deliveries([owed.key])
        assert row.state is DeliveryState.SENT, row.reason
        return self.bot.discord.messages(self.bot.channel.id)[-1]

    def owed(self, name: str, *milestones: str, language: str = "en") -> Delivery:
        """Return what is owed to the bot's channel."""
        channel = self.bot.channel
        key = f"{channel.id}:{language}:{name}"
        guild = channel.guild_id or 0
        return Delivery(key, channel.id, guild, milestones, nonce(key), FINAL, language)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Return a bot whose channel is subscribed, with days and milestones in its store."""

    async def look_up() -> Directory:
        return NAMED

    async with connected(tmp_path, NAMED, FINAL, monkeypatch) as bot:
        await bot.store.put_days(BOARD_MODELS, tuple(story().values()))
        told = (LEADER, LEVEL, EARLIER)
        await bot.store.record(BOARD_MODELS, Progress((), None), told, ())
        await subscribed(bot, bot.channel.id)
        found = rules.discover()
        compose = Composer(bot.store, bot.renderer, found, look_up, read_languages(), read_boards())
        yield World(bot, Outbox(bot.store, compose, DiscordMessenger(bot.client), lambda: FINAL))


def said(message: Message) -> str:
    """Return all text of a message."""
    return "\n".join(texts(message.components))


def is_card(message: Message, name: str) -> bool:
    """Say whether a message is a card with one picture that mentions nobody and bears a key."""
    (picture,) = message.attachments
    assert picture.data.startswith(b"\x89PNG")
    assert picture.description
    return (
        bool(message.flags & COMPONENTS_V2)
        and message.payload["allowed_mentions"] == {"parse": []}
        and said(message).endswith(f"-# `{name}`")
    )


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [("en", "What happened meanwhile", "headline"), ("tr", "Bu arada olanlar", "manşet")],
)
async def test_a_roundup_arrives_as_one_card(
    world: World, language: str, title: str, word: str
) -> None:
    name = "roundup.2026-06-13.070000"
    owed = world.owed(name, LEADER.key, EARLIER.key, language=language)
    message = await world.posted(replace(owed, form=Form.ROUNDUP))
    assert is_card(message, name)
    assert said(message).startswith(f"## {title}\n")
    assert ESCAPED in said(message)
    assert said(message).count(f"★ {word}") == 2


async def test_a_roundup_is_edited_where_it_stands(world: World) -> None:
    name = "roundup.2026-06-13.070000"
    owed = replace(world.owed(name, LEADER.key, EARLIER.key), form=Form.ROUNDUP)
    before = await world.posted(owed)
    later = FINAL + timedelta(hours=1)
    gone = replace(EARLIER, withdrawn=Cause.FIGURES, revised=later)
    await world.bot.store.record(BOARD_MODELS, Progress((), None), (), (), [gone])
    edit = replace(owed, key=f"{owed.key}!final", kind=Kind.EDIT, about=owed.key)
    after = await world.posted(edit)
    assert before.id == after.id
    assert is_card(after, name)
    assert "**Withdrawn: Open models now hold three of the top five**" in said(after)
    assert "Withdrawn" not in said(before)


@pytest.mark.parametrize(
    ("language", "title", "legal"),
    [
        ("en", "The week on OpenRouter", "**Legal**\nNo rankings are stored yet."),
        ("tr", "OpenRouter’da haftanın özeti", "**Hukuk**\nHenüz kayıtlı sıralama yok."),
    ],
)
async def test_a_digest_arrives_as_one_card(
    world: World, language: str, title: str, legal: str
) -> None:
    name = "digest.2026-06-17.0900"
    owed = world.owed(name, LEADER.key, language=language)
    message = await world.posted(replace(owed, form=Form.DIGEST, summary=WEEK))
    assert is_card(message, name)
    assert said(message).startswith(f"## {title}\n")
    assert legal in said(message)
    assert ESCAPED in said(message)
    assert LEADER.key in said(message)


@pytest.mark.parametrize("language", ["en", "tr"])
async def test_a_test_arrives_with_the_alert_and_its_picture(world: World, language: str) -> None:
    name = "test.2026-06-13.070000"
    owed = world.owed(name, LEADER.key, language=language)
    message = await world.posted(replace(owed, kind=Kind.TEST))
    assert is_card(message, name)
    assert ESCAPED in said(message)
    assert said(message).startswith(("## A test: ", "## Deneme: "))
