"""The one place that samples."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ipdma._quiet import quiet_import
from ipdma._screen import cut, screen
from ipdma.analysis import Analysis
from ipdma.code_store import CodeStore, StoredModel, code_key, user_code_folder, user_data
from ipdma.design.design import Design
from ipdma.errors import FitError
from ipdma.models.backend import pytensor
from ipdma.models.draws import in_outcome_units
from ipdma.models.graph import build_model
from ipdma.models.inputs import Inputs
from ipdma.models.model_lines import model_lines
from ipdma.posterior import Diagnostics, datasets, diagnose
from ipdma.trace_store import TraceStore, content_key

with quiet_import():
    import nutpie
    import nutpie.compile_pymc

Progress = Callable[[str], None]
_compiled: dict[tuple[object, ...], StoredModel] = {}
_one_compiles = threading.Lock()  # refits run side by side, and PyTensor's settings are the process's


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
        If the sampler fails.
    """
    inputs = analysis.inputs
    sampling = {"seed": seed, "chains": chains, "draws": draws, "tune": tune}
    sampled, statistics, seconds = _sampled(inputs, sampling, progress, store)
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
    inputs: Inputs, sampling: Mapping[str, int], progress: Progress | None, store: TraceStore | None
) -> tuple[xr.Dataset, xr.Dataset, dict[str, float]]:
    """Return the draws of the sampled parameters, the sampler's statistics and the seconds; read back where kept."""
    known = _shipped(inputs)
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


def compiled_model(inputs: Inputs, progress: Progress | None = None) -> Any:
    """Return compiled code for the inputs, that of an earlier model of the same structure where there is one.

    The code of a structure is kept in the process, and for other processes in the user's cache folder.
    """
    with _one_compiles:
        if inputs.key not in _compiled:
            _compiled[inputs.key] = _kept_or_compiled(inputs, progress)
    return _of_code(_compiled[inputs.key], inputs.pack.vector)


def _kept_or_compiled(inputs: Inputs, progress: Progress | None) -> StoredModel:
    store, key = CodeStore(user_code_folder()), code_key(inputs.key)
    kept = store.read(key) if _shipped(inputs) else None
    if kept is not None:
        return kept
    if progress:
        progress("compiling the model (once for each structure)")
    model = build_model(inputs)
    # With fast math the same seed gives other numbers from a cold and from a warm cache.
    with pytensor.config.change_flags(numba__fastmath=False):
        compiled = nutpie.compile_pymc_model(model, backend="numba")
    place = np.frombuffer(compiled.user_data.tobytes(), dtype=np.uint64)
    assert np.array_equal(place[1:], user_data(inputs.pack.vector)[1:]), "another version of nutpie hands data over so"
    functions = {"logp": compiled.compiled_logp_func, "expand": compiled.compiled_expand_func}
    if _shipped(inputs):
        store.write(key, functions, _form(compiled), inputs.pack.vector)
    return StoredModel(**functions, form=_form(compiled))


def _shipped(inputs: Inputs) -> bool:
    """Whether all curves are ipdma's: one's own may change without a change of its name, so nothing of it is kept."""
    curves = [curve for curve in (inputs.model.main, *inputs.model.shifts) if curve is not None]
    return all(type(curve).__module__.startswith("ipdma.") for curve in curves)


def _form(compiled: Any) -> dict[str, Any]:
    """Return what a sampler needs of a compiled model beside its code, in JSON's terms."""
    names, slices, shapes = compiled.shape_info
    return {
        "n_dim": int(compiled.n_dim),
        "n_expanded": int(compiled.n_expanded),
        "names": list(names),
        "slices": [[int(part.start), int(part.stop)] for part in slices],
        "shapes": [[int(n) for n in shape] for shape in shapes],
        "coords": {name: [_plain(label) for label in labels] for name, labels in compiled.coords.items()},
        "dims": {name: list(dims) for name, dims in compiled.dims.items()},
    }


def _plain(label: Any) -> str | int:
    return label if isinstance(label, str) else int(label)


def _of_code(kept: StoredModel, vector: np.ndarray) -> Any:
    """Return a compiled model on one vector of data, for the sampler.

    It is made in the same way from code compiled now and from code read back, with initial values of our own, so that
    both give the same draws.
    """
    form, model = kept.form, nutpie.compile_pymc.CompiledPyMCModel
    data = np.array(vector, dtype=np.float64)
    data.flags.writeable = False
    given = {
        "dims": {name: tuple(dims) for name, dims in form["dims"].items()},
        "compiled_logp_func": kept.logp,
        "compiled_expand_func": kept.expand,
        "initial_point_func": lambda seed=None: np.random.default_rng(seed).uniform(-1.0, 1.0, form["n_dim"]),
        "shared_data": {"inputs": data},  # keeps its memory
        "user_data": user_data(data),
        "n_expanded": form["n_expanded"],
        "shape_info": (
            form["names"],
            [slice(*ends) for ends in form["slices"]],
            [np.array(shape, dtype=np.int64) for shape in form["shapes"]],
        ),
        "_n_dim": form["n_dim"],
        "_shapes": {name: tuple(shape) for name, shape in zip(form["names"], form["shapes"], strict=True)},
        "_coords": {name: pd.Index(labels) for name, labels in form["coords"].items()},
    }
    # What only compiling again would need is left out; its names differ from version to version.
    unused = {item.name: None for item in fields(model) if item.default is MISSING and item.name not in given}
    return model(**given, **unused)


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
