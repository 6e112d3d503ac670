"""What the panel of /subscribe says."""

from fractions import Fraction

import pytest

from bot.answers.forecast import Forecast
from bot.packaged import read_languages
from bot.text.panel import LANGUAGES, computing, expected, language_name, language_of, others
from bot.text.say import english

TURKISH = read_languages()["tr"]


@pytest.mark.parametrize(
    ("weekly", "said"),
    [
        (Fraction(0), "These choices would have brought no alert in the 54 stored days."),
        (Fraction(1, 7), "Expect about one alert in 7 weeks, judged by 54 stored days."),
        (Fraction(2, 5), "Expect about one alert in 3 weeks, judged by 54 stored days."),
        (Fraction(2, 3), "Expect about one alert in 2 weeks, judged by 54 stored days."),
        (Fraction(3, 4), "Expect about 1 alert a week, judged by 54 stored days."),
        (Fraction(1), "Expect about 1 alert a week, judged by 54 stored days."),
        (Fraction(5, 2), "Expect about 3 alerts a week, judged by 54 stored days."),
        (Fraction(29, 8), "Expect about 4 alerts a week, judged by 54 stored days."),
        (Fraction(300, 7), "Expect about 43 alerts a week, judged by 54 stored days."),
    ],
)
def test_how_many_alerts_a_week_is_said_in_whole_numbers(weekly: Fraction, said: str) -> None:
    assert expected(Forecast(weekly, 54, enough=True), english()) == said


def test_too_few_days_are_said_to_be_too_few() -> None:
    few = Forecast(Fraction(3), 5, enough=False)
    assert expected(few, english()).startswith("The stored days are too few to tell")
    assert expected(few, TURKISH).startswith("Bunun haftada kaç bildirim getireceğini")


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert expected(None, english()) == ""


def test_what_is_not_computed_yet_is_said_to_be_computed() -> None:
    assert computing(english()).endswith("is still being computed.")
    assert computing(TURKISH).endswith("henüz hesaplanıyor.")


def test_a_channel_with_subscriptions_is_told_where_these_are_changed() -> None:
    assert others("<#1>", 0, english()) == ""
    assert "1 subscription already, which /subscriptions changes" in others("<#1>", 1, english())
    assert "<#1> has 3 subscriptions already" in others("<#1>", 3, english())
    assert "için zaten 3 abonelik var" in others("<#1>", 3, TURKISH)


@pytest.mark.parametrize(
    ("locale", "code"), [("tr", "tr"), ("en-GB", "en"), ("de", "en"), ("None", "en"), (None, "en")]
)
def test_alerts_are_at_first_in_the_language_of_the_server(locale: str | None, code: str) -> None:
    assert language_of(locale) == code
    assert LANGUAGES[language_name(code)] == code
