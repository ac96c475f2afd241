import numpy as np

from ipdma.curves.log_linear import LogLinear


def test_every_factor_adds_the_same() -> None:
    # A move from 50 to 200 mg is a factor of 4; 100 mg is half of it, 800 mg twice, 25 mg minus a half.
    curve = LogLinear("dose")
    found = curve.per_move(np.array([25.0, 50.0, 100.0, 200.0, 800.0]), 50.0, (50.0, 200.0))
    np.testing.assert_allclose(found, [-0.5, 0.0, 0.5, 1.0, 2.0], atol=1e-15)


def test_a_move_downwards_turns_the_sign() -> None:
    assert LogLinear("dose").per_move(100.0, 50.0, (100.0, 50.0)) == -1.0


def test_it_says_that_it_has_no_value_at_zero() -> None:
    assert LogLinear.above_zero
