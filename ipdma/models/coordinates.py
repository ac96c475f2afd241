"""Where each trial's own data put its parameters: the coordinates a sampler moves in, as data.

Any values keep the model exact; these make its posterior nearly isotropic. With the information of trial j's least
squares, nuisance parameters eta (intercept, slopes by trial) have, given the trial effects theta and the parameters
``shared`` by all trials (common slopes, interactions within), a normal conditional posterior

    eta = anchor - gain_effect theta - gain_shared shared + spread z,      z ~ Normal(0, I)

and theta, with eta integrated out, has estimates ``estimate`` +- ``se``, each conditional on the arms before it.
"""

from dataclasses import dataclass

import numpy as np

from ipdma.design.design import Design
from ipdma.models.default_priors import Priors
from ipdma.models.one_stage import OneStage


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Which coefficient stands where: columns of a cell are the constant and the covariates.

    ``by_trial`` and ``common`` are positions of slopes among the covariates; ``modifiers`` those with an interaction.
    """

    by_trial: tuple[int, ...]
    common: tuple[int, ...]
    modifiers: tuple[int, ...]
    arms: int

    @classmethod
    def of(cls, design: Design, model: OneStage) -> "Layout":
        """Return the layout of a model on a design."""
        positions = range(len(design.covariates))
        common = {0} if model.baseline_slope == "common" else set()
        if model.prognostic_slope == "common":
            common |= set(positions[1:])
        return cls(
            by_trial=tuple(q for q in positions if q not in common),
            common=tuple(q for q in positions if q in common),
            modifiers=tuple(design.covariates.index(m) for m in design.modifiers),
            arms=int(design.arms.groupby("trial", sort=False).size().max()),
        )

    @property
    def shared(self) -> int:
        """Number of parameters shared by all trials: common slopes, then interactions within."""
        return len(self.common) + len(self.modifiers)


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """The cells on a dense grid, slot 0 control and slots 1, 2, ... the active arms; empty slots have n = 0, R = 0.

    Shapes: n (trial, slot), factor (trial, slot, column, column), present (trial, arm).
    """

    n: np.ndarray
    factor: np.ndarray
    present: np.ndarray

    @classmethod
    def of(cls, design: Design, layout: Layout) -> "Grid":
        """Lay the cells of a design out."""
        cells = design.cells
        slot_of_arm = design.arms.groupby("trial", sort=False).cumcount().to_numpy() + 1
        slot = np.where(cells.arm < 0, 0, slot_of_arm[cells.arm])
        columns = cells.factor.shape[-1]
        n = np.zeros((len(design.trials), layout.arms + 1))
        factor = np.zeros((*n.shape, columns, columns))
        n[cells.trial, slot] = cells.n
        factor[cells.trial, slot] = cells.factor
        return cls(n=n, factor=factor, present=n[:, 1:] > 0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Coordinates:
    """The maps of the module's first lines, for all trials. E nuisance, A arms, S shared parameters, J trials."""

    anchor: np.ndarray  # (J, E)
    gain_effect: np.ndarray  # (J, E, A)
    gain_shared: np.ndarray  # (J, E, S)
    spread: np.ndarray  # (J, E, E)
    estimate: np.ndarray  # (J, A)
    se: np.ndarray  # (J, A), marginal
    conditional_se: np.ndarray  # (J, A), given the arms before
    carry: np.ndarray  # (J, A, A), estimate of arm a moves by carry[a, l] (theta_l - estimate_l), l < a
    information: np.ndarray  # (J, A, A)
    score: np.ndarray  # (J, A)
    shared_mean: np.ndarray  # (S,)
    shared_spread: np.ndarray  # (S, S)
    log_sd_mean: np.ndarray  # (J,) or (1,)
    log_sd_spread: np.ndarray
    tau_scale: float


def cell_columns(grid: Grid, layout: Layout) -> np.ndarray:
    """Return X with R X for every parameter of a trial: (trial, slot, row, E + A + S), then y as the last column."""
    r, arms = grid.factor, layout.arms
    covariates = r[..., 1:-1]
    own = [r[..., :1], covariates[..., list(layout.by_trial)]]
    active = np.zeros((*r.shape[:-1], arms))
    for a in range(arms):
        active[:, a + 1, :, a] = r[:, a + 1, :, 0]
    interaction = covariates[..., list(layout.modifiers)].copy()
    interaction[:, 0] = 0.0
    return np.concatenate([*own, active, covariates[..., list(layout.common)], interaction, r[..., -1:]], axis=-1)


def build_coordinates(design: Design, model: OneStage, priors: Priors, grid: Grid, layout: Layout) -> Coordinates:
    """Return the coordinates of a model on a design."""
    x = cell_columns(grid, layout)
    sd, df = _residual_sd(x, grid, model, layout)
    weight = 1.0 / np.broadcast_to(sd, (len(design.trials),)) ** 2
    gram = np.einsum("jsrp,jsrq,j->jpq", x, x, weight)
    e, a = 1 + len(layout.by_trial), layout.arms
    prior_mean, prior_precision = _nuisance_priors(design, priors, layout)
    eta, theta, shared = slice(0, e), slice(e, e + a), slice(e + a, e + a + layout.shared)
    precision = gram[:, eta, eta] + np.einsum("e,ef->ef", prior_precision, np.eye(e))
    covariance = np.linalg.inv(precision + 1e-10 * np.trace(precision, axis1=1, axis2=2)[:, None, None] * np.eye(e))
    rest = gram[:, e:, e:] - gram[:, e:, eta] @ covariance @ gram[:, eta, e:]  # theta, shared and y, eta integrated out
    lean = (gram[:, e:, eta] @ covariance @ (prior_precision * prior_mean)[..., None])[..., 0]
    target = rest[:, :-1, -1] - lean[:, :-1]
    shared_mean, shared_spread = _shared(design, priors, rest[:, :-1, :-1], target, grid.present, layout)
    information = rest[:, :a, :a]
    score = target[:, :a] - rest[:, :a, a:-1] @ shared_mean
    estimate, se, conditional, carry = _by_arm(information, score, grid.present, design.baseline_sd)
    scale = priors.numbers["tau"][-1] if "tau" in priors.numbers and priors.numbers["tau"] else None
    mean, spread = _log_sd(sd, df, design, priors)
    return Coordinates(
        anchor=np.einsum("jef,jf->je", covariance, gram[:, eta, -1] + prior_precision * prior_mean),
        gain_effect=covariance @ gram[:, eta, theta],
        gain_shared=covariance @ gram[:, eta, shared],
        spread=np.linalg.cholesky(covariance),
        estimate=estimate,
        se=se,
        conditional_se=conditional,
        carry=carry,
        information=information,
        score=score,
        shared_mean=shared_mean,
        shared_spread=shared_spread,
        log_sd_mean=mean,
        log_sd_spread=spread,
        tau_scale=_tau_scale(se[grid.present], None if scale is None else float(scale)),
    )


def _residual_sd(x: np.ndarray, grid: Grid, model: OneStage, layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Return residual SDs and their degrees of freedom, by trial or common."""
    trials, columns = len(x), x.shape[-1] - 1
    rss, df = np.zeros(trials), np.zeros(trials)
    for j in range(trials):
        z = x[j].reshape(-1, columns + 1)
        fitted, _, rank, _ = np.linalg.lstsq(z[:, :-1], z[:, -1], rcond=1e-10)
        rss[j] = ((z[:, -1] - z[:, :-1] @ fitted) ** 2).sum()
        df[j] = max(grid.n[j].sum() - rank, 1.0)
    if model.residual_sd == "common":
        rss, df = rss.sum(keepdims=True), df.sum(keepdims=True)
    floor = 1e-3 * np.sqrt(rss.sum() / df.sum()) + 1e-12  # a trial of two people fits exactly; its sd is then unknown
    return np.maximum(np.sqrt(rss / df), floor), df


def _nuisance_priors(design: Design, priors: Priors, layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Return prior means (J, E), relative to the trial's mean outcome, and precisions (E,)."""
    names = slope_names(design)
    pairs = [priors.mean_precision(names[q]) for q in layout.by_trial]
    means = np.zeros((len(design.trials), 1 + len(pairs)))
    precision = priors.mean_precision("trial_intercept")[1]
    if precision:
        means[:, 0] = priors.numbers["trial_intercept"][0] - design.y_mean
    means[:, 1:] = [mean for mean, _ in pairs]
    return means, np.array([precision, *(p for _, p in pairs)])


def slope_names(design: Design) -> list[str]:
    """Return the prior's name of each covariate's prognostic slope."""
    return ["baseline_slope", *(f"prognostic.{column}" for column in design.covariates[1:])]


def shared_names(design: Design, layout: Layout) -> list[str]:
    """Return the priors' names of the shared parameters."""
    slopes = slope_names(design)
    covariates = ["baseline_severity", *design.covariates[1:]]
    return [*(slopes[q] for q in layout.common), *(f"within.{covariates[q]}" for q in layout.modifiers)]


def _shared(
    design: Design, priors: Priors, rest: np.ndarray, target: np.ndarray, present: np.ndarray, layout: Layout
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and Cholesky factor of the shared parameters, trial effects profiled out."""
    a = layout.arms
    pairs = [priors.mean_precision(name) for name in shared_names(design, layout)]
    precision = np.diag([p for _, p in pairs]).reshape(layout.shared, layout.shared)
    vector = np.array([m * p for m, p in pairs])
    for j in range(len(rest)):
        arms = np.flatnonzero(present[j])
        solve = np.linalg.pinv(rest[j][np.ix_(arms, arms)])
        cross = rest[j][a:, arms]
        precision += rest[j][a:, a:] - cross @ solve @ cross.T
        vector += target[j][a:] - cross @ solve @ target[j][arms]
    covariance = np.linalg.pinv(precision) + 1e-12 * np.eye(layout.shared)
    return covariance @ vector, np.linalg.cholesky(covariance) if layout.shared else np.zeros((0, 0))


def _by_arm(
    information: np.ndarray, score: np.ndarray, present: np.ndarray, s: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return estimates and SEs of the arms present; an absent arm gets an SE so large that it says nothing."""
    trials, arms = score.shape
    estimate, se = np.zeros((trials, arms)), np.full((trials, arms), 1e3 * s)
    conditional, carry = se.copy(), np.zeros((trials, arms, arms))
    for j in range(trials):
        found = np.flatnonzero(present[j])
        covariance = np.linalg.pinv(information[j][np.ix_(found, found)])
        estimate[j, found] = covariance @ score[j, found]
        se[j, found] = np.sqrt(np.diag(covariance))
        for k, arm in enumerate(found):
            before = found[:k]
            gain = covariance[k, :k] @ np.linalg.pinv(covariance[:k, :k])
            carry[j, arm, before] = gain
            conditional[j, arm] = np.sqrt(max(covariance[k, k] - gain @ covariance[:k, k], 1e-12 * covariance[k, k]))
    return estimate, se, conditional, carry


def _log_sd(sd: np.ndarray, df: np.ndarray, design: Design, priors: Priors) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and spread of the log residual SD: 2 df of information from the data, more from a log-normal prior."""
    mean, information = np.log(sd), 2.0 * df
    if priors.kinds["residual_sd"].kind == "log_normal":
        median, sigma = (float(x) for x in priors.numbers["residual_sd"])
        mean = (mean * information + np.log(median) / sigma**2) / (information + sigma**-2)
        information = information + sigma**-2
    return mean, 1.0 / np.sqrt(information)


def _tau_scale(se: np.ndarray, prior_scale: float | None) -> float:
    """Return the tau at which the estimates begin to tell it from zero, or the prior's scale where that is smaller."""
    told = (2.0 / np.sum(se**-4.0)) ** 0.25
    return float(told if prior_scale is None else (told**-2 + prior_scale**-2) ** -0.5)
