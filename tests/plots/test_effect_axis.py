"""What an axis of effects says."""

import pytest
from matplotlib.figure import Figure

from ipdma.plots.effect_axis import EffectAxis


def test_the_label_names_contrast_unit_and_metric() -> None:
    axis = EffectAxis(treatment="drug", control="placebo", unit="points", metric="pomp")
    assert axis.label == "drug \u2212 placebo, points (percent of maximum possible)"


def test_a_unit_that_the_metric_already_says_is_said_once() -> None:
    axis = EffectAxis(treatment="drug", control="placebo", unit="percent of maximum possible", metric="pomp")
    assert axis.label == "drug \u2212 placebo, percent of maximum possible"


@pytest.mark.parametrize(
    ("direction", "low", "high"),
    [
        ("higher_is_worse", "favors treatment", "favors control"),
        ("higher_is_better", "favors control", "favors treatment"),
    ],
)
def test_the_sides_follow_the_direction(direction: str, low: str, high: str) -> None:
    axis = EffectAxis.of({"contrast": {"treatment": "a", "control": "b"}, "metric": "raw", "direction": direction})
    assert axis.sides == (low, high)
    ax = Figure().add_subplot()
    axis.write_below(ax)
    assert [text.get_text() for text in ax.texts] == [f"\u2190 {low}", f"{high} \u2192"]
    axis.write_beside(ax)
    assert ax.get_ylabel().split("\n")[-1].split("            ") == [f"\u2190 {low}", f"{high} \u2192"]


def test_dollar_signs_in_a_name_are_not_read_as_mathematics() -> None:
    ax = Figure().add_subplot()
    EffectAxis(treatment="$x^2$", control="$y").write_below(ax)
    assert ax.xaxis.label.get_parse_math() is False


def test_what_is_not_known_is_not_written() -> None:
    axis, ax = EffectAxis(), Figure().add_subplot()
    axis.write_below(ax)
    assert (ax.get_xlabel(), list(ax.texts)) == ("treatment \u2212 control", [])
    axis.write_beside(ax)
    assert ax.get_ylabel() == "treatment \u2212 control"
    axis.write_control_beside(ax)
    assert ax.get_ylabel() == "change from baseline under control"


def test_ranks_are_told_once() -> None:
    unit = "rank points (0 to 100 within trial and visit)"
    assert EffectAxis(metric="rank", unit=unit).label == f"treatment \u2212 control, {unit}"
