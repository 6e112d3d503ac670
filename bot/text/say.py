"""How things are said in a language: sentences, lists, numbers, days (pure)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from gettext import c2py
from io import BytesIO
from typing import TypeAlias

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol

from bot.text import numbers

Names: TypeAlias = Callable[[str], str]
"""A model's slug to the name people know it by."""

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Say:
    """Say things in one language; `sentences` are its translations of the English ones.

    `plurals` are those of sentences that count, by the English one of one: a form for each index
    that `form` gives to a count.
    """

    code: str
    sentences: Mapping[str, str]
    plurals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: Callable[[int], int] = int

    def __call__(self, sentence: str, /, **values: object) -> str:
        """Return a sentence with its `{placeholders}` filled in; untranslated ones stay English."""
        return self.sentences.get(sentence, sentence).format_map(values)

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """Return the sentence that is right for a count, which it may name as `{count}`."""
        forms = self.plurals.get(one)
        sentence = (one if count == 1 else many) if forms is None else forms[self.form(count)]
        return sentence.format_map({"count": count, **values})

    def listed(self, items: Sequence[str]) -> str:
        """Return `a`, `a and b`, `a, b and c`."""
        if len(items) < 2:
            return "".join(items)
        return self("{first} and {last}", first=", ".join(items[:-1]), last=items[-1])

    def percent(self, part: int, whole: int) -> str:
        """Return a share with one decimal: `12.3 %`; of what is more than nothing `<0.1 %`."""
        if part and whole and not numbers.tenths(part, whole):
            return f"<{self('{number} %', number=numbers.percent(1, 1000, self._point()))}"
        return self("{number} %", number=numbers.percent(part, whole, self._point()))

    def whole_percent(self, number: int) -> str:
        """Return a share that is a whole number of per cent: `50 %`."""
        return self("{number} %", number=number)

    def tokens(self, count: int) -> str:
        """Return a count of tokens, shortened: `4.71 T`."""
        number, unit = numbers.tokens(count, self._point())
        forms = {
            "T": self("{number} T", number=number),
            "B": self("{number} B", number=number),
            "M": self("{number} M", number=number),
            "K": self("{number} K", number=number),
        }
        return forms.get(unit, number)

    def day(self, when: date) -> str:
        """Return a day: `7 June 2026`."""
        return format_date(when, "d MMMM y", self.code)

    def month(self, when: date) -> str:
        """Return a month: `June 2026`."""
        return format_date(when, "LLLL y", self.code)

    def short_day(self, when: date) -> str:
        """Return a day as briefly as an axis needs: `7 Jun`."""
        return format_date(when, "d MMM", self.code)

    def _point(self) -> str:
        return get_decimal_symbol(self.code)


def english() -> Say:
    """Return the language in which the sentences are written."""
    return Say(ENGLISH, {})


class Languages(Mapping[str, Say]):
    """The languages there are, by code; English always is."""

    def __init__(self, others: Sequence[Say] = ()) -> None:
        """Take the languages besides English."""
        self._says = {say.code: say for say in (english(), *others)}

    def __getitem__(self, code: str) -> Say:
        """Return a language. Raises KeyError."""
        return self._says[code]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the codes, English first."""
        return iter(self._says)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._says)

    def of(self, locale: str | None) -> Say:
        """Return the language of a locale such as `tr` or `en-GB`; English where we lack it."""
        return self._says.get((locale or ENGLISH).split("-", 1)[0], self._says[ENGLISH])


def parse_language(code: str, catalogue: bytes) -> Say:
    """Return the language of a `.po` catalogue. Raises ValueError when it cannot be read."""
    found = read_po(BytesIO(catalogue), locale=code, abort_invalid=True)
    said = [(each.id, each.string) for each in found if each.id and each.string]
    sentences = {id_: str(string) for id_, string in said if isinstance(id_, str)}
    plurals = {id_[0]: tuple(forms) for id_, forms in said if isinstance(id_, tuple) and all(forms)}
    return Say(code, sentences, plurals, c2py(found.plural_expr))
