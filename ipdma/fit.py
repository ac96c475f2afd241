"""The one place that samples."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import nutpie
import xarray as xr

from ipdma.analysis import Analysis
from ipdma.design.design import Design
from ipdma.errors import FitError
from ipdma.models.backend import pytensor
from ipdma.models.graph import build_model
from ipdma.models.inputs import Inputs, build_inputs
from ipdma.posterior import Diagnostics, datasets, diagnose

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
    posterior = in_outcome_units(posterior, analysis.design, inputs)
    return Fit(
        analysis=analysis,
        inputs=inputs,
        posterior=posterior,
        sample_stats=statistics,
        diagnostics=diagnose(posterior, statistics),
        seconds={"compile": middle - start, "sample": time.perf_counter() - middle},
    )


def compiled_model(inputs: Inputs, progress: Progress | None = None) -> Any:
    """Return compiled code for the inputs: that of a model of the same structure with other data, where there is one."""
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


def in_outcome_units(posterior: xr.Dataset, design: Design, inputs: Inputs) -> xr.Dataset:
    """Return the draws under their final names and coordinates; intercepts get back the mean the cells left out."""
    found: dict[str, xr.DataArray] = {
        str(name): posterior[name]
        for name in posterior.data_vars
        if posterior[name].ndim == 2  # noqa: PLR2004
    }
    levels, across = posterior["levels"], []
    for k, name in enumerate(inputs.levels):
        draws = levels.isel(level=k, drop=True)
        if name.startswith("across."):
            across.append(draws.assign_coords(modifier=name.removeprefix("across.")))
        else:
            found[name.removeprefix("curves.")] = draws
    if across:
        found["interaction_across"] = xr.concat(across, dim="modifier")
    found |= _by_trial(posterior, design, inputs) | _shared(posterior, inputs)
    names = {name: array.drop_vars([c for c in array.coords if c not in array.dims]) for name, array in found.items()}
    return xr.Dataset(names)


def _by_trial(posterior: xr.Dataset, design: Design, inputs: Inputs) -> dict[str, xr.DataArray]:
    trials = list(design.trials)
    nuisance = posterior["nuisance"].assign_coords(trial=trials)
    found = {"trial_intercept": nuisance.isel(term=0, drop=True) + xr.DataArray(design.y_mean, dims="trial")}
    prognostic = [name for name in inputs.slopes if name != "baseline_slope"]
    terms = ["trial_intercept", *inputs.slopes]
    if "baseline_slope" in terms:
        found["baseline_slope"] = nuisance.isel(term=terms.index("baseline_slope"), drop=True)
    if prognostic:
        slopes = nuisance.isel(term=[terms.index(name) for name in prognostic])
        names = [name.removeprefix("prognostic.") for name in prognostic]
        found["prognostic_slope"] = slopes.rename(term="prognostic_factor").assign_coords(prognostic_factor=names)
    sd = posterior["residual_sd"]
    by_trial = inputs.model.residual_sd == "by_trial"
    found["residual_sd"] = sd.rename(sd="trial").assign_coords(trial=trials) if by_trial else sd.isel(sd=0, drop=True)
    slot = design.arms.groupby("trial", sort=False).cumcount().to_numpy()
    trial = np.array([design.trials.index(t) for t in design.arms["trial"]])
    where = {"trial": xr.DataArray(trial, dims="trial_arm"), "arm": xr.DataArray(slot, dims="trial_arm")}
    effects = posterior["trial_effect"].isel(where).drop_vars(["trial", "arm"], errors="ignore")
    return found | {"trial_effect": effects.assign_coords(trial_arm=list(design.arm_names))}


def _shared(posterior: xr.Dataset, inputs: Inputs) -> dict[str, xr.DataArray]:
    if not inputs.shared:
        return {}
    shared, found = posterior["shared"], {}
    within = [k for k, name in enumerate(inputs.shared) if name.startswith("within.")]
    prognostic = [k for k, name in enumerate(inputs.shared) if name.startswith("prognostic.")]
    for name, positions, dim in (
        ("interaction_within", within, "modifier"),
        ("prognostic_slope", prognostic, "prognostic_factor"),
    ):
        if positions:
            labels = [inputs.shared[k].split(".", 1)[1] for k in positions]
            found[name] = shared.isel(shared_term=positions).rename(shared_term=dim).assign_coords({dim: labels})
    if "baseline_slope" in inputs.shared:
        found["baseline_slope"] = shared.isel(shared_term=inputs.shared.index("baseline_slope"), drop=True)
    return found
