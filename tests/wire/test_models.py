"""/model: typed in a loopback Discord, answered by the real client, in English and Turkish."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot import rules
from bot.delivery import Delivery, DeliveryState
from bot.detect import detect
from bot.knowledge import CatalogueEntry, Price, Rater, Score
from bot.model import BOARD_MODELS, Milestone, Openness
from bot.subscription import DIRECT, Manner
from storage.protocol import Progress
from tests.made import START, at, days, directory, verdict
from tests.waiting import until
from tests.wire.discord_people import Command, Reply, Typing
from tests.wire.discord_schema import EVERYDAY, Actor, Channel
from tests.wire.inprocess import Connected, connected, guild_of
from tests.wire.running import texts

ANN = Actor(permissions=EVERYDAY)
TURK = replace(ANN, locale="tr")
HOSTILE = "@everyone **bold** `code` [x](http://x) \u202eabc"
SHELF = CatalogueEntry(
    "shelf/never-ranked",
    "Never Ranked",
    START,
    None,
    None,
    seen=START + timedelta(days=12),
    context=200_000,
    price=Price(Decimal(0), Decimal(0)),
    scores=(Score(Rater.DESIGN_ARENA, "website", Decimal(1200), 4),),
)
KNOWN = directory(
    {"a/open": verdict(Openness.OPEN, START), "b/closed": verdict(Openness.CLOSED)},
    catalogue=[SHELF],
    names={"a/open": "Open One", "b/closed": HOSTILE},
)
STORY = days([{"b/closed": 100, "a/open": 90 if n < 10 else 900} for n in range(13)])
NOW = at(START + timedelta(days=13))


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot with the story's days."""
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as found:
        await found.store.put_days(BOARD_MODELS, tuple(STORY.values()))
        yield found


async def asked(
    bot: Connected, name: str, who: Actor = ANN, place: Channel | None = None, **more: object
) -> Reply:
    """Ask for a model in the bot's channel."""
    command = Command("model", name=name, **more)
    return await bot.discord.interact(command, place or bot.channel, who, within=20)


async def offered(bot: Connected, focused: str, who: Actor = ANN, **half: str) -> list[str]:
    """Type an option half and return the names that are offered."""
    what = Typing(Command("model", **half), focused)
    reply = await bot.discord.interact(what, bot.channel, who, within=20)
    return [choice["name"] for choice in reply.choices]


def links(reply: Reply) -> list[str]:
    """Return the addresses of the buttons below an answer."""
    rows = (row.get("components", []) for row in reply.components)
    return [each["url"] for row in rows for each in row if "url" in each]


def alt(reply: Reply) -> str:
    """Return the words that stand in for the picture."""
    (container,) = [one for one in reply.components if one["type"] == 17]
    (gallery,) = [one for one in container["components"] if one["type"] == 12]
    (picture,) = gallery["items"]
    return str(picture["description"])


async def led(bot: Connected, *owed: tuple[int, int, DeliveryState, bool]) -> Milestone:
    """Record the story's milestones, and the new leader's alert owed to these.

    Each is a channel, its server, how far the delivery is, and whether it is a forum.
    """
    memories, found = detect(BOARD_MODELS, STORY, KNOWN, rules.discover())
    (leader,) = (one for one in found if one.rule == "leader")
    deliveries = [
        Delivery(
            f"{channel}:{leader.key}",
            channel,
            server,
            (leader.key,),
            f"n{channel}",
            NOW,
            state=state,
            message_id=channel + 7 if state is DeliveryState.SENT else None,
            manner=Manner(forum=forum),
        )
        for channel, server, state, forum in owed
    ]
    await bot.store.record(BOARD_MODELS, Progress(memories, None), found, deliveries)
    return leader


async def test_a_model_is_answered_with_sections_chart_link_and_citation(bot: Connected) -> None:
    reply = await asked(bot, "a/open")
    said = texts(reply.components)
    assert said[0] == "## Open One\n● open · a/open"
    assert said[1].startswith("**Now**\nRank 1\n")
    assert said[-1].startswith("-# Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-20")
    ((name, content),) = reply.files.items()
    assert name == "history-2026-06-13.png"
    assert content.startswith(b"\x89PNG")
    assert links(reply) == ["https://openrouter.ai/a/open"]
    assert not reply.ephemeral


async def test_a_turkish_reader_is_answered_in_turkish_and_alone_if_they_wish(
    bot: Connected,
) -> None:
    reply = await asked(bot, "open", TURK, private=True)
    said = texts(reply.components)
    assert said[0].startswith("## Open One\n● açık")
    assert said[1].startswith("**Şimdi**\n1. sıra\nBütün tokenlardaki payı %68,6 · 3,06 bin token")
    assert reply.ephemeral
    assert reply.files


async def test_a_model_that_no_ranking_listed_is_answered_from_the_catalogue(
    bot: Connected,
) -> None:
    reply = await asked(bot, "never ranked")
    text = "\n".join(texts(reply.components))
    assert "Never listed in 7 rankings over seven days since 7 June 2026" in text
    assert (
        "Price: 0 per token\nContext: 200 K tokens\nDesign Arena (Elo): websites 1,200, rank 4"
        in text
    )
    assert "As of 13 June 2026, in the catalogue since 1 June 2026" in text
    assert reply.files == {}


@pytest.mark.parametrize("stored", [0, 1, 7], ids=["nothing", "one day", "one week"])
async def test_few_days_are_an_answer_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stored: int
) -> None:
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as bot:
        await bot.store.put_days(BOARD_MODELS, tuple(STORY.values())[:stored])
        reply = await asked(bot, "a/open")
        first = "Rank 2" if stored == 7 else "No complete week is stored yet"
        assert texts(reply.components)[1].startswith(f"**Now**\n{first}")
        assert reply.files == {}


async def test_names_from_outside_are_shown_as_they_are_and_ping_nobody(bot: Connected) -> None:
    reply = await asked(bot, "b/closed")
    title = texts(reply.components)[0]
    assert title.startswith("## @\u200beveryone \\*\\*bold\\*\\* \\`code\\`")
    assert "\u202e" not in title
    assert reply.seen.payload["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize(
    "name",
    ["x" * 6000, HOSTILE, "🦊🦊", "\u202e\u200f", "a/open:free or so", "   "],
    ids=["long", "markup", "emoji", "direction", "nearly", "blank"],
)
async def test_what_names_no_model_is_refused_for_the_person_alone(
    bot: Connected, name: str
) -> None:
    reply = await asked(bot, name if name != HOSTILE else f"{HOSTILE} and more")
    assert reply.ephemeral
    assert len(reply.content) < 400
    assert "@everyone" not in reply.content
    assert reply.content.startswith("I know no model called “")


async def test_the_nearest_names_are_suggested(bot: Connected) -> None:
    reply = await asked(bot, "Opne Onee", TURK)
    assert "Open One" in "\n".join([reply.content, *texts(reply.components)])


async def test_names_and_boards_are_offered_while_somebody_types(bot: Connected) -> None:
    assert await offered(bot, "name", name="nevr") == ["Never Ranked"]
    assert "Open One" in await offered(bot, "name", name="")
    assert await offered(bot, "board", name="a/open", board="") == ["All models"]
    assert await offered(bot, "board", TURK, name="a/open", board="bütün") == ["Bütün modeller"]


async def test_another_board_is_answered_by_its_title(bot: Connected) -> None:
    board = "category-legal"
    weeks = {START + timedelta(days=7 * n - 1): {"a/open": 5, "c/new": 6} for n in (0, 1)}
    stored = [replace(days([each], when)[when], origin="") for when, each in weeks.items()]
    await bot.store.put_days(board, stored)
    memories, _ = detect(BOARD_MODELS, STORY, KNOWN, rules.discover())
    await bot.store.record(board, Progress(memories, None), (), ())
    reply = await asked(bot, "a/open", board="legal")
    text = "\n".join(texts(reply.components))
    assert text.startswith("## Legal: Open One")
    assert "Rank 2 · = same" in text
    assert "Top five: at least 2 weeks now, stored since 31 May 2026 · longest on record" in text
    assert "These are estimates" in text
    refused = await asked(bot, "a/open", board="no such board")
    assert refused.content.startswith("There is no board called “no such board”.")


async def test_its_milestones_lead_to_the_alerts_posted_in_this_server(bot: Connected) -> None:
    server, here = guild_of(bot).id, bot.channel.id
    sent = DeliveryState.SENT
    await led(bot, (5, 99, sent, False), (6, server, sent, False), (here, server, sent, False))
    text = "\n".join(texts((await asked(bot, "a/open")).components))
    day = STORY[START + timedelta(days=11)].date
    assert (
        f"{day.day} June 2026: Open One is now the most-used model ·"
        f" [its alert](https://discord.com/channels/{server}/{here}/{here + 7})" in text
    )
    assert "/99/" not in text


async def test_its_milestones_stand_in_the_picture_of_its_ranks_and_tokens(
    bot: Connected,
) -> None:
    await led(bot)
    told = alt(await asked(bot, "a/open"))
    assert told.startswith("Open One has led since 11 June 2026. Rank and tokens over")
    assert "Milestones: First place, Record share: 61.6 %, Ahead of " in told
    assert "(12 Jun). Newest first: number 1 with 3.06 K tokens (13 Jun);" in told
    lost = alt(await asked(bot, "b/closed", TURK))
    assert "Dönüm noktaları: Open One öne geçti (12 Haz)." in lost


async def test_the_picture_goes_further_back_than_the_list_of_milestones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = days([{"b/closed": 100, "a/open": 90 if n < 10 else 900} for n in range(150)])
    now = at(START + timedelta(days=150))
    async with connected(tmp_path, KNOWN, now, monkeypatch) as bot:
        await bot.store.put_days(BOARD_MODELS, tuple(long.values()))
        await led(bot)
        reply = await asked(bot, "a/open")
    assert "Milestones: First place, " in alt(reply)
    assert "now the most-used model" not in "\n".join(texts(reply.components))


async def test_an_alert_in_a_forum_is_led_to_as_a_post(bot: Connected) -> None:
    server = guild_of(bot).id
    await led(bot, (6, server, DeliveryState.SENT, True))
    text = "\n".join(texts((await asked(bot, "a/open")).components))
    assert f"(https://discord.com/channels/{server}/13/13)" in text


async def test_no_alert_of_another_place_or_on_its_way_is_led_to(bot: Connected) -> None:
    server, ours = guild_of(bot).id, bot.discord.world.dm(str(ANN.id))
    sent, sending = DeliveryState.SENT, DeliveryState.SENDING
    await led(bot, (5, 99, sent, False), (6, server, sending, False), (7, DIRECT, sent, False))
    for place in (bot.channel, ours):
        text = "\n".join(texts((await asked(bot, "a/open", place=place)).components))
        assert "Open One is now the most-used model" in text
        assert "/channels/" not in text


async def test_in_direct_messages_the_alerts_told_there_are_led_to(bot: Connected) -> None:
    ours = bot.discord.world.dm(str(ANN.id))
    await led(bot, (ours.id, DIRECT, DeliveryState.SENT, False))
    text = "\n".join(texts((await asked(bot, "a/open", place=ours)).components))
    assert f"(https://discord.com/channels/@me/{ours.id}/{ours.id + 7})" in text


async def test_the_command_is_offered_everywhere_also_where_only_the_person_has_us(
    bot: Connected,
) -> None:
    await until(lambda: bot.discord.world.commands)
    (command,) = (each for each in bot.discord.world.commands if each["name"] == "model")
    assert command["contexts"] == [0, 1, 2]
    assert command["integration_types"] == [0, 1]
    assert command["description_localizations"]["tr"].startswith("Bir modeli gösterir")
