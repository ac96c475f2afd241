"""What a design file says of one trial: arms, visits, instrument, participants and the raw files they end up in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Phase = Literal["baseline", "mid", "post", "followup"]
Format = Literal["csv", "spss", "stata", "excel"]


@dataclass(frozen=True, kw_only=True)
class ArmDesign:
    """One arm: how many are randomized and, where it is active, its planned dosing (dose in ``dose_unit``)."""

    arm: str
    treatment: str
    n: int
    dose: float | None = None
    dose_unit: str = ""
    number_of_doses: float | None = None
    timing_min: float | None = None

    @property
    def active(self) -> bool:
        """Whether the arm gets the drug: it has a dose."""
        return self.dose is not None


@dataclass(frozen=True, kw_only=True)
class VisitDesign:
    """One visit: weeks since randomization, and how many doses are planned before it (None: all of the arm's)."""

    visit: str
    phase: Phase
    week: float
    doses_before: float | None = None


@dataclass(frozen=True, kw_only=True)
class PeopleDesign:
    """Who is randomized: age in years (mean, SD, youngest, oldest), share of women, shares of yes/no columns."""

    id: str
    age_mean: float
    age_sd: float
    age_minimum: float
    age_maximum: float
    female_share: float
    yes_shares: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ColumnLayout:
    """One raw column, or one for each item, visit or session its name has a gap for.

    ``holds`` says what: ``participant_id``, ``arm``, ``age_years``, ``sex``, a yes/no column, ``visit``, ``items`` (of
    ``set``), ``total``, ``pill`` and ``start`` (clock times) or ``text`` (the same remark in every row).
    ``codes`` are the raw codes by value, ``labels`` their value labels.
    """

    name: str
    holds: str
    set: str = ""
    codes: Mapping[str, str | int] = field(default_factory=dict)
    labels: Mapping[int, str] = field(default_factory=dict)
    label: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class FileLayout:
    """One raw file: its format, what a row is, how visits are called in it and its columns.

    ``not_answered`` is the code of an item left out (declared as user-missing where the format can); without it the
    cell is empty. A visit that a person missed is empty cells in a wide file, and no row in a long one.
    ``title_rows`` stand above the header row of an Excel sheet.
    """

    file: str
    format: Format
    rows: Literal["participant", "visit"]
    columns: tuple[ColumnLayout, ...]
    visits: Mapping[str, str | int] = field(default_factory=dict)
    not_answered: int | None = None
    sheet: str = ""
    title_rows: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TrialDesign:
    """One trial to be simulated.

    ``sources`` tells for each field of the file, by its place (``arms[2].dose``), its source or its ``filled`` rule.
    """

    trial: str
    arms: tuple[ArmDesign, ...]
    visits: tuple[VisitDesign, ...]
    instrument: str
    people: PeopleDesign
    files: tuple[FileLayout, ...]
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def number_of_doses(self) -> float:
        """The largest planned number of doses; control arms get as many placebos."""
        return max(arm.number_of_doses or 0.0 for arm in self.arms)

    @property
    def timing_min(self) -> float:
        """Minutes from pill to session in all arms: a control arm takes its pill when active arms do."""
        return next((arm.timing_min for arm in self.arms if arm.timing_min is not None), 0.0)
