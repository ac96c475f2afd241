"""The one place that samples."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from ipdma._quiet import quiet_import
from ipdma._screen import cut, screen
from ipdma.analysis import Analysis
from ipdma.compiled_model import compiled_model
from ipdma.design.design import Design
from ipdma.errors import FitError
from ipdma.models.draws import in_outcome_units
from ipdma.models.inputs import Inputs
from ipdma.models.model_lines import model_lines
from ipdma.posterior import Diagnostics, datasets, diagnose
from ipdma.trace_store import TraceStore, content_key

with quiet_import():
    import nutpie

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """Posterior draws of an analysis.

    Parameters
    ----------
    analysis, inputs
        What was fitted, and the numbers the model read.
    posterior
        Draws by (chain, draw): effect, tau, the main curve's parameters, the effect of each shift's move under its
        variable's name, trial_effect (trial_arm), interaction_within (modifier), interaction_across (modifier_across),
        trial_intercept, baseline_slope, prognostic_slope, residual_sd; all in outcome units.
    sample_stats, diagnostics
        The sampler's statistics, and what they say.
    seconds
        Time to compile and to sample.
    sampling
        Seed, chains, draws and tune, as they were asked for.
    """

    analysis: Analysis
    inputs: Inputs
    posterior: xr.Dataset
    sample_stats: xr.Dataset
    diagnostics: Diagnostics
    seconds: Mapping[str, float]
    sampling: Mapping[str, int] = field(default_factory=dict)

    @property
    def design(self) -> Design:
        """The design that was fitted."""
        return self.analysis.design

    def __str__(self) -> str:
        """The numbers of the fit on one screen, in outcome units, with what the sampler's statistics say of them."""
        e, d = self.analysis.estimand, self.diagnostics
        sizes = self.posterior.sizes
        head = [
            f"Fit: {e.treatment} against {e.control}, {e.outcome} at {e.visit}, in {self.design.unit}",
            f"{len(self.design.trials)} trials, {len(self.design.rows)} participants; "
            f"{sizes['chain']} chains of {sizes['draw']} draws",
            *model_lines(self.analysis.model),
            f"{'':28} {'mean':>9} {'sd':>9} {'2.5%':>9} {'median':>9} {'97.5%':>9}",
        ]
        last = [
            f"R-hat {d.rhat_max:.3f}, smallest ESS {min(d.ess_bulk_min, d.ess_tail_min):.0f}, "
            f"{d.divergences} divergences",
            *(f"warning: {warning}" for warning in d.warnings),
        ]
        return screen([*head, *_number_lines(self.posterior)], last=last, of="numbers")


def _number_lines(posterior: xr.Dataset) -> Iterator[str]:
    """Yield a line for each number that all trials share; trials have theirs in ``posterior``."""
    for name, draws in posterior.data_vars.items():
        whole = {str(name): draws} if draws.ndim == 2 else {}
        dim = str(draws.dims[-1])
        if dim in ("modifier", "modifier_across"):
            short = str(name).removeprefix("interaction_")
            whole = {f"{short}.{label}": draws.sel({dim: label}) for label in draws[dim].to_numpy()}
        for label, values in whole.items():
            flat = values.to_numpy().ravel()
            low, median, high = np.quantile(flat, [0.025, 0.5, 0.975])
            numbers = (flat.mean(), flat.std(ddof=1), low, median, high)
            yield f"{cut(label, 28):28} {' '.join(f'{number:9.3f}' for number in numbers)}"


def fit(
    analysis: Analysis,
    *,
    seed: int = 1,
    chains: int = 4,
    draws: int = 1000,
    tune: int = 1000,
    target_accept: float = 0.8,
    progress: Progress | None = None,
    store: TraceStore | None = None,
    shared_only: bool = False,
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
    target_accept
        The mean acceptance for which the step size is tuned.
    progress
        Called with a sentence when a long step begins.
    store
        Where draws are kept: what was sampled before from the same content is read back.
    shared_only
        Keep of the posterior what all trials share, and diagnose that and the residual SDs: for a grid of refits, in
        which the diagnostics of each trial's own, exactly drawn parameters would take a third of the time.

    Raises
    ------
    DesignError
        If the data cannot answer the question.
    AnalysisError, PriorError
        If a prior does not fit the model.
    FitError
        If the sampler fails, or is asked for no draws.
    """
    if min(chains, draws) < 1 or tune < 0:
        raise FitError(f"chains and draws are at least 1 and tune at least 0; got {chains}, {draws} and {tune}.")
    inputs = analysis.inputs
    sampling = {"seed": seed, "chains": chains, "draws": draws, "tune": tune}
    sampled, statistics, seconds = _sampled(inputs, {**sampling, "target_accept": target_accept}, progress, store)
    posterior = diagnosed = in_outcome_units(sampled, analysis.design, inputs, seed=seed)
    if shared_only:
        posterior = posterior.drop_dims(["trial", "trial_arm"], errors="ignore")
        diagnosed = posterior.assign(residual_sd=sampled["residual_sd"])
    return Fit(
        analysis=analysis,
        inputs=inputs,
        posterior=posterior,
        sample_stats=statistics,
        diagnostics=diagnose(diagnosed, statistics),
        seconds=seconds,
        sampling=sampling,
    )


def _sampled(
    inputs: Inputs, sampling: Mapping[str, Any], progress: Progress | None, store: TraceStore | None
) -> tuple[xr.Dataset, xr.Dataset, dict[str, float]]:
    """Return the draws of the sampled parameters, the sampler's statistics and the seconds; read back where kept."""
    known = inputs.shipped
    key = content_key(inputs.key, inputs.data.vector, sampling)
    kept = store.read(key) if store is not None and known else None
    if kept is not None:
        return (*kept, {"compile": 0.0, "sample": 0.0})
    start = time.perf_counter()
    compiled = compiled_model(inputs, progress)
    middle = time.perf_counter()
    posterior, statistics = datasets(sample(compiled, **sampling, progress=progress))
    if store is not None and known:
        store.write(key, posterior, statistics)
    return posterior, statistics, {"compile": middle - start, "sample": time.perf_counter() - middle}


def sample(
    compiled: Any,
    *,
    seed: int,
    chains: int,
    draws: int,
    tune: int,
    target_accept: float = 0.8,
    progress: Progress | None = None,
) -> Any:
    """Return the trace of a compiled model.

    Raises
    ------
    FitError
        If the sampler fails.
    """
    if progress:
        progress(f"sampling {chains} chains of {tune} + {draws} draws")
    try:
        return nutpie.sample(
            compiled,
            draws=draws,
            tune=tune,
            chains=chains,
            seed=seed,
            target_accept=target_accept,
            progress_bar=False,
        )
    except RuntimeError as error:
        raise FitError(
            f"the sampler failed: {str(error).splitlines()[0]}. Check priors and data of the smallest trial."
        ) from None
