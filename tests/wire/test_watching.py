"""/watch, /unwatch, /watching: typed anywhere, kept as one subscription a person."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import BOARD_MODELS, Openness, Severity
from bot.subscription import DIRECT, MOST_WATCHES, Subscription, Wish
from tests.made import START, at, days, directory, verdict
from tests.wire.discord_limits import Fault
from tests.wire.discord_people import Command, Reply, Typing
from tests.wire.discord_schema import Actor, Channel
from tests.wire.inprocess import Connected, connected, typed

ANN, BOB = Actor(), Actor(2_000_000_000_000_000_002, "bob")
TURK = replace(ANN, locale="tr")
HOSTILE = "@everyone **bold** <@1>"
MANY = tuple(f"many/m-{n:02}" for n in range(30))
KNOWN = directory(
    {"a/one": verdict(Openness.OPEN), "meta-llama/three": verdict(Openness.OPEN)},
    names={"a/one": "Model One", "b/two": HOSTILE, **{model: model for model in MANY}},
)
NOW = at(START + timedelta(days=15))
TODAY = (NOW - timedelta(days=1)).date()


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot with half a month of figures, in which c/new leads."""
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as found:
        stored = days([{"c/new": 700, "b/two": 200, "a/one:free": 50}] * 15)
        await found.store.put_days(BOARD_MODELS, tuple(stored.values()))
        yield found


async def offered(bot: Connected, who: Actor = ANN, command: str = "watch", **half: str) -> Reply:
    """Type an option half and return what is offered."""
    (focused,) = half
    what = Typing(Command(command, **half), focused)
    return await bot.discord.interact(what, bot.channel, who, within=20)


def values(reply: Reply) -> list[str]:
    """Return what the choices stand for."""
    return [choice["value"] for choice in reply.choices]


async def kept(bot: Connected) -> Subscription:
    """Return the one subscription there is."""
    (found,) = await bot.store.subscriptions()
    return found


def dm(bot: Connected, who: Actor = ANN) -> Channel:
    """Return the direct messages of the bot and a person."""
    return bot.discord.world.dm(str(who.id))


async def test_the_commands_are_offered_everywhere_also_where_only_the_person_has_us(
    bot: Connected,
) -> None:
    commands = {command["name"]: command for command in bot.discord.world.commands}
    for name in ("watch", "unwatch", "watching"):
        assert commands[name]["contexts"] == [0, 1, 2]
        assert commands[name]["integration_types"] == [0, 1]
    assert commands["watch"]["name_localizations"] == {"tr": "izle"}


@pytest.mark.parametrize("private", [False, True], ids=["in a server", "in direct messages"])
async def test_a_watch_is_one_subscription_of_the_direct_messages_with_the_person(
    bot: Connected, private: bool
) -> None:
    place = None if private else bot.channel
    command = Command("watch", model="c/new")
    reply = await bot.discord.interact(command, place, TURK, within=20)
    assert reply.ephemeral
    assert reply.content == "Artık izliyorsunuz: new. Haberleri özel mesajla gelecek."
    await typed(bot, "watch", author="b/")
    assert await kept(bot) == Subscription(
        channel_id=dm(bot).id,
        guild_id=DIRECT,
        wish=Wish(least=Severity.MINOR, only=("c/new", "b/")),
        after=TODAY,
        created_at=NOW,
        created_by=ANN.id,
        language="en",
    )


async def test_models_are_offered_by_slug_and_name_the_leading_ones_first(bot: Connected) -> None:
    every = await offered(bot, model="")
    assert values(every)[:3] == ["c/new", "b/two", "a/one"]
    assert len(every.choices) == 25
    assert every.choices[1]["name"] == HOSTILE
    assert values(await offered(bot, model="ODEL o")) == ["a/one"]
    assert values(await offered(bot, model="llama/")) == ["meta-llama/three"]
    assert values(await offered(bot, model="nothing")) == []


async def test_authors_are_offered_once_however_they_are_spelled(bot: Connected) -> None:
    every = await offered(bot, author="")
    assert values(every) == ["c", "b", "a", "many", "meta"]
    assert [choice["name"] for choice in every.choices] == ["c", "b", "a", "many", "meta"]


@pytest.mark.parametrize(
    ("options", "only"),
    [
        ({"model": " model ONE "}, "a/one"),
        ({"model": "A/one"}, "a/one"),
        ({"author": "META-llama"}, "meta/"),
        ({"author": "meta-llama"}, "meta/"),
        ({"author": "B"}, "b/"),
        ({"author": "b/two"}, "b/"),
        ({"model": "nobody/nothing"}, None),
        ({"model": "mod one"}, "a/one"),
        ({"model": "modle one"}, None),
        ({"model": " "}, None),
        ({"author": "nobody"}, None),
        ({"author": "/"}, None),
        ({"model": "🦊 ||@here||" * 500}, None),
    ],
)
async def test_free_text_is_taken_where_it_names_something_and_refused_kindly_elsewhere(
    bot: Connected, options: dict[str, str], only: str | None
) -> None:
    reply = await typed(bot, "watch", **options)
    if only is None:
        assert reply.content.startswith("I know no ")
        assert reply.ephemeral
        assert "@here" not in reply.content
        assert await bot.store.subscriptions() == ()
    else:
        assert (await kept(bot)).wish.only == (only,)


@pytest.mark.parametrize("options", [{}, {"model": "a/one", "author": "a/"}])
async def test_exactly_one_of_model_and_author_is_watched_at_a_time(
    bot: Connected, options: dict[str, str]
) -> None:
    reply = await typed(bot, "watch", **options)
    assert reply.content == "Please name either a model or an author."
    assert reply.ephemeral
    assert await bot.store.subscriptions() == ()


async def test_names_from_outside_are_shown_as_they_are(bot: Connected) -> None:
    for name, options in (("watch", {"model": "b/two"}), ("watching", {})):
        reply = await typed(bot, name, **options)
        assert r"\*\*bold\*\* \<" in reply.content
        assert "@everyone" not in reply.content
        assert reply.seen.payload["allowed_mentions"] == {"parse": []}
    assert r"\*\*bold\*\*" in (await typed(bot, "unwatch", what="b/two")).content


async def test_watches_are_listed_in_the_persons_language(bot: Connected) -> None:
    assert (await typed(bot, "watching")).content == "You watch nothing. `/watch` starts it."
    await typed(bot, "watch", model="a/one")
    await typed(bot, "watch", author="meta")
    reply = await typed(bot, "watching")
    assert reply.content == "Watched since 16 June 2026:\n- Model One\n- all models of meta"
    assert reply.ephemeral
    listed = (await typed(bot, "watching", TURK)).content
    assert listed.startswith("16 Haziran 2026 gününden beri izlenenler:\n- Model One\n- meta ")
    assert "nothing" in (await typed(bot, "watching", BOB)).content


async def test_one_person_watches_so_many_and_no_more(bot: Connected) -> None:
    assert "now" in (await typed(bot, "watch", model=MANY[0])).content
    wish = Wish(least=Severity.MINOR, only=MANY[:MOST_WATCHES])
    await bot.store.amend(replace(await kept(bot), wish=wish))
    refused = await typed(bot, "watch", model="a/one")
    assert refused.content.startswith(f"You watch {MOST_WATCHES} already, and that is as many")
    assert (await typed(bot, "watch", model=MANY[3])).content == "You watch many/m-03 already."
    assert (await kept(bot)).wish == wish
    assert len(values(await offered(bot, command="unwatch", what=""))) == MOST_WATCHES
    assert len((await typed(bot, "watching")).content.splitlines()) == 1 + MOST_WATCHES
    assert "now" in (await typed(bot, "watch", BOB, model="a/one")).content


async def test_watches_typed_at_the_same_moment_are_all_kept(bot: Connected) -> None:
    await asyncio.gather(*(typed(bot, "watch", model=model) for model in MANY[:5]))
    assert set((await kept(bot)).wish.only) == set(MANY[:5])


async def test_unwatching_ends_one_watch_and_with_the_last_all_that_is_kept(
    bot: Connected,
) -> None:
    await typed(bot, "watch", model="a/one")
    await typed(bot, "watch", author="meta")
    assert values(await offered(bot, command="unwatch", what="")) == ["a/one", "meta/"]
    assert values(await offered(bot, command="unwatch", what="ll mod")) == ["meta/"]
    assert values(await offered(bot, BOB, command="unwatch", what="")) == []
    refused = await typed(bot, "unwatch", what="b/two")
    assert refused.content == "You do not watch that. `/watching` lists what you watch."
    assert "not watch that" in (await typed(bot, "unwatch", BOB, what="a/one")).content
    reply = await typed(bot, "unwatch", what="all models of meta")
    assert reply.content == "You watch all models of meta no longer."
    assert reply.ephemeral
    assert (await kept(bot)).wish.only == ("a/one",)
    await typed(bot, "unwatch", what="a/one")
    assert await bot.store.subscriptions() == ()


@pytest.mark.parametrize(
    "fault", [Fault.answer(400, code=50007), Fault.reset(), Fault.answer(403, code=0)]
)
async def test_who_cannot_be_written_to_at_all_is_told_so_kindly(
    bot: Connected, fault: Fault
) -> None:
    bot.discord.fail_next("POST /users/@me/channels", fault, times=5)
    reply = await typed(bot, "watch", model="a/one")
    assert reply.content.startswith("I cannot open direct messages with you at the moment.")
    assert await bot.store.subscriptions() == ()
