"""One step of a column done on its rows, each with what is known of the raw column it comes from."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ipdma.harmonize.operations import OPERATIONS
from ipdma.harmonize.step import About, Step
from ipdma.schemas.recipe import Operation

_READ_THE_COLUMN = {"map_label", "date", "time", "minutes"}  # steps that read labels or the display format


@dataclass(frozen=True, kw_only=True, eq=False)
class Performed:
    """What a step gave, what the next one may know, and which values the step took away without failing."""

    step: Step
    about: About
    emptied: np.ndarray


def perform(operation: Operation, values: pd.Series, about: About) -> Performed:
    """Return the values after an operation.

    A value that the step makes missing is missing by a code from then on: ``blank`` stands for empty cells alone.
    """
    step = _run(operation, values, about)
    emptied = (values.notna().to_numpy(dtype=bool)) & step.values.isna().to_numpy(dtype=bool)
    if emptied.any():
        about = replace(about, coded=emptied if about.coded is None else about.coded | emptied)
    for failure in step.failures:
        emptied &= ~failure.where
    return Performed(step=step, about=about, emptied=emptied)


def _run(operation: Operation, values: pd.Series, about: About) -> Step:
    run = OPERATIONS[operation.name]
    if not about.parts or operation.name not in _READ_THE_COLUMN:
        return run(values, operation.argument, about)
    done = [(mine, run(values.mask(~mine, pd.NA), operation.argument, known)) for mine, known in about.parts]
    (_, first), *others = done
    together = first.values
    for mine, step in others:
        together = filled_from(together, step.values.mask(~mine, pd.NA))
    return Step(values=together, failures=tuple(failure for _, step in done for failure in step.failures))


def filled_from(values: pd.Series, others: pd.Series) -> pd.Series:
    """Return values, and where one is missing that of the others."""
    if values.dtype != others.dtype:
        values, others = values.astype(object), others.astype(object)
    return values.where(values.notna(), others)
