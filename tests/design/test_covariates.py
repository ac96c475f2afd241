from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from ipdma.design.covariates import covariate_columns, refused_across, units_of
from ipdma.errors import DesignError
from ipdma.estimand import Coding, Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.schemas.tables import read_schema

POMP = Estimand(outcome="scale_a", visit="post", treatment="drug", control="placebo")


def coded(consortium: Consortium, *names: str) -> pd.DataFrame:
    return covariate_columns(consortium, consortium.tables["participants"], names)


@pytest.fixture
def with_column(
    consortium_of: Callable[..., Consortium], rows: pd.DataFrame, arms: pd.DataFrame
) -> Callable[..., Consortium]:
    """The two trials with one more column; nine participants."""

    def make(name: str, values: list[object], dtype: str = "string") -> Consortium:
        return consortium_of(rows.assign(**{name: pd.Series(values, dtype=dtype)}), arms)

    return make


def test_two_categories_become_0_and_1_in_the_order_of_the_schema(with_column: Callable[..., Consortium]) -> None:
    assert read_schema()["participants"].columns["sex"].categories == ("female", "male", "other")
    values = ["male", "female", "male", "female", "female", "male", "male", "female", pd.NA]
    found = coded(with_column("sex", values), "sex")
    assert list(found) == ["sex"]
    assert found["sex"].fillna(-1).tolist() == [1, 0, 1, 0, 0, 1, 1, 0, -1]


def test_the_second_of_two_categories_is_1_wherever_both_stand_in_the_schema(
    with_column: Callable[..., Consortium],
) -> None:
    found = coded(with_column("sex", ["other", "male", *["other"] * 7]), "sex")
    assert found["sex"].tolist() == [1, 0, 1, 1, 1, 1, 1, 1, 1]


def test_three_categories_become_two_columns_named_by_level(with_column: Callable[..., Consortium]) -> None:
    values = ["other", "female", "male", "male", pd.NA, "female", "female", "other", "male"]
    found = coded(with_column("sex", values), "sex")
    assert list(found) == ["sex[male]", "sex[other]"]
    assert found["sex[male]"].fillna(-1).tolist() == [0, 0, 1, 1, -1, 0, 0, 0, 1]
    assert found["sex[other]"].fillna(-1).tolist() == [1, 0, 0, 0, -1, 0, 0, 1, 0]


def test_a_text_without_categories_in_the_schema_is_taken_in_alphabetical_order(
    with_column: Callable[..., Consortium],
) -> None:
    for name in ("diagnosis", "site"):  # of the common schema, and a project's own
        found = coded(with_column(name, ["c", "b", "a", "a", "a", "b", "c", "a", "a"]), name)
        assert list(found) == [f"{name}[b]", f"{name}[c]"]
        assert found[f"{name}[c]"].tolist() == [1, 0, 0, 0, 0, 0, 1, 0, 0]


def test_a_projects_own_column_keeps_the_order_its_schema_file_gives(with_column: Callable[..., Consortium]) -> None:
    consortium = with_column("stage", ["mild", "none", "severe", "none", "none", "mild", "none", "none", "none"])
    levels = {"participants": {"stage": ("none", "mild", "severe")}}
    assert list(coded(replace(consortium, categories=levels), "stage")) == ["stage[mild]", "stage[severe]"]


def test_a_level_the_categories_do_not_name_gets_a_column_and_never_joins_the_reference(
    with_column: Callable[..., Consortium],
) -> None:
    found = coded(with_column("sex", ["female", "male", "unlisted", *["female"] * 6]), "sex")
    assert list(found) == ["sex[male]", "sex[unlisted]"]


def test_numbers_stay_numbers_with_what_is_missing(with_column: Callable[..., Consortium]) -> None:
    found = coded(with_column("age_years", [30, 31.5, None, 33, 34, 35, 36, 37, 38], "Float64"), "age_years")
    assert found["age_years"].dtype == "float64"
    assert found["age_years"].fillna(-1).tolist() == [30, 31.5, -1, 33, 34, 35, 36, 37, 38]


def test_whole_numbers_and_truth_values_of_a_projects_column_are_numbers(
    with_column: Callable[..., Consortium],
) -> None:
    for dtype in ("Int64", "boolean"):
        found = coded(with_column("smokes", [1, 0, None, 0, 1, 1, 0, 0, 1], dtype), "smokes")
        assert found["smokes"].fillna(-1).tolist() == [1, 0, -1, 0, 1, 1, 0, 0, 1]


def test_baseline_severity_has_no_column_here_and_a_name_twice_has_one(with_column: Callable[..., Consortium]) -> None:
    consortium = with_column("age_years", list(range(30, 39)), "Int64")
    assert list(coded(consortium, "age_years", "baseline_severity", "age_years")) == ["age_years"]
    assert coded(consortium, "baseline_severity").empty


def test_an_unknown_name_and_an_identifier_are_refused_with_what_exists(
    with_column: Callable[..., Consortium],
) -> None:
    consortium = with_column("age_years", list(range(30, 39)), "Int64")
    for name in ("age", "participant_id", "arm"):
        with pytest.raises(DesignError, match=f"'{name}' is not a column .* Columns: age_years, baseline_severity"):
            coded(consortium, name)


def test_a_column_of_the_trials_is_no_modifier_and_its_curve_is_named(with_column: Callable[..., Consortium]) -> None:
    with pytest.raises(DesignError, match=r"'label' is not .* of the trials table: ask for `curves: \{label: categ"):
        coded(with_column("age_years", list(range(30, 39)), "Int64"), "label")


def test_a_column_named_as_the_design_names_its_own_is_refused(with_column: Callable[..., Consortium]) -> None:
    for name in ("included", "treatment"):
        with pytest.raises(DesignError, match=f"'{name}' is a name the analysis needs itself"):
            coded(with_column(name, ["no", "yes"] * 4 + ["no"]), name)


def test_a_date_is_refused_because_each_day_would_be_a_category(with_column: Callable[..., Consortium]) -> None:
    with pytest.raises(DesignError, match="'randomized_on' is a date"):
        coded(with_column("randomized_on", [f"2020-01-0{i}" for i in range(1, 10)]), "randomized_on")


def test_a_stated_reference_comes_first_and_the_others_follow_in_their_order(
    with_column: Callable[..., Consortium],
) -> None:
    values = ["other", "female", "male", "male", pd.NA, "female", "female", "other", "male"]
    consortium = with_column("sex", values)
    people, coding = consortium.tables["participants"], {"sex": Coding(reference="male")}
    found = covariate_columns(consortium, people, ["sex"], coding)
    assert list(found) == ["sex[female]", "sex[other]"]
    assert found["sex[female]"].fillna(-1).tolist() == [0, 1, 0, 0, -1, 1, 1, 0, 0]
    two = with_column("sex", ["female", "male"] * 4 + ["male"])
    found = covariate_columns(two, two.tables["participants"], ["sex"], coding)
    assert found["sex"].tolist() == [1, 0] * 4 + [0]


@pytest.mark.parametrize(
    ("name", "coding", "message"),
    [
        ("sex", Coding(reference="femal"), "no analyzed participant has sex 'femal', .*did you mean 'female'"),
        ("sex", Coding(reference="other"), "no analyzed participant has sex 'other'.* Known: female, male"),
        ("sex", Coding(per=10), "'sex' has categories, so it cannot be told per 10. Name a reference instead"),
        ("age_years", Coding(reference="40"), "'age_years' is a number and has no reference category"),
        ("baseline_severity", Coding(reference="mild"), "'baseline_severity' is a number and has no reference"),
    ],
)
def test_a_coding_of_another_kind_and_a_reference_nobody_has_are_refused(
    with_column: Callable[..., Consortium], name: str, coding: Coding, message: str
) -> None:
    consortium = with_column("sex", ["female", "male"] * 4 + ["male"])
    people = consortium.tables["participants"].assign(age_years=40.0)
    consortium = replace(consortium, tables={**consortium.tables, "participants": people})
    with pytest.raises(DesignError, match=message):
        covariate_columns(consortium, people, [name], {name: coding})


def test_units_say_what_one_unit_of_a_modifier_is(with_column: Callable[..., Consortium]) -> None:
    consortium = with_column("sex", ["female", "male", "other"] * 3)
    people = consortium.tables["participants"].assign(
        age_years=40.0, score_0=1.0, antidepressant_baseline=["no", "yes", "yes"] * 3, diagnosis="one"
    )
    names = ["sex", "age_years", "score_0", "antidepressant_baseline", "baseline_severity", "diagnosis"]
    found = units_of(
        consortium, people, names, {"age_years": Coding(per=10), "sex": Coding(reference="male")}, "points"
    )
    assert found == {
        "sex[female]": "female against male",
        "sex[other]": "other against male",
        "age_years": "10 years",
        "score_0": "unit",
        "antidepressant_baseline": "yes against no",
        "baseline_severity": "1 points",
    }


def test_across_trials_baseline_severity_is_refused_where_the_metric_makes_its_differences() -> None:
    for metric in ("pomp", "raw"):
        assert refused_across(replace(POMP, metric=metric), ["baseline_severity"]) == {}
    for metric, reason in (("baseline_sd", "divided by its own baseline SD"), ("rank", "ranks within trial have")):
        found = refused_across(replace(POMP, metric=metric), ["age_years", "baseline_severity"])  # type: ignore[arg-type]
        assert list(found) == ["baseline_severity"]
        assert reason in found["baseline_severity"]
        assert refused_across(replace(POMP, metric=metric), ["age_years"]) == {}  # type: ignore[arg-type]
