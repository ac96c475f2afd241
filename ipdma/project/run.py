"""A whole project: raw files to report."""

import warnings
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ipdma._yaml import plain, read_yaml
from ipdma.analysis_file.read import AnalysisFile, read_analysis
from ipdma.errors import DesignWarning, SamplingWarning
from ipdma.harmonize.consortium import Consortium
from ipdma.project.analyses import index_lines
from ipdma.project.folder import Project, open_project
from ipdma.project.progress import Progress
from ipdma.project.provenance import provenance
from ipdma.project.reply import Reply, issue_findings
from ipdma.project.sensitivity import chosen_by_file, sensitivity_lines
from ipdma.project.tables import common_tables, save_tables
from ipdma.project.unused_keys import unused_keys
from ipdma.project.whole import repair, write_whole
from ipdma.report.words import counted

if TYPE_CHECKING:  # PyMC and matplotlib are loaded only once there is something to fit
    from ipdma.design.design import Design
    from ipdma.project.estimate import Prepared
    from ipdma.project.results import Outcome

TRUTH = "truth.yaml"


def run(
    folder: Path | str, *, without: Sequence[str] = (), only: Sequence[str] | None = None, quiet: bool = False
) -> Reply:
    """Harmonize a project, fit its analyses and sensitivity analyses, and write ``results/`` as a whole.

    Everything that can be refused is refused before anything is written: the analysis file, the recipes, the raw files
    and the designs.

    Parameters
    ----------
    folder
        The project's folder.
    without
        Trials to leave out; they stay in the flow with this reason.
    only
        Names of sensitivity analyses, in place of those that the analysis files name.
    quiet
        Say nothing while working.

    Raises
    ------
    IpdmaError
        If anything the run needs is missing or contradictory; ``results/`` is as it was then.
    """
    project, progress = open_project(Path(folder)), Progress(quiet=quiet)
    files = {name: read_analysis(path) for name, path in project.analyses().items()}
    chosen = dict.fromkeys(files) if only is None else chosen_by_file(files, only)
    repair(project.results)
    tables = common_tables(project, without=without, progress=progress)
    consortium = tables.consortium
    prepared = _prepared(consortium, files, chosen, progress)
    save_tables(project, tables)
    outcomes = {name: _outcome(project, item, without=without, progress=progress) for name, item in prepared.items()}
    with progress.step("report", "writing the report"):
        _write(project, consortium, outcomes)
    return _reply(Path(folder), project, consortium, outcomes)


def _prepared(
    consortium: Consortium,
    files: Mapping[str, AnalysisFile],
    chosen: Mapping[str, Sequence[str] | None],
    progress: Progress,
) -> dict[str, "Prepared"]:
    from ipdma.project.estimate import prepare

    with progress.step("import", "loading the sampler"):
        if any(file.form == "one_stage" for file in files.values()):
            import_module("ipdma.fit")
    return {name: prepare(consortium, file, only=chosen[name]) for name, file in files.items()}


def _outcome(project: Project, prepared: "Prepared", *, without: Sequence[str], progress: Progress) -> "Outcome":
    from ipdma.project.estimate import estimate
    from ipdma.project.results import Outcome
    from ipdma.summaries.summary import summarize

    file, consortium = prepared.file, prepared.consortium
    with progress.step("fit", f"fitting {file.name}"):
        fitted = estimate(prepared, lambda sentence: progress.say(f"  {sentence} ..."), draws=project.fits)
    truth = project.folder / TRUTH
    simulated = plain(read_yaml(truth)) if truth.exists() else {}
    summary = summarize(
        plain=fitted.fits[0] if fitted.fits else None,
        beside=fitted.fits[1:],
        claim_under=fitted.claim_under,
        two_stage=fitted.two_stage,
        estimand=file.estimand,
        design=prepared.design,
        consortium=consortium,
        seconds={name: progress.seconds[name] for name in ("import", "harmonize")} | fitted.seconds,
        simulated=bool(simulated),
        truth={key: value for key, value in simulated.items() if key != "truth"},
        notes=[*fitted.notes, *unused_keys(file), *not_analyzed(consortium, prepared.design)],
    )
    if fitted.checks is not None:
        summary["sensitivity"] = [dict(row) for row in fitted.checks.rows]
        summary["notes"] += fitted.checks.refused
    origin = provenance(project, consortium, file, without=without)
    return Outcome(fitted=fitted, summary=summary, provenance=origin)


def not_analyzed(consortium: Consortium, design: "Design | None" = None) -> list[str]:
    """Return a sentence for each trial that is known but not in the analysis, with its reason.

    ``design`` is absent where given estimates are pooled; where it is there, only its trials are analyzed.
    """
    trials = consortium.tables["trials"]
    people, estimates = (set(consortium.tables[name]["trial"]) for name in ("participants", "estimates"))
    notes = []
    for _, row in trials.iterrows():
        trial = row["trial"]
        name = row["label"] if "label" in trials and pd.notna(row["label"]) else trial
        reasons = {key: str(row[key]) for key in ("exclude_why", "why_none") if key in trials and pd.notna(row[key])}
        if reasons.get("exclude_why"):
            notes.append(f"{name} is not in the analysis: {reasons['exclude_why']}.")
        elif trial not in people | estimates:
            notes.append(f"{name} gave no individual data: {reasons.get('why_none') or 'no reason stated'}.")
        elif design is not None and trial not in people:
            notes.append(
                f"{name} gives only an estimate, while other trials give participants: it is left out of the one-stage "
                "and the two-stage analysis."
            )
        elif design is not None and trial not in design.trials:
            notes.append(f"{name} has participants, but none of them is analyzed: the flow says where they left.")
    return notes


def _write(project: Project, consortium: Consortium, outcomes: Mapping[str, "Outcome"]) -> None:
    from ipdma.project.results import write_outcome, write_shared

    def write(folder: Path) -> None:
        for name, outcome in outcomes.items():
            target = folder / name if name else folder
            target.mkdir(exist_ok=True)
            write_outcome(outcome, target)
        write_shared(consortium, outcomes, folder)

    write_whole(project.results, write)


def _reply(typed: Path, project: Project, consortium: Consortium, outcomes: Mapping[str, "Outcome"]) -> Reply:
    from ipdma.summaries.summary import trial_level_terms

    lines, results = [], {}
    for name, outcome in outcomes.items():
        summary = outcome.summary
        for fit in summary["diagnostics"]:
            for warning in fit["warnings"]:
                warnings.warn(f"{fit['model']}: {warning}", SamplingWarning, stacklevel=2)
        for warning in trial_level_terms(outcome.fitted.fits[1:]):
            warnings.warn(warning, DesignWarning, stacklevel=2)
        lines.append(headline(summary, outcome.fitted.prepared.file.name))
        report = Path("results", name, "report.html")
        lines += [f"  {sentence}" for sentence in sensitivity_lines(outcome.fitted.checks)]
        lines.append(f"  {(typed / report).as_posix()}")
        results[name or "analysis"] = {"report": str(project.folder / report), "summary": summary}
    lines += index_lines({name: outcome.summary for name, outcome in outcomes.items()})
    if "" not in outcomes:
        lines.append(f"  {(typed / 'results' / 'analyses.csv').as_posix()}")
    return Reply(
        lines=tuple(lines),
        data={"folder": str(project.folder), "results": results},
        findings=issue_findings(consortium),
    )


def headline(summary: Mapping[str, Any], name: str) -> str:
    """Return the headline of a summary as one sentence."""
    effect = summary.get("pooled_effect") or summary.get("bayes_two_stage", {}).get("pooled_effect")
    contrast = f"{summary['contrast']['treatment']} minus {summary['contrast']['control']}"
    if not effect:
        return f"{name}: {contrast}, {counted(summary['trials'], 'trial')}"
    interval = f"{effect['q2.5']:.2f} to {effect['q97.5']:.2f}"
    return f"{name}: {contrast} {effect['mean']:.2f} (95% interval {interval}), {counted(summary['trials'], 'trial')}"
