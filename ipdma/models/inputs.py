"""All numbers a compiled one-stage model reads, in one vector; what is left is the model's structure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ipdma.models.default_priors import Priors
from ipdma.models.one_stage import OneStage
from ipdma.models.own_parts import READ, REPLACED, own_parts
from ipdma.models.pack import Pack
from ipdma.models.sufficient import Layout
from ipdma.models.terms import Term
from ipdma.priors.prior import HalfCauchy, HalfNormal

# Kinds of tau's prior that share code, the number ``half_cauchy`` choosing between them: a sensitivity analysis swaps
# one for the other.
HALVES = (HalfNormal, HalfCauchy)


@dataclass(frozen=True, kw_only=True, eq=False)
class Inputs:
    """Structure and numbers of a one-stage model on a design.

    ``terms`` are the curves. ``levels`` names the parameters of the arms' mean (effect, shifts, across terms),
    ``slopes`` those a trial has for itself besides its intercept, ``shared`` those all trials share. ``data`` holds
    what decides the posterior; ``coordinates`` tells where the sampler walks (``maps``), computed once it has to.
    ``key`` is the same for models that share code.
    """

    model: OneStage
    terms: tuple[Term, ...]
    layout: Layout
    priors: Priors
    levels: tuple[str, ...]
    slopes: tuple[str, ...]
    shared: tuple[str, ...]
    random: bool
    data: Pack
    coordinates: Callable[["Inputs"], Mapping[str, np.ndarray]]

    @cached_property
    def pack(self) -> Pack:
        """All a compiled model reads: what the elimination does, other data, then the coordinates."""
        rest = {name: array for name, array in self.data.arrays.items() if name not in (*READ, *REPLACED)}
        return Pack.of({**self.eliminated.arrays, **rest, **self.coordinates(self)})

    @cached_property
    def eliminated(self) -> Pack:
        """What the elimination reads, alone."""
        known = {**self.data.arrays, **own_parts(self.data.arrays)}
        return Pack.of({name: known[name] for name in READ})

    @property
    def proportional(self) -> bool:
        """Whether a trial's deviation grows with the main curve."""
        return bool(self.data.arrays["proportional"])

    @property
    def key(self) -> tuple[object, ...]:
        """What a compiled model depends on."""
        names = ("tau", "residual_sd", *self.sampled)
        kinds = tuple(
            "half" if name == "tau" and kind in HALVES else kind.kind
            for name in names
            if (kind := self.priors.kinds.get(name)) is not None
        )
        # Curves without parameters of their own are columns of numbers: all of them share one code.
        curves = tuple(term.curve for term in self.terms if term.parameters)
        return (curves, self.random, self.mapped, kinds, self.data.structure)

    @property
    def mapped(self) -> bool:
        """Whether the main curve's one parameter is sampled through a map of its own (``maps``)."""
        return len(self.terms[0].parameters) == 1

    @property
    def sampled(self) -> tuple[str, ...]:
        """Names of the curves' own parameters, the main curve's first."""
        return tuple(name for term in self.terms for name in term.parameters)

    @property
    def sampled_sizes(self) -> dict[str, int]:
        """Number of values of each sampled parameter, in the order of the model: tau, the curves', residual SDs."""
        names = (*(["tau"] if self.random else []), *self.sampled)
        return {**dict.fromkeys(names, 1), "residual_sd": len(self.data.arrays["log_sd_mean"])}

    @property
    def shipped(self) -> bool:
        """Whether all curves are ipdma's: one's own may change without a change of its name, so nothing is kept."""
        curves = [curve for curve in (self.model.main, *self.model.shifts) if curve is not None]
        return all(type(curve).__module__.startswith("ipdma.") for curve in curves)
