"""Many arrays in one vector: compile time grows with the number of data containers, and constants lose the cache."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Pack:
    """Named arrays laid end to end; ``shapes`` is structure, ``vector`` is data of a compiled model."""

    vector: np.ndarray
    shapes: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, arrays: Mapping[str, Any]) -> "Pack":
        """Pack arrays in the order given."""
        parts = {name: np.asarray(value, dtype="float64") for name, value in arrays.items()}
        vector = np.concatenate([part.ravel() for part in parts.values()])
        return cls(vector=vector, shapes={name: part.shape for name, part in parts.items()})

    def unpack(self, vector: Any) -> dict[str, Any]:
        """Return the named arrays of ``vector``, an array or a PyTensor variable."""
        found, start = {}, 0
        for name, shape in self.shapes.items():
            size = int(np.prod(shape))
            found[name] = vector[start : start + size].reshape(shape) if shape else vector[start]
            start += size
        return found
