import pytest

from ipdma.curves.emax_shift import EmaxShift


def test_a_move_across_the_ed50_counts_one() -> None:
    # shares 1/3 at 50, 1/2 at 100, 2/3 at 200 of ED50 100: from 50 to 200 one move, 100 half of it
    curve = EmaxShift("dose")
    assert curve.per_move(100.0, 50.0, (50.0, 200.0), ed50=100.0) == pytest.approx(0.5)
    assert EmaxShift.above_zero
