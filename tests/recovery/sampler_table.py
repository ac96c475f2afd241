"""Print how the sampler fares: 27 data sets (3 seeds, tau 0 / small / large, kappa 4 / 9 / none) for each size.

    python tests/recovery/sampler_table.py [trials x people ...] > tests/recovery/sampler_table.txt
    python tests/recovery/sampler_table.py --refit [trials x people ...] > tests/recovery/refit_table.txt

By default 21x50 21x500 6x50 6x500 6x5000.

Model: plateau in the number of doses, log-linear dose, timing hinge; 4 chains of 1000 + 1000 draws, the sampler's own
settings, or with --refit those of a sensitivity analysis. A row is one size with residual SDs equal or unequal between
trials: data sets with a divergence, divergences, largest R-hat, smallest bulk ESS (smallest and median over the data
sets), seconds of sampling (median).
"""

import itertools
import sys
import time

import numpy as np

from ipdma.compiled_model import compiled_model
from ipdma.curves.hinge import Hinge
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.plateau import Plateau
from ipdma.fit import sample
from ipdma.models.build_inputs import build_inputs
from ipdma.models.draws import in_outcome_units
from ipdma.models.one_stage import OneStage
from ipdma.posterior import datasets, diagnose
from ipdma.refit import ACCEPT, TUNE
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.effects import TrueEffect
from ipdma.simulate.simulated_design import simulated_design

MODEL = OneStage(main=Plateau("number_of_doses"), shifts=(LogLinear("dose"), Hinge("timing_min", at=60.0)))
NO_PLATEAU = 1000.0


STATED, REFIT = {"tune": 1000}, {"tune": TUNE, "target_accept": ACCEPT}


def one(trials, people, residual_sd, *, seed, tau, kappa, settings=STATED):
    truth = TrueEffect(effect=-4.5, tau=tau, kappa=kappa)
    rows, arms = simulate_rows(trials, people, seed, truth=truth, residual_sd=residual_sd)
    design = simulated_design(rows, arms, MODEL)
    inputs = build_inputs(design, MODEL)
    compiled = compiled_model(inputs)
    start = time.perf_counter()
    trace = sample(compiled, seed=seed, chains=4, draws=1000, **settings)
    seconds = time.perf_counter() - start
    posterior, statistics = datasets(trace)
    return diagnose(in_outcome_units(posterior, design, inputs, seed=seed), statistics), seconds


def main(sizes, settings):
    print("trials x people  residual SDs  data sets  with divergences  divergences  R-hat max  ESS min  ESS median  s")
    for (trials, people), residual_sd in itertools.product(sizes, ("equal", "unequal")):
        grid = itertools.product((1, 2, 3), (0.0, 1.0, 4.0), (4.0, 9.0, NO_PLATEAU))
        results = [
            one(trials, people, residual_sd, seed=seed, tau=tau, kappa=kappa, settings=settings)
            for seed, tau, kappa in grid
        ]
        found = [diagnostics for diagnostics, _ in results]
        divergences = np.array([d.divergences for d in found])
        ess = np.array([d.ess_bulk_min for d in found])
        print(
            f"{trials:>6} x {people:<8} {residual_sd:<13} {len(found):>9} {np.sum(divergences > 0):>17}"
            f" {divergences.sum():>12} {max(d.rhat_max for d in found):>10.4f} {ess.min():>8.0f}"
            f" {np.median(ess):>11.0f}"
            f" {np.median([s for _, s in results]):>6.2f}",
            flush=True,
        )


if __name__ == "__main__":
    refit = sys.argv[1:2] == ["--refit"]
    given = [tuple(map(int, size.split("x"))) for size in sys.argv[1 + refit :]]
    main(given or [(21, 50), (21, 500), (6, 50), (6, 500), (6, 5000)], REFIT if refit else STATED)
