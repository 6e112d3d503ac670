"""A milestone's page has a name of its own, whatever its key holds."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot import pages

KEYS = st.text(max_size=300) | st.sampled_from(
    ["../../etc/passwd", "a/b", "a\\b", "C:\\x", "%2e%2e", "con", ".", "", "\x00", "a\u202eb"]
)


@given(KEYS)
def test_a_name_holds_nothing_that_leads_elsewhere(key: str) -> None:
    name = pages.safe_name(key)
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*|-[0-9a-f]{8}", name)
    assert ".." not in pages.milestone("en", key).split("/")
    assert len(name.encode()) <= 129
    assert pages.milestone("en", key).count("/") == 2


@given(KEYS, KEYS)
def test_two_keys_never_share_a_page(one: str, other: str) -> None:
    assert (pages.safe_name(one) == pages.safe_name(other)) == (one == other)


def test_a_name_can_be_read() -> None:
    name = pages.safe_name("models.leader.openai/gpt-5.2026-06-07")
    assert re.fullmatch(r"models\.leader\.openai-gpt-5\.2026-06-07-[0-9a-f]{8}", name)


def test_no_page_of_a_milestone_can_be_one_of_the_archive() -> None:
    assert pages.milestone("en", "2026") != pages.archive("en", 2026)
    assert pages.milestone("en", "index") != pages.archive("en")
