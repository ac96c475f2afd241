"""Many arrays in one vector that says itself where each of them lies.

Compile time grows with the number of data containers, and constants lose the cache. The vector begins with its own
length and, for each array, where it starts and its lengths: code that reads them works for any number of trials, arms,
covariates and curves, and is compiled once for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

_DIMS = 3  # the most an array may have
ENTRY = 1 + _DIMS  # what the head holds of an array: its start and three lengths


@dataclass(frozen=True, kw_only=True, eq=False)
class Pack:
    """Named arrays laid end to end behind a head; names and dimensions are structure, ``vector`` is data."""

    vector: np.ndarray
    shapes: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, arrays: Mapping[str, Any]) -> "Pack":
        """Pack arrays in the order given."""
        parts = {name: np.asarray(value, dtype="float64") for name, value in arrays.items()}
        *starts, length = np.cumsum([1 + ENTRY * len(parts), *(part.size for part in parts.values())])
        lengths = [(*part.shape, *[1] * (_DIMS - part.ndim)) for part in parts.values()]
        head = [[length], *([start, *each] for start, each in zip(starts, lengths, strict=True))]
        vector = np.concatenate([*head, *(part.ravel() for part in parts.values())], dtype="float64")
        return cls(vector=vector, shapes={name: part.shape for name, part in parts.items()})

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """The named arrays, views of the vector."""
        found, start = {}, 1 + ENTRY * len(self.shapes)
        for name, shape in self.shapes.items():
            size = int(np.prod(shape))
            found[name] = self.vector[start : start + size].reshape(shape)
            start += size
        return found

    @property
    def structure(self) -> tuple[tuple[str, int], ...]:
        """What code that reads the vector depends on: each array's name and number of dimensions."""
        return tuple((name, len(shape)) for name, shape in self.shapes.items())
