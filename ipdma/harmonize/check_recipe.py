"""A recipe against the schema, the scales and the headers of its files: what can be said before any row is touched."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ipdma._yaml import did_you_mean
from ipdma.errors import ExpressionError, QuantityError
from ipdma.harmonize.check_headers import check_headers
from ipdma.harmonize.expression import parse_expression
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.reads import keyed_gaps, rules_of
from ipdma.schemas.quantity import Quantity
from ipdma.schemas.recipe import Block, ColumnRule, Recipe, UnitColumn
from ipdma.schemas.scale import Scale
from ipdma.schemas.tables import Table
from ipdma.schemas.template import fill_template

_ALWAYS = ("trial", "participant_id")
_WHOSE = ("trial", "participant_id")
_BY_SCORE = ("instrument", "score", "rater", "visit", "value", "value_source")


def check_recipe(
    recipe: Recipe, raws: Mapping[str, RawTable], schema: Mapping[str, Table], scales: Mapping[str, Scale]
) -> list[Finding]:
    """Return what is wrong between a recipe and the tables, instruments and files it names.

    Parameters
    ----------
    raws
        The raw table of each source that could be read.
    schema
        The common tables.
    scales
        The instruments.
    """
    findings = [
        *(finding for block in recipe.blocks for finding in _check_block(block, recipe, schema, scales)),
        *check_headers(recipe, raws, scales),
    ]
    trial = recipe.trial if isinstance(recipe.trial, str) else ""
    return [replace(finding, recipe=recipe.name, trial=trial) for finding in findings]


def _check_block(
    block: Block, recipe: Recipe, schema: Mapping[str, Table], scales: Mapping[str, Scale]
) -> Iterator[Finding]:
    table = schema.get(block.table)
    if table is None:
        message = f"no table '{block.table}'{did_you_mean(block.table, schema)}"
        yield Finding(code="unknown_table", message=message, line=block.line)
        return
    yield from _check_columns(block, table)
    yield from _check_required(block, table)
    yield from _check_score(block, scales)
    yield from _check_calc(block)
    yield from _check_units(block, table)
    source = recipe.sources.get(block.source or "")
    if source is not None and not source.id and "participant_id" in table.columns:
        message = f"source '{source.name}' names no 'id', so nobody could tell whose rows these are. Add it."
        yield Finding(code="no_id", message=message, table=block.table, line=source.line)


def _check_columns(block: Block, table: Table) -> Iterator[Finding]:
    named = [(rule.column, rule.line) for rule in block.columns]
    named += [(name, row.line) for row in block.rows for name in row.values]
    named += [(made.over, made.line) for made in (block.long, block.rows_from) if made is not None]
    for name, line in dict(named).items():
        if name not in table.columns:
            message = f"table '{table.name}' has no column '{name}'{did_you_mean(name, table.columns)}"
            yield Finding(code="unknown_target", message=message, table=table.name, column=name, line=line)
    if block.rows_from is not None and block.rows_from.over in _WHOSE:
        message = (
            f"'rows_from' numbers rows of one participant, so it cannot fill '{block.rows_from.over}'. A file that "
            "counts people by group holds no participants: ask for their rows, or fill the table 'estimates'."
        )
        yield Finding(code="rows_from_people", message=message, table=table.name, line=block.rows_from.line)
    if block.score is not None or block.reported is not None:
        if table.name != "assessments":
            message = f"scores go into the table 'assessments', not '{table.name}'."
            yield Finding(code="score_elsewhere", message=message, table=table.name, line=block.line)
        for rule in block.columns:
            if rule.column in _BY_SCORE:
                message = f"'{rule.column}' is said twice: here and by the score."
                yield Finding(code="said_twice", message=message, table=table.name, column=rule.column, line=rule.line)


def _check_required(block: Block, table: Table) -> Iterator[Finding]:
    filled = {*_ALWAYS, *(rule.column for rule in block.columns)}
    filled |= {made.over for made in (block.long, block.rows_from) if made is not None}
    filled |= set(_BY_SCORE) if block.score is not None or block.reported is not None else set()
    needed = [name for name, column in table.columns.items() if column.required]
    for line, present in [(row.line, {*_ALWAYS, *row.values}) for row in block.rows] or [(block.line, filled)]:
        absent = [name for name in needed if name not in present]
        if absent:
            message = f"table '{table.name}' needs {', '.join(absent)}. Add what fills it."
            yield Finding(code="required_column", message=message, table=table.name, column=absent[0], line=line)


def _check_score(block: Block, scales: Mapping[str, Scale]) -> Iterator[Finding]:
    given = block.score or block.reported
    if given is None:
        return
    message = ""
    if given.scale not in scales:
        message = f"no scale '{given.scale}'{did_you_mean(given.scale, scales)}"
    elif given.score is not None and given.score not in scales[given.scale].scores:
        known = scales[given.scale].scores
        message = f"scale '{given.scale}' has no score '{given.score}'{did_you_mean(given.score, known)}"
    elif block.score is not None:
        message = _items_problem(block.score.items, scales[given.scale], given.score)
    if message:
        yield Finding(code="unknown_score", message=message, table=block.table, column="value", line=given.line)


def _items_problem(items: Mapping[str, str], scale: Scale, name: str | None) -> str:
    score = scale.scores[name or scale.primary]
    if not score.sets:
        return f"score '{score.name}' of '{scale.code}' is not made from items; use 'reported'."
    if set(items) == {""}:
        return "" if len(score.sets) == 1 else f"'items' must name the sets {', '.join(score.sets)}."
    unknown = [key for key in items if key not in score.sets]
    if unknown:
        return f"score '{score.name}' has no item set '{unknown[0]}'{did_you_mean(unknown[0], score.sets)}"
    absent = [key for key in score.sets if key not in items]
    return f"'items' lacks the set '{absent[0]}'." if absent else ""


def _check_calc(block: Block) -> Iterator[Finding]:
    for rule in rules_of(block):
        if rule.kind != "calc":
            continue
        try:
            parse_expression(fill_template(str(rule.value), keyed_gaps(block)[0][1]))
        except ExpressionError as error:
            yield Finding(
                code="bad_expression", message=str(error), table=block.table, column=rule.column, line=rule.line
            )


def _check_units(block: Block, table: Table) -> Iterator[Finding]:
    """A number whose unit has a column of its own needs its unit said; a unit must fit that of the schema."""
    filled = {rule.column for rule in block.columns}
    for rule in block.columns:
        unit_column = f"{rule.column}_unit"
        message = ""
        if unit_column in table.columns:
            if not rule.unit and unit_column not in filled and rule.kind != "nothing":
                message = f"'{rule.column}' has no unit. Add 'unit: mg' (UCUM), or fill '{unit_column}'."
        elif rule.unit and rule.column in table.columns:
            unit = next(iter(rule.unit.units.values()), "") if isinstance(rule.unit, UnitColumn) else rule.unit
            message = _unit_problem(unit, table.columns[rule.column].unit)
        message = message or _step_problem(rule, table)
        if message:
            yield Finding(code="unit", message=message, table=block.table, column=rule.column, line=rule.line)


def _step_problem(rule: ColumnRule, table: Table) -> str:
    """Return what is wrong where the last step that gives a unit gives another than the column is said to have."""
    given = [step for step in rule.do if step.name in ("quantity", "unit")]
    column = table.columns.get(rule.column)
    said = rule.unit or (column.unit if column is not None else "")
    if not given or not isinstance(said, str) or said in ("", "1"):
        return ""
    step = given[-1]
    unit = str(step.argument[1] if isinstance(step.argument, tuple) else step.argument)
    if _unit_problem(unit, said) or Quantity(1.0, unit).to(said) != 1.0:
        which = f"unit: {said}" if rule.unit else f"'{rule.column}' is in {said}"
        return f"the step '{step.name}' gives {unit}, but {which}. Let the step give {said}."
    return ""


def _unit_problem(unit: str, wanted: str) -> str:
    try:
        Quantity.parse(f"1 {unit}").to(wanted)
    except QuantityError as error:
        return str(error)
    return ""
