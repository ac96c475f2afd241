import numpy as np
import pytest

from ipdma.curves.log import Log


def test_it_is_zero_without_a_dose_and_adds_the_same_with_every_doubling_of_x_plus_offset() -> None:
    # 1 + x = 1, 2, 4, 8
    found = Log("number_of_doses").relative(np.array([0.0, 1.0, 3.0, 7.0]), 3.0)
    assert found == pytest.approx([0.0, 0.5, 1.0, 1.5])


def test_the_offset_is_in_the_unit_of_the_variable() -> None:
    assert Log("dose", offset=10.0).shape(30.0) == Log("dose", offset=10_000.0).shape(30_000.0)
