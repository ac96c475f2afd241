import pytest

from ipdma.curves.curve import Curve
from ipdma.curves.hinge import Hinge
from ipdma.curves.linear import Linear
from ipdma.curves.spline import Spline


def test_a_curve_without_a_name_has_no_shape_and_no_parameter() -> None:
    curve = Curve("dose")
    assert curve.parameters(12.0) == {}
    with pytest.raises(TypeError, match="one of the named curves"):
        curve.shape(1.0)


def test_settings_are_what_is_stated_beside_the_variable() -> None:
    assert Spline("dose", knots=(0.0, 10.0, 30.0)).settings == {"knots": (0.0, 10.0, 30.0)}
    assert Hinge("timing_min").settings == {"at": 0.0}
    assert Linear("dose").settings == {}


def test_a_title_tells_curves_of_one_name_apart() -> None:
    assert Linear("dose").title == "linear"
    assert Hinge("timing_min").title == "hinge"
    assert Hinge("timing_min", at=60.0).title == "hinge (at 60)"
    assert Spline("dose", knots=(0.0, 10.0, 30.0)).title == "spline (knots 0, 10 and 30)"
