"""The elimination against a dense multivariate normal, finite differences, and the dense conditional distribution."""

from typing import Any

import numpy as np
import pytest
from scipy.linalg import block_diag
from scipy.stats import multivariate_normal

from ipdma.models.elimination import draw_all, marginal
from ipdma.models.own_parts import numbers_in, own_parts

TRIALS, ARMS, NUISANCE, SHARED, LEVELS, PEOPLE = 4, 2, 2, 1, 2, 12


class Case:
    """Random data of four trials; the linear parameters, and everything they are drawn from, written out densely."""

    def __init__(self, *, own: int, proportional: bool) -> None:
        rng = np.random.default_rng(1)
        self.proportional = proportional
        self.root = np.ones((ARMS, 1)) if proportional else np.linalg.cholesky([[1, 0.5], [0.5, 1]])[:, :own]
        self.sd, self.tau = rng.uniform(1, 2, TRIALS), 0.7
        self.columns = rng.normal(size=(LEVELS, TRIALS, ARMS))
        self.x = rng.normal(size=(TRIALS, PEOPLE, NUISANCE + ARMS + SHARED))
        self.y = rng.normal(scale=2, size=(TRIALS, PEOPLE))
        self.own_mean, self.own_precision = rng.normal(size=(TRIALS, NUISANCE)), np.array([0.5, 2.0])
        self.common_mean, self.common_precision = rng.normal(size=LEVELS + SHARED), np.array([1.0, 0.3, 2.0])
        self.arrays = {
            "n": np.full(TRIALS, float(PEOPLE)),
            "gram": np.einsum("jip,jiq->jpq", self.x, self.x),
            "cross": np.einsum("jip,ji->jp", self.x, self.y),
            "square": (self.y**2).sum(1),
            "own_mean": self.own_mean,
            "own_precision": self.own_precision,
            "common_mean": self.common_mean,
            "common_precision": self.common_precision,
            "log_sd_mean": np.log([1.2, 0.7, 1.9, 3.0]),  # near the residual SDs, not at them
        }

    def value(self, columns: Any = None, tau: Any = None, sd: Any = None) -> Any:
        columns, tau, sd = (
            given if given is not None else mine
            for given, mine in ((columns, self.columns), (tau, self.tau), (sd, self.sd))
        )
        return marginal(columns, np.arange(LEVELS), tau, sd, self.numbers, self.root, self.proportional, True)

    @property
    def numbers(self) -> tuple[np.ndarray, ...]:
        return numbers_in(self.arrays)

    def dense(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return design, prior mean and covariance of (own by trial ..., common), and the residual covariance."""
        own_size = NUISANCE + self.root.shape[1]
        own, common, covariance = [], [], []
        for j in range(TRIALS):
            root = self.columns[0, j][:, None] if self.proportional else self.root
            effects = self.x[j][:, NUISANCE : NUISANCE + ARMS]
            own.append(np.hstack([self.x[j][:, :NUISANCE], self.tau * effects @ root]))
            common.append(np.hstack([effects @ self.columns[:, j].T, self.x[j][:, NUISANCE + ARMS :]]))
            covariance.append(np.diag([*(1 / self.own_precision), *np.ones(self.root.shape[1])]))
        design = np.hstack([block_diag(*own), np.vstack(common)])
        mean = np.zeros(TRIALS * own_size + LEVELS + SHARED)
        for j in range(TRIALS):
            mean[j * own_size : j * own_size + NUISANCE] = self.own_mean[j]
        mean[TRIALS * own_size :] = self.common_mean
        prior = block_diag(*covariance, np.diag(1 / self.common_precision))
        return design, mean, prior, np.diag(np.repeat(self.sd**2, PEOPLE))


KINDS = [
    pytest.param({"own": 2, "proportional": False}, id="constant heterogeneity"),
    pytest.param({"own": 1, "proportional": True}, id="proportional heterogeneity"),
    pytest.param({"own": 0, "proportional": False}, id="common effect"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_value_is_that_of_the_dense_normal_up_to_its_constant(kind: dict[str, Any]) -> None:
    case = Case(**kind)
    design, mean, prior, residual = case.dense()
    dense = multivariate_normal(design @ mean, design @ prior @ design.T + residual).logpdf(case.y.ravel())
    constant = -0.5 * TRIALS * PEOPLE * np.log(2 * np.pi)
    assert case.value()[0] + constant == pytest.approx(dense, rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_is_that_of_finite_differences(kind: dict[str, Any]) -> None:
    case, h = Case(**kind), 1e-5
    _, d_columns, d_tau, d_sd = case.value()
    if case.root.shape[1]:
        slope = (case.value(tau=case.tau + h)[0] - case.value(tau=case.tau - h)[0]) / (2 * h)
        assert d_tau == pytest.approx(slope, rel=1e-6)
    for j in range(TRIALS):
        step = h * np.eye(TRIALS)[j]
        slope = (case.value(sd=case.sd + step)[0] - case.value(sd=case.sd - step)[0]) / (2 * h)
        assert d_sd[j] == pytest.approx(slope, rel=1e-5, abs=1e-7)
    for index in np.ndindex(case.columns.shape):
        step = np.zeros_like(case.columns)
        step[index] = h
        slope = (case.value(columns=case.columns + step)[0] - case.value(columns=case.columns - step)[0]) / (2 * h)
        assert d_columns[index] == pytest.approx(slope, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("kind", KINDS)
def test_a_trial_without_participants_counts_for_nothing(kind: dict[str, Any]) -> None:
    case, empty = Case(**kind), Case(**kind)
    for name in ("n", "gram", "cross", "square"):
        empty.arrays[name][2] = 0.0
    kept = [0, 1, 3]
    case.arrays = {
        name: array if name in ("own_precision", "common_mean", "common_precision") else array[kept]
        for name, array in case.arrays.items()
    }
    case.columns, case.sd = case.columns[:, kept], case.sd[kept]
    assert empty.value()[0] == pytest.approx(case.value()[0], rel=1e-12)
    assert empty.value()[3][2] == 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_draws_of_the_linear_parameters_have_the_dense_conditional_mean_and_covariance(kind: dict[str, Any]) -> None:
    case, draws = Case(**kind), 20_000
    own_size, common_size = NUISANCE + case.root.shape[1], LEVELS + SHARED
    rng = np.random.default_rng(2)
    u = rng.standard_normal((draws, TRIALS, NUISANCE))
    v = np.zeros((draws, TRIALS, ARMS + SHARED))
    common = rng.standard_normal((draws, common_size))
    normals = rng.standard_normal((draws, TRIALS, case.root.shape[1]))
    repeat = [np.repeat(np.asarray(x)[None], draws, axis=0) for x in (case.columns, case.tau, case.sd)]
    basis = own_parts(case.arrays)["own_basis"]
    draw_all(u, v, common, *repeat, case.numbers, basis, case.root, case.proportional, normals)
    design, mean, prior, residual = case.dense()
    precision = np.linalg.inv(prior) + design.T @ np.linalg.inv(residual) @ design
    covariance = np.linalg.inv(precision)
    center = covariance @ (np.linalg.inv(prior) @ mean + design.T @ np.linalg.inv(residual) @ case.y.ravel())
    sd = np.sqrt(np.diag(covariance))
    found = common.mean(0)
    assert np.abs(found - center[-common_size:]) == pytest.approx(0, abs=4 * sd[-common_size:].max() / draws**0.5)
    assert common.std(0) == pytest.approx(sd[-common_size:], rel=0.03)
    first = u[:, :, 0]  # each trial's first nuisance parameter is its own first coefficient
    where = np.arange(TRIALS) * own_size
    assert np.abs(first.mean(0) - center[where]) == pytest.approx(0, abs=4 * sd[where].max() / draws**0.5)
    assert first.std(0) == pytest.approx(sd[where], rel=0.03)
    joint = np.cov(first[:, 1], common[:, 0])[0, 1]
    assert joint == pytest.approx(covariance[where[1], -common_size], abs=0.03 * sd[where[1]] * sd[-common_size])
    # Effects of the arms: tau root z plus the columns times levels, all of it from the dense distribution.
    effects = v[:, 0, :ARMS]
    into = np.zeros((ARMS, len(center)))
    root = case.columns[0, 0][:, None] if case.proportional else case.root
    into[:, NUISANCE : NUISANCE + case.root.shape[1]] = case.tau * root
    into[:, -common_size : -SHARED or None] = case.columns[:, 0].T
    wanted, spread = into @ center, into @ covariance @ into.T
    assert effects.mean(0) == pytest.approx(wanted, abs=4 * np.sqrt(np.diag(spread)).max() / draws**0.5)
    assert np.cov(effects.T) == pytest.approx(spread, rel=0.05, abs=0.03 * np.diag(spread).max())


def test_flat_priors_of_a_trials_own_coefficients_lose_no_digits() -> None:
    case = Case(own=2, proportional=False)
    values = []
    for precision in (1e-8, 1e-11):
        case.arrays["own_precision"] = np.array([precision, 2.0])
        values.append(case.value()[0] - 0.5 * TRIALS * np.log(precision))
    assert values[0] == pytest.approx(values[1], abs=1e-6)
    assert all(np.isfinite(part).all() for part in case.value())
