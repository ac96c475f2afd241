"""The draws of all parameters in outcome units, under their final names."""

from collections.abc import Callable, Sequence
from dataclasses import astuple

import numpy as np
import pandas as pd
import xarray as xr

from ipdma.design.design import Design
from ipdma.models.elimination import draw_all
from ipdma.models.graph import sizes_of
from ipdma.models.inputs import Inputs
from ipdma.models.marginal import numbers_of
from ipdma.models.sufficient import arm_positions

Labelled = Callable[..., xr.DataArray]


def in_outcome_units(posterior: xr.Dataset, design: Design, inputs: Inputs, *, seed: int) -> xr.Dataset:
    """Return all parameters: those sampled, and the linear ones drawn from their exact distribution given them."""
    chains, draws = posterior.sizes["chain"], posterior.sizes["draw"]
    coefficients, common = linear_draws(posterior, inputs, seed=seed)

    def labelled(values: np.ndarray, dim: str = "", labels: Sequence[str] = ()) -> xr.DataArray:
        dims, coords = ("chain", "draw", *([dim] if dim else [])), ({dim: list(labels)} if dim else {})
        return xr.DataArray(values.reshape(chains, draws, *values.shape[1:]), dims=dims, coords=coords)

    main = inputs.model.main
    names = ["tau", *(main.parameters(1.0) if main else ())]
    found = {name: posterior[name] for name in names if name in posterior}
    found |= _levels(inputs, common, labelled)
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


def _levels(inputs: Inputs, common: np.ndarray, labelled: Labelled) -> dict[str, xr.DataArray]:
    """Return effect, the moves of shifts, and interactions across trials where they were asked for."""
    across = [k for k, name in enumerate(inputs.levels) if name.startswith("across.")]
    found = {
        name.removeprefix("curves."): labelled(common[:, k]) for k, name in enumerate(inputs.levels) if k not in across
    }
    if across and inputs.model.interaction_across:
        names = [inputs.levels[k].removeprefix("across.") for k in across]
        found["interaction_across"] = labelled(common[:, across], "modifier", names)
    return found


def linear_draws(posterior: xr.Dataset, inputs: Inputs, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a draw of the linear parameters for each posterior draw of the others.

    Shapes: coefficients (draw, trial, nuisance + arms + shared), common (draw, levels + shared).
    """
    data = inputs.pack.unpack(inputs.pack.vector)
    sizes = sizes_of(inputs)
    flat = {str(name): v.to_numpy().reshape(-1, *v.shape[2:]) for name, v in posterior.data_vars.items()}
    count = len(flat["residual_sd"])
    columns = np.empty((count, sizes.levels, sizes.trials, sizes.arms))
    columns[:, 1:] = data["level_columns"]
    main = inputs.model.main
    parameters = {name: flat[name][:, None, None] for name in main.parameters(1.0)} if main else {}
    columns[:, 0] = main.relative(data["main_x"], data["main_reference"], **parameters) if main else 1.0
    tau = flat["tau"] if inputs.random else np.zeros(count)
    sd = np.ascontiguousarray(np.broadcast_to(flat["residual_sd"], (count, sizes.trials)))
    rng = np.random.default_rng([seed, 20])
    own = rng.standard_normal((count, sizes.trials, sizes.nuisance + sizes.own))
    common = rng.standard_normal((count, sizes.levels + sizes.shared))
    numbers, root = numbers_of(inputs.pack.vector, astuple(sizes))
    coefficients = np.zeros((count, sizes.trials, sizes.nuisance + sizes.arms + sizes.shared))
    draw_all(coefficients, common, columns, tau, sd, numbers, root, sizes.proportional, own)
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
