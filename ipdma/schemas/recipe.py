"""What a recipe says: how the raw files of one trial, or one stacked file of many, map to the common tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Scalar = str | int | float | bool | None
Status = Literal["complete", "partial", "impossible"]
ROW_NUMBER = "row_number"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Which codes of a column keep a row; ``not`` keeps all others, a missing value among them."""

    kind: Literal["codes", "not", "present", "missing"]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Join:
    """Columns of another source, one row a participant there, put beside a source's rows by id.

    ``columns`` holds the name here and the name there; ``unmatched`` says what a row without partner is.
    """

    source: str
    columns: Mapping[str, str]
    unmatched: Literal["error", "missing"] = "error"
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Duplicates:
    """Which of several rows with the same id (and ``by``) counts, and why; ``order``: the column that decides.

    ``date_format`` reads the days in ``order``; without it they are numbers.
    """

    by: tuple[str, ...]
    keep: Literal["first", "last", "identical"]
    why: str
    order: str | None = None
    date_format: str | None = None
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Source:
    """One reading of a raw file: which rows, and which columns name the participant.

    Parameters
    ----------
    name, file, reader, options
        Its name in the recipe, the file under the raw folder, how it is read.
    id
        Columns that make the participant's id, joined by ``-``; ``("row_number",)``: the row's number in the file;
        empty for a file without participants.
    expect_rows
        Rows the file must hold, before ``where``.
    where
        Which rows to keep, by column.
    joins
        Columns it takes from other sources.
    duplicates
        What to do about rows of the same key; ``None``: they are an error.
    line
        Where the recipe says so.
    """

    name: str
    file: str
    reader: str
    options: Mapping[str, Scalar | tuple[int, ...]] = field(default_factory=dict)
    id: tuple[str, ...] = ()
    expect_rows: int | None = None
    where: Mapping[str, Condition] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()
    duplicates: Duplicates | None = None
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class MissingCode:
    """A code that stands for a missing value, its reason, and the columns (patterns) and source it holds for."""

    code: str
    reason: str
    columns: tuple[str, ...]
    source: str | None = None
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class StackedTrial:
    """The column of a stacked file that tells the trials apart; ``codes`` maps raw codes to the trials' codes."""

    column: str
    codes: Mapping[str, str] | None = None
    label: str | None = None
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One step of a column's ``do`` list; the argument is checked when the recipe is read."""

    name: str
    argument: object = None
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class UnitColumn:
    """A raw column that says each row's unit; ``units`` maps its codes to UCUM units."""

    column: str
    units: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ColumnRule:
    """Where one column of a common table comes from.

    ``kind`` tells how ``value`` is meant: the name of a raw column, a constant, an expression, or nothing where the
    trial cannot give the column (status ``impossible``). ``first_of`` and ``paste`` take several raw ``columns``.
    """

    column: str
    kind: Literal["from", "const", "calc", "first_of", "paste", "nothing"]
    value: Scalar = None
    columns: tuple[str, ...] = ()
    do: tuple[Operation, ...] = ()
    status: Status = "complete"
    why: str = ""
    unit: str | UnitColumn = ""
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class RowsFrom:
    """As many rows as a raw column says, numbered from 1 in the key ``over``."""

    count: str
    over: str
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Since:
    """From which raw column on time is counted, and the format of the days in it, or several."""

    since: str
    date_format: str | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Long:
    """A wide file made long: ``over`` names the new key, ``values`` its values and the token in raw column names."""

    over: str
    values: Mapping[str, str]
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class ScoreRule:
    """A score computed from items; ``items`` holds a template of raw columns for each item set (``""``: the only)."""

    scale: str
    score: str | None
    rater: str | None
    items: Mapping[str, str]
    visit: ColumnRule | None = None
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class ReportedRule:
    """A score as the file reports it."""

    scale: str
    score: str | None
    rater: str | None
    value: ColumnRule
    visit: ColumnRule | None = None
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a common table written in the recipe itself."""

    values: Mapping[str, Scalar]
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Block:
    """What fills a common table, or a part of it: rows written out, or the columns made from one source."""

    table: str
    source: str | None = None
    rows: tuple[Row, ...] = ()
    columns: tuple[ColumnRule, ...] = ()
    long: Long | None = None
    rows_from: RowsFrom | None = None
    where: Mapping[str, Condition] = field(default_factory=dict)
    score: ScoreRule | None = None
    reported: ReportedRule | None = None
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A whole recipe; ``name`` is its file's name and ``trial`` a code, or how a stacked file tells trials apart."""

    name: str
    schema: str
    trial: str | StackedTrial
    sources: Mapping[str, Source]
    blocks: tuple[Block, ...]
    missing_codes: tuple[MissingCode, ...] = ()
    declared_missing: Literal["must_be_listed", "all_missing"] = "must_be_listed"
    trial_line: int = 0
