"""Rows to be taken away: the message beside the file, and the file (pure)."""

import json
from collections.abc import Iterator
from decimal import Decimal

from bot.answers.exported import Chart, DayRow, Exported, WindowRow
from bot.message import Link, Message
from bot.text.alert import estimates, on_board
from bot.text.say import Say
from bot.text.sheets import LICENCE, LICENCE_URL, Cell, sheet
from bot.text.words import between, citation


def export(found: Exported, say: Say) -> Message:
    """Return what stands beside the file, or that there is nothing to put into one."""
    if not found.rows or found.as_of is None:
        return Message(_title(found, say), (_nothing(found, say),), "", (), (), "")
    return Message(
        title=_title(found, say),
        lead=(*_which(found, say), _how_much(found, say), *_more(found, say)),
        caption="",
        ranking=(),
        notes=(
            *_caveats(found, say),
            say("The source asks that nobody serves its data anew as a competing free API."),
        ),
        citation=citation(found.as_of),
        links=(Link(LICENCE, LICENCE_URL),),
    )


def _which(found: Exported, say: Say) -> tuple[str, ...]:
    """Say of which model the rows are, if they are of one alone."""
    if found.asked.model is None:
        return ()
    first = found.rows[0]
    name = first.name if isinstance(first, WindowRow) else found.asked.model
    return (say("One model only: {model}", model=name),)


def _title(found: Exported, say: Say) -> str:
    if found.asked.chart is Chart.DAYS:
        return on_board(say("The rows as published"), found.board.name, say)
    return on_board(say("The rows of the rankings"), found.board.name, say)


def _how_much(found: Exported, say: Say) -> str:
    rows = say.plural("{count} row", "{count} rows", len(found.rows))
    return f"{rows} · {_dates(found, say)} · {between(found.since, found.until, say)}"


def _dates(found: Exported, say: Say) -> str:
    if found.asked.chart is Chart.RANKINGS:
        return say.plural(
            "{count} window of seven days, dated by its last",
            "{count} windows of seven days, dated by their last",
            found.dates,
        )
    if found.board.weekly:
        return say.plural("{count} week", "{count} weeks", found.dates)
    return say.plural("{count} day", "{count} days", found.dates)


def _more(found: Exported, say: Say) -> tuple[str, ...]:
    if not found.more:
        return ()
    until = found.until.isoformat()
    return (say("No more days go into one file. For newer ones ask since {until}.", until=until),)


def _nothing(found: Exported, say: Say) -> str:
    if found.dates:
        return say(
            "This model is not in the published ranks of {days}; how much it was used then is not"
            " known.",
            days=between(found.since, found.until, say),
        )
    if found.asked.chart is Chart.RANKINGS:
        return _no_week(found, say)
    days = between(found.first, found.newest, say)
    return say("Nothing is stored of these days. There are figures of {days}.", days=days)


def _no_week(found: Exported, say: Say) -> str:
    if found.first == found.newest:
        return say(
            "No complete week ends on these days. The only one ends on {day}.",
            day=say.day(found.first),
        )
    return say(
        "No complete week ends on these days. The first and the last one end on {first} and"
        " {newest}.",
        first=say.day(found.first),
        newest=say.day(found.newest),
    )


def _caveats(found: Exported, say: Say) -> tuple[str, ...]:
    counted = say(
        "Each provider counts tokens with its own tokenizer, so that rows of different providers"
        " compare only roughly."
    )
    return (counted, estimates(say)) if found.board.estimated else (counted,)


def file_name(found: Exported, form: str) -> str:
    """Return what the file is called; `form` is csv or json."""
    return f"rankshift-{found.board.name}-{found.since}-{found.until}.{form}"


def as_csv(found: Exported, say: Say) -> bytes:
    """Return the rows as CSV, below what they are, their source and its licence."""
    return sheet(_head(found, say), _columns(found), map(_cells, found.rows))


def _head(found: Exported, say: Say) -> Iterator[str]:
    """Yield what stands above the rows; nothing of it comes from outside."""
    yield f"{_title(found, say)} · {_how_much(found, say)}"
    if found.as_of is not None:
        yield citation(found.as_of)
    yield f"{LICENCE}: {LICENCE_URL}"
    yield from _caveats(found, say)


def as_json(found: Exported, say: Say) -> bytes:
    """Return the rows as one JSON object in UTF-8, a row a line."""
    told = {
        "citation": citation(found.as_of) if found.as_of else "",
        "licence": {"name": LICENCE, "url": LICENCE_URL},
        "note": " ".join(_caveats(found, say)),
        "board": found.board.name,
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
    }
    columns = _columns(found)
    # Row by row: one call for all of them would hold up every other thread.
    records = (dict(zip(columns, _cells(row), strict=True)) for row in found.rows)
    rows = ",\n".join(json.dumps(each, ensure_ascii=False, default=float) for each in records)
    head = json.dumps(told, ensure_ascii=False, indent=1).removesuffix("\n}")
    return f'{head},\n "rows": [\n{rows}\n]}}\n'.encode()


def _columns(found: Exported) -> tuple[str, ...]:
    if found.asked.chart is Chart.DAYS:
        return ("date", "rank", "model_permaslug", "tokens")
    return ("date", "rank", "model", "name", "openness", "tokens", "share_percent")


def _cells(row: WindowRow | DayRow) -> tuple[Cell, ...]:
    day = row.date.isoformat()
    if isinstance(row, DayRow):
        return (day, row.rank, row.model, row.tokens)
    share = hundredths(row.tokens, row.total)
    return (day, row.rank, row.model, row.name, row.openness.value, row.tokens, share)


def hundredths(part: int, whole: int) -> Decimal:
    """Return a share in per cent with two decimals, halves rounded up; 0.00 of nothing."""
    return Decimal((part * 20000 + whole) // (2 * whole) if whole else 0).scaleb(-2)
