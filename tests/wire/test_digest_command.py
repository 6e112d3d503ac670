"""/budget and /digest: how many messages arrive, and what sums the rest up."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model import BOARD_MODELS
from bot.subscription import MOST_IN_A_SERVER, Deed, Digest, Manner
from bot.subscription import Channel as Settings
from tests.made import at
from tests.waiting import until
from tests.wire.discord_schema import ATTACH, FORUM, SEND
from tests.wire.inprocess import FORBIDDEN, Connected, guild_of, typed, without_id
from tests.wire.running import MANAGER
from tests.wire.timed import (
    EVERY,
    LEGAL,
    MONDAYS,
    NIGHT,
    NOW,
    OTHER,
    TURK,
    WEEKLY,
    deeds,
    kept,
    offered,
    opened,
    other_digests,
    put,
    stamp,
    timed,
)


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot that polls two boards, and whose channel is subscribed."""
    async with timed(tmp_path, monkeypatch) as found:
        yield found


# ---- budgets


async def test_a_budget_is_kept_and_where_the_rest_goes_is_said(bot: Connected) -> None:
    reply = await typed(bot, "budget", channel=bot.channel, messages=1)
    assert reply.content == (
        f"<#{bot.channel.id}> gets at most 1 message in any 7 days. Headlines, the weekly digest"
        " and what follows a mute or quiet hours always pass, and count. Of the rest the rarer pass"
        " first; the others follow together as soon as there is room."
    )
    assert (await kept(bot)).budget == 1
    await typed(bot, "digest", channel=bot.channel, **MONDAYS)
    reply = await typed(bot, "budget", TURK, channel=bot.channel, messages=100)
    assert reply.content == (
        f"<#{bot.channel.id}> herhangi bir 7 günde en fazla 100 mesaj alır. Manşetler, haftalık"
        " özet ve sessizlikten sonra gelenler her zaman geçer, ama sayıya katılır. Kalanlardan önce"
        " seyrek görülenler geçer; ötekiler haftalık özetle gelir."
    )
    assert (await kept(bot)).budget == 100
    found = await deeds(bot)
    assert found[0] == (Deed.BUDGET, {"messages": "100"})
    assert found[2] == (Deed.BUDGET, {"messages": "1"})


async def test_a_budget_is_ended_by_giving_no_number(bot: Connected) -> None:
    await put(bot, budget=3)
    reply = await typed(bot, "budget", channel=bot.channel)
    assert reply.content == (
        f"<#{bot.channel.id}> gets all its alerts again, however many they are. What was held"
        " back, if anything, follows within a minute or two."
    )
    assert (await kept(bot)).budget is None
    reply = await typed(bot, "budget", TURK, channel=bot.channel)
    assert reply.content.startswith(f"<#{bot.channel.id}> için mesaj sınırı yok.")
    assert [deed for deed, _ in await deeds(bot)] == [Deed.NO_BUDGET]


async def test_what_yielded_to_a_budget_still_waits_for_the_digest(bot: Connected) -> None:
    await put(bot, budget=3, digest=WEEKLY)
    reply = await typed(bot, "budget", channel=bot.channel)
    assert reply.content.endswith("What yielded to the limit comes with the weekly digest.")


# ---- digests


async def test_a_digest_is_kept_and_its_first_day_is_said_by_both_clocks(bot: Connected) -> None:
    place = await opened(bot)
    reply = await typed(bot, "digest", channel=place, **MONDAYS)
    first = datetime(2026, 6, 22, 6, tzinfo=UTC)
    assert reply.content == (
        f"<#{place.id}> gets a weekly digest: Monday, 09:00 (Europe/Istanbul). It sums up: All"
        " models. The first one comes on 22 June 2026 at 09:00 there, which for you is"
        f" {stamp(first, 'F')}. `/unsubscribe` ends it."
    )
    digest = Digest(0, 9, "Europe/Istanbul", (BOARD_MODELS,), "en", NOW)
    assert await kept(bot, place) == Settings(place.id, guild_of(bot).id, digest=digest)
    values = {
        "weekday": "0",
        "hour": "9",
        "timezone": "Europe/Istanbul",
        "boards": BOARD_MODELS,
        "language": "en",
    }
    assert await deeds(bot) == [(Deed.DIGEST, values)]
    assert [each.channel_id for each in await bot.store.subscriptions()] == [bot.channel.id]


@pytest.mark.parametrize(
    ("weekday", "hour", "first"),
    [("Tuesday", 3, date(2026, 6, 23)), ("Tuesday", 4, date(2026, 6, 16))],
)
async def test_an_hour_that_is_over_today_is_one_of_next_week(
    bot: Connected, weekday: str, hour: int, first: date
) -> None:
    options = {"weekday": weekday, "hour": hour, "timezone": "UTC"}
    reply = await typed(bot, "digest", channel=bot.channel, **options)
    assert stamp(at(first, hour, 0), "F") in reply.content


async def test_a_digest_sums_up_the_boards_that_are_named(bot: Connected) -> None:
    options = {**MONDAYS, "boards": "hukuk, models,Legal", "language": "tr"}
    reply = await typed(bot, "digest", TURK, channel=bot.channel, **options)
    assert "haftalık özet alacak: Pazartesi 09:00 (Europe/Istanbul)." in reply.content
    assert "Özetlenen sıralamalar: Hukuk ve Bütün modeller." in reply.content
    assert "İlki 22 Haziran 2026 günü, oranın saatiyle 09:00 olunca gelir" in reply.content
    found = (await kept(bot)).digest
    assert found is not None
    assert found.boards == (LEGAL, BOARD_MODELS)
    assert found.language == "tr"
    ((_, values),) = await deeds(bot)
    assert values["boards"] == f"{LEGAL},{BOARD_MODELS}"


async def test_commas_alone_name_no_board(bot: Connected) -> None:
    await typed(bot, "digest", channel=bot.channel, boards=" , ", **MONDAYS)
    found = (await kept(bot)).digest
    assert found is not None
    assert found.boards == (BOARD_MODELS,)


async def test_a_board_that_is_not_polled_is_refused(bot: Connected) -> None:
    options = {**MONDAYS, "boards": "models, roleplay"}
    reply = await typed(bot, "digest", channel=bot.channel, **options)
    assert without_id(reply).startswith("There is no board called “roleplay”.")
    assert (await kept(bot)).digest is None


async def test_boards_are_offered_after_each_comma(bot: Connected) -> None:
    first = await offered(bot, "digest", boards="")
    assert [each["value"] for each in first.choices] == [BOARD_MODELS, LEGAL]
    (more,) = (await offered(bot, "digest", TURK, boards="models,")).choices
    assert more["value"] == f"{BOARD_MODELS}, {LEGAL}"
    assert more["name"] == "Bütün modeller, Hukuk"


async def test_the_language_of_a_digest_is_that_of_the_server_if_none_is_given(
    bot: Connected,
) -> None:
    guild = bot.discord.add_guild("another", locale="tr")
    place = bot.discord.add_channel(guild, "news")
    await until(lambda: bot.client.get_channel(place.id))
    await typed(replace(bot, channel=place), "digest", channel=place, **MONDAYS)
    found = (await kept(bot, place)).digest
    assert found is not None
    assert found.language == "tr"


async def test_a_new_digest_takes_the_place_of_an_earlier_one(bot: Connected) -> None:
    await typed(bot, "digest", channel=bot.channel, **MONDAYS)
    await put(bot, muted_until=NOW + timedelta(days=1), quiet=NIGHT, budget=4)
    options = {"weekday": "Sunday", "hour": 23, "timezone": "new york"}
    await typed(bot, "digest", channel=bot.channel, **options)
    assert await kept(bot) == Settings(
        bot.channel.id,
        guild_of(bot).id,
        muted_until=NOW + timedelta(days=1),
        quiet=NIGHT,
        budget=4,
        digest=Digest(6, 23, "America/New_York", (BOARD_MODELS,), "en", NOW),
    )


@pytest.mark.parametrize(
    ("settings", "english", "turkish"),
    [
        ({"quiet": NIGHT}, "quiet hours then: the digest waits", "sessiz saatlerine denk"),
        (
            {"muted_until": NOW + timedelta(days=28)},
            "muted then: the digest waits",
            "sessizde olacak",
        ),
    ],
)
async def test_a_digest_that_falls_into_quiet_is_said_to_wait(
    bot: Connected, settings: Mapping[str, Any], english: str, turkish: str
) -> None:
    await put(bot, **settings)
    options = {**MONDAYS, "hour": 6}
    assert english in (await typed(bot, "digest", channel=bot.channel, **options)).content
    assert turkish in (await typed(bot, "digest", TURK, channel=bot.channel, **options)).content


async def test_a_forum_gets_its_digest_as_a_post(bot: Connected) -> None:
    forum = await opened(bot, FORUM)
    await typed(bot, "digest", channel=forum, **MONDAYS)
    found = (await kept(bot, forum)).digest
    assert found is not None
    assert found.manner == Manner(forum=True)


async def test_a_digest_is_not_kept_where_we_may_not_post(bot: Connected) -> None:
    place = await opened(bot, deny=SEND | ATTACH)
    reply = await typed(bot, "digest", channel=place, **MONDAYS)
    assert "there I lack Send Messages and Attach Files." in reply.content
    reply = await typed(bot, "digest", TURK, channel=place, **MONDAYS)
    assert "Mesaj Gönder" in reply.content
    assert [each.channel_id for each in await bot.store.channels()] == [bot.channel.id]
    assert await deeds(bot) == []


async def test_a_private_thread_has_to_let_us_in_before_it_gets_a_digest(bot: Connected) -> None:
    thread = bot.discord.add_thread(bot.channel, private=True)
    reply = await typed(bot, "digest", channel=thread, **MONDAYS)
    assert "I am not in the private thread" in reply.content
    reply = await typed(bot, "digest", TURK, channel=thread, **MONDAYS)
    assert "özel alt başlığında değilim" in reply.content
    assert [each.channel_id for each in await bot.store.channels()] == [bot.channel.id]
    joined = bot.discord.change_thread(thread, joined=True)
    reply = await typed(bot, "digest", channel=joined, **MONDAYS)
    assert "gets a weekly digest" in reply.content
    assert (await kept(bot, joined)).digest is not None


async def test_a_digest_lets_a_paused_channel_go_on_where_we_may_post_again(
    bot: Connected,
) -> None:
    await bot.store.pause(bot.channel.id, FORBIDDEN)
    reply = await typed(bot, "digest", channel=bot.channel, **MONDAYS)
    assert reply.content.endswith(f" <#{bot.channel.id}> was paused; its alerts go on now.")
    assert (await kept(bot)).paused is None
    assert [deed for deed, _ in await deeds(bot)] == [Deed.RESUMED, Deed.DIGEST]
    assert bot.woken.is_set()
    reply = await typed(bot, "digest", channel=bot.channel, **MONDAYS)
    assert "was paused" not in reply.content


async def test_a_server_has_only_so_many_digests(bot: Connected) -> None:
    await other_digests(bot, MOST_IN_A_SERVER)
    before = await bot.store.channels()
    reply = await typed(bot, "digest", channel=bot.channel, **MONDAYS)
    assert reply.content.startswith("This server has 50 weekly digests, and no server may have")
    assert "`/unsubscribe`" in reply.content
    reply = await typed(bot, "digest", TURK, channel=bot.channel, **MONDAYS)
    assert "`/abonelikten-çık`" in reply.content
    assert reply.ephemeral
    assert await bot.store.channels() == before
    assert await deeds(bot) == []


async def test_a_server_full_of_digests_may_still_change_one(bot: Connected) -> None:
    await other_digests(bot, MOST_IN_A_SERVER - 1)
    for _ in range(2):
        reply = await typed(bot, "digest", channel=bot.channel, **MONDAYS)
        assert "gets a weekly digest" in reply.content


# ---- several at once


async def test_members_who_change_different_settings_at_once_do_not_undo_each_other(
    bot: Connected,
) -> None:
    await asyncio.gather(
        *(
            typed(bot, command, who, channel=bot.channel, **options)
            for who, (command, options) in zip(
                (MANAGER, OTHER, replace(TURK, id=OTHER.id), MANAGER), EVERY.items(), strict=True
            )
        )
    )
    found = await kept(bot)
    assert found.muted_until == NOW + timedelta(days=1)
    assert found.quiet == NIGHT
    assert found.budget == 5
    assert found.digest is not None
    assert {deed for deed, _ in await deeds(bot)} == {
        Deed.MUTED,
        Deed.QUIET,
        Deed.BUDGET,
        Deed.DIGEST,
    }
