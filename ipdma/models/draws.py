"""The draws of all parameters in outcome units, under their final names."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from ipdma.design.design import Design
from ipdma.models.columns import columns_of
from ipdma.models.elimination import draw_all
from ipdma.models.inputs import Inputs
from ipdma.models.own_parts import numbers_in, own_parts
from ipdma.models.sufficient import arm_positions
from ipdma.models.terms import Term

Labelled = Callable[..., xr.DataArray]


def in_outcome_units(posterior: xr.Dataset, design: Design, inputs: Inputs, *, seed: int) -> xr.Dataset:
    """Return all parameters: those sampled, and the linear ones drawn from their exact distribution given them."""
    chains, draws = posterior.sizes["chain"], posterior.sizes["draw"]
    coefficients, common = linear_draws(posterior, inputs, seed=seed)

    def labelled(values: np.ndarray, dim: str = "", labels: Sequence[str] = ()) -> xr.DataArray:
        dims, coords = ("chain", "draw", *([dim] if dim else [])), ({dim: list(labels)} if dim else {})
        return xr.DataArray(values.reshape(chains, draws, *values.shape[1:]), dims=dims, coords=coords)

    names = [name for name in ("tau", *inputs.sampled) if name in posterior]
    found = {name.removeprefix("curves."): posterior[name] for name in names}
    found |= _levels(inputs, posterior, common, labelled)
    trial, slot = arm_positions(design)
    effects = coefficients[:, trial, inputs.layout.nuisance + slot]
    found["trial_effect"] = labelled(effects, "trial_arm", design.arm_names)
    found["trial_intercept"] = labelled(coefficients[:, :, 0] + design.y_mean, "trial", design.trials)
    found |= _slopes(inputs, design, coefficients, common, labelled)
    sd = posterior["residual_sd"]
    by_trial = inputs.model.residual_sd == "by_trial"
    found["residual_sd"] = (
        sd.rename(sd="trial").assign_coords(trial=list(design.trials)) if by_trial else sd.isel(sd=0, drop=True)
    )
    return xr.Dataset(found)


def _levels(inputs: Inputs, posterior: xr.Dataset, common: np.ndarray, labelled: Labelled) -> dict[str, xr.DataArray]:
    """Return effect, the moves of shifts, other coefficients, and interactions across trials where asked for."""
    found, first = {}, 0
    for term in inputs.terms:
        own = common[:, first : first + len(term.coefficients)]
        first += len(term.coefficients)
        if term.curve is not None and term.curve.read_off:
            found[term.quantity] = labelled(_read_off(term, posterior, own))
        found |= {term.drawn_name(name): labelled(own[:, k]) for k, name in enumerate(term.coefficients)}
    across = [name.removeprefix("across.") for name in inputs.levels[first:]]
    if across:
        columns = range(first, len(inputs.levels))
        # A dimension of its own: a modifier without this term would else stand here with draws that are missing.
        found["interaction_across"] = labelled(common[:, columns], "modifier_across", across)
    return found


def _read_off(term: Term, posterior: xr.Dataset, coefficients: np.ndarray) -> np.ndarray:
    """Return the effect at the reference, or of the stated move, of a curve none of whose coefficients is that."""
    parameters = {name: posterior[name].to_numpy().ravel() for name in term.parameters}
    place = term.place
    start, end = (None, place.reference) if term.quantity == "effect" else place.move
    total = sum(c * w for c, w in zip(term.columns(end, parameters), coefficients.T, strict=True))
    if start is not None:
        total = total - sum(c * w for c, w in zip(term.columns(start, parameters), coefficients.T, strict=True))
    return np.asarray(total)


def linear_draws(posterior: xr.Dataset, inputs: Inputs, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a draw of the linear parameters for each posterior draw of the others.

    Shapes: coefficients (draw, trial, nuisance + arms + shared), common (draw, levels + shared).
    """
    flat = {str(name): v.to_numpy().reshape(-1, *v.shape[2:]) for name, v in posterior.data_vars.items()}
    data, parts = inputs.data.arrays, own_parts(inputs.data.arrays)
    (trials, own), (_, others) = parts["own_gamma"].shape, parts["others_cross"].shape
    count, root = len(flat["residual_sd"]), data["root"].copy()
    tau = flat["tau"] if inputs.random else np.zeros(count)
    sd = np.ascontiguousarray(np.broadcast_to(flat["residual_sd"], (count, trials)))
    rng = np.random.default_rng([seed, 20])
    u = rng.standard_normal((count, trials, own))
    deviations = rng.standard_normal((count, trials, root.shape[1]))
    common = rng.standard_normal((count, len(data["common_mean"])))
    v = np.zeros((count, trials, others))
    columns = columns_of(inputs, flat, count=count)
    numbers, basis = numbers_in(data), parts["own_basis"]
    draw_all(u, v, common, columns, tau, sd, numbers, basis, root, inputs.proportional, deviations)
    coefficients = np.concatenate([u, v], axis=-1)
    return coefficients, common


def _slopes(
    inputs: Inputs, design: Design, coefficients: np.ndarray, common: np.ndarray, labelled: Labelled
) -> dict[str, xr.DataArray]:
    """Return baseline slope, prognostic slopes and interactions within, by trial or common as the model says."""
    found = {}
    own = list(inputs.slopes)
    shared = {name: len(inputs.levels) + k for k, name in enumerate(inputs.shared)}
    if "baseline_slope" in own:
        found["baseline_slope"] = labelled(coefficients[:, :, 1 + own.index("baseline_slope")], "trial", design.trials)
    else:
        found["baseline_slope"] = labelled(common[:, shared["baseline_slope"]])
    factors = [f"prognostic.{column}" for column in design.covariates[1:]]
    labels = [name.removeprefix("prognostic.") for name in factors]
    if factors and factors[0] in own:
        slopes = [labelled(coefficients[:, :, 1 + own.index(name)], "trial", design.trials) for name in factors]
        found["prognostic_slope"] = xr.concat(slopes, dim=pd.Index(labels, name="prognostic_factor"))
        found["prognostic_slope"] = found["prognostic_slope"].transpose("chain", "draw", "trial", "prognostic_factor")
    elif factors:
        columns = [shared[name] for name in factors]
        found["prognostic_slope"] = labelled(common[:, columns], "prognostic_factor", labels)
    within = [name for name in inputs.shared if name.startswith("within.")]
    if within:
        names = [name.removeprefix("within.") for name in within]
        found["interaction_within"] = labelled(common[:, [shared[name] for name in within]], "modifier", names)
    return found
