"""Is a model open, since when, and on what evidence (pure)."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.errors import InputError
from bot.model import CatalogueEntry, Openness, Verdict

UNKNOWN = Verdict(Openness.UNKNOWN, None, "No evidence either way.")
STEALTH_AUTHORS = frozenset({"openrouter", "stealth"})
"""Authors under whose names models are tried out before anyone says whose they are."""

_STEALTH = Verdict(Openness.UNKNOWN, None, "A stealth model: nobody says yet whose it is.")


@dataclass(frozen=True, slots=True)
class Registry:
    """The public registry: verdicts by author and by base model, names, and its version."""

    version: str
    authors: Mapping[str, Verdict]
    models: Mapping[str, Verdict]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Directory:
    """What is known of models besides their figures."""

    registry: Registry
    catalogue: Mapping[str, CatalogueEntry]

    def at(self, model: str, day: date) -> Verdict:
        """Return whether base model `model` is open on `day`.

        The registry's entry for the model comes first, then the catalogue's hint at published
        weights, then the registry's entry for the author. None of them speaks of days before its
        own `since`; where none speaks the model is unknown, as are the stealth authors' models
        that have no entry.
        """
        author = model.split("/", 1)[0]
        stealth = author in STEALTH_AUTHORS
        evidence = (
            self.registry.models.get(model),
            _STEALTH if stealth else _hint(self.catalogue.get(model)),
            self.registry.authors.get(author),
        )
        holding = (v for v in evidence if v is not None and (v.since is None or v.since <= day))
        return next(holding, UNKNOWN)

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


def _hint(entry: CatalogueEntry | None) -> Verdict | None:
    if entry is None or entry.weights is None or entry.weights_since is None:
        return None
    since = entry.weights_since
    dated = (
        f"since {since}, the day it was listed there; the weights' own day is not known"
        if since == entry.created
        else f"first seen there on {since}"
    )
    evidence = (
        f"OpenRouter's catalogue names its weights: huggingface.co/{entry.weights} ({dated})."
    )
    return Verdict(Openness.OPEN, since, evidence)


def parse_registry(text: str, where: str) -> Registry:
    """Return the registry a TOML text holds. Raises InputError naming the entry that is wrong."""
    try:
        data = tomllib.loads(text)
        models = data.get("models", {})
        return Registry(
            version=str(data["version"]),
            authors={name: _verdict(entry) for name, entry in data.get("authors", {}).items()},
            models={name: _verdict(entry) for name, entry in models.items()},
            names=data.get("names", {}) | {n: e["name"] for n, e in models.items() if "name" in e},
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{where}: {type(error).__name__}: {error}") from error


def _verdict(entry: Mapping[str, object]) -> Verdict:
    since = entry.get("since")
    if since is not None and type(since) is not date:
        raise ValueError(f"since must be a day, not {since!r}")
    if not isinstance(entry["evidence"], str) or not entry["evidence"]:
        raise ValueError("every entry needs evidence")
    return Verdict(Openness(str(entry["openness"])), since, entry["evidence"])
