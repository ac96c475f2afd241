from ipdma.curves.curve import MainCurve, ShiftCurve
from ipdma.curves.registry import MAIN_CURVES, SHIFT_CURVES


def test_a_curve_stands_in_one_list_under_its_own_name() -> None:
    assert not set(MAIN_CURVES.values()) & set(SHIFT_CURVES.values())
    for listed, kind in ((MAIN_CURVES, MainCurve), (SHIFT_CURVES, ShiftCurve)):
        for name, curve in listed.items():
            assert curve.name == name
            assert issubclass(curve, kind)
