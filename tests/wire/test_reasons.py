"""/why in a loopback Discord: what became of milestones in channels, asked by whoever sees them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import Delivery, DeliveryState, Form, Gathering, Held
from bot.model import BOARD_MODELS, Cause, Severity
from bot.subscription import DIRECT, Change, Channel, Deed, QuietHours, Subscription, Wish
from storage.protocol import Progress
from tests.made import START, at, open_closed
from tests.queries.test_reasons import made
from tests.waiting import until
from tests.wire.discord_people import Command, Reply, Typing
from tests.wire.discord_schema import EVERYDAY, Actor
from tests.wire.inprocess import FORBIDDEN, Connected, connected, typed, without_id
from tests.wire.running import MANAGER, texts

MEMBER = Actor(permissions=EVERYDAY)
TURK = replace(MEMBER, id=77, locale="tr")
BLIND = replace(MEMBER, id=78, permissions=0)
DAY = START + timedelta(days=6)
NOW = at(DAY + timedelta(days=1), 12, 0)
FACTS = {"model": "open/a", "previous": "closed/b", "ago": None}
LEADER = made(DAY, severity=Severity.HEADLINE, subject="open/a", facts=FACTS, as_of=at(DAY))
HELD = replace(LEADER, key=f"{LEADER.key}.held", held_by=("other/x",))
TITLE = "Why: a is now the most-used model"


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot that keeps what was found."""
    async with connected(tmp_path, open_closed(), NOW, monkeypatch) as found:
        await found.store.record(BOARD_MODELS, Progress((), None), (LEADER, HELD), ())
        yield found


async def asks(bot: Connected, channel: int, **more: object) -> Subscription:
    """Subscribe a channel of the bot's server."""
    after = START - timedelta(days=1)
    plain = Subscription(channel, bot.channel.guild_id or 0, Wish(), after, at(START), MANAGER.id)
    subscription = replace(plain, **more)
    assert await bot.store.subscribe(subscription)
    return subscription


def alert(bot: Connected, **more: object) -> Delivery:
    """Return an alert of the bot's channel, owed this morning."""
    channel, guild = bot.channel.id, bot.channel.guild_id or 0
    plain = Delivery(f"{channel}:en:k", channel, guild, (LEADER.key,), "n", at(NOW.date()))
    return replace(plain, **more)


async def why(bot: Connected, who: Actor = MEMBER, **options: object) -> str:
    """Ask, and return all that is answered, without backslashes."""
    reply = await typed(bot, "why", who, **{"key": LEADER.key, **options})
    assert reply.ephemeral
    return said(reply)


def said(reply: Reply) -> str:
    """Return every text of a reply."""
    return "\n".join([reply.content, *texts(reply.components)]).replace("\\", "")


async def sent(bot: Connected, delivery: Delivery) -> None:
    """Record a delivery as sent at noon."""
    await bot.store.owe([replace(delivery, state=DeliveryState.PENDING)])
    done = replace(delivery, state=DeliveryState.SENT, message_id=555, sent_at=NOW, attempts=1)
    await bot.store.save_deliveries([done])


async def test_what_was_posted_is_linked_and_explained_step_by_step(bot: Connected) -> None:
    await asks(bot, bot.channel.id)
    await sent(bot, alert(bot))
    text = await why(bot)
    assert TITLE in text
    way = f"https://discord.com/channels/{bot.channel.guild_id}/{bot.channel.id}/555"
    assert f"Posted on 8 June 2026, 12:00 UTC. · [its alert]({way})" in text
    assert "✓ It matters enough: ★ headline; the least is ☆ notable." in text
    assert "✗" not in text
    turkish = await why(bot, TURK)
    assert f"Gönderildi: 8 Haziran 2026, 12:00 (UTC). · [bildirimi]({way})" in turkish
    assert "✓ Her tür dönüm noktası isteniyor." in turkish


async def test_what_is_held_back_says_until_when_and_then_where_it_was_told(
    bot: Connected,
) -> None:
    await asks(bot, bot.channel.id)
    quiet = QuietHours(9, 18, "Europe/Berlin")
    settings = Channel(bot.channel.id, bot.channel.guild_id or 0, quiet=quiet)
    changed = Change(NOW, MANAGER.id, settings.guild_id, settings.channel_id, Deed.QUIET)
    await bot.store.put_channel(settings, changed)
    held = alert(bot, state=DeliveryState.HELD, held=Held.QUIET)
    await bot.store.owe([held])
    text = await why(bot)
    assert "Held back: quiet hours. It comes with others on 8 June 2026, 16:00 UTC." in text
    assert "✗ It was found in quiet hours, and held back." in text
    assert "8 June 2026, 12:00 UTC · quiet hours set" in text
    roundup = alert(bot, key=f"{bot.channel.id}:en:roundup", form=Form.ROUNDUP)
    await bot.store.gather([Gathering(roundup, (held.key,))])
    await sent(bot, roundup)
    text = await why(bot)
    assert "Posted on 8 June 2026, 12:00 UTC, in one message with others. · [its alert]" in text
    assert "✓ It went into one message with others." in text


async def test_a_paused_channel_says_so_and_one_that_wants_less_says_what(bot: Connected) -> None:
    await asks(bot, bot.channel.id)
    await bot.store.owe([alert(bot)])
    assert "Not posted. It waits to be sent." in await why(bot)
    await bot.store.pause(bot.channel.id, FORBIDDEN)
    paused = "Not posted. The channel has been paused since 7 June 2026: Discord does not let me"
    assert paused in await why(bot)
    other = bot.discord.add_channel(bot.discord.world.guilds[bot.channel.guild_id or 0], "other")
    await until(lambda: bot.client.get_channel(other.id))
    assert "Not posted. Nobody has asked for alerts here." in await why(bot, channel=other)
    await asks(bot, other.id, wish=Wish(("apps",)), stopped=NOW)
    text = await why(bot, channel=other)
    assert "Channel: other" in text
    assert "Not posted. Its board is not asked for: All models." in text
    assert "✗ This subscription has been paused since 8 June 2026." in text
    assert "Kanal: other" in await why(bot, TURK, channel=other)


async def test_what_hangs_on_unknown_models_can_be_asked_for_by_its_key(bot: Connected) -> None:
    await asks(bot, bot.channel.id)
    text = await why(bot, key=HELD.key)
    assert "Not posted. It depends on models whose openness is unknown: x" in text


async def test_what_was_withdrawn_since_says_so(bot: Connected) -> None:
    await asks(bot, bot.channel.id)
    await sent(bot, alert(bot, tried_at=at(NOW.date())))
    gone = replace(LEADER, withdrawn=Cause.FIGURES, revised=NOW)
    await bot.store.record(BOARD_MODELS, Progress((), None), (), (), (gone,))
    text = await why(bot)
    assert "Posted on 8 June 2026" in text
    assert "It was withdrawn on 8 June 2026: by the final figures it is not true." in text


async def test_nobody_is_told_of_a_channel_that_they_cannot_see(bot: Connected) -> None:
    await asks(bot, bot.channel.id)
    await sent(bot, alert(bot))
    text = await why(bot, BLIND, channel=bot.channel)
    assert text.strip() == "You cannot see that channel, so I do not tell of it."
    turkish = await why(bot, replace(BLIND, locale="tr"), channel=bot.channel)
    assert turkish.strip() == "O kanalı göremediğiniz için onun hakkında bir şey söylemiyorum."


async def test_a_person_is_told_of_their_own_watches_in_direct_messages(bot: Connected) -> None:
    own = bot.discord.world.dm(str(MEMBER.id))
    watches = Wish(least=Severity.MINOR, only=("closed/",))
    await asks(bot, own.id, guild_id=DIRECT, created_by=MEMBER.id, wish=watches)
    await asks(bot, 4242, guild_id=DIRECT, created_by=TURK.id, wish=replace(watches, only=("x/",)))
    asked = Command("why", key=LEADER.key)
    text = said(await bot.discord.interact(asked, None, MEMBER, within=20))
    assert "What you watch" in text
    assert "✓ It names a model or an author that is watched." in text
    turkish = said(await bot.discord.interact(asked, None, TURK, within=20))
    assert "Gönderilmedi. İzlenen bir modelin ya da üreticinin adı geçmiyor." in turkish


async def test_keys_are_offered_and_unknown_ones_refused_kindly(bot: Connected) -> None:
    typing = Typing(Command("why", key="most-used"), "key")
    offered = (await bot.discord.interact(typing, bot.channel, MEMBER, within=20)).choices
    assert [each["value"] for each in offered] == [LEADER.key]
    reply = await typed(bot, "why", MEMBER, key="nothing of the kind")
    assert reply.ephemeral
    assert without_id(reply).startswith("I know no milestone with the key “nothing of the kind”.")


async def test_a_post_of_a_forum_is_asked_about_as_the_forum(bot: Connected) -> None:
    guild = bot.discord.world.guilds[bot.channel.guild_id or 0]
    forum = bot.discord.add_channel(guild, "posts", kind=15)
    post = bot.discord.add_thread(forum, "a post")
    await until(lambda: bot.client.get_channel(post.id))
    await asks(bot, forum.id)
    reply = await bot.discord.interact(Command("why", key=LEADER.key), post, MEMBER, within=20)
    assert "Subscription 1" in said(reply)
