"""A milestone in at most 150 words, every figure of which is its own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings

from bot.alerts import tell
from bot.backtest import backtest
from bot.model import Cause, Day, Milestone
from bot.openness import Directory, directory, parse_registry
from bot.packaged import read_languages
from bot.proof import prove
from bot.sources.catalogue import parse_catalogue
from bot.sources.rows import parse_rows
from bot.text.alert import Told
from bot.text.brief import brief, first_places
from bot.text.say import Say
from tests.charts.figures import demo_days, known
from tests.made import at
from tests.naive import World, eventful, worlds
from tests.reviewing import KNOWN, LATER, LEVEL, RULES

MOST_WORDS = 150
LANGUAGES = read_languages()
in_both = pytest.mark.parametrize("say", LANGUAGES.values(), ids=LANGUAGES)
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
}
SHARE = {"en": r"(<?)(\d+\.\d) %", "tr": r"(<?)%(\d+,\d)"}
UNITS = {
    "trillion|T|trilyon": 10**12,
    "billion|B|milyar": 10**9,
    "million|M|milyon": 10**6,
    "K|bin": 10**3,
}
MARKUP = re.compile(r"[<>*_`#|\[\]{}](?!%?0)")


def words(text: Sequence[str]) -> int:
    """Return how many words paragraphs have together."""
    return sum(len(paragraph.split()) for paragraph in text)


def found_in(days: Mapping[date, Day], known: Directory, every: int = 1) -> Iterator[Milestone]:
    """Yield what would be told of some days, proven."""
    told = [one for one in backtest("models", days, known, RULES) if one.told]
    for one in told[::every]:
        then = {when: day for when, day in days.items() if when <= one.date}
        yield prove(one, then, known, RULES[one.rule])


def foreign(text: str, one: Milestone, known: Directory, code: str) -> Sequence[str]:
    """Return the numerals of a text that are none of a milestone's figures."""
    for name in sorted(names(one, known), key=len, reverse=True):
        text = text.replace(name, "…")
    for day in days(one):
        month = MONTHS[code].split()[day.month - 1]
        text = re.sub(rf"\b{day.day} {month} {day.year}\b", "…", text)
    odd: list[str] = []

    def share(match: re.Match[str]) -> str:
        if not any(fits(match[2], each * 100, match[1]) for each in shares(one)):
            odd.append(match[0])
        return "…"

    text = re.sub(SHARE[code], share, text)
    for unit, size in UNITS.items():

        def count(match: re.Match[str], size: int = size) -> str:
            if not any(fits(match[1], Fraction(each, size)) for each in counts(one)):
                odd.append(match[0])
            return "…"

        text = re.sub(rf"(\d+(?:[.,]\d+)?) (?:{unit})\b", count, text)
    whole = {str(number) for number in numbers(one)}
    return [*odd, *(each for each in re.findall(r"\d+(?:[.,]\d+)?", text) if each not in whole)]


def fits(written: str, exact: Fraction, less: str = "") -> bool:
    """Say whether a numeral is what an exact number rounds to; `less` than it, but not nothing."""
    shown = Fraction(written.replace(",", "."))
    step = Fraction(1, 10 ** len(re.sub(r"^\d+[.,]?", "", written)))
    return 0 < exact < shown if less else -step / 2 <= exact - shown < step / 2


def names(one: Milestone, known: Directory) -> set[str]:
    """Return what is called by its name."""
    half = one.half_year.top if one.half_year else ()
    facts = {fact for fact in one.facts.values() if isinstance(fact, str)}
    said = {each.name for each in (*one.top, *half)} | {known.name(fact) for fact in facts} | facts
    return {name for name in said if re.search(r"\d", name)}


def days(one: Milestone) -> Iterator[date]:
    """Yield the days a milestone knows."""
    yield from (one.date, one.searched.since)
    yield from (one.half_year.date,) if one.half_year else ()
    yield from (one.revised.date(),) if one.revised else ()
    if "windows" in one.facts:
        yield one.date - timedelta(one.facts["windows"])
    for fact in one.facts.values():
        for text in (fact, *fact) if isinstance(fact, (list, tuple)) else (fact,):
            if re.fullmatch(r"\d{4}-\d\d-\d\d", str(text)):
                yield date.fromisoformat(str(text))


def shares(one: Milestone) -> Iterator[Fraction]:
    """Yield a milestone's shares, exactly."""
    parts = [(each.tokens, one.total) for each in one.top]
    keys = (
        ("open_tokens", "counted_tokens"),
        ("unknown_tokens", "counted_tokens"),
        ("tokens", "total"),
        ("record_tokens", "record_total"),
    )
    facts = one.facts
    parts += [(facts[a], facts[b]) for a, b in keys if a in facts]
    if "unknown_tokens" in facts:
        parts.append((facts["open_tokens"] + facts["unknown_tokens"], facts["counted_tokens"]))
    half = one.half_year
    if half is not None:
        opens = sum(each.tokens for each in half.top if each.openness == "open")
        parts += [(opens, half.total), (half.author, half.total)]
        parts += [(half.place.tokens, half.total)] if half.place else []
        parts += [(half.open_tokens, half.counted), (half.unknown_tokens, half.counted)]
    yield from (Fraction(part, whole) for part, whole in parts if whole)
    yield Fraction(0)


def counts(one: Milestone) -> Iterator[int]:
    """Yield a milestone's counts of tokens."""
    yield one.total
    yield from (one.half_year.total,) if one.half_year else ()
    yield from (value for value in one.facts.values() if isinstance(value, int))


def numbers(one: Milestone) -> Iterator[int]:
    """Yield a milestone's whole numbers: of its claim, its search, its readings and its rule."""
    yield from counts(one)
    yield from (one.searched.days, len(one.searched.missing))
    if one.receipt is not None:
        holds, fails = one.receipt.holds, one.receipt.fails
        yield from (len(holds), len(holds) + len(fails))
        yield from (int(number) for each in fails for number in re.findall(r"\d+", each))
    half = one.half_year
    if half is not None:
        yield sum(each.openness == "open" for each in half.top)
        yield from (half.place.rank,) if half.place else ()
    # What the rules themselves are about: per cent ahead, the published places.
    yield from {"overtake": (1,), "dropout": (50,)}.get(one.rule, ())


def check(one: Milestone, known: Directory) -> None:
    """Hold a milestone's brief, in every language, to its length, figures and plainness."""
    for code, say in LANGUAGES.items():
        text = brief(tell(one, RULES, known, say), say)
        assert words(text) <= MOST_WORDS, text
        assert not foreign(" ".join(text), one, known, code), text
        assert not MARKUP.search("".join(text)), text
        assert all(paragraph.endswith(".") for paragraph in text)


def test_every_figure_of_eventful_times_is_the_milestones_own() -> None:
    world = eventful()
    for one in found_in(world.days, world.directory, every=7):
        check(one, world.directory)
        check(replace(one, final=True), world.directory)
        check(replace(one, final=True, revised=LATER), world.directory)


def test_every_figure_of_the_demo_is_the_milestones_own() -> None:
    found = list(found_in(demo_days(), known()))
    assert len(found) > 50
    for one in found:
        check(one, known())


def test_every_figure_of_the_real_weeks_is_the_milestones_own(real_data: Path) -> None:
    text = (real_data / "rankings_daily.csv").read_text(encoding="utf-8")
    today = date(2026, 8, 22)
    read = parse_rows(text, where="rankings_daily.csv", as_of=at(today), today=today)
    registry = parse_registry((files("bot") / "openness.toml").read_text("utf-8"), "shipped")
    entries = parse_catalogue((real_data / "catalog.json").read_bytes(), "catalog.json")
    told = directory(registry, entries)
    for one in found_in({each.date: each for each in read}, told):
        check(one, told)


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_every_figure_of_any_world_is_the_milestones_own(world: World) -> None:
    for one in backtest("models", world.days, world.directory, RULES)[:5]:
        check(one, world.directory)


@in_both
def test_what_is_withdrawn_says_so_first_and_claims_nothing(say: Say) -> None:
    one = replace(LEVEL, withdrawn=Cause.REGISTRY, revised=LATER)
    told = tell(one, RULES, KNOWN, say)
    first, last = brief(told, say)
    assert first.startswith(say("Withdrawn"))
    assert f"“{told.headline}”" in first
    assert say.day(LATER.date()) in first
    assert told.sentence not in first
    assert last == say("Only what goes through OpenRouter is counted, not what is used elsewhere.")
    assert not foreign(f"{first} {last}", one, KNOWN, say.code)


@in_both
def test_too_many_words_go_by_whole_sentences_the_least_important_first(say: Say) -> None:
    told = tell(replace(LEVEL, final=True), RULES, KNOWN, say)
    whole = brief(told, say)
    room = MOST_WORDS - words(whole)
    open_means = say("Open: anyone can download the model’s weights.")
    full = replace(told, sentence=f"{told.sentence}{' more' * room}")
    assert words(brief(full, say)) == MOST_WORDS
    assert open_means in " ".join(brief(full, say))
    over = replace(told, sentence=f"{told.sentence}{' more' * (room + 1)}")
    shorter = " ".join(brief(over, say))
    assert open_means not in shorter
    assert [each for each in whole if each in shorter] == [whole[-1]]
    no_room = brief(replace(told, sentence="more " * 200), say)
    assert len(no_room) == 1
    assert no_room[0].startswith(told.headline)


@in_both
def test_names_without_end_leave_no_more_than_150_words(say: Say) -> None:
    endless = " ".join("x" * 150)
    top = tuple(replace(each, name=endless) for each in LEVEL.top)
    for one in (LEVEL, replace(LEVEL, withdrawn=Cause.FIGURES, revised=LATER)):
        told = Told(replace(one, top=top), endless, endless, endless, endless)
        assert 40 < words(brief(told, say)) <= MOST_WORDS


@in_both
def test_six_months_before_is_told_where_it_is_known(say: Say) -> None:
    world, seen = eventful(), set[bool]()
    for one in found_in(world.days, world.directory, every=9):
        told, known = tell(one, RULES, world.directory, say), one.half_year is not None
        text = " ".join(brief(told, say))
        if "tokenizer" in text or "tokenları kendi" in text:  # nothing of more weight had to go
            seen.add(known)
            assert (told.beside in text) is known
    assert seen == {True, False}


@in_both
def test_that_figures_may_change_is_left_out_later_than_what_is_only_good_to_know(say: Say) -> None:
    told = tell(replace(LEVEL, final=False), RULES, KNOWN, say)
    early, places = say("The figures are not final yet."), first_places(told.milestone, say)
    kept = set[tuple[bool, bool]]()
    for more in range(MOST_WORDS):
        text = " ".join(brief(replace(told, sentence=f"{told.sentence}{' more' * more}"), say))
        kept.add((early in text, places in text))
    assert kept == {(True, True), (True, False), (False, False)}


@in_both
def test_it_says_whether_its_figures_are_final(say: Say) -> None:
    early = tell(replace(LEVEL, final=False, revised=None), RULES, KNOWN, say)
    final = tell(replace(LEVEL, final=True, revised=None), RULES, KNOWN, say)
    edited = tell(replace(LEVEL, final=True, revised=LATER), RULES, KNOWN, say)
    assert say("The figures are not final yet.") in brief(early, say)[-1]
    assert say("The figures are final.") in brief(final, say)[-1]
    assert say.day(LATER.date()) in brief(edited, say)[-1]


def test_the_check_of_figures_finds_what_is_foreign() -> None:
    named = replace(LEVEL.top[0], name="GPT-5.4", tokens=617, rank=1)
    one = replace(
        LEVEL, top=(named,), total=1000, revised=datetime(2026, 6, 1, tzinfo=UTC), receipt=None
    )
    text = "GPT-5.4 had 61.7 % of 1.00 K tokens on 1 June 2026, "
    assert not foreign(text, one, KNOWN, "en")
    changed = ("61.8 %", "1.01 K", "2 June 2026", "GPT-5.5")
    for right, wrong in zip(("61.7 %", "1.00 K", "1 June 2026", "GPT-5.4"), changed, strict=True):
        assert foreign(text.replace(right, wrong), one, KNOWN, "en"), wrong
    assert foreign("number 6", one, KNOWN, "en") == ["6"]
