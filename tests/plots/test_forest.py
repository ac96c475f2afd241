"""Forest plot."""

import io
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.forest import forest
from ipdma.plots.style import new_figure, styled

Texts = Callable[[Figure], list[Text]]
Pairs = Callable[[Figure], list[tuple[str, str]]]


def test_it_draws_on_the_given_axes_and_returns_them(trial_effects: pd.DataFrame) -> None:
    ax = new_figure(90).add_subplot()
    assert forest(trial_effects, ax=ax) is ax


def test_it_leaves_the_table_alone(trial_effects: pd.DataFrame, pooled: dict[str, float]) -> None:
    before = trial_effects.copy(deep=True)
    forest(trial_effects, pooled=pooled)
    pd.testing.assert_frame_equal(trial_effects, before)


@pytest.mark.parametrize("trials", [1, 8, 40])
def test_no_labels_overlap_none_is_cut_and_all_have_seven_points(
    trial_effects: pd.DataFrame, pooled: dict[str, float], trials: int, overlapping: Pairs, drawn_texts: Texts
) -> None:
    table = pd.concat([trial_effects] * 5, ignore_index=True).head(trials)
    table.loc[0, "label"] = "A trial with a name that is much longer than any figure can hold (2004)"
    two_stage = {"estimate": -4.0, "ci_wald": [-6.0, -2.0], "ci_hartung_knapp": [-7.0, -1.0]}
    axis = EffectAxis(treatment="drug", control="placebo", metric="pomp", unit="points")
    figure = forest(table, pooled=pooled, new_trial=pooled, two_stage=two_stage, axis=axis).figure
    assert isinstance(figure, Figure)
    assert overlapping(figure) == []
    width, height = figure.get_size_inches() * figure.dpi
    for text in drawn_texts(figure):
        box = text.get_window_extent()
        assert text.get_fontsize() >= 7
        assert box.x0 > -1 and box.y0 > -1 and box.x1 < width + 1 and box.y1 < height + 1, text.get_text()


def test_marks_stand_where_the_table_says(trial_effects: pd.DataFrame, pooled: dict[str, float]) -> None:
    ax = forest(trial_effects, pooled=pooled)
    raw, shrunken = (np.asarray(c.get_offsets()) for c in ax.collections if isinstance(c, PathCollection))
    np.testing.assert_allclose(raw[:, 0], trial_effects["raw"])
    np.testing.assert_allclose(shrunken[:, 0], trial_effects["mean"])
    assert (raw[:, 1] < shrunken[:, 1]).all()  # apart, so that neither hides the other
    diamond = ax.patches[0].get_path().vertices
    assert (diamond[:, 0].min(), diamond[:, 0].max()) == (pooled["q2.5"], pooled["q97.5"])


def test_the_first_trial_of_the_table_is_on_top(trial_effects: pd.DataFrame) -> None:
    low, high = forest(trial_effects).get_ylim()
    assert low > high


def test_estimates_without_a_model_can_be_drawn() -> None:
    table = pd.DataFrame({"trial": ["a", "b"], "raw": [1.0, 2.0], "raw_se": [0.5, 0.5]})
    labels = [text.get_text() for text in forest(table).get_legend().get_texts()]
    assert labels == ["trial alone, ±1.96 SE"]


def test_a_label_in_another_script_or_with_signs_of_mathematics_is_drawn_without_a_warning() -> None:
    table = pd.DataFrame(
        {"trial": ["a", "b"], "label": ["試験 $x^2$", "50 % \\alpha_{"], "raw": [1.0, 2.0], "raw_se": [0.5, 0.5]}
    )
    figure = forest(table).figure
    with styled():
        figure.savefig(io.BytesIO(), format="svg")  # type: ignore[union-attr]
