"""The one-stage model as a PyMC model.

    y_i = trial_intercept_j + slopes_j (x_i - xbar_j) + active_i {trial_effect_ja + within (z_i - zbar_j)} + e_i
    trial_effect_ja ~ Normal(effect g(x_ja) + shifts + across-trial terms, tau),     e_i ~ Normal(0, residual_sd_j)

All that is linear here has a normal or flat prior and is integrated out (``elimination``), then drawn from its exact
conditional distribution (``ipdma.fit``). Left to sample are the main curve's own parameters, tau and the residual SDs:
no parameter whose scale is another parameter, so no funnel. Each lives in a coordinate without bounds; a potential adds
its prior's log density and the logarithm of the map's slope.
"""

from collections.abc import Mapping
from typing import Any

from ipdma.models.backend import pm, pt
from ipdma.models.columns import moved
from ipdma.models.inputs import HALVES, Inputs
from ipdma.models.maps import ROWS
from ipdma.models.marginal import MarginalLikelihood
from ipdma.models.packed import Packed
from ipdma.models.rising_map import RisingMap
from ipdma.models.scores import of_score
from ipdma.models.spread import Spread
from ipdma.priors.prior import Prior, Uniform

Arrays = Mapping[str, Any]
_FORCE = 6.0  # the largest gradient of a mapped coordinate, close to standard normal: that of six SDs


def build_model(inputs: Inputs) -> Any:
    """Return the PyMC model; its data is the one vector ``inputs``, and no size of the data stands in it."""
    with pm.Model() as model:
        vector = pm.Data("inputs", inputs.pack.vector)
        data = Packed(vector, inputs.pack.structure)
        sds = data["log_sd_mean"].shape[0]
        model.add_coord("sd", range(len(inputs.data.arrays["log_sd_mean"])), length=sds)
        tau = _tau(inputs, data) if inputs.random else pt.constant(0.0)
        columns = _moved(inputs, data, _curve_parameters(inputs, data, tau))
        value, *_ = MarginalLikelihood()(columns, tau, _residual_sd(inputs, data), vector)
        pm.Potential("marginal_likelihood", value)
    return model


def _prior(inputs: Inputs, data: Arrays, name: str, x: Any) -> Any:
    kind: type[Prior] = inputs.priors.kinds[name]
    return kind.logp(x, *(data[f"prior:{name}:{i}"] for i in range(len(inputs.priors.numbers[name]))))


def _curve_parameters(inputs: Inputs, data: Arrays, tau: Any) -> dict[str, Any]:
    """Return the curves' own parameters, each through a score that is standard normal under its prior.

    Where the main curve has only one, its score has a coordinate of its own, a map that depends on tau (``maps``).
    """
    found = {}
    for name in inputs.sampled:
        coordinate = pm.Flat(f"{name}_")
        score, log_slope = coordinate, pt.constant(0.0)
        if inputs.mapped and name == inputs.sampled[0]:
            score, log_slope, *_ = RisingMap(_FORCE)(coordinate, _row(inputs, data, tau), data["score_controls"])
        value, density = _of_score(inputs, data, name, score)
        pm.Potential(f"{name}_prior", density + log_slope)
        found[name] = pm.Deterministic(name, value)
    return found


def _row(inputs: Inputs, data: Arrays, tau: Any) -> Any:
    """Return the row of the conditional map's table at a tau."""
    if not inputs.random:
        return pt.constant(0.0)
    return pt.minimum(pt.arcsinh(tau / data["tau_fine"]) / data["row_step"], ROWS - 1.0)


def _of_score(inputs: Inputs, data: Arrays, name: str, score: Any) -> tuple[Any, Any]:
    numbers = [data[f"prior:{name}:{i}"] for i in range(len(inputs.priors.numbers[name]))]
    return of_score(inputs.priors.kinds[name], score, numbers, erf=pt.erf)


def _moved(inputs: Inputs, data: Arrays, parameters: Mapping[str, Any]) -> Any:
    """Return the columns that depend on curves' own parameters, shape (column, trial, arm)."""
    if not parameters:
        return pt.zeros((0, 0, 0))
    spread = {name: Spread()(value, data["arms"]) for name, value in parameters.items()}
    return pt.stack(moved(inputs, data, spread))


def _tau(inputs: Inputs, data: Arrays) -> Any:
    """Return tau through the quantiles of its approximate posterior (``maps``).

    The map is one of x, tau = fine log(1 + exp(x)) or, within a uniform prior's bounds, of tau's logit, so that it can
    go straight on beyond the outer knots.
    """
    free, log_slope, *_ = RisingMap(_FORCE if inputs.mapped else None)(pm.Flat("tau_"), 0.0, data["tau_controls"])
    if inputs.priors.kinds["tau"] is Uniform:
        lower, upper = data["prior:tau:0"], data["prior:tau:1"]
        share = pt.sigmoid(free)
        tau, log_jacobian = lower + (upper - lower) * share, pt.log((upper - lower) * share * (1.0 - share))
    else:
        tau, log_jacobian = data["tau_fine"] * pt.softplus(free), pt.log(data["tau_fine"]) - pt.softplus(-free)
    tau = pm.Deterministic("tau", tau)
    pm.Potential("tau_prior", _tau_prior(inputs, data, tau) + log_jacobian + log_slope)
    return tau


def _tau_prior(inputs: Inputs, data: Arrays, tau: Any) -> Any:
    if inputs.priors.kinds["tau"] not in HALVES:
        return _prior(inputs, data, "tau", tau)
    normal, cauchy = (kind.logp(tau, data["prior:tau:0"]) for kind in HALVES)
    return normal + data["half_cauchy"] * (cauchy - normal)


def _residual_sd(inputs: Inputs, data: Arrays) -> Any:
    """Return the residual SD of each trial, from coordinates of about the size of what the data leave open."""
    z = pm.Flat("residual_sd_", dims="sd")
    log_sd = data["log_sd_mean"] + data["log_sd_spread"] * z
    sd = pm.Deterministic("residual_sd", pt.exp(log_sd), dims="sd")
    # A trial left out (n = 0) keeps its place in the compiled model; its coordinate is then standard normal, so that no
    # improper prior lets it wander.
    here = data["sd_analyzed"]
    density = here * (_prior(inputs, data, "residual_sd", sd) + log_sd) - (1.0 - here) * 0.5 * z**2
    pm.Potential("residual_sd_prior", density.sum())
    return sd
