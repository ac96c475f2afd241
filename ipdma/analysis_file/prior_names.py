"""Which priors a model can have, by the names of an analysis file."""

from collections.abc import Iterable

from ipdma.curves.curve import MainCurve, Place, ShiftCurve

ALWAYS = ("effect", "tau", "trial_intercept", "baseline_slope", "residual_sd")
# Any place will do: which coefficients a curve has depends on it only in the levels of categories.
_PLACE = Place(reference=1.0, levels=(1.0, 2.0), move=(1.0, 2.0))


def curve_names(main: MainCurve | None, shifts: Iterable[ShiftCurve]) -> list[str]:
    """Return the priors that the curves of a model bring; ``curves.VAR[level]`` stands for every level."""
    found = [*main.parameters(1.0), *(_base(name) for name in main.coefficients(_PLACE))] if main else []
    found += [name for curve in shifts for name in _shift_names(curve)]
    return [name for name in dict.fromkeys(found) if name not in ALWAYS]


def is_of_curves(name: str, known: Iterable[str]) -> bool:
    """Whether a prior's name is one of ``curve_names``, or that of a level of one."""
    return name in known or _base(name) in known


def _shift_names(curve: ShiftCurve) -> list[str]:
    start = f"curves.{curve.variable}"
    return [
        *(_base(f"{start}{end}") for end in curve.coefficients(_PLACE)),
        *(f"{start}[{name}]" for name in curve.parameters(1.0)),
    ]


def _base(name: str) -> str:
    """Return the name with ``[level]`` for any level."""
    return f"{name.split('[', maxsplit=1)[0]}[level]" if "[" in name else name


def covariate_names(modifiers: Iterable[str], factors: Iterable[str]) -> list[str]:
    """Return the priors of interactions and of prognostic slopes; those of categories may name a level."""
    modified = tuple(modifiers)
    slopes = [f"prognostic.{name}" for name in (*modified, *factors) if name != "baseline_severity"]
    return [*(f"{kind}.{name}" for name in modified for kind in ("within", "across")), *slopes]
