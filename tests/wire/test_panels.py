"""The panel of /subscribe, driven to its end: chosen, saved, said, previewed, edited."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import BOARD_MODELS, Memory, Severity
from bot.subscription import Deed, Manner, Pause, PauseReason, Subscription, Wish
from storage.protocol import Progress
from tests.made import START
from tests.wire.discord_limits import Fault
from tests.wire.discord_schema import ANNOUNCEMENT, FORUM, MENTION_EVERYONE, Actor, Overwrite
from tests.wire.inprocess import Connected, guild_of
from tests.wire.panels import (
    NOW,
    THROUGH,
    controls,
    judged,
    known,
    now,
    only,
    opened,
    press_edit,
    role,
    saved,
    text,
    told_alone,
    use,
)
from tests.wire.running import MANAGER, texts

TURK = replace(MANAGER, locale="tr")
WEEKLY = "category-legal"
PAUSE = Pause(PauseReason.FORBIDDEN, NOW - timedelta(days=2), "50013")

both = pytest.mark.parametrize("who", [MANAGER, TURK], ids=["English", "Turkish"])


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot that has judged forty days."""
    async with judged(tmp_path, monkeypatch) as found:
        yield found


@pytest.mark.parametrize(
    ("who", "title", "week", "preview"),
    [
        (MANAGER, " gets alerts", "Expect about one alert in 5 weeks", "The last alert this"),
        (TURK, " bildirim alıyor", "Yaklaşık 5 haftada bir bildirim", "Bu seçimlerin getireceği"),
    ],
    ids=["English", "Turkish"],
)
async def test_what_was_chosen_is_kept_said_and_previewed(
    bot: Connected, who: Actor, title: str, week: str, preview: str
) -> None:
    panel, readers = await opened(bot, who), await role(bot)
    for part, values in (
        ("least", ["headline"]),
        ("rules", ["open_top5", "leader"]),
        ("role", [str(readers.id)]),
        ("language", ["tr"]),
    ):
        panel = (await use(bot, panel, part, *values, who=who)).seen
        assert sorted(now(panel, part)) == sorted(values)
    assert await bot.store.subscriptions() == ()
    reply = await use(bot, panel, "save", who=who)
    assert await only(bot) == Subscription(
        channel_id=bot.channel.id,
        guild_id=guild_of(bot).id,
        wish=Wish((BOARD_MODELS,), Severity.HEADLINE, ("leader", "open_top5")),
        after=THROUGH,
        created_at=NOW,
        created_by=who.id,
        language="tr",
        manner=Manner(mentions=(readers.id,)),
    )
    said = text(reply.seen)
    assert said.startswith(f"## <#{bot.channel.id}>{title}\n")
    assert week in said
    assert f"<@&{readers.id}>" in said
    assert controls(reply.seen) == {}
    shown = await told_alone(bot, reply)
    assert text(shown).startswith(preview)
    assert texts(shown.components)[1] == f"<@&{readers.id}>"
    assert "En çok kullanılan model artık a" in text(shown), "in the language of its alerts"
    assert list(shown.files) == ["milestone-2026-06-18.png"]
    assert shown.payload["allowed_mentions"] == {"parse": []}
    assert bot.discord.messages(bot.channel.id) == []


async def test_who_subscribed_what_is_kept_with_it(bot: Connected) -> None:
    await saved(bot, await opened(bot))
    (change,) = await bot.store.changes(guild_of(bot).id)
    assert (change.who, change.deed, change.number) == (MANAGER.id, Deed.SUBSCRIBED, 1)
    assert (change.when, change.channel_id) == (NOW, bot.channel.id)
    assert change.values == {"boards": "models", "least": "notable", "language": "en"}


async def test_of_several_boards_the_one_judged_least_far_says_what_is_new(
    bot: Connected,
) -> None:
    first = START + timedelta(days=6)
    judged_so_far = Progress((Memory(START, first, (), {}),), None, through=first)
    await bot.store.record(WEEKLY, judged_so_far, (), ())
    panel = await opened(bot)
    assert [each["value"] for each in controls(panel)["boards"]["options"]] == ["models", WEEKLY]
    panel = (await use(bot, panel, "boards", WEEKLY, "models")).seen
    assert "stored days" not in text(panel), "of a board without windows nothing is known"
    await saved(bot, panel)
    kept = await only(bot)
    assert (kept.wish.boards, kept.after) == (("models", WEEKLY), first)


async def test_a_board_that_was_never_judged_begins_with_the_newest_day_that_may_be(
    bot: Connected,
) -> None:
    await bot.store.record(BOARD_MODELS, Progress((), None), (), ())
    await saved(bot, await opened(bot))
    assert (await only(bot)).after == NOW.date() - timedelta(days=1)


async def test_what_is_expected_follows_what_is_chosen(bot: Connected) -> None:
    panel = await opened(bot)
    assert "about one alert in 2 weeks, judged by 34 stored days" in text(panel)
    panel = (await use(bot, panel, "least", "minor")).seen
    assert "Expect about 1 alert a week, judged by 34 stored days" in text(panel)
    panel = (await use(bot, panel, "rules", "reclassified")).seen
    assert "These choices would have brought no alert in the 34 stored days." in text(panel)


@pytest.mark.parametrize(
    ("who", "says"),
    [(MANAGER, "there is no preview yet"), (TURK, "henüz önizleme yok")],
    ids=["English", "Turkish"],
)
async def test_where_nothing_would_have_been_told_yet_that_is_said(
    bot: Connected, who: Actor, says: str
) -> None:
    panel = (await use(bot, await opened(bot), "rules", "reclassified", who=who)).seen
    assert says in text(await told_alone(bot, await use(bot, panel, "save", who=who)))
    assert (await only(bot)).wish.rules == ("reclassified",)


@pytest.mark.parametrize(
    ("who", "says"),
    [(MANAGER, "What you saved stands."), (TURK, "Kaydettiğiniz geçerlidir.")],
    ids=["English", "Turkish"],
)
async def test_a_preview_that_fails_takes_nothing_back(
    bot: Connected, who: Actor, says: str
) -> None:
    panel = await opened(bot)
    bot.discord.fail_next("POST /webhooks/", Fault.answer(400, code=50035))
    reply = await use(bot, panel, "save", who=who)
    assert says in text(await told_alone(bot, reply))
    assert (await only(bot)).channel_id == bot.channel.id


@both
async def test_cancelling_changes_nothing_and_says_so(bot: Connected, who: Actor) -> None:
    shown = text((await use(bot, await opened(bot, who), "cancel", who=who)).seen)
    changed = {"en-US": "nothing was saved.", "tr": "hiçbir şey kaydedilmedi."}
    assert shown.startswith("## ")
    assert shown.endswith(changed[who.locale])
    assert await bot.store.subscriptions() == ()


async def test_alerts_of_an_announcement_channel_can_be_published(bot: Connected) -> None:
    news = await known(bot, bot.discord.add_channel(guild_of(bot), "news", kind=ANNOUNCEMENT))
    panel = (await use(bot, await opened(bot, place=news), "publish", "yes")).seen
    assert "**Publishing** · Publish each alert" in await saved(bot, panel)
    assert (await only(bot)).manner == Manner(publish=True)


async def test_in_a_forum_each_alert_becomes_a_post(bot: Connected) -> None:
    forum = await known(bot, bot.discord.add_channel(guild_of(bot), "posts", kind=FORUM))
    await saved(bot, await opened(bot, place=forum))
    assert (await only(bot)).manner == Manner(forum=True)


@both
async def test_a_role_that_we_cannot_notify_is_kept_and_we_say_so(
    bot: Connected, who: Actor
) -> None:
    readers = await role(bot, mentionable=False)
    panel = (await use(bot, await opened(bot, who), "role", str(readers.id), who=who)).seen
    says = {
        "en-US": f"But <@&{readers.id}> will notify nobody until it is made mentionable",
        "tr": f"Ancak <@&{readers.id}> bahsedilebilir yapılana",
    }
    assert says[who.locale] in await saved(bot, panel, who)
    assert (await only(bot)).manner == Manner(mentions=(readers.id,))


async def test_where_we_may_mention_all_roles_any_role_notifies(bot: Connected) -> None:
    ours = (Overwrite(bot.discord.settings.bot_id, allow=MENTION_EVERYONE, member=True),)
    place = bot.discord.add_channel(guild_of(bot), "open", overwrites=ours)
    readers = await role(bot, mentionable=False)
    panel = await opened(bot, place=await known(bot, place))
    panel = (await use(bot, panel, "role", str(readers.id))).seen
    assert "notify nobody" not in await saved(bot, panel)


@both
async def test_a_channel_that_was_paused_meanwhile_goes_on(bot: Connected, who: Actor) -> None:
    await saved(bot, await opened(bot))
    panel = await opened(bot, who)
    await bot.store.pause(bot.channel.id, PAUSE)
    says = {"en-US": "was paused; its alerts go on now.", "tr": "bildirimler şimdi devam ediyor."}
    assert says[who.locale] in await saved(bot, panel, who)
    (channel,) = await bot.store.channels()
    assert channel.paused is None
    assert bot.woken.is_set()
    deeds = [one.deed for one in await bot.store.changes(guild_of(bot).id)]
    assert deeds.count(Deed.RESUMED) == 1


@both
async def test_a_stored_subscription_is_changed_where_it_stands(bot: Connected, who: Actor) -> None:
    readers = await role(bot)
    wish = Wish(least=Severity.HEADLINE, rules=("leader",))
    began, before = START + timedelta(days=3), NOW - timedelta(days=9)
    manner = Manner(mentions=(readers.id,))
    guild = guild_of(bot).id
    one = Subscription(bot.channel.id, guild, wish, began, before, 44, "tr", manner, number=3)
    await bot.store.subscribe(one)
    panel = await press_edit(bot, one, who)
    assert ": " in text(panel).splitlines()[0]
    shown = {part: now(panel, part) for part in ("least", "rules", "role", "language")}
    assert list(shown.values()) == [["headline"], ["leader"], [str(readers.id)], ["tr"]]
    assert await only(bot) == one
    panel = (await use(bot, panel, "least", "minor", who=who)).seen
    panel = (await use(bot, panel, "role", who=who)).seen
    title = {"en-US": "## Subscription 3 of <#", "tr": "## <#"}
    assert (await saved(bot, panel, who)).startswith(title[who.locale])
    after = Wish(least=Severity.MINOR, rules=("leader",))
    assert await only(bot) == replace(one, wish=after, manner=Manner())
    (change,) = await bot.store.changes(guild)
    assert (change.deed, change.who, change.number) == (Deed.AMENDED, who.id, 3)
    assert change.values["least"] == "minor"


async def test_what_is_not_offered_any_more_stays_unless_that_part_is_changed(
    bot: Connected,
) -> None:
    wish = Wish((BOARD_MODELS, "gone"), Severity.HEADLINE, ("bygone",))
    one = Subscription(bot.channel.id, guild_of(bot).id, wish, START, NOW, 1)
    await bot.store.subscribe(one)
    panel = (await use(bot, await press_edit(bot, one), "least", "minor")).seen
    await saved(bot, panel)
    assert (await only(bot)).wish == replace(wish, least=Severity.MINOR)
    panel = (await use(bot, await press_edit(bot, one), "rules", "leader")).seen
    await saved(bot, panel)
    assert (await only(bot)).wish == Wish(wish.boards, Severity.MINOR, ("leader",))


@both
async def test_a_stopped_subscription_stays_stopped_and_says_so(bot: Connected, who: Actor) -> None:
    one = Subscription(
        bot.channel.id, guild_of(bot).id, Wish(), START, NOW, 1, stopped=NOW - timedelta(days=1)
    )
    await bot.store.subscribe(one)
    said = await saved(bot, await press_edit(bot, one, who), who)
    assert {"en-US": "you resume it in /subscriptions", "tr": "/abonelikler"}[who.locale] in said
    assert await only(bot) == one
