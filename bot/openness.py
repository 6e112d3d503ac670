"""Is a model open, since when, and on what evidence (pure)."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby

from bot.errors import InputError
from bot.knowledge import (
    CatalogueEntry,
    Hinted,
    Lacking,
    NotYet,
    Unhinted,
    Verdict,
)
from bot.model import Openness

UNKNOWN = Verdict(Openness.UNKNOWN, None, "No evidence either way.", basis=Lacking.EVIDENCE)
STEALTH_AUTHORS = frozenset({"openrouter", "stealth"})
"""Authors under whose names models are tried out before anyone says whose they are."""

UNDECIDED = timedelta(days=14)
"""For so long from its listing a model without a hint is unknown, if its author has open ones."""

_STEALTH = Verdict(
    Openness.UNKNOWN,
    None,
    "A stealth model: nobody says yet whose it is.",
    basis=Lacking.AUTHOR,
)
_ONE_AUTHOR = {"meta-llama": "meta"}


def author(model: str) -> str:
    """Return who made a model: what stands before the slash; `meta` and `meta-llama` are one."""
    name = model.split("/", 1)[0]
    return _ONE_AUTHOR.get(name, name)


@dataclass(frozen=True, slots=True)
class Registry:
    """The public registry: verdicts by author and by base model, names, and its version."""

    version: str
    authors: Mapping[str, Verdict]
    models: Mapping[str, Verdict]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Directory:
    """What is known of models besides their figures.

    `published` are, by author, the models that are open on any day.
    """

    registry: Registry
    catalogue: Mapping[str, CatalogueEntry]
    published: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find once who publishes weights."""
        published = _published(self.registry, self.catalogue.values())
        object.__setattr__(self, "published", published)

    def at(self, model: str, day: date) -> Verdict:
        """Return whether base model `model` is open on `day`.

        The registry's entry for the model comes first, then the catalogue's hint at published
        weights, then the registry's entry for the author, then that two weeks brought no hint
        though the author published others. None of them speaks of days before its own `since`,
        save a correction of the registry; where none speaks the model is unknown, as are the
        stealth authors' models that have no entry.
        """
        own, makers = self._entries(model)
        if model.split("/", 1)[0] in STEALTH_AUTHORS:
            return _said(own, day) or _STEALTH
        entry = self.catalogue.get(model)
        return (
            _said(own, day)
            or _said(_hint(entry), day)
            or _said(makers, day)
            or (_without_hint(entry, day) if self._publishes_others(model) else None)
            or UNKNOWN
        )

    def corrected(self, models: Iterable[str]) -> bool:
        """Say whether the registry's entry for one of these, or for its author, is a correction."""
        entries = (entry for model in models for entry in self._entries(model))
        return any(entry is not None and entry.correction for entry in entries)

    def _publishes_others(self, model: str) -> bool:
        return bool(self.published.get(author(model), frozenset()) - {model})

    def _entries(self, model: str) -> tuple[Verdict | None, Verdict | None]:
        known = self.registry
        return known.models.get(model), known.authors.get(model.split("/", 1)[0])

    def name(self, model: str) -> str:
        """Return the name people know: the catalogue's, the registry's, or what the slug tells."""
        entry = self.catalogue.get(model)
        if entry is not None:
            return entry.name
        return self.registry.names.get(model) or model.split("/", 1)[-1]

    def models(self) -> tuple[str, ...]:
        """Return every base model something is known of, by name."""
        return tuple(sorted({*self.registry.models, *self.registry.names, *self.catalogue}))


def directory(registry: Registry, catalogue: Iterable[CatalogueEntry]) -> Directory:
    """Return the directory of a registry and a catalogue."""
    return Directory(registry, {entry.model: entry for entry in catalogue})


def _published(
    registry: Registry, entries: Iterable[CatalogueEntry]
) -> Mapping[str, frozenset[str]]:
    hinted = {entry.model for entry in entries if _hint(entry) is not None}
    told = {model for model, said in registry.models.items() if said.openness is Openness.OPEN}
    by_author = groupby(sorted(hinted | told, key=author), key=author)
    return {name: frozenset(models) for name, models in by_author}


def _said(verdict: Verdict | None, day: date) -> Verdict | None:
    """Return what evidence says of a day, None where it does not speak of it."""
    if verdict is None or verdict.since is None or verdict.since <= day:
        return verdict
    if not verdict.correction:
        return None
    if verdict.openness is not Openness.OPEN:
        return replace(verdict, since=None)
    evidence, basis = f"No public weights yet. {verdict.evidence}", NotYet(verdict.evidence)
    return replace(verdict, openness=Openness.CLOSED, since=None, evidence=evidence, basis=basis)


def _hint(entry: CatalogueEntry | None) -> Verdict | None:
    if entry is None or entry.weights is None or entry.weights_since is None:
        return None
    since, hub = entry.weights_since, entry.hub
    if hub is not None and not (hub.public and hub.weights):
        return None
    basis = Hinted(f"huggingface.co/{entry.weights}", since, since == entry.created, hub)
    checked = hub.checked if hub else None
    return Verdict(Openness.OPEN, since, _named(basis), checked=checked, basis=basis)


def _named(hint: Hinted) -> str:
    dated = (
        f"since {hint.since}, the day it was listed there; the weights' own day is not known"
        if hint.listed
        else f"first seen there on {hint.since}"
    )
    named = f"OpenRouter's catalogue names its weights: {hint.address} ({dated})"
    if hint.hub is None:
        return f"{named}."
    return f"{named}; checked on {hint.hub.checked}, licence {hint.hub.licence or 'not stated'}."


def _without_hint(entry: CatalogueEntry | None, day: date) -> Verdict | None:
    """Return that two weeks brought no hint, None where that is not so on `day` or not known.

    A hint that came later changes nothing about the days before it; one that did not stand up to
    the check was a hint all the same. An entry that was not read since the two weeks tells nothing.
    """
    if entry is None:
        return None
    since, came = entry.created + UNDECIDED, entry.weights_since
    read = entry.seen or since
    if entry.weights is None and since <= min(day, read):
        found = f"No public weights found as of {read}."
        basis = Unhinted(read)
        return Verdict(Openness.CLOSED, since, found, checked=entry.seen, basis=basis)
    if came is not None and since <= day < came:
        found = f"No public weights found before {came}."
        return Verdict(Openness.CLOSED, since, found, basis=Unhinted(came, until=True))
    return None


def parse_registry(text: str, where: str) -> Registry:
    """Return the registry a TOML text holds. Raises InputError naming the entry that is wrong."""
    try:
        data = tomllib.loads(text)
        models = data.get("models", {})
        return Registry(
            version=str(data["version"]),
            authors=_verdicts(data.get("authors", {})),
            models=_verdicts(models),
            names=data.get("names", {}) | {n: e["name"] for n, e in models.items() if "name" in e},
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{where}: {type(error).__name__}: {error}") from error


def _verdicts(entries: Mapping[str, Mapping[str, object]]) -> dict[str, Verdict]:
    found = {}
    for name, entry in entries.items():
        try:
            found[name] = _verdict(entry)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name}: {error}") from error
    return found


def _verdict(entry: Mapping[str, object]) -> Verdict:
    since, checked = _day(entry, "since"), _day(entry, "checked")
    if checked is None:
        raise ValueError("every entry needs the day it was checked")
    evidence, correction = entry.get("evidence"), entry.get("correction", False)
    if not isinstance(evidence, str) or not evidence:
        raise ValueError("every entry needs evidence")
    if not isinstance(correction, bool):
        raise TypeError(f"correction must be true or false, not {correction!r}")
    openness = Openness(str(entry.get("openness", "without openness")))
    return Verdict(openness, since, evidence, correction, checked)


def _day(entry: Mapping[str, object], key: str) -> date | None:
    value = entry.get(key)
    if value is None or type(value) is date:
        return value
    raise ValueError(f"{key} must be a day, not {value!r}")
