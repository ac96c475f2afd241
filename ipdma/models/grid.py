"""The posterior by a grid instead of a sampler: an independent check, and fast enough for hundreds of data sets.

Given the curves' own parameters, tau and the residual SDs everything is normal (``elimination``). Residual SDs are held
at their estimates; then the posterior of the rest is a sum over a grid of curve parameters and tau, each point with its
marginal likelihood and a normal distribution of the linear parameters. A trial's intercept and slopes do not depend on
the grid and are eliminated once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ipdma.curves.levelling import Levelling
from ipdma.models.columns import columns_of
from ipdma.models.elimination import integrals
from ipdma.models.inputs import Inputs
from ipdma.models.maps import tau_scales
from ipdma.models.mixture import NormalMixture
from ipdma.models.own_parts import numbers_in
from ipdma.models.quadrature import prior_points, tau_points

Floats = NDArray[np.float64]
_POINTS, _TAUS = 78, 16  # kappa ~ Uniform(0, 19.5): a quarter of a dose between points


@dataclass(frozen=True, kw_only=True, eq=False)
class GridPosterior:
    """A posterior on a grid: points (curve parameters) by tau.

    Parameters
    ----------
    inputs
        What was integrated.
    parameters
        The curves' own parameters at each point, by their names in the model, shape (point,).
    tau
        Shape (tau,); a single zero where the effect is common.
    weight
        Posterior probability, shape (point, tau).
    mean, covariance
        Of the linear parameters given point and tau, shapes (point, tau, parameter) and (point, tau, parameter,
        parameter): ``inputs.levels``, then ``inputs.shared``.
    """

    inputs: Inputs
    parameters: Mapping[str, Floats]
    tau: Floats
    weight: Floats
    mean: Floats
    covariance: Floats

    def linear(self, name: str) -> NormalMixture:
        """Return the posterior of a linear parameter, such as ``curves.dose`` or ``within.age_years``."""
        k = [*self.inputs.levels, *self.inputs.shared].index(name)
        return self._mixture(self.mean[..., k], self.covariance[..., k, k])

    def effect(self, x: float | None = None) -> NormalMixture:
        """Return the posterior of the effect at ``x`` of the main variable, or at the reference.

        The other variables stand at their reference.
        """
        columns = self.main_columns(x)
        own = columns.shape[1]
        mean = np.einsum("pk,ptk->pt", columns, self.mean[..., :own])
        variance = np.einsum("pk,ptkl,pl->pt", columns, self.covariance[..., :own, :own], columns)
        return self._mixture(mean, variance)

    def main_columns(self, x: float | None = None) -> Floats:
        """Return what each coefficient of the main curve is multiplied by at ``x``, shape (point, coefficient)."""
        main = self.inputs.terms[0]
        found = main.columns(main.place.reference if x is None else x, self.parameters)
        return np.stack([np.broadcast_to(column, self.weight.shape[:1]) for column in found], axis=1)

    def mean_sd(self, name: str) -> tuple[float, float]:
        """Return posterior mean and SD of ``tau`` or of a curve's own parameter."""
        values, axis = (self.tau, 0) if name == "tau" else (self.parameters[name], 1)
        weight = self.weight.sum(axis=axis)
        mean = float(weight @ values)
        return mean, float(np.sqrt(weight @ (values - mean) ** 2))

    def not_rising(self, levelling: Levelling) -> float:
        """Return P(not rising | the effect at the reference has its likelier sign), as the claim asks for.

        Raises
        ------
        ValueError
            If the main curve has several coefficients: its shape then is no function of the grid's points.
        """
        at_reference = self.main_columns()
        if at_reference.shape[1] > 1:
            raise ValueError("a grid tells levelling of main curves with one coefficient only.")
        sign = np.sign(at_reference[:, 0])
        told = levelling.not_rising(lambda x: sign * self.main_columns(x)[:, 0])
        effect = self.effect()
        below = (effect.weight * special.ndtr(-effect.mean / effect.sd)).reshape(self.weight.shape)
        mass = (below if below.sum() >= 0.5 else self.weight - below).sum(axis=1)
        return float(mass[told].sum() / mass.sum())

    def _mixture(self, mean: Floats, variance: Floats) -> NormalMixture:
        return NormalMixture(weight=self.weight.ravel(), mean=mean.ravel(), sd=np.sqrt(variance).ravel())


def grid_posterior(inputs: Inputs, *, points: int = _POINTS, taus: int = _TAUS) -> GridPosterior:
    """Return the posterior of a one-stage model by integration, residual SDs at their estimates.

    Parameters
    ----------
    inputs
        Of the model on its design.
    points, taus
        Number of points of the curves' own parameters (spread evenly over their priors) and of tau.

    Examples
    --------
    ``grid_posterior(build_inputs(design, model)).effect().summary()``
    """
    data = inputs.data.arrays
    parameters = prior_points(inputs.priors.described, inputs.sampled, points)
    columns = columns_of(inputs, parameters)
    tau, width = _tau(inputs, data, taus)
    value, mean, covariance = integrals(
        columns, tau, _residual_sd(data), numbers_in(data), data["root"].copy(), inputs.proportional
    )
    log_weight = value + np.log(width)
    weight = np.exp(log_weight - log_weight.max())
    return GridPosterior(
        inputs=inputs, parameters=parameters, tau=tau, weight=weight / weight.sum(), mean=mean, covariance=covariance
    )


def _tau(inputs: Inputs, data: Mapping[str, Floats], points: int) -> tuple[Floats, Floats]:
    if not inputs.random:
        return np.zeros(1), np.ones(1)
    numbers = [float(x) for x in inputs.priors.numbers["tau"]]
    prior = inputs.priors.kinds["tau"](*numbers)  # in outcome units
    fine, wide = tau_scales(inputs, data)
    return tau_points(prior, fine=fine, wide=wide, s=1.0, points=points)


def _residual_sd(data: Mapping[str, Floats]) -> Floats:
    return np.ascontiguousarray(np.broadcast_to(np.exp(data["log_sd_mean"]), data["n"].shape))
