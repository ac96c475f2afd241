from dataclasses import replace
from typing import Any

import pytest

from ipdma.summaries.flow import flow


def test_steps_add_up_to_those_randomized(plain: Any) -> None:
    table = flow(plain.design)
    assert table["analyzed"].sum() == len(plain.design.rows)
    assert table["randomized"].tolist() == table["analyzed"].tolist()
    assert table["label"][0] == "Trial 01"


def test_a_step_that_loses_people_uncounted_is_noticed(plain: Any) -> None:
    wrong = plain.design.flow.assign(analyzed=plain.design.flow["analyzed"] - 1)
    with pytest.raises(AssertionError, match="do not add up"):
        flow(replace(plain.design, flow=wrong))
