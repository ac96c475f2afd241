"""The one-stage model as a PyMC model, part by part.

Each part returns the parameters in outcome units and adds one potential: the prior's log density plus the logarithm of
the map's slope, the sampler's own coordinates being flat. What is sampled is never reported.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from ipdma.models.backend import pm, pt
from ipdma.models.inputs import Inputs
from ipdma.priors.prior import Prior, Uniform

Arrays = Mapping[str, Any]


def build_model(inputs: Inputs) -> pm.Model:
    """Return the PyMC model; its data is the one vector ``inputs``.

    The linear predictor of participant i in arm a of trial j is

        trial_intercept_j + slopes_j (x_i - xbar_j) + active_i {trial_effect_ja + interaction_within (z_i - zbar_j)}.
    """
    model = inputs.model
    with pm.Model(coords=_coords(inputs)):
        data = inputs.pack.unpack(pm.Data("inputs", inputs.pack.vector))
        shape = _main_parameters(inputs, data)
        g = model.main.relative(data["main_x"], data["main_reference"], **shape) if model.main else None
        tau = _tau(inputs, data) if inputs.random else None
        latent = _latent(inputs, data, g)
        levels = _levels(inputs, data, latent, tau)
        mean = _mean(data, levels, g, proportional=model.heterogeneity == "proportional")
        theta = _trial_effects(inputs, data, latent, mean, tau, g, levels)
        shared = _shared(inputs, data)
        eta = _nuisance(inputs, data, theta, shared)
        sd = _residual_sd(inputs, data)
        pm.Potential("likelihood", log_likelihood(inputs, data, eta=eta, theta=theta, shared=shared, sd=sd).sum())
        _report(inputs, shape, levels, theta, shared, eta, sd)
        return pm.modelcontext(None)


def _coords(inputs: Inputs) -> dict[str, Sequence[Any]]:
    trials, slots = inputs.pack.shapes["n"]
    sds = trials if inputs.model.residual_sd == "by_trial" else 1
    return {
        "trial": range(trials),
        "arm": range(slots - 1),
        "level": list(inputs.levels),
        "slope": list(inputs.slopes),
        "term": ["trial_intercept", *inputs.slopes],
        "shared_term": list(inputs.shared),
        "sd": range(sds),
    }


def _prior(inputs: Inputs, data: Arrays, name: str, x: Any) -> Any:
    kind: type[Prior] = inputs.priors.kinds[name]
    numbers = [data[f"prior:{name}:{i}"] for i in range(len(inputs.priors.numbers[name]))]
    return kind.logp(x, *numbers)


def _main_parameters(inputs: Inputs, data: Arrays) -> dict[str, Any]:
    """Return the main curve's own parameters, each through a normal score of its prior."""
    main = inputs.model.main
    found = {}
    for name in main.parameters(1.0) if main else ():
        score = pm.Flat(f"{name}_")
        if inputs.priors.kinds[name] is Uniform:
            lower, upper = data[f"prior:{name}:0"], data[f"prior:{name}:1"]
            found[name] = lower + (upper - lower) * 0.5 * (1.0 + pt.erf(score / np.sqrt(2.0)))
            pm.Potential(f"{name}_prior", -0.5 * score**2)
        else:
            # Any other prior lives on the whole line or above zero; a curve's parameter is of the size of its x.
            found[name] = data["main_reference"] * pt.exp(score)
            pm.Potential(f"{name}_prior", _prior(inputs, data, name, found[name]) + pt.log(found[name]))
    return found


def _tau(inputs: Inputs, data: Arrays) -> Any:
    """Return tau through a hyperbolic sine: linear where the data cannot tell it from zero, logarithmic beyond.

    The coordinate carries a sign, so that nothing is sharp at zero; tau is its absolute value.
    """
    coordinate = pm.Flat("tau_")
    scale = data["tau_scale"]
    signed, slope = scale * pt.sinh(coordinate), scale * pt.cosh(coordinate)
    if inputs.priors.kinds["tau"] is Uniform:
        upper = data["prior:tau:1"]
        inside = pt.tanh(signed / upper)
        signed, slope = upper * inside, slope * (1.0 - inside**2)
    tau = pm.Deterministic("tau", pt.abs(signed))
    pm.Potential("tau_prior", _prior(inputs, data, "tau", tau) + pt.log(slope))
    return signed


def _latent(inputs: Inputs, data: Arrays, g: Any) -> dict[str, Any]:
    """Return what deviates: its design (level, unit), estimate, SE and whether it is there (unit)."""
    columns = data["level_columns"]
    if inputs.model.heterogeneity == "proportional" and g is not None:
        through = (data["information"] * g[:, :, None]).sum(1)  # (trial, arm)
        precision = (through * g).sum(1)
        rows = [pt.ones_like(precision), *((through * columns[k]).sum(1) / precision for k in range(_later(inputs)))]
        estimate = (data["score"] * g).sum(1) / precision
        return {"design": rows, "estimate": estimate, "se": precision**-0.5, "present": pt.ones_like(precision)}
    first = data["present"] if g is None else g * data["present"]
    rows = [first, *(columns[k] * data["present"] for k in range(_later(inputs)))]
    return {"design": rows, "estimate": data["estimate"], "se": data["se"], "present": data["present"]}


def _later(inputs: Inputs) -> int:
    return len(inputs.levels) - 1


def _levels(inputs: Inputs, data: Arrays, latent: Mapping[str, Any], tau: Any) -> list[Any]:
    """Return effect, shifts and across terms in the coordinates of their conditional posterior given tau and the curve.

    Given these two, and with the estimates' SEs, the levels are normal with precision P + X'WX: sampled in the
    coordinates of its Cholesky factor, they cost the sampler nothing however tau moves.
    """
    rows, size = latent["design"], len(inputs.levels)
    weight = latent["present"] / (latent["se"] ** 2 + (0.0 if tau is None else tau**2))
    precision = [[(rows[k] * rows[l] * weight).sum() for l in range(k + 1)] for k in range(size)]
    target = [(row * weight * latent["estimate"]).sum() for row in rows]
    for k in range(size):
        precision[k][k] += data["prior_precision"][k] + 1e-12
        target[k] += data["prior_precision"][k] * data["prior_mean"][k]
    z = pm.Flat("levels_", dims="level")
    lower = _cholesky(precision)
    levels = _solve_transposed(lower, [value + z[k] for k, value in enumerate(_solve(lower, target))])
    slope = -sum(pt.log(lower[k][k]) for k in range(size))
    prior = sum(_prior(inputs, data, name, levels[k]) for k, name in enumerate(inputs.levels))
    pm.Potential("levels_prior", prior + slope)
    return levels


def _cholesky(a: list[list[Any]]) -> list[list[Any]]:
    """Return the lower Cholesky factor written out: for two to six levels cheaper to compile than a matrix operation."""
    lower: list[list[Any]] = []
    for k, row in enumerate(a):
        new: list[Any] = []
        for l in range(k):
            new.append((row[l] - sum(new[m] * lower[l][m] for m in range(l))) / lower[l][l])
        new.append(pt.sqrt(row[k] - sum(value**2 for value in new)))
        lower.append(new)
    return lower


def _solve(lower: list[list[Any]], b: list[Any]) -> list[Any]:
    x: list[Any] = []
    for k, row in enumerate(lower):
        x.append((b[k] - sum(row[m] * x[m] for m in range(k))) / row[k])
    return x


def _solve_transposed(lower: list[list[Any]], b: list[Any]) -> list[Any]:
    size = len(lower)
    x: list[Any] = [None] * size
    for k in reversed(range(size)):
        x[k] = (b[k] - sum(lower[m][k] * x[m] for m in range(k + 1, size))) / lower[k][k]
    return x


def _mean(data: Arrays, levels: list[Any], g: Any, *, proportional: bool) -> Any:
    """Return the mean of the trial effects, shape (trial, arm); without the main term where that deviates as a whole."""
    first = 0.0 if proportional and g is not None else levels[0] * (1.0 if g is None else g)
    later = sum(levels[k + 1] * data["level_columns"][k] for k in range(len(levels) - 1))
    return first + later + pt.zeros_like(data["present"])


def _trial_effects(
    inputs: Inputs, data: Arrays, latent: Mapping[str, Any], mean: Any, tau: Any, g: Any, levels: list[Any]
) -> Any:
    """Return the trial effects in adapted coordinates, shape (trial, arm)."""
    proportional = inputs.model.heterogeneity == "proportional" and g is not None
    if tau is None:
        return mean + levels[0] * g if proportional else mean
    if proportional:
        z = pm.Flat("trial_effect_", dims="trial")
        rest = sum(levels[k] * row for k, row in enumerate(latent["design"]) if k > 0)
        deviating, density = adapted(levels[0], tau, latent["estimate"] - rest, latent["se"], z)
        pm.Potential("trial_effect_prior", density.sum())
        return mean + g * deviating[:, None]
    z = pm.Flat("trial_effect_", dims=("trial", "arm"))
    found: list[Any] = []
    densities = []
    for a in range(inputs.layout.arms):
        before = range(a)
        prior_mean = mean[:, a] + data["pull"][a] * sum(found[l] - mean[:, l] for l in before)
        carried = sum(data["carry"][:, a, l] * (found[l] - data["estimate"][:, l]) for l in before)
        estimate = data["estimate"][:, a] + carried
        scale = tau * pt.sqrt(data["left"][a])
        theta, density = adapted(prior_mean, scale, estimate, data["conditional_se"][:, a], z[:, a])
        found.append(theta)
        densities.append(density.sum())
    pm.Potential("trial_effect_prior", sum(densities))
    return pt.stack(found, axis=1)


def adapted(mean: Any, scale: Any, estimate: Any, se: Any, z: Any) -> tuple[Any, Any]:
    """Return theta ~ Normal(mean, scale) in coordinates z adapted to an estimate +- se, and the log density of z.

    Given mean and scale, and were estimate +- se the likelihood, z would be standard normal: neither centred nor
    non-centred but what the data allow. Exact for any estimate and se.
    """
    variance = scale**2 + se**2
    e = scale / variance * (estimate - mean) + se / pt.sqrt(variance) * z
    return mean + scale * e, -0.5 * e**2 + pt.log(se) - 0.5 * pt.log(variance) - 0.5 * np.log(2 * np.pi)


def _shared(inputs: Inputs, data: Arrays) -> Any:
    """Return common slopes and interactions within trials, shape (shared,); None where there are none."""
    if not inputs.shared:
        return None
    z = pm.Flat("shared_", dims="shared_term")
    shared = data["shared_mean"] + (data["shared_spread"] * z[None, :]).sum(1)
    pm.Potential("shared_prior", sum(_prior(inputs, data, name, shared[k]) for k, name in enumerate(inputs.shared)))
    return shared


def _nuisance(inputs: Inputs, data: Arrays, theta: Any, shared: Any) -> Any:
    """Return intercept (from the trial's mean outcome) and slopes by trial, shape (trial, nuisance)."""
    z = pm.Flat("nuisance_", dims=("trial", "term"))
    effects = theta * data["present"]  # an absent arm's effect is only its prior and moves nothing
    eta = (
        data["anchor"] - (data["gain_effect"] * effects[:, None, :]).sum(-1) + (data["spread"] * z[:, None, :]).sum(-1)
    )
    if shared is not None:
        eta = eta - (data["gain_shared"] * shared[None, None, :]).sum(-1)
    names = ["trial_intercept", *inputs.slopes]
    pm.Potential("nuisance_prior", sum(_prior(inputs, data, name, eta[:, k]).sum() for k, name in enumerate(names)))
    return eta


def _residual_sd(inputs: Inputs, data: Arrays) -> Any:
    """Return the residual SD, by trial or one."""
    z = pm.Flat("residual_sd_", dims="sd")
    log_sd = data["log_sd_mean"] + data["log_sd_spread"] * z
    sd = pt.exp(log_sd)
    pm.Potential("residual_sd_prior", (_prior(inputs, data, "residual_sd", sd) + log_sd).sum())
    return sd


def log_likelihood(inputs: Inputs, data: Arrays, *, eta: Any, theta: Any, shared: Any, sd: Any) -> Any:
    """Return the log likelihood of each cell, shape (trial, slot), constants included.

    -n/2 log(2 pi) - n log(sd) - ||R [-B, 1]||^2 / (2 sd^2), see ipdma.design.cells.
    """
    factor, n, layout = data["factor"], data["n"], inputs.layout
    slopes = _slopes(inputs, eta, shared)
    within = {q: shared[len(layout.common) + k] for k, q in enumerate(layout.modifiers)}
    residuals = []
    for slot in range(layout.arms + 1):
        r = factor[:, slot]
        fitted = r[..., 0] * (eta[:, 0] + (theta[:, slot - 1] if slot else 0.0))[:, None]
        for q, slope in enumerate(slopes):
            interaction = within.get(q, 0.0) if slot else 0.0
            fitted = fitted + r[..., q + 1] * (slope + interaction)[:, None]
        residuals.append(((r[..., -1] - fitted) ** 2).sum(-1))
    rss = pt.stack(residuals, axis=1)
    sd = pt.broadcast_to(sd, (inputs.pack.shapes["n"][0],))[:, None]
    return -0.5 * n * np.log(2 * np.pi) - n * pt.log(sd) - 0.5 * rss / sd**2


def _slopes(inputs: Inputs, eta: Any, shared: Any) -> list[Any]:
    """Return the slope of each covariate in their order, each of shape (trial,)."""
    layout = inputs.layout
    by_trial = {q: eta[:, 1 + k] for k, q in enumerate(layout.by_trial)}
    common = {q: shared[k] + pt.zeros_like(eta[:, 0]) for k, q in enumerate(layout.common)}
    return [(by_trial | common)[q] for q in sorted(by_trial | common)]


def _report(
    inputs: Inputs, shape: Mapping[str, Any], levels: list[Any], theta: Any, shared: Any, eta: Any, sd: Any
) -> None:
    """Name the parameters in outcome units; ``ipdma.fit`` gives them their final names and coordinates."""
    for name, value in shape.items():
        pm.Deterministic(name, value)
    pm.Deterministic("levels", pt.stack(levels), dims="level")
    pm.Deterministic("trial_effect", theta, dims=("trial", "arm"))
    pm.Deterministic("nuisance", eta, dims=("trial", "term"))
    pm.Deterministic("residual_sd", sd, dims="sd")
    if shared is not None:
        pm.Deterministic("shared", shared, dims="shared_term")
