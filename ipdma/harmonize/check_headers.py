"""A recipe against the headers of its files: columns, value labels, missing codes."""

import difflib
from collections.abc import Iterator, Mapping

from ipdma._yaml import did_you_mean
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.missing_codes import codes_for, fits, unlisted_codes
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.reads import Read, columns_by_source, reads
from ipdma.schemas.code_text import code_text
from ipdma.schemas.recipe import Recipe
from ipdma.schemas.scale import Scale


def check_headers(recipe: Recipe, raws: Mapping[str, RawTable], scales: Mapping[str, Scale]) -> Iterator[Finding]:
    """Yield what the recipe reads and its files do not have, and missing codes that fit on one side only."""
    yield from _check_columns(recipe, raws, scales)
    yield from _check_missing_patterns(recipe, raws)
    yield from _check_where(recipe)
    yield from _check_declared_missing(recipe, raws, scales)


def _check_columns(recipe: Recipe, raws: Mapping[str, RawTable], scales: Mapping[str, Scale]) -> Iterator[Finding]:
    """Every raw column read must be in its file; a column absent for ten items is one finding a recipe line."""
    absent: dict[tuple[str, int, str, str], list[str]] = {}
    found: set[str] = set()
    for read in reads(recipe, scales):
        raw = raws.get(read.source)
        if raw is None:
            continue
        found |= {read.source} if read.column in raw.values.columns else set()
        if read.column not in raw.values.columns:
            if any(read.column in join.columns for join in recipe.sources[read.source].joins):
                continue  # said by the join that fails
            absent.setdefault((read.source, read.line, read.table, read.target), []).append(read.column)
        elif read.label_map:
            yield from _check_labels(read, raw)
    for (source, line, table, target), columns in absent.items():
        raw = raws[source]
        names = list(dict.fromkeys(columns))
        more = f", nor {len(names) - 1} more that this line reads" if len(names) > 1 else ""
        message = f"no column '{names[0]}'{more}{_nearest(names[0], raw, source in found)}"
        yield Finding(
            code="column_absent", message=message, file=raw.file, table=table, column=target, line=line,
            count=len(names),
        )  # fmt: skip


def _nearest(name: str, raw: RawTable, found: bool) -> str:
    """Return the nearest column name, never a list of all, and none where no other name of the recipe was found.

    Under a wrong `header_row` they are a person's values.
    """
    columns = [str(column) for column in raw.values.columns]
    near = difflib.get_close_matches(name, columns, n=1) if found else []
    where = "" if found else " None of those that the recipe names is there: is 'header_row' right?"
    return (
        f", did you mean '{near[0]}'?"
        if near
        else f". The file has {len(columns)} columns; 'ipdma scan' lists them.{where}"
    )


def _check_labels(read: Read, raw: RawTable) -> Iterator[Finding]:
    labels = {str(label).strip() for label in raw.value_labels.get(read.column, {}).values()}
    message = ""
    if not labels:
        message = f"the file gives column '{read.column}' no value labels; use 'map' with its codes."
    else:
        unknown = [label for label in read.label_map if label not in labels]
        if unknown:
            message = f"column '{read.column}' has no value label '{unknown[0]}'{did_you_mean(unknown[0], labels)}"
    if message:
        yield Finding(
            code="unknown_label", message=message, file=raw.file, table=read.table, column=read.target, line=read.line
        )


def _check_missing_patterns(recipe: Recipe, raws: Mapping[str, RawTable]) -> Iterator[Finding]:
    """A pattern that no column matches is a typing error: its codes would enter the analysis as values."""
    if set(raws) != set(recipe.sources):
        return
    for code in recipe.missing_codes:
        tables = [raw for name, raw in raws.items() if code.source in (None, name)]
        names = [str(column) for raw in tables for column in raw.values.columns]
        for pattern in code.columns:
            if not any(fits(name, pattern) for name in names):
                message = f"no column matches '{pattern}', so this missing code would never be applied. Correct it."
                yield Finding(code="missing_code_unused", message=message, line=code.line)


def _check_where(recipe: Recipe) -> Iterator[Finding]:
    """A condition on a code that stands for a missing value would never meet it: the code is taken out before."""
    sources = [(source.name, source.where, source.line) for source in recipe.sources.values()]
    blocks = [(block.source, block.where, block.line) for block in recipe.blocks if block.source is not None]
    for name, where, line in (*sources, *blocks):
        for column, condition in where.items():
            both = [code for code in condition.codes if code in codes_for(recipe, name, column)]
            if both:
                message = (
                    f"'where' names code {both[0]} of '{column}', which is listed as missing, so no row has it any "
                    "more. Write {is: present} or {is: missing} for it."
                )
                yield Finding(code="where_missing_code", message=message, line=line)


def _check_declared_missing(
    recipe: Recipe, raws: Mapping[str, RawTable], scales: Mapping[str, Scale]
) -> Iterator[Finding]:
    """Codes a file declares missing must be listed, so that each has a reason."""
    if recipe.declared_missing == "all_missing":
        return
    for source, columns in columns_by_source(recipe, scales).items():
        raw = raws.get(source)
        if raw is None:
            continue
        unlisted = {column: _unlisted(raw, column, recipe, source) for column in columns}
        bad = {column: codes for column, codes in unlisted.items() if codes}
        if bad:
            codes = dict.fromkeys(code for found in bad.values() for code in found)
            message = (
                f"the file declares missing codes that no line lists ({', '.join(codes)}), in {len(bad)} columns "
                f"({', '.join(list(bad)[:5])}{', ...' if len(bad) > 5 else ''}). List them with their reasons under "
                "'missing: codes', or write 'spss_user_missing: all_missing'."
            )
            yield Finding(
                code="missing_code_unlisted", message=message, file=raw.file, line=recipe.sources[source].line,
                count=len(bad),
            )  # fmt: skip


def _unlisted(raw: RawTable, column: str, recipe: Recipe, source: str) -> list[str]:
    """Return declared codes that are not listed; of a range only that it holds some."""
    if column not in raw.values.columns or column not in raw.missing_codes:
        return []
    listed = codes_for(recipe, source, column)
    single = [code_text(low) for low, high in raw.missing_codes[column] if low == high]
    found = [code for code in single if code not in listed]
    if not found and unlisted_codes(raw, column, recipe, source).any():
        found = [f"{low:g} to {high:g}" for low, high in raw.missing_codes[column] if low != high]
    return found
