"""Which milestones are held still, by what the real rules remember."""

from collections.abc import Sequence
from datetime import timedelta

from bot import rules
from bot.detect import detect
from bot.openness import Directory
from bot.states import still_held
from tests.made import START, days, open_closed


def _held_in_turn(
    counts: Sequence[dict[str, int]], known: Directory, held: Sequence[int]
) -> list[list[str]]:
    """Return the subjects still held after so many of the days, by the real rules."""
    every = days(counts)
    found_rules = rules.discover()
    said = []
    for number in held:
        some = {when: each for when, each in every.items() if when < START + timedelta(number)}
        memories, found = detect("models", some, known, found_rules)
        said.append([f"{m.rule} {m.subject}" for m in still_held(found, memories[-1])])
    return said


def test_held_by_the_real_rules_is_what_waits_for_an_unknown_model() -> None:
    places = ["open/1", "open/2", "closed/1", "closed/2"]
    dark = dict.fromkeys(places, 10) | {"lab/dark": 5}
    plain = dict.fromkeys(places, 10) | {"closed/3": 900}
    counts = [dict.fromkeys(places, 10) | {"closed/3": 5}] * 8 + [dark] * 9 + [plain] * 3
    said = _held_in_turn(counts, open_closed(), [8, 14, 17, 18, 19])
    held = ["open_share 50", "open_top5 3"]
    assert said == [[], held, held, held, []]


def test_a_long_stand_that_an_unknown_model_lends_is_held_by_the_real_rules() -> None:
    four = {f"open/{n}": 10 for n in range(1, 5)} | {"closed/1": 10}
    lent = {f"open/{n}": 10 for n in range(1, 4)} | {"closed/1": 10, "lab/dark": 10}
    ended = {f"open/{n}": 10 for n in range(1, 4)} | {"closed/1": 10, "closed/2": 900}
    said = _held_in_turn([four] * 8 + [lent] * 40 + [ended] * 3, open_closed(), [30, 48, 51])
    lost = "open_top5_lost 4"
    assert said[0] == [lost]
    assert said[1] == [lost, "streak open_top5:4:30"]
    assert said[2] == []
