"""An alert leads to the pages that prove it."""

import pytest

from bot import pages, rules
from bot.alerts import tell
from bot.backtest import backtest
from bot.message import Link
from bot.model import BOARD_MODELS
from bot.packaged import read_languages
from bot.text.alert import Told
from bot.text.links import evidence_links
from bot.text.say import english
from tests.charts.figures import demo_days, known

ADDRESS = "https://example.org/rankshift"


@pytest.fixture(scope="module")
def told() -> list[Told]:
    """Return milestones of the demo's days in words."""
    found = backtest(BOARD_MODELS, demo_days(), known(), rules.discover())
    return [tell(one, rules.discover(), known(), english()) for one in found if one.told]


def test_one_milestone_has_one_way_to_its_page(told: list[Told]) -> None:
    (link,) = evidence_links(told[:1], ADDRESS, english())
    page = pages.milestone("en", told[0].milestone.key)
    assert link == Link("Evidence and press pack", f"{ADDRESS}/{page}")


def test_several_are_told_apart_by_their_headlines(told: list[Told]) -> None:
    found = evidence_links(told[:5], ADDRESS, english())
    assert [link.label for link in found] == [one.headline for one in told[:5]]
    assert len({link.url for link in found}) == 5


def test_more_than_a_row_of_buttons_lead_to_the_archive(told: list[Told]) -> None:
    (link,) = evidence_links(told[:6], ADDRESS, read_languages()["tr"])
    assert link == Link("Kanıt", f"{ADDRESS}/tr/milestones/index.html")


def test_without_pages_there_is_no_way(told: list[Told]) -> None:
    assert evidence_links(told[:1], None, english()) == ()
    assert evidence_links([], ADDRESS, english()) == ()


def test_no_address_is_longer_than_a_button_takes(told: list[Told]) -> None:
    longest = "https://" + "a" * 192
    for one in told:
        (link,) = evidence_links([one], longest, english())
        assert len(link.url) <= 512
