import numpy as np

from ipdma.curves.hinge import Hinge


def test_nothing_happens_up_to_the_hinge_and_every_minute_counts_after_it() -> None:
    curve = Hinge("timing_min", at=60.0)
    np.testing.assert_array_equal(curve.shape(np.array([-30.0, 0.0, 60.0, 90.0])), [0.0, 0.0, 0.0, 30.0])


def test_its_coefficient_is_the_effect_of_the_move() -> None:
    # From 60 to 120 minutes is one move; 240 minutes stand (240 - 60) / 60 = 3 moves from the reference.
    curve = Hinge("timing_min", at=60.0)
    np.testing.assert_array_equal(curve.per_move(np.array([0.0, 90.0, 240.0]), 60.0, (60.0, 120.0)), [0.0, 0.5, 3.0])


def test_a_reference_beyond_the_hinge_is_where_it_is_zero() -> None:
    assert Hinge("timing_min", at=60.0).per_move(60.0, 90.0, (60.0, 120.0)) == -0.5
