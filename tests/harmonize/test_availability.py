import pandas as pd

from ipdma.harmonize.availability import availability, availability_matrix
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


def matrix(*statements: tuple[list[str], VariableStatus], trials: tuple[str, ...] = ("b", "a")) -> pd.DataFrame:
    return availability_matrix(availability(statements, SCHEMA, sorted(trials)), list(SCHEMA), trials)


def test_the_matrix_has_a_row_a_variable_and_a_column_a_trial_in_their_order() -> None:
    phase = VariableStatus(table="visits", column="phase", status="complete")
    unread = VariableStatus(table="a.csv", column="remark", status="undetermined", why="no line of the recipe reads it")
    found = matrix((["a"], unread), (["a"], said("sex", "partial", "from 2010 on")), (["a", "b"], phase))
    cells = found.astype(object).where(found.notna(), None).to_numpy().tolist()
    assert list(found.columns) == ["table", "column", "b", "a"]
    assert cells == [
        ["visits", "phase", "complete", "complete"],
        ["participants", "sex", "undetermined", "partial: from 2010 on"],
        ["participants", "age_years", "undetermined", "undetermined"],
        ["a.csv", "remark", None, "undetermined"],
    ]


def test_a_trial_may_have_any_name_and_one_of_which_nothing_is_said_has_no_column() -> None:
    found = matrix((["table"], said("arm", "impossible", "lost")), trials=("table",))
    assert found.iloc[0].tolist() == ["participants", "arm", "impossible: lost"]
    status = availability([(["a"], said("arm", "complete"))], SCHEMA, ["a"])
    assert list(availability_matrix(status, list(SCHEMA), ("a", "lost"))) == ["table", "column", "a"]
    assert list(availability_matrix(status.iloc[:0], list(SCHEMA), ("a",))) == ["table", "column"]


def test_a_cell_tells_how_many_values_are_missing_why_and_how_many_were_corrected() -> None:
    status = availability([(["a", "b"], said("sex", "partial", "women only"))], SCHEMA, ["a", "b"])
    counts = {"filled": [24, 3], "missing": [3, 0], "corrected": [0, 1]}
    status = status[status["column"] == "sex"].reset_index(drop=True)
    status = status.assign(
        **{name: pd.array(values, dtype="Int64") for name, values in counts.items()},
        reasons=pd.array(["refused 2, empty_cell 1", pd.NA], dtype="string"),
    )
    assert availability_matrix(status, list(SCHEMA), ("a", "b")).iloc[0].tolist()[2:] == [
        "partial: women only (3 of 27 missing: refused 2, empty_cell 1)",
        "partial: women only (1 corrected)",
    ]
