"""Which line of which recipe fills each column of the common tables, and what happened on the way."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.reads import rules_of
from ipdma.harmonize.table_text import text_from_frame
from ipdma.schemas.recipe import Block, ColumnRule, Operation, Recipe, Since, UnitColumn
from ipdma.schemas.scale import Scale

_COLUMNS = {"recipe": "string", "block": "Int64", "table": "string", "column": "string", "line": "Int64",
            "source": "string", "file": "string", "reads": "string", "steps": "string"}  # fmt: skip


def write_lineage(consortium: Consortium, folder: Path) -> None:
    """Write ``rules.csv``, ``events.csv`` and ``origin.csv``: which line and which row of a file gave each value.

    Neither holds a participant's value, but rows of files belong to participants: the folder is private.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("rules", "events", "origin"):
        (folder / f"{name}.csv").write_bytes(text_from_frame(getattr(consortium, name), name=name))


def rule_table(recipes: Sequence[Recipe], scales: Mapping[str, Scale]) -> pd.DataFrame:
    """Return what fills each column: recipe, block (from 0), table, column, line, source, file, reads, steps."""
    rows = [
        (recipe.name, number, block.table, *line)
        for recipe in recipes
        for number, block in enumerate(recipe.blocks)
        for line in _lines(recipe, block, scales)
    ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    return frame.mask(frame == "", pd.NA)


def _lines(recipe: Recipe, block: Block, scales: Mapping[str, Scale]) -> Iterator[tuple[str, int, str, str, str, str]]:
    if block.source is None:
        first = {name: row.line for row in reversed(block.rows) for name in row.values}
        for name in sorted(first):
            yield name, first[name], "recipe", recipe.name, "", "written in the recipe"
        return
    file = recipe.sources[block.source].file
    for rule in rules_of(block):
        yield rule.column, rule.line, block.source, file, origin_text(rule), steps_text(rule)
    if block.score is not None:
        score = block.score.score or (scales[block.score.scale].primary if block.score.scale in scales else "")
        reads = ", ".join(f"{name} {template}".strip() for name, template in block.score.items.items())
        yield "value", block.score.line, block.source, file, reads, f"score {block.score.scale} {score}"
    if block.long is not None:
        yield block.long.over, block.long.line, block.source, file, "", "one row for each value of long"
    if block.rows_from is not None:
        made = block.rows_from
        yield made.over, made.line, block.source, file, made.count, "numbered from 1"


def origin_text(rule: ColumnRule) -> str:
    """Return what a rule starts from, as the recipe says it."""
    if rule.kind == "nothing":
        return ""
    return f"{rule.kind} {', '.join(rule.columns) if rule.columns else rule.value}"


def steps_text(rule: ColumnRule) -> str:
    """Return a rule's steps, as the recipe says them."""
    parts = [step_text(step) for step in rule.do]
    if isinstance(rule.unit, UnitColumn):
        parts.append(f"unit from {rule.unit.column}")
    elif rule.unit:
        parts.append(f"unit {rule.unit}")
    return "; ".join(parts)


def step_text(step: Operation) -> str:
    """Return one step with its argument."""
    given = step.argument
    if given is None:
        return step.name
    if isinstance(given, Since):
        formats = given.date_format if isinstance(given.date_format, tuple) else (given.date_format,)
        return f"{step.name} since {given.since} ({' or '.join(formats)})"
    if isinstance(given, Mapping):
        return f"{step.name} " + ", ".join(f"{code}: {value}" for code, value in given.items())
    if not isinstance(given, tuple):
        return f"{step.name} {given}"
    if step.name in ("reverse", "unit"):  # from and to
        return f"{step.name} " + " to ".join(f"{end:g}" if isinstance(end, float) else str(end) for end in given)
    return f"{step.name} {' or '.join(map(str, given))}"
