"""/rule preview, typed in a loopback Discord: by anyone, anywhere, in both languages."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import rules
from bot.backtest import backtest
from bot.errors import NothingToSay
from bot.message import Outgoing
from bot.model import BOARD_MODELS, Cause, Day, Memory, Milestone, Openness
from bot.proof import prove
from bot.queries import backtests
from storage.protocol import Progress
from tests.made import START, at, day, days, directory, verdict
from tests.waiting import until
from tests.wire.discord_mentions import walk
from tests.wire.discord_people import Command, Reply, Typing
from tests.wire.discord_schema import EVERYDAY, Actor, Message
from tests.wire.inprocess import Connected, connected, without_id
from tests.wire.running import MANAGER, texts

MEMBER = Actor(permissions=EVERYDAY)
TURK = replace(MEMBER, locale="tr")
HOSTILE = "@everyone **bold** \u202e<#123> " + "word " * 1200
KNOWN = directory(
    {"a/one": verdict(Openness.OPEN), "b/two": verdict(Openness.CLOSED)},
    names={"a/one": "Model One", "b/two": HOSTILE},
)
FIRST, SECOND = {"a/one": 100, "b/two": 50}, {"a/one": 100, "b/two": 900}
THIRD = {"a/one": 10_000, "b/two": 900}
GAP = START + timedelta(30)
STORED = tuple(
    each for each in days([FIRST] * 9 + [SECOND] * 5 + [THIRD] * 30).values() if each.date != GAP
)
WEEKLY = "category-legal"
PREVIEW = "rule preview"


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot without data; the newest day that may be judged is the 44th."""
    async with connected(tmp_path, KNOWN, at(START + timedelta(44)), monkeypatch) as found:
        yield found


async def _asked(bot: Connected, who: Actor = MEMBER, **options: object) -> Reply:
    command = Command(PREVIEW, **{"rule": "leader", **options})
    return await bot.discord.interact(command, bot.channel, who, within=30)


def _text(reply: Reply) -> str:
    return "\n".join(texts(reply.components))


def _alts(reply: Reply) -> list[str]:
    return [item["description"] for one in walk(reply.components) for item in one.get("items", [])]


async def test_a_preview_tells_how_often_when_and_draws_the_calendar(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED)
    reply = await _asked(bot)
    text = _text(reply)
    assert text.startswith(
        "## Preview: A new number one\nIt would have told 2 milestones: about 0.5 a week, 1.9 a"
    )
    assert "No longer so within a week: 1 of 2 whose week is over or that ended before." in text
    assert "16 June 2026 · ★ headline · Model One is now the most-used model" in text
    assert "Not stored, so left out: 1 July 2026." in text
    assert "Model One would lose first place to a model with more tokens over seven days" in text
    assert text.endswith("as of 2026-06-20. Licensed under CC BY 4.0.")
    ((name, content),) = reply.files.items()
    assert name == "preview-leader-models-2026-07-14.png"
    assert content.startswith(b"\x89PNG")
    (alt,) = _alts(reply)
    assert "16 June 2026: 1; 11 June 2026: 1 (no longer so within a week: 1)" in alt
    assert not reply.ephemeral


@pytest.mark.parametrize("who", [MEMBER, MANAGER], ids=["a member", "a manager"])
async def test_whoever_asks_is_answered(bot: Connected, who: Actor) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED)
    assert "It would have told 2 milestones" in _text(await _asked(bot, who))


async def test_a_preview_in_turkish_to_one_person_alone(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED)
    reply = await _asked(bot, TURK, private=True)
    text = _text(reply)
    assert reply.ephemeral
    assert "## Önizleme: Yeni bir birinci" in text
    assert "2 dönüm noktası bildirirdi: haftada yaklaşık 0,5, ayda 1,9." in text
    assert "En yenisi, bildiriminin sözleriyle" in text
    assert _alts(reply)[0].startswith("Yeni bir birinci: 2 dönüm noktası.")


def _found(*days_: Day) -> tuple[Milestone, ...]:
    stored = {each.date: each for each in days_}
    found = backtest(BOARD_MODELS, stored, KNOWN, rules.discover())
    return tuple(prove(one, stored, KNOWN, rules.discover()[one.rule]) for one in found)


async def _remember(bot: Connected, found: tuple[Milestone, ...]) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED)
    await bot.store.record(BOARD_MODELS, Progress((), None), found, ())


def _below(bot: Connected, reply: Reply) -> list[Message]:
    """Return what stands below an answer."""
    answers = bot.discord.replies_to(reply.interaction_id)
    return [each for each in answers if each.id != reply.seen.id]


@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
@pytest.mark.parametrize(
    ("who", "line", "headline"),
    [
        (MEMBER, "An example: its newest alert as it would look", "## Model One is now the most"),
        (TURK, "Bir örnek: en yeni bildirimi, görüneceği haliyle", "## En çok kullanılan model"),
    ],
    ids=["English", "Turkish"],
)
async def test_the_newest_alert_follows_as_it_would_look(
    bot: Connected, who: Actor, line: str, headline: str, *, private: bool
) -> None:
    await _remember(bot, _found(*STORED))
    reply = await _asked(bot, who, private=private)
    await until(lambda: _below(bot, reply))
    (example,) = _below(bot, reply)
    said = texts(example.components)
    assert said[0] == line
    assert said[1].startswith(headline)
    assert list(example.files) == ["milestone-2026-06-16.png"]
    assert (example.ephemeral, reply.ephemeral) == (private, private)
    assert example.payload["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize("cause", [None, Cause.FIGURES], ids=["not stored", "withdrawn"])
async def test_without_a_stored_alert_the_words_of_the_answer_are_the_example(
    bot: Connected, cause: Cause | None
) -> None:
    found = [replace(one, withdrawn=cause) for one in _found(*STORED) if cause is not None]
    await _remember(bot, tuple(found))
    with capture_logs() as logs:
        reply = await _asked(bot)
        await _asked(bot, rule="surge")  # whatever follows the first has come by then
    assert "Model One would lose first place" in _text(reply)
    assert _below(bot, reply) == []
    assert [one for one in logs if one["log_level"] != "info"] == []


async def test_an_example_that_fails_leaves_the_answer_as_it_is(
    bot: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(_: object) -> Outgoing:
        raise NothingToSay("gone meanwhile")

    await _remember(bot, _found(*STORED))
    cog = bot.client.get_cog("Previewing")
    monkeypatch.setattr(cog, "_compose", lost)
    with capture_logs() as logs:
        reply = await _asked(bot)
        await until(lambda: [one for one in logs if one["event"].endswith("its example")])
    assert "Model One would lose first place" in _text(reply)
    assert _below(bot, reply) == []


async def test_it_is_answered_in_direct_messages_too(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED)
    command = Command(PREVIEW, rule="leader")
    reply = await bot.discord.interact(command, None, MEMBER, within=30)
    assert "It would have told 2 milestones" in _text(reply)


async def test_fewer_days_show_what_falls_into_them(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED)
    reply = await _asked(bot, days=14)
    assert "It would have told nothing in these days." in _text(reply)
    assert reply.files == {}


async def test_a_rule_that_a_board_bars_is_explained(bot: Connected) -> None:
    await _weekly(bot)
    reply = await _asked(bot, rule="surge", board=WEEKLY)
    assert "## Preview: A steep climb within a week · Legal" in _text(reply)
    assert "This rule tells nothing of this ranking" in _text(reply)
    assert reply.files == {}


async def test_a_board_of_weeks_is_previewed_by_weeks(bot: Connected) -> None:
    await _weekly(bot)
    reply = await _asked(bot, board="legal")
    assert "It would have told 1 milestone: about 0.2 a week, 0.7 a month." in _text(reply)
    assert "These are estimates" in _text(reply)
    assert _alts(reply)[0].startswith("A new number one: 1 milestone. Legal: Each mark is a week")


async def _weekly(bot: Connected) -> None:
    weeks = [day(START + timedelta(7 * n + 6), FIRST if n < 3 else SECOND) for n in range(6)]
    await bot.store.put_days(WEEKLY, weeks)
    memory = Memory(weeks[0].date, weeks[-1].date, (), {})
    await bot.store.record(WEEKLY, Progress((memory,), None), (), ())


@pytest.mark.parametrize("count", [0, 3, 7])
async def test_too_few_days_are_said_kindly(bot: Connected, count: int) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED[:count])
    reply = await _asked(bot)
    assert "Too few days are stored here yet" in _text(reply)
    assert reply.files == {}


async def test_hostile_names_are_shown_as_they_are(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED[:12])
    reply = await _asked(bot)
    assert "@everyone" not in _text(reply)
    assert "\u202e" not in _text(reply)
    assert reply.seen.payload["allowed_mentions"] == {"parse": []}


async def test_an_unknown_board_or_rule_is_refused(bot: Connected) -> None:
    for board in ("@everyone **x**", "x" * 6000):
        reply = await _asked(bot, board=board)
        assert reply.ephemeral
        assert reply.content.startswith("There is no board called")
        assert "@everyone" not in reply.content
    reply = await _asked(bot, rule="a rule of last year")
    assert without_id(reply) == "I cannot answer that. /help lists what I know."


async def test_a_backtest_that_fails_is_told_to_that_person_alone(
    bot: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = days([{f"a/{n}": 100 + n for n in range(50)}] * 500, START - timedelta(460))
    await bot.store.put_days(BOARD_MODELS, tuple(many.values()))
    with capture_logs() as logs, monkeypatch.context() as patch:
        patch.setattr(backtests, "TIME_LIMIT", 0.01)
        reply = await _asked(bot)
    assert reply.ephemeral
    assert reply.content.startswith("What the stored days would have told could not be computed")
    assert "models: not done in 0.01 s" in [one.get("problem") for one in logs]
    assert "Looked at:" in _text(await _asked(bot))


async def test_it_is_offered_anywhere_with_its_rules_and_boards(bot: Connected) -> None:
    for actor, name in ((MEMBER, "All models"), (TURK, "Bütün modeller")):
        half = Typing(Command(PREVIEW, rule="leader", board=""), "board")
        reply = await bot.discord.interact(half, bot.channel, actor, within=20)
        assert [(one["name"], one["value"]) for one in reply.choices] == [(name, "models")]
    command = bot.client.tree.get_command("rule")
    assert command is not None
    told = command.to_dict(bot.client.tree)
    assert (told["contexts"], told["integration_types"]) == ([0, 1, 2], [0, 1])
    (leaf,) = told["options"]
    option = next(each for each in leaf["options"] if each["name"] == "rule")
    assert {"name": "A new number one", "value": "leader"} in option["choices"]
    assert len(option["choices"]) <= 25
