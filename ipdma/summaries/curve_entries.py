"""Everything a summary says of curves: each curve's entry, contrasts, the claim, and what stands beside it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ipdma.curves.curve import Curve, MainCurve, ShiftCurve
from ipdma.models.model_lines import curves_in_words
from ipdma.summaries.claim import levelling_claim
from ipdma.summaries.claim_refits import first_with_main
from ipdma.summaries.control_arm import control_arm
from ipdma.summaries.curve_comparison import curve_comparison
from ipdma.summaries.curve_numbers import main_curve_numbers, shift_curve_numbers
from ipdma.summaries.curve_points import curve_points
from ipdma.summaries.gains import beyond_observed, falls, gains, n95_caution
from ipdma.summaries.guards import curve_guards
from ipdma.summaries.half_band import half_band
from ipdma.summaries.named_value import named_value
from ipdma.summaries.profile_contrasts import profile_contrasts
from ipdma.summaries.quantiles import QUANTITIES, nested, records

if TYPE_CHECKING:
    from ipdma.fit import Fit


def curve_parts(fits: "Sequence[Fit]", claim_under: "Mapping[str, Fit] | None" = None) -> dict[str, Any]:
    """Return the parts of a summary that come from fits with curves; a part without content is absent.

    Parameters
    ----------
    fits
        The fits beside the headline; those without curves have nothing to say here.
    claim_under
        The first fit with a main curve under other priors.

    Returns
    -------
    dict
        curves, contrasts, claim, control_arm, curve_comparison.
    """
    curves: dict[Curve, dict[str, Any]] = {}
    contrasts: dict[str, dict[str, Any]] = {}
    for fit in fits:  # a curve that several fits share is shown from the first of them
        model = fit.analysis.model
        new = [curve for curve in (model.main, *model.shifts) if curve is not None and curve not in curves]
        curves |= {curve: curve_entry(fit, curve) for curve in new}
        told = records(profile_contrasts(fit))
        contrasts |= {str(row["name"]): _contrast_row(row) for row in told if row["name"] not in contrasts}
    found: dict[str, Any] = {"curves": list(curves.values()), "contrasts": list(contrasts.values())}
    first = first_with_main(fits)
    if first is not None:
        found["claim"] = levelling_claim(first, claim_under)
        found["curve_comparison"] = curve_comparison([fit.analysis for fit in fits])
    found["control_arm"] = control_arm(fits)
    return {name: part for name, part in found.items() if part}


def curve_entry(fit: "Fit", curve: Curve) -> dict[str, Any]:
    """Return the entry of one curve of a fit, as in ``curves`` of ``data_schemas/summary.schema.json``."""
    assert isinstance(curve, MainCurve | ShiftCurve)
    design = fit.design
    if isinstance(curve, MainCurve):
        numbers = main_curve_numbers(fit) | _beside_the_claim(fit)
    else:
        numbers = shift_curve_numbers(fit, curve)
    return {
        "variable": curve.variable,
        "curve": curve.name,
        "role": "main" if isinstance(curve, MainCurve) else "shift",
        "model": curves_in_words(fit.analysis.model),
        "unit": design.units[curve.variable],
        **_stated(curve),
        **named_value(design, curve.variable, "reference", design.reference[curve.variable]),
        **numbers,
        "guards": curve_guards(fit, curve, numbers),
        "points": _points(fit, curve.variable),
    }


def _stated(curve: Curve) -> dict[str, Any]:
    """Return what was stated of a curve, such as its knots; nothing where a curve needs nothing."""
    return {"settings": dict(curve.settings)} if curve.settings else {}


def _beside_the_claim(fit: "Fit") -> dict[str, Any]:
    """Return gains, P(falls), P(kappa beyond the range), and what n95 is not; those this curve has."""
    found = {
        "gains": gains(fit),
        "falls": falls(fit),
        "beyond_observed": beyond_observed(fit),
        "n95_caution": n95_caution(fit),
    }
    return {name: part for name, part in found.items() if part is not None and part != []}


def _points(fit: "Fit", variable: str) -> list[dict[str, Any]]:
    points, design = records(curve_points(fit, variable)), fit.design
    inner = half_band(fit, variable, [point["x"] for point in points])
    return [
        {
            "x": point["x"],
            **({"label": design.level_name(variable, point["x"])} if variable in design.levels else {}),
            "effect": nested(point),
            **half,
            "trials": point["trials"],
            "participants": point["participants"],
        }
        for point, half in zip(points, inner, strict=True)
    ]


def _contrast_row(row: dict[str, Any]) -> dict[str, Any]:
    return {"effect": nested(row), **{key: value for key, value in row.items() if key not in QUANTITIES}}
