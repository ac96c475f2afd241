"""The numbers a compiled model reads, against the rows they came from."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from ipdma.curves.hinge import Hinge
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.plateau import Plateau
from ipdma.design.design import Design
from ipdma.design.outcome import pooled_sd
from ipdma.errors import AnalysisError, DesignError, PriorError
from ipdma.models.build_inputs import build_inputs, without_trials
from ipdma.models.columns import columns_of
from ipdma.models.graph import build_model
from ipdma.models.inputs import Inputs
from ipdma.models.marginal import marginal_of
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import Flat, HalfCauchy, HalfNormal, LogFlat, LogNormal, Normal, Prior, Sd, Uniform
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.simulated_design import simulated_design

MODEL = OneStage(
    main=Plateau("number_of_doses"),
    shifts=(LogLinear("dose"), Hinge("timing_min", at=60.0)),
    modifiers=("z", "baseline_severity"),
    interaction_across=True,
)
KAPPA, TAU = 7.0, 2.5


@pytest.fixture(scope="module")
def rows_and_arms() -> tuple[pd.DataFrame, pd.DataFrame]:
    return simulate_rows(6, 15, 3, within=-2.0)


@pytest.fixture(scope="module")
def design(rows_and_arms: tuple[pd.DataFrame, pd.DataFrame]) -> Design:
    return simulated_design(*rows_and_arms, MODEL)


def value(inputs: Inputs, sd: np.ndarray, *, kappa: float = KAPPA, tau: float = TAU) -> float:
    """The log marginal likelihood, through the cells."""
    moved = columns_of(inputs, {"kappa": np.array([kappa])} if inputs.sampled else {})[0][: len(inputs.sampled)]
    return float(marginal_of(np.ascontiguousarray(moved), tau, sd, inputs.pack.vector)[0])


def dense_value(design: Design, rows: pd.DataFrame, sd: np.ndarray) -> float:
    """The same from the rows: everybody's mean and covariance written out, with the priors of ``default_priors``."""
    s, people = design.baseline_sd, design.rows
    trial = pd.Index(design.trials).get_indexer(pd.Index(people["trial"]))
    active = people["active"].to_numpy()
    arms = design.arms.set_index(["trial", "arm"])
    own = arms.reindex(pd.MultiIndex.from_frame(people[["trial", "arm"]]))
    n, dose, timing = (
        np.nan_to_num(own[c].to_numpy(float), nan=1.0) for c in ("number_of_doses", "dose", "timing_min")
    )
    h = lambda x: (x + np.hypot(KAPPA, 0.5) - np.sqrt((x - KAPPA) ** 2 + 0.25)) / 2  # noqa: E731
    g = h(n) / h(5.0)
    b, z = people["b"].to_numpy(), people["z"].to_numpy()
    mean = lambda x: pd.Series(x).groupby(trial).transform("mean").to_numpy()  # noqa: E731
    # (column, prior SD), prior mean zero; then those with a prior mean and the trials' own.
    quarter, spread_b = 0.25 * s, design.covariate_sd[0]
    common = [
        (active * g, s),
        (active * np.log(dose / 50) / np.log(5), quarter),
        (active * np.maximum(timing - 60, 0) / 60, quarter),
        (active * (mean(b) - b.mean()), quarter / spread_b),
        (active * (mean(z) - z.mean()), quarter),
        (active * (b - mean(b)), quarter / spread_b),
        (active * (z - mean(z)), quarter),
    ]
    same = trial[:, None] == trial[None, :]
    same_arm = same & (people["arm"].to_numpy()[:, None] == people["arm"].to_numpy()[None, :])
    covariance = np.diag(sd[trial] ** 2)
    for column, prior_sd in common:
        covariance = covariance + prior_sd**2 * np.outer(column, column)
    for column, prior_sd in (
        (np.ones(len(b)), 2 * s),
        (b - mean(b), 0.5),
        (z - mean(z), 0.5 * s / pooled_sd(z, trial)),
    ):
        covariance = covariance + prior_sd**2 * np.outer(column, column) * same
    deviation = TAU**2 * np.where(same_arm, 1.0, 0.5) * same * np.outer(active, active)
    center = mean(b) + 0.5 * (b - mean(b))
    return float(multivariate_normal(center, covariance + deviation).logpdf(people["y"].to_numpy()))


def test_cells_give_the_row_likelihood(design: Design, rows_and_arms: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    sd = np.linspace(6.0, 14.0, 6)
    found = value(build_inputs(design, MODEL), sd) - 0.5 * len(design.rows) * np.log(2 * np.pi)
    assert found == pytest.approx(dense_value(design, rows_and_arms[0], sd), rel=1e-9)


def test_a_trial_left_out_gives_the_likelihood_of_the_others_with_the_constants_kept(design: Design) -> None:
    inputs, sd = build_inputs(design, MODEL), np.linspace(6.0, 14.0, 6)
    left = without_trials(inputs, [2])
    assert left.key == inputs.key
    assert left.data.arrays["n"][2] == 0
    other = sd.copy()
    other[2] = 99.0
    assert value(left, sd) == pytest.approx(value(left, other), rel=1e-12)
    with pytest.raises(DesignError, match="no trial would be left"):
        without_trials(inputs, range(6))


def test_models_of_one_structure_share_a_key_and_others_do_not(design: Design) -> None:
    key = build_inputs(design, MODEL).key
    numbers = OneStage(**{**vars(MODEL), "priors": {"tau": HalfNormal(1.0), "effect": Flat()}})
    assert build_inputs(design, numbers).key == key  # a flat prior of a linear parameter is a precision of zero
    cauchy = OneStage(**{**vars(MODEL), "priors": {"tau": HalfCauchy(1.0)}})
    assert build_inputs(design, cauchy).key == key
    uniform = OneStage(**{**vars(MODEL), "priors": {"tau": Uniform(0.0, 9.0)}})
    assert build_inputs(design, uniform).key != key


@pytest.mark.parametrize("prior", [HalfNormal(2.0), HalfCauchy(2.0), LogNormal(2.0, 0.8), Uniform(0.0, 9.0)])
def test_the_density_of_tau_in_its_coordinate_is_its_prior_times_the_maps_slope(design: Design, prior: Prior) -> None:
    model = build_model(build_inputs(design, OneStage(**{**vars(MODEL), "priors": {"tau": prior}})))
    (term,) = (potential for potential in model.potentials if potential.name == "tau_prior")
    tau, coordinate = model["tau"], model.rvs_to_values[model["tau_"]]
    at = model.replace_rvs_by_values([tau, term])
    told = model.compile_fn(at, inputs=[coordinate], point_fn=False)
    for z in (-2.0, 0.3, 1.9):
        value, density = told(z)
        slope = (told(z + 1e-5)[0] - told(z - 1e-5)[0]) / 2e-5
        assert density == pytest.approx(prior.logp(value, *prior.numbers(1.0)) + np.log(slope), abs=1e-5)


@pytest.mark.parametrize(
    ("priors", "error", "message"),
    [
        ({"taw": HalfNormal(1.0)}, AnalysisError, "prior 'taw' is of no parameter of this model, did you mean 'tau'"),
        ({"effect": HalfNormal(1.0)}, PriorError, "effect enters the model linearly"),
        ({"within.z": Uniform(0.0, 1.0)}, PriorError, "takes a normal or a flat prior, not uniform"),
        ({"tau": Normal(0.0, 1.0)}, PriorError, "tau lives above zero: a normal prior does not fit it"),
        ({"tau": LogFlat()}, PriorError, "improper posterior"),
        ({"kappa": Flat()}, PriorError, "kappa needs a proper prior"),
        ({"kappa": HalfCauchy(3.0)}, PriorError, "kappa needs a proper prior with a variance"),
        ({"kappa": Normal(8.0, 8.0)}, PriorError, "kappa is a value of the curve's variable"),
        ({"kappa": HalfNormal(Sd(1.0))}, PriorError, "kappa is a value of the curve's variable"),
        ({"tau": Uniform(1.0, 5.0)}, PriorError, "must begin at 0"),
        ({"residual_sd": Uniform(0.0, 5.0)}, PriorError, "residual_sd does not take uniform"),
    ],
)
def test_a_prior_that_cannot_be_is_refused(design: Design, priors: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        build_inputs(design, OneStage(**{**vars(MODEL), "priors": priors}))


def test_every_prior_is_replaced_by_its_name(design: Design) -> None:
    inputs = build_inputs(design, MODEL)
    names = {
        "effect", "tau", "kappa", "curves.dose", "curves.timing_min", "across.z", "across.baseline_severity",
        "within.z", "within.baseline_severity", "trial_intercept", "baseline_slope", "prognostic.z", "residual_sd",
    }  # fmt: skip
    assert set(inputs.priors.described) == names
    replaced = OneStage(**{**vars(MODEL), "priors": {"within.z": Normal(1.0, Sd(2.0))}})
    mean, precision = build_inputs(design, replaced).priors.mean_precision("within.z")
    assert (mean, precision) == (1.0, pytest.approx((2.0 * design.baseline_sd) ** -2))


def test_one_trial_has_no_tau(rows_and_arms: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    rows, arms = rows_and_arms
    model = OneStage()
    one = simulated_design(rows[rows["trial"] == "trial_01"], arms[arms["trial"] == "trial_01"], model)
    inputs = build_inputs(one, model)
    assert not inputs.random
    assert "tau" not in inputs.priors.described


def test_a_flat_tau_with_few_trials_is_refused(rows_and_arms: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    rows, arms = rows_and_arms
    three = ["trial_01", "trial_02", "trial_03"]
    model = OneStage(priors={"tau": Flat(), "effect": Flat()})
    design = simulated_design(rows[rows["trial"].isin(three)], arms[arms["trial"].isin(three)], model)
    with pytest.raises(PriorError, match="with 3 trials the posterior of tau under flat"):
        build_inputs(design, model)


def test_a_flat_slope_of_a_covariate_that_is_constant_in_a_trial_moves_no_residual_sd(
    rows_and_arms: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    rows, arms = rows_and_arms
    constant = rows.assign(z=rows["z"].where(rows["trial"] != "trial_03", 1.0))
    sd, h = np.linspace(6.0, 14.0, 6), 1e-4
    step = h * np.eye(6)[2]
    slopes = []
    for prior in (Flat(), Normal(0.0, 1e3)):
        model = OneStage(prognostic_factors=("z",), priors={"prognostic.z": prior})
        inputs = build_inputs(simulated_design(constant, arms, model), model)
        slopes.append((value(inputs, sd + step) - value(inputs, sd - step)) / (2 * h))
    assert slopes[0] == pytest.approx(slopes[1], rel=1e-4)
