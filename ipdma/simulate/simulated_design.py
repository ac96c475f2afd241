"""Simulated rows to a design, past files and recipes: for recovery, calibration and benchmarks."""

import pandas as pd

from ipdma.design.design import Design, design_of_rows
from ipdma.estimand import Estimand
from ipdma.models.one_stage import OneStage
from ipdma.schemas.quantity import Quantity

ESTIMAND = Estimand(
    outcome="severity",
    visit="post",
    treatment="drug",
    control="control",
    reference={"number_of_doses": Quantity(5), "dose": Quantity(50, "mg"), "timing_min": Quantity(60)},
    moves={
        "dose": (Quantity(50, "mg"), Quantity(250, "mg")),
        "timing_min": (Quantity(60), Quantity(120)),
    },
)


def simulated_design(rows: pd.DataFrame, arms: pd.DataFrame, model: OneStage, estimand: Estimand = ESTIMAND) -> Design:
    """Return the design of rows and arms as :func:`ipdma.simulate.arrays.simulate_rows` gives them.

    Raises
    ------
    DesignError
        As :func:`ipdma.design.design.design_of_rows`.
    """
    terms = model.terms
    extra = [c for c in rows.columns if c in (*terms.modifiers, *terms.prognostic_factors)]
    trials = [str(trial) for trial in rows["trial"].unique()]
    base = {
        "estimand": estimand,
        "terms": terms,
        "unit": "points",
        "direction": "higher_is_worse",
        "instruments": dict.fromkeys(trials, "scale_a"),
        "labels": {trial: trial for trial in trials},
        "groups": dict.fromkeys(trials, ""),
    }
    people = rows.assign(active=rows["active"].astype("float64"))
    sizes = rows.groupby("trial", sort=False).size().to_numpy()
    flow = pd.DataFrame({"trial": trials, "label": trials, "randomized": sizes, "analyzed": sizes})
    return design_of_rows(people, arms.assign(dose_unit="mg"), flow=flow, columns=("b", *extra), base=base)
