"""The files of results/."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ipdma.harmonize.availability import availability_matrix
from ipdma.harmonize.consortium import Consortium
from ipdma.project.analyses import across
from ipdma.project.estimate import Fitted
from ipdma.project.settings import report_settings
from ipdma.project.write_table import write_table
from ipdma.report.figures import draw_figures, write_figures
from ipdma.report.html import render_report
from ipdma.sensitivity.checks import Checks, check_table
from ipdma.summaries.summary import model_name
from ipdma.summaries.tables import tables


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """An analysis with its summary and where its numbers come from."""

    fitted: Fitted
    summary: dict[str, Any]
    provenance: Mapping[str, Any]


def write_outcome(outcome: Outcome, folder: Path) -> None:
    """Write the report of one analysis and everything it stands on; the time this takes goes into the summary."""
    start = time.perf_counter()
    summary, settings = outcome.summary, report_settings(outcome.fitted)
    (folder / "tables").mkdir(parents=True)
    for name, table in tables(summary).items():
        write_table(table, folder / "tables" / f"{name}.csv")
    if outcome.fitted.checks is not None:
        write_checks(outcome.fitted.checks, folder)
    figures = draw_figures(summary)
    write_figures(figures, folder / "figures")
    if outcome.fitted.fits:
        from ipdma.posterior import write_netcdf

        write_netcdf(draws(outcome.fitted), folder / "fit.nc")
    _text(folder / "provenance.json", _json(outcome.provenance))
    html = render_report(summary, provenance=outcome.provenance, settings=settings, figures=figures)
    _text(folder / "report.html", html)
    summary["seconds"]["report"] = time.perf_counter() - start
    _text(folder / "summary.json", _json(summary))


def write_checks(checks: Checks, folder: Path) -> None:
    """Write the sensitivity analyses: everything as ``sensitivity.json``, the numbers as a table."""
    told = {"stated": [dict(row) for row in checks.stated], "rows": [dict(row) for row in checks.rows]}
    _text(folder / "sensitivity.json", _json(told))
    write_table(check_table([*checks.stated, *checks.rows]), folder / "tables" / "sensitivity.csv")


def draws(fitted: Fitted) -> dict[str, Any]:
    """Return the groups of ``fit.nc``: draws and the sampler's statistics of each fit, never observed data.

    The plain model has ``posterior`` and ``sample_stats``; those beside it have the same below their model's name, such
    as ``plateau_over_number_of_doses/posterior``, with a number where two models share a name.
    """
    groups: dict[str, Any] = {}
    for number, fit in enumerate(fitted.fits):
        name = prefix = re.sub(r"[^A-Za-z0-9]+", "_", model_name(fit)) + "/" if number else ""
        same = 2
        while f"{name}posterior" in groups:
            name, same = f"{prefix[:-1]}_{same}/", same + 1
        groups |= {f"{name}posterior": fit.posterior, f"{name}sample_stats": fit.sample_stats}
    return groups


def write_shared(consortium: Consortium, outcomes: Mapping[str, Outcome], folder: Path) -> None:
    """Write what all analyses share: status by trial and variable, issues without values, one table across analyses."""
    status = availability_matrix(consortium.status, list(consortium.tables), consortium.trials)
    write_table(status, folder / "status.csv")
    write_table(consortium.issues, folder / "issues_public.csv")
    if "" not in outcomes:
        told = [(outcome.fitted.prepared.file, outcome.summary) for outcome in outcomes.values()]
        write_table(across(told), folder / "analyses.csv")


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
