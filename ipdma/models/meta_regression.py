"""Random-effects meta-regression on one variable of the trials."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

from ipdma.errors import DesignError
from ipdma.models.reml import checked

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class MetaRegression:
    """A line through trial estimates: coefficients (intercept, slope), covariance, tau2, t with k - 2 df."""

    coefficients: Floats
    covariance: Floats
    tau2: float
    df: int

    @property
    def se(self) -> Floats:
        """Standard errors of intercept and slope."""
        return np.sqrt(np.diag(self.covariance))

    def at(self, x: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Return the line at each ``x`` with the ends of its 95 % interval."""
        design = np.column_stack([np.ones(np.size(x)), np.ravel(x)])
        mean = design @ self.coefficients
        half = self._t * np.sqrt(np.einsum("xp,pq,xq->x", design, self.covariance, design))
        return mean, mean - half, mean + half

    @property
    def slope_ci(self) -> tuple[float, float]:
        """The 95 % interval of the slope."""
        half = self._t * float(self.se[1])
        return float(self.coefficients[1] - half), float(self.coefficients[1] + half)

    @property
    def _t(self) -> float:
        return float(stats.t.ppf(0.975, self.df))


def meta_regression(x: ArrayLike, estimate: ArrayLike, se: ArrayLike, *, knapp_hartung: bool = True) -> MetaRegression:
    """Return the regression of trial estimates on a variable of the trials, residual heterogeneity by REML.

    Parameters
    ----------
    x, estimate, se
        One a trial.
    knapp_hartung
        Modified Knapp-Hartung standard errors, never smaller than without.

    Raises
    ------
    DesignError
        If there are fewer than three trials, or ``x`` is the same in all.

    Source: Raudenbush 2009; Knapp & Hartung 2003.

    Examples
    --------
    >>> line = meta_regression([1, 2, 3, 4], [1.0, 2.1, 2.9, 4.0], [0.1, 0.1, 0.1, 0.1])
    >>> round(float(line.coefficients[1]), 2)
    0.98
    """
    y, s = checked(estimate, se)
    values = np.asarray(x, dtype=np.float64).ravel()
    if len(y) < 3 or np.ptp(values) == 0:
        raise DesignError("a regression on a variable of the trials needs three trials and two values of it.")
    design = np.column_stack([np.ones(len(y)), values])
    tau2 = _reml(design, y, s)
    weight = 1.0 / (s**2 + tau2)
    covariance = np.linalg.inv(design.T @ (weight[:, None] * design))
    coefficients = covariance @ (design.T @ (weight * y))
    df = len(y) - 2
    spread = float(weight @ (y - design @ coefficients) ** 2) / df
    scale = max(1.0, spread) if knapp_hartung else 1.0
    return MetaRegression(coefficients=coefficients, covariance=covariance * scale, tau2=tau2, df=df)


def _reml(design: Floats, y: Floats, s: Floats) -> float:
    def loss(tau2: float) -> float:
        weight = 1.0 / (s**2 + tau2)
        information = design.T @ (weight[:, None] * design)
        left = y - design @ np.linalg.solve(information, design.T @ (weight * y))
        return float(np.linalg.slogdet(information)[1] - np.log(weight).sum() + weight @ left**2)

    highest = 10.0 * (float(np.var(y)) + float(np.max(s)) ** 2)
    # In the square root, so that values near zero are looked at closely.
    found = optimize.minimize_scalar(
        lambda tau: loss(tau**2), bounds=(0.0, np.sqrt(highest)), method="bounded", options={"xatol": 1e-10}
    )
    return 0.0 if loss(0.0) <= found.fun + 1e-12 else float(found.x**2)
