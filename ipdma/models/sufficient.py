"""What the marginal likelihood reads of the data: cross-products by trial, on a fixed layout of coefficients."""

from dataclasses import dataclass

import numpy as np

from ipdma.design.design import Design
from ipdma.models.one_stage import OneStage


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Which coefficient stands where: columns of a cell are the constant and the covariates.

    ``by_trial`` and ``common`` are positions of slopes among the covariates; ``modifiers`` those with an interaction.
    A trial's coefficients are (intercept, slopes by trial), (effect of each arm slot), (common slopes, interactions).
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
    def nuisance(self) -> int:
        """Number of intercepts and slopes a trial has for itself."""
        return 1 + len(self.by_trial)

    @property
    def shared(self) -> int:
        """Number of parameters shared by all trials: common slopes, then interactions within."""
        return len(self.common) + len(self.modifiers)


@dataclass(frozen=True, kw_only=True, eq=False)
class Sufficient:
    """Cross-products of each trial: n (trial,), gram (trial, coefficient, coefficient), cross, square (trial,)."""

    n: np.ndarray
    gram: np.ndarray
    cross: np.ndarray
    square: np.ndarray


def arm_positions(design: Design) -> tuple[np.ndarray, np.ndarray]:
    """Return trial and slot of each active arm of ``design.arms``."""
    trial = np.array([design.trials.index(t) for t in design.arms["trial"]])
    return trial, design.arms.groupby("trial", sort=False).cumcount().to_numpy()


def cell_columns(design: Design, layout: Layout) -> np.ndarray:
    """Return R X of each cell, shape (cell, row, coefficient + 1); the last column is R y.

    The outcome is taken from its trial mean, so that no digits are lost in cross-products.
    """
    cells, r = design.cells, design.cells.factor
    covariates = r[..., 1:-1]
    own = np.concatenate([r[..., :1], covariates[..., list(layout.by_trial)]], axis=-1)
    slot = np.where(cells.arm < 0, -1, arm_positions(design)[1][cells.arm])
    active = (slot[:, None] == np.arange(layout.arms))[:, None, :] * r[..., :1]
    per = np.array([design.per(column) for column in design.modifiers])
    interaction = covariates[..., list(layout.modifiers)] / per * (slot >= 0)[:, None, None]
    return np.concatenate([own, active, covariates[..., list(layout.common)], interaction, r[..., -1:]], axis=-1)


def sufficient(design: Design, layout: Layout) -> Sufficient:
    """Return the cross-products of a design."""
    x, cells, trials = cell_columns(design, layout), design.cells, len(design.trials)
    products = np.zeros((trials, x.shape[-1], x.shape[-1]))
    np.add.at(products, cells.trial, np.einsum("crp,crq->cpq", x, x))
    n = np.bincount(cells.trial, weights=cells.n, minlength=trials)
    return Sufficient(n=n, gram=products[:, :-1, :-1], cross=products[:, :-1, -1], square=products[:, -1, -1])


def residual_sd(design: Design, layout: Layout, *, common: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return residual SDs of each trial's own least squares and their degrees of freedom, by trial or pooled."""
    x, trials = cell_columns(design, layout), len(design.trials)
    rss, df = np.zeros(trials), np.zeros(trials)
    for j in range(trials):
        z = x[design.cells.trial == j].reshape(-1, x.shape[-1])
        fitted, _, rank, _ = np.linalg.lstsq(z[:, :-1], z[:, -1], rcond=1e-10)
        rss[j] = ((z[:, -1] - z[:, :-1] @ fitted) ** 2).sum()
        df[j] = max(design.cells.n[design.cells.trial == j].sum() - rank, 1.0)
    if common:
        rss, df = rss.sum(keepdims=True), df.sum(keepdims=True)
    # A trial of two people is fitted exactly, and its SD is then unknown, not zero.
    floor = 1e-2 * np.sqrt(rss.sum() / df.sum()) + 1e-12
    return np.maximum(np.sqrt(rss / df), floor), df
