"""Several analyses of one project, side by side: one row each, in results/analyses.csv and in what a run prints."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ipdma._screen import COLUMNS, cut
from ipdma.analysis_file.read import AnalysisFile


def across(analyses: Sequence[tuple[AnalysisFile, Mapping[str, Any]]]) -> pd.DataFrame:
    """Return one row for each file and its summary: question, headline, tau, claim and where its report lies."""
    rows = []
    for file, summary in analyses:
        head = {
            "analysis": file.name,
            "form": file.form,
            "outcome": summary["outcome"],
            "visit": summary["visit"],
            "treatment": summary["contrast"]["treatment"],
            "control": summary["contrast"]["control"],
            "trials": summary["trials"],
            "participants_analyzed": summary.get("participants_analyzed"),
            "metric": summary["metric"],
            "unit": summary["unit"],
        }
        end = {"claim": summary.get("claim", {}).get("statement"), "report": f"{file.name}/report.html"}
        rows.append(head | _pooled(summary) | {"tau_median": _tau(summary)} | end)
    return pd.DataFrame(rows).dropna(axis=1, how="all")


def index_lines(summaries: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each analysis, aligned, with a heading; nothing where there is one.

    Parameters
    ----------
    summaries
        By the name of the analysis.
    """
    if len(summaries) < 2:
        return
    width = min(max(len("analysis"), *map(len, summaries)), 40)
    yield f"{'analysis':{width}} {'trials':>6} {'people':>7}  effect (95% interval)"
    for name, summary in summaries.items():
        pooled = _pooled(summary)
        effect = f"{pooled['mean']:.2f} ({pooled['q2.5']:.2f} to {pooled['q97.5']:.2f})" if pooled else "none"
        people = summary.get("participants_analyzed", "")
        yield cut(f"{cut(name, width):{width}} {summary['trials']:6d} {people:>7}  {effect} {summary['unit']}", COLUMNS)


def _pooled(summary: Mapping[str, Any]) -> dict[str, float]:
    return dict(summary.get("pooled_effect") or summary.get("bayes_two_stage", {}).get("pooled_effect", {}))


def _tau(summary: Mapping[str, Any]) -> float | None:
    tau = summary.get("tau") or summary.get("bayes_two_stage", {}).get("tau", {})
    return float(tau["median"]) if "median" in tau else None
