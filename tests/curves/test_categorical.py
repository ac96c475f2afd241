import numpy as np
import pytest

from ipdma.curves.categorical import Categorical
from ipdma.curves.curve import Place
from ipdma.errors import DesignError
from ipdma.priors.prior import Normal, Sd

PLACE = Place(reference=5.0, levels=(1.0, 5.0, 12.0))


def test_each_level_is_the_effect_and_its_difference_from_the_reference() -> None:
    dosed, one, twelve = Categorical("n").columns(np.array([0.0, 1.0, 5.0, 12.0]), PLACE)
    assert dosed.tolist() == [0, 1, 1, 1]
    assert one.tolist() == [0, 1, 0, 0]
    assert twelve.tolist() == [0, 0, 0, 1]


def test_coefficients_are_named_by_their_level() -> None:
    found = Categorical("n").coefficients(PLACE)
    assert list(found) == ["effect", "curves.n[1]", "curves.n[12]"]
    assert found["curves.n[12]"] == Normal(0.0, Sd(0.5))


def test_a_reference_that_no_arm_has_is_refused() -> None:
    with pytest.raises(DesignError, match=r"reference of n is 4, which no active arm has \(1, 5, 12\)"):
        Categorical("n").columns(1.0, Place(reference=4.0, levels=(1.0, 5.0, 12.0)))
