"""What arrives in the channels of a server, in words that fit into one card."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import rules
from bot.answers.managed import Entry, Part
from bot.delivery import Delivery, DeliveryState
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
from bot.text.managed import (
    all_changes,
    brief,
    changes_title,
    details,
    heading,
    label,
    last_changes,
    page_text,
    unknown,
)
from bot.text.say import Say
from cogs._places import NEEDED

LANGUAGES = read_languages()
ENGLISH, TURKISH = LANGUAGES["en"], LANGUAGES["tr"]
NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)
SINCE = datetime(2026, 6, 7, 3, 30, tzinfo=UTC)
FORBIDDEN = Pause(PauseReason.FORBIDDEN, SINCE, "no")
WEEKLY = Digest(0, 9, "America/New_York", ("models",), "tr", SINCE)
PLAIN = Subscription(77, 1, Wish(), date(2026, 6, 1), SINCE, 5)
HIGH = 2**63 - 1
LONGEST_ZONE = "America/Argentina/ComodRivadavia"

by_language = pytest.mark.parametrize("say", LANGUAGES.values(), ids=LANGUAGES)


def shown(*entries: Entry, say: Say = ENGLISH, room: int = 3900) -> str:
    """Return a page of these, as far as it has room."""
    return page_text(Part(entries, 0, 1, len(entries)), {77: ["Send Messages"]}, NOW, room, say)


def test_a_subscription_is_told_with_all_that_makes_it_out() -> None:
    wish = Wish(("models", "category-legal"), Severity.HEADLINE, ("leader",))
    one = replace(PLAIN, wish=wish, manner=Manner(mentions=(9,), publish=True), language="tr")
    assert shown(Entry(Channel(77, 1), one)).splitlines() == [
        "**<#77>**",
        "No alert in the last 30 days",
        (
            "- All models, Legal · Headlines alone · A new number one · mentions <@&9> · published"
            " · Türkçe · active, for days after 1 June 2026"
        ),
    ]
    turkish = shown(Entry(Channel(77, 1), one), say=TURKISH)
    assert "Son 30 günde bildirim yok" in turkish
    assert "- Bütün modeller, Hukuk · Yalnızca manşetler · " in turkish
    assert "<@&9> rolünden bahseder · yayınlanır · Türkçe · etkin, 1 Haziran 2026" in turkish


def test_several_of_a_channel_stand_below_it_by_their_numbers() -> None:
    stopped = replace(PLAIN, number=2, stopped=SINCE)
    settings = Channel(77, 1, digest=WEEKLY)
    first = Entry(settings, PLAIN, several=True)
    second = Entry(settings, stopped, several=True, stopped_by=8)
    digest = Entry(settings, None, coming=NOW)
    lines = shown(first, second, digest).splitlines()
    assert [line[:7] for line in lines[2:4]] == ["- **1**", "- **2**"]
    assert lines[3].endswith("paused since 7 June 2026 by <@8>")
    assert lines[4] == (
        "- weekly digest · Monday 09:00 (America/New York) · next <t:1781697600:f> · All models"
        " · Türkçe"
    )
    (alone,) = shown(replace(second, stopped_by=None)).splitlines()[2:]
    assert alone.endswith("paused since 7 June 2026 by hand")


def test_what_holds_back_in_a_channel_is_told_and_a_mute_that_is_over_is_not() -> None:
    quiet = QuietHours(22, 7, "Europe/Berlin")
    settings = Channel(77, 1, muted_until=NOW + timedelta(hours=1), quiet=quiet, budget=5)
    lines = shown(Entry(settings, PLAIN, used=3)).splitlines()
    assert lines[1] == (
        "muted until <t:1781701200:f> · quiet from 22:00 to 07:00 (Europe/Berlin) · 3"
        " messages in the last 7 days, limit 5"
    )
    over = replace(settings, muted_until=NOW, quiet=None, budget=1)
    lines = shown(Entry(over, PLAIN)).splitlines()
    assert lines[1] == "0 messages in the last 7 days, limit 1"


def test_a_closed_channel_is_told_with_what_is_missing_there() -> None:
    text = shown(Entry(Channel(77, 1, FORBIDDEN, budget=5), PLAIN))
    assert "paused since 7 June 2026: there I lack Send Messages." in text
    assert "active" not in text
    assert text.endswith("for days after 1 June 2026")
    turkish = shown(Entry(Channel(77, 1, FORBIDDEN), PLAIN), say=TURKISH)
    assert turkish.endswith("1 Haziran 2026 sonrasındaki günler için")
    assert "etkin" not in turkish


@pytest.mark.parametrize(("forum", "place"), [(False, 77), (True, 555)])
def test_the_last_alert_is_linked_with_its_day(forum: bool, place: int) -> None:
    last = Delivery("k", 77, 1, ("m",), "n", SINCE, message_id=555, manner=Manner(forum=forum))
    last = replace(last, state=DeliveryState.SENT, sent_at=NOW)
    text = shown(Entry(Channel(77, 1), PLAIN, last=last))
    assert f"Last alert: [17 June 2026](https://discord.com/channels/1/{place}/555)" in text


def test_without_any_how_to_begin_is_told_by_the_commands_own_name() -> None:
    assert shown() == "No channel of this server gets alerts. `/subscribe` starts them."
    assert "`/abone-ol`" in shown(say=TURKISH)


BOARDS, RULES = tuple(read_boards()), tuple(rules.discover())
LONGEST = Subscription(
    *(HIGH, HIGH, Wish(BOARDS, Severity.NOTABLE, RULES), date(2026, 9, 28), SINCE, HIGH),
    manner=Manner(publish=True, mentions=(HIGH,)),
    number=50,
    stopped=SINCE,
)
LAST = Delivery("k", HIGH, HIGH, ("m",), "n", SINCE, message_id=HIGH)
ZONED = Digest(2, 9, LONGEST_ZONE, BOARDS, "tr", SINCE)
OPEN = Channel(
    *(HIGH, HIGH, None, NOW + timedelta(days=1), QuietHours(22, 7, LONGEST_ZONE), 100, ZONED)
)
CLOSED = replace(OPEN, paused=FORBIDDEN)


@by_language
@pytest.mark.parametrize("settings", [OPEN, CLOSED], ids=["open", "closed"])
def test_a_page_of_the_longest_fits_whole_beside_the_title_of_its_card(
    say: Say, settings: Channel
) -> None:
    entries = tuple(
        Entry(replace(settings, channel_id=HIGH - n), LONGEST, True, LAST, 100, HIGH, NOW)
        for n in range(5)
    )
    missing = {HIGH - n: list(map(say, NEEDED.values())) for n in range(5)}
    text = page_text(Part(entries, 0, 10, 50), missing, NOW, 3850, say)
    assert len(text) <= 3850
    assert text.count("**<#") == 5
    assert text.splitlines()[-1].startswith("- **50** · ")


def test_the_less_room_there_is_the_fewer_boards_and_rules_are_named() -> None:
    boards = ("models", "category-legal", "apps", "category-trivia")
    wish = Wish(boards, rules=("leader", "surge"))
    entry, said = Entry(Channel(77, 1), replace(PLAIN, wish=wish)), dict[str, None]()
    for room in range(400, 150, -1):
        _, _, line = shown(entry, room=room).splitlines()
        told = line.split(" · ")
        said[" · ".join((told[0], told[2]))] = None
        if told[0] == "- 4 boards":
            break
    assert list(said) == [
        "- All models, Legal, Apps, Trivia · A new number one, A steep climb within a week",
        "- All models, Legal and 2 more · A new number one, A steep climb within a week",
        "- All models and 3 more · A new number one and 1 more",
        "- 4 boards · 2 rules",
    ]


@settings(deadline=None)
@given(room=st.integers(0, 3000))
def test_whatever_room_there_is_a_page_keeps_to_it_and_to_whole_lines(room: int) -> None:
    entry = Entry(CLOSED, LONGEST, True, LAST, 100, HIGH, NOW)
    page, none = Part((entry,), 0, 1, 1), {HIGH: ["Send Messages"]}
    text = page_text(page, none, NOW, room, ENGLISH)
    assert len(text) <= room
    least = page_text(page, none, NOW, 10**6, ENGLISH).splitlines()[:3]
    assert text.splitlines()[:3] == least[: len(text.splitlines())]


@by_language
def test_the_details_of_the_longest_fit(say: Say) -> None:
    entry = Entry(CLOSED, LONGEST, True, LAST, 100, HIGH, NOW)
    text = details(entry, list(map(say, NEEDED.values())), NOW, say)
    assert len(text) <= 3700
    assert RULES[-1] not in text
    digest = details(replace(entry, subscription=None), [], NOW, say)
    assert len(digest) <= 3700


def test_details_name_every_board_and_rule() -> None:
    wish = Wish(("models", "apps", "category-legal", "category-trivia"), rules=("leader", "surge"))
    settings = Channel(77, 1, FORBIDDEN, budget=5, digest=WEEKLY)
    text = details(Entry(settings, replace(PLAIN, wish=wish)), ["Send Messages"], NOW, ENGLISH)
    assert "\nBoards: All models, Apps, Legal, Trivia\n" in text
    assert "\nRules: A new number one, A steep climb within a week\n" in text
    for said in ("## <#77>\n", "there I lack Send Messages", "limit 5", "weekly digest"):
        assert said in text


HEAD = "**Last changes**"
CHANGE = Change(NOW, 5, 1, 77, Deed.STOPPED)


@settings(deadline=None)
@given(count=st.integers(0, 12), room=st.integers(0, 500))
def test_of_the_last_changes_as_many_are_shown_as_have_room(count: int, room: int) -> None:
    text = last_changes([CHANGE] * count, room, ENGLISH)
    line = "- <t:1781697600:f> · <@5> · <#77> · paused"
    told = [n for n in range(1, count + 1) if len(HEAD) + n * (len(line) + 1) <= room]
    assert text == ("\n".join([HEAD, *[line] * max(told)]) if told else "")


@by_language
def test_a_page_of_the_longest_changes_fits(say: Say) -> None:
    values = {
        "boards": ",".join(BOARDS),
        "rules": ",".join(RULES),
        "least": "notable",
        "language": "tr",
        "role": str(HIGH),
        "publish": "yes",
    }
    change = Change(NOW, HIGH, HIGH, HIGH, Deed.SUBSCRIBED, 50, values)
    assert len(all_changes(Part((change,) * 10, 0, 10, 100), say)) <= 3800


def test_pages_are_counted_from_one_where_there_are_several() -> None:
    assert heading(Part((), 0, 1, 0), ENGLISH) == "Alerts in this server"
    assert heading(Part((), 1, 3, 12), ENGLISH) == "Alerts in this server · page 2 of 3"
    assert changes_title(Part((), 1, 3, 12), TURKISH) == "Ayarlardaki değişiklikler · sayfa 2/3"
    assert all_changes(Part((), 0, 1, 0), ENGLISH) == "Nothing was changed."


def test_in_a_select_channels_are_named_in_letters() -> None:
    entry = Entry(Channel(77, 1, digest=WEEKLY), PLAIN)
    assert label(entry, "news", ENGLISH) == "news"
    assert label(replace(entry, several=True), "news", ENGLISH) == "news · 1"
    assert label(replace(entry, subscription=None), "news", TURKISH) == "news · haftalık özet"
    assert unknown(77, ENGLISH) == "unknown channel 77"
    assert brief(entry, ENGLISH) == "All models · Headlines and notable ones"
    said = brief(replace(entry, subscription=None), ENGLISH)
    assert said == "Monday 09:00 (America/New York) · All models · Türkçe"
