"""Frozen prior distributions and the default scales with their sources."""

from ipdma._front import front_door

_KINDS = ("Normal", "HalfNormal", "HalfCauchy", "Uniform", "LogNormal", "Flat", "LogFlat", "Sd", "parse_prior")

front_door(__name__, {**dict.fromkeys(_KINDS, "ipdma.priors.prior"), "scaled": "ipdma.priors.scaled"})
