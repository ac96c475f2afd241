"""Draws kept between runs under a name made of their content: what was sampled once is read back."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from ipdma.array_files import ArrayFiles, code_hash

_PACKAGES = ("numpy", "numba", "pymc", "pytensor", "nutpie")
_LIMIT = 500  # files, some 300 MB with twenty trials


@dataclass(frozen=True)
class TraceStore:
    """A folder of draws, private as it tells of participants through trials' parameters."""

    folder: Path

    def read(self, key: str) -> tuple[xr.Dataset, xr.Dataset] | None:
        """Return posterior and sample statistics of a key, or None where they are not kept."""
        found = self._files.read(key)
        if found is None or "form" not in found:
            return None
        form = json.loads(str(found["form"]))
        posterior, statistics = (_dataset(found, form[group], group) for group in ("posterior", "sample_stats"))
        return posterior, statistics

    def write(self, key: str, posterior: xr.Dataset, statistics: xr.Dataset) -> None:
        """Keep the draws of a key."""
        groups = {"posterior": posterior, "sample_stats": statistics}
        form = {group: {str(name): list(dataset[name].dims) for name in dataset} for group, dataset in groups.items()}
        arrays: dict[str, Any] = {
            f"{group}:{name}": dataset[name].to_numpy() for group, dataset in groups.items() for name in dataset
        }
        self._files.write(key, {"form": np.array(json.dumps(form)), **arrays})

    @property
    def _files(self) -> ArrayFiles:
        return ArrayFiles(folder=self.folder, limit=_LIMIT)


def content_key(structure: Sequence[object], numbers: np.ndarray, sampling: Mapping[str, int]) -> str:
    """Return the name of draws: a hash of all that decides them."""
    versions = {name: version(name) for name in _PACKAGES}
    told = json.dumps([repr(structure), dict(sampling), versions, code_hash()], sort_keys=True)
    digest = hashlib.sha256(told.encode())
    digest.update(np.ascontiguousarray(numbers).tobytes())
    return digest.hexdigest()[:32]


def _dataset(arrays: Mapping[str, np.ndarray], dims: Mapping[str, list[str]], group: str) -> xr.Dataset:
    variables: dict[str, Any] = {name: (names, arrays[f"{group}:{name}"]) for name, names in dims.items()}
    sizes = {dim: n for names, values in variables.values() for dim, n in zip(names, values.shape, strict=True)}
    return xr.Dataset(variables, coords={dim: np.arange(n) for dim, n in sizes.items()})
