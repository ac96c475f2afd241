"""Columns of categories that a categorical curve runs over."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from ipdma.curves.categorical_shift import CategoricalShift
from ipdma.curves.hinge import Hinge
from ipdma.design.design import build_design
from ipdma.design.levels import place_of, with_codes
from ipdma.errors import DesignError
from ipdma.estimand import Estimand, ProfileContrast
from ipdma.harmonize.consortium import Consortium
from ipdma.models.default_priors import default_priors
from ipdma.models.one_stage import OneStage
from ipdma.schemas.quantity import Quantity

ASK = Estimand(outcome="scale_a", visit="post", treatment="drug", control="placebo", metric="raw")
ACTIVE = pd.DataFrame(
    {
        "trial": ["a", "b", "c"],
        "group": pd.Series(["phobia", "ocd", "phobia"], dtype="string"),
        "rob_overall": pd.Series(["high", "low", pd.NA], dtype="string"),
        "year": pd.Series([2004, 2010, 2010], dtype="Int64"),
    }
)


def test_categories_become_places_in_the_order_of_the_schema_else_of_the_alphabet() -> None:
    arms, levels = with_codes(ACTIVE, ["group", "rob_overall", "year"], ["group", "rob_overall"])
    assert levels == {"group": ("ocd", "phobia"), "rob_overall": ("low", "high")}
    assert arms["group"].tolist() == [1.0, 0.0, 1.0]
    assert arms["rob_overall"].fillna(-1).tolist() == [1.0, 0.0, -1.0]
    assert arms["year"].tolist() == [2004, 2010, 2010]
    assert ACTIVE["group"].tolist() == ["phobia", "ocd", "phobia"]


def test_only_a_categorical_curve_runs_over_categories() -> None:
    with pytest.raises(DesignError, match=r"'group' holds categories: .*`curves: \{group: categorical\}`"):
        with_codes(ACTIVE, ["group"], [])


def test_a_stated_category_is_one_that_an_active_arm_has() -> None:
    assert place_of("phobia", "group", ("ocd", "phobia")) == 1.0
    assert place_of(Quantity(2.0), "wave", ("1", "2")) == 1.0
    with pytest.raises(DesignError, match="no active arm has group 'fobia', did you mean 'phobia'"):
        place_of("fobia", "group", ("ocd", "phobia"))


@pytest.fixture
def grouped(two_trials: Consortium, edit: SimpleNamespace) -> Consortium:
    """Trial a treats phobia, trial b ocd; published in 2004 and 2010."""
    trials = two_trials.tables["trials"].assign(
        group=pd.Series(["phobia", "ocd"], dtype="string"), year=pd.Series([2004, 2010], dtype="Int64")
    )
    consortium: Consortium = edit.with_table(two_trials, trials=trials)
    return consortium


def test_several_properties_of_trials_have_a_curve_each(grouped: Consortium) -> None:
    model = OneStage(shifts=(CategoricalShift("group"), Hinge("year", at=2000.0)))
    contrast = ProfileContrast(name="ocd", a={"group": "ocd"}, b={"group": "phobia"})
    asked = replace(
        ASK, reference={"group": "phobia", "year": 2004}, contrasts=(contrast,),
        moves={"group": ("phobia", "ocd"), "year": (2004, 2010)},
    )  # fmt: skip
    design = build_design(grouped, asked, model.terms)
    assert design.levels == {"group": ("ocd", "phobia")}
    assert design.arms["group"].tolist() == [1.0, 0.0]
    assert design.reference == {"group": 1.0, "year": 2004.0}
    assert design.moves == {"group": (1.0, 0.0), "year": (2004.0, 2010.0)}
    assert [design.level_name("group", x) for x in (0.0, 1.0)] == ["ocd", "phobia"]
    assert design.level_name("year", 2004.0) == "2004"
    assert {"curves.group[ocd]", "curves.year"} <= set(default_priors(design, model))


def test_without_a_reference_it_is_the_category_of_most_treated_participants(
    consortium_of: Callable[..., Consortium], grouped: Consortium
) -> None:
    asked = replace(ASK, moves={"group": ("phobia", "ocd")})
    terms = OneStage(shifts=(CategoricalShift("group"),)).terms
    assert build_design(grouped, asked, terms).reference == {"group": 1.0}  # three in trial a, two in trial b


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"moves": {}}, r"the curve over group needs a stated move, .*`moves: \{group: \[ocd, phobia\]\}`"),
        ({"reference": {"group": "panic"}}, "no active arm has group 'panic'. Known: ocd, phobia"),
        (
            {"contrasts": (ProfileContrast(name="x", a={"group": "oct"}, b={}),)},
            "contrast 'x': no active arm has group 'oct', did you mean 'ocd'",
        ),
    ],
)
def test_what_no_arm_has_is_refused_with_what_there_is(
    grouped: Consortium, change: dict[str, object], message: str
) -> None:
    asked = replace(ASK, moves={"group": ("phobia", "ocd")})
    terms = OneStage(shifts=(CategoricalShift("group"),)).terms
    with pytest.raises(DesignError, match=message):
        build_design(grouped, replace(asked, **change), terms)  # type: ignore[arg-type]


def test_a_column_that_does_not_exist_is_refused_with_the_categories_there_are(grouped: Consortium) -> None:
    terms = OneStage(shifts=(CategoricalShift("grup"),)).terms
    with pytest.raises(DesignError, match=r"'grup' is not .* Columns: .*year. For a categorical curve also: group\."):
        build_design(grouped, ASK, terms)


def test_a_category_is_no_value_of_a_number(grouped: Consortium) -> None:
    terms = OneStage(shifts=(Hinge("year"),)).terms
    with pytest.raises(DesignError, match="year is a number in the arms and trials tables: 'late' is no value of it"):
        build_design(grouped, replace(ASK, moves={"year": ("late", "later")}), terms)
