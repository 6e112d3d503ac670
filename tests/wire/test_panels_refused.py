"""The panel of /subscribe where it may not be used, or what it says cannot be kept any more."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import Severity
from bot.subscription import MOST_IN_A_SERVER, Subscription, Wish
from cogs._cooldowns import CHOICES, PERSON
from tests.made import START
from tests.waiting import until
from tests.wire.discord_people import Click
from tests.wire.discord_schema import ATTACH, EVERYDAY, Actor, Channel, Message, Overwrite
from tests.wire.inprocess import Connected, guild_of, subscribed
from tests.wire.panels import (
    NOW,
    controls,
    judged,
    known,
    now,
    only,
    opened,
    press_edit,
    refused,
    role,
    saved,
    text,
    use,
)
from tests.wire.running import MANAGER

TURK = replace(MANAGER, locale="tr")
MEMBER = Actor(permissions=EVERYDAY)

both = pytest.mark.parametrize("who", [MANAGER, TURK], ids=["English", "Turkish"])


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot that has judged forty days."""
    async with judged(tmp_path, monkeypatch) as found:
        yield found


def standing(bot: Connected, panel: Message) -> Message:
    """Return a panel as it stands now."""
    return bot.discord.world.messages[panel.id]


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (MEMBER, "This needs the Manage Server permission"),
        (replace(MEMBER, locale="tr"), "Sunucuyu Yönet izni gerekir"),
    ],
    ids=["English", "Turkish"],
)
async def test_who_may_not_any_more_can_use_no_control(
    bot: Connected, who: Actor, says: str
) -> None:
    await subscribed(bot, bot.channel.id)
    panel, before = await opened(bot), await only(bot)
    for what, values in (("least", ["minor"]), ("save", []), ("cancel", [])):
        assert says in await refused(bot, panel, what, *values, who=who)
    assert says in text(await press_edit(bot, before, who))
    assert await only(bot) == before
    assert standing(bot, panel) == panel
    assert await bot.store.changes(guild_of(bot).id) == ()


async def test_who_uses_controls_too_often_is_asked_to_wait(bot: Connected) -> None:
    panel = await opened(bot)
    for n in range(CHOICES[0]):
        least = "headline" if n % 2 else "minor"
        reply = await bot.discord.interact(_least(panel, least), bot.channel, MANAGER, within=20)
        panel = reply.seen
        assert now(panel, "least") == [least]
    reply = await bot.discord.interact(_least(panel, "minor"), bot.channel, MANAGER, within=20)
    assert reply.content.startswith("One moment, please")
    assert reply.ephemeral
    assert now(standing(bot, panel), "least") == ["headline"]
    save = Click(panel.id, controls(panel)["save"]["custom_id"])
    await bot.discord.interact(save, bot.channel, MANAGER, within=20)
    assert (await only(bot)).wish.least is Severity.HEADLINE, "saving is no choice"


async def test_saving_counts_as_questions_do(bot: Connected) -> None:
    panels = [await opened(bot) for _ in range(PERSON[0])]
    panel = panels[0]
    click = Click(panel.id, controls(panel)["cancel"]["custom_id"])
    reply = await bot.discord.interact(click, bot.channel, MANAGER, within=20)
    assert reply.content.startswith("One moment, please")
    assert standing(bot, panel) == panel


def _least(panel: Message, least: str) -> Click:
    return Click(panel.id, controls(panel)["least"]["custom_id"], (least,))


@both
async def test_everyone_is_never_mentioned(bot: Connected, who: Actor) -> None:
    panel, readers = await opened(bot, who), await role(bot)
    panel = (await use(bot, panel, "role", str(readers.id), who=who)).seen
    says = {"en-US": "I never mention everyone.", "tr": "Herkesten asla bahsetmem."}
    told = await refused(bot, panel, "role", str(guild_of(bot).id), who=who)
    assert told.startswith(says[who.locale])
    assert now(standing(bot, panel), "role") == [str(readers.id)], "what was chosen before stays"


@both
async def test_a_role_that_is_gone_is_not_kept(bot: Connected, who: Actor) -> None:
    readers = await role(bot)
    panel = (await use(bot, await opened(bot, who), "role", str(readers.id), who=who)).seen
    bot.discord.remove_role(guild_of(bot), readers)
    guild = bot.client.get_guild(guild_of(bot).id)
    assert guild is not None
    await until(lambda: guild.get_role(readers.id) is None)
    says = {"en-US": "The role that was chosen is gone.", "tr": "Seçilen rol artık yok."}
    assert (await refused(bot, panel, "save", who=who)).startswith(says[who.locale])
    assert await bot.store.subscriptions() == ()
    panel = (await use(bot, standing(bot, panel), "role", who=who)).seen
    await saved(bot, panel, who)
    assert (await only(bot)).manner.mentions == ()


@both
async def test_permissions_are_checked_again_when_it_is_saved(bot: Connected, who: Actor) -> None:
    panel = await opened(bot, who)
    ours = (Overwrite(bot.discord.settings.bot_id, deny=ATTACH, member=True),)
    bot.discord.put_channel(replace(bot.channel, overwrites=ours))
    await until(lambda: getattr(bot.client.get_channel(bot.channel.id), "overwrites", None))
    says = {"en-US": "there I lack Attach Files.", "tr": "eksik olan izinler: Dosya Ekle."}
    assert says[who.locale] in await refused(bot, panel, "save", who=who)
    assert await bot.store.subscriptions() == ()
    assert standing(bot, panel) == panel, "it can be saved once that is granted"


@both
async def test_a_channel_that_is_gone_gets_nothing(bot: Connected, who: Actor) -> None:
    place = await known(bot, bot.discord.add_channel(guild_of(bot), "short-lived"))
    panel = await opened(bot, who, place)
    bot.discord.remove_channel(place)
    await until(lambda: bot.client.get_channel(place.id) is None)
    says = {"en-US": "is gone, or I may not see it", "tr": "artık yok ya da onu artık"}
    assert says[who.locale] in await refused(bot, panel, "save", who=who)
    assert await bot.store.subscriptions() == ()


async def test_a_private_thread_that_sent_us_away_gets_nothing(bot: Connected) -> None:
    thread = bot.discord.add_thread(bot.channel, private=True)
    thread = bot.discord.change_thread(thread, joined=True)
    panel = await opened(bot, place=thread)
    away: Channel = bot.discord.change_thread(thread, joined=False)
    assert "is gone, or I may not see it" in await refused(bot, panel, "save", who=MANAGER)
    assert await bot.store.subscriptions() == ()
    bot.discord.change_thread(away, joined=True)
    await saved(bot, panel)
    assert (await only(bot)).channel_id == thread.id


@both
async def test_a_server_that_is_full_by_now_gets_no_more(bot: Connected, who: Actor) -> None:
    panel = await opened(bot, who)
    for number in range(1, MOST_IN_A_SERVER + 1):
        one = Subscription(5, guild_of(bot).id, Wish(), START, NOW, 1, number=number)
        await bot.store.subscribe(one)
    says = {"en-US": "This server has 50 subscriptions", "tr": "Bu sunucunun 50 aboneliği var"}
    assert says[who.locale] in await refused(bot, panel, "save", who=who)
    assert len(await bot.store.subscriptions()) == MOST_IN_A_SERVER


@both
async def test_what_was_saved_is_not_saved_twice(bot: Connected, who: Actor) -> None:
    first, second = await opened(bot, who), await opened(bot, who)
    await saved(bot, first, who)
    kept = await only(bot)
    says = {"en-US": "This was saved already.", "tr": "Bu zaten kaydedildi."}
    assert (await refused(bot, second, "save", who=who)).startswith(says[who.locale])
    assert await only(bot) == kept
    assert len(await bot.store.changes(guild_of(bot).id)) == 1


async def test_of_two_panels_saved_at_once_one_is_kept(bot: Connected) -> None:
    other = replace(MANAGER, id=MANAGER.id + 1)
    panels = [await opened(bot), await opened(bot, other)]
    clicks = [Click(panel.id, controls(panel)["save"]["custom_id"]) for panel in panels]
    saves = (
        bot.discord.interact(click, bot.channel, who, within=20)
        for click, who in zip(clicks, (MANAGER, other), strict=True)
    )
    await asyncio.gather(*saves)
    await only(bot)
    assert len(await bot.store.changes(guild_of(bot).id)) == 1
    taken = ["gets alerts" in text(standing(bot, panel)) for panel in panels]
    assert sorted(taken) == [False, True]


@both
async def test_a_subscription_that_has_ended_meanwhile_cannot_be_changed(
    bot: Connected, who: Actor
) -> None:
    await subscribed(bot, bot.channel.id)
    one = await only(bot)
    panel = await press_edit(bot, one, who)
    await bot.store.unsubscribe(bot.channel.id)
    says = {"en-US": "This subscription has ended meanwhile.", "tr": "Bu abonelik bu arada sona"}
    assert (await refused(bot, panel, "save", who=who)).startswith(says[who.locale])
    assert text(await press_edit(bot, one, who)).startswith(says[who.locale])
    assert await bot.store.subscriptions() == ()


async def test_a_subscription_of_another_server_cannot_be_changed(bot: Connected) -> None:
    elsewhere = Subscription(5, 4242, Wish(), START, NOW, 1)
    await bot.store.subscribe(elsewhere)
    assert text(await press_edit(bot, elsewhere)).startswith("This subscription has ended")
    panel = await opened(bot)
    forged = controls(panel)["save"]["custom_id"].replace(str(bot.channel.id), "5")
    kept = standing(bot, panel)
    components = _with(kept.components, controls(panel)["save"]["custom_id"], forged)
    payload = {**kept.payload, "components": components}
    bot.discord.world.messages[panel.id] = replace(kept, payload=payload)
    told = await refused(bot, standing(bot, panel), "save", who=MANAGER)
    assert "is gone, or I may not see it" in told
    assert await only(bot) == elsewhere


@both
async def test_a_panel_of_other_rules_or_boards_is_too_old(bot: Connected, who: Actor) -> None:
    panel = await opened(bot, who)
    for what, values in (("save", []), ("least", ["minor"]), ("cancel", [])):
        old = controls(panel)[what]["custom_id"]
        payload = {**panel.payload, "components": _with(panel.components, old, f"{old[:-4]}0000")}
        bot.discord.world.messages[panel.id] = replace(panel, payload=payload)
        says = {"en-US": "This list is too old", "tr": "Bu liste, düğmeleri"}
        told = await refused(bot, standing(bot, panel), what, *values, who=who)
        assert told.startswith(says[who.locale])
    assert await bot.store.subscriptions() == ()


def _with(components: list[dict[str, object]], old: str, new: str) -> list[dict[str, object]]:
    """Return components with another id of one control."""
    changed = []
    for one in components:
        inner = one.get("components")
        fields = {"custom_id": new} if one.get("custom_id") == old else {}
        below = {"components": _with(inner, old, new)} if isinstance(inner, list) else {}
        changed.append({**one, **fields, **below})
    return changed
