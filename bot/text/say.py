"""How things are said in a language: sentences, lists, numbers, days (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from bot.text import numbers

Names: TypeAlias = Callable[[str], str]
"""A model's slug to the name people know it by."""


@dataclass(frozen=True, slots=True)
class Say:
    """Say things in one language; `sentences` are its translations of the English ones."""

    code: str
    sentences: Mapping[str, str]

    def __call__(self, sentence: str, /, **values: object) -> str:
        """Return a sentence with its `{placeholders}` filled in; untranslated ones stay English."""
        return self.sentences.get(sentence, sentence).format_map(values)

    def listed(self, items: Sequence[str]) -> str:
        """Return `a`, `a and b`, `a, b and c`."""
        if len(items) < 2:
            return "".join(items)
        return self("{first} and {last}", first=", ".join(items[:-1]), last=items[-1])

    def percent(self, part: int, whole: int) -> str:
        """Return a share with one decimal."""
        return numbers.percent(part, whole)

    def tokens(self, count: int) -> str:
        """Return a count of tokens, shortened."""
        return numbers.tokens(count)

    def day(self, when: date) -> str:
        """Return a day: `7 June 2026`."""
        return numbers.day(when)

    def short_day(self, when: date) -> str:
        """Return a day as briefly as an axis needs: `7 Jun`."""
        return numbers.short_day(when)


def english() -> Say:
    """Return the language in which the sentences are written."""
    return Say("en", {})
