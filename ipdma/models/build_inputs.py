"""Inputs of a one-stage model from a design, and without some of its trials."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ipdma.design.design import Design
from ipdma.errors import DesignError
from ipdma.models.default_priors import Priors, across_columns, covariate_name, has_tau, resolve_priors
from ipdma.models.inputs import HALVES, Inputs
from ipdma.models.maps import coordinate_maps
from ipdma.models.one_stage import OneStage
from ipdma.models.pack import Pack
from ipdma.models.sufficient import Layout, Sufficient, arm_positions, residual_sd, sufficient
from ipdma.models.terms import Term, terms_of
from ipdma.priors.prior import HalfCauchy


def build_inputs(design: Design, model: OneStage) -> Inputs:
    """Return the inputs of a model on a design.

    Raises
    ------
    AnalysisError, PriorError
        If the priors do not fit the model.
    """
    priors, layout = resolve_priors(design, model), Layout.of(design, model)
    slopes = ["baseline_slope", *(f"prognostic.{column}" for column in design.covariates[1:])]
    across = [f"across.{covariate_name(column)}" for column in across_columns(design) if model.interaction_across]
    terms = terms_of(design, model)
    levels = [*(name for term in terms for name in term.coefficients), *across]
    names = [covariate_name(column) for column in design.covariates]
    shared = [*(slopes[q] for q in layout.common), *(f"within.{names[q]}" for q in layout.modifiers)]
    random = has_tau(design, model)
    own = [slopes[q] for q in layout.by_trial]
    data = sufficient(design, layout)
    sd, df = residual_sd(design, layout, common=model.residual_sd == "common")
    arrays = _linear_numbers(design, priors, data, layout, slopes=own, common=[*levels, *shared])
    proportional = random and model.heterogeneity == "proportional" and model.main is not None
    arrays |= {"root": _root(model, layout, random=random), "proportional": np.array(float(proportional))}
    arrays |= {"columns": _columns(design, model, layout, terms), "moving": _moving(terms)}
    arrays |= _main_arrays(design, layout, terms[0]) | _log_sd(sd, df, priors)
    arrays["arms"] = np.zeros((len(design.trials), layout.arms))  # for its shape alone
    for term in terms[1:]:
        arrays |= _shift_arrays(design, layout, term) if term.parameters else {}
    for name in ("tau", "residual_sd", *(name for term in terms for name in term.parameters)):
        arrays |= {f"prior:{name}:{i}": x for i, x in enumerate(priors.numbers.get(name, ()))}
    if random and priors.kinds["tau"] in HALVES:
        arrays["half_cauchy"] = np.array(float(priors.kinds["tau"] is HalfCauchy))
    return Inputs(
        model=model,
        terms=terms,
        layout=layout,
        priors=priors,
        levels=tuple(levels),
        slopes=tuple(own),
        shared=tuple(shared),
        random=random,
        data=Pack.of(arrays),
        coordinates=coordinate_maps,
    )


def without_trials(inputs: Inputs, trials: Sequence[int]) -> Inputs:
    """Return the inputs without some trials, by position; the structure, and every constant of the analysis, stays.

    Raises
    ------
    DesignError
        If no trial would be left.
    """
    arrays = {name: value.copy() for name, value in inputs.data.arrays.items()}
    for name in ("n", "gram", "cross", "square"):
        arrays[name][list(trials)] = 0.0
    if inputs.model.residual_sd == "by_trial":
        arrays["sd_analyzed"][list(trials)] = 0.0
    if not arrays["n"].any():
        raise DesignError("no trial would be left.")
    return replace(inputs, data=Pack.of(arrays))


def _linear_numbers(
    design: Design, priors: Priors, data: Sufficient, layout: Layout, *, slopes: list[str], common: list[str]
) -> dict[str, np.ndarray]:
    """Return data and normal priors of the linear parameters, in the order ``marginal.numbers_of`` reads."""
    own = [priors.mean_precision(name) for name in ("trial_intercept", *slopes)]
    means = np.tile([mean for mean, _ in own], (len(design.trials), 1))
    if own[0][1] > 0.0:
        means[:, 0] = priors.numbers["trial_intercept"][0] - design.y_mean
    pairs = [priors.mean_precision(name) for name in common]
    n, gram, cross, square = data.n, data.gram, data.cross, data.square
    own_flat, common_flat = _flat_precisions(design, data, layout, len(common))
    return {
        "n": n,
        "gram": gram,
        "cross": cross,
        "square": square,
        "own_mean": means,
        "own_precision": np.array([p or flat for (_, p), flat in zip(own, own_flat, strict=True)]),
        "common_mean": np.array([mean for mean, _ in pairs]),
        "common_precision": np.array([p or flat for (_, p), flat in zip(pairs, common_flat, strict=True)]),
    }


def _flat_precisions(design: Design, data: Sufficient, layout: Layout, common: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the precisions that stand for flat priors: 1e-10 of what the data tell, constants no parameter moves."""
    unit = 1e-10 / design.baseline_sd**2
    told = np.diagonal(data.gram, axis1=1, axis2=2).mean(axis=0)
    told = np.where(told > 0.0, told, 1.0) * unit
    shared = told[layout.nuisance + layout.arms :]
    levels = np.full(common - len(shared), data.n.sum() * unit)
    return told[: layout.nuisance], np.concatenate([levels, shared])


def _root(model: OneStage, layout: Layout, *, random: bool) -> np.ndarray:
    """Return the factor of the correlation of a trial's arms; none without tau, one column in proportion to a curve."""
    if not random:
        return np.zeros((layout.arms, 0))
    if model.heterogeneity == "proportional" and model.main is not None:
        return np.ones((layout.arms, 1))
    correlation = np.full((layout.arms, layout.arms), model.arm_correlation)
    np.fill_diagonal(correlation, 1.0)
    return np.linalg.cholesky(correlation)


def _dense(design: Design, layout: Layout, values: np.ndarray, empty: float) -> np.ndarray:
    grid = np.full((len(design.trials), layout.arms), empty)
    grid[arm_positions(design)] = values
    return grid


def _columns(design: Design, model: OneStage, layout: Layout, terms: tuple[Term, ...]) -> np.ndarray:
    """Return the column of each level, shape (level, trial, arm).

    Zeros where a curve has parameters of its own: the model puts its columns there.
    """
    columns = []
    for i, term in enumerate(terms):
        if term.parameters:
            columns += [np.zeros((len(design.trials), layout.arms))] * len(term.coefficients)
        else:
            x = np.ones(len(design.arms)) if term.curve is None else _x(design, term)
            columns += [_dense(design, layout, np.asarray(c), 0.0 if i else 1.0) for c in term.columns(x, {})]
    for column in across_columns(design) if model.interaction_across else ():
        q = design.covariates.index(column)
        deviation = (design.means[:, q] - design.center[q]) / design.per(column)
        columns.append(np.repeat(deviation[:, None], layout.arms, axis=1))
    return np.array(columns)


def _moving(terms: tuple[Term, ...]) -> np.ndarray:
    """Return which columns depend on curves' own parameters."""
    moves = [bool(term.parameters) for term in terms for _ in term.coefficients]
    return np.flatnonzero(moves).astype("float64")


def _x(design: Design, term: Term) -> np.ndarray:
    assert term.curve is not None
    return design.arms[term.curve.variable].to_numpy(dtype="float64")


def _main_arrays(design: Design, layout: Layout, main: Term) -> dict[str, np.ndarray]:
    """Return x and reference of a main curve with parameters of its own."""
    if not main.parameters:
        return {}
    reference = float(main.place.reference)
    return {
        "main_x": _dense(design, layout, _x(design, main), reference),
        "main_reference": np.array(reference),
    }


def _shift_arrays(design: Design, layout: Layout, term: Term) -> dict[str, np.ndarray]:
    """Return what the model reads to compute the columns of a shift with parameters of its own."""
    place = term.place
    return {
        f"x:{term.quantity}": _dense(design, layout, _x(design, term), float(place.reference)),
        f"place:{term.quantity}": np.array([place.reference, *place.move], dtype="float64"),
    }


def _log_sd(sd: np.ndarray, df: np.ndarray, priors: Priors) -> dict[str, np.ndarray]:
    """Return where log residual SDs are expected: 2 df of information from the data, more from a log-normal prior."""
    mean, told = np.log(sd), 2.0 * df
    if priors.kinds["residual_sd"].kind == "log_normal":
        median, sigma = (float(x) for x in priors.numbers["residual_sd"])
        mean = (mean * told + np.log(median) / sigma**2) / (told + sigma**-2)
        told = told + sigma**-2
    return {"log_sd_mean": mean, "log_sd_spread": told**-0.5, "sd_analyzed": np.ones_like(mean)}
