"""Round numbers of tokens: on axes, and reached (pure)."""

from decimal import Decimal

from babel.numbers import format_decimal

from bot.pictures import Tick
from bot.text.say import Say

_MOST = 3
"""Steps of an axis of tokens, which is a low one."""


def round_tokens(count: int, say: Say) -> str:
    """Return a round count without the decimals that it does not have: `5 T`, `500 B`."""
    sizes = (10**12, 10**9, 10**6, 10**3)
    size = next((size for size in sizes if count >= size), 1)
    number = format_decimal(Decimal(count) / size, locale=say.code)
    forms = {
        10**12: say("{number} T", number=number),
        10**9: say("{number} B", number=number),
        10**6: say("{number} M", number=number),
        10**3: say("{number} K", number=number),
    }
    return forms.get(size, number)


def token_ticks(most: int, say: Say) -> tuple[Tick, ...]:
    """Return the ticks of an axis of tokens: round steps from 0 to `most` or just beyond."""
    power = 10 ** (len(str(most)) - 1)
    steps = (power * size // 10 or 1 for size in (1, 2, 5, 10, 20, 50))
    step = next(step for step in steps if most <= step * _MOST)
    last = -(-max(most, 1) // step) * step
    return tuple(Tick(value, round_tokens(value, say)) for value in range(0, last + step, step))
