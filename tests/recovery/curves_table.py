"""Print how the sampler fares with every main curve and with a window: 9 data sets each of 21 trials of 50 people.

    python tests/recovery/curves_table.py [curve ...]        default: all of them

Data sets: 3 seeds of tau 0, 1 and 4, under a plateau at 4, 9 or nowhere (one for each pair of seed and tau, in turn),
log-linear dose and a timing hinge; 4 chains of 1000 + 1000 draws, the sampler's own settings. Every model has the
log-linear dose beside the main curve, and a hinge in timing, in its place the window in the row ``window``. Levelling
landmarks (1, 9) and (9, 12). A row is one model: data sets with a divergence, divergences, largest R-hat, smallest bulk
ESS (smallest and median over the data sets), seconds to compile and of sampling (median).
"""

import itertools
import sys
import time

import numpy as np

from ipdma.compiled_model import compiled_model
from ipdma.curves.hinge import Hinge
from ipdma.curves.levelling import Levelling
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.plateau import Plateau
from ipdma.curves.registry import MAIN_CURVES
from ipdma.curves.window import Window
from ipdma.fit import sample
from ipdma.models.build_inputs import build_inputs
from ipdma.models.draws import in_outcome_units
from ipdma.models.one_stage import OneStage
from ipdma.posterior import datasets, diagnose
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.effects import TrueEffect
from ipdma.simulate.simulated_design import simulated_design

NO_PLATEAU = 1000.0
SHIFTS = (LogLinear("dose"), Hinge("timing_min", at=60.0))
LEVELLING = Levelling((1.0, 9.0), (9.0, 12.0))
SETTINGS = {"spline": {"knots": (0.0, 3.0, 6.0, 12.0)}}
MODELS = {
    **{
        name: OneStage(main=kind("number_of_doses", **SETTINGS.get(name, {})), shifts=SHIFTS, levelling=LEVELLING)
        for name, kind in MAIN_CURVES.items()
    },
    "window": OneStage(
        main=Plateau("number_of_doses"), shifts=(LogLinear("dose"), Window("timing_min")), levelling=LEVELLING
    ),
}


def one(model, *, seed, tau, kappa, timing_effect=0.0):
    truth = TrueEffect(effect=-4.5, tau=tau, kappa=kappa, timing_effect=timing_effect)
    rows, arms = simulate_rows(21, 50, seed, truth=truth)
    design = simulated_design(rows, arms, model)
    inputs = build_inputs(design, model)
    start = time.perf_counter()
    compiled = compiled_model(inputs)
    middle = time.perf_counter()
    trace = sample(compiled, seed=seed, chains=4, draws=1000, tune=1000)
    seconds = time.perf_counter() - middle
    posterior, statistics = datasets(trace)
    found = diagnose(in_outcome_units(posterior, design, inputs, seed=seed), statistics)
    return found, middle - start, seconds


def main(names):
    print("model         data sets  with divergences  divergences  R-hat max  ESS min  ESS median  compile s  sample s")
    for name in names:
        kappas = itertools.cycle((4.0, 9.0, NO_PLATEAU, 9.0))
        grid = [(seed, tau, next(kappas)) for seed, tau in itertools.product((1, 2, 3), (0.0, 1.0, 4.0))]
        results = [one(MODELS[name], seed=seed, tau=tau, kappa=kappa) for seed, tau, kappa in grid]
        found = [diagnostics for diagnostics, _, _ in results]
        divergences = np.array([d.divergences for d in found])
        ess = np.array([d.ess_bulk_min for d in found])
        print(
            f"{name:<13} {len(found):>9} {np.sum(divergences > 0):>17} {divergences.sum():>12}"
            f" {max(d.rhat_max for d in found):>10.4f} {ess.min():>8.0f} {np.median(ess):>11.0f}"
            f" {max(c for _, c, _ in results):>10.1f} {np.median([s for _, _, s in results]):>9.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:] or list(MODELS))
