"""Arrays kept between runs in files named by their content: each appears whole or not at all."""

import contextlib
import hashlib
import io
import os
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

# Modules whose code decides what is compiled and drawn; a changed line in one of them makes other names.
_CODE = ("fit.py", "posterior.py", "models", "curves", "priors")
_HOUR = 3600.0  # longer than another process needs to write a file


@dataclass(frozen=True, kw_only=True)
class ArrayFiles:
    """A folder of named arrays under keys.

    A process killed anywhere leaves nothing half-written. A file that cannot be read counts as absent, and what cannot
    be written is made anew the next time. Beyond ``limit`` files the oldest go.
    """

    folder: Path
    limit: int

    def read(self, key: str) -> dict[str, np.ndarray] | None:
        """Return the arrays of a key, or None where they are not kept."""
        path = self._path(key)
        try:
            with np.load(io.BytesIO(path.read_bytes())) as arrays:
                found = {name: arrays[name] for name in arrays.files}
            os.utime(path)  # what is still used is not the oldest
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
            return None
        return found

    def write(self, key: str, arrays: Mapping[str, Any]) -> None:
        """Keep arrays under a key."""
        content = io.BytesIO()
        np.savez(content, **arrays)
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
        for path in [*files[: max(len(files) - self.limit, 0)], *left]:
            path.unlink(missing_ok=True)


def code_hash() -> str:
    """Return a hash of the code that decides what is compiled and drawn."""
    package, digest = Path(__file__).parent, hashlib.sha256()
    for name in _CODE:
        place = package / name
        for path in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes())
    return digest.hexdigest()
