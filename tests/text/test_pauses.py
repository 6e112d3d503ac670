"""What is said of channels that nothing goes to."""

from datetime import UTC, datetime

import pytest

from bot.delivery import Pause, PauseReason, Subscription
from bot.model import BOARD_MODELS
from bot.packaged import read_languages
from bot.text.pauses import notice, reason
from bot.text.say import Say, english
from tests.made import AS_OF, START

TURKISH = read_languages()["tr"]
SINCE = datetime(2026, 6, 7, 23, 59, tzinfo=UTC)


def paused(why: PauseReason) -> Pause:
    """Return a pause since 7 June."""
    return Pause(why, SINCE, "Discord said <something> 50013")


def subscription(channel: int) -> Subscription:
    """Return a channel's subscription."""
    return Subscription(channel, 10, BOARD_MODELS, START, AS_OF, 1)


@pytest.mark.parametrize(
    ("why", "missing", "says"),
    [
        (
            PauseReason.FORBIDDEN,
            ["View Channel", "Send Messages"],
            (
                "paused since 7 June 2026: there I lack View Channel and Send Messages. Once that"
                " is granted, alerts go on by themselves."
            ),
        ),
        (
            PauseReason.FORBIDDEN,
            [],
            (
                "paused since 7 June 2026: Discord does not let me post there. See that I can view"
                " it and write in it, then `/subscribe` it again."
            ),
        ),
        (
            PauseReason.GONE,
            ["View Channel"],
            (
                "paused since 7 June 2026: the channel is gone. After seven days its subscription"
                " ends."
            ),
        ),
        (
            PauseReason.UNWELCOME,
            [],
            (
                "paused since 7 June 2026: direct messages from me are not accepted. Allow them in"
                " the privacy settings of a server that we share."
            ),
        ),
    ],
)
def test_each_pause_says_since_when_why_and_what_helps(
    why: PauseReason, missing: list[str], says: str
) -> None:
    assert reason(paused(why), missing, english()) == says


@pytest.mark.parametrize("why", PauseReason)
def test_a_turk_is_told_in_turkish(why: PauseReason) -> None:
    said = reason(paused(why), ["Mesaj Gönder"], TURKISH)
    assert said.startswith("7 Haziran 2026 gününden beri durakladı; ")
    assert "paused" not in said
    assert ("Mesaj Gönder" in said) == (why is PauseReason.FORBIDDEN)


@pytest.mark.parametrize("say", [english(), TURKISH], ids=lambda say: say.code)
@pytest.mark.parametrize("why", PauseReason)
def test_what_discord_answered_is_for_the_log_and_not_for_people(
    why: PauseReason, say: Say
) -> None:
    assert "50013" not in reason(paused(why), [], say)


def test_a_notice_counts_channels_and_says_where_to_look() -> None:
    one = notice([subscription(1)], "notice.10.2026-06-07", english())
    assert one.title == "Alerts are paused"
    assert one.lead == (
        "I cannot post in one channel of this server that asked for alerts.",
        "/subscriptions shows which, why, and what helps.",
        "Once I can post again, the alerts of the last 24 hours follow by themselves.",
    )
    assert (one.caption, one.ranking, one.notes, one.citation) == ("", (), (), "")
    assert one.key == "notice.10.2026-06-07"
    three = notice([subscription(n) for n in (1, 2, 3, 2)], "k", english())
    assert three.lead[0] == "I cannot post in 3 channels of this server that asked for alerts."


def test_a_notice_names_the_command_as_turks_type_it() -> None:
    one, two = (notice([subscription(n) for n in range(count)], "k", TURKISH) for count in (1, 2))
    assert one.title == "Bildirimler durakladı"
    assert one.lead[0] == "Bu sunucuda bildirim isteyen bir kanala yazamıyorum."
    assert two.lead[0] == "Bu sunucuda bildirim isteyen 2 kanala yazamıyorum."
    assert f"/{TURKISH('subscriptions')} " in one.lead[1]
