"""Token counts and shares in digits, from integers alone (pure)."""

_UNITS = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))


def tenths(part: int, whole: int) -> int:
    """Return `part` of `whole` in tenths of a per cent, halves rounded up; 0 of nothing."""
    return (part * 2000 + whole) // (2 * whole) if whole else 0


def percent(part: int, whole: int, point: str) -> str:
    """Return a share in per cent with one decimal: `12.3`."""
    units, decimal = divmod(tenths(part, whole), 10)
    return f"{units}{point}{decimal}"


def tokens(count: int, point: str) -> tuple[str, str]:
    """Return a count in three digits and its unit, or whole below a thousand: `4.71`, `T`."""
    for size, unit in _UNITS:
        # A count that would round up to a thousand belongs to the next unit.
        if count * 2 >= size * 2 - size // 1000:
            return _three_digits(count, size, point), unit
    return str(count), ""


def _three_digits(count: int, size: int, point: str) -> str:
    for decimals, below in ((2, 10), (1, 100), (0, None)):
        scaled = (count * 10**decimals * 2 + size) // (2 * size)
        if below is None or scaled < below * 10**decimals:
            break
    units, rest = divmod(scaled, 10**decimals)
    return f"{units}{point}{rest:0{decimals}d}" if decimals else str(units)
