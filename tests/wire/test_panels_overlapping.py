"""The panel of /subscribe used faster than it is drawn: no choice is lost, nothing comes back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import BOARD_MODELS, Severity
from tests.made import START, days
from tests.waiting import until
from tests.wire.discord_people import Click, People
from tests.wire.discord_schema import Interaction, Message
from tests.wire.inprocess import Connected
from tests.wire.panels import controls, judged, now, only, opened, saved, text
from tests.wire.running import MANAGER

LONG = days([{f"a/{n}": 100 + n for n in range(50)}] * 500, START - timedelta(460))


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot that has judged forty days."""
    async with judged(tmp_path, monkeypatch) as found:
        yield found


def begin(bot: Connected, panel: Message, what: str, *values: str) -> Interaction:
    """Use a control as it stood in a panel, and wait for nothing."""
    click = Click(panel.id, controls(panel)[what]["custom_id"], values)
    people = People(bot.discord.world, bot.discord.gateway)
    return people.begin(click, bot.channel, MANAGER)


def standing(bot: Connected, panel: Message) -> Message:
    """Return a panel as it stands now."""
    return bot.discord.world.messages[panel.id]


async def told(bot: Connected, under_way: Interaction, says: str) -> None:
    """Wait until a use of a control was answered so beside the panel."""
    replies = bot.discord.replies_to
    await until(lambda: any(says in text(one) for one in replies(under_way.id)), within=20)


async def test_a_choice_and_save_at_once_keep_the_choice(bot: Connected) -> None:
    panel = await opened(bot)
    begin(bot, panel, "least", "minor")
    last = begin(bot, panel, "save")
    await told(bot, last, "The last alert this would have brought")
    assert (await only(bot)).wish.least is Severity.MINOR
    assert "All, minor ones too" in text(standing(bot, panel))
    assert controls(standing(bot, panel)) == {}, "nothing is drawn over what was saved"


async def test_choices_at_once_count_all(bot: Connected) -> None:
    panel = await opened(bot)
    begin(bot, panel, "rules", "leader")
    begin(bot, panel, "language", "tr")
    begin(bot, panel, "least", "minor")
    await until(lambda: now(standing(bot, panel), "least") == ["minor"], within=20)
    shown = standing(bot, panel)
    assert (now(shown, "rules"), now(shown, "language")) == (["leader"], ["tr"])
    await saved(bot, shown)
    kept = await only(bot)
    assert (kept.wish.least, kept.wish.rules, kept.language) == (Severity.MINOR, ("leader",), "tr")


@pytest.mark.parametrize("end", ["save", "cancel"])
async def test_a_choice_after_the_end_comes_too_late_and_says_so(bot: Connected, end: str) -> None:
    panel = await opened(bot)
    begin(bot, panel, end)
    late = begin(bot, panel, "least", "minor")
    again = begin(bot, panel, "save")
    for each in (late, again):
        await told(bot, each, "was saved or cancelled before")
    await until(lambda: controls(standing(bot, panel)) == {}, within=20)
    kept = await bot.store.subscriptions()
    assert [one.wish.least for one in kept] == ([Severity.NOTABLE] if end == "save" else [])


async def test_a_choice_is_drawn_at_once_and_what_to_expect_follows(bot: Connected) -> None:
    panel = await opened(bot)
    assert "judged by 34 stored days" in text(panel)
    await bot.store.put_days(BOARD_MODELS, tuple(LONG.values()))
    begin(bot, panel, "least", "minor")
    await until(lambda: now(standing(bot, panel), "least") == ["minor"], within=20)
    assert "stored days" not in text(standing(bot, panel)), "it takes a worker some time"
    await until(lambda: "stored days" in text(standing(bot, panel)), within=20)
    assert "34 stored days" not in text(standing(bot, panel))


async def test_what_to_expect_is_not_drawn_over_what_was_saved(bot: Connected) -> None:
    panel = await opened(bot)
    await bot.store.put_days(BOARD_MODELS, tuple(LONG.values()))
    begin(bot, panel, "least", "minor")
    await until(lambda: now(standing(bot, panel), "least") == ["minor"], within=20)
    last = begin(bot, standing(bot, panel), "cancel")
    await until(lambda: controls(standing(bot, panel)) == {}, within=20)
    drawn = standing(bot, panel).edited_at
    later = await opened(bot)
    assert "stored days" in text(later), "by now it is computed"
    assert standing(bot, panel).edited_at == drawn
    assert bot.discord.replies_to(last.id) == []
