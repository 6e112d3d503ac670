"""/author, typed in a loopback Discord and answered by the real client."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import BOARD_MODELS, Cause, Memory, Openness
from storage.protocol import Progress
from tests.made import START, at, days, directory, verdict
from tests.rules.milestones import milestone
from tests.wire.discord_people import Command, Reply, Typing
from tests.wire.discord_schema import EVERYDAY, Actor
from tests.wire.inprocess import Connected, connected, without_id
from tests.wire.running import texts

ANN = Actor(permissions=EVERYDAY)
TURK = replace(ANN, locale="tr")
KNOWN = directory(
    {"lab/open": verdict(Openness.OPEN), "lab/closed": verdict(Openness.CLOSED)},
    names={
        "lab/open": "Open One",
        "lab/closed": "@here **Closed**",
        "meta/one": "One",
        "meta-llama/two": "Two",
        "idle/never": "Never",
    },
)
STORED = days([{"lab/open": 600, "lab/closed": 200, "meta/one": 50, "meta-llama/two": 50}] * 15)
NOW = at(START + timedelta(days=15))


@pytest.fixture
async def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot without figures."""
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as found:
        yield found


@pytest.fixture
async def bot(empty: Connected) -> Connected:
    """Return a connected bot with half a month of figures, and four milestones of one author."""
    await empty.store.put_days(BOARD_MODELS, tuple(STORED.values()))
    one = milestone("author_leader", {"author": "lab", "previous": None}, ())
    told = [
        replace(one, key=f"models.author_leader.lab.{day}", date=day)
        for day in (one.date + timedelta(days=n) for n in range(4))
    ]
    gone = replace(one, key="models.author_leader.lab.2026-06-14", withdrawn=Cause.FIGURES)
    end = one.date + timedelta(days=8)
    progress = Progress((Memory(START, end, (), {}),), None)
    await empty.store.record(BOARD_MODELS, progress, [*told, gone], [])
    return empty


async def asked(bot: Connected, who: Actor, **options: object) -> Reply:
    """Type the command in the bot's channel."""
    return await bot.discord.interact(Command("author", **options), bot.channel, who, within=20)


async def offered(bot: Connected, focused: str, text: str) -> Reply:
    """Type an option half and return what is offered."""
    what = Typing(Command("author", **{focused: text}), focused)
    return await bot.discord.interact(what, bot.channel, ANN, within=20)


async def test_an_author_is_answered_with_share_models_milestones_chart_and_citation(
    bot: Connected,
) -> None:
    reply = await asked(bot, ANN, name="lab")
    said = texts(reply.components)
    assert said[0].splitlines()[:3] == [
        "## The models of lab",
        "Together they have 80.0 % of all tokens: 5.60 K.",
        "= The same share as seven days before.",
    ]
    assert "` 1` ● **Open One** · open · 60.0\u00a0% · 4.20\u00a0K · = same" in said[1]
    assert "We know 2 of its models: ● 1 open, ■ 1 closed." in said[2]
    assert said[3].splitlines() == [
        "**Newest milestones of the last twelve months**",
        *(f"{day} June 2026: lab is now the most-used author" for day in (10, 9, 8)),
    ]
    assert said[-1].startswith("-# Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-20")
    ((name, content),) = reply.files.items()
    assert name == "author-models-2026-06-15.png"
    assert content.startswith(b"\x89PNG")
    assert not reply.ephemeral


async def test_the_same_in_turkish_and_for_one_alone(bot: Connected) -> None:
    reply = await asked(bot, TURK, name="lab", private=True)
    said = texts(reply.components)
    assert said[0].splitlines()[:2] == [
        "## lab modelleri",
        "Birlikte bütün tokenlardaki payları %80,0: 5,60 bin.",
    ]
    assert "Bilinen 2 modeli: ● 1 açık, ■ 1 kapalı." in said[2]
    assert "10 Haziran 2026: Modelleri en çok kullanılan üretici artık lab" in said[3]
    assert reply.ephemeral
    (found,) = [each for each in bot.discord.world.commands if each["name"] == "author"]
    assert found["name_localizations"] == {"tr": "üretici"}
    assert all("tr" in option["name_localizations"] for option in found["options"])
    assert (found["contexts"], found["integration_types"]) == ([0, 1, 2], [0, 1])


async def test_two_names_of_one_author_are_one_and_a_slip_of_the_hand_is_forgiven(
    bot: Connected,
) -> None:
    for name in ("meta", "meta-llama", "Meta"):
        said = texts((await asked(bot, ANN, name=name)).components)
        assert said[0].startswith("## The models of meta\nTogether they have 10.0 %")
    assert [each["value"] for each in (await offered(bot, "name", "mta")).choices] == ["meta"]
    assert [each["value"] for each in (await offered(bot, "board", "all")).choices] == ["models"]


async def test_an_author_never_listed_is_answered_without_a_picture(bot: Connected) -> None:
    reply = await asked(bot, ANN, name="idle")
    said = "\n".join(texts(reply.components))
    assert "None of them is in the published ranking of these seven days." in said
    assert "None was in the published ranking since 7 June 2026." in said
    assert "We know 1 of its models: ◆ 1 unknown." in said
    assert reply.files == {}


async def test_names_from_outside_are_shown_as_they_are_and_ping_nobody(bot: Connected) -> None:
    reply = await asked(bot, ANN, name="lab")
    said = "\n".join(texts(reply.components))
    assert "@here" not in said
    assert r"\*\*Closed\*\*" in said
    assert reply.seen.payload["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize("who", [ANN, TURK], ids=["en", "tr"])
@pytest.mark.parametrize(
    "text", ["", "x" * 6000, "**@everyone**", "\u202elab\u202d?", "🦊", "<@1>"]
)
async def test_hostile_text_is_refused_in_a_few_harmless_words(
    bot: Connected, who: Actor, text: str
) -> None:
    reply = await asked(bot, who, name=f"{text} nobody at all")
    assert reply.ephemeral
    assert len(reply.content) < 500
    assert "@everyone" not in reply.content
    assert "\u202e" not in reply.content


async def test_without_figures_it_says_what_is_missing(empty: Connected) -> None:
    reply = await asked(empty, ANN, name="lab")
    assert reply.ephemeral
    assert without_id(reply) == "No rankings are stored yet. The next poll brings them."
    await empty.store.put_days(BOARD_MODELS, tuple(STORED.values())[:1])
    reply = await asked(empty, TURK, name="lab")
    assert "26 Mayıs 2026" in reply.content
