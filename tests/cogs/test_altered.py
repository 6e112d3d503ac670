"""What becomes of a channel's settings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import BOARD_MODELS
from bot.subscription import Channel, Digest
from bot.text.say import english
from cogs._altered import digested
from tests.made import AS_OF

DIGEST = Digest(0, 9, "Europe/Istanbul", (BOARD_MODELS,), "en", AS_OF)
LATER = AS_OF + timedelta(minutes=1)


def after(digest: Digest) -> Digest | None:
    """Return the digest that a channel with DIGEST has after it was given another one."""
    return digested(Channel(1, 10, digest=DIGEST), digest, english()).settings.digest


def test_a_digest_saved_anew_at_the_same_time_of_the_week_keeps_what_is_due() -> None:
    anew = replace(DIGEST, boards=("legal",), language="tr", after=LATER)
    assert after(anew) == replace(anew, after=AS_OF)


@pytest.mark.parametrize("other", [{"weekday": 1}, {"hour": 10}, {"timezone": "UTC"}])
def test_a_digest_at_another_time_begins_when_it_is_saved(other: dict[str, object]) -> None:
    moved = replace(DIGEST, after=LATER, **other)  # type: ignore[arg-type]
    assert after(moved) == moved
