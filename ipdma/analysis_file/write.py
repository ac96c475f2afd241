"""An analysis made in Python as the file that would ask for it."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from ipdma._yaml import yaml_text
from ipdma.curves.curve import Curve
from ipdma.errors import AnalysisError
from ipdma.estimand import Coding, Estimand, Profile, Value
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import Prior, Sd

_OPTIONS = ("residual_sd", "baseline_slope", "prognostic_slope", "effect", "heterogeneity", "arm_correlation")
_OUTCOME = ("visit", "metric", "score", "rater", "prefer", "unit", "direction")
_PLAIN = ("include", "missing_covariates", "minimal_important_difference", "population", "intercurrent_events")


def analysis_yaml(estimand: Estimand, model: OneStage, *, instruments: Iterable[str] = ()) -> str:
    """Return the text of an analysis file with this estimand and this model, defaults left out.

    Parameters
    ----------
    estimand, model
        What is asked, and the one-stage model.
    instruments
        Codes of the instruments: an outcome of such a name is one, any other a construct.

    Raises
    ------
    AnalysisError
        If no file asks for the model: interactions across trials beside curves.

    Examples
    --------
    >>> asked = Estimand(outcome="symptom_severity", visit="post", treatment="drug", control="placebo")
    >>> print(analysis_yaml(asked, OneStage(modifiers=("age_years",))).splitlines()[-2:])
    ['modifiers:', '- age_years']
    """
    if model.interaction_across and (model.main or model.shifts):
        raise AnalysisError(
            "a model with curves and with interactions across trials has no analysis file: a file puts them on models "
            "of their own, so that no model compares trials by both. Leave one of them out."
        )
    kind = "instrument" if estimand.outcome in instruments else "construct"
    said: dict[str, Any] = {
        "analysis": 1,
        "outcome": {kind: estimand.outcome} | _changed(estimand, _OUTCOME),
        "contrast": {"treatment": estimand.treatment, "control": estimand.control},
        **_changed(estimand, _PLAIN),
        **_dosing(estimand, model),
        "modifiers": _modifiers(model.modifiers, estimand.coding),
        "prognostic_factors": list(model.prognostic_factors),
        "model": _changed(model, _OPTIONS),
        "priors": {name: _prior(prior) for name, prior in model.priors.items()},
    }
    return yaml_text({key: value for key, value in said.items() if value not in ({}, [], None)})


def _changed(value: Estimand | OneStage, names: Iterable[str]) -> dict[str, Any]:
    """Return the fields that differ from their default; lists for tuples."""
    defaults = {field.name: field for field in fields(value)}
    found = {}
    for name in names:
        said, default = getattr(value, name), defaults[name].default
        if said not in (default, (), {}):
            found[name] = list(said) if isinstance(said, tuple) else said
    return found


def _dosing(estimand: Estimand, model: OneStage) -> dict[str, Any]:
    curves = [curve for curve in (model.main, *model.shifts) if curve is not None]
    levelling = model.levelling
    return {
        "curves": {curve.variable: _curve(curve) for curve in curves},
        "main_dosing_variable": model.main.variable if model.main else None,
        "reference": _profile(estimand.reference, curves),
        "moves": {name: [_text(end) for end in ends] for name, ends in estimand.moves.items() if _has(name, curves)},
        "contrasts": [
            {"name": each.name, "a": _profile(each.a, curves), "b": _profile(each.b, curves)}
            for each in estimand.contrasts
            if all(_has(name, curves) for name in (*each.a, *each.b))
        ],
        "claims": _claim(levelling.early, levelling.late, estimand, model) if levelling else None,
    }


def _has(variable: str, curves: Iterable[Curve]) -> bool:
    """Whether a variable has a curve; what is said of others is unused, and a file that says it is refused."""
    return any(curve.variable == variable for curve in curves)


def _curve(curve: Curve) -> Any:
    settings = {name: list(value) if isinstance(value, tuple) else value for name, value in curve.changed.items()}
    return {curve.name: settings} if settings else curve.name


def _profile(profile: Profile, curves: Iterable[Curve]) -> dict[str, Any]:
    return {name: _text(value) for name, value in profile.items() if _has(name, curves)}


def _text(value: Value) -> float | str:
    if isinstance(value, str):
        return value
    return f"{_number(value.value)} {value.unit}" if value.unit else _number(value.value)


def _number(value: float) -> float:
    """Return a whole number as one, so that a file says 5 and not 5.0."""
    return int(value) if value == int(value) else value


def _claim(
    early: tuple[float, float], late: tuple[float, float], estimand: Estimand, model: OneStage
) -> dict[str, Any]:
    """Return the landmarks, those of a dose in the unit of its reference, as they were read."""
    stated = estimand.reference.get(model.main.variable) if model.main else None
    unit = "" if stated is None or isinstance(stated, str) else stated.unit

    def written(ends: tuple[float, float]) -> list[Any]:
        return [f"{_number(end)} {unit}" if unit else _number(end) for end in ends]

    return {"levelling": {"early": written(early), "late": written(late)}}


def _modifiers(names: Iterable[str], coding: Mapping[str, Coding]) -> Any:
    listed = list(names)
    if not any(name in coding for name in listed):
        return listed
    return {name: _coding(coding.get(name, Coding())) for name in listed}


def _coding(coding: Coding) -> dict[str, Any]:
    return {"reference": coding.reference} if coding.reference else _step(coding.per)


def _step(per: float) -> dict[str, Any]:
    return {} if per == 1.0 else {"per": _number(per)}


def _prior(prior: Prior) -> Any:
    """Return a prior as :func:`ipdma.priors.prior.parse_prior` reads it."""
    numbers = [getattr(prior, field.name) for field in fields(prior)]
    written = [f"{number.times!r} sd" if isinstance(number, Sd) else number for number in numbers]
    return {prior.kind: written[0] if len(written) == 1 else written} if written else prior.kind
