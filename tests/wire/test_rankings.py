"""/rankings in a loopback Discord: options, pages, boards, languages, odd and hostile input."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model import BOARD_MODELS, Memory, Openness
from cogs.rankings import Rankings
from storage.protocol import Progress
from tests.made import START, at, day, days, directory, verdict
from tests.wire.discord_people import Click, Command, Reply, Typing
from tests.wire.discord_schema import EVERYDAY, Actor
from tests.wire.inprocess import Connected, connected, typed
from tests.wire.running import texts

MEMBER = Actor(permissions=EVERYDAY)
TURK = replace(MEMBER, id=77, locale="tr")
KNOWN = directory(
    authors={"open": verdict(Openness.OPEN), "closed": verdict(Openness.CLOSED)},
    names={"open/m00": "Model\u202e Zero [x](http://x)"},
)
MANY = {f"{('open', 'closed', 'other')[n % 3]}/m{n:02}": 1000 - n for n in range(23)}
STORED = days([MANY] * 40)
NOW = at(START + timedelta(days=40))
LEGAL = "category-legal"


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot with forty days of a board and six weeks of another."""
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as found:
        await found.store.put_days(BOARD_MODELS, tuple(STORED.values()))
        weeks = [START + timedelta(weeks=n, days=-1) for n in range(6)]
        await found.store.put_days(LEGAL, [day(when, {"open/m00": 5}, None) for when in weeks])
        memory = Memory(weeks[0], weeks[-1], (), {})
        await found.store.record(LEGAL, Progress((memory,), None), (), ())
        yield found


def controls(reply: Reply) -> dict[str, dict[str, Any]]:
    """Return the buttons by label and the select by its placeholder."""
    rows = [each for each in reply.components if each["type"] == 1]
    found = [item for row in rows for item in row["components"]]
    return {item.get("label") or item["placeholder"]: item for item in found}


async def pressed(bot: Connected, reply: Reply, control: str, *values: str, who: Actor) -> Reply:
    """Use a control below a reply."""
    click = Click(reply.seen.id, controls(reply)[control]["custom_id"], values)
    return await bot.discord.interact(click, bot.channel, who, within=20)


async def test_buttons_turn_the_pages_there_and_back(bot: Connected) -> None:
    first = await typed(bot, "rankings", MEMBER)
    assert "1–10 of 23" in texts(first.components)[1]
    assert controls(first)["◀ Previous"]["disabled"]
    second = await pressed(bot, first, "Next ▶", who=MEMBER)
    assert second.seen.id == first.seen.id
    assert "`11` ■ **m10** · closed" in texts(second.components)[1]
    third = await pressed(bot, second, "Next ▶", who=MEMBER)
    assert "21–23 of 23" in texts(third.components)[1]
    assert controls(third)["Next ▶"]["disabled"]
    back = await pressed(bot, third, "◀ Previous", who=MEMBER)
    assert texts(back.components)[1] == texts(second.components)[1]
    assert list(back.files) == list(first.files)


async def test_pages_of_an_answer_are_turned_by_a_bot_that_never_gave_it(
    bot: Connected,
) -> None:
    shown = await typed(bot, "rankings", MEMBER, top=5)
    await bot.store.put_days(BOARD_MODELS, [day(40, {"new/one": 10**6})])
    old = await bot.client.remove_cog("Rankings")
    assert isinstance(old, Rankings)
    await bot.client.add_cog(Rankings(bot.store, old._reference, old._answers))
    second = await pressed(bot, shown, "Next ▶", who=MEMBER)
    assert "4 July 2026 to 10 July 2026 · 6–10 of 23**" in texts(second.components)[1]


async def test_a_select_switches_the_board_and_keeps_the_rest(bot: Connected) -> None:
    shown = await typed(bot, "rankings", MEMBER, window="month", show="open")
    other = await pressed(bot, shown, "Another board", LEGAL, who=MEMBER)
    said = texts(other.components)
    assert said[0].startswith("## Legal: Most-used open models on OpenRouter")
    assert "8 June 2026 to 5 July 2026" in said[1]
    assert any("These are estimates" in text for text in said)
    again = await pressed(bot, other, "Another board", BOARD_MODELS, who=MEMBER)
    assert texts(again.components)[0].startswith("## Most-used open models")


async def test_an_answer_keeps_its_language_whoever_turns_its_pages(bot: Connected) -> None:
    shown = await typed(bot, "rankings", TURK)
    turned = await pressed(bot, shown, "Sonraki ▶", who=MEMBER)
    assert texts(turned.components)[0].startswith("## OpenRouter’da en çok kullanılan modeller")
    assert "11–20 / 23" in texts(turned.components)[1]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"date": "2026-06-20"}, "14 June 2026 to 20 June 2026"),
        ({"date": "2030-01-01"}, "4 July 2026 to 10 July 2026"),
        ({"window": "day"}, "By tokens, 10 July 2026 · "),
        ({"window": "month"}, "11 June 2026 to 10 July 2026"),
        ({"show": "closed"}, "` 2` ■ **m01** · closed"),
        ({"board": "legal"}, "29 June 2026 to 5 July 2026"),
    ],
)
async def test_options_choose_what_is_shown(
    bot: Connected, options: dict[str, str], expected: str
) -> None:
    reply = await typed(bot, "rankings", MEMBER, **options)
    assert expected in texts(reply.components)[1]
    assert len(reply.files) == 1
    assert not reply.ephemeral


async def test_a_private_answer_is_for_that_person_alone(bot: Connected) -> None:
    assert (await typed(bot, "rankings", MEMBER, private=True)).ephemeral


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"date": "tomorrow @everyone *x*"}, "“tomorrow @\u200beveryone \\*x\\*” is not a date"),
        ({"date": "x" * 6000}, "is not a date"),
        ({"board": "🦊\u202e" * 2000}, "There is no board called “🦊"),
        ({"board": "programing"}, "There is no board called “programing”"),
        ({"board": LEGAL, "window": "day"}, "published by whole weeks"),
        ({"date": "0001-01-01"}, "so far back: the first complete window ends on 7 June 2026."),
    ],
)
async def test_what_cannot_be_answered_is_said_to_that_person_alone(
    bot: Connected, options: dict[str, str], expected: str
) -> None:
    reply = await typed(bot, "rankings", MEMBER, **options)
    assert reply.ephemeral
    assert expected in reply.content
    assert len(reply.content) < 400
    assert "\u202e" not in reply.content
    assert len(bot.discord.replies_to(reply.interaction_id)) == 1


async def test_names_turn_no_direction_and_link_nowhere(bot: Connected) -> None:
    table = texts((await typed(bot, "rankings", MEMBER)).components)[1]
    assert "\u202e" not in table
    assert r"Model Zero \[x]\(http:\//x)" in table


async def test_boards_are_offered_in_the_readers_language(bot: Connected) -> None:
    typing = Typing(Command("rankings", board="huk"), "board")
    reply = await bot.discord.interact(typing, bot.channel, TURK, within=20)
    assert [each["value"] for each in reply.choices] == [LEGAL]
    assert reply.choices[0]["name"] == "Hukuk"


async def test_controls_are_not_kept_in_memory(bot: Connected) -> None:
    await typed(bot, "rankings", MEMBER)
    assert len(bot.client.persistent_views) == 0
    store = bot.client._connection._view_store
    assert not store._views
    assert not store._synced_message_views


async def forged(bot: Connected, custom_id: str) -> Reply:
    """Press a button whose id is another one."""
    shown = (await typed(bot, "rankings", MEMBER)).seen
    (row,) = [each for each in shown.components if each["type"] == 1][:1]
    row["components"][1]["custom_id"] = custom_id
    return await bot.discord.interact(Click(shown.id, custom_id), bot.channel, MEMBER, within=0.5)


@pytest.mark.parametrize(
    "bad", ["", "models|x|week|10|all|0|en", "models|2026-06-20|year|1|all|0|e"]
)
async def test_a_control_of_another_version_is_answered_to_that_person_alone(
    bot: Connected, bad: str
) -> None:
    reply = await forged(bot, f"rankings-page|{bad}")
    assert reply.ephemeral
    assert reply.content == "This list is too old for its buttons. Please ask again."


@pytest.mark.parametrize(
    "odd", ["none|2026-07-10|week|10|all|0|en", "models|0001-01-01|week|10|all|0|xx"]
)
async def test_a_control_that_leads_nowhere_is_refused_kindly(bot: Connected, odd: str) -> None:
    with suppress(TimeoutError):  # what the button stands under stays as it is
        await forged(bot, f"rankings-page|{odd}")
    (told,) = [m for m in bot.discord.world.messages.values() if m.ephemeral]
    assert "board called" in told.content or "so far back" in told.content


async def test_a_control_that_is_not_ours_is_left_alone(bot: Connected) -> None:
    with pytest.raises(TimeoutError):
        await forged(bot, "other|models")
