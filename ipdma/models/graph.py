"""The one-stage model as a PyMC model.

    y_i = trial_intercept_j + slopes_j (x_i - xbar_j) + active_i {trial_effect_ja + within (z_i - zbar_j)} + e_i
    trial_effect_ja ~ Normal(effect g(x_ja) + shifts + across-trial terms, tau),     e_i ~ Normal(0, residual_sd_j)

All that is linear here has a normal or flat prior and is integrated out (``elimination``), then drawn from its exact
conditional distribution (``ipdma.fit``). Left to sample are the main curve's own parameters, tau and the residual SDs:
no parameter whose scale is another parameter, so no funnel. Each lives in a coordinate without bounds; a potential adds
its prior's log density and the logarithm of the map's slope.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ipdma.models.backend import pm, pt
from ipdma.models.bounded_force import BoundedForce
from ipdma.models.columns import pieces
from ipdma.models.coordinates import BELLS, COUNT, REACH, STEP
from ipdma.models.inputs import HALVES, Inputs
from ipdma.models.maps import ROWS
from ipdma.models.marginal import MarginalLikelihood, Sizes
from ipdma.models.scores import of_score
from ipdma.priors.prior import Prior, Uniform

Arrays = Mapping[str, Any]
_FORCE = 6.0  # the largest gradient of a mapped coordinate, close to standard normal: that of six SDs


def build_model(inputs: Inputs) -> Any:
    """Return the PyMC model; its data is the one vector ``inputs``."""
    with pm.Model(coords=_coords(inputs)) as model:
        vector = pm.Data("inputs", inputs.pack.vector)
        data = inputs.pack.unpack(vector)
        tau = _tau(inputs, data) if inputs.random else pt.constant(0.0)
        columns = _columns(inputs, data, _curve_parameters(inputs, data, tau))
        sd = _residual_sd(inputs, data)
        value, *_ = MarginalLikelihood(sizes_of(inputs))(columns, tau, sd, vector)
        pm.Potential("marginal_likelihood", value)
    return model


def _coords(inputs: Inputs) -> dict[str, Sequence[Any]]:
    trials = inputs.data.shapes["n"][0]
    return {"sd": range(trials if inputs.model.residual_sd == "by_trial" else 1)}


def sizes_of(inputs: Inputs) -> Sizes:
    """Return the sizes the marginal likelihood is compiled for."""
    arms, own = inputs.data.shapes["root"]
    return Sizes(
        trials=inputs.data.shapes["n"][0],
        arms=arms,
        nuisance=inputs.layout.nuisance,
        own=own,
        levels=len(inputs.levels),
        shared=inputs.layout.shared,
        proportional=inputs.proportional,
    )


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
        score, slope = coordinate, pt.constant(1.0)
        if inputs.mapped and name == inputs.sampled[0]:
            score, slope = _spline(BoundedForce(_FORCE)(coordinate), _row(inputs, data, tau))
        value, density = _of_score(inputs, data, name, score)
        pm.Potential(f"{name}_prior", density + pt.log(slope))
        found[name] = pm.Deterministic(name, value)
    return found


def _between(place: Any, count: int) -> tuple[Any, Any]:
    """Return the knot below a place between the first and the last of ``count`` knots, and the share of the way on."""
    knot = pt.clip(pt.floor(place), 0.0, count - 2.0)
    return pt.cast(knot, "int64"), place - knot


def _row(inputs: Inputs, data: Arrays, tau: Any) -> Any:
    """Return the control points at a tau, mixed from those tabulated."""
    table = data["score_controls"]
    if not inputs.random:
        return table[0]
    place = pt.minimum(pt.arcsinh(tau / data["tau_fine"]) / data["row_step"], ROWS - 1.0)
    knot, u = _between(place, ROWS)
    # Sums, not matrix products: BLAS is called through an address of the process, and code with one cannot be kept.
    weights = (BELLS * pt.stack([1.0, u, u**2, u**3])).sum(axis=1)
    return (weights[:, None] * pt.specify_shape(table[knot : knot + 4], (4, COUNT + 2))).sum(axis=0)


def _spline(coordinate: Any, points: Any) -> tuple[Any, Any]:
    """Return value and slope of the cubic B-spline with these control points; straight on beyond the outer knots."""
    place = (coordinate + REACH) / STEP
    inside = pt.clip(place, 0.0, COUNT - 1.0)
    knot, u = _between(inside, COUNT)
    c = (BELLS * pt.specify_shape(points[knot : knot + 4], (4,))[:, None]).sum(axis=0)
    value = (c * pt.stack([1.0, u, u**2, u**3])).sum()
    slope = (c[1:] * pt.stack([1.0, 2.0 * u, 3.0 * u**2])).sum()
    return value + slope * (place - inside), slope / STEP


def _of_score(inputs: Inputs, data: Arrays, name: str, score: Any) -> tuple[Any, Any]:
    numbers = [data[f"prior:{name}:{i}"] for i in range(len(inputs.priors.numbers[name]))]
    return of_score(inputs.priors.kinds[name], score, numbers, erf=pt.erf)


def _columns(inputs: Inputs, data: Arrays, parameters: Mapping[str, Any]) -> Any:
    """Return what each level is multiplied by in each active arm, shape (level, trial, arm); the main curve first."""
    if parameters:
        return pt.stack(pieces(inputs, data, parameters))
    later = data["level_columns"]
    return (
        pt.concatenate([data["main_columns"], later])
        if inputs.data.shapes["level_columns"][0]
        else data["main_columns"]
    )


def _tau(inputs: Inputs, data: Arrays) -> Any:
    """Return tau through the quantiles of its approximate posterior (``maps``).

    The map is one of x, tau = fine log(1 + exp(x)) or, within a uniform prior's bounds, of tau's logit, so that it can
    go straight on beyond the outer knots.
    """
    coordinate = pm.Flat("tau_")
    free, slope = _spline(BoundedForce(_FORCE)(coordinate) if inputs.mapped else coordinate, data["tau_controls"])
    if inputs.priors.kinds["tau"] is Uniform:
        lower, upper = data["prior:tau:0"], data["prior:tau:1"]
        share = pt.sigmoid(free)
        tau, log_jacobian = lower + (upper - lower) * share, pt.log((upper - lower) * share * (1.0 - share))
    else:
        tau, log_jacobian = data["tau_fine"] * pt.softplus(free), pt.log(data["tau_fine"]) - pt.softplus(-free)
    tau = pm.Deterministic("tau", tau)
    pm.Potential("tau_prior", _tau_prior(inputs, data, tau) + log_jacobian + pt.log(slope))
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
    return sd if inputs.model.residual_sd == "by_trial" else sd[0] * pt.ones(inputs.data.shapes["n"])
