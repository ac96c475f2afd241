"""The curves of a model on a design: their coefficients, parameters and places, under the names of the model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ipdma.curves.curve import Curve, MainCurve, Place, ShiftCurve
from ipdma.design.design import Design
from ipdma.errors import DesignError
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import Normal, Prior, Sd


@dataclass(frozen=True, kw_only=True)
class Term:
    """One curve in a model; without a curve the plain effect.

    ``coefficients`` holds the default prior of each coefficient by its name in the model (``effect``,
    ``curves.timing_min[90]``), ``parameters`` the same of the parameters that are sampled; ``own_names`` what the curve
    itself calls these. ``quantity`` is the name of what is reported: the effect, or the effect of the stated move.
    """

    curve: Curve | None
    place: Place
    quantity: str
    coefficients: Mapping[str, Prior]
    parameters: Mapping[str, Prior]
    own_names: tuple[str, ...]

    def columns(self, x: Any, parameters: Mapping[str, Any], place: Place | None = None) -> tuple[Any, ...]:
        """Return what each coefficient is multiplied by at ``x``; ``parameters`` by their names in the model."""
        if self.curve is None:
            return (np.ones(np.shape(x)),)
        assert isinstance(self.curve, MainCurve | ShiftCurve)
        own = {name: parameters[full] for name, full in zip(self.own_names, self.parameters, strict=True)}
        return self.curve.columns(x, place or self.place, **own)

    @property
    def bounds(self) -> dict[str, tuple[float, float]]:
        """Where each parameter may lie, by its name in the model."""
        known = self.curve.bounds if self.curve else {}
        return {full: known.get(own, (0.0, np.inf)) for own, full in zip(self.own_names, self.parameters, strict=True)}

    def drawn_name(self, coefficient: str) -> str:
        """Return the name under which draws of a coefficient are kept; that of the quantity where they are the same."""
        if self.curve is None or not self.curve.read_off or coefficient not in ("effect", f"curves.{self.quantity}"):
            return coefficient.removeprefix("curves.")
        return "size" if coefficient == "effect" else f"{self.quantity}[size]"


def terms_of(design: Design, model: OneStage) -> tuple[Term, ...]:
    """Return the main term first, then the shifts.

    Raises
    ------
    DesignError
        If a categorical curve is read at a value that is no level, or a setting in the unit of the variable is not
        stated though there is a unit, or too large for the range.
    """
    return (_main(design, model), *(_shift(design, curve) for curve in model.shifts))


def _main(design: Design, model: OneStage) -> Term:
    main = model.main
    if main is None:
        plain = {"effect": Normal(0.0, Sd(1.0))}
        return Term(
            curve=None, place=Place(reference=1.0), quantity="effect", coefficients=plain, parameters={}, own_names=()
        )
    place = place_of(design, main.variable)
    _refuse_length(main, place, design.units[main.variable])
    parameters = dict(main.parameters(place.largest, place.smallest, place.reference))
    if model.levelling is not None:
        parameters |= main.levelled(model.levelling, place.reference)
    return Term(
        curve=main,
        place=place,
        quantity="effect",
        coefficients=main.coefficients(place),
        parameters=parameters,
        own_names=tuple(parameters),
    )


def _refuse_length(curve: MainCurve, place: Place, unit: str) -> None:
    """Refuse a setting in the unit of x that is not stated where x has one, or that flattens the curve."""
    name, default, share = curve.length
    if not name:
        return
    of = "" if unit in ("", "1") else f" {unit}"
    stated = curve.settings[name]
    if of and name not in curve.changed:
        tenth = default / 5.0 * place.reference  # as 0.5 is a tenth and 1 a fifth of five doses
        raise DesignError(
            f"state the {name} of the {curve.name} curve over {curve.variable}, in {unit}, the unit of its reference: "
            f"its default, {default:g}, is for numbers without a unit. For example "
            f"`curves: {{{curve.variable}: [{{{curve.name}: {{{name}: {tenth:.3g}}}}}]}}`."
        )
    if stated > share * place.largest * (1.0 + 1e-9):
        raise DesignError(
            f"the {curve.name} curve over {curve.variable} has {name} {stated:g}{of}, but values up to "
            f"{place.largest:g}{of} only: it would hardly bend. State a smaller {name}, for example "
            f"{{{curve.name}: {{{name}: {share * place.largest / 5:.1g}}}}}."
        )


def _shift(design: Design, curve: ShiftCurve) -> Term:
    place, variable = place_of(design, curve.variable), curve.variable
    parameters = curve.parameters(place.largest, place.smallest, place.reference)
    return Term(
        curve=curve,
        place=place,
        quantity=variable,
        coefficients={
            f"curves.{variable}{_written(design, variable, end)}": prior
            for end, prior in curve.coefficients(place).items()
        },
        parameters={f"curves.{variable}[{name}]": prior for name, prior in parameters.items()},
        own_names=tuple(parameters),
    )


def _written(design: Design, variable: str, end: str) -> str:
    """Return ``[category]`` for the place of a category, ``[2]``; anything else as it is."""
    return f"[{design.level_name(variable, float(end[1:-1]))}]" if end and variable in design.levels else end


def place_of(design: Design, variable: str) -> Place:
    """Return what a curve over ``variable`` reads of a design."""
    x = design.arms[variable].to_numpy(dtype="float64")
    levels = np.unique(x)

    def snapped(value: float) -> float:
        """A stated value that meets a level up to the rounding of a unit's conversion is that level."""
        nearest = float(levels[np.abs(levels - value).argmin()])
        return nearest if np.isclose(nearest, value, rtol=1e-9, atol=1e-12) else float(value)

    start, end = design.moves.get(variable, (0.0, 1.0))
    return Place(
        reference=snapped(design.reference[variable]),
        smallest=float(x.min()),
        largest=float(x.max()),
        levels=tuple(float(level) for level in levels),
        move=(snapped(start), snapped(end)),
    )
