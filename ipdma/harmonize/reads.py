"""Which raw columns a recipe reads, and on which line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ipdma.errors import ExpressionError
from ipdma.harmonize.column_origin import raw_columns
from ipdma.harmonize.fill_score import item_columns
from ipdma.schemas.recipe import ROW_NUMBER, Block, ColumnRule, Recipe, Since, Source, StackedTrial, UnitColumn
from ipdma.schemas.scale import Scale
from ipdma.schemas.template import fill_template


@dataclass(frozen=True, kw_only=True)
class Read:
    """A raw column that a line of a recipe reads, and the column of a common table it is for.

    ``block`` is the number of the recipe's block, and ``key`` the value of ``long`` that the column belongs to.
    """

    source: str
    column: str
    line: int
    table: str = ""
    target: str = ""
    block: int = -1
    label_map: tuple[str, ...] = ()
    key: str = ""


def reads(recipe: Recipe, scales: Mapping[str, Scale]) -> Iterator[Read]:
    """Yield every raw column the recipe reads; scores of unknown scales and wrong expressions are passed over."""
    beside = join_only(recipe)
    for source in recipe.sources.values():
        yield from _source_reads(source, "" if source.name in beside else recipe.trial)
    for number, block in enumerate(recipe.blocks):
        for key, gaps in keyed_gaps(block):
            for read in _block_reads(block, gaps, scales):
                yield replace(read, block=number, key=key)


def join_only(recipe: Recipe) -> set[str]:
    """Return sources whose rows no block fills a table from: others only take columns from them."""
    joined = {join.source for source in recipe.sources.values() for join in source.joins}
    return joined - {block.source for block in recipe.blocks}


def _source_reads(source: Source, trial: str | StackedTrial) -> Iterator[Read]:
    rule = source.duplicates
    named = [(column, source.line) for column in (*source.id, *source.where, *_trial_columns(trial))]
    if rule is not None:
        named += [(column, rule.line) for column in (*rule.by, rule.order) if column is not None]
    for column, line in named:
        if column != ROW_NUMBER:
            yield Read(source=source.name, column=column, line=line)
    for join in source.joins:
        for column in join.columns.values():
            yield Read(source=join.source, column=column, line=join.line)


def keyed_gaps(block: Block) -> list[tuple[str, dict[str, str]]]:
    """Return each value of ``long`` and what fills the gaps of the block's templates for it; one without ``long``."""
    if block.long is None:
        return [("", {})]
    return [(key, {block.long.over: token}) for key, token in block.long.values.items()]


def columns_by_source(recipe: Recipe, scales: Mapping[str, Scale]) -> dict[str, tuple[str, ...]]:
    """Return the raw columns of each source that the recipe reads, each once; those that joins take included."""
    found: dict[str, dict[str, None]] = {name: {} for name in recipe.sources}
    for read in reads(recipe, scales):
        found.get(read.source, {})[read.column] = None
    return {name: tuple(columns) for name, columns in found.items()}


def _trial_columns(trial: str | StackedTrial) -> tuple[str, ...]:
    if isinstance(trial, str):
        return ()
    return (trial.column,) if trial.label is None else (trial.column, trial.label)


def _block_reads(block: Block, gaps: Mapping[str, str], scales: Mapping[str, Scale]) -> Iterator[Read]:
    source = block.source or ""
    for column in block.where:
        yield Read(source=source, column=fill_template(column, gaps), line=block.line, table=block.table)
    if block.rows_from is not None:
        count, over = block.rows_from.count, block.rows_from.over
        yield Read(source=source, column=count, line=block.rows_from.line, table=block.table, target=over)
    for rule in rules_of(block):
        for column in _rule_columns(rule, gaps):
            yield Read(
                source=source,
                column=column,
                line=rule.line,
                table=block.table,
                target=rule.column,
                label_map=_labels_mapped(rule),
            )
    score = block.score
    if score is not None and score_is_known(block, scales):
        for columns in item_columns(score, scales[score.scale], gaps).values():
            for column in columns:
                yield Read(source=source, column=column, line=score.line, table=block.table, target="value")


def score_is_known(block: Block, scales: Mapping[str, Scale]) -> bool:
    """Return whether a block's scale, its score and the items' sets exist."""
    given = block.score or block.reported
    if given is None or given.scale not in scales:
        return False
    scale = scales[given.scale]
    score = scale.scores.get(given.score or scale.primary)
    if score is None or block.score is None:
        return score is not None
    named = set(block.score.items)
    return bool(score.sets) and (named == {""} or set(score.sets) <= named)


def rules_of(block: Block) -> list[ColumnRule]:
    """Return all rules of single columns that a block holds, those of its score among them."""
    rules = list(block.columns)
    for given in (block.score, block.reported):
        if given is not None and given.visit is not None:
            rules.append(given.visit)
    return rules if block.reported is None else [*rules, block.reported.value]


def _labels_mapped(rule: ColumnRule) -> tuple[str, ...]:
    first = rule.do[0] if rule.do else None
    if first is None or first.name != "map_label" or not isinstance(first.argument, dict):
        return ()
    return tuple(map(str, first.argument))


def _rule_columns(rule: ColumnRule, gaps: Mapping[str, str]) -> tuple[str, ...]:
    try:
        columns = raw_columns(rule, gaps)
    except ExpressionError:
        columns = ()  # said by the check of the recipe
    beside = [step.argument.since for step in rule.do if isinstance(step.argument, Since)]
    beside += [rule.unit.column] if isinstance(rule.unit, UnitColumn) else []
    return (*columns, *(fill_template(name, gaps) for name in beside))
