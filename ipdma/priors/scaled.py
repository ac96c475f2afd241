"""A prior made narrower or wider around its center, its kind unchanged."""

from dataclasses import replace

from ipdma.priors.prior import HalfCauchy, HalfNormal, LogNormal, Normal, Number, Prior, Sd


def scaled(prior: Prior, factor: float) -> Prior | None:
    """Return the prior with its scale times ``factor``; None where it has none (flat, or uniform between bounds).

    Examples
    --------
    >>> scaled(HalfNormal(Sd(0.5)), 2.0)
    HalfNormal(sd=Sd(times=1.0))
    """
    if isinstance(prior, Normal | HalfNormal):
        return replace(prior, sd=_times(prior.sd, factor))
    if isinstance(prior, HalfCauchy):
        return HalfCauchy(_times(prior.scale, factor))
    if isinstance(prior, LogNormal):
        return replace(prior, sigma=prior.sigma * factor)
    return None


def _times(number: Number, factor: float) -> Number:
    return Sd(number.times * factor) if isinstance(number, Sd) else number * factor
