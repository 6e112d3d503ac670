"""The words of /movers, in both languages: who moved, by shape and word; ties; the picture."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answers.movers import Mover, Movers, Uncompared
from bot.boards import MODELS
from bot.message import Message
from bot.model import Openness, Place, Standings
from bot.packaged import read_boards, read_languages
from bot.pictures.movers import Move
from bot.text.moved import SHOWN
from bot.text.movers import movers
from bot.text.say import Say, english
from bot.text.slopes import slope, slope_alt
from bot.text.words import citation, estimates_word
from tests.made import AS_OF, START

SAY, TURKISH = english(), read_languages()["tr"]
ONE = timedelta(1)
KINDS = {"o": Openness.OPEN, "c": Openness.CLOSED, "u": Openness.UNKNOWN}
NOBODY = "No model of the top 30 that is listed in both weeks changed its rank."
HOSTILE = "@everyone **x** \u202eevil\n" + "word " * 1200


def week(number: int, ranks: Mapping[str, int]) -> Standings:
    """Return a week in which each model has a thousand tokens less a rank's worth."""
    places = tuple(Place(m, rank, 1000 - rank, None, None) for m, rank in ranks.items())
    end = START + 7 * number * ONE
    return Standings("models", end, 7, places, 10_000, 0, True, AS_OF)


def found(*moves: tuple[str, str, int | None, int | None]) -> Movers:
    """Return an answer of models: openness by letter, name, rank then, rank now."""
    then = week(1, {name: before for _, name, before, _ in moves if before})
    now = week(2, {name: after for _, name, _, after in moves if after})
    before, after = ({p.model: p for p in each.places} for each in (then, now))
    each = [
        Mover(name, name, KINDS[kind], before.get(name), after.get(name))
        for kind, name, _, _ in moves
    ]
    return Movers(
        MODELS,
        then,
        now,
        tuple(one for one in each if one.climb > 0),
        tuple(one for one in each if one.climb < 0),
        tuple(one for one in each if one.before is None),
        tuple(one for one in each if one.after is None),
    )


def said(message: Message) -> dict[str, Sequence[str]]:
    """Return the lines of each section by its heading."""
    return {each.heading: [line.text for line in each.lines] for each in message.sections}


SOME = found(("o", "A", 9, 4), ("c", "B", 2, 3), ("u", "C", None, 12), ("o", "D", 15, None))


def test_each_move_is_told_by_shape_and_word_with_ranks_and_shares() -> None:
    message = movers(SOME, SAY)
    assert message.title == "Climbers and fallers on OpenRouter"
    assert said(message) == {
        "Climbers": ["● A · open · ▲ up 5, from 9 to 4 · 10.0 % (9.9 % then)"],
        "Fallers": ["■ B · closed · ▼ down 1, from 2 to 3 · 10.0 % (10.0 % then)"],
        "In the top 20 now, not listed then": ["◆ C · unknown · number 12 now · 9.9 %"],
        "In the top 20 then, not listed now": ["● D · open · number 15 then · 9.9 %"],
    }
    assert message.lead == (
        "Of the top 30, furthest up by 5 places: A. Of the top 30, furthest down by 1 place: B.",
        ("Ranks by tokens, 9 June 2026 to 15 June 2026, against 2 June 2026 to 8 June 2026."),
    )
    assert message.citation == citation(AS_OF)
    assert message.notes == (
        "Climbers and fallers are models of the top 30 then or now.",
        "Not listed: outside the published ranks; how much it is used there is not known.",
    )


def test_in_turkish_it_says_the_same() -> None:
    message = movers(SOME, TURKISH)
    assert message.lead[0] == (
        "İlk 30’da en çok yükselen (5 sıra): A. İlk 30’da en çok düşen (1 sıra): B."
    )
    assert said(message)["Yükselenler"] == [
        "● A · açık · ▲ 5 yukarı: 9. sıradan 4. sıraya · %10,0 (o zaman %9,9)"
    ]
    assert said(message)["Şimdi ilk 20’de, o zaman listede yoktu"] == [
        "◆ C · bilinmiyor · şimdi 12. sırada · %9,9"
    ]


def test_a_tie_names_all_who_moved_as_far() -> None:
    message = movers(found(("o", "A", 9, 4), ("o", "B", 8, 3), ("o", "C", 7, 6)), SAY)
    assert message.lead[0] == "Of the top 30, furthest up by 5 places: A and B."
    many = movers(found(*(("o", f"M{n}", 20 + n, 10 + n) for n in range(7))), SAY)
    assert many.lead[0] == (
        "Of the top 30, furthest up by 10 places: M0, M1, M2, M3, M4 and 2 more models."
    )


def test_no_movement_is_said_plainly() -> None:
    message = movers(found(("o", "A", 1, 1)), SAY)
    assert message.lead[0] == NOBODY
    assert (message.sections, message.notes) == ((), ())
    assert movers(found(("o", "A", 1, 1)), TURKISH).lead[0] == (
        "İki haftada da listelenen ilk 30 modelinin hiçbirinin sırası değişmedi."
    )


def test_at_most_five_of_a_kind_are_named_and_the_others_counted() -> None:
    message = movers(found(*(("o", f"M{n}", 30 - n, 1 + n) for n in range(6))), SAY)
    assert len(said(message)["Climbers"]) == SHOWN + 1
    assert said(message)["Climbers"][-1] == "1 more model"


def test_what_makes_the_figures_less_sure_is_noted() -> None:
    (a, b) = (Place("A", 1, 50, None, None), Place("B", 2, 50, None, None, hidden=7))
    base = found(("o", "A", 2, 1), ("o", "B", 1, 2))
    answer = replace(
        base,
        now=replace(base.now, places=(a, b), days_without_other=1),
        climbers=(replace(base.climbers[0], after=a),),
        fallers=(replace(base.fallers[0], after=b),),
        board=read_boards()["category-programming"],
    )
    notes = movers(answer, SAY).notes
    assert [note.split(" ", 1)[0] for note in notes] == [
        "Climbers",
        "Some",
        "Models",
        "These",
        "For",
    ]
    assert "Models with equal tokens are ranked by name." in notes
    assert notes[1] == (
        "Some models are not listed on each of the days; their use on the others is not counted."
    )
    assert movers(answer, SAY).title == "Programming: Climbers and fallers on OpenRouter"


def test_the_figures_are_dated_by_the_newer_of_both_weeks() -> None:
    later = replace(SOME, then=replace(SOME.then, as_of=AS_OF + ONE))
    assert movers(later, SAY).citation == slope(later, SAY).citation == citation(AS_OF + ONE)


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (START + ONE, "There is nothing to compare with so far back: the first complete week"),
        (START - ONE, "The week that ends on 1 June 2026 is not complete here"),
    ],
)
def test_a_week_that_cannot_be_compared_with_is_said_with_what_to_do(
    first: object, why: str
) -> None:
    answer = Uncompared(MODELS, SOME.now, START, (START - 3 * ONE, START - 2 * ONE), START)
    message = movers(replace(answer, first=first), SAY)
    assert message.lead[0].startswith(why)
    assert ("29 May 2026 and 30 May 2026" in message.lead[0]) == (first == START - ONE)
    assert "Please ask" in message.lead[0]
    assert message.citation == citation(AS_OF)


def test_the_picture_has_the_ranks_of_all_who_are_named() -> None:
    picture = slope(SOME, SAY)
    assert picture.title == "A rose most in the top 30, B fell most"
    assert picture.columns == ("week to 8 June 2026", "week to 15 June 2026")
    assert picture.moves == (
        Move("A", Openness.OPEN, 9, 4, "▲ up 5", (991, 996), strong=True),
        Move("B", Openness.CLOSED, 2, 3, "▼ down 1", (998, 997), strong=True),
        Move("C", Openness.UNKNOWN, None, 12, "now listed", (None, 988)),
        Move("D", Openness.OPEN, 15, None, "left the list", (985, None)),
    )
    assert (picture.depth, picture.totals) == (15, (10_000, 10_000))
    assert picture.citation == citation(AS_OF)


@pytest.mark.parametrize(
    ("ranks", "title", "strong"),
    [
        ([(1, 2)], "M0 fell most in the top 30, by 1 place", 1),
        ([(9, 4), (6, 5)], "M0 rose most in the top 30, by 5 places", 1),
        ([(9, 4), (8, 3)], "M0 and M1 rose most in the top 30, by 5 places", 2),
        (
            [(9, 4), (8, 3), (7, 2), (1, 6)],
            "M0 and 2 more models rose most in the top 30, M3 fell most",
            4,
        ),
    ],
)
def test_the_picture_is_titled_with_who_moved_furthest(
    ranks: list[tuple[int, int]], title: str, strong: int
) -> None:
    picture = slope(found(*(("o", f"M{n}", *pair) for n, pair in enumerate(ranks))), SAY)
    assert picture.title == title
    assert sum(move.strong for move in picture.moves) == strong


def test_a_title_without_room_for_both_ways_is_about_the_climb() -> None:
    named = [("o", f"Extraordinarily Long Model 4.{n}") for n in range(4)]
    moves = [(9, 4), (8, 3), (2, 6), (1, 5)]
    title = slope(found(*((*who, *way) for who, way in zip(named, moves, strict=True))), SAY).title
    assert title.endswith("4.0 and Extraordinarily Long…4.1 rose most in the top 30, by 5 places")


def test_where_nobody_moved_the_picture_says_so() -> None:
    still = slope(found(("o", "A", 1, 1)), SAY)
    assert still.title == still.empty == NOBODY.removesuffix(".")


def test_the_picture_says_which_models_it_draws() -> None:
    both, one = found(("o", "A", 2, 1)), found(("o", "A", 2, 1), ("u", "C", None, 12))
    assert slope(both, SAY).subtitle == (
        "Ranks by tokens over seven days; models listed in both weeks"
    )
    unlisted = "Ranks by tokens over seven days; faint lines: models listed in one week only"
    assert slope(one, SAY).subtitle == unlisted
    assert slope(found(("o", "D", 15, None)), SAY).subtitle == unlisted


def test_the_picture_names_its_weeks_in_turkish_too() -> None:
    picture = slope(SOME, TURKISH)
    assert picture.title == "İlk 30’da en çok A yükseldi, en çok B düştü"
    assert slope(found(("o", "A", 9, 4)), TURKISH).title == (
        "A, 5 sıra çıkarak ilk 30’da en çok yükseldi"
    )
    assert picture.columns == ("bitiş: 8 Haziran 2026", "bitiş: 15 Haziran 2026")


def test_the_picture_of_estimates_says_that_they_are_in_the_readers_language() -> None:
    guessed = replace(SOME, board=replace(SOME.board, estimated=True))
    for say in (SAY, TURKISH):
        picture, word = slope(guessed, say), estimates_word(say, estimated=True)
        assert (picture.estimated, picture.language) == (word, say.code)
        assert f". {word}. " in slope_alt(guessed, say)
        assert not slope(SOME, say).estimated


def test_the_picture_in_words_has_the_ranks_and_of_the_first_of_each_kind_the_shares() -> None:
    assert slope_alt(SOME, SAY) == (
        "Ranks by tokens, 9 June 2026 to 15 June 2026, against 2 June 2026 to 8 June 2026."
        " Climbers: A (open) up 5, from 9 to 4, share of all tokens 10.0 % (9.9 % then)."
        " Fallers: B (closed) down 1, from 2 to 3, share of all tokens 10.0 % (10.0 % then)."
        " In the top 20 now, not listed then: C (unknown) number 12 now,"
        " share of all tokens 9.9 %."
        " In the top 20 then, not listed now: D (open) number 15 then, share of all tokens 9.9 %."
    )
    two = found(("o", "A", 9, 4), ("o", "B", 9, 5))
    assert slope_alt(two, SAY).endswith("(9.9 % then); B (open) 9 → 5.")
    assert "A (açık) 5 yukarı: 9. sıradan 4. sıraya, bütün tokenlardaki payı %10,0" in (
        slope_alt(SOME, TURKISH)
    )


@pytest.mark.parametrize("length", range(18, 41))
def test_shares_in_the_words_of_a_picture_never_cost_a_model_its_ranks(length: int) -> None:
    names = [f"{n:02}".ljust(length, "x") for n in range(20)]
    ranks = [(20, 10), (10, 20), (None, 10), (10, None)]
    alt = slope_alt(found(*(("u", name, *ranks[n // 5]) for n, name in enumerate(names))), SAY)
    told = [name in alt for name in names]
    assert told == sorted(told, reverse=True)
    assert len(alt) <= 1000
    assert all(told) or "share" not in alt
    assert length > 20 or (all(told) and "share" in alt)


@pytest.mark.parametrize("say", [SAY, TURKISH], ids=["en", "tr"])
def test_names_of_any_length_stay_within_limits_and_in_one_line(say: Say) -> None:
    names = [f"{n} {HOSTILE}" for n in range(20)]
    ranks = [(20, 10), (10, 20), (None, 10), (10, None)]
    answer = found(*(("u", name, *ranks[n // 5]) for n, name in enumerate(names)))
    alt = slope_alt(answer, say)
    assert 900 < len(alt) <= 1000
    assert alt.endswith((" 10.", " 20."))
    assert "\u202e" not in alt
    for lines in said(movers(answer, say)).values():
        for line in lines:
            assert len(line) < 200
            assert line.isprintable()
    picture = slope(answer, say)
    assert len(picture.title) < 150
    for move in picture.moves:
        assert len(move.name) <= 1000
        assert move.name.isprintable()


def test_a_long_name_of_one_word_is_cut_too() -> None:
    picture = slope(found(("o", "x" * 6000, 2, 1)), SAY)
    assert len(picture.moves[0].name) == 1000
    assert picture.title.startswith(f"{'x' * 15}…{'x' * 12} rose most")
    assert f"{'x' * 39}… (open)" in slope_alt(found(("o", "x" * 6000, 2, 1)), SAY)
