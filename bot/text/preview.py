"""What a rule would have told becomes a message, and a picture's words (pure)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from babel.dates import format_date
from babel.numbers import get_decimal_symbol

from bot.answers.preview import Barred, Preview, TooFew
from bot.message import Line, Message, Section
from bot.model import BOARD_MODELS, Milestone, Severity
from bot.pictures.calendar import Calendar, Cell, Mark
from bot.standings import WEEK
from bot.text.alert import Told, alert, estimates, on_board
from bot.text.boards import board_title
from bot.text.milestones import severity_word
from bot.text.rule_names import rule_title
from bot.text.say import Say
from bot.text.words import LONGEST_ALT, between, citation, estimates_word

SHOWN = 8
"""Milestones that are named; of the others it is said how many there are."""
_GAPS = 5
_MONTH = 30
_REACHED = frozenset({"token_mark", "first_to_mark", "platform_mark"})
"""Rules that say that something was reached, which stays true below the number, too."""


def preview(found: Preview | Barred | TooFew, told: Sequence[Told], say: Say) -> Message:
    """Return how often, when and how a rule would have told something, or why it cannot be said.

    `told` are the milestones that are named, newest first, with their words.
    """
    title = _title(found, say)
    if not isinstance(found, Preview):
        return Message(title, (_why(found, say),), "", (), (), "")
    return Message(
        title=title,
        lead=_often(found, say),
        caption="",
        ranking=(),
        notes=_notes(found, say),
        citation=citation(found.as_of),
        sections=(*_when(found, told, say), *_example(found, told, say)),
    )


def example(say: Say) -> str:
    """Say what the message below the answer is."""
    return say("An example: its newest alert as it would look")


def not_computed(say: Say) -> str:
    """Say that there is no answer now, and may be one soon."""
    return say(
        "What the stored days would have told could not be computed just now. Please try again in"
        " a minute."
    )


def _title(found: Preview | Barred | TooFew, say: Say) -> str:
    title = say("Preview: {rule}", rule=rule_title(found.rule, say))
    board = found.board.name
    return title if board == BOARD_MODELS else f"{title} · {board_title(board, say)}"


def _why(found: Barred | TooFew, say: Say) -> str:
    if isinstance(found, Barred):
        return say(
            "This rule tells nothing of this ranking: its figures are estimates, and they bear the"
            " order of the first places alone. On “All models” it may be previewed."
        )
    if found.board.weekly:
        return say(
            "Too few days are stored here yet: it takes two weeks in a row. Please ask again in"
            " some days."
        )
    return say(
        "Too few days are stored here yet: it takes eight days in a row. Please ask again in some"
        " days."
    )


def _often(found: Preview, say: Say) -> tuple[str, ...]:
    """Return how often it told something, how weighty that was, and what became of it."""
    if not found.told:
        quiet = say("It would have told nothing in these days. That is an answer, too: it is rare.")
        return (quiet, *_untold(found, say))
    rates = say.plural(
        "It would have told {count} milestone: about {weekly} a week, {monthly} a month.",
        "It would have told {count} milestones: about {weekly} a week, {monthly} a month.",
        len(found.told),
        weekly=_rate(found, WEEK, say),
        monthly=_rate(found, _MONTH, say),
    )
    counts = Counter(one.severity for one in found.told)
    split = (f"{severity_word(each, say)}: {counts[each]}" for each in Severity if counts[each])
    return (rates, " · ".join(split), *_reversals(found, say), *_untold(found, say))


def _rate(found: Preview, days: int, say: Say) -> str:
    """Return how many it told in so many days on average, with one decimal."""
    watched = len(found.ends) * found.board.counting.step.days
    tenths = (len(found.told) * days * 20 + watched) // (2 * watched)
    point = get_decimal_symbol(say.code)
    return f"{tenths // 10}{point}{tenths % 10}" if tenths else f"<0{point}1"


def _reversals(found: Preview, say: Say) -> tuple[str, ...]:
    """Return how many were soon reversed, and of how many that cannot be told."""
    if not found.lasts:
        return (say("How often it was reversed within a week is not counted for this rule."),)
    if not found.reversed:
        return (say("Whether it was still so a week later cannot be told yet."),)
    unknown = len(found.told) - len(found.reversed)
    rest = say.plural(
        "Of {count} more it cannot be told: its week is not over, or not stored.",
        "Of {count} more it cannot be told: their week is not over, or not stored.",
        unknown,
    )
    return (_reversed(found, say), *([rest] if unknown else []))


def _reversed(found: Preview, say: Say) -> str:
    count, gone = len(found.reversed), sum(found.reversed.values())
    if found.rule in _REACHED:
        return say(
            "Below the number again within a week: {reversed} of {count} whose week is over or that"
            " fell before.",
            count=count,
            reversed=gone,
        )
    return say(
        "No longer so within a week: {reversed} of {count} whose week is over or that ended"
        " before.",
        count=count,
        reversed=gone,
    )


def _undone(rule: str, say: Say) -> str:
    """Return what is said of a single one that was soon reversed."""
    if rule in _REACHED:
        return say("below the number again within a week")
    return say("no longer so within a week")


def _untold(found: Preview, say: Say) -> tuple[str, ...]:
    held = say.plural(
        "{count} more would have been held back: it depends on models whose openness is unknown.",
        "{count} more would have been held back: they depend on models whose openness is unknown.",
        found.held,
    )
    silenced = say.plural(
        "{count} more would not have been told by itself: a weightier milestone said it.",
        "{count} more would not have been told by themselves: weightier milestones said them.",
        found.silenced,
    )
    return (*([held] if found.held else []), *([silenced] if found.silenced else []))


def _when(found: Preview, told: Sequence[Told], say: Say) -> tuple[Section, ...]:
    if not found.told:
        return ()
    lines = [Line(_entry(one, found, say)) for one in told[:SHOWN]]
    if (rest := len(found.told) - len(lines)) > 0:
        lines.append(Line(say.plural("and {count} earlier one", "and {count} earlier ones", rest)))
    return (Section(say("When"), tuple(lines)),)


def _entry(told: Told, found: Preview, say: Say) -> str:
    one = told.milestone
    parts = [say.day(one.date), severity_word(one.severity, say), told.headline]
    if found.reversed.get(one.key):
        parts.append(f"◇ {_undone(found.rule, say)}")
    return " · ".join(parts)


def _example(found: Preview, told: Sequence[Told], say: Say) -> tuple[Section, ...]:
    """Return the newest one in the words of its own alert.

    Where the preview counts what fell below a number, not that this cannot reverse the headline.
    """
    if not told:
        return ()
    newest = told[0]
    said = alert([newest], say)
    reversal = "" if found.rule in _REACHED else newest.reversal
    texts = (said.title, *said.lead, newest.beside, reversal)
    heading = say("The newest one, in the words of its alert")
    return (Section(heading, tuple(Line(text) for text in texts if text)),)


def _looked_at(found: Preview, say: Say) -> str:
    count = len(found.ends)
    if found.board.weekly:
        return say.plural(
            "Looked at: {days}, {count} complete week.",
            "Looked at: {days}, {count} complete weeks.",
            count,
            days=between(found.since, found.ends[-1], say),
        )
    if count == 1:
        return say("Looked at: the complete week that ends on {day}.", day=say.day(found.ends[0]))
    return say(
        "Looked at: the complete weeks that end from {days}: {count}.",
        days=between(found.ends[0], found.ends[-1], say),
        count=count,
    )


def _notes(found: Preview, say: Say) -> tuple[str, ...]:
    judged = say("Judged by the figures, and by what is known of models, as they are stored today.")
    return (
        _looked_at(found, say),
        *_gaps(found.missing, say),
        judged,
        *([estimates(say)] if found.board.estimated else []),
    )


def _gaps(missing: Sequence[date], say: Say) -> tuple[str, ...]:
    if not missing:
        return ()
    named = [say.day(day) for day in missing[:_GAPS]]
    if (rest := len(missing) - _GAPS) > 0:
        named.append(say.plural("{count} more day", "{count} more days", rest))
    return (say("Not stored, so left out: {days}.", days=say.listed(named)),)


def calendar(found: Preview, say: Say) -> Calendar:
    """Return the picture of the days on which it told something."""
    days = between(found.ends[0], found.ends[-1], say)
    subtitle = (
        say("Each mark is a week, {days}", days=days)
        if found.board.weekly
        else say("Each mark is the week that ends on that day, {days}", days=days)
    )
    return Calendar(
        title=_headline(found, say),
        subtitle=on_board(subtitle, found.board.name, say),
        cells=_cells(found.ends, found.told, found.reversed),
        weekly=found.board.weekly,
        months=tuple(_name(date(2026, month, 1), "LLL", say) for month in range(1, 13)),
        weekdays=tuple(_name(date(2026, 6, day), "ccc", say) for day in range(1, 8)),
        words={
            Mark.HIT: say("told something"),
            Mark.REVERSED: _undone(found.rule, say),
            Mark.QUIET: say("told nothing"),
            Mark.MISSING: say("no complete week"),
        },
        empty=say("No complete week is stored yet"),
        citation=citation(found.as_of),
        language=say.code,
        estimated=estimates_word(say, estimated=found.board.estimated),
    )


def _headline(found: Preview, say: Say) -> str:
    return say.plural(
        "{rule}: {count} milestone",
        "{rule}: {count} milestones",
        len(found.told),
        rule=rule_title(found.rule, say),
    )


def _name(day: date, form: str, say: Say) -> str:
    return format_date(day, form, say.code)


def _cells(
    ends: Sequence[date], told: Sequence[Milestone], reversals: Mapping[str, bool]
) -> tuple[Cell, ...]:
    hits = Counter(one.date for one in told)
    ended = Counter(one.date for one in told if reversals.get(one.key))
    return tuple(Cell(end, hits[end], ended[end]) for end in ends)


def calendar_alt(found: Preview, say: Say) -> str:
    """Return what the picture shows, in words: every day with its hits, newest first, that fits."""
    picture = calendar(found, say)
    text = f"{picture.title}. {picture.subtitle}."
    for number, cell in enumerate(cell for cell in reversed(picture.cells) if cell.hits):
        more = f"{text}{';' if number else ''} {_shown(cell, found.rule, say)}"
        if len(more) > LONGEST_ALT - 2:
            return f"{text}…"
        text = more
    return f"{text.rstrip('.')}."


def _shown(cell: Cell, rule: str, say: Say) -> str:
    """Return a day of the calendar in words: when, how many, and how many of them were reversed."""
    said = f"{say.day(cell.day)}: {cell.hits}"
    if not cell.reversed:
        return said
    return f"{said} ({_undone(rule, say)}: {cell.reversed})"
