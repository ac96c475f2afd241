import numpy as np
import pytest

from ipdma.curves.curve import Place
from ipdma.curves.window import Window
from ipdma.priors.prior import LogNormal, Uniform


def test_it_is_highest_at_its_peak_and_falls_alike_on_both_sides() -> None:
    # one width away exp(-1/2), two widths away exp(-2)
    found = Window("timing_min").shape(np.array([30.0, 60.0, 90.0, 120.0, 150.0]), 90.0, 30.0)
    assert found == pytest.approx(np.exp([-2.0, -0.5, 0.0, -0.5, -2.0]))


def test_a_move_between_two_values_as_far_from_the_peak_stays_finite() -> None:
    place = Place(reference=60.0, move=(60.0, 120.0))
    (column,) = Window("timing_min").columns(np.array([60.0, 120.0]), place, peak=90.0, width=30.0)
    assert column == pytest.approx([0.0, 0.0], abs=1e-12)


def test_the_peak_lies_within_the_planned_range() -> None:
    found = Window("timing_min").parameters(240.0, -60.0)
    assert found == {"peak": Uniform(-60.0, 240.0), "width": LogNormal(75.0, 0.5)}
