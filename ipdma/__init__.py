"""Individual participant data (IPD) meta-analysis, from raw trial files to a citable report."""

from ipdma._front import front_door

__version__ = "0.1.0"

# Each public name and the module that defines it; loaded when first used, so that "import ipdma" is fast.
PUBLIC = {
    "harmonize": "ipdma.harmonize.harmonize",
    "read_consortium": "ipdma.harmonize.store",
    "write_consortium": "ipdma.harmonize.store",
    "Consortium": "ipdma.harmonize.consortium",
    "Estimand": "ipdma.estimand",
    "OneStage": "ipdma.models.one_stage",
    "TwoStage": "ipdma.models.two_stage_spec",
    "Analysis": "ipdma.analysis",
    "fit": "ipdma.fit",
    "fit_two_stage": "ipdma.models.two_stage",
    "read_analysis": "ipdma.analysis_file.read",
    "run": "ipdma.project.run",
    "write_report": "ipdma.project.write_report",
}
FOLDERS = ("curves", "priors", "sensitivity", "summaries", "plots", "simulate", "errors")

front_door(__name__, PUBLIC, folders=FOLDERS)
