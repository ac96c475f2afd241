"""Variables of arms and trials that hold categories, as places in the order of their levels."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from ipdma._yaml import did_you_mean
from ipdma.errors import DesignError
from ipdma.estimand import Value
from ipdma.schemas.tables import read_schema

Levels = Mapping[str, Sequence[str]]  # the categories of each variable that has some, in their order
NO_VARIABLES = ("trial", "arm", "treatment", "dose_unit", "n")  # n: how many are analyzed


def with_codes(
    active: pd.DataFrame, variables: Iterable[str], categorical: Iterable[str]
) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """Return the arms with each column of categories that a curve runs over as places in its levels, and the levels.

    Levels stand in the order of the schema, else of the alphabet; those that no active arm has get no place.

    Raises
    ------
    DesignError
        If a curve that is not categorical runs over categories.
    """
    levels = {}
    for variable in variables:
        if variable not in active.columns or variable in NO_VARIABLES:
            continue
        if pd.api.types.is_numeric_dtype(active[variable]):
            continue
        if variable not in categorical:
            raise DesignError(
                f"{variable!r} holds categories: only a categorical curve can run over it, "
                f"`curves: {{{variable}: categorical}}`."
            )
        levels[variable] = _levels(active, variable)
        places = {level: float(place) for place, level in enumerate(levels[variable])}
        active = active.assign(**{variable: active[variable].map(places).astype("Float64")})
    return active, levels


def _levels(active: pd.DataFrame, variable: str) -> tuple[str, ...]:
    schema, found = read_schema(), set(active[variable].dropna())
    column = schema["trials"].columns.get(variable) or schema["arms"].columns.get(variable)
    order = [level for level in (column.categories if column else ()) if level in found]
    return (*order, *sorted(found - set(order)))


def place_of(value: Value, variable: str, levels: Sequence[str]) -> float:
    """Return the place of a stated category in the levels of its variable.

    Raises
    ------
    DesignError
        If no active arm has it.
    """
    name = value if isinstance(value, str) else f"{value.value:g}{value.unit}"
    if name not in levels:
        raise DesignError(f"no active arm has {variable} {name!r}{did_you_mean(name, levels)}")
    return float(list(levels).index(name))
