"""The methods an analysis used, each with its source; nothing that was not used is listed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ipdma.report.page import look_up


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A source; ``short`` is what stands in the text, ``why`` what it is cited for."""

    key: str
    short: str
    text: str
    doi: str = ""
    why: str = ""

    @property
    def url(self) -> str:
        """The address of the DOI, or nothing."""
        return f"https://doi.org/{self.doi}" if self.doi else ""


def _reference(key: str, short: str, text: str, doi: str, why: str) -> Reference:
    return Reference(key=key, short=short, text=text, doi=doi, why=why)


REFERENCES: Mapping[str, Reference] = {
    item.key: item
    for item in (
        _reference(
            "riley2021", "Riley et al. 2021",
            "Riley RD, Tierney JF, Stewart LA (eds). Individual Participant Data Meta-Analysis: A Handbook for "
            "Healthcare Research. Wiley, 2021.", "", "individual participant data meta-analysis",
        ),
        _reference(
            "stewart2015", "Stewart et al. 2015",
            "Stewart LA, Clarke M, Rovers M, et al. Preferred Reporting Items for a Systematic Review and "
            "Meta-analysis of Individual Participant Data: the PRISMA-IPD statement. JAMA 2015;313:1657-1665.",
            "10.1001/jama.2015.3656", "order of this report",
        ),
        _reference(
            "ich2019", "ICH E9(R1) 2019",
            "International Council for Harmonisation. E9(R1): Addendum on estimands and sensitivity analysis in "
            "clinical trials. 2019.", "", "estimand",
        ),
        _reference(
            "cohen1999", "Cohen et al. 1999",
            "Cohen P, Cohen J, Aiken LS, West SG. The problem of units and the circumstance for POMP. Multivariate "
            "Behavioral Research 1999;34:315-346.", "10.1207/S15327906MBR3403_2", "percent of maximum possible",
        ),
        _reference(
            "vickers2001", "Vickers and Altman 2001",
            "Vickers AJ, Altman DG. Analysing controlled trials with baseline and follow up measurements. BMJ "
            "2001;323:1123-1124.", "10.1136/bmj.323.7321.1123", "adjustment for the baseline",
        ),
        _reference(
            "burke2017", "Burke et al. 2017",
            "Burke DL, Ensor J, Riley RD. Meta-analysis using individual participant data: one-stage and two-stage "
            "approaches, and why they may differ. Statistics in Medicine 2017;36:855-875.", "10.1002/sim.7141",
            "one-stage beside two-stage",
        ),
        _reference(
            "hua2017", "Hua et al. 2017",
            "Hua H, Burke DL, Crowther MJ, Ensor J, Tudur Smith C, Riley RD. One-stage individual participant data "
            "meta-analysis models: estimation of treatment-covariate interactions must avoid ecological bias by "
            "separating out within-trial and across-trial information. Statistics in Medicine 2017;36:772-789.",
            "10.1002/sim.7171", "interactions within and across trials",
        ),
        _reference(
            "riley2020", "Riley et al. 2020",
            "Riley RD, Debray TPA, Fisher D, et al. Individual participant data meta-analysis to examine interactions "
            "between treatment effect and participant-level covariates: statistical recommendations for conduct and "
            "planning. Statistics in Medicine 2020;39:2115-2137.", "10.1002/sim.8516", "interactions",
        ),
        _reference(
            "roever2021", "Röver et al. 2021",
            "Röver C, Bender R, Dias S, et al. On weakly informative prior distributions for the heterogeneity "
            "parameter in Bayesian random-effects meta-analysis. Research Synthesis Methods 2021;12:448-474.",
            "10.1002/jrsm.1475", "prior of the heterogeneity",
        ),
        _reference(
            "roever2020", "Röver 2020",
            "Röver C. Bayesian random-effects meta-analysis using the bayesmeta R package. Journal of Statistical "
            "Software 2020;93(6):1-51.", "10.18637/jss.v093.i06", "Bayesian two-stage analysis",
        ),
        _reference(
            "viechtbauer2005", "Viechtbauer 2005",
            "Viechtbauer W. Bias and efficiency of meta-analytic variance estimators in the random-effects model. "
            "Journal of Educational and Behavioral Statistics 2005;30:261-293.", "10.3102/10769986030003261", "REML",
        ),
        _reference(
            "roever2015", "Röver et al. 2015",
            "Röver C, Knapp G, Friede T. Hartung-Knapp-Sidik-Jonkman approach and its modification for random-effects "
            "meta-analysis with few studies. BMC Medical Research Methodology 2015;15:99.",
            "10.1186/s12874-015-0091-1", "modified Hartung-Knapp interval",
        ),
        _reference(
            "higgins2009", "Higgins et al. 2009",
            "Higgins JPT, Thompson SG, Spiegelhalter DJ. A re-evaluation of random-effects meta-analysis. Journal of "
            "the Royal Statistical Society A 2009;172:137-159.",
            "10.1111/j.1467-985X.2008.00552.x", "prediction interval",
        ),
        _reference(
            "higgins2002", "Higgins and Thompson 2002",
            "Higgins JPT, Thompson SG. Quantifying heterogeneity in a meta-analysis. Statistics in Medicine "
            "2002;21:1539-1558.", "10.1002/sim.1186", "I²",
        ),
        _reference(
            "vehtari2021", "Vehtari et al. 2021",
            "Vehtari A, Gelman A, Simpson D, Carpenter B, Bürkner P-C. Rank-normalization, folding, and localization: "
            "an improved R-hat for assessing convergence of MCMC. Bayesian Analysis 2021;16:667-718.",
            "10.1214/20-BA1221", "convergence",
        ),
        _reference(
            "abrilpla2023", "Abril-Pla et al. 2023",
            "Abril-Pla O, Andreani V, Carroll C, et al. PyMC: a modern, and comprehensive probabilistic programming "
            "framework in Python. PeerJ Computer Science 2023;9:e1516.", "10.7717/peerj-cs.1516", "software",
        ),
        _reference(
            "kruschke2021", "Kruschke 2021",
            "Kruschke JK. Bayesian analysis reporting guidelines. Nature Human Behaviour 2021;5:1282-1291.",
            "10.1038/s41562-021-01177-7", "reporting of a Bayesian analysis",
        ),
    )
}  # fmt: skip


def package_citation(version: str) -> str:
    """Return how to cite the package."""
    return (
        "The ipdma developers. ipdma: individual participant data meta-analysis, from raw trial files to a citable "
        f"report, version {version}."
    )


def references(summary: Mapping[str, Any], *, settings: Mapping[str, Any] | None = None) -> tuple[Reference, ...]:
    """Return the sources of the methods that produced a summary, in the order in which methods are described.

    Parameters
    ----------
    summary
        As in ``data_schemas/summary.schema.json``.
    settings
        As for :func:`ipdma.report.html.render_report`; the adjustment of a two-stage analysis is read from it.
    """
    return tuple(REFERENCES[key] for key in dict.fromkeys(_used(summary, settings or {})))


def _used(summary: Mapping[str, Any], settings: Mapping[str, Any]) -> Iterator[str]:
    yield from ("riley2021", "stewart2015", "ich2019")
    if summary["metric"] == "pomp":
        yield "cohen1999"
    one_stage, two_stage = "pooled_effect" in summary, summary.get("two_stage", {})
    from_rows = summary.get("flow", True)  # an empty flow: only estimates were given
    if one_stage or (two_stage and from_rows and look_up(settings, "two_stage.adjustment") == "ancova"):
        yield "vickers2001"
    if one_stage and two_stage:
        yield "burke2017"
    if summary.get("interactions"):
        yield from ("hua2017", "riley2020")
    if "tau" in summary or "tau" in summary.get("bayes_two_stage", {}):
        yield "roever2021"
    if "bayes_two_stage" in summary:
        yield "roever2020"
    sources = {
        "tau2": "viechtbauer2005",
        "ci_hartung_knapp": "roever2015",
        "prediction": "higgins2009",
        "i2": "higgins2002",
    }
    yield from (source for key, source in sources.items() if key in two_stage)
    if summary["diagnostics"]:
        yield from ("vehtari2021", "abrilpla2023")
    if one_stage or "bayes_two_stage" in summary:
        yield "kruschke2021"
