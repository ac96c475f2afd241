"""How a number is written."""

import pytest

from ipdma.plots.numbers import digits_for, shown


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (-3.14159, 1, "\u22123.1"),
        (3.14159, 2, "3.14"),
        (-0.04, 1, "0.0"),  # no negative zero
        (0.0, 0, "0"),
        (12345.6, 0, "12,346"),
        (-1000.0, 1, "\u22121,000.0"),
    ],
)
def test_a_number_has_its_decimals_and_a_real_minus(value: float, digits: int, text: str) -> None:
    assert shown(value, digits) == text


@pytest.mark.parametrize(
    ("spread", "digits"),
    [(1.8, 1), (9.99, 1), (0.11, 2), (0.012, 3), (25.0, 0), (400.0, 0), (1e-9, 4), (0.0, 2), (float("inf"), 2)],
)
def test_decimals_keep_two_significant_figures_of_the_spread(spread: float, digits: int) -> None:
    assert digits_for(spread) == digits
