"""Rankings as text: what reads back equal, and what is refused whole."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import PayloadRefused
from bot.model import Day, Row
from bot.sources.rows import EXPORT_HEADER, PLAIN_HEADER, parse_rows

WHERE = "rankings.csv"
TODAY = date(2026, 7, 1)
AS_OF = datetime(2026, 7, 1, 1, 46, tzinfo=UTC)
PLAIN, EXPORT = ",".join(PLAIN_HEADER), ",".join(EXPORT_HEADER)
GOOD_PLAIN = [PLAIN, "2026-06-29,a/one,9", "2026-06-29,other,1", "2026-06-30,b/two:free,7"]
GOOD_EXPORT = [
    EXPORT,
    "2026-06-29,a/one,1,9,0.9",
    "2026-06-29,other,,1,0.1",
    "2026-06-30,b/two:free,1,7,1",
]


def read(lines: Iterable[str] | str) -> tuple[Day, ...]:
    """Parse lines, or text as it is."""
    text = lines if isinstance(lines, str) else "\n".join(lines)
    return parse_rows(text, where=WHERE, as_of=AS_OF, today=TODAY)


def refusal(lines: Iterable[str] | str) -> PayloadRefused:
    """Return why lines are refused."""
    with pytest.raises(PayloadRefused) as refused:
        read(lines)
    return refused.value


def read_or_refuse(text: str) -> tuple[Day, ...] | None:
    """Parse text; None for the one error that may come of it."""
    try:
        return read(text)
    except PayloadRefused:
        return None


def made_day(when: date, counts: Mapping[str, int], other: int | None) -> Day:
    """Return the day that a reader must make of these counts."""
    ordered = sorted(counts, key=lambda model: (-counts[model], model))
    return Day(when, tuple(Row(model, counts[model]) for model in ordered), other, AS_OF)


def write(header: tuple[str, ...], days: Iterable[Day]) -> list[str]:
    """Return a header and a line for every row."""
    lines = []
    for day in days:
        rows = [(row.model, str(n), row.tokens) for n, row in enumerate(day.rows, start=1)]
        rows += [] if day.other is None else [("other", "", day.other)]
        for model, rank, tokens in rows:
            cells = {"date": str(day.date), "model_permaslug": model, "rank": rank}
            cells |= {"total_tokens": str(tokens), "share_of_daily_tokens": "0.25"}
            lines.append(",".join(cells[name] for name in header))
    return [",".join(header), *lines]


NAME = st.text("abcXYZ019~._+@-", min_size=1, max_size=12)
MODELS = st.builds("{}/{}{}".format, NAME, NAME, st.sampled_from(["", "", ":free", ":beta", "/x"]))
COUNTS = st.one_of(
    st.integers(0, 10**12), st.integers(2**63, 10**30 - 1), st.sampled_from([0, 5, 5])
)


@st.composite
def published(draw: st.DrawFn) -> tuple[Day, ...]:
    """Draw some days, ascending."""
    dates = draw(st.sets(st.dates(date(2025, 1, 1), date(2026, 6, 30)), min_size=1, max_size=4))
    return tuple(
        made_day(
            when,
            draw(st.dictionaries(MODELS, COUNTS, min_size=1, max_size=6)),
            draw(st.none() | COUNTS),
        )
        for when in sorted(dates)
    )


NASTY: tuple[str, ...] = (
    '"',
    '""',
    ",",
    "\0",
    "\r",
    "\n",
    "\n\n",
    "٣",
    "²",
    "-",
    "1e9",
    "nan",
    " ",
    "\ufeff",
)
NASTY += ("\x85", "\u2028", "\ud800", "\x1a", "é", ":", "/", "9" * 5000, "x" * 140_000)
HTML = "<!doctype html>\n<title>Just a moment…</title>\n"


@st.composite
def mangled(draw: st.DrawFn, good: str) -> str:
    """Draw something that became of good text on the way."""
    place = draw(st.integers(0, len(good) - 1))
    lines = good.splitlines(keepends=True)
    bits = st.integers(0, 6).map(lambda bit: chr(ord(good[place]) ^ 1 << bit))
    put = st.sampled_from(NASTY) | st.text(max_size=8) | bits
    patch = st.tuples(put, st.integers(0, 3)).map(
        lambda p: good[:place] + p[0] + good[place + p[1] :]
    )
    chosen = st.lists(st.sampled_from(lines), max_size=8).map("".join)
    headed = st.lists(st.sampled_from(lines), max_size=8).map(lambda some: lines[0] + "".join(some))
    rest = st.text() | st.sampled_from([good[:place], good + good, HTML, HTML + good, good + HTML])
    return draw(patch | chosen | headed | rest)


@given(published(), st.sampled_from([PLAIN_HEADER, EXPORT_HEADER]), st.data())
@settings(deadline=None)
def test_any_days_that_are_written_read_back_equal(
    days: tuple[Day, ...], header: tuple[str, ...], data: st.DataObject
) -> None:
    first, *lines = write(header, days)
    lines = data.draw(st.permutations(lines))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    last = data.draw(st.sampled_from(["", end]))
    assert read(end.join([first, *lines]) + last) == days


@pytest.mark.parametrize("good", [GOOD_PLAIN, GOOD_EXPORT], ids=["plain", "export"])
@given(data=st.data())
@settings(deadline=None, max_examples=300)
def test_mangled_text_gives_orderly_days_or_is_refused(
    good: list[str], data: st.DataObject
) -> None:
    days = read_or_refuse(data.draw(mangled("\r\n".join(good) + "\r\n")))
    if days is None:
        return
    dates = [day.date for day in days]
    assert dates == sorted(set(dates))
    assert dates[-1] < TODAY
    for day in days:
        counts = {row.model: row.tokens for row in day.rows}
        assert "other" not in counts
        assert day == made_day(day.date, counts, day.other)


def test_days_come_ascending_and_rows_by_tokens_then_name() -> None:
    lines = ["2026-06-02,a/a,1", "2026-06-01,b/b,5", "2026-06-01,a/z,5", "2026-06-01,c/c,6"]
    days = read([PLAIN, *lines])
    assert [day.date.day for day in days] == [1, 2]
    assert [row.model for row in days[0].rows] == ["c/c", "a/z", "b/b"]


@pytest.mark.parametrize("good", [GOOD_PLAIN, GOOD_EXPORT], ids=["plain", "export"])
def test_both_shapes_give_the_same_days_with_other_apart(good: list[str]) -> None:
    assert read(good) == (
        Day(date(2026, 6, 29), (Row("a/one", 9),), 1, AS_OF),
        Day(date(2026, 6, 30), (Row("b/two:free", 7),), None, AS_OF),
    )


def test_a_day_with_nothing_but_other_has_no_rows() -> None:
    assert read([PLAIN, "2026-06-29,other,3"])[0] == Day(date(2026, 6, 29), (), 3, AS_OF)


SWAPPED = ("model_permaslug,date,total_tokens", "date,model_permaslug,total_tokens,rank,share")
SHORT = ("", "date", "date,model_permaslug", "2026-06-29,a/one,9", "<!doctype html>")
ALMOST = (
    PLAIN.upper(),
    f"\ufeff{PLAIN}",
    f"{PLAIN} ",
    f"{PLAIN},",
    f"{EXPORT},extra",
    f" {EXPORT}",
)


@pytest.mark.parametrize("header", [*SWAPPED, *SHORT, *ALMOST])
def test_an_unknown_header_is_refused(header: str) -> None:
    error = refusal([header, *GOOD_PLAIN[1:]])
    assert str(error) == f"{WHERE}: does not begin with {PLAIN}"
    assert not error.retry


@pytest.mark.parametrize("text", [PLAIN, f"{EXPORT}\r\n"])
def test_a_header_alone_is_refused(text: str) -> None:
    assert str(refusal(text)) == f"{WHERE}: has no rows"


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("", "has 0 fields, not 3"),
        ("2026-06-30,a/one", "has 2 fields, not 3"),
        ("2026-06-30,a/one,1,9,0.9", "has 5 fields, not 3"),
        ("2026-06-31,a/one,9", "has '2026-06-31' for a date"),
        ("2025-02-29,a/one,9", "has '2025-02-29' for a date"),
        ("0000-06-30,a/one,9", "has '0000-06-30' for a date"),
        ("20260630,a/one,9", "has '20260630' for a date"),
        ("2026-W27-1,a/one,9", "has '2026-W27-1' for a date"),
        ("2026-6-30,a/one,9", "has '2026-6-30' for a date"),
        (" 2026-06-30,a/one,9", "has ' 2026-06-30' for a date"),
        ("٢٠٢٦-٠٦-٣٠,a/one,9", "has '٢٠٢٦-٠٦-٣٠' for a date"),
        (",a/one,9", "has '' for a date"),
        ("2026-07-01,a/one,9", "speaks of 2026-07-01, a day that is not over"),
        ("9999-12-31,a/one,9", "speaks of 9999-12-31, a day that is not over"),
        ("2026-06-30,,9", "has '' for a model"),
        ("2026-06-30,one,9", "has 'one' for a model"),
        ("2026-06-30,Other,9", "has 'Other' for a model"),
        ("2026-06-30,a/o ne,9", "has 'a/o ne' for a model"),
        ("2026-06-30,a/one\0,9", "has 'a/one\\x00' for a model"),
        ("2026-06-30,а/one,9", "has 'а/one' for a model"),  # a Cyrillic letter
        (f"2026-06-30,a/{'o' * 199},9", f"has 'a/{'o' * 38}' for a model"),
        ("2026-06-30,a/one,", "has '' for a count of tokens"),
        ("2026-06-30,a/one,-9", "has '-9' for a count of tokens"),
        ("2026-06-30,a/one,+9", "has '+9' for a count of tokens"),
        ("2026-06-30,a/one,1e9", "has '1e9' for a count of tokens"),
        ("2026-06-30,a/one, 9", "has ' 9' for a count of tokens"),
        ("2026-06-30,a/one,many", "has 'many' for a count of tokens"),
        ("2026-06-30,a/one,٩", "has '٩' for a count of tokens"),
        ("2026-06-30,a/one,²", "has '²' for a count of tokens"),
        (f"2026-06-30,a/one,{'9' * 31}", f"has '{'9' * 31}' for a count of tokens"),
        ("2026-06-29,a/one,4", "lists a/one a second time on 2026-06-29"),
        ("2026-06-29,other,4", "lists other a second time on 2026-06-29"),
    ],
)
def test_a_wrong_row_is_refused_by_its_line(bad: str, what: str) -> None:
    error = refusal([*GOOD_PLAIN[:3], bad, GOOD_PLAIN[3]])
    assert (error.where, error.what) == (f"{WHERE}, line 4", what)
    assert str(error) == f"{WHERE}, line 4: {what}"


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("2026-06-29,c/c,1,9,0.9", "has '1' for a rank"),
        ("2026-06-29,c/c,01,9,0.9", "has '01' for a rank"),
        ("2026-06-29,c/c,,9,0.9", "has '' for a rank"),
        ("2026-06-29,c/c,0,9,0.9", "has '0' for a rank"),
        ("2026-06-29,c/c,٢,9,0.9", "has '٢' for a rank"),
        ("2026-06-30,other,2,9,0.9", "gives other the rank '2'"),
        ("2026-06-29,c/c,2,9,much", "has 'much' for a share"),
        ("2026-06-29,c/c,2,9,-0.1", "has '-0.1' for a share"),
        ("2026-06-29,c/c,2,9,0.٩", "has '0.٩' for a share"),
        ("2026-06-29,c/c,2,9", "has 4 fields, not 5"),
    ],
)
def test_a_wrong_rank_or_share_is_refused_by_its_line(bad: str, what: str) -> None:
    error = refusal([*GOOD_EXPORT, bad])
    assert (error.where, error.what) == (f"{WHERE}, line 5", what)


@pytest.mark.parametrize("share", ["", "0", "1", "0.123456", "9.87e-05"])
def test_a_share_may_be_written_in_any_usual_way_or_left_out(share: str) -> None:
    assert read([EXPORT, f"2026-06-29,a/one,1,9,{share}"])[0].rows == (Row("a/one", 9),)


def test_the_longest_name_and_count_are_taken() -> None:
    model, tokens = f"a/{'o' * 198}", 10**30 - 1
    assert read([PLAIN, f"2026-06-30,{model},{tokens}"])[0].rows == (Row(model, tokens),)


@pytest.mark.parametrize(
    "line",
    ['"2026-06-30,a/one,9', '2026-06-30,"a/one"x,9', f"2026-06-30,{'a' * 140_000},9"],
    ids=["open quote", "text after a quote", "field too large"],
)
def test_text_that_is_no_csv_is_refused(line: str) -> None:
    assert str(refusal([PLAIN, line])).startswith(f"{WHERE}: is not CSV: ")


def test_a_count_broken_over_two_lines_is_refused() -> None:
    refusal([PLAIN, '2026-06-30,a/one,"1', '2"'])


def test_only_line_feeds_end_a_line() -> None:
    refusal(f"{PLAIN}\n2026-06-30,a/one,1\f2026-06-30,b/two,2")


def test_the_real_file_gives_its_days(real_data: Path) -> None:
    text = (real_data / "rankings_daily.csv").read_text("ascii")
    days = parse_rows(text, where=WHERE, as_of=AS_OF, today=date(2026, 7, 16))
    assert (len(days), days[0].date, days[-1].date) == (54, date(2026, 5, 23), date(2026, 7, 15))
    assert {len(day.rows) for day in days} == {50}
    assert all(day.other for day in days)
    assert days[0].rows[0] == Row("tencent/hy3-preview-20260421", 407598521870)
    assert days[-1].other == 500965987844
    assert write(PLAIN_HEADER, days) == text.splitlines()
