"""The control arm beside a curve."""

import numpy as np
import pandas as pd
import pytest

from ipdma.plots.control_arm import control_arm
from ipdma.plots.effect_axis import EffectAxis

TRIALS = pd.DataFrame({"x": [1.0, 5.0], "change": [-8.0, -14.0], "se": [2.0, 1.0], "participants": [10, 40]})


def test_the_marks_are_the_trials_their_area_grows_with_participants(control_line: pd.DataFrame) -> None:
    ax = control_arm(control_line, TRIALS, variable="number of doses")
    marks = ax.collections[-1]
    np.testing.assert_allclose(np.asarray(marks.get_offsets()), TRIALS[["x", "change"]])
    small, large = marks.get_sizes()
    assert large - 6.0 == pytest.approx(4 * (small - 6.0))


def test_the_line_is_the_table(control_line: pd.DataFrame) -> None:
    ax = control_arm(control_line, TRIALS, variable="number of doses")
    np.testing.assert_allclose(ax.lines[1].get_ydata(), control_line["estimate"])


@pytest.mark.parametrize(("direction", "low"), [("higher_is_worse", "better"), ("higher_is_better", "worse")])
def test_what_is_better_follows_the_direction(control_line: pd.DataFrame, direction: str, low: str) -> None:
    axis = EffectAxis(control="placebo", direction=direction)  # type: ignore[arg-type]
    label = control_arm(control_line, TRIALS, variable="number of doses", axis=axis).get_ylabel()
    assert f"\u2190 {low}" in label and "change from baseline under placebo" in label
