"""What a scale file says of one instrument."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["higher_is_worse", "higher_is_better"]


@dataclass(frozen=True, kw_only=True)
class ItemSet:
    """Items of one kind: ``number`` items, numbered from ``first``, on ``minimum`` to ``maximum``.

    ``reversed`` lists item numbers; ``ranges`` gives (minimum, maximum) of single items rated on another range.
    """

    number: int
    minimum: float
    maximum: float
    reversed: tuple[int, ...] = ()
    first: int = 1
    ranges: Mapping[int, tuple[float, float]] = field(default_factory=dict)

    @property
    def item_numbers(self) -> tuple[int, ...]:
        """Numbers of the items as the instrument counts them; what ``{i}`` of a recipe's template stands for."""
        return tuple(range(self.first, self.first + self.number))

    def range_of(self, item: int) -> tuple[float, float]:
        """Return (minimum, maximum) of one item."""
        return self.ranges.get(item, (self.minimum, self.maximum))


@dataclass(frozen=True, kw_only=True)
class MissingItems:
    """What happens when items are missing, for each set a score uses: rule ``complete``, ``prorate`` or ``at_most``.

    ``prorate`` with ``limit`` 0.2: up to 20 % of a set's items may be missing and the sum is scaled up;
    ``at_most`` with ``limit`` 2: up to two may be missing. ``source`` says where the rule comes from.
    """

    rule: Literal["complete", "prorate", "at_most"]
    limit: float = 0.0
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Score:
    """One score of an instrument: ``how`` it is built from which item sets, its range and its missing-item rule."""

    name: str
    how: Literal["sum", "mean", "max", "difference"]
    sets: tuple[str, ...]
    minimum: float
    maximum: float
    missing_items: MissingItems
    unit: str = "points"


@dataclass(frozen=True, kw_only=True)
class Scale:
    """One instrument and version.

    Parameters
    ----------
    code, name
        The code used in recipes and tables (lower case), and the full name.
    constructs
        What it measures, for example ``("symptom_severity",)``; an analysis may ask for a construct.
    direction
        Whether a higher score is worse or better.
    sets, scores
        Item sets by name and scores by name; ``primary`` names the score an analysis takes unless it says otherwise.
    references
        Sources of the numbers; ``verified`` says whether they were checked against one.
    """

    code: str
    name: str
    constructs: tuple[str, ...]
    direction: Direction
    scores: Mapping[str, Score]
    primary: str
    sets: Mapping[str, ItemSet] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    verified: bool = False
