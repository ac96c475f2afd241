"""Prior distributions as frozen values: a kind, which shapes the model, and numbers, which are its data."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from ipdma.errors import PriorError


@dataclass(frozen=True)
class Sd:
    """A number in units of s, the pooled baseline SD of the analysis (``0.5 sd`` in an analysis file)."""

    times: float

    def __str__(self) -> str:
        return f"{self.times:g} sd"


Number = float | Sd


@dataclass(frozen=True)
class Prior:
    """A prior distribution of one parameter.

    ``logp`` is written with ``log``, ``abs`` and arithmetic only, so that NumPy and PyTensor evaluate the same line;
    it leaves no constant out. ``positive`` says whether the distribution lives above zero.
    """

    kind: ClassVar[str]
    positive: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse impossible numbers.

        Raises
        ------
        PriorError
            If a scale is not above zero, bounds are not in ascending order, or a number is not finite.
        """
        _check(self)

    def numbers(self, s: float) -> tuple[float, ...]:
        """Return the numbers in outcome units, ``s`` being the pooled baseline SD."""
        values = (getattr(self, field.name) for field in fields(self))
        return tuple(value.times * s if isinstance(value, Sd) else float(value) for value in values)

    @staticmethod
    def logp(x: Any, *numbers: Any) -> Any:
        """Return the log density at ``x``."""
        raise TypeError("a Prior is one of the kinds below")

    def draw(self, rng: np.random.Generator, size: int, *, s: float) -> np.ndarray:
        """Draw ``size`` values.

        Raises
        ------
        PriorError
            If the prior is improper.
        """
        raise PriorError(f"the prior '{self.kind}' is improper: no value can be drawn from it.")

    def __str__(self) -> str:
        numbers = (getattr(self, field.name) for field in fields(self))
        return f"{self.kind}({', '.join(str(n) if isinstance(n, Sd) else f'{n:g}' for n in numbers)})"


@dataclass(frozen=True)
class Normal(Prior):
    """Normal distribution."""

    mean: Number
    sd: Number
    kind: ClassVar[str] = "normal"

    @staticmethod
    def logp(x: Any, mean: Any, sd: Any) -> Any:
        """Return the log density at ``x``."""
        return -0.5 * ((x - mean) / sd) ** 2 - np.log(sd) - 0.5 * np.log(2 * np.pi)

    def draw(self, rng: np.random.Generator, size: int, *, s: float) -> np.ndarray:
        """Draw ``size`` values."""
        mean, sd = self.numbers(s)
        return rng.normal(mean, sd, size)


@dataclass(frozen=True)
class HalfNormal(Prior):
    """Normal distribution folded at zero."""

    sd: Number
    kind: ClassVar[str] = "half_normal"
    positive: ClassVar[bool] = True

    @staticmethod
    def logp(x: Any, sd: Any) -> Any:
        """Return the log density at ``x``."""
        return -0.5 * (x / sd) ** 2 - np.log(sd) + 0.5 * np.log(2 / np.pi)

    def draw(self, rng: np.random.Generator, size: int, *, s: float) -> np.ndarray:
        """Draw ``size`` values."""
        return np.abs(rng.normal(0.0, self.numbers(s)[0], size))


@dataclass(frozen=True)
class HalfCauchy(Prior):
    """Cauchy distribution folded at zero (Gelman 2006)."""

    scale: Number
    kind: ClassVar[str] = "half_cauchy"
    positive: ClassVar[bool] = True

    @staticmethod
    def logp(x: Any, scale: Any) -> Any:
        """Return the log density at ``x``."""
        return np.log(2 / np.pi) - np.log(scale) - np.log(1 + (x / scale) ** 2)

    def draw(self, rng: np.random.Generator, size: int, *, s: float) -> np.ndarray:
        """Draw ``size`` values."""
        return np.abs(self.numbers(s)[0] * rng.standard_cauchy(size))


@dataclass(frozen=True)
class Uniform(Prior):
    """Uniform distribution; the model maps its parameter into the bounds."""

    lower: Number
    upper: Number
    kind: ClassVar[str] = "uniform"

    @staticmethod
    def logp(x: Any, lower: Any, upper: Any) -> Any:
        """Return the log density at an ``x`` between the bounds."""
        return -np.log(upper - lower) + 0.0 * x

    def draw(self, rng: np.random.Generator, size: int, *, s: float) -> np.ndarray:
        """Draw ``size`` values."""
        lower, upper = self.numbers(s)
        return rng.uniform(lower, upper, size)


@dataclass(frozen=True)
class LogNormal(Prior):
    """The logarithm is Normal with SD ``sigma`` around the logarithm of ``median``."""

    median: Number
    sigma: float
    kind: ClassVar[str] = "log_normal"
    positive: ClassVar[bool] = True

    @staticmethod
    def logp(x: Any, median: Any, sigma: Any) -> Any:
        """Return the log density at ``x`` > 0."""
        z = (np.log(x) - np.log(median)) / sigma
        return -0.5 * z**2 - np.log(sigma) - np.log(x) - 0.5 * np.log(2 * np.pi)

    def draw(self, rng: np.random.Generator, size: int, *, s: float) -> np.ndarray:
        """Draw ``size`` values."""
        median, sigma = self.numbers(s)
        return median * np.exp(rng.normal(0.0, sigma, size))


@dataclass(frozen=True)
class Flat(Prior):
    """Constant density on the line (or above zero); improper."""

    kind: ClassVar[str] = "flat"

    @staticmethod
    def logp(x: Any) -> Any:
        """Return zero."""
        return 0.0 * x


@dataclass(frozen=True)
class LogFlat(Prior):
    """Density proportional to 1/x above zero, flat in the logarithm; improper."""

    kind: ClassVar[str] = "log_flat"
    positive: ClassVar[bool] = True

    @staticmethod
    def logp(x: Any) -> Any:
        """Return minus the logarithm of ``x``."""
        return -np.log(x)


KINDS: dict[str, type[Prior]] = {
    prior.kind: prior for prior in (Normal, HalfNormal, HalfCauchy, Uniform, LogNormal, Flat, LogFlat)
}


def parse_prior(node: object) -> Prior:
    """Read a prior as an analysis file writes it: ``flat``, ``{half_normal: 0.5 sd}`` or ``{normal: [0, 1 sd]}``.

    Raises
    ------
    PriorError
        If the kind is unknown or the numbers do not fit it.

    Examples
    --------
    >>> parse_prior({"half_normal": "0.5 sd"})
    HalfNormal(sd=Sd(times=0.5))
    """
    if isinstance(node, str):
        node = {node: []}
    if not isinstance(node, dict) or len(node) != 1:
        raise PriorError("a prior is one kind with its numbers, for example {half_normal: 0.5 sd}.")
    kind, values = next(iter(node.items()))
    if kind not in KINDS:
        raise PriorError(f"prior {str(kind)!r} is unknown. Known: {', '.join(KINDS)}.")
    listed: Sequence[object] = values if isinstance(values, list | tuple) else [values]
    names = [field.name for field in fields(KINDS[kind])]
    if len(listed) != len(names):
        raise PriorError(f"prior '{kind}' takes {', '.join(names) or 'no number'}: {len(listed)} given.")
    return KINDS[kind](*(_number(value, kind) for value in listed))


def _number(value: object, kind: object) -> Number:
    text = str(value).strip()
    scaled = text.endswith("sd")
    try:
        number = float(text.removesuffix("sd"))
    except ValueError:
        raise PriorError(
            f"{text!r} in prior '{kind}' is not a number; write 2, or '0.5 sd' for baseline SDs."
        ) from None
    return Sd(number) if scaled else number


def _check(prior: Prior) -> None:
    numbers = dict(zip((f.name for f in fields(prior)), prior.numbers(1.0), strict=True))
    if not np.isfinite(list(numbers.values())).all():
        raise PriorError(f"the numbers of {prior} must be finite.")
    if any(numbers.get(name, 1.0) <= 0 for name in ("sd", "scale", "sigma", "median")):
        raise PriorError(f"the numbers of {prior} must be above zero.")
    if "lower" in numbers and not numbers["lower"] < numbers["upper"]:
        raise PriorError(f"the bounds of {prior} must be in ascending order.")
    if isinstance(getattr(prior, "sigma", None), Sd):
        raise PriorError(f"sigma of {prior} is on the log scale: write a number without sd.")
