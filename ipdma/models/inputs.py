"""All numbers a compiled one-stage model reads, in one vector; what is left is the model's structure."""

from dataclasses import dataclass

import numpy as np

from ipdma.design.design import Design
from ipdma.models.coordinates import Coordinates, Grid, Layout, build_coordinates, shared_names, slope_names
from ipdma.models.default_priors import Priors, across_columns, covariate_name, has_tau, resolve_priors
from ipdma.models.one_stage import OneStage
from ipdma.models.pack import Pack


@dataclass(frozen=True, kw_only=True, eq=False)
class Inputs:
    """Structure and numbers of a one-stage model on a design.

    ``levels`` names the parameters of the arms' mean (effect, shifts, across terms), ``slopes``, ``shared`` and
    ``intercept`` name the priors of the others; ``key`` is the same for models that share compiled code.
    """

    model: OneStage
    layout: Layout
    priors: Priors
    levels: tuple[str, ...]
    slopes: tuple[str, ...]
    shared: tuple[str, ...]
    random: bool
    pack: Pack

    @property
    def key(self) -> tuple[object, ...]:
        """What a compiled model depends on."""
        curves = (self.model.main, *self.model.shifts)
        kinds = tuple(sorted((name, kind.kind) for name, kind in self.priors.kinds.items()))
        shapes = tuple(self.pack.shapes.items())
        return (curves, self.model.heterogeneity, self.random, self.layout, self.levels, self.shared, kinds, shapes)


def build_inputs(design: Design, model: OneStage) -> Inputs:
    """Return the inputs of a model on a design.

    Raises
    ------
    AnalysisError, PriorError
        If the priors do not fit the model.
    """
    priors, layout = resolve_priors(design, model), Layout.of(design, model)
    grid = Grid.of(design, layout)
    coordinates = build_coordinates(design, model, priors, grid, layout)
    levels = _level_names(design, model)
    arrays = {"n": grid.n, "factor": grid.factor, "present": grid.present}
    arrays |= _coordinate_arrays(coordinates, model, layout)
    arrays |= _level_arrays(design, model, layout, levels)
    arrays |= {"prior_precision": np.array([priors.mean_precision(name)[1] for name in levels])}
    arrays |= {"prior_mean": np.array([priors.mean_precision(name)[0] for name in levels])}
    for name, numbers in priors.numbers.items():
        centred = design.y_mean if name == "trial_intercept" else 0.0
        arrays |= {f"prior:{name}:{i}": x - centred if i == 0 else x for i, x in enumerate(numbers)}
    return Inputs(
        model=model,
        layout=layout,
        priors=priors,
        levels=tuple(levels),
        slopes=tuple(slope_names(design)[q] for q in layout.by_trial),
        shared=tuple(shared_names(design, layout)),
        random=has_tau(design, model),
        pack=Pack.of(arrays),
    )


def _level_names(design: Design, model: OneStage) -> list[str]:
    across = [f"across.{covariate_name(column)}" for column in across_columns(design)]
    return ["effect", *(f"curves.{curve.variable}" for curve in model.shifts), *across]


def _coordinate_arrays(c: Coordinates, model: OneStage, layout: Layout) -> dict[str, np.ndarray]:
    rho = model.arm_correlation
    order = np.arange(layout.arms)
    # Equicorrelated deviations in sequence: u_a given those before is Normal(pull * their sum, tau^2 * left).
    pull = rho / (1.0 + (order - 1.0) * rho) * (order > 0)
    left = 1.0 - order * rho * pull
    return {
        "anchor": c.anchor,
        "gain_effect": c.gain_effect,
        "gain_shared": c.gain_shared,
        "spread": c.spread,
        "estimate": c.estimate,
        "se": c.se,
        "conditional_se": c.conditional_se,
        "carry": c.carry,
        "information": c.information,
        "score": c.score,
        "shared_mean": c.shared_mean,
        "shared_spread": c.shared_spread,
        "log_sd_mean": c.log_sd_mean,
        "log_sd_spread": c.log_sd_spread,
        "tau_scale": np.array(c.tau_scale),
        "pull": pull,
        "left": left,
    }


def _level_arrays(design: Design, model: OneStage, layout: Layout, levels: list[str]) -> dict[str, np.ndarray]:
    """Return the main variable and reference, and for each level after the effect its column, (level, trial, arm)."""
    trials, slot = len(design.trials), design.arms.groupby("trial", sort=False).cumcount().to_numpy()
    trial = np.array([design.trials.index(t) for t in design.arms["trial"]])

    def dense(values: np.ndarray, empty: float) -> np.ndarray:
        grid = np.full((trials, layout.arms), empty)
        grid[trial, slot] = values
        return grid

    columns = []
    for curve in model.shifts:
        x = design.arms[curve.variable].to_numpy(dtype="float64")
        reference, move = design.reference[curve.variable], design.moves[curve.variable]
        columns.append(dense(np.asarray(curve.per_move(x, reference, move)), 0.0))
    for column in across_columns(design):
        q = design.covariates.index(column)
        columns.append(np.repeat((design.means[:, q] - design.center[q])[:, None], layout.arms, axis=1))
    arrays = {"level_columns": np.array(columns).reshape(len(levels) - 1, trials, layout.arms)}
    if model.main is not None:
        reference = design.reference[model.main.variable]
        arrays |= {
            "main_x": dense(design.arms[model.main.variable].to_numpy(dtype="float64"), reference),
            "main_reference": np.array(reference),
        }
    return arrays
