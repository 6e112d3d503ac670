"""/milestones and /milestone in a loopback Discord, over what the real rules find in made days."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.backtest import backtest
from bot.delivery import Delivery, DeliveryState
from bot.model import BOARD_MODELS, Cause, Milestone, Severity
from bot.proof import prove
from storage.protocol import Progress
from tests.made import START, at, days, open_closed
from tests.wire.discord_people import Click, Command, Reply, Typing
from tests.wire.discord_schema import EVERYDAY, Actor
from tests.wire.inprocess import Connected, connected, typed
from tests.wire.running import texts

MEMBER = Actor(permissions=EVERYDAY)
TURK = replace(MEMBER, id=77, locale="tr")
KNOWN = open_closed()
LATER = [
    {"open/a": 10 + 9 * n, "closed/b": 120, "closed/c": 60, "open/d": 40, "closed/e": 20 + 5 * n}
    for n in range(40)
]
STORED = days(LATER)
NOW = at(START + timedelta(days=40))
RULES = rules.discover()
FOUND = tuple(
    prove(one, STORED, KNOWN, RULES[one.rule])
    for one in backtest(BOARD_MODELS, STORED, KNOWN, RULES)
)
TOLD = tuple(one for one in FOUND if one.told and one.severity is not Severity.MINOR)
LEADER = next(one for one in TOLD if one.rule == "leader")


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot that keeps what was found."""
    async with connected(tmp_path, KNOWN, NOW, monkeypatch) as found:
        await found.store.put_days(BOARD_MODELS, tuple(STORED.values()))
        await found.store.record(BOARD_MODELS, Progress((), None), FOUND, ())
        yield found


def sent(bot: Connected, milestone: Milestone, guild: int, channel: int) -> Delivery:
    """Return the alert of a milestone that stands in a channel."""
    key = f"{milestone.key}|{channel}"
    one = Delivery(key, channel, guild, (milestone.key,), "n", NOW)
    return replace(one, state=DeliveryState.SENT, message_id=555)


async def keep(bot: Connected, *deliveries: Delivery) -> None:
    """Store alerts as sent."""
    waiting = [replace(one, state=DeliveryState.PENDING, message_id=None) for one in deliveries]
    await bot.store.record(BOARD_MODELS, Progress((), "seen"), (), waiting)
    await bot.store.save_deliveries(deliveries)


def said(reply: Reply) -> str:
    """Return every text of a reply."""
    return "\n".join(texts(reply.components))


async def test_milestones_are_listed_newest_first_with_severity_and_key(bot: Connected) -> None:
    text = said(await typed(bot, "milestones", MEMBER))
    keys = [one.key for one in TOLD]
    assert f"{len(keys)} milestones since" in text
    shown = [line for line in text.splitlines() if line.replace("\\", "") in keys]
    dates = [line[-10:] for line in shown]
    assert dates == sorted(dates, reverse=True)
    assert "★ headline" in text
    assert "Source: OpenRouter" in text


async def test_pages_are_turned_and_together_show_all(bot: Connected) -> None:
    older = [LEADER.date - timedelta(days=n) for n in range(1, 15)]
    more = [replace(LEADER, key=f"models.leader.x.{day}", date=day) for day in older]
    await bot.store.record(BOARD_MODELS, Progress((), "more"), more, ())
    every = [one.key for one in (*FOUND, *more) if one.told]
    reply, seen = await typed(bot, "milestones", MEMBER, severity="minor"), list[str]()
    while True:
        seen += [line.replace("\\", "") for line in said(reply).splitlines()]
        (row,) = [each for each in reply.components if each["type"] == 1]
        following = row["components"][1]
        if following["disabled"]:
            break
        click = Click(reply.seen.id, following["custom_id"])
        reply = await bot.discord.interact(click, bot.channel, TURK, within=20)
    assert sorted(line for line in seen if line in every) == sorted(every)
    assert "Source: OpenRouter" in said(reply)


async def test_an_alert_that_was_posted_in_this_server_is_linked_and_no_other_ones(
    bot: Connected,
) -> None:
    guild = bot.channel.guild_id or 0
    await keep(bot, sent(bot, LEADER, guild, bot.channel.id), sent(bot, LEADER, 4242, 4343))
    for name, options in (("milestones", {"severity": "headline"}), ("milestone", _key(LEADER))):
        text = said(await typed(bot, name, MEMBER, **options))
        assert f"https://discord.com/channels/{guild}/{bot.channel.id}/555" in text
        assert "4242" not in text
    elsewhere = await bot.discord.interact(Command("milestones"), None, MEMBER, within=20)
    assert "discord.com/channels" not in said(elsewhere)


def _key(milestone: Milestone) -> dict[str, str]:
    return {"key": milestone.key}


async def test_one_milestone_is_shown_with_its_receipt_and_how_robust_it_is(
    bot: Connected,
) -> None:
    text = said(await typed(bot, "milestone", MEMBER, **_key(LEADER)))
    receipt = LEADER.receipt
    assert receipt is not None
    assert "## a is now the most-used model" in text
    assert "Rule leader, version 2" in text
    assert receipt.rows[:16] in text
    assert "It also holds with: " in text
    assert "rankshift verify models.leader" in text.replace("\\", "")
    turkish = said(await typed(bot, "milestone", TURK, **_key(LEADER)))
    assert "Kural leader, sürüm 2" in turkish


async def test_words_of_a_headline_or_a_keys_beginning_name_a_milestone_too(
    bot: Connected,
) -> None:
    assert "Rule leader" in said(await typed(bot, "milestone", MEMBER, key=LEADER.key[:-3]))
    assert "Rule leader" in said(await typed(bot, "milestone", MEMBER, key="most-used model"))


async def test_keys_are_offered_by_headline_within_discords_limits(bot: Connected) -> None:
    typing = Typing(Command("milestone", key="most-used"), "key")
    reply = await bot.discord.interact(typing, bot.channel, MEMBER, within=20)
    assert LEADER.key in [each["value"] for each in reply.choices]
    every = Typing(Command("milestone", key=""), "key")
    for choice in (await bot.discord.interact(every, bot.channel, TURK, within=20)).choices:
        assert len(choice["name"]) <= 100
        assert len(choice["value"]) <= 100


async def test_held_and_withdrawn_ones_say_so(bot: Connected) -> None:
    held = replace(LEADER, key=f"{LEADER.key}.held", held_by=("other/x",), receipt=None)
    gone = replace(LEADER, withdrawn=Cause.FIGURES, revised=NOW)
    await bot.store.record(BOARD_MODELS, Progress((), None), [held], (), [gone])
    text = said(await typed(bot, "milestone", MEMBER, **_key(held)))
    assert "## Not told: a is now the most-used model" in text
    assert "It depends on models of which it is not known whether they are open: x." in text
    assert "It also holds with" not in text
    assert "It has none yet" in text
    offered = Typing(Command("milestone", key="most-used"), "key")
    for choice in (await bot.discord.interact(offered, bot.channel, MEMBER, within=20)).choices:
        assert not choice["value"].endswith(".held")
    text = said(await typed(bot, "milestones", MEMBER, severity="headline"))
    assert "**Withdrawn: a is now the most-used model**" in text
    assert ".held" not in text
    assert "Withdrawn: a is now" in said(await typed(bot, "milestone", MEMBER, **_key(gone)))


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("milestone", {"key": "nothing of the kind"}, "I know no milestone with the key"),
        ("milestone", {"key": "@here `x`" * 700}, "I know no milestone with the key"),
        ("milestone", {"key": " "}, "I know no milestone with the key “”"),
        ("milestones", {"since": "last week"}, "“last week” is not a date"),
        ("milestones", {"board": "none"}, "There is no board called “none”"),
    ],
)
async def test_what_is_not_there_is_said_kindly(
    bot: Connected, name: str, options: dict[str, str], expected: str
) -> None:
    reply = await typed(bot, name, MEMBER, **options)
    assert reply.ephemeral
    assert expected in reply.content
    assert "@here" not in reply.content


async def test_nothing_told_is_said_plainly(bot: Connected) -> None:
    text = said(await typed(bot, "milestones", MEMBER, since=str(date(2026, 7, 30))))
    assert "None was told since 30 July 2026." in text
