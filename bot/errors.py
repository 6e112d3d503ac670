"""What can go wrong, and whether trying again helps.

RankshiftError
├── SettingsError         a setting is missing or wrong
├── InputError            a file or an option from the person at the terminal is wrong
├── SourceError
│   ├── SourceUnreachable   no usable answer came back (retry)
│   │   └── SourceDeclined    an answer came that says no
│   ├── KeyRefused          the source does not accept the key
│   ├── BudgetSpent         the day's requests of the key are spent (retry)
│   └── PayloadRefused      an answer came, and is not what the source promises
├── StoreError            the data folder cannot be read or written
│   ├── StoreBusy           another process writes to it (retry)
│   └── StoreDamaged        a file is not what was written, and no good copy is left
├── RenderFailed          a picture could not be drawn in time (retry)
├── PagesBusy             too many pages are being made (retry)
├── QuestionRefused       a question cannot be answered as it was asked
│   ├── UnknownName         nothing of that kind has that name
│   ├── UnknownDay          a text is no day
│   ├── SpanRefused         a board of whole weeks has no single days
│   ├── OneModelAlone       a comparison needs two different models
│   ├── DaysRefused         the days asked for are too many, or end before they begin
│   ├── TooEarly            nothing is stored so far back
│   └── NoStandings         no complete window is stored yet
├── NothingToSay          none of a delivery's milestones is stored
├── SendFailed
│   ├── HistoryHidden       what stands in a channel may not be read
│   ├── SendLater           Discord or the way to it had a passing fault (retry)
│   ├── PlaceClosed         nothing can be posted there until somebody changes something
│   ├── BodyRefused         Discord does not take a message of this form
│   └── SendRefused         this message is not taken, and will not be
├── DiscordUnreachable    Discord cannot be logged in to at the moment (retry)
└── TokenRefused          Discord does not accept the token
"""

from datetime import date, datetime, timedelta
from typing import ClassVar

from bot.model import Answer
from bot.subscription import PauseReason


class RankshiftError(Exception):
    """Base of all: `retry` says whether the same thing may succeed later."""

    retry: ClassVar[bool] = False


class SettingsError(RankshiftError):
    """A setting is missing or wrong; the message names it and the remedy."""


class InputError(RankshiftError):
    """A file or an option from the person at the terminal is wrong."""


class SourceError(RankshiftError):
    """The source of rankings did not give what was asked for."""


class SourceUnreachable(SourceError):
    """No usable answer came back from the source."""

    retry = True


class SourceDeclined(SourceUnreachable):
    """The source answered with a `status` that says no, and `said` why in its own words, or ""."""

    def __init__(self, where: str, status: int, said: str) -> None:
        """Keep the parts; what a stranger `said` is not repeated unless somebody decides so."""
        super().__init__(f"{where}: answered {status}")
        self.status = status
        self.said = said


class KeyRefused(SourceError):
    """The source does not accept the key that it was asked with."""


class BudgetSpent(SourceError):
    """No request with the key is left within 24 hours; one is again at `frees`."""

    retry = True

    def __init__(self, requests: int, frees: datetime) -> None:
        """Say how many there were, and when the next is free (UTC)."""
        moment = f"{frees:%Y-%m-%d %H:%M:%S} UTC"
        super().__init__(f"the {requests} requests of 24 hours are spent, the next is at {moment}")
        self.frees = frees


class PayloadRefused(SourceError):
    """An answer came and is not what the source promises: `where` it came from, `what` is wrong."""

    def __init__(self, where: str, what: str) -> None:
        """Keep both parts, so that one log line can name them."""
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what


class StoreError(RankshiftError):
    """The data folder, or the database, cannot be read or written."""


class StoreBusy(StoreError):
    """Another process writes to the data folder."""

    retry = True


class StoreDamaged(StoreError):
    """A stored file is not what was written, and no good copy of it is left."""


class SchemaMismatch(StoreError):
    """The database's tables are of another version than ours, or there are none."""


class WorkerFailed(RankshiftError):
    """A worker process died, or what it was to do failed."""

    retry = True


class WorkerTooLate(WorkerFailed):
    """A worker process took too long."""


class RenderFailed(RankshiftError):
    """A picture could not be drawn, or not in time."""

    retry = True


class BacktestFailed(RankshiftError):
    """What the stored days would have told could not be computed, or not in time."""

    retry = True


class PagesBusy(RankshiftError):
    """Too many pages are being made at once."""

    retry = True


class QuestionRefused(RankshiftError):
    """A question cannot be answered as it was asked."""


class UnknownName(QuestionRefused):
    """No `kind` (model, author, board, milestone, timezone) is called as was `typed`.

    `nearest` are names that are.
    """

    def __init__(self, kind: str, typed: str, nearest: tuple[str, ...] = ()) -> None:
        """Take what was looked for, and what comes near to it, best first."""
        super().__init__(f"no {kind} is called {typed[:100]!r}")
        self.kind = kind
        self.typed = typed
        self.nearest = nearest


class UnknownDay(QuestionRefused):
    """What was `typed` is no day such as 2026-06-07."""

    def __init__(self, typed: str) -> None:
        """Take the text."""
        super().__init__(f"no day: {typed[:100]!r}")
        self.typed = typed


class SpanRefused(QuestionRefused):
    """A day was asked for of a board that is published by whole weeks."""


class DaysRefused(QuestionRefused):
    """Rows were asked for that would end before they begin, or span more than `most` days."""

    def __init__(self, since: date, until: date, most: int) -> None:
        """Take the days, both included."""
        super().__init__(f"no rows from {since} to {until}")
        self.since = since
        self.until = until
        self.most = most


class OneModelAlone(QuestionRefused):
    """A model cannot be compared with itself."""

    def __init__(self, name: str) -> None:
        """Take the name of the one model that was meant each time."""
        super().__init__(f"nothing to compare {name[:100]!r} with")
        self.name = name


class TooEarly(QuestionRefused):
    """A day was asked for from before the `first` one on which a complete window ends."""

    def __init__(self, first: date) -> None:
        """Take the last day of the oldest complete window."""
        super().__init__(f"nothing is stored so far back: the first window ends on {first}")
        self.first = first


class NoStandings(QuestionRefused):
    """No complete window is stored; `answer` says what is and what is missing."""

    def __init__(self, answer: Answer) -> None:
        """Take what there is instead."""
        super().__init__("no complete window is stored")
        self.answer = answer


class NothingToSay(RankshiftError):
    """None of a delivery's milestones is stored."""


class SendFailed(RankshiftError):
    """A message did not go out."""


class HistoryHidden(SendFailed):
    """What stands in a channel may not be read."""


class SendLater(SendFailed):
    """Discord or the way to it had a passing fault."""

    retry = True

    def __init__(self, what: str, after: timedelta | None = None) -> None:
        """Say what happened, and when at the earliest to try again if Discord said so."""
        super().__init__(what)
        self.after = after


class PlaceClosed(SendFailed):
    """Nothing can be posted in a place: it is gone, or we may not."""

    def __init__(self, reason: PauseReason, what: str) -> None:
        """Keep why, and what Discord said."""
        super().__init__(what)
        self.reason = reason


class BodyRefused(SendFailed):
    """Discord takes no message of this form: a fault of ours."""


class SendRefused(SendFailed):
    """This message is not taken, and will not be: what it is about is gone."""


class DiscordUnreachable(RankshiftError):
    """Discord cannot be logged in to at the moment."""

    retry = True


class TokenRefused(RankshiftError):
    """Discord does not accept the bot's token."""
