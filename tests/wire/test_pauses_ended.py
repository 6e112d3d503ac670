"""/subscribe on a channel that is subscribed: it goes on, in the manner asked for or as before."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import Delivery, Manner, Subscription
from bot.model import BOARD_MODELS
from storage.protocol import Progress
from tests.made import START, at, directory
from tests.wire.discord_schema import ANNOUNCEMENT, EVERYDAY, Actor, Channel, Role
from tests.wire.inprocess import FORBIDDEN, Connected, connected, guild_of, typed
from tests.wire.running import MANAGER

TURK = replace(MANAGER, locale="tr")
NOW = at(START + timedelta(days=15))
ENDED = pytest.mark.parametrize("paused", [False, True], ids=["not paused", "paused"])


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot without data."""
    async with connected(tmp_path, directory(), NOW, monkeypatch) as found:
        yield found


async def before(bot: Connected, *, paused: bool) -> tuple[Channel, Role, Subscription]:
    """Return an announcement channel that mentions a role, and how it is subscribed."""
    place = bot.discord.add_channel(guild_of(bot), "place", kind=ANNOUNCEMENT)
    readers = bot.discord.add_role(guild_of(bot), "readers", mentionable=True)
    await typed(bot, "subscribe", channel=place, mention=readers)
    if paused:
        await bot.store.pause(place.id, FORBIDDEN)
    (kept,) = await bot.store.subscriptions()
    assert kept.manner == Manner(mention=readers.id)
    return place, readers, kept


@pytest.mark.parametrize(
    ("who", "paused", "says"),
    [
        (
            MANAGER,
            False,
            "gets alerts already. To get them in another way, give `mention` or `publish` too.",
        ),
        (
            TURK,
            False,
            (
                "zaten bildirim alıyor. Başka biçimde alması için `bahset` ya da `yayınla`"
                " seçeneğini de verin."
            ),
        ),
        (MANAGER, True, "gets alerts again, in the way that was chosen before."),
        (TURK, True, "yeniden bildirim alacak; biçimi daha önce seçildiği gibi kalıyor."),
    ],
)
async def test_without_options_the_earlier_manner_stays(
    bot: Connected, who: Actor, paused: bool, says: str
) -> None:
    place, _, kept = await before(bot, paused=paused)
    reply = await typed(bot, "subscribe", who, channel=place)
    assert reply.content == f"<#{place.id}> {says}"
    assert await bot.store.subscriptions() == (replace(kept, paused=None),)
    assert bot.woken.is_set() is paused


@pytest.mark.parametrize(
    ("who", "paused", "says"),
    [
        (MANAGER, False, "gets alerts already. New ones come in the way chosen now: "),
        (TURK, False, "zaten bildirim alıyor. Yeni bildirimler şimdi seçildiği gibi gelir: "),
        (MANAGER, True, "gets alerts again. New ones come in the way chosen now: "),
        (TURK, True, "yeniden bildirim alacak. Yeni bildirimler şimdi seçildiği gibi gelir: "),
    ],
)
async def test_a_manner_that_is_chosen_anew_takes_the_place_of_the_earlier_one_and_is_told(
    bot: Connected, who: Actor, paused: bool, says: str
) -> None:
    place, _, kept = await before(bot, paused=paused)
    other = bot.discord.add_role(guild_of(bot), "others", mentionable=True)
    reply = await typed(bot, "subscribe", who, channel=place, mention=other, publish=True)
    told = (
        f"<@&{other.id}> rolünden bahseder · yayınlanır"
        if who is TURK
        else f"mentions <@&{other.id}> · published"
    )
    assert reply.content == f"<#{place.id}> {says}{told}."
    assert reply.seen.payload["allowed_mentions"] == {"parse": []}
    changed = replace(kept, manner=Manner(mention=other.id, publish=True), paused=None)
    assert await bot.store.subscriptions() == (changed,)
    assert bot.woken.is_set() is paused


@pytest.mark.parametrize(
    ("publish", "who", "told"),
    [
        (True, MANAGER, "published"),
        (False, MANAGER, "without a mention, not published"),
        (False, TURK, "kimseden bahsetmez, yayınlanmaz"),
    ],
)
async def test_one_option_alone_is_a_new_manner_which_ends_the_mention(
    bot: Connected, publish: bool, who: Actor, told: str
) -> None:
    place, _, kept = await before(bot, paused=False)
    reply = await typed(bot, "subscribe", who, channel=place, publish=publish)
    assert reply.content.endswith(f": {told}.")
    assert await bot.store.subscriptions() == (replace(kept, manner=Manner(publish=publish)),)


@ENDED
async def test_a_role_that_we_cannot_notify_is_named_then_too(bot: Connected, paused: bool) -> None:
    place, _, _ = await before(bot, paused=paused)
    quiet = bot.discord.add_role(guild_of(bot), "quiet")
    reply = await typed(bot, "subscribe", channel=place, mention=quiet)
    assert f": mentions <@&{quiet.id}>. But <@&{quiet.id}> will notify nobody" in reply.content


@ENDED
async def test_what_waits_already_stays_and_other_channels_keep_their_manner(
    bot: Connected, paused: bool
) -> None:
    place, _, kept = await before(bot, paused=paused)
    await typed(bot, "subscribe", channel=bot.channel)
    waiting = Delivery("k", place.id, kept.guild_id, ("m",), "n", NOW, manner=kept.manner)
    await bot.store.record(BOARD_MODELS, Progress((), None), (), [waiting])
    await typed(bot, "subscribe", channel=place, publish=True)
    assert await bot.store.open_deliveries(place.id) == (waiting,)
    manners = {each.channel_id: each.manner for each in await bot.store.subscriptions()}
    assert manners == {place.id: Manner(publish=True), bot.channel.id: Manner()}


async def test_a_member_who_may_not_changes_nothing(bot: Connected) -> None:
    place, _, kept = await before(bot, paused=True)
    reply = await typed(bot, "subscribe", Actor(permissions=EVERYDAY), channel=place, publish=True)
    assert "needs the Manage Server permission" in reply.content
    assert await bot.store.subscriptions() == (kept,)
