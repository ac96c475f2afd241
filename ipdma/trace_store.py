"""Draws kept between runs under a name made of their content: what was sampled once is read back."""

import contextlib
import hashlib
import io
import json
import os
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

_PACKAGES = ("numpy", "numba", "pymc", "pytensor", "nutpie")
# Modules whose code decides what is drawn; a changed line in one of them makes other names.
_CODE = ("fit.py", "posterior.py", "models", "curves", "priors")
_LIMIT = 500  # files, some 300 MB with twenty trials; the oldest go first
_HOUR = 3600.0  # longer than another process needs to write a file


@dataclass(frozen=True)
class TraceStore:
    """A folder of draws, private as it tells of participants through trials' parameters.

    Each file appears whole or not at all, so that a process killed anywhere leaves nothing half-written, and is named
    after everything its draws depend on: structure and numbers of the model, sampling, versions and code. A file that
    cannot be read counts as absent.
    """

    folder: Path

    def read(self, key: str) -> tuple[xr.Dataset, xr.Dataset] | None:
        """Return posterior and sample statistics of a key, or None where they are not kept."""
        path = self._path(key)
        try:
            with np.load(io.BytesIO(path.read_bytes())) as arrays:
                found = {name: arrays[name] for name in arrays.files}
            form = json.loads(str(found.pop("form")))
            datasets = [_dataset(found, form[group], group) for group in ("posterior", "sample_stats")]
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
            return None
        os.utime(path)  # what is still used is not the oldest
        return datasets[0], datasets[1]

    def write(self, key: str, posterior: xr.Dataset, statistics: xr.Dataset) -> None:
        """Keep the draws of a key; what cannot be written is sampled anew the next time."""
        groups = {"posterior": posterior, "sample_stats": statistics}
        form = {group: {str(name): list(dataset[name].dims) for name in dataset} for group, dataset in groups.items()}
        arrays: dict[str, Any] = {
            f"{group}:{name}": dataset[name].to_numpy() for group, dataset in groups.items() for name in dataset
        }
        content = io.BytesIO()
        np.savez(content, form=np.array(json.dumps(form)), **arrays)
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished = self._path(key).with_suffix(f".{os.getpid()}.unfinished")
            unfinished.write_bytes(content.getvalue())
            unfinished.replace(self._path(key))
            self._forget()

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"

    def _forget(self) -> None:
        """Remove the oldest files beyond the limit, and what a killed process left."""
        files = sorted(self.folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)
        left = [path for path in self.folder.glob("*.unfinished") if time.time() - path.stat().st_mtime > _HOUR]
        for path in [*files[:-_LIMIT], *left]:
            path.unlink(missing_ok=True)


def content_key(structure: Sequence[object], numbers: np.ndarray, sampling: Mapping[str, int]) -> str:
    """Return the name of draws: a hash of all that decides them."""
    versions = {name: version(name) for name in _PACKAGES}
    told = json.dumps([repr(structure), dict(sampling), versions, _code()], sort_keys=True)
    digest = hashlib.sha256(told.encode())
    digest.update(np.ascontiguousarray(numbers).tobytes())
    return digest.hexdigest()[:32]


def _code() -> str:
    package, digest = Path(__file__).parent, hashlib.sha256()
    for name in _CODE:
        place = package / name
        for path in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _dataset(arrays: Mapping[str, np.ndarray], dims: Mapping[str, list[str]], group: str) -> xr.Dataset:
    variables: dict[str, Any] = {name: (names, arrays[f"{group}:{name}"]) for name, names in dims.items()}
    sizes = {dim: n for names, values in variables.values() for dim, n in zip(names, values.shape, strict=True)}
    return xr.Dataset(variables, coords={dim: np.arange(n) for dim, n in sizes.items()})
