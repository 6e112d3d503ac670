"""/openness in a loopback Discord: boards, languages, little data, odd and hostile input."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.backtest import backtest
from bot.model import BOARD_MODELS, Cause, Memory, Openness
from bot.rules import discover
from cogs.openness import Opennesses
from storage.protocol import Progress
from tests.made import START, at, day, days, directory, open_closed, verdict
from tests.wire.discord_mentions import walk
from tests.wire.discord_people import Command, Typing
from tests.wire.discord_schema import EVERYDAY, Actor
from tests.wire.inprocess import Connected, connected, typed
from tests.wire.running import texts

MEMBER = Actor(permissions=EVERYDAY)
TURK = replace(MEMBER, id=77, locale="tr")
HOSTILE = "@everyone **bold** \u202e[link](http://x) <@1> 🦊"
KNOWN = directory(
    {"a/open": verdict(Openness.OPEN), "b/closed": verdict(Openness.CLOSED)},
    names={"c/unknown": HOSTILE, "d/unknown": "word " * 1200},
)
COUNTS = {"a/open": 700, "b/closed": 200, "c/unknown": 60, "d/unknown": 40}
LENGTH = 380
STORED = days([COUNTS] * LENGTH)
NOW = at(START + timedelta(days=LENGTH))
LEGAL = "category-legal"


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot without data."""
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as found:
        yield found


@pytest.fixture
async def filled(bot: Connected) -> Connected:
    """Return it with a year of a board and six weeks of another."""
    await bot.store.put_days(BOARD_MODELS, tuple(STORED.values()))
    weeks = [START + timedelta(weeks=n, days=-1) for n in range(6)]
    await bot.store.put_days(LEGAL, [day(when, {"a/open": 3, "b/closed": 1}) for when in weeks])
    memory = Memory(weeks[0], weeks[-1], (), {})
    await bot.store.record(LEGAL, Progress((memory,), None), (), ())
    return bot


async def test_the_answer_has_shares_now_and_before_and_what_is_unknown(
    filled: Connected,
) -> None:
    reply = await typed(filled, "openness", MEMBER)
    said = "\n".join(texts(reply.components))
    assert said.startswith("## 70.0 % of ranked tokens go to models known to be open\n")
    assert "● open 70.0 % · ■ closed 20.0 % · ◆ unknown 10.0 %" in said
    assert "**Six months before: 9 December 2026 to 15 December 2026**" in said
    assert "**A year before: 9 June 2026 to 15 June 2026**" in said
    assert "Share known to be open, against then: = same" in said
    assert "Another 9.1 % of all tokens" in said
    assert "Tell the operator of this bot" in said
    assert "-# Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-20" in said
    assert not reply.ephemeral


async def test_the_picture_comes_with_its_figures_in_words(filled: Connected) -> None:
    reply = await typed(filled, "openness", MEMBER)
    ((name, content),) = reply.files.items()
    assert name == "openness-models-2027-06-15.png"
    assert content.startswith(b"\x89PNG")
    (gallery,) = [each for each in walk(reply.components) if each["type"] == 12]
    described = gallery["items"][0]["description"]
    assert "On the last day: open 70.0 %, closed 20.0 %, unknown 10.0 %." in described
    assert "15 December 2026, six months before: 70.0 % open." in described


async def test_milestones_of_the_board_are_marked_and_told_with_the_picture(
    filled: Connected,
) -> None:
    turned = days([{"open/a": 20, "closed/b": 80}] * 40 + [{"open/a": 80, "closed/b": 20}] * 40)
    known, rules = open_closed(), {"open_share": discover()["open_share"]}
    told = backtest(BOARD_MODELS, turned, known, rules)
    withdrawn = replace(told[0], withdrawn=Cause.FIGURES)
    memory = Memory(told[0].date, told[-1].date, (), {})
    await filled.store.record(BOARD_MODELS, Progress((memory,), None), (withdrawn, *told[1:]), ())
    reply = await typed(filled, "openness", MEMBER)
    (gallery,) = [each for each in walk(reply.components) if each["type"] == 12]
    described = gallery["items"][0]["description"]
    for mark in (60, 70, 80):
        (one,) = (one for one in told if one.facts["mark"] == mark)
        assert f" {one.date.day} July 2026: open reaches {mark} %." in described
    assert "reaches 50 %" not in described


async def test_names_from_outside_are_escaped_shortened_and_ping_nobody(
    filled: Connected,
) -> None:
    reply = await typed(filled, "openness", MEMBER)
    said = texts(reply.components)
    (unknown,) = [text for text in said if text.startswith("**What is unknown, and why**")]
    assert "@everyone" not in unknown
    assert "\u202e" not in unknown
    assert r"\*\*bold\*\* \[link]\(http:\//x)" in unknown
    assert "6.0 % · No evidence either way." in unknown
    assert unknown.splitlines()[2].endswith(" word…")
    assert reply.seen.payload["allowed_mentions"] == {"parse": []}
    assert sum(map(len, said)) < 4000


async def test_a_board_is_chosen_by_any_of_its_names(filled: Connected) -> None:
    for board, who in [("legal", MEMBER), (LEGAL, MEMBER), ("Hukuk", TURK)]:
        said = "\n".join(texts((await typed(filled, "openness", who, board=board)).components))
        assert "%75,0" in said if who is TURK else "Legal: 75.0 %" in said
    assert "29 Haziran 2026 – 5 Temmuz 2026" in said
    assert "tahmin" in said
    assert "Altı ay ve bir yıl önce" in said


async def test_a_turkish_reader_is_answered_in_turkish(filled: Connected) -> None:
    said = "\n".join(texts((await typed(filled, "openness", TURK, private=True)).components))
    assert "● açık %70,0 · ■ kapalı %20,0 · ◆ bilinmiyor %10,0" in said
    assert "**Altı ay önce: 9 Aralık 2026 – 15 Aralık 2026**" in said
    assert "Ne açık ne de kapalı olduğuna dair kanıt var." in said
    assert "as of 2026-06-20. Licensed under CC BY 4.0." in said


async def test_a_private_answer_is_for_that_person_alone(filled: Connected) -> None:
    assert (await typed(filled, "openness", MEMBER, private=True)).ephemeral


@pytest.mark.parametrize(("stored", "said"), [(0, "No rankings are stored"), (1, "these days")])
async def test_without_a_complete_week_that_person_alone_is_told_why(
    bot: Connected, stored: int, said: str
) -> None:
    await bot.store.put_days(BOARD_MODELS, tuple(STORED.values())[:stored])
    reply = await typed(bot, "openness", MEMBER)
    assert reply.ephemeral
    assert said in reply.content
    assert len(bot.discord.replies_to(reply.interaction_id)) == 1


async def test_a_day_that_may_not_be_judged_yet_is_not_told(filled: Connected) -> None:
    await filled.store.put_days(BOARD_MODELS, [day(LENGTH, {"b/closed": 10**9})])
    said = "\n".join(texts((await typed(filled, "openness", MEMBER)).components))
    assert "9 June 2027 to 15 June 2027" in said
    assert "● open 70.0 %" in said


async def test_one_week_is_told_with_since_when_we_watch(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, tuple(STORED.values())[:7])
    said = "\n".join(texts((await typed(bot, "openness", MEMBER)).components))
    assert "● open 70.0 %" in said
    assert "we watch since 1 June 2026" in said


@pytest.mark.parametrize(
    "board", ["programing", "@everyone **x**", "x" * 6000, "🦊\u202e" * 2000, "][(<@1>"]
)
async def test_a_board_that_is_none_is_refused_to_that_person_alone(
    filled: Connected, board: str
) -> None:
    reply = await typed(filled, "openness", MEMBER, board=board)
    assert reply.ephemeral
    assert "There is no board called" in reply.content
    assert "@everyone" not in reply.content
    assert "\u202e" not in reply.content
    assert len(reply.content) < 400


async def test_boards_are_offered_in_the_readers_language(filled: Connected) -> None:
    typing = Typing(Command("openness", board="huk"), "board")
    reply = await filled.discord.interact(typing, filled.channel, TURK, within=20)
    assert [(each["name"], each["value"]) for each in reply.choices] == [("Hukuk", LEGAL)]


async def test_the_evidence_form_is_a_button_where_the_projects_page_is_known(
    filled: Connected,
) -> None:
    cog = filled.client.get_cog("Opennesses")
    assert isinstance(cog, Opennesses)
    cog._answers.project_url = "https://github.com/a/b"
    reply = await typed(filled, "openness", MEMBER)
    (row,) = [each for each in reply.components if each["type"] == 1]
    (button,) = row["components"]
    assert button["label"] == "Dispute an entry"
    assert button["url"] == "https://github.com/a/b/issues/new?template=evidence.yml"
    assert "The form asks for a link" in "\n".join(texts(reply.components))


async def test_the_command_is_named_in_turkish_and_offered_anywhere(bot: Connected) -> None:
    (found,) = [each for each in bot.discord.world.commands if each["name"] == "openness"]
    assert found["name_localizations"] == {"tr": "açıklık"}
    assert [each["name_localizations"]["tr"] for each in found["options"]] == ["tablo", "özel"]
    assert found["contexts"] == [0, 1, 2]
    assert found["integration_types"] == [0, 1]
