"""What the evidence pages show, as values, every word in the reader's language."""

from dataclasses import dataclass
from datetime import date

from bot.message import Ranked, Section


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture on a page: the paths of its files by theme, and its content in words."""

    dark: str
    light: str
    alt: str


@dataclass(frozen=True, slots=True)
class Term:
    """Something by its name."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Another reading of the same figures, and whether the claim holds with it."""

    words: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Input:
    """A day that a milestone was computed from: its snapshot, when that was read, its sha256."""

    day: str
    origin: str
    read: str
    rows: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What a milestone takes a model for, and on what evidence.

    `address` is where its weights are: a repository of Hugging Face, or None.
    """

    name: str
    word: str
    evidence: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that happened to a milestone since it was found, and what it said until then.

    `when` is "" where that is not known; `said` are the paragraphs it had before, its figures
    last; empty where nothing that was said changed.
    """

    when: str
    what: str
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A milestone in a list: `path` is that of its page, `withdrawn` says so in words or is ""."""

    path: str
    date: date
    day: str
    severity: str
    board: str
    title: str
    withdrawn: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the page of a milestone says.

    `standing` says in a sentence whether it stands; `claim` are its paragraphs; `readings` are
    none where it was withdrawn, `judged` none where it rests on no openness; `brief` are the
    paragraphs of the press pack's text, at most 150 words together, its citation not counted.
    """

    entry: Entry
    standing: str
    claim: tuple[str, ...]
    caption: str
    ranking: tuple[Ranked, ...]
    notes: tuple[str, ...]
    readings: tuple[Reading, ...]
    judged: tuple[Judged, ...]
    receipt: tuple[Term, ...]
    inputs: tuple[Input, ...]
    corrections: tuple[Correction, ...]
    brief: tuple[str, ...]
    citation: str
    key: str


@dataclass(frozen=True, slots=True)
class Years:
    """The archive of a year: its milestones by month, newest first, and the other years there are.

    `months` pairs the month's name with its milestones; `years` pairs a year with its page's path.
    """

    year: int
    months: tuple[tuple[str, tuple[Entry, ...]], ...]
    years: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A board's standings, or its open share: a picture, its finding, rows and notes.

    `ranking` is empty where the page has none; `boards` pairs each board's name with the path of
    its page of this kind, this one among them.
    """

    board: str
    title: str
    lead: tuple[str, ...]
    caption: str
    ranking: tuple[Ranked, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    citation: str
    boards: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The first page: what is newest, and where the rest is."""

    newest: tuple[Entry, ...]
    lead: Entry | None
    standings: tuple[tuple[str, str], ...]
    open_shares: tuple[tuple[str, str], ...]
