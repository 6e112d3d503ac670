"""/compare, typed in a loopback Discord and answered by the real client."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import BOARD_MODELS, Memory, Openness
from storage.protocol import Progress
from tests.made import START, at, day, days, directory, verdict
from tests.wire.discord_people import Command, Reply, Typing
from tests.wire.discord_schema import EVERYDAY, Actor, Channel
from tests.wire.inprocess import Connected, connected, typed, without_id
from tests.wire.running import texts

ANN = Actor(permissions=EVERYDAY)
TURK = replace(ANN, locale="tr")
HOSTILE = "@everyone **bold** <@1> [link](http://x) \u202eright"
KNOWN = directory(
    {"a/open": verdict(Openness.OPEN), "b/closed": verdict(Openness.CLOSED)},
    names={
        "a/open": "Open One",
        "b/closed": "Closed Two",
        "d/odd": HOSTILE,
        "e/never": "Never",
        "e/other": "Other",
    },
)
STORED = days([{"a/open": 700, "b/closed": 200, "c/unknown": 50, "d/odd": 40}] * 15)
NOW = at(START + timedelta(days=15))
LEGAL = "category-legal"
PICTURE = "compared-models-2026-06-15.png"


@pytest.fixture
async def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot without figures."""
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as found:
        yield found


@pytest.fixture
async def bot(empty: Connected) -> Connected:
    """Return a connected bot with half a month of figures."""
    await empty.store.put_days(BOARD_MODELS, tuple(STORED.values()))
    return empty


async def offered(bot: Connected, who: Actor, focused: str, text: str) -> Reply:
    """Type an option half and return what is offered."""
    what = Typing(Command("compare", **{focused: text}), focused)
    return await bot.discord.interact(what, bot.channel, who, within=20)


def alt(reply: Reply) -> str:
    """Return the words that stand in for the picture."""
    (container,) = [one for one in reply.components if one["type"] == 17]
    (gallery,) = [one for one in container["components"] if one["type"] == 12]
    (picture,) = gallery["items"]
    return str(picture["description"])


async def test_two_models_are_answered_with_who_leads_a_chart_and_the_citation(
    bot: Connected,
) -> None:
    reply = await typed(bot, "compare", ANN, first="b/closed", second="a/open")
    said = texts(reply.components)
    assert said[0] == (
        "## Open One and Closed Two, side by side\nOpen One has 3.5 times the tokens of Closed Two."
    )
    assert "` 1` ● **Open One** · open · 64.2\u00a0% · 4.90\u00a0K · = same" in said[1]
    assert "● Open One: number 1, already on 7 June 2026, the first ranking stored" in said[2]
    assert said[-1].startswith("-# Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-20")
    ((name, content),) = reply.files.items()
    assert name == PICTURE
    assert content.startswith(b"\x89PNG")
    assert "Open One (open): 64.2 % on each date" in alt(reply)
    assert not reply.ephemeral


async def test_the_same_in_turkish(bot: Connected) -> None:
    reply = await typed(bot, "compare", TURK, first="a/open", second="b/closed", by="rank")
    said = texts(reply.components)
    assert said[0] == (
        "## Open One ve Closed Two yan yana\n"
        "Open One modelinin token sayısı Closed Two modelininkinin 3,5 katı."
    )
    assert "` 1` ● **Open One** · açık · %64,2" in said[1]
    assert "as of 2026-06-20. Licensed under CC BY 4.0." in said[-1]
    assert "Closed Two (kapalı): her tarihte 2. sıra" in alt(reply)


async def test_the_picture_of_a_board_of_estimates_says_so(bot: Connected) -> None:
    models = {"first": "a/open", "second": "b/closed"}
    ends = [START + timedelta(weeks=n, days=-1) for n in range(3)]
    weeks = [day(end, {"a/open": 700, "b/closed": 200}, None) for end in ends]
    await bot.store.put_days(LEGAL, weeks)
    await bot.store.record(LEGAL, Progress((Memory(ends[0], ends[-1], (), {}),), None), (), ())
    guessed = await typed(bot, "compare", ANN, board=LEGAL, **models)
    assert "Estimates from a sample of requests: Open One" in alt(guessed)
    assert "Estimates" not in alt(await typed(bot, "compare", ANN, **models))


async def test_the_command_and_its_options_are_turkish_too_and_offered_anywhere(
    bot: Connected,
) -> None:
    (found,) = [each for each in bot.discord.world.commands if each["name"] == "compare"]
    assert found["name_localizations"] == {"tr": "karşılaştır"}
    assert (found["contexts"], found["integration_types"]) == ([0, 1, 2], [0, 1])
    options = {option["name"]: option for option in found["options"]}
    assert list(options) == [
        *("first", "second", "third", "fourth", "fifth"),
        *("by", "board", "private"),
    ]
    assert all("tr" in option["name_localizations"] for option in options.values())
    assert all("tr" in each["name_localizations"] for each in options["by"]["choices"])


@pytest.mark.parametrize("place", ["server", "direct messages"])
async def test_free_text_finds_what_is_meant_and_a_private_answer_is_seen_by_one(
    bot: Connected, place: str
) -> None:
    where: Channel | None = bot.channel if place == "server" else None
    what = Command("compare", first="open one", second="CLOSED  two", private=True)
    reply = await bot.discord.interact(what, where, ANN, within=20)
    assert texts(reply.components)[0].startswith("## Open One and Closed Two")
    assert reply.ephemeral


@pytest.mark.parametrize("option", ["first", "second", "third", "fourth", "fifth"])
async def test_every_model_is_offered_while_it_is_typed(bot: Connected, option: str) -> None:
    reply = await offered(bot, TURK, option, "clsed")
    assert [each["value"] for each in reply.choices] == ["b/closed"]


async def test_boards_are_offered_in_the_readers_language(bot: Connected) -> None:
    reply = await offered(bot, TURK, "board", "")
    assert [(each["name"], each["value"]) for each in reply.choices] == [
        ("Bütün modeller", "models")
    ]
    reply = await typed(bot, "compare", ANN, first="a/open", second="b/closed", board="nothing")
    assert (
        reply.content.split("\n-# ")[0]
        == "There is no board called “nothing”. Nearest: All models."
    )


@pytest.mark.parametrize(
    ("who", "said"),
    [(ANN, "two different models; each of these is Open One."), (TURK, "aynı model: Open One.")],
)
async def test_a_model_is_not_compared_with_itself(bot: Connected, who: Actor, said: str) -> None:
    reply = await typed(bot, "compare", who, first="a/open", second="Open One", fifth="a/open")
    assert reply.ephemeral
    assert without_id(reply).endswith(said)


async def test_a_model_named_twice_is_shown_once(bot: Connected) -> None:
    models = {"first": "a/open", "second": "open one", "third": "b/closed"}
    said = texts((await typed(bot, "compare", ANN, **models)).components)
    assert said[0].startswith("## Open One and Closed Two, side by side\n")


async def test_five_models_are_compared_with_names_from_outside_as_they_are(
    bot: Connected,
) -> None:
    models = ("d/odd", "e/never", "c/unknown", "b/closed", "a/open")
    options = dict(zip(("first", "second", "third", "fourth", "fifth"), models, strict=True))
    reply = await typed(bot, "compare", ANN, **options)
    said = "\n".join(texts(reply.components))
    assert said.startswith("## 5 models side by side")
    assert "Never is not in the published ranking of these seven days." in said
    assert "◆ Never (unknown): never in the published ranking" in said
    assert "@everyone" not in said
    assert r"\*\*bold\*\* \<@1>" in said
    assert "\u202e" not in said
    assert reply.seen.payload["allowed_mentions"] == {"parse": []}
    assert PICTURE in reply.files


async def test_models_that_were_never_listed_are_answered_without_a_picture(
    bot: Connected,
) -> None:
    reply = await typed(bot, "compare", TURK, first="e/never", second="e/other")
    said = texts(reply.components)
    assert "Never bu yedi günün yayımlanan sıralamasında yok." in said[0]
    assert "◆ Other (bilinmiyor): yayımlanan sıralamada hiç yer almadı" in said[1]
    assert reply.files == {}


async def test_a_name_that_fits_nothing_is_refused(bot: Connected) -> None:
    reply = await typed(bot, "compare", ANN, first="a/open", second="unheard")
    assert reply.content.startswith("I know no model called “unheard”.")
    assert reply.ephemeral


@pytest.mark.parametrize("who", [ANN, TURK], ids=["en", "tr"])
@pytest.mark.parametrize(
    "text", ["", "x" * 6000, "**@here**", "\u202e\u202d", "🦊" * 100, "<@7>", "`"]
)
async def test_hostile_text_is_refused_in_a_few_harmless_words(
    bot: Connected, who: Actor, text: str
) -> None:
    reply = await typed(bot, "compare", who, first=text, second="a/open")
    assert reply.ephemeral
    assert len(reply.content) < 500
    assert not without_id(reply).endswith("Open One.")  # as if the other had been asked for alone
    assert "@here" not in reply.content
    assert "\u202e" not in reply.content


async def test_without_figures_it_says_what_is_missing(empty: Connected) -> None:
    reply = await typed(empty, "compare", ANN, first="a/open", second="b/closed")
    assert reply.ephemeral
    assert without_id(reply) == "No rankings are stored yet. The next poll brings them."
    await empty.store.put_days(BOARD_MODELS, tuple(STORED.values())[:1])
    reply = await typed(empty, "compare", TURK, first="a/open", second="b/closed")
    assert "26 Mayıs 2026" in reply.content
