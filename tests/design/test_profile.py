from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ipdma.curves.hinge import Hinge
from ipdma.curves.log_linear import LogLinear
from ipdma.design.profile import (
    check_complete,
    check_contrasts,
    dose_unit_of,
    harmonized_profiles,
    in_column_unit,
    named_profile,
    profile_variables,
    reference_profile,
    refuse_flat,
    refuse_zero,
    stated_moves,
    unit_of,
)
from ipdma.errors import DesignError
from ipdma.estimand import Estimand, ProfileContrast
from ipdma.schemas.quantity import Quantity

ASK = Estimand(outcome="scale_a", visit="post", treatment="drug", control="placebo")


@pytest.fixture
def active() -> pd.DataFrame:
    """Active arms of three trials; the second doses in grams."""
    frame = pd.DataFrame(
        {
            "trial": ["a", "b", "c"],
            "arm": ["d", "d", "d"],
            "treatment": "drug",
            "number_of_doses": [5, 9, 12],
            "dose": [50, 0.25, 500],
            "dose_unit": ["mg", "g", "mg"],
            "timing_min": [60, 120, -30],
            "n": [10, 2, 3],
        }
    )
    numbers = ["number_of_doses", "dose", "timing_min"]
    return frame.astype({**dict.fromkeys(numbers, "Float64"), "dose_unit": "string"})


def test_doses_are_converted_to_one_unit(active: pd.DataFrame) -> None:
    assert harmonized_profiles(active, dose_unit="mg")["dose"].tolist() == [50, 250, 500]
    grams = harmonized_profiles(active, dose_unit="g")
    assert grams["dose"].tolist() == pytest.approx([0.05, 0.25, 0.5])
    assert grams["dose_unit"].tolist() == ["g", "g", "g"]
    assert active["dose"].tolist() == [50, 0.25, 500]  # what was given is left alone


def test_a_unit_of_another_kind_is_refused_with_arm_and_trial(active: pd.DataFrame) -> None:
    units = active.assign(dose_unit=pd.Series(["mg", "[U]", "mg"], dtype="string"))
    message = (
        r"dose of arm 'd' in b: 0.25 \[U\] \(biological units\) cannot be converted to mg \(mass\). .*leave the trial"
    )
    with pytest.raises(DesignError, match=message):
        harmonized_profiles(units, dose_unit="mg")


def test_a_dose_without_a_unit_is_refused_where_others_have_one(active: pd.DataFrame) -> None:
    units = active.assign(dose_unit=pd.Series(["mg", pd.NA, "mg"], dtype="string"))
    with pytest.raises(DesignError, match="dose of arm 'd' in b: 0.25 has no unit, but 'mg' is needed"):
        harmonized_profiles(units, dose_unit="mg")
    without = active.assign(dose_unit=pd.Series([pd.NA] * 3, dtype="string"))
    assert harmonized_profiles(without, dose_unit=dose_unit_of(without, ASK))["dose"].tolist() == [50, 0.25, 500]


def test_doses_are_in_the_unit_of_the_stated_reference_else_of_the_first_arm(active: pd.DataFrame) -> None:
    assert dose_unit_of(active, ASK) == "mg"
    assert dose_unit_of(active.iloc[1:], ASK) == "g"
    assert dose_unit_of(active, replace(ASK, reference={"dose": "0.05 g"})) == "g"
    with pytest.raises(DesignError, match=r"stated in min, but doses of arms are in mg, g\. .*dose: 50 mg"):
        dose_unit_of(active, replace(ASK, reference={"dose": "50 min"}))


def test_a_variable_is_a_numeric_column_of_the_arms_and_not_their_size(active: pd.DataFrame) -> None:
    assert profile_variables(active) == ["number_of_doses", "dose", "timing_min"]
    assert [unit_of(v, "mg") for v in ("dose", "timing_min", "number_of_doses", "weeks")] == ["mg", "min", "1", ""]


def test_stated_values_come_in_the_unit_of_their_column() -> None:
    assert in_column_unit(Quantity(0.05, "g"), "dose", "mg") == pytest.approx(50.0)
    assert in_column_unit(Quantity(2.0, "h"), "timing_min", "mg") == 120.0
    assert in_column_unit(Quantity(60.0), "timing_min", "mg") == 60.0
    assert in_column_unit(Quantity(50.0), "dose", "") == 50.0
    profile = {"dose": Quantity(1.0, "g"), "number_of_doses": Quantity(5.0)}
    assert named_profile(profile, "mg") == {"dose": 1000.0, "number_of_doses": 5.0}


@pytest.mark.parametrize(
    ("quantity", "variable", "message"),
    [
        (Quantity(50.0), "dose", "dose: 50 has no unit, but 'mg' is needed"),
        (Quantity(50.0, "min"), "dose", r"dose: 50 min \(time\) cannot be converted to mg \(mass\)"),
        (Quantity(60.0, "mg"), "timing_min", r"timing_min: 60 mg \(mass\) cannot be converted to min \(time\)"),
        (Quantity(5.0, "mg"), "weeks", "weeks has no unit in the arms table: write 5 without one"),
    ],
)
def test_a_stated_value_of_another_unit_is_refused(quantity: Quantity, variable: str, message: str) -> None:
    with pytest.raises(DesignError, match=message):
        in_column_unit(quantity, variable, "mg")


def test_a_curve_needs_its_variable_in_every_active_arm(active: pd.DataFrame) -> None:
    check_complete(active, ["number_of_doses", "dose", "timing_min"])
    gaps = active.assign(timing_min=pd.Series([60, None, None], dtype="Float64"))
    with pytest.raises(
        DesignError, match=r"timing_min is not stated for 2 active arm\(s\): b, c. .*leave the curve out"
    ):
        check_complete(gaps, ["dose", "timing_min"])


@pytest.mark.parametrize("variable", ["weeks", "treatment", "n"])
def test_a_curve_over_no_numeric_column_is_refused_with_those_there_are(active: pd.DataFrame, variable: str) -> None:
    known = "number_of_doses, dose, timing_min"
    with pytest.raises(
        DesignError, match=f"'{variable}' is not a numeric column of the arms or trials table. Columns: {known}"
    ):
        check_complete(active, [variable])


def test_the_reference_is_stated_or_the_median_over_treated_participants(active: pd.DataFrame) -> None:
    # 10 participants had 5 doses, 2 had 9 and 3 had 12: the eighth of 15 had 5; the arms' median would be 9.
    estimand = replace(ASK, reference={"dose": "0.1 g"})
    people = active["n"].to_numpy()
    found = reference_profile(active, people, estimand, ["number_of_doses", "dose"], "mg")
    assert found == {"number_of_doses": 5.0, "dose": 100.0}
    # Two halves: the median lies between them.
    even = reference_profile(active, np.array([2, 2, 0]), ASK, ["timing_min"], "mg")
    assert even == {"timing_min": 90.0}


def test_moves_are_stated_in_the_units_of_the_columns(active: pd.DataFrame) -> None:
    estimand = replace(ASK, moves={"dose": ("0.05 g", "250 mg"), "timing_min": (60, "2 h")})
    found = stated_moves(active, estimand, ["dose", "timing_min"], "mg")
    assert found["dose"] == pytest.approx((50.0, 250.0))
    assert found["timing_min"] == (60.0, 120.0)


def test_a_missing_move_is_refused_and_one_is_proposed(active: pd.DataFrame) -> None:
    # 10 and 90 % quantiles of three arms lie a fifth of the way from the ends: -30 + 0.2 x 90 = -12 and
    # 60 + 0.8 x 60 = 108; 50 + 0.2 x 200 = 90 and 250 + 0.8 x 250 = 450.
    with pytest.raises(
        DesignError, match=r"timing_min needs a stated move, .*`moves: \{timing_min: \[-12, 108\]\}`\.$"
    ):
        stated_moves(active, ASK, ["timing_min"], "mg")
    converted = harmonized_profiles(active, dose_unit="mg")
    with pytest.raises(DesignError, match=r"`moves: \{dose: \[90 mg, 450 mg\]\}`\.$"):
        stated_moves(converted, ASK, ["dose"], "mg")


def test_a_proposed_move_leads_somewhere_even_where_all_arms_agree(active: pd.DataFrame) -> None:
    same = active.assign(dose=pd.Series([50.0] * 3, dtype="Float64"))
    with pytest.raises(DesignError, match=r"`moves: \{dose: \[50 mg, 100 mg\]\}`"):
        stated_moves(same, ASK, ["dose"], "mg")


def test_a_move_that_goes_nowhere_is_refused(active: pd.DataFrame) -> None:
    estimand = replace(ASK, moves={"dose": ("50 mg", "0.05 g")})
    with pytest.raises(DesignError, match="the move of dose goes from 50 to 50: it must lead somewhere"):
        stated_moves(active, estimand, ["dose"], "mg")


def test_a_main_curve_is_not_read_at_zero(active: pd.DataFrame) -> None:
    refuse_zero(active, {"number_of_doses": 5.0}, {}, main="number_of_doses", above_zero=())
    with pytest.raises(DesignError, match="the reference of number_of_doses is 0: a main curve is zero at zero"):
        refuse_zero(active, {"number_of_doses": 0.0}, {}, main="number_of_doses", above_zero=())


def test_a_logarithmic_curve_meets_no_value_at_zero_or_below(active: pd.DataFrame) -> None:
    reference, moves = {"dose": 50.0, "timing_min": 60.0}, {"dose": (50.0, 250.0), "timing_min": (60.0, 120.0)}
    refuse_zero(active, reference, moves, main=None, above_zero=["dose"])
    with pytest.raises(
        DesignError, match=r"over timing_min is logarithmic, but 1 active arm\(s\) .* below: c\. .*hinge"
    ):
        refuse_zero(active, reference, moves, main=None, above_zero=["timing_min"])
    with pytest.raises(DesignError, match="over dose is logarithmic: its reference and move must be above zero"):
        refuse_zero(active, reference, {**moves, "dose": (0.0, 250.0)}, main=None, above_zero=["dose"])


def test_a_main_curve_meets_no_active_arm_at_zero_or_below(active: pd.DataFrame) -> None:
    zero = active.assign(number_of_doses=pd.Series([5, 0, 12], dtype="Float64"))
    message = r"over number_of_doses is zero at zero, but 1 active arm\(s\) stand at zero or below: b\. .*exclude_why"
    with pytest.raises(DesignError, match=message):
        refuse_zero(zero, {"number_of_doses": 5.0}, {}, main="number_of_doses", above_zero=())


def test_a_move_over_which_the_curve_is_flat_is_refused() -> None:
    curves = (LogLinear("dose"), Hinge("timing_min", at=60.0))
    refuse_flat(curves, {"dose": (50.0, 250.0), "timing_min": (0.0, 61.0)})
    refuse_flat(curves, {"dose": (250.0, 50.0), "timing_min": (120.0, 60.0)})
    with pytest.raises(
        DesignError, match="the hinge curve over timing_min is flat between 0 and 60: state a move it changes over"
    ):
        refuse_flat(curves, {"dose": (50.0, 250.0), "timing_min": (0.0, 60.0)})


def contrast_of(**a: float | str) -> Estimand:
    return replace(ASK, contrasts=(ProfileContrast(name="first", a=a, b={"dose": "50 mg"}),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("a", "message"),
    [
        ({"dose": "60 min"}, r"contrast 'first': dose: 60 min \(time\) cannot be converted to mg \(mass\)"),
        ({"dose": "0 mg"}, "contrast 'first': dose is 0, but the curve over it is logarithmic"),
        ({"number_of_doses": -1}, "contrast 'first': number_of_doses is -1, but a main curve begins at zero"),
    ],
)
def test_a_contrast_that_cannot_be_read_on_the_curves_is_refused(a: dict[str, float | str], message: str) -> None:
    with pytest.raises(DesignError, match=message):
        check_contrasts(
            contrast_of(**a), ["number_of_doses", "dose"], main="number_of_doses", above_zero=["dose"], dose_unit="mg"
        )


def test_a_contrast_at_no_dose_or_over_a_variable_without_a_curve_is_not_refused() -> None:
    estimand = contrast_of(number_of_doses=0, timing_min="60 mg")
    check_contrasts(estimand, ["number_of_doses", "dose"], main="number_of_doses", above_zero=["dose"], dose_unit="mg")
