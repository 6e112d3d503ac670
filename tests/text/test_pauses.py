"""What is said of channels that nothing goes to."""

from datetime import UTC, datetime

import pytest

from bot.packaged import read_languages
from bot.subscription import Channel, Pause, PauseReason
from bot.text.pauses import direct, notice, reason
from bot.text.say import Say, english

TURKISH = read_languages()["tr"]
FOLLOWS = (
    "Once I can post in a channel again, its alerts of the last 24 hours follow by themselves;"
    " older ones are not posted any more."
)
ENDS = "A deleted channel gets nothing more; its subscription ends after seven days."
SINCE = datetime(2026, 6, 7, 23, 59, tzinfo=UTC)


def paused(why: PauseReason) -> Pause:
    """Return a pause since 7 June."""
    return Pause(why, SINCE, "Discord said <something> 50013")


def channel(number: int, why: PauseReason = PauseReason.FORBIDDEN) -> Channel:
    """Return a channel that is paused."""
    return Channel(number, 10, paused(why))


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
                "paused since 7 June 2026: Discord does not let me post there, and I know of no"
                " permission that is missing. Perhaps I am timed out, or the thread is locked or"
                " private. I look again by myself; resume it in `/subscriptions` to let me"
                " try at once."
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
                "paused since 7 June 2026: I cannot reach you by direct message. Allow these in"
                " the privacy settings of a server that we share, or join one."
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
    assert said.startswith("7 Haziran 2026 gününden beri duraklatılmış durumda; ")
    assert "paused" not in said
    assert ("Mesaj Gönder" in said) == (why is PauseReason.FORBIDDEN)


@pytest.mark.parametrize("say", [english(), TURKISH], ids=lambda say: say.code)
@pytest.mark.parametrize("why", PauseReason)
def test_what_discord_answered_is_for_the_log_and_not_for_people(
    why: PauseReason, say: Say
) -> None:
    assert "50013" not in reason(paused(why), [], say)


def test_a_notice_counts_channels_and_says_where_to_look() -> None:
    one = notice([channel(1)], "notice.10.2026-06-07", english())
    assert one.title == "Alerts are paused"
    assert one.lead == (
        "I cannot post in one channel of this server that asked for alerts.",
        "/subscriptions shows which, why, and what helps, if you may manage the server.",
        FOLLOWS,
    )
    assert (one.caption, one.ranking, one.notes, one.citation) == ("", (), (), "")
    assert one.key == "notice.10.2026-06-07"
    three = notice([channel(n) for n in (1, 2, 3)], "k", english())
    assert three.lead[0] == "I cannot post in 3 channels of this server that asked for alerts."


def test_a_notice_promises_nothing_for_channels_that_are_deleted() -> None:
    gone, shut = channel(1, PauseReason.GONE), channel(2)
    assert notice([gone], "k", english()).lead[2:] == (ENDS,)
    assert notice([gone, shut], "k", english()).lead[2:] == (FOLLOWS, ENDS)
    assert notice([shut], "k", english()).lead[2:] == (FOLLOWS,)
    turkish = notice([gone, shut], "k", TURKISH).lead[2:]
    assert turkish == (TURKISH(FOLLOWS), TURKISH(ENDS))
    assert not set(turkish) & {FOLLOWS, ENDS}


@pytest.mark.parametrize("say", [english(), TURKISH], ids=lambda say: say.code)
@pytest.mark.parametrize("why", [PauseReason.FORBIDDEN, PauseReason.UNWELCOME])
def test_a_person_who_cannot_be_written_to_is_asked_to_let_us_in(
    why: PauseReason, say: Say
) -> None:
    asked = reason(paused(PauseReason.UNWELCOME), [], say)
    assert asked in direct(paused(why), say)


def test_a_person_whose_conversation_is_gone_learns_when_the_watches_end() -> None:
    told = direct(paused(PauseReason.GONE), english())
    assert told.startswith("Direct messages: paused since 7 June 2026: Discord says that our")
    assert told.endswith("after seven days of this pause they are watched no longer.")
    assert "yedi gün" in direct(paused(PauseReason.GONE), TURKISH)


def test_a_notice_names_the_command_as_turks_type_it() -> None:
    one, two = (notice([channel(n) for n in range(count)], "k", TURKISH) for count in (1, 2))
    assert one.title == "Bildirimler durakladı"
    assert one.lead[0] == "Bu sunucuda bildirim isteyen 1 kanala yazamıyorum."
    assert two.lead[0] == "Bu sunucuda bildirim isteyen 2 kanala yazamıyorum."
    assert f"/{TURKISH('subscriptions')} " in one.lead[1]
    assert one.lead[1].startswith("Sunucuyu yönetebiliyorsanız")
