"""The truth that simulated trials are drawn from, and its file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast, get_args

from ipdma.analysis_file.node import Node
from ipdma.simulate.effects import Heterogeneity, TrueEffect
from ipdma.simulate.sourced import need, read_nodes


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A number that differs between trials: normal with this mean and SD."""

    mean: float
    sd: float


@dataclass(frozen=True, kw_only=True)
class TrueModifier:
    """What one unit of a participants column changes: the drug's effect within and across trials, and the outcome."""

    within: float = 0.0
    across: float = 0.0
    prognostic: Spread = field(default_factory=lambda: Spread(mean=0.0, sd=0.0))


@dataclass(frozen=True, kw_only=True)
class DropOut:
    """Chance to drop out in each phase; log odds per point of baseline; chance to miss a single visit."""

    by_phase: Mapping[str, float]
    per_baseline_point: float
    missed_visit: float


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Everything that simulated participants are drawn from; outcomes in percent of the maximum possible score.

    Parameters
    ----------
    effect
        The drug's effect, its spread between trials and its curves.
    modifiers
        By participants column (yes is 1), or ``baseline_severity`` (per point).
    baseline, baseline_sd, baseline_minimum
        Trial means; SD within a trial; nobody below the minimum enters.
    baseline_slope, control_change, residual_sd, residual_log_sd, visit_correlation
        Regression of the outcome on baseline; change without the drug until post; SD of the residual, how its log
        differs between trials, and its correlation between two visits.
    drop_out
        Who is not seen.
    incomplete_share, most_items_left_out
        Share of item forms after baseline with items left out, and how many at most.
    timing_sd, not_recorded
        Spread of the pill's time in minutes, and share of sessions whose times were not written down.
    """

    effect: TrueEffect
    modifiers: Mapping[str, TrueModifier]
    baseline: Spread
    baseline_sd: float
    baseline_minimum: float
    baseline_slope: Spread
    control_change: Spread
    residual_sd: float
    residual_log_sd: float
    visit_correlation: float
    drop_out: DropOut
    incomplete_share: float
    most_items_left_out: int
    timing_sd: float
    not_recorded: float


def read_truth(path: Path) -> Truth:
    """Return the truth that a file states.

    Raises
    ------
    SimulationError
        If the file is not YAML, or has an unknown or missing key or something else than a number; with the line.
    """
    return read_nodes(path, _truth)


def _truth(top: Node) -> Truth:
    numbers = ("baseline_sd", "baseline_minimum", "residual_sd", "residual_log_sd", "visit_correlation")
    rates = ("incomplete_share", "most_items_left_out", "timing_sd", "not_recorded")
    spreads = ("baseline", "baseline_slope", "control_change")
    nodes = need(top, ["truth", "effect", "modifiers", "drop_out", *numbers, *rates, *spreads])
    values: dict[str, Any] = {name: nodes[name].number() for name in (*numbers, *rates)}
    return Truth(
        effect=_effect(nodes["effect"]),
        modifiers={name: _modifier(child) for name, child in nodes["modifiers"].mapping().items()},
        drop_out=_drop_out(nodes["drop_out"]),
        most_items_left_out=int(values.pop("most_items_left_out")),
        baseline=_spread(nodes["baseline"]),
        baseline_slope=_spread(nodes["baseline_slope"]),
        control_change=_spread(nodes["control_change"]),
        **values,
    )


def _effect(node: Node) -> TrueEffect:
    nodes = need(
        node,
        ["effect", "tau", "kappa", "heterogeneity", "arm_correlation", "reference", "dose", "timing_min"],
    )
    reference = need(nodes["reference"], ["number_of_doses", "dose", "timing_min"])
    dose = need(nodes["dose"], ["move", "effect"])
    timing = need(nodes["timing_min"], ["move", "effect"])
    return TrueEffect(
        effect=nodes["effect"].number(),
        tau=nodes["tau"].number(minimum=0),
        kappa=None if nodes["kappa"].value == "none" else nodes["kappa"].number(minimum=0),
        heterogeneity=cast(Heterogeneity, nodes["heterogeneity"].choice(get_args(Heterogeneity))),
        arm_correlation=nodes["arm_correlation"].number(minimum=0),
        reference_doses=reference["number_of_doses"].number(),
        reference_dose=reference["dose"].number(),
        dose_move=_move(dose["move"]),
        dose_effect=dose["effect"].number(),
        timing_at=reference["timing_min"].number(),
        timing_move=_move(timing["move"]),
        timing_effect=timing["effect"].number(),
    )


def _move(node: Node) -> tuple[float, float]:
    ends = [child.number() for child in node.items()]
    if len(ends) != 2:
        raise node.error(f"{node.name} must be two numbers, from and to.")
    return ends[0], ends[1]


def _spread(node: Node) -> Spread:
    nodes = need(node, ["mean", "sd"])
    return Spread(mean=nodes["mean"].number(), sd=nodes["sd"].number(minimum=0))


def _modifier(node: Node) -> TrueModifier:
    nodes = need(node, ["within", "across", "prognostic"])
    return TrueModifier(
        within=nodes["within"].number(),
        across=nodes["across"].number(),
        prognostic=_spread(nodes["prognostic"]),
    )


def _drop_out(node: Node) -> DropOut:
    nodes = need(node, ["by_phase", "per_baseline_point", "missed_visit"])
    phases = need(nodes["by_phase"], ["mid", "post", "followup"])
    return DropOut(
        by_phase={phase: child.number(minimum=0) for phase, child in phases.items()},
        per_baseline_point=nodes["per_baseline_point"].number(),
        missed_visit=nodes["missed_visit"].number(minimum=0),
    )
