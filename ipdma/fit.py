"""The one place that samples."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ipdma._quiet import quiet_import
from ipdma.analysis import Analysis
from ipdma.design.design import Design
from ipdma.errors import FitError
from ipdma.models.backend import pytensor
from ipdma.models.elimination import draw_all
from ipdma.models.graph import build_model, sizes_of
from ipdma.models.inputs import Inputs, build_inputs
from ipdma.models.marginal import numbers_of
from ipdma.models.sufficient import arm_positions
from ipdma.posterior import Diagnostics, datasets, diagnose

with quiet_import():
    import nutpie

Progress = Callable[[str], None]
_compiled: dict[tuple[object, ...], Any] = {}


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """Posterior draws of an analysis.

    Parameters
    ----------
    analysis, inputs
        What was fitted, and the numbers the model read.
    posterior
        Draws by (chain, draw): effect, tau, the main curve's parameters, the effect of each shift's move under its
        variable's name, trial_effect (trial_arm), interaction_within and interaction_across (modifier),
        trial_intercept, baseline_slope, prognostic_slope, residual_sd; all in outcome units.
    sample_stats, diagnostics
        The sampler's statistics, and what they say.
    seconds
        Time to compile and to sample.
    """

    analysis: Analysis
    inputs: Inputs
    posterior: xr.Dataset
    sample_stats: xr.Dataset
    diagnostics: Diagnostics
    seconds: Mapping[str, float]

    @property
    def design(self) -> Design:
        """The design that was fitted."""
        return self.analysis.design


def fit(
    analysis: Analysis,
    *,
    seed: int = 1,
    chains: int = 4,
    draws: int = 1000,
    tune: int = 1000,
    progress: Progress | None = None,
) -> Fit:
    """Return the posterior of an analysis, sampled with NUTS.

    Models of one structure (same curves, kinds of priors and shapes) are compiled once in a process; other data, other
    numbers of priors and other trials reuse the code. Same seed, same machine: same draws.

    Parameters
    ----------
    analysis
        What to fit.
    seed, chains, draws, tune
        Of the sampler; ``draws`` and ``tune`` for each chain.
    progress
        Called with a sentence when a long step begins.

    Raises
    ------
    DesignError
        If the data cannot answer the question.
    AnalysisError, PriorError
        If a prior does not fit the model.
    FitError
        If the sampler fails.
    """
    inputs = build_inputs(analysis.design, analysis.model)
    start = time.perf_counter()
    compiled = compiled_model(inputs, progress)
    middle = time.perf_counter()
    trace = sample(compiled, seed=seed, chains=chains, draws=draws, tune=tune, progress=progress)
    posterior, statistics = datasets(trace)
    posterior = in_outcome_units(posterior, analysis.design, inputs, seed=seed)
    return Fit(
        analysis=analysis,
        inputs=inputs,
        posterior=posterior,
        sample_stats=statistics,
        diagnostics=diagnose(posterior, statistics),
        seconds={"compile": middle - start, "sample": time.perf_counter() - middle},
    )


def compiled_model(inputs: Inputs, progress: Progress | None = None) -> Any:
    """Return compiled code for the inputs, that of an earlier model of the same structure where there is one."""
    if inputs.key not in _compiled:
        if progress:
            progress("compiling the model (once for each structure)")
        model = build_model(inputs)
        # With fast math the same seed gives other numbers from a cold and from a warm cache.
        with pytensor.config.change_flags(numba__fastmath=False):
            _compiled[inputs.key] = nutpie.compile_pymc_model(model, backend="numba")
    return _compiled[inputs.key].with_data(inputs=inputs.pack.vector)


def sample(compiled: Any, *, seed: int, chains: int, draws: int, tune: int, progress: Progress | None = None) -> Any:
    """Return the trace of a compiled model.

    Raises
    ------
    FitError
        If the sampler fails.
    """
    if progress:
        progress(f"sampling {chains} chains of {tune} + {draws} draws")
    try:
        return nutpie.sample(compiled, draws=draws, tune=tune, chains=chains, seed=seed, progress_bar=False)
    except RuntimeError as error:
        raise FitError(
            f"the sampler failed: {str(error).splitlines()[0]}. Check priors and data of the smallest trial."
        ) from None


def in_outcome_units(posterior: xr.Dataset, design: Design, inputs: Inputs, *, seed: int) -> xr.Dataset:
    """Return all parameters: those sampled, and the linear ones drawn from their exact distribution given them."""
    chains, draws = posterior.sizes["chain"], posterior.sizes["draw"]
    coefficients, common = linear_draws(posterior, inputs, seed=seed)

    def array(values: np.ndarray, dim: str = "", labels: Sequence[str] = ()) -> xr.DataArray:
        dims, coords = ("chain", "draw", *([dim] if dim else [])), ({dim: list(labels)} if dim else {})
        return xr.DataArray(values.reshape(chains, draws, *values.shape[1:]), dims=dims, coords=coords)

    found = {
        name: posterior[name]
        for name in ("tau", *(inputs.model.main.parameters(1.0) if inputs.model.main else ()))
        if name in posterior
    }
    across = [k for k, name in enumerate(inputs.levels) if name.startswith("across.")]
    for k, name in enumerate(inputs.levels):
        if k not in across:
            found[name.removeprefix("curves.")] = array(common[:, k])
    if across and inputs.model.interaction_across:
        names = [inputs.levels[k].removeprefix("across.") for k in across]
        found["interaction_across"] = array(common[:, across], "modifier", names)
    trial, slot = arm_positions(design)
    found["trial_effect"] = array(coefficients[:, trial, inputs.layout.nuisance + slot], "trial_arm", design.arm_names)
    found["trial_intercept"] = array(coefficients[:, :, 0] + design.y_mean, "trial", design.trials)
    found |= _slopes(inputs, design, coefficients, common, array)
    sd = posterior["residual_sd"]
    by_trial = inputs.model.residual_sd == "by_trial"
    found["residual_sd"] = (
        sd.rename(sd="trial").assign_coords(trial=list(design.trials)) if by_trial else sd.isel(sd=0, drop=True)
    )
    return xr.Dataset(found)


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
    inputs: Inputs, design: Design, coefficients: np.ndarray, common: np.ndarray, array: Callable[..., xr.DataArray]
) -> dict[str, xr.DataArray]:
    """Return baseline slope, prognostic slopes and interactions within, by trial or common as the model says."""
    found = {}
    own = list(inputs.slopes)
    shared = {name: len(inputs.levels) + k for k, name in enumerate(inputs.shared)}
    if "baseline_slope" in own:
        found["baseline_slope"] = array(coefficients[:, :, 1 + own.index("baseline_slope")], "trial", design.trials)
    else:
        found["baseline_slope"] = array(common[:, shared["baseline_slope"]])
    factors = [f"prognostic.{column}" for column in design.covariates[1:]]
    labels = [name.removeprefix("prognostic.") for name in factors]
    if factors and factors[0] in own:
        slopes = [array(coefficients[:, :, 1 + own.index(name)], "trial", design.trials) for name in factors]
        found["prognostic_slope"] = xr.concat(slopes, dim=pd.Index(labels, name="prognostic_factor"))
        found["prognostic_slope"] = found["prognostic_slope"].transpose("chain", "draw", "trial", "prognostic_factor")
    elif factors:
        found["prognostic_slope"] = array(common[:, [shared[name] for name in factors]], "prognostic_factor", labels)
    within = [name for name in inputs.shared if name.startswith("within.")]
    if within:
        names = [name.removeprefix("within.") for name in within]
        found["interaction_within"] = array(common[:, [shared[name] for name in within]], "modifier", names)
    return found
