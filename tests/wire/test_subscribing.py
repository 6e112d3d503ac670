"""/subscribe: where alerts can go, in which manner, and what keeps us from posting there."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import Manner, Pause, PauseReason
from tests.made import START, at, directory
from tests.waiting import until
from tests.wire.discord_schema import (
    ANNOUNCEMENT,
    ATTACH,
    EVERYDAY,
    FORUM,
    MEDIA,
    MENTION_EVERYONE,
    SEND,
    SEND_IN_THREADS,
    TEXT,
    VIEW,
    Actor,
    Channel,
    Overwrite,
    Role,
    Settings,
)
from tests.wire.inprocess import Connected, connected, typed
from tests.wire.running import MANAGER

TURK = replace(MANAGER, locale="tr")
NOW = at(START + timedelta(days=15))
KNOWN = directory()
SETTINGS = Settings()

TOLD = pytest.mark.parametrize(
    "settings",
    [SETTINGS, replace(SETTINGS, resolves_app_permissions=False)],
    ids=["told with the command", "cached"],
)
FORUMS = (FORUM, MEDIA)
PAUSE = Pause(PauseReason.FORBIDDEN, NOW - timedelta(days=2), "50013")


@pytest.fixture
def settings() -> Settings:
    """Return how this Discord behaves."""
    return SETTINGS


@pytest.fixture
async def bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> AsyncIterator[Connected]:
    """Return a connected bot without data."""
    async with connected(tmp_path, KNOWN, NOW, monkeypatch, settings) as found:
        yield found


async def opened(bot: Connected, kind: int, deny: int = 0, *, thread: bool = False) -> Channel:
    """Open a channel of a kind, or a thread in one, that denies the bot something."""
    ours = (Overwrite(bot.discord.settings.bot_id, deny=deny, member=True),)
    guild = bot.discord.world.guilds[bot.channel.guild_id or 0]
    made = bot.discord.add_channel(guild, "place", kind=kind, overwrites=ours)
    if thread:
        made = bot.discord.add_thread(made)
    await until(lambda: bot.client.get_channel(made.id))
    return made


async def role(bot: Connected, *, mentionable: bool = True) -> Role:
    """Make a role in the bot's server."""
    guild = bot.discord.world.guilds[bot.channel.guild_id or 0]
    return bot.discord.add_role(guild, "readers", mentionable=mentionable)


@TOLD
@pytest.mark.parametrize("thread", [False, True], ids=["channel", "thread"])
@pytest.mark.parametrize("kind", [TEXT, ANNOUNCEMENT, FORUM, MEDIA])
async def test_every_place_that_takes_messages_or_posts_can_be_subscribed(
    bot: Connected, kind: int, thread: bool
) -> None:
    place = await opened(bot, kind, thread=thread)
    reply = await typed(bot, "subscribe", channel=place)
    assert reply.content.startswith(f"<#{place.id}> now gets an alert")
    assert reply.ephemeral
    (kept,) = await bot.store.subscriptions()
    assert kept.channel_id == place.id
    assert kept.manner == Manner(forum=kind in FORUMS and not thread)


@TOLD
@pytest.mark.parametrize(
    ("kind", "thread", "deny", "english", "turkish"),
    [
        (TEXT, False, SEND, "Send Messages", "Mesaj Gönder"),
        (TEXT, False, ATTACH, "Attach Files", "Dosya Ekle"),
        (ANNOUNCEMENT, False, SEND, "Send Messages", "Mesaj Gönder"),
        (TEXT, True, SEND_IN_THREADS, "Send Messages in Threads", "Alt Başlıklarda Mesaj Gönder"),
        (ANNOUNCEMENT, True, ATTACH, "Attach Files", "Dosya Ekle"),
        (FORUM, True, SEND_IN_THREADS, "Send Messages in Threads", "Alt Başlıklarda Mesaj Gönder"),
        (FORUM, False, SEND, "Create Posts", "Gönderi Oluştur"),
        (MEDIA, False, SEND, "Create Posts", "Gönderi Oluştur"),
        (MEDIA, False, ATTACH, "Attach Files", "Dosya Ekle"),
        (FORUM, False, SEND_IN_THREADS, "Send Messages in Threads", "Alt Başlıklarda Mesaj Gönder"),
    ],
)
async def test_exactly_what_we_lack_in_a_place_is_named_and_nothing_is_promised(
    bot: Connected, kind: int, thread: bool, deny: int, english: str, turkish: str
) -> None:
    place = await opened(bot, kind, deny, thread=thread)
    reply = await typed(bot, "subscribe", channel=place)
    assert f"there I lack {english}. Grant that" in reply.content
    reply = await typed(bot, "subscribe", TURK, channel=place)
    assert f"eksik olan izinler: {turkish}. " in reply.content
    assert await bot.store.subscriptions() == ()


@TOLD
async def test_all_that_we_lack_is_named_in_one_answer(bot: Connected) -> None:
    place = await opened(bot, TEXT, VIEW | SEND | ATTACH)
    reply = await typed(bot, "subscribe", channel=place)
    assert "there I lack View Channel, Send Messages and Attach Files." in reply.content


@TOLD
async def test_a_thread_needs_no_leave_to_write_in_the_channel_around_it(bot: Connected) -> None:
    place = await opened(bot, TEXT, SEND, thread=True)
    assert "now gets an alert" in (await typed(bot, "subscribe", channel=place)).content


@TOLD
async def test_a_locked_thread_needs_manage_threads(bot: Connected) -> None:
    place = await opened(bot, TEXT, thread=True)
    locked = bot.discord.change_thread(place, locked=True)
    reply = await typed(bot, "subscribe", channel=locked)
    assert "there I lack Manage Threads." in reply.content


@TOLD
async def test_a_private_thread_has_to_let_us_in_first(bot: Connected) -> None:
    thread = bot.discord.add_thread(bot.channel, private=True)
    reply = await typed(bot, "subscribe", channel=thread)
    assert "I am not in the private thread" in reply.content
    reply = await typed(bot, "subscribe", TURK, channel=thread)
    assert "özel alt başlığında değilim" in reply.content
    assert await bot.store.subscriptions() == ()
    joined = bot.discord.change_thread(thread, joined=True)
    assert "now gets an alert" in (await typed(bot, "subscribe", channel=joined)).content


async def test_alerts_of_an_announcement_channel_can_be_published(bot: Connected) -> None:
    place = await opened(bot, ANNOUNCEMENT)
    assert "now gets" in (await typed(bot, "subscribe", channel=place, publish=True)).content
    (kept,) = await bot.store.subscriptions()
    assert kept.manner == Manner(publish=True)


@pytest.mark.parametrize(("kind", "thread"), [(TEXT, False), (FORUM, False), (ANNOUNCEMENT, True)])
async def test_elsewhere_nothing_can_be_published_and_nothing_is_subscribed(
    bot: Connected, kind: int, thread: bool
) -> None:
    place = await opened(bot, kind, thread=thread)
    reply = await typed(bot, "subscribe", channel=place, publish=True)
    assert reply.content.startswith("Only alerts in an announcement channel can be published")
    reply = await typed(bot, "subscribe", TURK, channel=place, publish=True)
    assert reply.content.startswith("Yalnızca duyuru kanalındaki bildirimler yayınlanabilir")
    assert await bot.store.subscriptions() == ()


async def test_the_role_to_mention_is_kept_by_its_id(bot: Connected) -> None:
    readers = await role(bot)
    reply = await typed(bot, "subscribe", channel=bot.channel, mention=readers)
    assert reply.content.endswith(".")
    assert "notify" not in reply.content
    (kept,) = await bot.store.subscriptions()
    assert kept.manner == Manner(mention=readers.id)


async def test_everyone_is_never_mentioned(bot: Connected) -> None:
    guild = bot.discord.world.guilds[bot.channel.guild_id or 0]
    options = {"channel": bot.channel, "mention": guild.roles[0]}
    assert (await typed(bot, "subscribe", **options)).content.startswith("I never mention everyone")
    reply = await typed(bot, "subscribe", TURK, **options)
    assert reply.content.startswith("Herkesten asla bahsetmem")
    assert await bot.store.subscriptions() == ()


@TOLD
async def test_a_role_that_we_cannot_notify_is_kept_and_we_say_so(bot: Connected) -> None:
    readers = await role(bot, mentionable=False)
    reply = await typed(bot, "subscribe", channel=bot.channel, mention=readers)
    assert f"But <@&{readers.id}> will notify nobody until it is made mentionable" in reply.content
    assert reply.seen.payload["allowed_mentions"] == {"parse": []}
    (kept,) = await bot.store.subscriptions()
    assert kept.manner.mention == readers.id
    await typed(bot, "unsubscribe", channel=bot.channel)
    reply = await typed(bot, "subscribe", TURK, channel=bot.channel, mention=readers)
    assert f"Ancak <@&{readers.id}> bahsedilebilir yapılana ya da ben orada" in reply.content


@TOLD
async def test_where_we_may_mention_all_roles_any_role_notifies(bot: Connected) -> None:
    guild = bot.discord.add_guild("another", bot=EVERYDAY | MENTION_EVERYONE)
    place = bot.discord.add_channel(guild, "news")
    await until(lambda: bot.client.get_channel(place.id))
    readers = bot.discord.add_role(guild, "readers")
    there = replace(bot, channel=place)
    reply = await typed(there, "subscribe", channel=place, mention=readers)
    assert "notify nobody" not in reply.content


async def test_a_paused_channel_stays_paused_as_long_as_we_may_not_post_there(
    bot: Connected,
) -> None:
    place = await opened(bot, TEXT)
    await typed(bot, "subscribe", channel=place)
    await bot.store.pause(place.id, PAUSE)
    ours = (Overwrite(bot.discord.settings.bot_id, deny=ATTACH, member=True),)
    closed = bot.discord.put_channel(replace(place, overwrites=ours))
    reply = await typed(bot, "subscribe", channel=closed)
    assert "there I lack Attach Files." in reply.content
    (kept,) = await bot.store.subscriptions()
    assert kept.paused == PAUSE


@pytest.mark.parametrize(
    ("locale", "says"),
    [("en-US", "needs the Manage Server permission"), ("tr", "Sunucuyu Yönet izni gerekir")],
)
async def test_a_member_who_may_not_is_refused_whatever_the_options(
    bot: Connected, locale: str, says: str
) -> None:
    place, readers = await opened(bot, ANNOUNCEMENT), await role(bot)
    options = {"channel": place, "mention": readers, "publish": True}
    reply = await typed(bot, "subscribe", Actor(locale=locale), **options)
    assert reply.ephemeral
    assert says in reply.content
    assert await bot.store.subscriptions() == ()


async def test_a_channels_alerts_are_written_in_the_language_it_asked_for(bot: Connected) -> None:
    done = await typed(bot, "subscribe", channel=bot.channel, language="tr")
    assert done.content.endswith("New alerts there are written in Türkçe.")
    (kept,) = await bot.store.subscriptions()
    assert kept.language == "tr"
    changed = await typed(bot, "subscribe", channel=bot.channel, language="en")
    assert "New alerts there are written in English." in changed.content
    (kept,) = await bot.store.subscriptions()
    assert kept.language == "en"
    await typed(bot, "subscribe", channel=bot.channel, publish=False)
    assert (await bot.store.subscriptions())[0].language == "en"
