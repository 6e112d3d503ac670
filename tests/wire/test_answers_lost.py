"""Answers to questions over a way that loses them: nobody is left waiting, nothing comes twice."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.model import BOARD_MODELS
from tests.made import START, at, days, open_closed
from tests.waiting import until
from tests.wire.discord_limits import Fault
from tests.wire.discord_people import Click, Reply
from tests.wire.discord_schema import EVERYDAY, Actor
from tests.wire.inprocess import Connected, connected, typed
from tests.wire.running import texts

MEMBER = Actor(permissions=EVERYDAY)
STORED = days([{f"open/m{n:02}": 100 - n for n in range(12)}] * 15)
NOW = at(START + timedelta(days=15))
CALLBACK, FOLLOW_UP = r"POST /interactions/.*/callback", r"POST /webhooks/"
DELETED, EDITED = r"DELETE /webhooks/", r"PATCH /webhooks/"

LOST = {
    "reset, taken": Fault.reset(accepted=True),
    "reset, not taken": Fault.reset(),
    "hung up, taken": Fault.hangup(accepted=True),
    "hung up, not taken": Fault.hangup(),
    "cut short": Fault.truncated(),
    "cut short unsaid": Fault.truncated(says_so=False),
}
lost = pytest.mark.parametrize("fault", LOST.values(), ids=LOST)


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot with fifteen days."""
    async with connected(tmp_path, open_closed(), NOW, monkeypatch) as found:
        await found.store.put_days(BOARD_MODELS, tuple(STORED.values()))
        yield found


def shown(bot: Connected, reply: Reply) -> list[str]:
    """Return all that is seen of an interaction: the first text of each message."""
    found = bot.discord.replies_to(reply.interaction_id)
    return [each.content or texts(each.components)[0] for each in found]


@lost
async def test_an_acknowledgement_that_is_lost_is_made_again(bot: Connected, fault: Fault) -> None:
    bot.discord.fail_next(CALLBACK, fault)
    reply = await typed(bot, "movers", MEMBER)
    (text,) = shown(bot, reply)
    assert text.startswith("## Climbers and fallers")


@lost
async def test_a_refusal_after_a_lost_acknowledgement_still_comes(
    bot: Connected, fault: Fault
) -> None:
    bot.discord.fail_next(CALLBACK, fault)
    reply = await typed(bot, "model", MEMBER, name="no such model")
    (text,) = shown(bot, reply)
    assert "I know no model called" in text


@lost
async def test_an_answer_that_is_lost_comes_once_and_is_not_taken_back(
    bot: Connected, fault: Fault
) -> None:
    bot.discord.fail_next(FOLLOW_UP, fault)
    reply = await typed(bot, "movers", MEMBER)
    (text,) = shown(bot, reply)
    assert text.startswith("## Climbers and fallers")


@lost
async def test_a_turned_page_that_is_lost_is_turned_again(bot: Connected, fault: Fault) -> None:
    reply = await typed(bot, "rankings", MEMBER)
    (row,) = [each for each in reply.components if each["type"] == 1]
    click = Click(reply.seen.id, row["components"][1]["custom_id"])
    bot.discord.fail_next(EDITED, fault)
    turned = await bot.discord.interact(click, bot.channel, MEMBER, within=20)
    assert "11–12 of 12" in texts(turned.components)[1]


@pytest.mark.parametrize(
    "fault", [Fault(status=404, code=10008), Fault(status=403), Fault.truncated()]
)
async def test_a_refusal_comes_even_where_the_deferral_cannot_be_taken_back(
    bot: Connected, fault: Fault
) -> None:
    bot.discord.fail_next(DELETED, fault)
    with capture_logs() as logged:
        reply = await typed(bot, "model", MEMBER, name="no such model")
    assert "I know no model called" in reply.content
    assert "deferral not taken back" in [each["event"] for each in logged]


async def test_a_page_of_a_message_that_is_gone_is_one_line_in_the_log(bot: Connected) -> None:
    reply = await typed(bot, "rankings", MEMBER)
    (row,) = [each for each in reply.components if each["type"] == 1]
    click = Click(reply.seen.id, row["components"][1]["custom_id"])
    bot.discord.fail_next(EDITED, Fault(status=404, code=10008))
    with capture_logs() as logged, pytest.raises(TimeoutError):
        await bot.discord.interact(click, bot.channel, MEMBER, within=0.5)
    assert "too late to answer" in [each["event"] for each in logged]
    assert "command failed" not in [each["event"] for each in logged]


async def test_an_answer_under_way_is_given_before_the_bot_leaves(bot: Connected) -> None:
    asked = asyncio.create_task(typed(bot, "movers", MEMBER))
    await until(lambda: bot.discord.requests and "callback" in bot.discord.requests[-1].path)
    await bot.client.close()
    assert texts((await asked).components)[0].startswith("## Climbers and fallers")
