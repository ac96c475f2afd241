"""Specification curve."""

import numpy as np
import pandas as pd
from matplotlib.collections import PathCollection

from ipdma.plots.specification import specification


def test_marks_are_the_table_and_an_interval_that_includes_zero_has_an_open_one(specifications: pd.DataFrame) -> None:
    ax = specification(specifications)
    marks = [collection for collection in ax.collections if isinstance(collection, PathCollection)]
    crosses = (specifications["q2.5"] <= 0) & (specifications["q97.5"] >= 0)
    open_marks, filled = marks
    np.testing.assert_allclose(np.asarray(open_marks.get_offsets())[:, 0], specifications["mean"][crosses])
    np.testing.assert_allclose(np.asarray(filled.get_offsets())[:, 0], specifications["mean"][~crosses])
    assert open_marks.get_facecolor()[0, 0] == 1.0
    assert filled.get_facecolor()[0, 0] < 0.2


def test_each_family_has_a_heading_and_the_headline_stands_on_top(specifications: pd.DataFrame) -> None:
    ax = specification(specifications, headline={"mean": -4.0, "q2.5": -6.0, "q97.5": -2.0})
    bold = [text.get_text() for text in ax.texts if text.get_fontweight() == "bold"]
    assert bold == [
        "Headline", "\u22124.0", "\u22126.0 to \u22122.0", "Leave one trial out", "Prior of tau",
        "Stated in the analysis file",
    ]  # fmt: skip
