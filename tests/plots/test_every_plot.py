"""What every plot of the package promises, with 21 trials and long labels."""

import io
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import ipdma
from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.style import WIDTH_MM, new_figure, styled

Texts = Callable[[Figure], list[Text]]
Pairs = Callable[[Figure], list[tuple[str, str]]]
AXIS = EffectAxis(
    treatment="drug",
    control="placebo",
    metric="pomp",
    unit="percent of maximum possible",
    direction="higher_is_worse",
)
POOLED = {"mean": -4.1, "q2.5": -6.9, "q97.5": -1.4}
TWO_STAGE = {"estimate": -4.0, "ci_wald": [-6.0, -2.0], "ci_hartung_knapp": [-7.0, -1.0]}
CLAIM = {"probability": 0.31, "statement": "cannot tell"}
# The plot, the fixture that holds its table, and what else it is given.
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "forest": (
        "consortium_effects", {"pooled": POOLED, "new_trial": POOLED, "two_stage": TWO_STAGE, "axis": AXIS}
    ),
    "curve": ("points", {"variable": "number of doses", "reference": 5, "axis": AXIS}),
    "levels": ("level_points", {"variable": "diagnosis", "axis": AXIS}),
    "side_by_side": ("many_points", {"variable": "number of doses", "reference": 5, "axis": AXIS}),
    "tau": ("density", {"unit": "percent of maximum possible"}),
    "interactions": ("interaction_terms", {"axis": AXIS}),
    "availability": ("status", {}),
    "control_arm": ("control_line", {"variable": "number of doses", "axis": AXIS}),
    "flow": ("steps", {}),
    "specification": ("specifications", {"headline": POOLED, "axis": AXIS}),
    "claim_specification": ("claims", {"headline": CLAIM, "thresholds": (0.05, 0.9), "stretch": "9 to 12 doses"}),
}  # fmt: skip
TRIALS = pd.DataFrame(
    {"x": [1.0, 1.0, 5.0, 12.0], "change": [-8.0, -9.5, -14.0, -20.0], "se": 2.0, "participants": [14, 30, 63, 8]}
)
EFFECTS = {"forest", "curve", "levels", "side_by_side", "specification"}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[str, pd.DataFrame, dict[str, Any]]:
    table, options = CASES[request.param]
    return request.param, request.getfixturevalue(table), options


Case = tuple[str, pd.DataFrame, dict[str, Any]]


def draw(case: Case, **more: Any) -> Any:
    name, table, options = case
    if name == "control_arm":
        options = {**options, "trials": TRIALS}
    return getattr(ipdma.plots, name)(table, **options, **more)


def test_every_plot_that_is_offered_is_tested_here() -> None:
    assert set(ipdma.plots._names) - {"EffectAxis"} == set(CASES)


def test_it_draws_on_the_given_axes_and_returns_them(case: Case) -> None:
    ax = new_figure(200).add_subplot()
    assert draw(case, ax=ax) is ax


def test_it_leaves_its_table_alone(case: Case) -> None:
    before = case[1].copy(deep=True)
    draw(case)
    pd.testing.assert_frame_equal(case[1], before)


def test_no_labels_overlap_none_is_cut_and_all_have_seven_points_at_180_mm(
    case: Case, overlapping: Pairs, drawn_texts: Texts
) -> None:
    figure = draw(case).figure
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(WIDTH_MM)
    assert overlapping(figure) == []
    width, height = figure.get_size_inches() * figure.dpi
    for text in drawn_texts(figure):
        box = text.get_window_extent()
        assert text.get_fontsize() >= 7
        assert box.x0 > -1 and box.y0 > -1 and box.x1 < width + 1 and box.y1 < height + 1, text.get_text()


def test_it_fits_on_a_page_with_21_trials(case: Case) -> None:
    assert draw(case).figure.get_size_inches()[1] * 25.4 < 240


def test_every_axis_of_effects_says_metric_and_what_favors_what(case: Case, drawn_texts: Texts) -> None:
    name, *_ = case
    words = " ".join(text.get_text() for text in drawn_texts(draw(case).figure)).replace("\n", " ")
    if name in EFFECTS:
        assert "favors treatment" in words and "favors control" in words
    if name in EFFECTS | {"interactions"}:
        assert "drug \u2212 placebo" in words
    if name == "control_arm":
        assert "change from baseline under placebo" in words and "better" in words and "worse" in words
    if name in EFFECTS | {"interactions", "tau", "control_arm"}:
        assert "percent of maximum possible" in words


def test_the_same_table_gives_the_same_bytes(case: Case) -> None:
    def svg() -> bytes:
        stream = io.BytesIO()
        with styled():
            draw(case).figure.savefig(stream, format="svg", metadata={"Date": None})
        return stream.getvalue()

    assert svg() == svg()
