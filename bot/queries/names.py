"""What a person means by a name half typed, shortened or misspelt (pure)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from bot.errors import UnknownName

MOST = 25
"""Names offered at once; Discord shows no more."""

NEAREST = 3
"""Names suggested where a text fits none."""

_SURE, _LIKE = 90.0, 66.0
"""How well (of 100) a text fits a name that it means if it fits no other, or that is offered."""

_LONGEST_TYPED = 100
_MOST_PARTS = 8
_PARTS = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*")
_DAY = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True)
class Named:
    """Something that has a name; `what` is what we call it, `more` are other names people use."""

    what: str
    name: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one kind ("model", "author", "board"), those first that are wanted most."""

    kind: str
    all: tuple[Named, ...]
    _holders: Mapping[str, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    _words: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _exact: Mapping[str, Named] = field(init=False, repr=False, compare=False)
    _by_parts: Mapping[tuple[str, ...], Named] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare what texts are compared with: who holds each word and number."""
        texts = [(one, (one.what, one.name, *one.more)) for one in self.all]
        holders: dict[str, list[int]] = defaultdict(list)
        for index, (_, each) in enumerate(texts):
            for part in dict.fromkeys(_split(" ".join(each))):
                holders[part].append(index)
        exact = {_key(text): one for one, each in reversed(texts) for text in each[1:]}
        found = {part: tuple(indices) for part, indices in holders.items()}
        object.__setattr__(self, "_holders", found)
        object.__setattr__(self, "_words", tuple(p for p in found if not p[0].isdigit()))
        object.__setattr__(self, "_exact", exact | {_key(one.what): one for one in self.all})
        by_parts = {tuple(_split(text)): one for one, each in reversed(texts) for text in each[1:]}
        by_parts.pop((), None)  # what has no words is no short form of anything
        object.__setattr__(self, "_by_parts", by_parts)

    def offered(self, typed: str) -> Sequence[Named]:
        """Return at most 25 that a text may mean, best first; all the first ones for no text."""
        if not typed.strip():
            return self.all[:MOST]
        exact = self._exactly(typed)
        fitting = (one for _, one in self._fitting(typed))
        return list(dict.fromkeys([*([exact] if exact else []), *fitting]))[:MOST]

    def meant(self, typed: str) -> Named:
        """Return what a text names: by slug or by name, or because it fits nothing else well.

        Raises UnknownName with what is nearest.
        """
        exact = self._exactly(typed)
        if exact is not None:
            return exact
        fitting = self._fitting(typed)
        sure = [one for worst, one in fitting if worst >= _SURE]
        if len(sure) == 1:
            return sure[0]
        nearest = [one for _, one in fitting[:NEAREST]] or self._nearest(typed)
        raise UnknownName(self.kind, typed, tuple(one.name for one in nearest))

    def _exactly(self, typed: str) -> Named | None:
        """Return what is called so, however its words and numbers are joined."""
        if len(typed) > _LONGEST_TYPED:
            return None
        return self._exact.get(_key(typed)) or self._by_parts.get(tuple(_split(typed)))

    def _nearest(self, typed: str) -> list[Named]:
        """Return what looks most like a text that fits nothing."""
        wanted = _key(typed[:_LONGEST_TYPED])
        if not wanted:
            return []
        names = [_key(one.name) for one in self.all]
        found = process.extract(wanted, names, scorer=fuzz.WRatio, limit=NEAREST)
        return [self.all[index] for _, _, index in found]

    def _fitting(self, typed: str) -> list[tuple[float, Named]]:
        """Return what fits, best on average first, each with how well its worst part fits."""
        wanted = _split(typed[:_LONGEST_TYPED])[:_MOST_PARTS]
        fits = [self._fits(part) for part in wanted]
        found = (
            (index, [fit.get(index, 0.0) for fit in fits]) for index in sorted(set().union(*fits))
        )
        good = [(sum(fit), min(fit), index) for index, fit in found]
        best = sorted(good, key=lambda each: -each[0])
        least = _LIKE * len(wanted)
        return [(worst, self.all[index]) for total, worst, index in best if total >= least]

    def _fits(self, part: str) -> Mapping[int, float]:
        """Return how well each name fits a part of what was typed, as far as it does."""
        like = self._like_number(part) if part[0].isdigit() else self._like_word(part)
        fits: dict[int, float] = {}
        for word, score in like.items():
            for index in self._holders.get(word, ()):
                fits[index] = max(score, fits.get(index, 0.0))
        return fits

    def _like_word(self, part: str) -> Mapping[str, float]:
        """Return how like each word is; a beginning is nearly it."""
        scored = process.extract(
            part, self._words, scorer=fuzz.ratio, score_cutoff=_LIKE, limit=None
        )
        begun = {word: _SURE for word in self._words if word.startswith(part)}
        alike = {word: score for word, score, _ in scored}
        return {w: max(begun.get(w, 0.0), alike.get(w, 0.0)) for w in begun.keys() | alike.keys()}

    def _like_number(self, part: str) -> Mapping[str, float]:
        """Return the numbers that are the same or begin so, written with points or without."""
        plain = part.replace(".", "")
        numbers = (each for each in self._holders if each[0].isdigit())
        begun = (each for each in numbers if each.replace(".", "").startswith(plain))
        return {each: 100.0 if each == part else _SURE for each in begun}


def _split(text: str) -> list[str]:
    """Return words and numbers apart, without the day at the end of a slug."""
    return [part for part in _PARTS.findall(_folded(text)) if not _DAY.fullmatch(part)]


def _key(text: str) -> str:
    return " ".join(_folded(text).split())


def _folded(text: str) -> str:
    """Return a text without case, accents and other dress: Turks write `İ` and `ı` for `i`."""
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i")).casefold()
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
