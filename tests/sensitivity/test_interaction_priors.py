"""The priors of interactions two and four times as wide."""

from dataclasses import replace

from ipdma.analysis import Analysis
from ipdma.models.one_stage import OneStage
from ipdma.sensitivity.interaction_priors import InteractionPriors


def test_within_and_across_are_widened_alike(plain: Analysis) -> None:
    across = plain.with_model(replace(plain.model, interaction_across=True))
    stated = across.inputs.priors.numbers
    for factor, (label, other) in zip((2.0, 4.0), InteractionPriors().variants(across), strict=True):
        assert label == f"interactions' priors {factor:g} times as wide"
        for name in ("within.z", "across.z"):
            assert float(other.inputs.priors.numbers[name][1]) == factor * float(stated[name][1])


def test_without_modifiers_there_is_nothing_to_vary(plain: Analysis) -> None:
    assert list(InteractionPriors().variants(plain.with_model(OneStage()))) == []
