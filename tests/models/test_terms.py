"""The curves of a model on a design."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ipdma.curves.broken_line import BrokenLine
from ipdma.curves.log import Log
from ipdma.curves.plateau import Plateau
from ipdma.design.design import Design
from ipdma.errors import DesignError
from ipdma.models.one_stage import OneStage
from ipdma.models.terms import terms_of


@pytest.fixture
def in_grams(consortium_of: Any) -> Design:
    """Doses of 0.05 to 0.5, as they are where the reference is stated in grams."""
    from ipdma.design.design import build_design
    from ipdma.estimand import Estimand
    from ipdma.simulate.arrays import simulate_rows

    rows, arms = simulate_rows(6, 20, 1)
    ask = Estimand(outcome="scale_a", visit="post", treatment="drug", control="control", metric="raw",
                   reference={"number_of_doses": 5})  # fmt: skip
    design = build_design(consortium_of(rows, arms), ask, OneStage(main=Plateau("number_of_doses")).terms)
    doses = np.linspace(0.05, 0.5, len(design.arms))
    return replace(
        design,
        arms=design.arms.assign(number_of_doses=doses),
        reference={"number_of_doses": 0.1},
        units={**design.units, "number_of_doses": "g"},
    )


@pytest.mark.parametrize(
    ("curve", "name"),
    [(Plateau("number_of_doses"), "corner 0.5 g"), (BrokenLine("number_of_doses"), "corner 0.5 g"),
     (Log("number_of_doses"), "offset 1 g")],
)  # fmt: skip
def test_a_setting_that_would_flatten_the_curve_is_refused(in_grams: Design, curve: Any, name: str) -> None:
    with pytest.raises(DesignError, match=f"{name}, but values up to 0.5 g only: .*in a smaller unit"):
        terms_of(in_grams, OneStage(main=curve))


def test_the_same_curve_with_a_setting_of_that_size_is_a_curve(in_grams: Design) -> None:
    (term,) = terms_of(in_grams, OneStage(main=Plateau("number_of_doses", corner=0.01)))
    assert list(term.parameters) == ["kappa"]
