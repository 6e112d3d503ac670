"""How questions are answered: in time, to whom it may concern, kindly when they are not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.model import BOARD_MODELS, Openness
from cogs._cooldowns import PERSON, SERVER
from tests.made import AS_OF, START, at, days, directory, verdict
from tests.wire.discord_people import Click, Command, Reply
from tests.wire.discord_schema import DM, EVERYDAY, Actor, Settings
from tests.wire.inprocess import Connected, connected, typed
from tests.wire.running import MANAGER

MEMBER = Actor(permissions=EVERYDAY)
KNOWN = directory({"a/open": verdict(Openness.OPEN)})
STORED = days([{"a/open": 700, "b/closed": 200}] * 15)
NOW = at(START + timedelta(days=15))
LATER = AS_OF + timedelta(days=1)
QUESTIONS = {
    *("rankings", "model", "compare", "author", "movers", "openness", "milestones", "milestone"),
    *("export", "status", "help", "about", "privacy"),
}


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot with fifteen days."""
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as found:
        await found.store.put_days(BOARD_MODELS, tuple(STORED.values()))
        yield found


async def asked_by(bot: Connected, person: int) -> Reply:
    """Ask as a person of that number."""
    return await typed(bot, "rankings", replace(MEMBER, id=person), board="none such")


async def test_questions_are_offered_everywhere_and_may_be_asked_in_private(
    bot: Connected,
) -> None:
    found = {each["name"]: each for each in bot.discord.world.commands}
    assert found.keys() >= QUESTIONS
    for name in QUESTIONS:
        assert found[name]["contexts"] == [0, 1, 2], name
        assert found[name]["integration_types"] == [0, 1], name
        assert "private" in {each["name"] for each in found[name]["options"]}, name
        assert "tr" in found[name]["name_localizations"], name


async def test_a_question_in_direct_messages_is_answered_there(bot: Connected) -> None:
    reply = await bot.discord.interact(Command("rankings"), None, MEMBER, within=20)
    assert bot.discord.world.channels[reply.seen.channel_id].kind == DM
    assert reply.files


async def test_where_only_the_person_has_installed_us_questions_are_answered_too(
    bot: Connected,
) -> None:
    alone = replace(MEMBER, owners={"1": str(MEMBER.id)}, context=2)
    reply = await bot.discord.interact(Command("rankings"), None, alone, within=20)
    assert reply.files


async def test_a_question_is_acknowledged_before_anything_is_looked_up(bot: Connected) -> None:
    reply = await asked_by(bot, 1)
    assert reply.deferred


async def test_who_asks_too_often_is_told_how_long_to_wait_and_others_are_not(
    bot: Connected,
) -> None:
    for _ in range(PERSON[0]):
        assert "no board" in (await asked_by(bot, 1)).content
    reply = await asked_by(bot, 1)
    assert reply.ephemeral
    assert reply.content.startswith("One moment, please: ask again in ")
    assert "no board" in (await asked_by(bot, 2)).content


async def next_page(bot: Connected, shown: Reply) -> Reply:
    """Press the button below an answer that turns its page."""
    (row,) = [each for each in shown.components if each["type"] == 1]
    click = Click(shown.seen.id, row["components"][1]["custom_id"])
    return await bot.discord.interact(click, bot.channel, MEMBER, within=20)


async def test_controls_are_counted_with_commands(bot: Connected) -> None:
    many = days([{f"a/m{n:02}": 100 - n for n in range(30)}] * 15)
    await bot.store.put_days("models", [replace(d, as_of=LATER) for d in many.values()])
    shown = await typed(bot, "rankings", MEMBER, top=1)
    for _ in range(PERSON[0] - 1):
        shown = await next_page(bot, shown)
    waits = await next_page(bot, shown)
    assert waits.content.startswith("One moment, please")
    assert "One moment" in (await typed(bot, "rankings", MEMBER)).content


async def test_a_server_in_which_all_ask_at_once_is_asked_to_wait_too(bot: Connected) -> None:
    for _ in range(SERVER[0]):
        await asked_by(bot, 1)  # most of these are refused, and take nothing from the others
    first = range(2, SERVER[0] + 3 - PERSON[0])
    replies = [await asked_by(bot, person) for person in first]
    assert all("no board" in reply.content for reply in replies[:-1])
    assert "One moment" in replies[-1].content
    elsewhere = await bot.discord.interact(
        Command("rankings"), None, replace(MEMBER, id=999), within=20
    )
    assert elsewhere.files


async def test_what_fails_unforeseen_is_told_to_the_person_alone_by_an_id_of_the_log(
    bot: Connected, tmp_path: Path
) -> None:
    (tmp_path / "history" / "models-2026-05.json").write_text("not ours")
    with capture_logs() as logged:
        reply = await typed(bot, "rankings", replace(MEMBER, locale="tr"))
    assert reply.ephemeral
    assert reply.content.startswith("Bizim tarafımızda bir sorun oldu.")
    (line,) = [line for line in logged if line["event"] == "command failed"]
    assert line["reference"] in reply.content
    assert line["command"] == "rankings"
    assert "damaged" not in reply.content
    assert len(bot.discord.replies_to(reply.interaction_id)) == 1


async def test_what_comes_too_late_for_discord_is_noted_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(answer_span=-1.0)
    async with connected(tmp_path, KNOWN, NOW, monkeypatch, settings) as bot:
        with capture_logs() as logged:
            for name in ("help", "subscriptions"):
                with pytest.raises(TimeoutError):
                    await bot.discord.interact(Command(name), bot.channel, MANAGER, within=0.5)
    late = [line for line in logged if line["event"] == "too late to answer"]
    assert len(late) == 2
    assert not [line for line in logged if line["event"] == "command failed"]


@pytest.mark.parametrize("who", [MEMBER, replace(MEMBER, locale="tr")], ids=["English", "Turkish"])
async def test_a_refusal_bears_an_id_that_stands_in_the_log_without_what_was_typed(
    bot: Connected, who: Actor
) -> None:
    with capture_logs() as logged:
        reply = await typed(bot, "model", who, name="SECRET")
    (line,) = [line for line in logged if line["event"] == "question refused"]
    assert reply.content.endswith(f"\n-# {line['reference']}")
    assert (line["command"], line["why"]) == ("model", "UnknownName")
    assert "SECRET" not in str(logged)
