import pytest

from ipdma.curves.curve import Curve


def test_a_curve_without_a_name_has_no_shape_and_no_parameter() -> None:
    curve = Curve("dose")
    assert curve.parameters(12.0) == {}
    with pytest.raises(TypeError, match="one of the named curves"):
        curve.shape(1.0)
