from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ipdma.design.cells import build_cells, triangular_factor
from ipdma.design.design import Design, Terms, build_design
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.simulate.arrays import simulate_rows

RNG = np.random.default_rng(20)


@pytest.mark.parametrize(("people", "columns"), [(40, 4), (4, 4), (2, 4), (1, 5), (0, 3)])
def test_the_factor_is_square_upper_triangular_and_keeps_the_cross_products(people: int, columns: int) -> None:
    z = np.column_stack([np.ones(people), RNG.normal(20.0, 9.0, (people, columns - 1))])
    r = triangular_factor(z)
    assert r.shape == (columns, columns)
    np.testing.assert_array_equal(r, np.triu(r))
    np.testing.assert_allclose(r.T @ r, z.T @ z, rtol=1e-11, atol=1e-9)


def test_one_person_is_kept_exactly() -> None:
    # Z = [1, 2, 3]: R'R = Z'Z has the rows 1 2 3, 2 4 6, 3 6 9.
    r = triangular_factor(np.array([[1.0, 2.0, 3.0]]))
    np.testing.assert_allclose(r.T @ r, [[1, 2, 3], [2, 4, 6], [3, 6, 9]], rtol=1e-15)


def row_log_likelihood(y: np.ndarray, x: np.ndarray, b: np.ndarray, sd: float) -> float:
    """SciPy's normal density of every row."""
    return float(stats.norm(x @ b, sd).logpdf(y).sum())


def cell_log_likelihood(r: np.ndarray, n: float, b: np.ndarray, sd: float) -> float:
    """The contract's form: -n/2 log 2 pi - n log sd - ||R [-B, 1]||^2 / (2 sd^2)."""
    residual = r @ np.append(-b, 1.0)
    return float(-0.5 * n * np.log(2 * np.pi) - n * np.log(sd) - 0.5 * residual @ residual / sd**2)


@pytest.mark.parametrize(("people", "columns"), [(500, 3), (60, 6), (5, 5), (3, 6), (1, 4)])
def test_rows_and_cells_have_the_same_gaussian_likelihood_constant_included(people: int, columns: int) -> None:
    x = np.column_stack([np.ones(people), RNG.normal(50.0, 20.0, (people, columns - 1))])
    y = RNG.normal(40.0, 15.0, people)
    r = triangular_factor(np.column_stack([x, y]))
    for _ in range(20):
        b, sd = RNG.normal(0.0, 1.0, columns), float(np.exp(RNG.normal(2.0, 0.5)))
        rows = row_log_likelihood(y, x, b, sd)
        assert abs(cell_log_likelihood(r, people, b, sd) - rows) <= 1e-9 * max(1.0, abs(rows))


@pytest.fixture(scope="module")
def design(consortium_of: Callable[..., Consortium]) -> Design:
    """Five trials, several of them with two active arms, and a modifier."""
    rows, arms = simulate_rows(5, 12, seed=8, within=2.0)
    estimand = Estimand(outcome="scale_a", visit="post", treatment="drug", control="control")
    return build_design(consortium_of(rows, arms), estimand, Terms(modifiers=("z", "baseline_severity")))


def test_a_designs_cells_are_its_centred_rows(design: Design) -> None:
    covariates = list(design.covariates)
    assert design.arms["trial"].duplicated().any()
    loglik = {"rows": 0.0, "cells": 0.0}
    b = RNG.normal(0.0, 1.0, (len(design.trials), 2, len(covariates) + 1))  # by trial and arm
    for c, (trial, arm, n) in enumerate(zip(design.cells.trial, design.cells.arm, design.cells.n, strict=True)):
        code = "control" if arm < 0 else design.arms["arm"][arm]
        people = design.rows[(design.rows["trial"] == design.trials[trial])]
        people = people[people["active"] == 0] if arm < 0 else people[people["arm"] == code]
        assert len(people) == n
        x = np.column_stack([np.ones(len(people)), people[covariates].to_numpy() - design.means[trial]])
        y = people["y"].to_numpy() - design.y_mean[trial]
        coefficients = b[trial, int(arm >= 0)]
        loglik["rows"] += row_log_likelihood(y, x, coefficients, 11.0)
        loglik["cells"] += cell_log_likelihood(design.cells.factor[c], n, coefficients, 11.0)
    assert loglik["cells"] == pytest.approx(loglik["rows"], rel=1e-9)
    assert design.cells.n.sum() == len(design.rows)


def test_every_trial_and_arm_has_a_cell_and_a_control_has_no_active_arm() -> None:
    rows = pd.DataFrame(
        {
            "trial": ["a", "a", "a", "b", "b"],
            "arm": ["low", "high", "none", "none", "low"],
            "b": [1.0, 2.0, 3.0, 4.0, 5.0],
            "y": [6.0, 7.0, 8.0, 9.0, 10.0],
        }
    )
    arms = pd.DataFrame({"trial": ["a", "a", "b"], "arm": ["low", "high", "low"]})
    cells = build_cells(rows, ["b"], ["a", "b"], arms)
    found = sorted(zip(cells.trial.tolist(), cells.arm.tolist(), cells.n.tolist(), strict=True))
    assert found == [(0, -1, 1.0), (0, 0, 1.0), (0, 1, 1.0), (1, -1, 1.0), (1, 2, 1.0)]
    assert cells.factor.shape == (5, 3, 3)
