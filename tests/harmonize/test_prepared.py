import numpy as np
import pandas as pd
import pytest

from ipdma.harmonize.kept_rows import kept_rows
from ipdma.harmonize.prepared import Prepared, prepare
from ipdma.harmonize.raw_table import RawTable
from ipdma.schemas.recipe import Condition, Recipe, Source, StackedTrial


def prepared(
    columns: dict[str, list[object]], trial: str | StackedTrial = "t", **source: object
) -> tuple[Prepared, list[tuple[str, tuple[int, ...]]]]:
    values = pd.DataFrame({name: pd.Series(pd.array(cells, dtype="string")) for name, cells in columns.items()})
    raw = RawTable(file="a.csv", reader="csv", sha256="", values=values, rows=np.arange(2, len(values) + 2))
    named = Source(name="main", file="a.csv", reader="csv", **source)  # type: ignore[arg-type]
    recipe = Recipe(name="a.yaml", schema="ipd 1.0.0", trial=trial, sources={"main": named}, blocks=())
    result, findings = prepare(recipe, named, raw, columns)
    return result, [(finding.code, finding.rows) for finding in findings]


def ids(result: Prepared) -> list[str]:
    assert result.participant_id is not None
    return list(result.participant_id)


def test_an_id_stays_as_the_file_writes_it() -> None:
    result, findings = prepared({"id": ["01", " 1 ", "1.0"]}, id=("id",))
    assert (ids(result), findings) == (["01", "1", "1.0"], [])


def test_ids_of_several_columns_are_joined() -> None:
    result, _ = prepared({"site": ["a", "b"], "no": ["1", "1"]}, id=("site", "no"))
    assert ids(result) == ["a-1", "b-1"]


def test_without_ids_the_row_in_the_file_names_the_participant() -> None:
    result, _ = prepared(
        {"x": ["5", "6", "7"]}, id=("row_number",), where={"x": Condition(kind="codes", codes=("6", "7"))}
    )
    assert ids(result) == ["3", "4"]
    assert result.rows.tolist() == [3, 4]


def test_rows_without_id_are_an_error_and_not_used() -> None:
    result, findings = prepared({"id": ["1", None, " "], "x": ["1", "2", "3"]}, id=("id",))
    assert findings == [("id_missing", (3, 4))]
    assert ids(result) == ["1"]


def test_rows_left_out_by_where_need_no_id_and_no_trial() -> None:
    trial = StackedTrial(column="site", codes={"1": "t1"})
    columns: dict[str, list[object]] = {"id": ["1", None], "site": ["1", None], "kind": ["person", "total"]}
    result, findings = prepared(columns, trial, id=("id",), where={"kind": Condition(kind="codes", codes=("person",))})
    assert (ids(result), findings, list(result.trial)) == (["1"], [], ["t1"])


def test_a_trial_that_no_map_lists_is_an_error_with_its_rows() -> None:
    trial = StackedTrial(column="site", codes={"1": "t1"}, label="name")
    result, findings = prepared(
        {"id": ["1", "2", "3"], "site": ["1", "2", None], "name": ["A", "B", "C"]}, trial, id=("id",)
    )
    assert findings == [("trial_not_in_map", (3, 4))]
    assert result.labels == {"t1": "A"}


def test_without_a_map_the_codes_are_the_trials() -> None:
    result, _ = prepared({"site": ["b", "a"]}, StackedTrial(column="site"))
    assert list(result.trial) == ["b", "a"]
    assert result.participant_id is None


@pytest.mark.parametrize(
    ("codes", "kept"), [(("1",), [True, True, False, False]), (("1", "01"), [True, True, True, False])]
)
def test_where_compares_codes_and_never_keeps_a_missing_one(codes: tuple[str, ...], kept: list[bool]) -> None:
    values = pd.DataFrame({"x": pd.array(["1", "1.0", "01", None], dtype="string")})
    assert kept_rows(values, {"x": Condition(kind="codes", codes=codes)}).tolist() == kept
