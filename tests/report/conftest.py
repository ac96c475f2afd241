"""A summary as a run writes it, made by arithmetic: eight trials, a main curve, a shift, modifiers, two-stage."""

import copy
import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from ipdma._paths import data_schemas

Summary = dict[str, Any]
# trial: (randomized, analyzed, raw, se, doses, timing)
TRIALS = {
    "sim_01": (28, 27, -9.8, 4.9, 1, 60),
    "sim_02": (56, 52, -7.1, 3.4, 2, 60),
    "sim_03": (86, 81, -6.2, 2.7, 5, 60),
    "sim_04": (169, 154, -1.9, 2.0, 5, 60),
    "sim_05": (67, 60, 2.4, 3.3, 8, 120),
    "sim_06": (142, 131, -4.6, 2.1, 5, 120),
    "sim_07": (45, 41, -8.9, 4.1, 4, 0),
    "sim_08": (128, 119, -2.7, 2.2, 12, 60),
}
PROVENANCE = {
    "ipdma": "0.1.0",
    "schema": "1.0.0",
    "without": ["sim_09"],
    "versions": {"python": "3.13.0", "pymc": "6.1.0", "arviz": "1.2.0", "nutpie": "0.16.1"},
    "raw": {f"raw/{trial}.csv": f"{i:x}" * 64 for i, trial in enumerate(TRIALS)},
    "recipes": {"recipes/sim_01.yaml": "ab" * 32},
    "analysis": {"analysis.yaml": "cd" * 32},
}
SETTINGS = {
    "estimand": {
        "population": "all_randomized",
        "include": "age_years >= 18",
        "intercurrent_events": {"stopped_dosing": "treatment_policy"},
        "missing_covariates": "complete_case",
        "minimal_important_difference": 5,
    },
    "model": {"effect": "random_effects", "residual_sd": "by_trial", "baseline_slope": "by_trial"},
    "two_stage": {"adjustment": "ancova"},
    "priors": {
        "effect": {"prior": "normal(0, 1 sd)", "points": "normal(0, 16.2)"},
        "tau": {"prior": "half_normal(0.5 sd)", "points": "half_normal(8.1)"},
        "kappa": "uniform(0, 24)",
    },
    "sampling": {"seed": 1, "chains": 4, "draws": 1000, "tune": 1000},
}


def estimate(mean: float, sd: float, skew: float = 0.0) -> dict[str, float]:
    return {
        "mean": mean,
        "sd": sd,
        "q2.5": mean - (1.96 - skew) * sd,
        "median": mean - skew * sd / 3,
        "q97.5": mean + (1.96 + skew) * sd,
    }


def trial_effects() -> list[Summary]:
    precision = {trial: 1 / (row[3] ** 2 + 2.0**2) for trial, row in TRIALS.items()}
    total = sum(precision.values())
    rows = []
    for i, (trial, (_, analyzed, raw, se, _, _)) in enumerate(TRIALS.items()):
        pull = 2.0**2 / (2.0**2 + se**2)
        shrunken = estimate(pull * raw + (1 - pull) * -3.912, (pull * se**2 + 1.1) ** 0.5)
        rows.append({
            "trial": trial, "label": f"Simulated trial {i + 1} ({2004 + i})", "n": analyzed, "raw": raw,
            "raw_se": se, "shrunken": shrunken, "weight": 100 * precision[trial] / total,
        })  # fmt: skip
    return rows


def flow() -> list[Summary]:
    rows = []
    for i, (trial, (randomized, analyzed, *_)) in enumerate(TRIALS.items()):
        lost = randomized - analyzed
        other = lost // 3 if i in (3, 5) else 0
        rows.append({
            "trial": trial, "label": f"Simulated trial {i + 1} ({2004 + i})", "randomized": randomized,
            "other_arm": other, "not_included": lost // 4, "outcome_missing": lost - other - lost // 4,
            "covariate_missing": 0, "analyzed": analyzed,
        })  # fmt: skip
    return rows


def points(grid: np.ndarray, column: int, effect: Callable[[float], tuple[float, float]]) -> list[Summary]:
    rows = []
    for x in grid:
        here = [row for row in TRIALS.values() if row[column] == x]
        rows.append({
            "x": float(x), "effect": estimate(*effect(float(x))), "q25": effect(float(x))[0] - 0.2, "trials": len(here),
            "q75": effect(float(x))[0] + 0.2,
            "participants": sum(row[1] for row in here),
        })  # fmt: skip
    return rows


def number_of_doses() -> Summary:
    return {
        "variable": "number_of_doses", "curve": "plateau", "role": "main", "unit": "1", "reference": 5.0,
        "effect_at_reference": estimate(-4.417, 1.523),
        "height": estimate(-5.836, 2.641, 0.3),
        "prior_height": estimate(0.0, 24.31),
        "parameters": {"kappa": estimate(11.31, 6.214, 0.5)},
        "n95": estimate(9.624, 5.104, 0.4),
        "gains": [{"from": 5, "to": 9, "effect": estimate(-0.912, 1.431)}],
        "n95_caution": "no evidence of a plateau by itself: before the data it lay near 9 too",
        "beyond_observed": 0.3912, "falls": 0.2213, "guards": guards(0.2174),
        "contraction": {"kappa": 0.2174, "height": 0.8814},
        "points": points(
            np.linspace(0, 12, 49), 4,
            lambda x: (-5.8 * (1 - np.exp(-x / 3.2)), 0.35 * min(x, 5) ** 0.9 + 0.22 * max(x - 5, 0)),
        ),
    }  # fmt: skip


def timing() -> Summary:
    return {
        "variable": "timing_min", "curve": "hinge", "role": "shift", "unit": "min", "reference": 60.0,
        "effect_at_reference": estimate(-4.417, 1.523),
        "move": {"from": 60.0, "to": 120.0, "effect": estimate(1.623, 1.874)},
        "contraction": {"timing_min": 0.7863}, "guards": guards(0.7863),
        "points": points(
            np.linspace(0, 120, 25), 5, lambda x: (-4.183 + 1.623 * max(x - 60, 0) / 60, 1.49 + max(x - 60, 0) / 70)
        ),
    }  # fmt: skip


GROUPS = ("specific phobia", "social anxiety disorder", "obsessive-compulsive disorder")


def consortium() -> list[Summary]:
    """The eight trials and two that are not analyzed."""
    rows = []
    for i, (trial, (randomized, analyzed, _, _, doses, timing)) in enumerate(TRIALS.items()):
        arms = [{"arm": "drug", "participants": randomized // 2, "number_of_doses": doses, "dose": 50.0,
                 "dose_unit": "mg", "timing_min": timing}]  # fmt: skip
        if i == 0:
            arms.append({**arms[0], "arm": "drug_high", "dose": 500.0})
        row = {
            "trial": trial, "label": f"Simulated trial {i + 1} ({2004 + i})", "status": "analyzed", "year": 2004 + i,
            "group": GROUPS[i % 3], "n_randomized": randomized + (i == 2), "randomized": randomized,
            "analyzed": analyzed, "instrument": ("MADRS-10", "LSAS")[i % 2], "arms": arms,
            "rob": {"rob_randomization": "low", "rob_overall": ("low", "some_concerns", "high", "unclear")[i % 4]},
        }  # fmt: skip
        rows.append(row)
    rows[0]["doi"] = "10.1000/example.1"
    del rows[1]["year"], rows[1]["arms"], rows[1]["rob"]
    return [
        *rows,
        {"trial": "sim_09", "label": "Simulated trial 9", "status": "excluded", "why": "36 people of an open trial"},
        {
            "trial": "sim_10",
            "label": "Simulated trial 10",
            "status": "no_individual_data",
            "why": "no reply",
            "year": 2012,
        },
    ]


def availability() -> list[Summary]:
    statuses = ("complete", "complete", "partial", "impossible", "complete", "undetermined")
    columns = (("arms", "number_of_doses"), ("arms", "timing_min"), ("participants", "age_years"),
               ("participants", "antidepressant_baseline"), ("assessments", "score"))  # fmt: skip
    return [
        {
            "table": table,
            "column": column,
            "trials": {trial: statuses[(i + 2 * k) % 6] for i, trial in enumerate(TRIALS)},
        }
        for k, (table, column) in enumerate(columns)
    ]


def tau_density() -> Summary:
    x = np.linspace(0.0, 12.0, 61)
    posterior = np.exp(-0.5 * ((x - 2.2) / 1.1) ** 2) / 2.7
    return {"x": x.tolist(), "posterior": posterior.tolist(), "prior": (np.exp(-((x / 8.1) ** 2) / 2) / 10.2).tolist()}


def claim() -> Summary:
    return {
        "claim": "levelling", "variable": "number_of_doses", "curve": "plateau", "early": [1.0, 9.0],
        "late": [9.0, 12.0], "statement": "cannot_tell",
        "sentence": "These data cannot tell whether the benefit levels off or goes on growing from 9 to 12.",
        "gate": {"interval": [-7.402, -1.432], "includes_zero": False}, "effect_is": "benefit",
        "prior_probability": 0.5031, "posterior_probability": 0.6127, "mcse": 0.0114, "odds_ratio": 1.561,
        "prior_sensitive": False,
        "under_priors": [
            {"priors": "halved", "statement": "cannot_tell", "posterior_probability": 0.5873},
            {"priors": "doubled", "statement": "cannot_tell", "posterior_probability": 0.6341},
        ],
    }  # fmt: skip


def guards(contraction: float) -> Summary:
    return {
        "trials_off_reference": 4, "participants_off_reference": 233,
        "correlations": [{"term": "timing_min", "r": 0.3127}, {"term": "dose", "r": -0.4173}],
        "contraction": contraction, "prior_dominated": contraction < 0.3,
        "height_warning": "Before the data the height reaches 3.4 s.", "sentence": "Observational, 8 trials.",
    }  # fmt: skip


def control_arm() -> list[Summary]:
    trials = [
        {"trial": trial, "label": f"Simulated trial {i + 1}", "x": float(row[4]), "change": -9.0 - row[4] + row[2] / 4,
         "se": row[3] / 1.4, "participants": row[1] // 2}
        for i, (trial, row) in enumerate(TRIALS.items())
    ]  # fmt: skip
    line = [{"x": float(x), "estimate": -9.0 - 1.1 * x, "ci": [-12.0 - 1.3 * x, -6.0 - 0.9 * x]} for x in range(1, 13)]
    return [{
        "variable": "number_of_doses", "unit": "1", "trials": 8, "participants": 331,
        "slope": {"estimate": -1.127, "se": 0.346, "ci": [-1.974, -0.281]}, "points": line, "trial_points": trials,
        "sentence": "Across trials the control arm changes by \u22121.13 per dose (observational, 8 trials).",
    }]  # fmt: skip


def curve_comparison() -> Summary:
    return {
        "against": "plateau", "trials": 8,
        "sentence": "Leaving out one trial at a time cannot tell the curves apart.",
        "curves": [
            {"curve": "plateau", "variable": "number_of_doses", "score": -24.117, "verdict": "reference"},
            {"curve": "emax", "variable": "number_of_doses", "score": -24.342, "difference": -0.225, "se": 0.413,
             "verdict": "cannot_tell"},
            {"curve": "no_curve", "score": -25.011, "difference": -0.894, "se": 0.927, "verdict": "cannot_tell"},
        ],
    }  # fmt: skip


def sensitivity() -> list[Summary]:
    """Leave one trial out, a prior, a curve, another metric, one that was refused, and the interactions."""
    well = {"divergences": 0, "rhat_max": 1.0023}
    rows: list[Summary] = [
        {"family": "leave_one_trial_out", "label": f"without Simulated trial {i + 1}", "model": "plain",
         "quantity": "pooled_effect", **estimate(-3.912 + 0.11 * i, 1.219 + 0.02 * i + (1.2 if i == 7 else 0.0)),
         "tau": estimate(2.2, 1.1), **well}
        for i in range(8)
    ]  # fmt: skip
    rows += [
        {"family": "tau_prior", "label": "half_normal(1 sd)", "model": "plain", "quantity": "pooled_effect",
         **estimate(-3.954, 1.341), "tau": estimate(2.413, 1.3), "divergences": 1, "rhat_max": 1.0131},
        {"family": "tau_prior", "label": "half_normal(0.25 sd)", "model": "plateau over number_of_doses",
         "quantity": "effect_at_reference", **estimate(-4.583, 1.523), "tau": estimate(2.1, 1.2),
         "parameters": {"kappa": estimate(10.7, 5.9)}, "claim": "supported", "claim_probability": 0.9377, **well},
        {"family": "tau_prior", "label": "half_normal(1 sd)", "model": "plateau over number_of_doses",
         "quantity": "effect_at_reference", **estimate(-4.421, 1.617), "tau": estimate(2.5, 1.3),
         "parameters": {"kappa": estimate(11.4, 6.2)}, "claim": "cannot_tell",
         "claim_probability": 0.5713, **well},
        {"family": "metric", "label": "metric baseline_sd", "model": "plain", "unit": "SD",
         "quantity": "pooled_effect_other_unit", **estimate(-0.2413, 0.0752), "tau": estimate(0.13, 0.07), **well},
        {"family": "metric", "label": "metric raw", "model": "plain", "refused": "2 instruments, raw takes one."},
        {"family": "interaction_priors", "label": "4 times as wide", "model": "plain",
         "quantity": "within.antidepressant_baseline", **estimate(1.347, 2.338), **well},
    ]  # fmt: skip
    return rows


def emax() -> Summary:
    """A second curve over the number of doses, in a fit of its own."""
    return {
        **number_of_doses(), "curve": "emax", "effect_at_reference": estimate(-4.203, 1.601),
        "parameters": {"ed50": estimate(4.312, 3.017, 0.5)}, "contraction": {"ed50": 0.4177, "height": 0.8631},
        "height": estimate(-6.217, 2.903, 0.3), "prior_height": estimate(0.0, 25.73), "n95": estimate(10.213, 3.317),
        "points": points(np.linspace(0, 12, 49), 4, lambda x: (-9.0 * x / (x + 4.3), 0.3 * x)),
    }  # fmt: skip


def example() -> Summary:
    """A summary with everything that the first version of a run can write."""
    return {
        "summary": 1,
        "title": "Drug before sessions: a worked example",
        "ipdma": "0.1.0",
        "trials": 8,
        "participants": sum(row[0] for row in TRIALS.values()),
        "participants_analyzed": sum(row[1] for row in TRIALS.values()),
        "metric": "pomp",
        "unit": "percent of maximum possible",
        "direction": "higher_is_worse",
        "interval": "95% equal-tailed",
        "contrast": {"treatment": "drug", "control": "placebo"},
        "visit": "post",
        "outcome": "symptom_severity",
        "simulated": True,
        "baseline_sd": 16.214,
        "pooled_effect": estimate(-3.912, 1.218),
        "new_trial_effect": estimate(-3.874, 2.931),
        "tau": estimate(2.213, 1.142, 0.5),
        "benefit": {"beyond_zero": 0.99875, "beyond_mid": 0.1842},
        "tau_density": tau_density(),
        "flow": flow(),
        "consortium": consortium(),
        "availability": availability(),
        "two_stage": {
            "estimate": -3.795, "se": 1.093, "ci_wald": [-5.937, -1.653], "ci_hartung_knapp": [-6.613, -0.977],
            "prediction": [-8.311, 0.721], "tau2": 2.318,
            "tau2_ci": [0.0, 17.412], "i2": 26.41, "q": 9.874, "df": 7,
        },
        "bayes_two_stage": {
            "pooled_effect": estimate(-3.861, 1.261),
            "tau": estimate(2.284, 1.193, 0.5),
            "new_trial_effect": estimate(-3.861, 3.014),
        },
        "trial_effects": trial_effects(),
        "interactions": [
            {
                "modifier": "antidepressant_baseline",
                "within": estimate(1.147, 2.038),
                "across": estimate(-2.316, 3.617),
                "difference": estimate(-3.463, 4.152),
                "unit": "yes against no",
                "guards": {**guards(0.4127), "sentence": "The part across trials is an observational comparison."},
            },
            {"modifier": "baseline_severity", "within": estimate(-0.0841, 0.0613)},
        ],
        "curves": [number_of_doses(), timing(), emax()],
        "claim": claim(),
        "control_arm": control_arm(),
        "curve_comparison": curve_comparison(),
        "sensitivity": sensitivity(),
        "contrasts": [
            {
                "name": "nine against five doses", "effect": estimate(-0.912, 1.431), "trials_a": 1, "trials_b": 3,
                "participants_a": 59, "participants_b": 183,
            }
        ],
        "diagnostics": [
            {
                "model": model, "rhat_max": rhat, "ess_bulk_min": ess, "ess_tail_min": ess + 212.4, "divergences": 0,
                "warnings": [],
            }
            for model, rhat, ess in (
                ("plain", 1.0031, 2141.7),
                ("plateau over number_of_doses, hinge over timing_min", 1.0046, 1632.2),
            )
        ],
        "notes": ["2 trial-level terms for 8 trials: more than a fifth, so read the curves with care."],
        "seconds": {"harmonize": 1.2, "compile": 21.4, "sample": 3.1, "report": 1.9},
        "truth": {"effect_at_reference": -5.0, "tau": 2.0, "plateau": {"kappa": 4.0}, "by_trial": [1.0, 2.0]},
    }  # fmt: skip


def estimates_only() -> Summary:
    """A summary of given estimates: no participants, no one-stage model, no curves."""
    whole = example()
    kept = ("summary", "trials", "direction", "interval", "contrast", "two_stage", "bayes_two_stage", "seconds")
    effects = [{key: row[key] for key in ("trial", "label", "raw", "raw_se", "shrunken")} for row in trial_effects()]
    return {
        **{key: whole[key] for key in kept}, "metric": "raw", "unit": "points", "flow": [], "diagnostics": [],
        "trial_effects": effects,
    }  # fmt: skip


def one_trial() -> Summary:
    """A summary of a single trial: neither tau nor a new trial's effect."""
    whole = example()
    for key in (
        "tau", "tau_density", "new_trial_effect", "curves", "contrasts", "notes", "truth", "bayes_two_stage", "claim",
        "control_arm", "curve_comparison", "sensitivity",
    ):  # fmt: skip
        del whole[key]
    whole.update(trials=1, participants=28, participants_analyzed=27, simulated=False)
    for name in ("flow", "trial_effects", "consortium"):
        whole[name] = whole[name][:1]
    for row in whole["availability"]:
        row["trials"] = {"sim_01": row["trials"]["sim_01"]}
    whole["two_stage"] = {"estimate": -9.8, "se": 4.9, "ci_wald": [-19.4, -0.2]}
    whole["interactions"] = [{"modifier": "age_years", "within": estimate(0.213, 0.306)}]
    return whole


def bare() -> Summary:
    """A summary with nothing but what the schema requires."""
    whole = example()
    kept = ("summary", "trials", "metric", "direction", "interval", "contrast", "seconds")
    return {**{key: whole[key] for key in kept}, "flow": [], "trial_effects": [], "diagnostics": []}


SUMMARIES = {"example": example, "estimates_only": estimates_only, "one_trial": one_trial, "bare": bare}


@pytest.fixture(params=SUMMARIES)
def summary(request: pytest.FixtureRequest) -> Summary:
    """Each kind of summary in turn."""
    return copy.deepcopy(SUMMARIES[request.param]())


@pytest.fixture
def full_summary() -> Summary:
    """The summary in which everything is present."""
    return example()


@pytest.fixture
def provenance() -> dict[str, Any]:
    return copy.deepcopy(PROVENANCE)


@pytest.fixture
def settings() -> dict[str, Any]:
    return copy.deepcopy(SETTINGS)


@pytest.fixture
def summary_schema() -> dict[str, Any]:
    text = (data_schemas() / "summary.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


VOID = {"meta", "link", "br", "hr", "img", "input"}


class Node:
    """An element: its tag, attributes, children (elements and texts) and parent."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: "Node | None") -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Node | str] = []

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, tag: str, **attributes: str) -> list["Node"]:
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [
            node for node in self.walk()
            if node.tag == tag and all(value in node.attributes.get(key, "").split() for key, value in wanted.items())
        ]  # fmt: skip

    def with_key(self, name: str) -> list["Node"]:
        return [node for node in self.walk() if name in node.attributes]

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Node("document", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {key: value or "" for key, value in attrs}, self.here)
        self.here.children.append(node)
        if tag not in VOID:
            self.here = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Node(tag, {key: value or "" for key, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"<{self.here.tag}> is closed by </{tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


@pytest.fixture
def read_html() -> Callable[[str], Node]:
    """Read HTML into a tree; an element that is not closed in its turn fails the test."""

    def read(html: str) -> Node:
        reader = _Reader()
        reader.feed(html)
        reader.close()
        assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
        return reader.root

    return read
