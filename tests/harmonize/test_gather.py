"""One cause is one finding, whatever the number of its rows, visits and trials."""

import numpy as np
import pandas as pd

from ipdma.harmonize.gather import Gatherer, Place
from ipdma.harmonize.prepared import Prepared
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.step import Failure
from ipdma.schemas.recipe import Source

RAW = RawTable(file="a.csv", reader="csv", sha256="", values=pd.DataFrame(index=range(3)), rows=np.array([4, 2, 9]))
ROWS = Prepared(
    source=Source(name="main", file="a.csv", reader="csv"),
    raw=RAW,
    values=RAW.values,
    reasons={},
    rows=RAW.rows,
    trial=np.array(["a", "a", "b"], dtype=object),
    participant_id=None,
    labels={},
)


def place(line: int = 5, column: str = "sex") -> Place:
    return Place(recipe="a.yaml", line=line, file="a.csv", table="participants", column=column)


def failure(*where: bool, code: str = "code_not_in_map", codes: dict[str, int] | None = None) -> Failure:
    return Failure(code=code, message="the map lacks {k}, in {n}.", where=np.array(where), codes=codes or {})


def test_the_same_failure_at_two_visits_is_one_finding_with_all_rows_once() -> None:
    gatherer = Gatherer()
    gatherer.add(place(), [failure(True, True, False, codes={"7": 2})], ROWS)
    gatherer.add(place(), [failure(False, True, False, codes={"7": 1, "8": 1})], ROWS)
    (finding,) = gatherer.findings()
    assert (finding.rows, finding.count, finding.trial) == ((2, 4), 2, "a")
    assert finding.message == "the map lacks 2 codes, in 2 rows."
    assert (finding.recipe, finding.line, finding.file) == ("a.yaml", 5, "a.csv")
    assert (finding.table, finding.column) == ("participants", "sex")


def test_codes_stand_in_the_private_text_only_most_frequent_first() -> None:
    gatherer = Gatherer()
    gatherer.add(place(), [failure(True, False, False, codes={"Zygmunt": 1, "8": 3})], ROWS)
    (finding,) = gatherer.findings()
    assert finding.private == "'8' (3), 'Zygmunt' (1)"
    assert "Zygmunt" not in finding.sentence()


def test_rows_of_several_trials_name_none_of_them() -> None:
    gatherer = Gatherer()
    gatherer.add(place(), [failure(True, False, True)], ROWS)
    assert gatherer.findings()[0].trial == ""


def test_another_line_column_or_kind_is_another_cause() -> None:
    gatherer = Gatherer()
    for where in (place(), place(line=6), place(column="arm")):
        gatherer.add(where, [failure(True, False, False), failure(True, False, False, code="not_a_number")], ROWS)
    assert len(gatherer.findings()) == 6
    assert Gatherer().findings() == []
