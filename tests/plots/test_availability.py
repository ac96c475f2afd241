"""Trial-by-variable map."""

import pandas as pd
import pytest
from matplotlib.text import Text

from ipdma.plots.availability import STATUSES, availability


def test_each_status_is_drawn_where_it_holds_by_a_mark_of_its_own(status: pd.DataFrame) -> None:
    ax = availability(status)
    drawn = dict(zip(STATUSES, ax.lines, strict=True))
    for name, line in drawn.items():
        assert len(line.get_xdata()) == (status["status"] == name).sum()
    marks = {(line.get_marker(), line.get_fillstyle()) for line in drawn.values()}
    assert len(marks) == len(STATUSES)


def test_the_first_variable_stands_on_top_and_the_first_trial_left(status: pd.DataFrame) -> None:
    ax = availability(status)
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert ax.get_yticklabels()[0].get_text() == "participants: variable number 0"
    assert ax.get_xticklabels()[0].get_text().startswith("Simulated trial with")


def test_only_what_occurs_is_explained(status: pd.DataFrame) -> None:
    legend = availability(status.assign(status="complete")).get_legend()
    assert legend is not None and [text.get_text() for text in legend.get_texts()] == ["for all participants"]


@pytest.mark.parametrize("label", ["Otto $x^{$ 2001", "$2012_a$"])
def test_dollar_signs_in_labels_are_not_read_as_mathematics(label: str) -> None:
    status = pd.DataFrame({"variable": ["participants: age"], "trial": [label], "status": ["complete"]})
    figure = availability(status).get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(Text) if text.get_text() == label]
    assert texts
    assert not any(text.get_parse_math() for text in texts)
