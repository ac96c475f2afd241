"""The probability behind the claim under every sensitivity analysis."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from ipdma.plots.claim_specification import claim_specification

THRESHOLDS = (0.05, 0.9)


def marks(ax: Axes) -> list[PathCollection]:
    return [collection for collection in ax.collections if isinstance(collection, PathCollection)]


def test_marks_are_the_table_and_those_beyond_a_threshold_are_filled(claims: pd.DataFrame) -> None:
    drawn = marks(claim_specification(claims, thresholds=THRESHOLDS))
    np.testing.assert_allclose(
        [np.asarray(mark.get_offsets())[0, 0] for mark in drawn], claims["probability"], rtol=1e-12
    )
    filled = [bool(np.asarray(mark.get_facecolor())[0, 0] < 0.5) for mark in drawn]
    assert filled == [p <= 0.05 or p >= 0.9 for p in claims["probability"]]


def test_the_word_stands_beside_each_probability_and_as_stated_on_top(claims: pd.DataFrame) -> None:
    ax = claim_specification(
        claims[-1:], thresholds=THRESHOLDS, headline={"probability": 0.31, "statement": "cannot tell"}
    )
    texts = [text.get_text() for text in ax.texts]
    assert texts[:3] == ["As stated", "0.31", "cannot tell"]
    assert texts[4:7] == ["\N{EN SPACE}kappa ~ uniform(0, 80)", "1.00", "supported"]


def test_the_axis_says_over_which_stretch_and_which_side_is_which(claims: pd.DataFrame) -> None:
    ax = claim_specification(claims, thresholds=THRESHOLDS, stretch="number of doses 9 to 12")
    assert ax.get_xlabel() == "probability that the effect does not rise over number of doses 9 to 12"
    assert [text.get_text() for text in ax.texts[-2:]] == ["\u2190 rises on", "levels off or falls \u2192"]
