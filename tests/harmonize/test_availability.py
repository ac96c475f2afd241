import pandas as pd

from ipdma.harmonize.availability import availability
from ipdma.harmonize.piece import VariableStatus
from ipdma.schemas.tables import read_schema

SCHEMA = read_schema()


def said(column: str, status: str, why: str = "") -> VariableStatus:
    return VariableStatus(table="participants", column=column, status=status, why=why)


def table(*statements: tuple[list[str], VariableStatus]) -> dict[tuple[str, str], str]:
    frame = availability(statements, SCHEMA, ["a", "b"])
    return {(row["column"], row["trial"]): row["status"] for _, row in frame.iterrows()}


def test_what_one_trial_fills_is_undetermined_where_another_says_nothing() -> None:
    found = table((["a"], said("diagnosis", "partial", "coded later")), (["b"], said("arm", "complete")))
    assert (found["diagnosis", "a"], found["diagnosis", "b"]) == ("partial", "undetermined")


def test_what_the_schema_expects_is_listed_and_the_rest_is_not() -> None:
    found = table((["a", "b"], said("arm", "complete")))
    assert (found["age_years", "a"], found["sex", "b"]) == ("undetermined", "undetermined")
    assert ("diagnosis", "a") not in found


def test_of_two_lines_the_better_one_holds() -> None:
    found = table((["a"], said("sex", "impossible", "x")), (["a"], said("sex", "partial", "y")))
    assert found["sex", "a"] == "partial"


def test_a_reason_that_is_not_given_is_missing_and_not_empty() -> None:
    frame = availability([(["a"], said("arm", "complete"))], SCHEMA, ["a"])
    assert frame["why"].iloc[0] is pd.NA
