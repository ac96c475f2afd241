import numpy as np
import pytest

from ipdma.curves.categorical_shift import CategoricalShift
from ipdma.curves.curve import Place
from ipdma.errors import DesignError

PLACE = Place(reference=60.0, levels=(-30.0, 60.0, 120.0), move=(60.0, 120.0))


def test_all_levels_but_the_reference_have_a_coefficient() -> None:
    curve = CategoricalShift("timing_min")
    assert list(curve.coefficients(PLACE)) == ["[-30]", "[120]"]
    columns = curve.columns(np.array([-30.0, 60.0, 120.0]), PLACE)
    assert [column.tolist() for column in columns] == [[1, 0, 0], [0, 0, 1]]


def test_a_move_to_a_value_that_no_arm_has_is_refused() -> None:
    with pytest.raises(DesignError, match="90 is in the reference or move of timing_min, but no active arm has it"):
        CategoricalShift("timing_min").coefficients(Place(reference=60.0, levels=PLACE.levels, move=(60.0, 90.0)))
