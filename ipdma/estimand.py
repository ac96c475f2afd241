"""What is asked, before any design: population, contrast, outcome, metric, visit, reference profile."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from ipdma.errors import DesignError
from ipdma.schemas.quantity import Quantity
from ipdma.schemas.scale import Direction

Metric = Literal["pomp", "raw", "baseline_sd", "rank"]
Value = Quantity | str  # a number with its unit, or a category
Profile = Mapping[str, Value]  # numbers and texts such as "50 mg" are read as quantities


@dataclass(frozen=True, kw_only=True)
class ProfileContrast:
    """The difference in effect between two dosing profiles; variables left out stand at the reference."""

    name: str
    a: Profile
    b: Profile

    def __post_init__(self) -> None:
        """Read ``5`` or ``"50 mg"`` as quantities."""
        for side in ("a", "b"):
            profile = {name: as_value(value) for name, value in getattr(self, side).items()}
            object.__setattr__(self, side, profile)


@dataclass(frozen=True, kw_only=True)
class Coding:
    """What one unit of a modifier is: a step of a number, or a category against a reference.

    Parameters
    ----------
    per
        The step of a number for which the change of the effect is told: 10 of age in years is "per ten years".
    reference
        The category that the others are compared with; default the first in the order of the schema.

    Raises
    ------
    DesignError
        If ``per`` is not above zero.

    Examples
    --------
    >>> Coding(per=10).per
    10
    """

    per: float = 1.0
    reference: str | None = None

    def __post_init__(self) -> None:
        """Refuse a step that leads nowhere or backwards."""
        if not 0 < self.per < float("inf"):
            raise DesignError(f"a modifier is told per step above zero, not per {self.per:g}.")


@dataclass(frozen=True, kw_only=True)
class Estimand:
    """The question of an analysis (ICH E9(R1)): population, treatment contrast, outcome, and their summary.

    Parameters
    ----------
    outcome
        A construct named in scale files (``"symptom_severity"``) or the code of an instrument.
    visit
        A visit's code, or a phase (``"post"``).
    treatment, control
        Values of ``arms.treatment``; other arms are set aside and counted.
    metric
        ``"pomp"``: percent of maximum possible, 0 to 100, reversed where higher is better, so that higher is
        always worse; ``"raw"``: the instrument's points; ``"baseline_sd"``: points over the pooled baseline SD;
        ``"rank"``: 0 to 100 by the order of values within trial and visit.
    score, rater, prefer
        Which score and rater to take, and which instruments first, where a trial offers several.
    unit, direction
        Needed where no scale file says them (given estimates).
    include
        A safe expression over participants and trials columns; empty: everybody randomized.
    reference
        The dosing profile at which ``effect`` is read, by variable; default the median of treated participants.
    moves
        For each shift variable the move whose effect is its parameter, as (from, to).
    contrasts
        Stated contrasts of two profiles.
    coding
        What one unit of a modifier is, by modifier; default one unit of its column, or each category against the first.
    missing_covariates
        ``"error"``: a participant with an outcome but without baseline or covariate stops the analysis;
        ``"complete_case"``: such participants are left out and counted.
    minimal_important_difference
        In outcome units; empty: P(benefit beyond it) is not reported.

    Examples
    --------
    >>> Estimand(outcome="symptom_severity", visit="post", treatment="drug", control="placebo").metric
    'pomp'
    """

    outcome: str
    visit: str
    treatment: str
    control: str
    metric: Metric = "pomp"
    score: str | None = None
    rater: str | None = None
    prefer: tuple[str, ...] = ()
    unit: str | None = None
    direction: Direction | None = None
    include: str | None = None
    reference: Profile = field(default_factory=dict)
    moves: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)
    contrasts: tuple[ProfileContrast, ...] = ()
    coding: Mapping[str, Coding] = field(default_factory=dict)
    missing_covariates: Literal["error", "complete_case"] = "error"
    minimal_important_difference: float | None = None
    population: Literal["all_randomized"] = "all_randomized"
    intercurrent_events: Mapping[str, Literal["treatment_policy"]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read ``5`` or ``"50 mg"`` as quantities, and ``{"per": 10}`` as a coding, as the analysis file does."""
        if self.metric not in get_args(Metric):
            raise DesignError(f"there is no metric {self.metric!r}. There are: {', '.join(get_args(Metric))}.")
        reference = {name: as_value(value) for name, value in self.reference.items()}
        moves = {name: (as_value(start), as_value(end)) for name, (start, end) in self.moves.items()}
        coding = {name: one if isinstance(one, Coding) else Coding(**one) for name, one in self.coding.items()}
        object.__setattr__(self, "coding", coding)
        object.__setattr__(self, "reference", reference)
        object.__setattr__(self, "moves", moves)


def as_value(value: Quantity | float | str) -> Value:
    """Return a number or a text such as ``"50 mg"`` as a quantity; a text that begins with no number is a category.

    Raises
    ------
    QuantityError
        If a text begins like a number and is none with a known unit.

    Examples
    --------
    >>> as_value("50 mg"), as_value("low")
    (Quantity(value=50.0, unit='mg'), 'low')
    """
    if isinstance(value, str) and not re.match(r"\s*[-+.]?\d", value):
        return value.strip()
    return value if isinstance(value, Quantity) else Quantity.parse(value)
