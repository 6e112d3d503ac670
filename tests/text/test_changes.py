"""What somebody did to a server's settings, in words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.packaged import read_languages
from bot.subscription import NOBODY, Change, Deed
from bot.text.changes import change_line, changed
from bot.text.say import Say

LANGUAGES = read_languages()
ENGLISH, TURKISH = LANGUAGES["en"], LANGUAGES["tr"]
WHEN = datetime(2026, 6, 7, 3, 30, tzinfo=UTC)
NAMES = (
    *("boards", "rules", "least", "language", "role", "publish", "until", "start", "end"),
    *("weekday", "hour", "timezone", "messages"),
)

by_language = pytest.mark.parametrize("say", LANGUAGES.values(), ids=LANGUAGES)


def made(deed: Deed, values: Mapping[str, str] | None = None, number: int | None = None) -> Change:
    """Return a change of a channel by somebody."""
    return Change(WHEN, 5, 1, 77, deed, number, values or {})


@by_language
def test_each_deed_has_words_of_its_own(say: Say) -> None:
    said = [changed(made(deed), say) for deed in Deed]
    assert len(set(said)) == len(Deed)
    assert all(said)


def test_no_deed_is_left_in_english() -> None:
    for deed in Deed:
        assert changed(made(deed), ENGLISH) != changed(made(deed), TURKISH)


def test_a_line_says_when_who_where_and_what() -> None:
    line = change_line(made(Deed.STOPPED, number=2), ENGLISH)
    assert line == "<t:1780803000:f> · <@5> · <#77> · subscription 2: paused"
    line = change_line(made(Deed.STOPPED, number=2), TURKISH)
    assert line == "<t:1780803000:f> · <@5> · <#77> · 2 numaralı abonelik: duraklatıldı"


def test_who_had_their_data_deleted_is_nobody_known_and_a_server_is_no_channel() -> None:
    change = replace(made(Deed.MUTED), who=NOBODY, channel_id=0)
    line = change_line(change, ENGLISH)
    assert line == "<t:1780803000:f> · somebody unknown · muted"


SET = [
    (
        Deed.SUBSCRIBED,
        {
            "boards": "models,category-legal,apps",
            "rules": "leader,surge",
            "least": "minor",
            "language": "tr",
            "role": "9",
            "publish": "yes",
        },
        (
            "started · All models, Legal and 1 more · All, minor ones too · A new number one, A"
            " steep climb within a week · Türkçe · mentions <@&9> · published"
        ),
        "başlatıldı · Bütün modeller, Hukuk ve 1 tane daha · Hepsi, ikincil olanlar da · ",
    ),
    (
        Deed.MUTED,
        {"until": "2026-06-07T03:30:00+00:00"},
        "muted · until <t:1780803000:f>",
        "sessize alındı · bitiş: <t:1780803000:f>",
    ),
    (
        Deed.QUIET,
        {"start": "22", "end": "7", "timezone": "America/New_York"},
        "quiet hours set · 22:00–07:00 · America/New York",
        "sessiz saatler belirlendi · 22:00–07:00 · America/New York",
    ),
    (
        Deed.BUDGET,
        {"messages": "5"},
        "message limit set · at most 5 in any 7 days",
        "mesaj sınırı belirlendi · 7 günde en çok 5 mesaj",
    ),
    (
        Deed.DIGEST,
        {"boards": "models", "weekday": "0", "hour": "9", "timezone": "UTC", "language": "en"},
        "weekly digest set · All models · English · Monday · 09:00 · UTC",
        "haftalık özet belirlendi · Bütün modeller · English · Pazartesi · 09:00 · UTC",
    ),
]


@pytest.mark.parametrize(
    ("deed", "values", "english", "turkish"), SET, ids=[each[0].value for each in SET]
)
def test_what_is_set_is_said_in_words(
    deed: Deed, values: Mapping[str, str], english: str, turkish: str
) -> None:
    assert changed(made(deed, values), ENGLISH) == english
    assert changed(made(deed, values), TURKISH).startswith(turkish)


@by_language
def test_codes_that_are_known_no_more_are_shown_as_they_are(say: Say) -> None:
    gone = {"boards": "category-gone", "rules": "old_rule", "least": "huge", "language": "xx"}
    said = changed(made(Deed.SUBSCRIBED, gone), say)
    assert all(code in said for code in gone.values())


VALUES = st.dictionaries(
    st.sampled_from(NAMES),
    st.text() | st.sampled_from(["", "-1", "7", "99", "²", "0001-01-01T00:00:00", "9999-12-31"]),
)


@by_language
@settings(deadline=None)
@given(deed=st.sampled_from(Deed), number=st.none() | st.integers(1, 50), values=VALUES)
def test_whatever_was_kept_can_be_said(
    say: Say, deed: Deed, number: int | None, values: Mapping[str, str]
) -> None:
    assert change_line(made(deed, values, number), say)
