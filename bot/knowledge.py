"""What is known of models besides their figures."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from bot.model import Openness


@dataclass(frozen=True, slots=True)
class HubCheck:
    """What the Hugging Face Hub said of a repository on the day `checked`.

    `public` says whether anyone may download it, if need be after accepting its terms; `weights`
    whether it holds files of weights; `licence` is its mark as given there, None where none is.
    """

    checked: date
    public: bool
    weights: bool
    licence: str | None


class Lacking(StrEnum):
    """What is missing where nothing speaks of a model: evidence, or who made it."""

    EVIDENCE = "evidence"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class NotYet:
    """A correction says of days before its own that there were no public weights, in `words`."""

    words: str


@dataclass(frozen=True, slots=True)
class Hinted:
    """The source's catalogue names weights at an address, and what the Hub said, if asked.

    `since` is the day it was listed there (`listed`), or the day the hint was first seen.
    """

    address: str
    since: date
    listed: bool
    hub: HubCheck | None


@dataclass(frozen=True, slots=True)
class Unhinted:
    """No public weights were found as of a day, or before it (`until`)."""

    day: date
    until: bool = False


Basis: TypeAlias = Lacking | NotYet | Hinted | Unhinted
"""Evidence that is not the registry's own words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a model is open on a day, since when, and on what evidence.

    `correction` says that it speaks of the days before `since` too; `checked` is the day of the
    newest reading behind it. `evidence` is in English; `basis` has it as values, to be said in any
    language, None where it is the registry's own words.
    """

    openness: Openness
    since: date | None
    evidence: str
    correction: bool = False
    checked: date | None = None
    basis: Basis | None = None


class Rater(StrEnum):
    """Who measures models besides counting their tokens."""

    ARTIFICIAL_ANALYSIS = "artificial_analysis"
    DESIGN_ARENA = "design_arena"


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in USD: those sent and those answered. Zero is a price too."""

    prompt: Decimal
    completion: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """What a rater gave a model under a name: an index of Artificial Analysis, or an Elo.

    `name` is `intelligence`, `coding` or `agentic`, or Design Arena's own word for a category;
    `rank` is the place among the models rated there, 1 the best, None where none is told.
    """

    source: Rater
    name: str
    value: Decimal
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What the source's catalogue says of one base model.

    `created` is the day the source says it listed the model; `weights` is its Hugging Face
    repository (a hint); `weights_since` is the day from which that hint is known to hold; `seen`
    is the day of the newest reading that listed the model; `hub` is what the Hub said of `weights`.
    `context` is in tokens; `price` is None where it varies or is not told; `scores` are Artificial
    Analysis' first, then Design Arena's by rank. All three are as of `seen`.
    """

    model: str
    name: str
    created: date
    weights: str | None
    weights_since: date | None
    seen: date | None = None
    hub: HubCheck | None = None
    context: int | None = None
    price: Price | None = None
    scores: tuple[Score, ...] = ()
