"""Draws as xarray Datasets, and the one place that knows which generation of ArviZ is installed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from ipdma._quiet import quiet_import

with quiet_import():
    import arviz as az

STATISTICS = ("diverging", "energy", "n_steps", "depth", "logp")


@dataclass(frozen=True, kw_only=True)
class Diagnostics:
    """Whether the sampler's numbers can be used (Vehtari et al. 2021).

    ``warnings`` is empty when R-hat < 1.01, ESS > 400 and nothing diverged.
    """

    rhat_max: float
    ess_bulk_min: float
    ess_tail_min: float
    divergences: int
    warnings: tuple[str, ...]


def datasets(trace: Any) -> tuple[xr.Dataset, xr.Dataset]:
    """Return posterior and sample statistics of a trace as plain Datasets.

    Coordinates of the sampler (names that end in ``_``) are dropped: nobody reports them.
    """
    posterior, statistics = (_dataset(trace[group]) for group in ("posterior", "sample_stats"))
    posterior = posterior.drop_vars([str(name) for name in posterior.data_vars if str(name).endswith("_")])
    kept = statistics[[name for name in STATISTICS if name in statistics]]
    for dataset in (posterior, kept):
        dataset.attrs.clear()  # they hold the time of creation, which no two runs share
    return posterior, kept


def _dataset(group: Any) -> xr.Dataset:
    return group if isinstance(group, xr.Dataset) else group.to_dataset()


def diagnose(posterior: xr.Dataset, statistics: xr.Dataset) -> Diagnostics:
    """Return R-hat, effective sample sizes and divergences, with a plain sentence for each that is not good enough."""
    with np.errstate(divide="ignore", invalid="ignore"):  # a parameter without variance
        rhat = _extreme(az.rhat(posterior), posterior, np.max)
        bulk, tail = (_extreme(az.ess(posterior, method=method), posterior, np.min) for method in ("bulk", "tail"))
    ess = float(np.minimum(bulk, tail))
    divergences = int(statistics["diverging"].sum())
    warnings = []
    if not rhat < 1.01:
        warnings.append(f"The chains disagree (R-hat {rhat:.3f}, should be below 1.01): do not use these numbers.")
    if not ess > 400:
        warnings.append(f"Too few effective draws ({ess:.0f}, should be above 400): take more draws.")
    if divergences:
        warnings.append(f"{divergences} draws diverged: parts of the posterior may be missing.")
    return Diagnostics(
        rhat_max=rhat, ess_bulk_min=bulk, ess_tail_min=tail, divergences=divergences, warnings=tuple(warnings)
    )


def effective_size(draws: np.ndarray) -> float:
    """Return how many independent draws would tell the mean of these as well; NaN where they do not vary.

    Parameters
    ----------
    draws
        Shape (chain, draw).
    """
    dataset = xr.Dataset({"x": (("chain", "draw"), np.asarray(draws, dtype=np.float64))})
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(_dataset(az.ess(dataset, method="mean"))["x"]) if np.ptp(draws) > 0 else float("nan")


def _extreme(values: Any, posterior: xr.Dataset, reduce: Callable[..., Any]) -> float:
    """Return the extreme over all parameters that vary, NaN if one of them has none; a constant has no diagnostics."""
    dataset, found = _dataset(values), []
    for name in dataset.data_vars:
        draws = posterior[name]
        low, high = (draws.reduce(bound, ("chain", "draw")).to_numpy() for bound in (np.min, np.max))
        found.append(dataset[name].to_numpy()[low != high])  # NaN differs from itself: draws of NaN do not pass
    numbers = np.concatenate([np.ravel(part) for part in found])
    return float(reduce(numbers)) if len(numbers) else float("nan")


def write_netcdf(groups: Mapping[str, xr.Dataset], path: Path) -> None:
    """Write Datasets as groups of one netCDF file that both generations of ArviZ open."""
    for i, (name, dataset) in enumerate(groups.items()):
        dataset.to_netcdf(path, group=name, engine="h5netcdf", mode="a" if i else "w")
