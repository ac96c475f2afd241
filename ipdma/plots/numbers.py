"""How a number is written: the same in figures and in the report."""

import math

MINUS = "\N{MINUS SIGN}"
_MOST_DIGITS = 4


def shown(value: float, digits: int) -> str:
    """Return the number with a fixed number of decimals, a real minus sign, and never a negative zero.

    Examples
    --------
    >>> shown(-3.14159, 1)
    '−3.1'
    >>> shown(-0.01, 1)
    '0.0'
    """
    text = f"{abs(value):,.{digits}f}"
    is_zero = not text.strip("0.,")
    return text if value >= 0 or is_zero else MINUS + text


def digits_for(spread: float) -> int:
    """Return the decimals at which a standard deviation of this size keeps two significant figures.

    One number of decimals for a whole table keeps its columns aligned; more would show noise of the sampler.

    Examples
    --------
    >>> digits_for(1.8), digits_for(0.11), digits_for(25.0)
    (1, 2, 0)
    """
    if not spread > 0 or math.isinf(spread):
        return 2
    return min(max(1 - math.floor(math.log10(spread)), 0), _MOST_DIGITS)
