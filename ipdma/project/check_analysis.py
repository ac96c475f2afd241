"""An analysis file against recipes and scales, as far as they tell before any row is read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ipdma._yaml import did_you_mean
from ipdma.analysis_file.read import AnalysisFile
from ipdma.errors import IpdmaError
from ipdma.harmonize.expression import parse_expression
from ipdma.harmonize.finding import Finding
from ipdma.project.sensitivity import names_of, stated_changes
from ipdma.schemas.recipe import Block, Recipe
from ipdma.schemas.scale import Scale
from ipdma.schemas.tables import Table

_NOT_COLUMNS = {"baseline_severity"}


def check_analysis(
    file: AnalysisFile, recipes: Sequence[Recipe], scales: Mapping[str, Scale], schema: Mapping[str, Table]
) -> Iterator[Finding]:
    """Yield what the file asks for and no recipe can give.

    Parameters
    ----------
    file
        The analysis file.
    recipes
        Those that could be read.
    scales, schema
        Instruments and common tables of the project.
    """
    yield from _outcome(file, recipes, scales)
    yield from _visit(file, recipes)
    yield from _covariates(file, recipes, schema)
    yield from _treatments(file, recipes)
    yield from _included(file, schema)
    yield from _moves(file)
    yield from _lengths(file)
    yield from _sensitivity(file)


def _outcome(file: AnalysisFile, recipes: Sequence[Recipe], scales: Mapping[str, Scale]) -> Iterator[Finding]:
    """An outcome that is no instrument and no construct, or whose instruments no recipe scores.

    Given estimates need no instrument.
    """
    rules = [rule for block in _blocks(recipes) for rule in (block.score, block.reported) if rule is not None]
    if not rules:
        return
    asked = file.estimand.outcome
    able = {asked} & set(scales) or {code for code, scale in scales.items() if asked in scale.constructs}
    if not able:
        known = sorted({construct for scale in scales.values() for construct in scale.constructs} | set(scales))
        message = (
            f"'{asked}', the outcome of {file.name}.yaml, is neither an instrument nor a construct of one"
            f"{did_you_mean(asked, known)}"
        )
        yield Finding(code="outcome_unknown", message=message)
        return
    scored = {rule.scale for rule in rules}
    if not able & scored:
        message = (
            f"no recipe scores '{asked}', the outcome of {file.name}.yaml: an instrument of it is one of "
            f"{', '.join(sorted(able))}, and recipes score {', '.join(sorted(scored))}"
        )
        yield Finding(code="outcome_not_scored", table="assessments", message=message)


def _visit(file: AnalysisFile, recipes: Sequence[Recipe]) -> Iterator[Finding]:
    """A visit that no recipe has, where all visits are written out."""
    written = _written(recipes, "visits")
    known = {str(row[key]) for row in written or () for key in ("visit", "phase") if key in row}
    if written and file.estimand.visit not in known:
        asked = file.estimand.visit
        message = f"no trial has the visit or phase '{asked}' of {file.name}.yaml{did_you_mean(asked, sorted(known))}"
        yield Finding(code="visit_unknown", table="visits", column="visit", message=message)


def _covariates(file: AnalysisFile, recipes: Sequence[Recipe], schema: Mapping[str, Table]) -> Iterator[Finding]:
    """Covariates that no recipe fills."""
    filled = {rule.column for block in _blocks(recipes) for rule in block.columns}
    of_trials = set(schema["trials"].columns) - filled
    for name in dict.fromkeys([*file.plain.modifiers, *file.plain.prognostic_factors]):
        if name in filled | _NOT_COLUMNS:
            continue
        message = f"no recipe fills '{name}', which {file.name}.yaml uses{did_you_mean(name, sorted(filled))}"
        if name in of_trials:
            message = (
                f"'{name}', which {file.name}.yaml uses, is a property of trials: within a trial it is the same for "
                f"everybody. Ask how the effect goes with it by a curve, `curves: {{{name}: ...}}`"
            )
        yield Finding(code="covariate_not_filled", table="participants", column=name, message=message)


def _treatments(file: AnalysisFile, recipes: Sequence[Recipe]) -> Iterator[Finding]:
    """Treatments of the contrast that no arm has, where all arms are written out."""
    written = _written(recipes, "arms")
    known = {str(row.get("treatment")) for row in written or ()}
    for name in (file.estimand.treatment, file.estimand.control):
        if written and name not in known:
            message = f"no arm has the treatment '{name}' of {file.name}.yaml{did_you_mean(name, sorted(known))}"
            yield Finding(code="treatment_unknown", table="arms", column="treatment", message=message)


def _included(file: AnalysisFile, schema: Mapping[str, Table]) -> Iterator[Finding]:
    """Names in the include rule that are no column of participants, arms or trials."""
    if not file.estimand.include:
        return
    known = {*schema["participants"].columns, *schema["trials"].columns, "treatment"}
    try:
        names = parse_expression(file.estimand.include).names
    except IpdmaError as error:
        yield Finding(code="include_rule", message=f"include of {file.name}.yaml: {error}")
        return
    for name in names:
        if name not in known:
            message = (
                f"include of {file.name}.yaml names '{name}', which is no column of participants or trials"
                f"{did_you_mean(name, sorted(known))}"
            )
            yield Finding(code="include_rule", table="participants", column=name, message=message)


def _moves(file: AnalysisFile) -> Iterator[Finding]:
    """Curves whose reported effect is that of a move, without one."""
    shifts = dict.fromkeys(curve.variable for model in file.beside for curve in model.shifts)
    for variable in shifts:
        if variable not in file.estimand.moves:
            message = (
                f"the curve over {variable} in {file.name}.yaml needs a stated move, whose effect is what is reported "
                f"of it: moves: {{{variable}: [from, to]}}"
            )
            yield Finding(code="move_missing", message=message)


def _lengths(file: AnalysisFile) -> Iterator[Finding]:
    """Settings in the unit of a dose, which has no default."""
    mains = dict.fromkeys(model.main for model in file.beside if model.main is not None)
    for main in mains:
        name = main.length[0]
        if main.variable == "dose" and name and name not in main.changed:
            message = (
                f"the {main.name} curve over dose in {file.name}.yaml needs its {name}, in the unit of its reference: "
                f"{{{main.name}: {{{name}: ...}}}}"
            )
            yield Finding(code="setting_missing", message=message)


def _sensitivity(file: AnalysisFile) -> Iterator[Finding]:
    """Sensitivity analyses that are neither built in nor stated in the file."""
    from ipdma.sensitivity.registry import SENSITIVITY_ANALYSES

    if file.form == "two_stage" and file.sensitivity:
        message = (
            f"{file.name}.yaml asks for sensitivity analyses, which refit a one-stage model; its form is two_stage"
        )
        yield Finding(code="sensitivity_of_two_stage", message=message)
    known = [*SENSITIVITY_ANALYSES, *stated_changes(file)]
    for name in names_of(file):
        if name not in known:
            message = f"{file.name}.yaml names a sensitivity analysis '{name}'{did_you_mean(name, known)}"
            yield Finding(code="sensitivity_unknown", message=f"{message}; 'ipdma sensitivity --list' shows them")


def _blocks(recipes: Iterable[Recipe]) -> list[Block]:
    return [block for recipe in recipes for block in recipe.blocks]


def _written(recipes: Iterable[Recipe], table: str) -> list[Mapping[str, object]] | None:
    """Return the rows of a table that recipes write out; None where a part of it comes from files."""
    blocks = [block for block in _blocks(recipes) if block.table == table]
    return None if any(block.columns for block in blocks) else [row.values for block in blocks for row in block.rows]
