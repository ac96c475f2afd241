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

from ipdma.models.adapted_score import REACH, STEP, knots
from ipdma.models.backend import pm, pt
from ipdma.models.columns import pieces
from ipdma.models.inputs import Inputs
from ipdma.models.marginal import MarginalLikelihood, Sizes
from ipdma.models.scores import of_score
from ipdma.priors.prior import Prior, Uniform

Arrays = Mapping[str, Any]


def build_model(inputs: Inputs) -> Any:
    """Return the PyMC model; its data is the one vector ``inputs``."""
    with pm.Model(coords=_coords(inputs)) as model:
        vector = pm.Data("inputs", inputs.pack.vector)
        data = inputs.pack.unpack(vector)
        columns = _columns(inputs, data, {**_main_parameters(inputs, data), **_shift_parameters(inputs, data)})
        tau = _tau(inputs, data) if inputs.random else pt.constant(0.0)
        sd = _residual_sd(inputs, data)
        value, *_ = MarginalLikelihood(sizes_of(inputs))(columns, tau, sd, vector)
        pm.Potential("marginal_likelihood", value)
    return model


def _coords(inputs: Inputs) -> dict[str, Sequence[Any]]:
    trials = inputs.pack.shapes["n"][0]
    return {"sd": range(trials if inputs.model.residual_sd == "by_trial" else 1)}


def sizes_of(inputs: Inputs) -> Sizes:
    """Return the sizes the marginal likelihood is compiled for."""
    arms, own = inputs.pack.shapes["root"]
    return Sizes(
        trials=inputs.pack.shapes["n"][0],
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


def _main_parameters(inputs: Inputs, data: Arrays) -> dict[str, Any]:
    """Return the main curve's own parameters: one alone in the coordinate of ``adapted_score``, several as scores."""
    names = list(inputs.terms[0].parameters)
    if len(names) > 1:
        return {name: _as_score(inputs, data, name) for name in names}
    found = {}
    for name in names:
        score, slope = _hermite(pm.Flat(f"{name}_"), data["score_value"], data["score_slope"])
        value, density = _of_score(inputs, data, name, score)
        pm.Potential(f"{name}_prior", density + pt.log(slope))
        found[name] = pm.Deterministic(name, value)
    return found


def _hermite(x: Any, values: Any, slopes: Any) -> tuple[Any, Any]:
    """Return value and slope of the monotone cubic through the knots; straight on beyond the outer ones."""
    place = (x + REACH) / STEP
    last = len(knots()) - 1
    k = pt.cast(pt.clip(pt.floor(place), 0, last - 1), "int64")
    inside = pt.clip(place, 0.0, float(last))
    t, beyond = inside - k, (place - inside) * STEP
    left, right = values[k], values[k + 1]
    from_left, from_right = STEP * slopes[k], STEP * slopes[k + 1]
    bend, twist = 3.0 * (right - left) - 2.0 * from_left - from_right, from_left + from_right - 2.0 * (right - left)
    slope = (from_left + 2.0 * bend * t + 3.0 * twist * t**2) / STEP
    return left + t * (from_left + t * (bend + t * twist)) + slope * beyond, slope


def _shift_parameters(inputs: Inputs, data: Arrays) -> dict[str, Any]:
    names = [name for term in inputs.terms[1:] for name in term.parameters]
    return {name: _as_score(inputs, data, name) for name in names}


def _as_score(inputs: Inputs, data: Arrays, name: str) -> Any:
    """Return a parameter sampled through its score, which is standard normal under its prior."""
    value, density = _of_score(inputs, data, name, pm.Flat(f"{name}_"))
    pm.Potential(f"{name}_prior", density)
    return pm.Deterministic(name, value)


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
        if inputs.pack.shapes["level_columns"][0]
        else data["main_columns"]
    )


def _tau(inputs: Inputs, data: Arrays) -> Any:
    """Return tau through a map with two slopes: fine where the data tell it from zero, that of its prior beyond.

    tau = fine t + (wide - fine) (t - 2 atan(t / 2)) rises with slope ``fine`` at 0, is about ``wide`` at t = 3 and goes
    on with slope ``wide``, so that the prior's tail keeps its shape. An exponential map makes it a wall that one long
    step can hit (30 divergences in 4000 draws of four small trials), a cubic one too (some on 11 of 54 data sets of
    six trials of 50). The coordinate carries a sign, so that nothing is sharp at zero; tau is its absolute value.
    """
    coordinate = pm.Flat("tau_")
    fine, wide = data["tau_fine"], data["tau_wide"]
    signed = fine * coordinate + (wide - fine) * (coordinate - 2.0 * pt.arctan(coordinate / 2.0))
    slope = fine + (wide - fine) * coordinate**2 / (4.0 + coordinate**2)
    if inputs.priors.kinds["tau"] is Uniform:
        upper = data["prior:tau:1"]
        inside = pt.tanh(signed / upper)
        signed, slope = upper * inside, slope * (1.0 - inside**2)
    tau = pm.Deterministic("tau", pt.abs(signed))
    pm.Potential("tau_prior", _prior(inputs, data, "tau", tau) + pt.log(slope))
    return signed


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
    return sd if inputs.model.residual_sd == "by_trial" else sd[0] * pt.ones(inputs.pack.shapes["n"])
