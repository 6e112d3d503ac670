"""A subscription while it is chosen: it stands in the ids of the controls below it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import discord

from bot.model import BOARD_MODELS, Severity
from bot.subscription import NOBODY, Subscription, Wish
from bot.text.panel import LANGUAGES, Part

EDIT, SAVE, CANCEL = "panel-edit", "panel-save", "panel-cancel"
PARTS = {f"panel-{part}": part for part in Part}
KINDS = (EDIT, SAVE, CANCEL, *PARTS)
"""How the ids of controls begin that are about a draft."""

YES, NO = "yes", "no"
_NEVER = "-"
_NEW, _STORED = "n", "s"


@dataclass(frozen=True, slots=True)
class Draft:
    """A subscription as far as it is chosen; `stored` says whether one of its number is amended.

    `publish` is None where nothing can be published: in all but announcement channels.
    """

    channel_id: int
    number: int
    stored: bool
    wish: Wish
    language: str
    role: int | None = None
    publish: bool | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """The boards and rules that can be chosen, by name, at most 25 each, as ids count them."""

    boards: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def mark(self) -> str:
        """Return four digits that tell it from others: with others an id means something else."""
        text = "|".join((*self.boards, "", *self.rules))
        return hashlib.blake2b(text.encode(), digest_size=2).hexdigest()

    def text(self, draft: Draft) -> str:
        """Return a draft as an id holds it: at most 80 characters."""
        wish, publish = draft.wish, {None: _NEVER, True: YES, False: NO}
        parts = (
            *(draft.channel_id, draft.number, _STORED if draft.stored else _NEW),
            *(_mask(wish.boards, self.boards), wish.least, _mask(wish.rules, self.rules)),
            *(draft.language, draft.role or NOBODY, publish[draft.publish], self.mark),
        )
        return "|".join(map(str, parts))

    def read(self, text: str) -> Draft | None:
        """Return the draft that an id holds; None where it was written with another offer."""
        try:
            draft = self._read(*text.split("|"))
        except (TypeError, ValueError, KeyError):
            return None
        return draft if text == self.text(draft) and draft.wish.boards else None

    def _read(self, *parts: str) -> Draft:
        channel, number, stored, boards, least, rules, language, role, publish, _ = parts
        return Draft(
            channel_id=int(channel),
            number=int(number),
            stored={_STORED: True, _NEW: False}[stored],
            wish=Wish(
                _unmasked(boards, self.boards), Severity(least), _unmasked(rules, self.rules)
            ),
            language={code: code for code in LANGUAGES.values()}[language],
            role=int(role) or None,
            publish={_NEVER: None, YES: True, NO: False}[publish],
        )


def _mask(names: Iterable[str], offered: Sequence[str]) -> str:
    return f"{sum(1 << offered.index(each) for each in names):x}"


def _unmasked(mask: str, offered: Sequence[str]) -> tuple[str, ...]:
    bits = int(mask, 16)
    return tuple(each for place, each in enumerate(offered) if bits >> place & 1)


def drafted(subscription: Subscription, offer: Offer, *, news: bool) -> Draft:
    """Return a stored subscription as a draft, without what is not offered any more.

    `news`: its channel is an announcement channel.
    """
    wish, manner = subscription.wish, subscription.manner
    boards = tuple(each for each in offer.boards if each in wish.boards)
    return Draft(
        channel_id=subscription.channel_id,
        number=subscription.number,
        stored=True,
        wish=Wish(
            boards or (BOARD_MODELS,),
            wish.least,
            tuple(each for each in offer.rules if each in wish.rules),
        ),
        language=subscription.language,
        role=manner.mentions[0] if manner.mentions else None,
        publish=manner.publish if news else None,
    )


def wished(draft: Draft, before: Subscription, offer: Offer) -> Wish:
    """Return what a draft of a stored subscription asks for.

    Boards or rules that nobody changed stay as they are stored, those not offered any more too.
    """
    wish, shown = draft.wish, drafted(before, offer, news=False).wish
    same_boards, same_rules = wish.boards == shown.boards, wish.rules == shown.rules
    return replace(
        before.wish,
        boards=before.wish.boards if same_boards else wish.boards,
        least=wish.least,
        rules=before.wish.rules if same_rules else wish.rules,
    )


def chosen(draft: Draft, part: Part, values: Sequence[str], offer: Offer) -> Draft | None:
    """Return a draft after something was chosen; None where that is not offered."""
    try:
        return _chosen(draft, part, values, offer)
    except (KeyError, IndexError, ValueError):
        return None


def _chosen(draft: Draft, part: Part, values: Sequence[str], offer: Offer) -> Draft:
    wish = draft.wish
    if part is Part.ROLE:
        return replace(draft, role=int(values[0]) if values else None)
    if part is Part.LANGUAGE:
        return replace(draft, language={code: code for code in LANGUAGES.values()}[values[0]])
    if part is Part.PUBLISH:
        return replace(draft, publish={YES: True, NO: False}[values[0]])
    if part is Part.LEAST:
        return replace(draft, wish=replace(wish, least=Severity(values[0])))
    if part is Part.RULES:
        return replace(draft, wish=replace(wish, rules=_ordered(values, offer.rules)))
    boards = _ordered(values, offer.boards) or wish.boards
    return replace(draft, wish=replace(wish, boards=boards))


def _ordered(values: Sequence[str], offered: Sequence[str]) -> tuple[str, ...]:
    """Return what was chosen in the order of the offer, so that the same choice is the same."""
    return tuple(offered[place] for place in sorted(map(offered.index, values)))


def codes(subscription: Subscription) -> dict[str, str]:
    """Return what is set in a subscription, as a Change has it."""
    wish, manner = subscription.wish, subscription.manner
    values = {
        "boards": ",".join(wish.boards),
        "least": wish.least.value,
        "rules": ",".join(wish.rules),
        "language": subscription.language,
        "role": ",".join(map(str, manner.mentions)),
        "publish": YES if manner.publish else "",
    }
    return {name: value for name, value in values.items() if value}


def free(numbers: Iterable[int]) -> int:
    """Return the smallest number of a subscription that is not taken."""
    taken = set(numbers)
    return next(number for number in count(1) if number not in taken)


def used_values(interaction: discord.Interaction) -> list[str]:
    """Return what was chosen in the select that was used."""
    data: Mapping[str, Any] = interaction.data or {}
    return [str(each) for each in data.get("values") or []]
