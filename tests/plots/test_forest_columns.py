"""The text columns beside a forest plot."""

import pandas as pd
from matplotlib.figure import Figure

from ipdma.plots.forest_columns import left_columns, right_columns, room, write_columns
from ipdma.plots.forest_rows import trial_rows


def texts(table: pd.DataFrame, digits: int = 1) -> list[str]:
    ax = Figure().add_subplot()
    rows = trial_rows(table)
    write_columns(ax, rows, left_columns(rows), right_columns(rows, digits=digits))
    return [text.get_text() for text in ax.texts]


def test_the_number_in_the_figure_is_the_number_in_the_table() -> None:
    table = pd.DataFrame({
        "trial": ["a"], "n": [1234], "raw": [-9.0], "raw_se": [2.0], "mean": [-4.26], "q2.5": [-8.04],
        "q97.5": [-0.44], "weight": [12.34],
    })  # fmt: skip
    written = ["Trial", "a", "n", "1,234", "Effect", "\u22124.3", "95% interval", "\u22128.0 to \u22120.4"]
    assert texts(table) == [*written, "Weight", "12.3%"]


def test_estimates_alone_show_their_standard_errors() -> None:
    table = pd.DataFrame({"trial": ["a"], "raw": [0.25], "raw_se": [0.125]})
    assert texts(table, digits=3) == ["Trial", "a", "Effect", "0.250", "SE", "0.125"]


def test_the_room_of_columns_grows_with_their_widest_cell() -> None:
    short, long = (trial_rows(pd.DataFrame({"trial": [label], "n": [1]})) for label in ("a", "a longer label"))
    assert room(left_columns(short)) < room(left_columns(long))
