"""The crowd of the loopback Discord, with a small bot on the real discord.py."""

import asyncio
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass

import discord
import pytest
from discord import app_commands
from hypothesis import given
from hypothesis import strategies as st

from tests.waiting import until
from tests.wire.discord_crowd import Crowd, Habit, Plan, in_turn, percentile, plan, spread
from tests.wire.discord_people import Command
from tests.wire.discord_plain import Interaction, PlainBot, connected, point_at
from tests.wire.discord_schema import Json
from tests.wire.discord_server import LoopbackDiscord


@dataclass(slots=True)
class HandClock:
    """A clock that goes on when it is told to."""

    at: float = 1_780_000_000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.at


@dataclass(frozen=True, slots=True)
class Place:
    """A Discord whose clock is moved by hand, with a bot in it."""

    discord: LoopbackDiscord
    bot: PlainBot
    clock: HandClock
    silent: asyncio.Event

    async def crowd(self, *mix: Habit, count: int = 1, patience: float = 20.0) -> Json:
        """Let so many use the bot, one after another at once, and return what they waited."""
        plan = Plan(10_000, count / 10_000, mix, patience)
        crowd = Crowd(self.discord.world, self.discord.gateway, plan)
        await crowd.run()
        await until(lambda: crowd.over(asyncio.get_running_loop().time()))
        return crowd.figures()


@pytest.fixture
async def place(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    """Give a bot whose commands take as long as they are told."""
    clock, silent = HandClock(), asyncio.Event()
    async with LoopbackDiscord(clock=clock) as server:
        point_at(server, monkeypatch)
        for _ in range(2):
            guild = server.add_guild()
            server.add_channel(guild)
            server.add_channel(guild)
        async with connected(server) as bot:
            for command in _commands(clock, silent):
                bot.tree.add_command(command)
            await bot.tree.sync()
            yield Place(server, bot, clock, silent)
            silent.set()
        assert server.violations == []


def _commands(clock: HandClock, silent: asyncio.Event) -> list[app_commands.Command]:
    @app_commands.command(description="Answer after some seconds")
    async def after(interaction: Interaction, seconds: int) -> None:
        for _ in range(2):
            clock.at += seconds
            try:
                await interaction.response.send_message("Done.")
            except discord.NotFound:  # too late, and so it is when tried again
                continue
            return

    @app_commands.command(description="Defer, then answer after some seconds")
    async def later(
        interaction: Interaction, before: int, seconds: int, edits: bool = False
    ) -> None:
        clock.at += before
        await interaction.response.defer(thinking=True)
        clock.at += seconds
        if edits:
            await interaction.edit_original_response(content="Done later.")
        else:
            await interaction.followup.send("Done later.")

    @app_commands.command(description="Defer for ever")
    async def never(interaction: Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await silent.wait()

    @app_commands.command(description="Say nothing")
    async def dumb(_: Interaction, word: str) -> None:
        await silent.wait()

    @dumb.autocomplete("word")
    async def offer(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        clock.at += 1
        return [app_commands.Choice(name=f"{typed}…", value=typed)]

    @app_commands.command(description="Refuse, in place of an answer")
    async def refuse(interaction: Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.delete_original_response()
        await interaction.followup.send("Please wait.", ephemeral=True)

    return [after, later, never, dumb, refuse]


@pytest.mark.parametrize("edits", [False, True])
async def test_waits_are_told_from_the_event_to_the_first_word_and_to_the_answer(
    place: Place, edits: bool
) -> None:
    told = await place.crowd(Habit("later", {"before": 1, "seconds": 8, "edits": edits}))
    assert told["ack_ms"] == {"p50": 1000, "p99": 1000, "max": 1000}
    assert told["answer_ms"] == {"p50": 9000, "p99": 9000, "max": 9000}
    assert told["answers_ms"] == {"later": told["answer_ms"]}
    assert math.isnan(told["choices_ms"]["max"])
    assert [told[each] for each in ("asked", "late", "unanswered", "refused")] == [1, 0, 0, 0]


async def test_an_answer_beyond_discords_limit_is_late_and_not_shown(place: Place) -> None:
    told = await place.crowd(Habit("after", {"seconds": 4}, expects="Done."))
    assert [told[each] for each in ("late", "unanswered", "refused")] == [1, 0, 0]
    assert told["ack_ms"]["max"] == 4000
    assert math.isnan(told["answer_ms"]["max"])
    await until(lambda: place.discord.world.statuses[404] == 2)
    (tried_again,) = place.discord.world.interactions.values()
    assert tried_again.heard_at == tried_again.created_at + 4


async def test_an_answer_just_in_time_is_not_late(place: Place) -> None:
    told = await place.crowd(Habit("after", {"seconds": 3}, expects="Done."))
    assert [told[each] for each in ("late", "unanswered", "refused")] == [0, 0, 0]
    assert told["answer_ms"]["max"] == 3000


async def test_who_still_waits_is_unanswered_whether_the_bot_thinks_or_is_silent(
    place: Place,
) -> None:
    mix = (Habit("never"), Habit("dumb", {"word": "x"}))
    told = await place.crowd(*mix, count=2, patience=0.0)
    assert [told[each] for each in ("asked", "late", "unanswered")] == [2, 0, 2]


async def test_choices_are_told_apart_from_answers(place: Place) -> None:
    told = await place.crowd(Habit("dumb", {"word": "gl"}, "word", expects="gl…"))
    assert told["choices_ms"]["max"] == 1000
    assert math.isnan(told["ack_ms"]["max"])
    assert (told["unanswered"], told["refused"], told["answers_ms"]) == (0, 0, {})


async def test_an_answer_that_is_not_what_was_expected_is_refused(place: Place) -> None:
    mix = (
        Habit("after", {"seconds": 0}, expects="openrouter"),
        Habit("dumb", {"word": "gl"}, "word", expects="glm"),
        Habit("after", {"seconds": 0}, expects="Done."),
    )
    told = await place.crowd(*mix, count=6)
    assert (told["asked"], told["refused"], told["unanswered"]) == (6, 4, 0)
    assert [each.split(":")[0] for each in told["refusals"]] == ["after", "dumb"]
    assert "Done." in told["refusals"][0]


async def test_a_refusal_in_place_of_the_answer_is_told(place: Place) -> None:
    told = await place.crowd(Habit("refuse", expects="openrouter"))
    assert (told["refused"], told["unanswered"]) == (1, 0)
    assert "Please wait." in told["refusals"][0]
    where = next(iter(place.discord.world.channels.values()))
    reply = await place.discord.interact(Command("refuse"), where)
    assert (reply.content, reply.ephemeral) == ("Please wait.", True)


async def test_everybody_is_somebody_new_in_the_next_server_and_their_own_language(
    place: Place,
) -> None:
    seen: list[tuple[int | None, int | None, int, str]] = []

    @app_commands.command(description="Note who asks")
    async def note(interaction: Interaction) -> None:
        who, where = interaction.user.id, interaction.channel_id
        seen.append((interaction.guild_id, where, who, interaction.locale.value))
        await interaction.response.send_message("Noted.")

    place.bot.tree.add_command(note)
    await place.bot.tree.sync()
    await place.crowd(Habit("note", locale="tr"), Habit("note"), count=8)
    guilds, channels, people, locales = zip(*seen, strict=True)
    assert list(guilds) == list(place.discord.world.guilds) * 4
    assert (len(set(channels)), len(set(people))) == (4, 8)
    assert list(locales) == ["tr", "en-US"] * 4


async def test_what_discord_would_not_offer_ends_a_crowd(place: Place) -> None:
    with pytest.raises(LookupError, match="needs"):
        await place.crowd(Habit("after"))


async def test_a_crowd_keeps_its_rate_whatever_the_bot_does(place: Place) -> None:
    world, gateway = place.discord.world, place.discord.gateway
    crowd = Crowd(world, gateway, Plan(100, 0.1, (Habit("never"),)))
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await crowd.run()
    assert len(crowd.asked) == 10
    assert loop.time() - begun >= 0.09
    assert all(each.behind >= 0 for each in crowd.asked)
    assert not crowd.over(loop.time())
    assert crowd.over(loop.time() + 21)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9), st.integers(1, 5))
def test_habits_come_as_often_as_they_weigh_and_well_mixed(weights: list[int], rounds: int) -> None:
    mix = [Habit(str(place), weight=weight) for place, weight in enumerate(weights)]
    total = sum(weights)
    given_out = list(in_turn(mix, total * rounds))
    for start in range(0, len(given_out), total):
        once = given_out[start : start + total]
        assert [once.count(habit) for habit in mix] == weights
    assert list(in_turn(mix, total)) == given_out[:total]


@given(st.lists(st.integers(0, 50), min_size=1), st.integers(1, 1000))
def test_a_percentile_is_the_smallest_value_that_holds_for_so_many(
    values: list[int], of_thousand: int
) -> None:
    def holds(limit: int) -> bool:
        return sum(value <= limit for value in values) * 1000 >= of_thousand * len(values)

    assert percentile(values, of_thousand) == min(filter(holds, values))


def test_a_spread_is_in_milliseconds() -> None:
    assert spread([number / 1000 for number in range(1, 201)]) == {
        "p50": 100,
        "p99": 198,
        "max": 200,
    }


def test_a_plan_comes_over_the_wire() -> None:
    habit = {"name": "rankings", "options": {"top": 5}, "locale": "tr", "weight": 2}
    told = plan({"rate": 5.0, "seconds": 1.0, "mix": [habit]})
    assert told == Plan(5.0, 1.0, (Habit("rankings", {"top": 5}, locale="tr", weight=2),))
