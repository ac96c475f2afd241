"""The planned dosing profile of each arm, in one unit a variable, with its reference and moves."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from ipdma.curves.curve import ShiftCurve
from ipdma.design.levels import NO_VARIABLES, Levels, place_of
from ipdma.errors import DesignError, QuantityError
from ipdma.estimand import Estimand, Profile, Value
from ipdma.harmonize.consortium import Consortium
from ipdma.schemas.quantity import Quantity

_COLUMN_UNITS = {"number_of_doses": "1", "timing_min": "min"}
_PROSE = ("label", "doi", "data", "why_none", "exclude_why")  # what is said of a trial, no property of it


def arms_with_trials(consortium: Consortium) -> pd.DataFrame:
    """Return the arms with the columns of their trials, such as year and group: a curve may run over these too."""
    arms, trials = consortium.tables["arms"], consortium.tables["trials"]
    more = [column for column in trials.columns if column not in (*arms.columns, *_PROSE)]
    return arms.merge(trials[["trial", *more]], on="trial", how="left", validate="many_to_one")


def profile_variables(arms: pd.DataFrame) -> list[str]:
    """Return the numeric columns of arms and trials: what a curve may run over."""
    return [c for c in arms.columns if c not in NO_VARIABLES and pd.api.types.is_numeric_dtype(arms[c])]


def dose_unit_of(arms: pd.DataFrame, estimand: Estimand) -> str:
    """Return the unit doses are expressed in: that of the stated reference, else the first one in the arms table.

    Raises
    ------
    DesignError
        If no arm's dose has a unit of the kind that the reference has.
    """
    stated = estimand.reference.get("dose")
    units = [str(unit) for unit in arms["dose_unit"].dropna().unique()]
    if not (isinstance(stated, Quantity) and stated.unit):
        return units[0] if units else ""
    if units and not any(_converts(unit, stated.unit) for unit in units):
        raise DesignError(
            f"the reference of dose is stated in {stated.unit}, but doses of arms are in {', '.join(units)}. "
            f"For example `reference: {{dose: {stated.value:g} {units[0]}}}`."
        )
    return stated.unit


def _converts(unit: str, other: str) -> bool:
    try:
        Quantity(1.0, unit).to(other)
    except QuantityError:
        return False
    return True


def harmonized_profiles(arms: pd.DataFrame, *, dose_unit: str) -> pd.DataFrame:
    """Return the arms with every dose converted to ``dose_unit``. Only a curve over the dose asks for this.

    Raises
    ------
    DesignError
        If an arm's dose has no unit while others have, or its unit cannot be converted.
    """
    arms = arms.copy()
    for index, row in arms[arms["dose"].notna()].iterrows():
        unit = "" if pd.isna(row["dose_unit"]) else str(row["dose_unit"])
        try:
            arms.loc[index, "dose"] = Quantity(float(row["dose"]), unit).to(dose_unit)
        except QuantityError as error:
            raise DesignError(
                f"dose of arm {row['arm']!r} in {row['trial']}: {error} Doses of all trials need units of one kind: "
                "mend the recipe, or leave the trial out (exclude_why in trials.csv)."
            ) from None
        arms.loc[index, "dose_unit"] = dose_unit or pd.NA
    return arms


def unit_of(variable: str, dose_unit: str) -> str:
    """Return the unit of a profile variable; empty where the column states none."""
    return dose_unit if variable == "dose" else _COLUMN_UNITS.get(variable, "")


def in_column_unit(value: Value, variable: str, dose_unit: str, levels: Sequence[str] = ()) -> float:
    """Return a stated value of ``variable`` in the unit of its column; of a category its place in the levels.

    Raises
    ------
    DesignError
        If the unit is missing where the column has a choice of units, or cannot be converted; if it is no category that
        an active arm has, or a category where the column holds numbers.
    """
    if levels:
        return place_of(value, variable, levels)
    if isinstance(value, str):
        raise DesignError(f"{variable} is a number in the arms and trials tables: {value!r} is no value of it.")
    unit = unit_of(variable, dose_unit)
    if not value.unit and (variable != "dose" or not unit):
        return value.value
    if not unit:
        raise DesignError(f"{variable} has no unit in the arms table: write {value.value:g} without one.")
    try:
        return value.to(unit)
    except QuantityError as error:
        raise DesignError(f"{variable}: {error}") from None


def check_complete(active: pd.DataFrame, variables: Iterable[str]) -> None:
    """Refuse curves over variables that some active arm does not state.

    Raises
    ------
    DesignError
        Naming the trials.
    """
    known = profile_variables(active)
    for variable in variables:
        if variable not in active.columns or variable not in known:
            texts = [c for c in active.columns if c not in (*known, *NO_VARIABLES)]
            more = f" For a categorical curve also: {', '.join(texts)}." if texts else ""
            raise DesignError(
                f"{variable!r} is not a numeric column of the arms or trials table. Columns: {', '.join(known)}.{more}"
            )
        missing = active[active[variable].isna()]
        if len(missing):
            raise DesignError(
                f"{variable} is not stated for {len(missing)} active arm(s): {', '.join(missing['trial'].unique())}. "
                "A curve over it needs every arm's value: state it in the recipes, or leave the curve out."
            )


def reference_profile(
    active: pd.DataFrame,
    people: np.ndarray,
    estimand: Estimand,
    variables: Iterable[str],
    dose_unit: str,
    *,
    levels: Levels | None = None,
    categorical: Iterable[str] = (),
) -> dict[str, float]:
    """Return the reference of each variable: stated, or the median over analyzed treatment participants.

    For a categorical curve it is the value that most of them have, for a median may be none that anybody has.
    """
    reference, told = {}, levels or {}
    for variable in variables:
        if variable in estimand.reference:
            stated = estimand.reference[variable]
            reference[variable] = in_column_unit(stated, variable, dose_unit, told.get(variable, ()))
        else:
            values = np.repeat(active[variable].to_numpy(dtype="float64"), people)
            reference[variable] = float(_mode(values) if variable in categorical else np.median(values))
    return reference


def _mode(values: np.ndarray) -> float:
    found, counts = np.unique(values, return_counts=True)
    return float(found[counts.argmax()])


def stated_moves(
    active: pd.DataFrame, estimand: Estimand, shifts: Iterable[str], dose_unit: str, levels: Levels | None = None
) -> dict[str, tuple[float, float]]:
    """Return the stated move of each shift variable.

    Raises
    ------
    DesignError
        If a move is missing (one is proposed) or goes nowhere.
    """
    moves = {}
    for variable in shifts:
        names = (levels or {}).get(variable, ())
        if variable not in estimand.moves:
            proposed = names[:2] if names else _proposed(active, variable, dose_unit)
            raise DesignError(
                f"the curve over {variable} needs a stated move, whose effect is what is reported of it. "
                f"For example `moves: {{{variable}: [{', '.join(proposed)}]}}`."
            )
        start, end = (in_column_unit(value, variable, dose_unit, names) for value in estimand.moves[variable])
        if start == end:
            raise DesignError(f"the move of {variable} goes from {start:g} to {end:g}: it must lead somewhere.")
        moves[variable] = (start, end)
    return moves


def _proposed(active: pd.DataFrame, variable: str, dose_unit: str) -> tuple[str, str]:
    """Return the 10 and 90 % quantiles of the active arms as a file would write them; a step where they agree."""
    low, high = (float(active[variable].astype("float64").quantile(q)) for q in (0.1, 0.9))
    high = high if high > low else low + (abs(low) or 1.0)
    unit = dose_unit if variable == "dose" else ""
    return f"{low:g} {unit}".rstrip(), f"{high:g} {unit}".rstrip()


def refuse_zero(
    active: pd.DataFrame,
    reference: Mapping[str, float],
    moves: Mapping[str, tuple[float, float]],
    *,
    main: str | None,
    above_zero: Iterable[str],
) -> None:
    """Refuse a main curve read or met at zero, where its effect is zero whatever the data, and logarithms of no value.

    Raises
    ------
    DesignError
        Naming the variable, and the trials whose arms are at fault.
    """
    if main is not None:
        _refuse_main_at_zero(active, reference, main)
    for variable in above_zero:
        if min(reference[variable], *moves[variable]) <= 0:
            raise DesignError(f"the curve over {variable} is logarithmic: its reference and move must be above zero.")
        below = active[active[variable].to_numpy(dtype="float64") <= 0]
        if len(below):
            raise DesignError(
                f"the curve over {variable} is logarithmic, but {len(below)} active arm(s) stand at zero or below: "
                f"{', '.join(below['trial'].unique())}. Use another curve, such as hinge, or leave these trials out."
            )


def _refuse_main_at_zero(active: pd.DataFrame, reference: Mapping[str, float], main: str) -> None:
    at_zero = active[active[main].to_numpy(dtype="float64") <= 0]
    if len(at_zero):
        raise DesignError(
            f"the main curve over {main} is zero at zero, but {len(at_zero)} active arm(s) stand at zero or below: "
            f"{', '.join(at_zero['trial'].unique())}. They would be held at no effect whatever their data: mend the "
            "recipe, or leave these trials out (exclude_why in trials.csv)."
        )
    if not reference[main] > 0:
        raise DesignError(
            f"the reference of {main} is {reference[main]:g}: a main curve is zero at zero, so its effect is read at a "
            f"value above it. State one, `reference: {{{main}: ...}}`."
        )


def refuse_flat(curves: Iterable[ShiftCurve], moves: Mapping[str, tuple[float, float]]) -> None:
    """Refuse a move over which its curve does not change: the effect of that move is zero whatever the data.

    Raises
    ------
    DesignError
        Naming the curve, its variable and the move.
    """
    for curve in curves:
        start, end = moves[curve.variable]
        if curve.shape(start) == curve.shape(end):
            raise DesignError(
                f"the {curve.name} curve over {curve.variable} is flat between {start:g} and {end:g}: "
                "state a move it changes over."
            )


def check_contrasts(
    estimand: Estimand,
    variables: Iterable[str],
    *,
    main: str | None,
    above_zero: Iterable[str],
    dose_unit: str,
    levels: Levels | None = None,
) -> None:
    """Refuse stated contrasts whose values cannot be read on the curves; variables without a curve are passed over.

    Raises
    ------
    DesignError
        Naming the contrast and the variable.
    """
    known = set(variables)
    for contrast in estimand.contrasts:
        for profile in (contrast.a, contrast.b):
            try:
                told = {name: value for name, value in profile.items() if name in known}
                values = named_profile(told, dose_unit, levels)
                _refuse_off_curve(values, main=main, above_zero=above_zero)
            except DesignError as error:
                raise DesignError(f"contrast {contrast.name!r}: {error}") from None


def _refuse_off_curve(values: Mapping[str, float], *, main: str | None, above_zero: Iterable[str]) -> None:
    for variable in above_zero:
        if variable in values and values[variable] <= 0:
            raise DesignError(
                f"{variable} is {values[variable]:g}, but the curve over it is logarithmic: it must be above zero."
            )
    if main is not None and values.get(main, 0.0) < 0:
        raise DesignError(f"{main} is {values[main]:g}, but a main curve begins at zero.")


def named_profile(profile: Profile, dose_unit: str, levels: Levels | None = None) -> dict[str, float]:
    """Return a stated profile in the units of the columns, categories as their place in ``levels``."""
    told = levels or {}
    return {name: in_column_unit(value, name, dose_unit, told.get(name, ())) for name, value in profile.items()}
