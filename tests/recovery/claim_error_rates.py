"""Print how often the claim of levelling off is wrong, by the grid method: no sampler, hundreds of data sets a minute.

    python tests/recovery/claim_error_rates.py [data sets a truth, default 400] > tests/recovery/claim_error_rates.txt
    python tests/recovery/claim_error_rates.py --power [data sets] > tests/recovery/claim_power.txt

The second prints how often a plateau at four doses is found, by size of the true effect and of the deviations.

The claim asks the same everywhere: landmarks 1 to 9 and 9 to 12 doses, plateau curve in the number of doses, log-linear
dose and timing hinge beside it, default priors, one visit. A row is one truth on one set of designs: percent of data
sets with each word, and how often the 95 % interval holds the true effect at five doses. ``supported`` must be below
5 % where the effect does not level off (no effect, linear, harm), ``contradicted`` where it does (plateau at 4, at 9).

Truths: effect of 0.3 baseline SDs at 5 doses of 50 mg 60 minutes before; trials deviate with SD 2 points (0.13 baseline
SDs), alike at every number of doses unless told otherwise; residual SDs between 0.35 and 1.4 baseline SDs. Designs:
``published`` are numbers of people, arms, doses, timing and number of doses of the worked consortium's 21 trials,
``tenfold`` the same with ten times the people, ``ideal`` 21 trials of 50 with 1 to 12 doses, dose and timing apart from
them. What the grid leaves out, that residual SDs are uncertain, the sampler has; see tests/summaries/test_claim.py.
"""

import itertools
import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from ipdma._paths import data_schemas
from ipdma.curves.hinge import Hinge
from ipdma.curves.levelling import Levelling
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.plateau import Plateau
from ipdma.models.build_inputs import build_inputs
from ipdma.models.grid import grid_posterior
from ipdma.models.one_stage import OneStage
from ipdma.models.pack import Pack
from ipdma.models.sufficient import arm_positions
from ipdma.simulate.arrays import BASELINE_SD, ideal_designs
from ipdma.simulate.design_file import read_designs
from ipdma.simulate.effects import TrueEffect, arm_effects
from ipdma.simulate.simulated_design import simulated_design
from ipdma.summaries.claim import statement

LEVELLING = Levelling((1.0, 9.0), (9.0, 12.0))
MODEL = OneStage(
    main=Plateau("number_of_doses"), shifts=(LogLinear("dose"), Hinge("timing_min", at=60.0)), levelling=LEVELLING
)
WORDS = ("no_effect", "supported", "contradicted", "cannot_tell")
EFFECT, TAU = 0.3 * BASELINE_SD, 2.0
TRUTHS = {
    "no effect, constant": (TrueEffect(effect=0.0, tau=TAU), "supported"),
    "no effect, proportional": (TrueEffect(effect=0.0, tau=TAU, heterogeneity="proportional"), "supported"),
    "linear": (TrueEffect(effect=-EFFECT, tau=TAU), "supported"),
    "harm, linear": (TrueEffect(effect=EFFECT, tau=TAU), "supported"),
    "plateau at 4": (TrueEffect(effect=-EFFECT, tau=TAU, kappa=4.0), "contradicted"),
    "plateau at 9": (TrueEffect(effect=-EFFECT, tau=TAU, kappa=9.0), "contradicted"),
}


def published(times: int = 1) -> tuple[pd.DataFrame, np.ndarray]:
    """Arms of the worked consortium, and the participants of each."""
    rows = [
        (design.trial, arm.arm, "drug" if arm.active else "control", arm.active, arm.n * times,
         arm.number_of_doses, arm.dose, arm.timing_min)
        for design in read_designs(data_schemas() / "worked_consortium" / "designs")
        for arm in design.arms
        if arm.active or arm.treatment == "placebo"
    ]  # fmt: skip
    columns = ["trial", "arm", "treatment", "active", "people", "number_of_doses", "dose", "timing_min"]
    table = pd.DataFrame(rows, columns=columns)
    return table.drop(columns="people"), table["people"].to_numpy()


def ideal() -> tuple[pd.DataFrame, np.ndarray]:
    """21 trials of 50 with one active arm."""
    arms, sizes = ideal_designs(21, 50)
    return arms, np.repeat(sizes // 2, 2)


class Field:
    """Trials whose participants and baselines stay; outcomes are drawn anew for each data set."""

    def __init__(self, arms: pd.DataFrame, people: np.ndarray) -> None:
        rng = np.random.default_rng(11)
        self.arms = arms.reset_index(drop=True)
        own = np.repeat(np.arange(len(arms)), people)
        self.rows = pd.DataFrame(
            {
                "trial": self.arms["trial"].to_numpy()[own],
                "participant_id": np.arange(len(own)).astype(str),
                "arm": self.arms["arm"].to_numpy()[own],
                "active": self.arms["active"].to_numpy(dtype=bool)[own],
                "b": rng.normal(60.0, BASELINE_SD, len(own)),
                "arm_row": own,
            }
        )
        self.trial = pd.factorize(self.rows["trial"])[0]
        self.deviation = self.rows["b"] - self.rows.groupby("trial")["b"].transform("mean")
        y = rng.normal(40.0, 10.0, len(own))
        self.design = simulated_design(self.rows.drop(columns="arm_row").assign(y=y), self.arms, MODEL)
        self.inputs = build_inputs(self.design, MODEL)
        self.columns = self._columns()

    def _columns(self) -> np.ndarray:
        """Constant, baseline, and each arm slot's people."""
        trial, slot = arm_positions(self.design)
        of_arm = {(self.design.trials[t], a): s for t, a, s in zip(trial, self.design.arms["arm"], slot, strict=True)}
        own = np.array([of_arm.get(pair, -1) for pair in zip(self.rows["trial"], self.rows["arm"], strict=True)])
        slots = own[:, None] == np.arange(slot.max() + 1)
        return np.column_stack([np.ones(len(own)), self.deviation, slots])

    def outcomes(self, truth: TrueEffect, rng: np.random.Generator) -> np.ndarray:
        """Outcomes of everybody."""
        trials = self.trial.max() + 1
        effect = arm_effects(truth, self.arms, rng)[self.rows["arm_row"].to_numpy()]
        sd = 0.7 * BASELINE_SD * np.exp(rng.uniform(-np.log(2), np.log(2), trials))
        slope, level = rng.uniform(0.3, 0.7, trials), rng.normal(40.0, 8.0, trials)
        noise = rng.normal(size=len(effect)) * sd[self.trial]
        return level[self.trial] + slope[self.trial] * self.deviation.to_numpy() + effect + noise

    def inputs_of(self, y: np.ndarray):
        """Inputs of the same design with other outcomes; every constant taken from the data stays."""
        arrays = {name: value.copy() for name, value in self.inputs.data.arrays.items()}
        mean = np.bincount(self.trial, y) / np.bincount(self.trial)
        centred, x = y - mean[self.trial], self.columns
        arrays["cross"] = np.stack([np.bincount(self.trial, centred * column) for column in x.T], axis=1)
        arrays["square"] = np.bincount(self.trial, centred**2)
        arrays["own_mean"][:, 0] = self.design.means[:, 0] - mean
        explained = np.einsum("jp,jpq,jq->j", arrays["cross"], np.linalg.pinv(arrays["gram"]), arrays["cross"])
        ranks = np.linalg.matrix_rank(arrays["gram"])
        df = np.bincount(self.trial) - ranks
        log_sd, told = 0.5 * np.log((arrays["square"] - explained) / df), 2.0 * df
        median, sigma = (float(v) for v in self.inputs.priors.numbers["residual_sd"])
        arrays["log_sd_mean"] = (log_sd * told + np.log(median) / sigma**2) / (told + sigma**-2)
        return replace(self.inputs, data=Pack.of(arrays))


def one(field: Field, truth: TrueEffect, rng: np.random.Generator) -> tuple[str, bool]:
    """The word of one data set, and whether the interval holds the true effect."""
    grid = grid_posterior(field.inputs_of(field.outcomes(truth, rng)))
    effect = grid.effect()
    within = lambda value: 0.025 <= effect.below(value) <= 0.975  # noqa: E731
    word = statement(includes_zero=within(0.0), probability=grid.not_rising(LEVELLING))
    return word, within(truth.effect)


def main(count: int) -> None:
    print(
        f"{count} data sets a truth; percent of data sets. Wrong: the word that the truth forbids, must be below 5 %.\n"
    )
    print(f"{'designs':<11}{'truth':<25}" + "".join(f"{word:>14}" for word in WORDS) + f"{'wrong':>8}{'coverage':>10}")
    start, fields = time.perf_counter(), {"published": published(), "ideal": ideal(), "tenfold": published(10)}
    for name, (arms, people) in fields.items():
        field = Field(arms, people)
        for k, (label, (truth, forbidden)) in enumerate(TRUTHS.items()):
            rng = np.random.default_rng([2026, k])
            found = [one(field, truth, rng) for _ in range(count)]
            share = {word: 100.0 * np.mean([w == word for w, _ in found]) for word in WORDS}
            covered = 100.0 * np.mean([inside for _, inside in found])
            flag = "" if share[forbidden] < 5.0 else "  TOO OFTEN"
            cells = "".join(f"{share[word]:>14.1f}" for word in WORDS)
            print(f"{name:<11}{label:<25}{cells}{share[forbidden]:>8.1f}{covered:>10.1f}{flag}", flush=True)
    print(f"\n{len(fields) * len(TRUTHS) * count} data sets, {time.perf_counter() - start:.0f} seconds on one core.")


def power(count: int) -> None:
    print(f"{count} data sets a row; percent of data sets with each word. Truth: plateau at four doses, one visit.\n")
    print(f"{'designs':<11}{'effect, SD':>11}{'tau, points':>13}" + "".join(f"{word:>14}" for word in WORDS))
    for name, (arms, people) in {"published": published(), "ideal": ideal()}.items():
        field = Field(arms, people)
        for size, tau in itertools.product((0.3, 0.4, 0.5, 0.6), (0.0, TAU)):
            rng = np.random.default_rng([2026, 100])
            truth = TrueEffect(effect=-size * BASELINE_SD, tau=tau, kappa=4.0)
            words = [one(field, truth, rng)[0] for _ in range(count)]
            cells = "".join(f"{100.0 * np.mean([w == word for w in words]):>14.1f}" for word in WORDS)
            print(f"{name:<11}{size:>11.1f}{tau:>13.1f}{cells}", flush=True)


if __name__ == "__main__":
    asked = [argument for argument in sys.argv[1:] if argument != "--power"]
    (power if "--power" in sys.argv else main)(int(asked[0]) if asked else 400)
