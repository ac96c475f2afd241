"""Models of every kind of curve against the rows: everybody's mean and covariance written out."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.stats import multivariate_normal

from ipdma.curves.broken_line import BrokenLine
from ipdma.curves.categorical import Categorical
from ipdma.curves.categorical_shift import CategoricalShift
from ipdma.curves.emax import Emax
from ipdma.curves.hinge import Hinge
from ipdma.curves.levelling import Levelling
from ipdma.curves.linear import Linear
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.quadratic import Quadratic
from ipdma.curves.spline import Spline
from ipdma.curves.window import Window
from ipdma.errors import AnalysisError, DesignError
from ipdma.models.build_inputs import build_inputs
from ipdma.models.columns import columns_of
from ipdma.models.draws import in_outcome_units
from ipdma.models.elimination import marginal
from ipdma.models.one_stage import OneStage
from ipdma.models.own_parts import numbers_in
from ipdma.priors.prior import Uniform
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.simulated_design import simulated_design

TRIALS, TAU = 6, 2.5
SD = np.linspace(6.0, 14.0, TRIALS)
ROWS, ARMS = simulate_rows(TRIALS, 15, 3)
# By trial: doses 3, 2 (two arms: 50 and 500 mg), 4, 10, 12, 5; timing 60, 120, 60, 120, 240, 60.
VALUES = {"kappa": 4.5, "ratio": -0.4, "ed50": 3.0, "curves.timing_min[peak]": 100.0, "curves.timing_min[width]": 50.0}


def plateau(x: np.ndarray, kappa: float = VALUES["kappa"]) -> np.ndarray:
    return (x + np.hypot(kappa, 0.5) - np.sqrt((x - kappa) ** 2 + 0.25)) / 2


def broken(x: np.ndarray) -> np.ndarray:
    return plateau(x) + VALUES["ratio"] * (x - plateau(x))


def harrell(x: Any) -> Any:
    """The nonlinear term of Harrell's restricted cubic spline with knots 0, 4, 12."""
    return (x**3 - 1.5 * np.maximum(x - 4, 0) ** 3 + 0.5 * np.maximum(x - 12, 0) ** 3) / 144


def window(x: np.ndarray) -> np.ndarray:
    return np.exp(-((x - 100) ** 2) / (2 * 50**2))


def is_at(level: float) -> Any:
    return lambda x: (x == level).astype(float)


# Model, and by variable the columns its curves must have with their prior SDs in s, from the formulas of the contract.
NUMBER, TIMING = "number_of_doses", "timing_min"
CASES = {
    "quadratic": (
        OneStage(main=Quadratic(NUMBER), shifts=(LogLinear("dose"),)),
        [
            (NUMBER, lambda n: n / 5, 1.0),
            (NUMBER, lambda n: n * (n - 5) / (12 * 7), 1.0),
            ("dose", lambda d: np.log(d / 50) / np.log(5), 0.25),
        ],
    ),
    "spline": (
        OneStage(main=Spline(NUMBER, knots=(0.0, 4.0, 12.0)), shifts=(LogLinear("dose"),)),
        [
            (NUMBER, lambda n: n / 5, 1.0),
            # Above its line through 5, R is largest at 12: c = R(12) - 12 / 5 R(5)
            (NUMBER, lambda n: (harrell(n) - harrell(5.0) * n / 5) / (harrell(12.0) - harrell(5.0) * 12 / 5), 1.0),
            ("dose", lambda d: np.log(d / 50) / np.log(5), 0.25),
        ],
    ),
    "categorical": (
        OneStage(main=Categorical(NUMBER), shifts=(Hinge(TIMING, at=60.0),)),
        [
            (NUMBER, np.ones_like, 1.0),
            *((NUMBER, is_at(level), 0.5) for level in (2, 3, 4, 10, 12)),
            (TIMING, lambda t: np.maximum(t - 60, 0) / 60, 0.25),
        ],
    ),
    "broken line and window": (
        OneStage(main=BrokenLine(NUMBER), shifts=(Window(TIMING), LogLinear("dose"))),
        [
            (NUMBER, lambda n: broken(n) / np.sqrt((plateau(5.0) ** 2 + broken(5.0) ** 2) / 2), 1.0),
            (TIMING, lambda t: window(t) - window(60.0), 0.25),
            ("dose", lambda d: np.log(d / 50) / np.log(5), 0.25),
        ],
    ),
    "emax and categorical shift": (
        OneStage(main=Emax(NUMBER), shifts=(CategoricalShift(TIMING),)),
        [
            (NUMBER, lambda n: n / (3 + n) / (5 / 8), 1.0),
            (TIMING, is_at(120.0), 0.25),
            (TIMING, is_at(240.0), 0.25),
        ],
    ),
}
each_case = pytest.mark.parametrize("case", CASES)


def dense_value(design: Any, terms: list[tuple[str, Any, float]]) -> float:
    s, people = design.baseline_sd, design.rows
    trial = pd.Index(design.trials).get_indexer(pd.Index(people["trial"]))
    active, b = people["active"].to_numpy(), people["b"].to_numpy()
    own = design.arms.set_index(["trial", "arm"]).reindex(pd.MultiIndex.from_frame(people[["trial", "arm"]]))
    same = trial[:, None] == trial[None, :]
    same_arm = same & (people["arm"].to_numpy()[:, None] == people["arm"].to_numpy()[None, :])
    deviation_b = b - pd.Series(b).groupby(trial).transform("mean").to_numpy()
    covariance = np.diag(SD[trial] ** 2) + same * ((2 * s) ** 2 + 0.5**2 * np.outer(deviation_b, deviation_b))
    for variable, column, prior_sd in terms:
        x = np.where(active == 1, np.nan_to_num(own[variable].to_numpy(float), nan=1.0), 1.0)
        along = active * column(x)
        covariance = covariance + (prior_sd * s) ** 2 * np.outer(along, along)
    covariance = covariance + TAU**2 * np.where(same_arm, 1.0, 0.5) * same * np.outer(active, active)
    return float(multivariate_normal(b - 0.5 * deviation_b, covariance).logpdf(people["y"].to_numpy()))


@each_case
def test_cells_give_the_row_likelihood_of_every_kind_of_curve(case: str) -> None:
    model, terms = CASES[case]
    design = simulated_design(ROWS, ARMS, model)
    inputs = build_inputs(design, model)
    (columns,) = columns_of(inputs, {name: np.array([VALUES[name]]) for name in inputs.sampled})
    assert len(columns) == len(inputs.levels) == len(terms)
    data, none = inputs.data.arrays, np.zeros(0, dtype=np.int64)
    found = marginal(columns, none, TAU, SD, numbers_in(data), data["root"].copy(), False, True)[0]
    found -= 0.5 * len(ROWS) * np.log(2 * np.pi)
    assert found == pytest.approx(dense_value(design, terms), rel=1e-9)


@each_case
def test_what_is_reported_is_the_effect_at_the_reference_and_of_the_stated_move(case: str) -> None:
    model, terms = CASES[case]
    design = simulated_design(ROWS, ARMS, model)
    inputs = build_inputs(design, model)
    ones = np.ones((2, 3))
    dims = ("chain", "draw")
    posterior = xr.Dataset({name: (dims, VALUES[name] * ones) for name in inputs.sampled} | {"tau": (dims, 2 * ones)})
    posterior["residual_sd"] = ((*dims, "sd"), np.broadcast_to(SD, (2, 3, TRIALS)))
    drawn = in_outcome_units(posterior, design, inputs, seed=1)
    kept = {name: drawn[name].to_numpy() for name in drawn.data_vars}
    coefficients = [term.drawn_name(name) for term in inputs.terms for name in term.coefficients]

    def along(variable: str, x: float) -> np.ndarray:
        pairs = zip(coefficients, terms, strict=True)
        return sum(kept[name] * column(np.array(x)) for name, (over, column, _) in pairs if over == variable)

    assert kept["effect"] == pytest.approx(along(NUMBER, 5.0))
    for curve in model.shifts:
        start, end = design.moves[curve.variable]
        assert kept[curve.variable] == pytest.approx(along(curve.variable, end) - along(curve.variable, start))
    assert set(kept) >= {name.removeprefix("curves.") for name in inputs.sampled}


def test_curves_without_parameters_share_one_code_and_others_do_not() -> None:
    def key(**settings: Any) -> tuple[object, ...]:
        model = OneStage(**settings)
        return build_inputs(simulated_design(ROWS, ARMS, model), model).key

    assert key() == key(main=Linear(NUMBER))
    assert key(main=Linear(NUMBER), shifts=(LogLinear("dose"),)) == key(shifts=(Hinge(TIMING),))
    emax = key(main=Emax(NUMBER))
    assert emax != key()
    assert emax != key(main=Emax("dose"))
    assert key(main=Emax(NUMBER), levelling=Levelling((1.0, 9.0), (9.0, 12.0))) == emax


def test_levelling_sets_the_default_prior_and_a_stated_one_stands() -> None:
    model = OneStage(main=BrokenLine(NUMBER), levelling=Levelling((1.0, 9.0), (9.0, 12.0)))
    design = simulated_design(ROWS, ARMS, model)
    prior = build_inputs(design, model).priors.described["kappa"]
    assert isinstance(prior, Uniform)
    assert prior.lower == 2.5  # half the reference, later than the first landmark
    stated = OneStage(**{**vars(model), "priors": {"kappa": Uniform(0.0, 3.0)}})
    assert build_inputs(design, stated).priors.described["kappa"] == Uniform(0.0, 3.0)


def test_a_categorical_curve_is_read_at_levels_only() -> None:
    arms = ARMS.assign(number_of_doses=ARMS["number_of_doses"].replace(5.0, 6.0))
    model = OneStage(main=Categorical(NUMBER))
    with pytest.raises(DesignError, match=r"reference of number_of_doses is 5, which no active arm has \(2, 3, 4, 6"):
        build_inputs(simulated_design(ROWS, arms, model), model)


def test_deviations_in_proportion_to_a_curve_that_can_cross_zero_are_refused() -> None:
    with pytest.raises(AnalysisError, match="quadratic can cross zero"):
        OneStage(main=Quadratic(NUMBER), heterogeneity="proportional")
