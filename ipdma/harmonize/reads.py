"""Which raw columns a recipe reads, and on which line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ipdma.errors import ExpressionError
from ipdma.harmonize.expression import parse_expression
from ipdma.harmonize.fill_score import item_columns
from ipdma.schemas.recipe import ROW_NUMBER, Block, ColumnRule, Recipe, StackedTrial
from ipdma.schemas.scale import Scale
from ipdma.schemas.template import fill_template


@dataclass(frozen=True, kw_only=True)
class Read:
    """A raw column that a line of a recipe reads, and the column of a common table it is for."""

    source: str
    column: str
    line: int
    table: str = ""
    target: str = ""
    label_map: tuple[str, ...] = ()


def reads(recipe: Recipe, scales: Mapping[str, Scale]) -> Iterator[Read]:
    """Yield every raw column the recipe reads; scores of unknown scales and wrong expressions are passed over."""
    for source in recipe.sources.values():
        for column in (*source.id, *source.where, *_trial_columns(recipe.trial)):
            if column != ROW_NUMBER:
                yield Read(source=source.name, column=column, line=source.line)
    for block in recipe.blocks:
        for gaps in all_gaps(block):
            yield from _block_reads(block, gaps, scales)


def all_gaps(block: Block) -> list[dict[str, str]]:
    """Return what fills the gaps of a block's templates: one mapping for each value of ``long``."""
    return [{}] if block.long is None else [{block.long.over: token} for token in block.long.values.values()]


def columns_by_source(recipe: Recipe, scales: Mapping[str, Scale]) -> dict[str, tuple[str, ...]]:
    """Return the raw columns of each source that the recipe reads, each once."""
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
    for rule in _rules(block):
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


def _rules(block: Block) -> list[ColumnRule]:
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
    if rule.kind == "from":
        return (fill_template(str(rule.value), gaps),)
    if rule.kind == "calc":
        try:
            return parse_expression(fill_template(str(rule.value), gaps)).names
        except ExpressionError:
            return ()  # said by the check of the recipe
    return ()
