"""What each linear parameter of the arms' mean is multiplied by, given the curves' own parameters."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ipdma.curves.curve import Place
from ipdma.models.inputs import Inputs


def pieces(inputs: Inputs, data: Mapping[str, Any], parameters: Mapping[str, Any]) -> list[Any]:
    """Return the column of each level, one by one; NumPy and PyTensor evaluate the same lines.

    Parameters
    ----------
    data
        The arrays of ``inputs.data``.
    parameters
        Values of the curves' own parameters by their names in the model, of shapes that broadcast with (trial, arm).
    """
    main, *shifts = inputs.terms
    if main.parameters:
        there = Place(reference=data["main_reference"])
        found = list(main.columns(data["main_x"], parameters, there))
    else:
        found = [data["main_columns"][k] for k in range(len(main.coefficients))]
    later = len(found)
    for term in shifts:
        if term.parameters:
            reference, start, end = (data[f"place:{term.quantity}"][k] for k in range(3))
            place = Place(reference=reference, move=(start, end))
            found += term.columns(data[f"x:{term.quantity}"], parameters, place)
        else:
            found += [data["level_columns"][len(found) - later + k] for k in range(len(term.coefficients))]
    return found + [data["level_columns"][k - later] for k in range(len(found), len(inputs.levels))]


def columns_of(inputs: Inputs, parameters: Mapping[str, np.ndarray], *, count: int = 1) -> np.ndarray:
    """Return the columns at values of the curves' own parameters, shape (value, level, trial, arm).

    Parameters
    ----------
    parameters
        By their names in the model (``kappa``, ``curves.timing_min[peak]``), each of shape (value,).
    count
        How many values, where there are no such parameters.
    """
    data = inputs.data.unpack(inputs.data.vector)
    names = [name for term in inputs.terms for name in term.parameters]
    values = {name: np.asarray(parameters[name])[:, None, None] for name in names}
    count = len(values[names[0]]) if names else count
    trials_arms = data["level_columns"].shape[1:]
    found = [np.broadcast_to(piece, (count, *trials_arms)) for piece in pieces(inputs, data, values)]
    return np.ascontiguousarray(np.stack(found, axis=1))
