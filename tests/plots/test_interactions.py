"""Within, across and their difference."""

import numpy as np
import pandas as pd

from ipdma.plots.interactions import interactions


def test_every_modifier_has_a_panel_of_its_own_with_the_terms_it_has(interaction_terms: pd.DataFrame) -> None:
    panels = interactions(interaction_terms).child_axes
    titles = [panel.get_title(loc="left") for panel in panels]
    assert titles == [
        "antidepressant at baseline, yes against no",
        "baseline severity, a percent of maximum possible",
        "age, 10 years",
    ]
    rows = [[text.get_text() for text in panel.get_yticklabels()] for panel in panels]
    assert rows == [["within trials", "across trials", "across minus within"]] * 2 + [["within trials"]]


def test_marks_stand_where_the_table_says_and_are_told_apart_by_shape(interaction_terms: pd.DataFrame) -> None:
    panel = interactions(interaction_terms).child_axes[0]
    marks = [np.asarray(collection.get_offsets())[0, 0] for collection in panel.collections]
    np.testing.assert_allclose(marks, interaction_terms["mean"][:3])
    shapes = {len(collection.get_paths()[0].vertices) for collection in panel.collections}
    assert len(shapes) >= 2  # circle against squares; the square is filled, the diamond turned
    assert len({line.get_linestyle() for line in panel.lines[1:]}) == 2


def test_the_number_beside_is_the_number_in_the_table(interaction_terms: pd.DataFrame) -> None:
    panel = interactions(interaction_terms).child_axes[1]
    assert panel.texts[0].get_text() == "\u22120.084  (\u22120.206 to 0.038)"
