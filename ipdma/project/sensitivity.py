"""Sensitivity analyses of a project: which there are, which are run, and what the command answers."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ipdma._yaml import did_you_mean
from ipdma.analysis_file.read import AnalysisFile, read_analysis
from ipdma.errors import AnalysisError
from ipdma.project.folder import open_project
from ipdma.project.reply import Reply

if TYPE_CHECKING:
    from ipdma.sensitivity.checks import Checks


def list_sensitivities(folder: Path | None = None) -> Reply:
    """Return the names of all sensitivity analyses, with the changes that a project's analysis files state.

    Raises
    ------
    ProjectError, YamlError, AnalysisError
        If the folder is no project, or an analysis file of it cannot be read.
    """
    from ipdma.sensitivity.registry import SENSITIVITY_ANALYSES

    told = {name: kind.question for name, kind in SENSITIVITY_ANALYSES.items()}
    files = [] if folder is None else [read_analysis(path) for path in open_project(folder).analyses().values()]
    for file in files:
        told |= dict.fromkeys(stated_changes(file), f"a change stated in {file.name}.yaml")
    named = {name for file in files for name in names_of(file)}
    width = max(map(len, told))
    lines = [f"{'*' if name in named else ' '} {name:{width}}  {question}" for name, question in told.items()]
    if named:
        lines.append("* named by the project; 'ipdma run' runs these")
    return Reply(lines=tuple(lines), data={"sensitivity_analyses": told, "named": sorted(named)})


def names_of(file: AnalysisFile) -> list[str]:
    """Return the names of the sensitivity analyses that a file asks for."""
    return [variant if isinstance(variant, str) else variant[0] for variant in file.sensitivity]


def stated_changes(file: AnalysisFile) -> list[str]:
    """Return the names of the changes that a file states."""
    return [variant[0] for variant in file.sensitivity if not isinstance(variant, str)]


def chosen_by_file(files: Mapping[str, AnalysisFile], only: Sequence[str]) -> dict[str, list[str]]:
    """Return for each analysis file those of the chosen names that it knows: a change is known where it is stated.

    Raises
    ------
    AnalysisError
        If no file knows a name, or none is left.
    """
    from ipdma.sensitivity.registry import SENSITIVITY_ANALYSES

    changes = {name: stated_changes(file) for name, file in files.items()}
    known = [*SENSITIVITY_ANALYSES, *(change for names in changes.values() for change in names)]
    for name in only:
        if name not in known:
            raise AnalysisError(
                f"there is no sensitivity analysis '{name}'{did_you_mean(name, known)} "
                "'ipdma sensitivity --list' shows what each is."
            )
    sampled = {name for name, file in files.items() if file.form == "one_stage"}
    return {
        name: [each for each in only if each in SENSITIVITY_ANALYSES or each in changes[name]]
        if name in sampled or len(files) == 1
        else []
        for name in files
    }


def refuse_nothing_named(folder: Path) -> None:
    """Refuse a project whose analysis files name no sensitivity analysis.

    Raises
    ------
    AnalysisError
        If there is none.
    """
    files = [read_analysis(path) for path in open_project(folder).analyses().values()]
    if not any(file.sensitivity for file in files):
        raise AnalysisError(
            f"{files[0].name}.yaml names no sensitivity analysis. Add sensitivity: [leave_one_trial_out, tau_prior], "
            "or say which with --only; 'ipdma sensitivity --list' shows them."
        )


def sensitivity_lines(checks: "Checks | None") -> Iterator[str]:
    """Yield a sentence for each kind of model: how far its effect moves, and where."""
    for stated in checks.stated if checks is not None else ():
        if stated["quantity"] not in ("pooled_effect", "effect_at_reference"):
            continue
        assert checks is not None
        same = [
            row for row in checks.rows if row.get("quantity") == stated["quantity"] and row["model"] == stated["model"]
        ]
        if same:
            low, high = (bound(same, key=lambda row: float(row["mean"])) for bound in (min, max))
            yield (
                f"{stated['model']}: {stated['mean']:.2f} as stated, {low['mean']:.2f} ({low['label']}) to "
                f"{high['mean']:.2f} ({high['label']}) in {len(same)} sensitivity analyses"
            )
    if checks is not None and checks.refused:
        yield f"{len(checks.refused)} sensitivity analyses could not be done; the report says why"
