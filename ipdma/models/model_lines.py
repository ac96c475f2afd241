"""A one-stage model in a few lines: its terms, options and priors."""

from collections.abc import Iterator, Mapping

from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import Prior


def model_lines(model: OneStage) -> Iterator[str]:
    """Yield what the model is made of; options at their default are not named."""
    yield f"model       {curves_in_words(model) or 'plain: no curve, no term that compares trials'}"
    if model.modifiers:
        yield f"modifiers   {', '.join(model.modifiers)}{', also across trials' * model.interaction_across}"
    if model.prognostic_factors:
        yield f"prognostic  {', '.join(model.prognostic_factors)}"
    names = ("effect", "residual_sd", "baseline_slope", "prognostic_slope", "heterogeneity", "arm_correlation")
    default = OneStage()
    changed = [f"{name} {getattr(model, name)}" for name in names if getattr(model, name) != getattr(default, name)]
    if changed:
        yield f"options     {', '.join(changed)}"


def curves_in_words(model: OneStage) -> str:
    """Return the curves of a model: ``plateau over number_of_doses, log_linear over dose``; nothing without one."""
    return ", ".join(f"{c.title} over {c.variable}" for c in (model.main, *model.shifts) if c is not None)


def prior_lines(priors: Mapping[str, Prior], stated: OneStage) -> Iterator[str]:
    """Yield one line a prior of the model, those that were stated with a star."""
    for name, prior in priors.items():
        if name.startswith("across.") and not stated.interaction_across:
            continue  # a model beside this one may have the term: an analysis file states priors for all of them
        star = "*" if name in stated.priors else " "
        words = str(prior)
        if name == "trial_intercept" and name not in stated.priors:
            words = words.replace("(0,", "(baseline mean,")  # a number for each trial
        yield f"          {star} {name:28} {words}"
