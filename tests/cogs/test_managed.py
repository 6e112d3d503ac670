"""The cards of /subscriptions and /unsubscribe, filled to the brim: within Discord's limits."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from discord import ui

from bot import rules
from bot.answers.managed import Entry, Part
from bot.delivery import Delivery
from bot.model import Severity
from bot.packaged import read_boards, read_languages
from bot.subscription import (
    Change,
    Channel,
    Deed,
    Digest,
    Manner,
    Pause,
    PauseReason,
    QuietHours,
    Subscription,
    Wish,
)
from bot.text.managing import gone, which
from bot.text.say import Say
from cogs._managed import Names, confirmation, detail, endings, log, overview
from cogs._places import NEEDED

LANGUAGES = read_languages()
NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
HIGH = 2**63 - 1
ZONE = "America/Argentina/ComodRivadavia"
BOARDS, RULES = tuple(read_boards()), tuple(rules.discover())
LONGEST = Subscription(
    channel_id=HIGH,
    guild_id=HIGH,
    wish=Wish(BOARDS, Severity.NOTABLE, RULES),
    after=date(2026, 9, 28),
    created_at=NOW,
    created_by=HIGH,
    manner=Manner(publish=True, mentions=(HIGH,)),
    number=50,
    stopped=NOW,
)
SETTINGS = Channel(
    channel_id=HIGH,
    guild_id=HIGH,
    muted_until=NOW + timedelta(days=1),
    quiet=QuietHours(22, 7, ZONE),
    budget=100,
    digest=Digest(2, 9, ZONE, BOARDS, "tr", NOW),
)
LAST = Delivery("k", HIGH, HIGH, ("m",), "n", NOW, message_id=HIGH)
SET = {"boards": ",".join(BOARDS), "rules": ",".join(RULES), "least": "notable", "role": str(HIGH)}
CHANGE = Change(NOW, HIGH, HIGH, HIGH, Deed.SUBSCRIBED, 50, SET)

by_language = pytest.mark.parametrize("say", LANGUAGES.values(), ids=LANGUAGES)
open_or_closed = pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])


def entry(number: int, *, closed: bool = False) -> Entry:
    """Return the longest entry of a channel."""
    pause = Pause(PauseReason.FORBIDDEN, NOW, "no") if closed else None
    settings = replace(SETTINGS, channel_id=HIGH - number, paused=pause)
    one = replace(LONGEST, channel_id=HIGH - number)
    return Entry(settings, one, True, LAST, 100, HIGH, NOW)


def sound(view: ui.LayoutView) -> str:
    """Assert what Discord asks of a card, and return its text."""
    parts = list(view.walk_children())
    texts = [part.content for part in parts if isinstance(part, ui.TextDisplay)]
    assert all(texts)
    assert sum(map(len, texts)) <= 4000
    assert len(parts) <= 40
    ids = [part.custom_id for part in parts if isinstance(part, ui.Button | ui.Select)]
    assert len(set(ids)) == len(ids)
    assert all(each and len(each) <= 100 for each in ids)
    for row in (part for part in parts if isinstance(part, ui.ActionRow)):
        assert 0 < len(row.children) <= 5
    for select in (part for part in parts if isinstance(part, ui.Select)):
        assert 0 < len(select.options) <= 25
        assert len({option.value for option in select.options}) == len(select.options)
        for option in select.options:
            assert 0 < len(option.label) <= 100
            assert len(option.description or "") <= 100
            assert len(option.value) <= 100
    return "\n".join(texts)


@by_language
@open_or_closed
async def test_a_list_of_the_longest_shows_all_of_the_page(say: Say, closed: bool) -> None:
    shown = tuple(entry(number, closed=closed) for number in range(5))
    places = {each.channel.channel_id: "n" * 100 for each in shown}
    missing = {each: list(map(say, NEEDED.values())) for each in places}
    view = overview(
        Part(shown, 1, 10, 50), (CHANGE,) * 5, Names(places, missing), NOW, gone(say), say
    )
    text = sound(view)
    assert text.count("**<#") == 5
    assert gone(say) in text


@by_language
async def test_last_changes_take_what_room_there_is_left(say: Say) -> None:
    names = Names({HIGH: "news"}, {})
    view = overview(Part((entry(0),), 0, 1, 1), (CHANGE,) * 5, names, NOW, "", say)
    assert sound(view).count(f"<@{HIGH}> · ") == 5


@by_language
@open_or_closed
async def test_the_details_of_the_longest_are_whole(say: Say, closed: bool) -> None:
    view = detail(entry(0, closed=closed), list(map(say, NEEDED.values())), 9, NOW, "n" * 200, say)
    assert sound(view).endswith("n" * 200)


@by_language
async def test_changes_the_question_and_its_kin_keep_to_the_limits(say: Say) -> None:
    assert sound(log(Part((CHANGE,) * 10, 4, 10, 100), say)).count(f"<@{HIGH}> · ") == 10
    sound(confirmation(entry(0), 9, say))
    held = [replace(entry(0), subscription=replace(LONGEST, number=n + 1)) for n in range(50)]
    digest = replace(entry(0), subscription=None)
    sound(endings(which(f"<#{HIGH}>", 27, say), [*held, digest], say))
