"""The keys on how it is estimated: model, modifiers, priors, sampling."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from ipdma._yaml import did_you_mean, plain
from ipdma.analysis_file.dosing import Dosing, curve_sets
from ipdma.analysis_file.modifiers import read_modifiers
from ipdma.analysis_file.node import Node, take
from ipdma.analysis_file.prior_names import ALWAYS, covariate_names, curve_names, is_of_curves
from ipdma.errors import PriorError
from ipdma.estimand import Coding
from ipdma.models.two_stage_spec import Adjustment
from ipdma.priors.prior import Prior, parse_prior

_CHOICES: dict[str, tuple[str, ...]] = {
    "residual_sd": ("by_trial", "common"),
    "baseline_slope": ("by_trial", "common"),
    "prognostic_slope": ("by_trial", "common"),
    "effect": ("random_effects", "common_effect"),
    "heterogeneity": ("constant", "proportional"),
}


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How many draws, and from which seed."""

    seed: int = 1
    chains: int = 4
    draws: int = 1000
    tune: int = 1000


@dataclass(frozen=True, kw_only=True)
class Model:
    """Which form is the headline, the options of its one-stage models, and the adjustment of two-stage estimates."""

    form: Literal["one_stage", "two_stage"] = "one_stage"
    options: Mapping[str, Any] = field(default_factory=dict)
    adjustment: Adjustment = "ancova"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The model's form and options, covariates and priors, before they are put on models."""

    model: Model
    modifiers: tuple[str, ...]
    coding: Mapping[str, Coding]
    prognostic_factors: tuple[str, ...]
    priors: Mapping[str, Prior]
    sampling: Sampling


def read_settings(nodes: Mapping[str, Node], dosing: Dosing) -> Settings:
    """Return what the file says on the models; problems are noted."""
    model: Model = take(nodes, "model", _model, Model())
    coding: Mapping[str, Coding | None] = take(nodes, "modifiers", read_modifiers, {})
    modifiers = tuple(coding)
    factors = _factors(nodes, modifiers)
    of_curves = [name for main, shifts in curve_sets(dosing) for name in curve_names(main, shifts)]
    known = [*ALWAYS, *dict.fromkeys(of_curves), *covariate_names(modifiers, factors)]
    return Settings(
        model=model,
        modifiers=modifiers,
        coding={name: coded for name, coded in coding.items() if coded is not None},
        prognostic_factors=factors,
        priors=take(nodes, "priors", lambda node: _priors(node, known), {}),
        sampling=take(nodes, "sampling", _sampling, Sampling()),
    )


def _factors(nodes: Mapping[str, Node], modifiers: Iterable[str]) -> tuple[str, ...]:
    factors: tuple[str, ...] = take(nodes, "prognostic_factors", Node.texts, ())
    both = sorted(set(modifiers) & set(factors))
    if both and nodes["prognostic_factors"].inherited:
        return tuple(name for name in factors if name not in both)
    for name in both:
        nodes["prognostic_factors"].note(
            f"'{name}' is a modifier and so has its prognostic slope already: take it out of prognostic_factors."
        )
    return factors


def _model(node: Node) -> Model:
    nodes = node.keys(("form", "interaction", "arm_correlation", "adjustment", *_CHOICES))
    take(nodes, "interaction", lambda n: n.choice(["common"], later=["random"]), "common")
    options: dict[str, Any] = {
        key: nodes[key].attempt(partial(Node.choice, accepted=words), words[0])
        for key, words in _CHOICES.items()
        if key in nodes
    }
    if "arm_correlation" in nodes:
        options["arm_correlation"] = nodes["arm_correlation"].attempt(_correlation, 0.5)
    default = Model()
    return Model(
        form=take(nodes, "form", lambda n: n.choice(["one_stage", "two_stage"]), default.form),
        options=options,
        adjustment=take(nodes, "adjustment", lambda n: n.choice(["ancova", "final", "change"]), default.adjustment),
    )


def _correlation(node: Node) -> float:
    value = node.number(minimum=0.0)
    if value >= 1:
        raise node.error("model.arm_correlation must be below 1.")
    return value


def _priors(node: Node, known: Iterable[str]) -> dict[str, Prior]:
    names = tuple(known)
    covariates = [name for name in names if name.startswith(("within.", "across.", "prognostic."))]
    priors = {}
    for name, child in node.mapping().items():
        if not is_of_curves(name, names) and name.split("[")[0] not in covariates:
            if child.inherited:  # a layer without the parameter
                continue
            child.note(f"no parameter '{name}' to put a prior on{did_you_mean(name, names)}")
            continue
        prior: Prior | None = child.attempt(_prior, None)
        if prior is not None:
            priors[name] = prior
    return priors


def _prior(node: Node) -> Prior | None:
    try:
        return parse_prior(plain(node.value))
    except PriorError as error:
        raise node.error(f"{node.name}: {error}") from None


def _sampling(node: Node) -> Sampling:
    nodes = node.keys(("seed", "chains", "draws", "tune"))
    least = {"seed": 0.0, "chains": 2.0, "draws": 100.0, "tune": 100.0}
    default = Sampling()
    values: dict[str, int] = {
        key: take(nodes, key, partial(Node.number, minimum=minimum, whole=True), getattr(default, key))
        for key, minimum in least.items()
    }
    return Sampling(**values)
