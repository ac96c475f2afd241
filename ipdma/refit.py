"""A variant of a fitted analysis sampled again: other priors, trials or options, and numbers that all trials share."""

from ipdma.analysis import Analysis
from ipdma.analysis_file.settings import Sampling
from ipdma.fit import Fit, Progress, fit
from ipdma.trace_store import TraceStore

# The sampler's coordinates are close to standard normal, so that a refit needs little tuning and goes well with longer
# steps: with 200 instead of 1000 draws and an acceptance of 0.65 instead of 0.8 the smallest bulk ESS was the same at
# half the gradients (tests/recovery/refit_table.txt).
TUNE, ACCEPT = 200, 0.65


def refit(variant: Analysis, stated: Fit, *, progress: Progress | None = None, store: TraceStore | None = None) -> Fit:
    """Return the posterior of a variant, sampled as the stated fit was but for a shorter tuning.

    Parameters
    ----------
    variant
        What to fit.
    stated
        The fit whose sampling settings hold.
    progress, store
        As for :func:`ipdma.fit.fit`.

    Raises
    ------
    DesignError, AnalysisError, PriorError, FitError
        As :func:`ipdma.fit.fit` does.
    """
    sampling = {**stated.sampling, "tune": tune(stated.sampling["tune"])}
    return fit(variant, **sampling, target_accept=ACCEPT, progress=progress, store=store, shared_only=True)


def tune(stated: int) -> int:
    """Return how many draws tune a refit; who asked for more than the default has a reason, and keeps them."""
    return min(stated, TUNE) if stated <= Sampling().tune else stated
