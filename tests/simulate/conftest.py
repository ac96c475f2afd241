import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from ipdma.schemas.scale import ItemSet, MissingItems, Scale, Score
from ipdma.simulate.design import TrialDesign
from ipdma.simulate.design_file import read_design
from ipdma.simulate.trial import SimulatedTrial
from ipdma.simulate.truth_file import Truth, read_truth
from ipdma.simulate.worked import simulate_trials

DESIGN = """\
design: 1
trial: trial_a
like: nothing published
arms:
  - {arm: placebo, treatment: placebo, n: {value: 40, filled: equal arms}}
  - arm: drug_low
    treatment: drug
    n: {value: 40, source: a registry}
    dose: {value: 50 mg, source: a registry}
    number_of_doses: {value: 4, source: a registry}
    timing_min: {value: 60, source: a registry}
visits:
  - {visit: pre, phase: baseline, week: {value: 0, filled: start}}
  - {visit: half, phase: mid, week: {value: 2, filled: half}, doses_before: {value: 2, filled: half}}
  - {visit: post, phase: post, week: {value: 4, filled: weekly}}
instrument: {value: scale_a, filled: any}
participants:
  id: "A-{number}"
  age_mean: {value: 30, filled: adults}
  age_sd: {value: 8, filled: adults}
  age_minimum: {value: 18, filled: adults}
  age_maximum: {value: 65, filled: adults}
  female_share: {value: 0.5, filled: even}
  yes_shares: {antidepressant_baseline: {value: 0.3, filled: some}}
files:
  - file: trial_a.csv
    format: csv
    rows: participant
    visits: {pre: a, half: b, post: c}
    not_answered: 99
    columns:
      - {name: id, holds: participant_id}
      - {name: grp, holds: arm, codes: {placebo: 2, drug_low: 1}, labels: {1: Drug, 2: Placebo}, label: Group}
      - {name: alter, holds: age_years}
      - {name: ad, holds: antidepressant_baseline, codes: {"no": 0, "yes": 1}}
      - {name: "x{i:02d}_{visit}", holds: items, set: all, label: "Item {i}, {visit}"}
      - {name: "s{session}_pill", holds: pill}
      - {name: "s{session}_start", holds: start}
      - {name: remark, holds: text, text: geprüft}
"""

TRUTH = """\
truth: 1
effect:
  effect: -4
  tau: 0
  kappa: 9
  heterogeneity: constant
  arm_correlation: 0.5
  reference: {number_of_doses: 5, dose: 50, timing_min: 60}
  dose: {move: [50, 250], effect: 0}
  timing_min: {move: [60, 120], effect: 0}
modifiers:
  antidepressant_baseline: {within: 2, across: 0, prognostic: {mean: 0, sd: 0}}
  baseline_severity: {within: 0, across: 0, prognostic: {mean: 0, sd: 0}}
baseline: {mean: 60, sd: 3}
baseline_sd: 15
baseline_minimum: 40
baseline_slope: {mean: 0.5, sd: 0}
control_change: {mean: -18, sd: 0}
residual_sd: 10
residual_log_sd: 0
visit_correlation: 0.6
drop_out: {by_phase: {mid: 0.1, post: 0.1, followup: 0.1}, per_baseline_point: 0, missed_visit: 0.02}
incomplete_share: 0.1
most_items_left_out: 2
timing_sd: 5
not_recorded: 0.1
"""


@pytest.fixture
def design_text() -> str:
    return DESIGN


@pytest.fixture
def truth_text() -> str:
    return TRUTH


@pytest.fixture
def design(tmp_path: Path) -> TrialDesign:
    path = tmp_path / "trial_a.yaml"
    path.write_text(DESIGN, encoding="utf-8", newline="\n")
    return read_design(path)


@pytest.fixture
def truth(tmp_path: Path) -> Truth:
    path = tmp_path / "truth.yaml"
    path.write_text(TRUTH, encoding="utf-8", newline="\n")
    return read_truth(path)


@pytest.fixture
def scale() -> Scale:
    """Twenty items of 0 to 5: fine enough that rounding to points does not matter."""
    complete = MissingItems(rule="complete")
    return Scale(
        code="scale_a",
        name="Scale A",
        constructs=("severity",),
        direction="higher_is_worse",
        sets={"all": ItemSet(number=20, minimum=0, maximum=5)},
        scores={"total": Score(name="total", how="sum", sets=("all",), minimum=0, maximum=100, missing_items=complete)},
        primary="total",
    )


@pytest.fixture
def simulated(design: TrialDesign, truth: Truth, scale: Scale) -> Callable[..., SimulatedTrial]:
    """Simulate the trial with ``n`` participants an arm."""

    def simulate(n: int = 40, seed: int = 1) -> SimulatedTrial:
        sized = dataclasses.replace(design, arms=tuple(dataclasses.replace(arm, n=n) for arm in design.arms))
        return simulate_trials((sized,), truth, seed=seed, scales={"scale_a": scale})[design.trial]

    return simulate
