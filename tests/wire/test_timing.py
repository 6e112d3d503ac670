"""/mute and /quiet: who may set when messages arrive, and what is then kept."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.subscription import Channel as Settings
from bot.subscription import Deed
from tests.wire.discord_schema import EVERYDAY, Actor
from tests.wire.inprocess import FORBIDDEN, Connected, guild_of, subscribed, typed, without_id
from tests.wire.timed import (
    EVERY,
    ISTANBUL,
    MONDAYS,
    NIGHT,
    NOW,
    TURK,
    WEEKLY,
    deeds,
    kept,
    offered,
    opened,
    put,
    stamp,
    timed,
)

every = pytest.mark.parametrize("command", EVERY)
needs_alerts = pytest.mark.parametrize("command", ["mute", "quiet", "budget"])


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot that polls two boards, and whose channel is subscribed."""
    async with timed(tmp_path, monkeypatch) as found:
        yield found


# ---- who may


@every
@pytest.mark.parametrize(
    ("locale", "says"),
    [("en-US", "needs the Manage Server permission"), ("tr", "Sunucuyu Yönet izni gerekir")],
)
async def test_a_member_who_may_not_manage_the_server_changes_nothing(
    bot: Connected, command: str, locale: str, says: str
) -> None:
    before, who = await bot.store.channels(), Actor(permissions=EVERYDAY, locale=locale)
    reply = await typed(bot, command, who, channel=bot.channel, **EVERY[command])
    assert says in reply.content
    assert reply.ephemeral
    assert await bot.store.channels() == before
    assert await deeds(bot) == []
    assert not bot.woken.is_set()


async def test_discord_offers_them_to_members_who_may_and_in_turkish(bot: Connected) -> None:
    commands = {command["name"]: command for command in bot.discord.world.commands}
    for name in EVERY:
        assert commands[name]["default_member_permissions"] == 1 << 5
        assert commands[name]["contexts"] == [0]
    assert commands["quiet"]["name_localizations"] == {"tr": "sessiz-saatler"}
    (day,) = [each for each in commands["digest"]["options"] if each["name"] == "weekday"]
    assert day["choices"][1]["name_localizations"] == {"tr": "Salı"}


@needs_alerts
async def test_a_channel_without_alerts_has_nothing_to_hold_back(
    bot: Connected, command: str
) -> None:
    place = await opened(bot)
    reply = await typed(bot, command, channel=place, **EVERY[command])
    assert reply.content == f"<#{place.id}> gets no alerts yet. `/subscribe` starts them."
    reply = await typed(bot, command, TURK, channel=place, **EVERY[command])
    assert reply.content == f"<#{place.id}> henüz bildirim almıyor. `/abone-ol` ile başlatılır."
    assert reply.ephemeral
    assert [each.channel_id for each in await bot.store.channels()] == [bot.channel.id]
    assert await deeds(bot) == []


@every
async def test_an_answer_is_for_the_person_alone_and_only_the_named_channel_changes(
    bot: Connected, command: str
) -> None:
    place = await opened(bot)
    await subscribed(bot, place.id)
    reply = await typed(bot, command, channel=place, **EVERY[command])
    assert reply.deferred
    assert reply.ephemeral
    assert await kept(bot) == Settings(bot.channel.id, guild_of(bot).id)
    assert await kept(bot, place) != Settings(place.id, guild_of(bot).id)
    assert bot.woken.is_set()


# ---- mute


@pytest.mark.parametrize(
    ("duration", "lasts"),
    [
        ("1 hour", timedelta(hours=1)),
        ("4 hours", timedelta(hours=4)),
        ("8 hours", timedelta(hours=8)),
        ("1 day", timedelta(days=1)),
        ("3 days", timedelta(days=3)),
        ("1 week", timedelta(days=7)),
        ("4 weeks", timedelta(days=28)),
    ],
)
async def test_a_mute_lasts_as_long_as_was_chosen(
    bot: Connected, duration: str, lasts: timedelta
) -> None:
    reply = await typed(bot, "mute", channel=bot.channel, duration=duration)
    assert reply.content == (
        f"<#{bot.channel.id}> is muted until {stamp(NOW + lasts, 'f')}. Alerts and digests of"
        " that time, headlines too, follow together afterwards."
    )
    assert (await kept(bot)).muted_until == NOW + lasts
    assert await deeds(bot) == [(Deed.MUTED, {"until": (NOW + lasts).isoformat()})]


async def test_a_mute_can_be_ended_early_and_then_what_was_held_back_follows(
    bot: Connected,
) -> None:
    mention = f"<#{bot.channel.id}>"
    reply = await typed(bot, "mute", TURK, channel=bot.channel, duration="8 hours")
    until_then = stamp(NOW + timedelta(hours=8), "f")
    assert f"{mention} sessize alındı; bitiş: {until_then}." in reply.content
    bot.woken.clear()
    reply = await typed(bot, "mute", channel=bot.channel, duration="off")
    assert reply.content == (
        f"{mention} is no longer muted. What was held back, if anything, follows within a minute"
        " or two."
    )
    assert (await kept(bot)).muted_until is None
    assert [deed for deed, _ in await deeds(bot)] == [Deed.UNMUTED, Deed.MUTED]
    assert bot.woken.is_set()


@pytest.mark.parametrize("before", [None, NOW, NOW - timedelta(days=1)])
async def test_where_no_mute_is_there_is_none_to_end(
    bot: Connected, before: datetime | None
) -> None:
    await put(bot, muted_until=before)
    reply = await typed(bot, "mute", channel=bot.channel, duration="off")
    assert reply.content == f"<#{bot.channel.id}> is not muted."
    assert await deeds(bot) == []


async def test_after_a_mute_quiet_hours_and_pauses_still_hold_what_was_held_back(
    bot: Connected,
) -> None:
    muted = NOW + timedelta(days=1)
    await put(bot, muted_until=muted, quiet=NIGHT)  # in Istanbul it is half past six
    reply = await typed(bot, "mute", channel=bot.channel, duration="off")
    assert reply.content.endswith("What was held back follows after the quiet hours.")
    await put(bot, muted_until=muted)
    await bot.store.pause(bot.channel.id, FORBIDDEN)
    reply = await typed(bot, "mute", TURK, channel=bot.channel, duration="off")
    assert reply.content.endswith("Bekletilenler, oraya yeniden yazabildiğimde gelir.")
    assert (await kept(bot)).paused == FORBIDDEN


@pytest.mark.parametrize("limit", [{"budget": 5}, {"digest": WEEKLY}])
async def test_what_yielded_to_a_limit_is_not_promised_when_quiet_ends(
    bot: Connected, limit: Mapping[str, Any]
) -> None:
    await put(bot, quiet=NIGHT, **limit)
    reply = await typed(bot, "quiet", channel=bot.channel)
    assert reply.content.endswith(
        "What was held back for that, if anything, follows within a minute or two; what yielded to"
        " the message limit may wait longer."
    )
    await put(bot, muted_until=NOW + timedelta(days=1))
    reply = await typed(bot, "mute", TURK, channel=bot.channel, duration="off")
    assert reply.content.endswith("mesaj sınırına takılanlar daha uzun bekleyebilir.")


# ---- quiet hours


async def test_quiet_hours_are_kept_and_said_with_the_time_there(bot: Connected) -> None:
    reply = await typed(bot, "quiet", channel=bot.channel, **ISTANBUL)
    assert reply.content == (
        f"<#{bot.channel.id}> is quiet from 22:00 to 07:00 (Europe/Istanbul; there it is 06:30"
        " now). Alerts and digests of these hours, headlines too, follow together afterwards."
        " Corrections still come, without a sound."
    )
    assert (await kept(bot)).quiet == NIGHT
    values = {"start": "22", "end": "7", "timezone": "Europe/Istanbul"}
    assert await deeds(bot) == [(Deed.QUIET, values)]


async def test_quiet_hours_are_ended_by_giving_none(bot: Connected) -> None:
    await put(bot, quiet=NIGHT)
    reply = await typed(bot, "quiet", TURK, channel=bot.channel)
    assert reply.content == (
        f"<#{bot.channel.id}> için artık sessiz saat yok. Bekletilen bir şey varsa bir iki"
        " dakika içinde gelir."
    )
    assert (await kept(bot)).quiet is None
    reply = await typed(bot, "quiet", channel=bot.channel)
    assert "has no quiet hours. To set them, give `start`, `end` and `timezone`" in reply.content
    assert [deed for deed, _ in await deeds(bot)] == [Deed.NO_QUIET]


async def test_a_mute_outlasts_quiet_hours_that_are_ended(bot: Connected) -> None:
    await put(bot, quiet=NIGHT, muted_until=NOW + timedelta(days=1))
    reply = await typed(bot, "quiet", channel=bot.channel)
    assert reply.content.endswith("What was held back follows after the mute.")


@pytest.mark.parametrize("left_out", ["start", "end", "timezone"])
async def test_quiet_hours_need_all_three_options(bot: Connected, left_out: str) -> None:
    given = {name: value for name, value in ISTANBUL.items() if name != left_out}
    reply = await typed(bot, "quiet", channel=bot.channel, **given)
    assert reply.content.startswith("Quiet hours need `start`, `end` and `timezone` together")
    reply = await typed(bot, "quiet", TURK, channel=bot.channel, **given)
    assert "`başlangıç`, `bitiş` ve `saat-dilimi` birlikte gerekir" in reply.content
    assert (await kept(bot)).quiet is None


async def test_hours_that_end_as_they_begin_are_none(bot: Connected) -> None:
    given = {"start": 7, "end": 7, "timezone": "UTC"}
    reply = await typed(bot, "quiet", channel=bot.channel, **given)
    assert reply.content.startswith("Quiet hours have to end at another hour than they start.")
    reply = await typed(bot, "quiet", TURK, channel=bot.channel, **given)
    assert "`/sessize-al`" in reply.content
    assert (await kept(bot)).quiet is None


# ---- time zones


async def test_an_unknown_zone_is_refused_with_the_nearest(bot: Connected) -> None:
    given = ISTANBUL | {"timezone": "Istambul @everyone"}
    reply = await typed(bot, "quiet", channel=bot.channel, **given)
    assert without_id(reply).startswith("I know no time zone called “Istambul @")
    assert "Nearest: " in reply.content
    given = MONDAYS | {"timezone": "Istambul"}
    reply = await typed(bot, "digest", TURK, channel=bot.channel, **given)
    assert without_id(reply).startswith("“Istambul” adında bir saat dilimi bilmiyorum.")
    assert "Europe/Istanbul" in reply.content
    assert reply.ephemeral
    assert await kept(bot) == Settings(bot.channel.id, guild_of(bot).id)
    assert await deeds(bot) == []


@pytest.mark.parametrize("command", ["quiet", "digest"])
async def test_zones_are_offered_while_somebody_types(bot: Connected, command: str) -> None:
    first = await offered(bot, command, timezone="")
    assert len(first.choices) == 25
    found = await offered(bot, command, TURK, timezone="İstan")
    assert found.choices[0]["value"] == "Europe/Istanbul"
    found = await offered(bot, command, timezone="new york")
    assert [each["value"] for each in found.choices] == ["America/New_York"]
    assert (await offered(bot, command, timezone="xyzzy")).choices == ()
