"""What a design file says of one trial: arms, visits, instrument, participants and the raw files they end up in."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Phase = Literal["baseline", "mid", "post", "followup"]
Format = Literal["csv", "spss", "stata", "excel"]
Rows = Literal["participant", "visit", "session"]


@dataclass(frozen=True, kw_only=True)
class ArmDesign:
    """One arm: how many are randomized and, where it is active, its planned dosing (dose in ``dose_unit``).

    ``between`` gives the range of a measure in this arm, by the measure's name: a dose by body weight.
    """

    arm: str
    treatment: str
    n: int
    dose: float | None = None
    dose_unit: str = ""
    number_of_doses: float | None = None
    timing_min: float | None = None
    between: Mapping[str, tuple[float, float]] = field(default_factory=dict)

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
class MeasureDesign:
    """A number that each participant has, such as body weight: normal within its limits, one decimal."""

    mean: float
    sd: float
    minimum: float
    maximum: float


@dataclass(frozen=True, kw_only=True)
class PeopleDesign:
    """Who is randomized: age in years (mean, SD, youngest, oldest), share of women, shares of yes/no columns.

    ``measures`` are further numbers by name; ``randomized`` the first and the last day anybody was randomized.
    """

    id: str
    age_mean: float
    age_sd: float
    age_minimum: float
    age_maximum: float
    female_share: float
    yes_shares: Mapping[str, float] = field(default_factory=dict)
    measures: Mapping[str, MeasureDesign] = field(default_factory=dict)
    randomized: tuple[datetime.date, datetime.date] | None = None


@dataclass(frozen=True, kw_only=True)
class ColumnLayout:
    """One raw column, or one for each item, visit or session its name has a gap for.

    Parameters
    ----------
    name, label, labels
        Its name (with gaps ``{i}``, ``{visit}``, ``{session}``), its label and the value labels of its codes.
    holds
        What it holds: a column of the participants (``participant_id``, ``arm``, ``age_years``, ``sex``, a yes/no
        column, a measure, ``randomized_on``), ``trial``, ``visit``, ``visit_date``, ``session``, ``items`` (of
        ``set``), ``subtotal`` (of ``set``), ``total``, ``pill`` and ``start`` (clock times), ``sessions_attended`` or
        ``text`` (the same remark in every row).
    codes
        Raw codes by value.
    format
        How days are written, as in ``%d/%m/%Y``.
    divide_by
        A number that totals are divided by: the number of items where a center reports means.
    only_at
        The visit in whose rows the column is filled (in a long file, who a participant is stands often once).
    """

    name: str
    holds: str
    set: str = ""
    codes: Mapping[str, str | int] = field(default_factory=dict)
    labels: Mapping[int, str] = field(default_factory=dict)
    label: str = ""
    text: str = ""
    format: str = ""
    divide_by: float = 1.0
    only_at: str = ""


@dataclass(frozen=True, kw_only=True)
class TypingError:
    """A number that was typed wrong: that of the n-th participant in a column, ``times`` too large."""

    participant: int
    column: str
    times: float


@dataclass(frozen=True, kw_only=True)
class FileLayout:
    """One raw file, or one sheet of a workbook: its format, what a row is, how visits are called and its columns.

    Layouts of one ``file`` (and ``sheet``) stand under each other in it: trials that share a file.

    Parameters
    ----------
    file, format, sheet, title_rows
        Its name and format; an Excel sheet's name and the rows above its header row.
    rows
        What a row is. A visit that a person missed is empty cells in a wide file, and no row in a long one.
    visits
        What each visit is called in names of columns, or in the column that holds the visit.
    not_answered, missed
        The codes of an item left out, and of the total of a missed visit (declared as user-missing where the format
        can); without them the cell is empty.
    delimiter, decimal, encoding
        How a csv file is written; by default as a German Excel does it.
    exported_twice
        Participants (first is 1) whose rows stand once more at the end.
    typing_errors
        Numbers typed wrong, for which there are corrections.
    """

    file: str
    format: Format
    rows: Rows
    columns: tuple[ColumnLayout, ...]
    visits: Mapping[str, str | int] = field(default_factory=dict)
    not_answered: int | None = None
    missed: int | None = None
    sheet: str = ""
    title_rows: tuple[str, ...] = ()
    delimiter: str = ";"
    decimal: str = ","
    encoding: str = "cp1252"
    exported_twice: tuple[int, ...] = ()
    typing_errors: tuple[TypingError, ...] = ()


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
