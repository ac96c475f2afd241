"""What each linear parameter of the arms' mean is multiplied by, given the curves' own parameters."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ipdma.curves.curve import Place
from ipdma.models.inputs import Inputs


def moved(inputs: Inputs, data: Mapping[str, Any], parameters: Mapping[str, Any]) -> list[Any]:
    """Return the columns that depend on curves' own parameters, one by one, where ``data["moving"]`` says they stand.

    NumPy and PyTensor evaluate the same lines.

    Parameters
    ----------
    data
        The arrays of ``inputs.data``.
    parameters
        Values of the curves' own parameters by their names in the model, of shapes that broadcast with (trial, arm).
    """
    main, *shifts = inputs.terms
    found: list[Any] = []
    if main.parameters:
        found += main.columns(data["main_x"], parameters, Place(reference=data["main_reference"]))
    for term in shifts:
        if term.parameters:
            stated = data[f"place:{term.quantity}"]
            place = Place(reference=stated[0], move=(stated[1], stated[2]))
            found += term.columns(data[f"x:{term.quantity}"], parameters, place)
    return found


def columns_of(inputs: Inputs, parameters: Mapping[str, np.ndarray], *, count: int = 1) -> np.ndarray:
    """Return the columns at values of the curves' own parameters, shape (value, level, trial, arm).

    Parameters
    ----------
    parameters
        By their names in the model (``kappa``, ``curves.timing_min[peak]``), each of shape (value,).
    count
        How many values, where there are no such parameters.
    """
    data, names = inputs.data.arrays, inputs.sampled
    values = {name: np.asarray(parameters[name])[:, None, None] for name in names}
    count = len(values[names[0]]) if names else count
    found = np.repeat(data["columns"][None], count, axis=0)
    for k, column in zip(data["moving"].astype(int), moved(inputs, data, values), strict=True):
        found[:, k] = column
    return found
