"""A number with its unit."""

import re
from dataclasses import dataclass

from ipdma.errors import QuantityError

# UCUM codes -> (kind, factor to the kind's base unit). Biological units of different substances are not convertible,
# but an analysis holds one treatment only, so [U] stands for its own kind here.
_UNITS: dict[str, tuple[str, float]] = {
    "g": ("mass", 1.0),
    "mg": ("mass", 1e-3),
    "ug": ("mass", 1e-6),
    "kg": ("mass", 1e3),
    "[iU]": ("international units", 1.0),
    "k[iU]": ("international units", 1e3),
    "[U]": ("biological units", 1.0),
    "U": ("biological units", 1.0),
    "k[U]": ("biological units", 1e3),
    "mL": ("volume", 1.0),
    "L": ("volume", 1e3),
    "min": ("time", 1.0),
    "h": ("time", 60.0),
    "d": ("time", 1440.0),
    "wk": ("time", 10080.0),
    "mo": ("time", 43830.0),  # UCUM: a mean Julian month, a twelfth of a year
    "a": ("time", 525960.0),  # UCUM: a mean Julian year of 365.25 days
    "m": ("length", 1.0),
    "cm": ("length", 0.01),
    "1": ("number", 1.0),
    "mg/kg": ("mass per body mass", 1.0),
}
_TEXT = re.compile(r"\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(\S+)?\s*\Z")


def known_units() -> tuple[str, ...]:
    """Return the UCUM codes that a unit may be."""
    return tuple(_UNITS)


@dataclass(frozen=True)
class Quantity:
    """A number and its UCUM unit; ``unit`` is empty where the column has only one unit.

    Examples
    --------
    >>> Quantity.parse("50 mg").to("g")
    0.05
    """

    value: float
    unit: str = ""

    @classmethod
    def parse(cls, text: object) -> "Quantity":
        """Read ``50 mg``, ``60`` or ``60 min``.

        Raises
        ------
        QuantityError
            If the text is not a number with at most one known unit.
        """
        match = _TEXT.match(str(text)) if not isinstance(text, bool) else None
        if match is None:
            raise QuantityError(f"{text!r} is not a number with a unit. Write it like '50 mg'.")
        number, unit = match.groups()
        if unit is not None and unit not in _UNITS:
            raise QuantityError(f"unit {unit!r} is not known. Known units: {', '.join(_UNITS)}.")
        return cls(float(number), unit or "")

    def to(self, unit: str) -> float:
        """Return the number in another unit of the same kind.

        Raises
        ------
        QuantityError
            If the units are of different kinds, or this number has none while one is needed.
        """
        if self.unit == unit:
            return self.value
        if not self.unit or self.unit not in _UNITS or unit not in _UNITS:
            raise QuantityError(
                f"{self.value:g} has no unit, but {unit!r} is needed. Write it like '{self.value:g} {unit}'."
            )
        (kind, factor), (other_kind, other) = _UNITS[self.unit], _UNITS[unit]
        if kind != other_kind:
            raise QuantityError(f"{self.value:g} {self.unit} ({kind}) cannot be converted to {unit} ({other_kind}).")
        return self.value * factor / other
