"""/subscribe: where alerts can go, what keeps us from posting there, and the panel it opens."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.subscription import MOST_IN_A_SERVER, Pause, PauseReason, Subscription, Wish
from tests.made import START, at, directory
from tests.waiting import until
from tests.wire.discord_schema import (
    ANNOUNCEMENT,
    ATTACH,
    EMBED,
    EVERYDAY,
    FORUM,
    MEDIA,
    SEND,
    SEND_IN_THREADS,
    TEXT,
    VIEW,
    Actor,
    Channel,
    Overwrite,
    Settings,
)
from tests.wire.inprocess import Connected, connected, guild_of, subscribed, typed
from tests.wire.panels import controls, now, text
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
    made = bot.discord.add_channel(guild_of(bot), "place", kind=kind, overwrites=ours)
    if thread:
        made = bot.discord.add_thread(made)
    await until(lambda: bot.client.get_channel(made.id))
    return made


@TOLD
@pytest.mark.parametrize("thread", [False, True], ids=["channel", "thread"])
@pytest.mark.parametrize("kind", [TEXT, ANNOUNCEMENT, FORUM, MEDIA])
async def test_a_panel_opens_for_every_place_that_takes_messages_or_posts(
    bot: Connected, kind: int, thread: bool
) -> None:
    place = await opened(bot, kind, thread=thread)
    reply = await typed(bot, "subscribe", channel=place)
    assert reply.ephemeral
    assert text(reply.seen).startswith(f"## Alerts in <#{place.id}>\nThese choices count")
    offered = {"boards", "least", "rules", "role", "language", "save", "cancel"}
    publishing = {"publish"} if kind == ANNOUNCEMENT and not thread else set()
    assert controls(reply.seen).keys() == offered | publishing
    assert await bot.store.subscriptions() == ()


async def test_a_panel_begins_with_what_is_usual(bot: Connected) -> None:
    panel = (await typed(bot, "subscribe", channel=await opened(bot, ANNOUNCEMENT))).seen
    chosen = {name: now(panel, name) for name in controls(panel) if name not in {"save", "cancel"}}
    assert chosen == {
        "boards": ["models"],
        "least": ["notable"],
        "rules": [],
        "role": [],
        "language": ["en"],
        "publish": ["no"],
    }


async def test_alerts_are_at_first_in_the_language_of_the_server(bot: Connected) -> None:
    bot.discord.change_guild(guild_of(bot), locale="tr")
    panel = (await typed(bot, "subscribe", channel=bot.channel)).seen
    assert now(panel, "language") == ["tr"]
    assert text(panel).startswith("## Alerts in")
    turkish = (await typed(bot, "subscribe", TURK, channel=bot.channel)).seen
    assert text(turkish).startswith(f"## <#{bot.channel.id}> kanalındaki bildirimler")
    assert controls(turkish)["save"]["label"] == "Kaydet"


@TOLD
@pytest.mark.parametrize(
    ("kind", "thread", "deny", "english", "turkish"),
    [
        (TEXT, False, SEND, "Send Messages", "Mesaj Gönder"),
        (TEXT, False, EMBED, "Embed Links", "Bağlantı Yerleştir"),
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
async def test_exactly_what_we_lack_in_a_place_is_named_and_no_panel_opens(
    bot: Connected, kind: int, thread: bool, deny: int, english: str, turkish: str
) -> None:
    place = await opened(bot, kind, deny, thread=thread)
    reply = await typed(bot, "subscribe", channel=place)
    assert f"there I lack {english}. Grant that" in reply.content
    assert reply.ephemeral
    assert reply.components == []
    reply = await typed(bot, "subscribe", TURK, channel=place)
    assert f"eksik olan izinler: {turkish}. " in reply.content


@TOLD
async def test_all_that_we_lack_is_named_in_one_answer(bot: Connected) -> None:
    place = await opened(bot, TEXT, VIEW | SEND | ATTACH | EMBED)
    content = (await typed(bot, "subscribe", channel=place)).content
    for name in ("View Channel", "Send Messages", "Embed Links", "Attach Files"):
        assert name in content


@TOLD
async def test_a_thread_needs_no_leave_to_write_in_the_channel_around_it(bot: Connected) -> None:
    place = await opened(bot, TEXT, SEND, thread=True)
    assert "save" in controls((await typed(bot, "subscribe", channel=place)).seen)


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
    joined = bot.discord.change_thread(thread, joined=True)
    assert "save" in controls((await typed(bot, "subscribe", channel=joined)).seen)


@pytest.mark.parametrize(
    ("who", "says", "another"),
    [
        (MANAGER, "1 subscription already, which /subscriptions changes", "2 subscriptions"),
        (TURK, "zaten 1 abonelik var", "zaten 2 abonelik var"),
    ],
    ids=["English", "Turkish"],
)
async def test_a_channel_may_have_another_subscription_and_hears_how_many_there_are(
    bot: Connected, who: Actor, says: str, another: str
) -> None:
    assert "already" not in text((await typed(bot, "subscribe", channel=bot.channel)).seen)
    await subscribed(bot, bot.channel.id)
    panel = (await typed(bot, "subscribe", who, channel=bot.channel)).seen
    assert says in text(panel)
    assert controls(panel)["save"]["custom_id"].split("|")[2] == "2"
    (first,) = await bot.store.subscriptions()
    await bot.store.subscribe(replace(first, number=3))
    panel = (await typed(bot, "subscribe", who, channel=bot.channel)).seen
    assert another in text(panel)
    assert controls(panel)["save"]["custom_id"].split("|")[2] == "2", "the smallest free one"


async def fill(bot: Connected) -> None:
    """Give the bot's server as many subscriptions as it may have, all of one channel."""
    for number in range(1, MOST_IN_A_SERVER + 1):
        asked = Subscription(bot.channel.id, guild_of(bot).id, Wish(), START, NOW, 1, number=number)
        await bot.store.subscribe(asked)


async def test_no_panel_opens_where_a_server_has_all_that_it_may(bot: Connected) -> None:
    await fill(bot)
    other = await opened(bot, TEXT)
    reply = await typed(bot, "subscribe", channel=other)
    assert "This server has 50 subscriptions, and no server may have more." in reply.content
    assert "/subscriptions" in reply.content
    reply = await typed(bot, "subscribe", TURK, channel=other)
    assert "Bu sunucunun 50 aboneliği var" in reply.content
    assert "/abonelikler" in reply.content


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (MANAGER, "is paused now; saving lets it go on."),
        (TURK, "şu an duraklatılmış; kaydedince devam eder."),
    ],
    ids=["English", "Turkish"],
)
async def test_a_paused_channel_stays_paused_until_it_is_saved_and_the_panel_says_so(
    bot: Connected, who: Actor, says: str
) -> None:
    await bot.client.wait_until_ready()  # where we may post again goes on by itself then
    assert "paused" not in text((await typed(bot, "subscribe", channel=bot.channel)).seen)
    await subscribed(bot, bot.channel.id, PAUSE)
    panel = (await typed(bot, "subscribe", who, channel=bot.channel)).seen
    assert f"<#{bot.channel.id}> {says}" in text(panel)
    assert not bot.woken.is_set()
    (channel,) = await bot.store.channels()
    assert channel.paused == PAUSE
    assert await bot.store.changes(guild_of(bot).id) == ()


async def test_a_paused_channel_stays_paused_in_a_server_that_is_full(bot: Connected) -> None:
    await fill(bot)
    await bot.store.pause(bot.channel.id, PAUSE)
    reply = await typed(bot, "subscribe", channel=bot.channel)
    assert reply.content.startswith("This server has 50")
    (channel,) = await bot.store.channels()
    assert channel.paused == PAUSE


async def test_a_paused_channel_stays_paused_as_long_as_we_may_not_post_there(
    bot: Connected,
) -> None:
    await subscribed(bot, bot.channel.id, PAUSE)
    ours = (Overwrite(bot.discord.settings.bot_id, deny=ATTACH, member=True),)
    closed = bot.discord.put_channel(replace(bot.channel, overwrites=ours))
    reply = await typed(bot, "subscribe", channel=closed)
    assert "there I lack Attach Files." in reply.content
    (channel,) = await bot.store.channels()
    assert channel.paused == PAUSE
    assert not bot.woken.is_set()


@pytest.mark.parametrize(
    ("locale", "says"),
    [("en-US", "needs the Manage Server permission"), ("tr", "Sunucuyu Yönet izni gerekir")],
)
async def test_a_member_who_may_not_is_refused(bot: Connected, locale: str, says: str) -> None:
    await subscribed(bot, bot.channel.id, PAUSE)
    who = Actor(permissions=EVERYDAY, locale=locale)
    reply = await typed(bot, "subscribe", who, channel=bot.channel)
    assert reply.ephemeral
    assert says in reply.content
    assert reply.components == []
    (channel,) = await bot.store.channels()
    assert channel.paused == PAUSE, "nothing was done"
