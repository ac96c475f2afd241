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
    ("curve", "example"),
    [(Plateau("number_of_doses"), "[{plateau: {corner: 0.01}}]"),
     (BrokenLine("number_of_doses"), "[{broken_line: {corner: 0.01}}]"),
     (Log("number_of_doses"), "[{log: {offset: 0.02}}]")],
)  # fmt: skip
def test_of_a_variable_with_a_unit_a_setting_in_that_unit_is_stated(in_grams: Design, curve: Any, example: str) -> None:
    with pytest.raises(DesignError, match="in g, the unit of its reference") as refused:
        terms_of(in_grams, OneStage(main=curve))
    assert example in str(refused.value)


def test_a_setting_that_would_flatten_the_curve_is_refused(in_grams: Design) -> None:
    for curve, words in (
        (Plateau("number_of_doses", corner=0.2), "has corner 0.2 g, but values up to 0.5 g only"),
        (Log("number_of_doses", offset=0.6), "has offset 0.6 g, but values up to 0.5 g only"),
    ):
        with pytest.raises(DesignError, match=words):
            terms_of(in_grams, OneStage(main=curve))


def test_the_same_curve_is_the_same_in_any_unit(in_grams: Design) -> None:
    arms = in_grams.arms.assign(number_of_doses=1000.0 * in_grams.arms["number_of_doses"])
    in_mg = replace(in_grams, arms=arms, reference={"number_of_doses": 100.0}, units={"number_of_doses": "mg"})
    for small, large in (
        (Plateau("number_of_doses", corner=0.01), Plateau("number_of_doses", corner=10.0)),
        (Log("number_of_doses", offset=0.02), Log("number_of_doses", offset=20.0)),
    ):
        one, other = (terms_of(design, OneStage(main=c))[0] for design, c in ((in_grams, small), (in_mg, large)))
        parameters = ({"kappa": 0.2}, {"kappa": 200.0}) if one.parameters else ({}, {})
        x = np.array([0.05, 0.1, 0.4])
        shapes = one.columns(x, parameters[0])[0], other.columns(1000.0 * x, parameters[1])[0]
        np.testing.assert_allclose(*shapes, rtol=1e-12)


def test_the_same_curve_with_a_setting_of_that_size_is_a_curve(in_grams: Design) -> None:
    (term,) = terms_of(in_grams, OneStage(main=Plateau("number_of_doses", corner=0.01)))
    assert list(term.parameters) == ["kappa"]
