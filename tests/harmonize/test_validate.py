"""Each rule of the common schema broken once; frictionless reads the written folder and must agree."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import frictionless
import pandas as pd
import pytest

from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.store import write_consortium
from ipdma.harmonize.validate import validate
from ipdma.schemas.tables import read_schema

SCHEMA = read_schema()


def changed(consortium: Consortium, table: str, row: int, column: str, value: object) -> Consortium:
    frame = consortium.tables[table].copy()
    frame.loc[row, column] = value
    return replace(consortium, tables={**consortium.tables, table: frame})


def found(consortium: Consortium) -> list[Finding]:
    return validate(consortium.tables, SCHEMA, consortium.scales, origin=consortium.origin)


def accepted_by_frictionless(consortium: Consortium, folder: Path) -> bool:
    write_consortium(consortium, folder)
    report: Any = frictionless.Package(str(folder / "datapackage.json")).validate()
    return bool(report.valid)


def test_tables_that_break_no_rule_give_no_finding_and_frictionless_agrees(
    consortium: Consortium, tmp_path: Path
) -> None:
    assert found(consortium) == []
    assert accepted_by_frictionless(consortium, tmp_path)


# table, row, column, value; expected: code and column of the first error
BROKEN = {
    "a missing arm": ("participants", 0, "arm", pd.NA, "missing_value", "arm"),
    "a missing estimate": ("estimates", 0, "estimate", pd.NA, "missing_value", "estimate"),
    "an unknown category": ("participants", 0, "sex", "f", "unknown_category", "sex"),
    "an unknown phase": ("visits", 0, "phase", "screening", "unknown_category", "phase"),
    "a code with a blank": ("trials", 1, "trial", "trial b", "wrong_form", "trial"),
    "no day": ("participants", 0, "randomized_on", "2012-02-30", "not_a_day", "randomized_on"),
    "a day in another order": ("participants", 0, "randomized_on", "03/04/2012", "not_a_day", "randomized_on"),
    "an age below zero": ("participants", 0, "age_years", -1.0, "impossible_value", "age_years"),
    "an age of 290": ("participants", 0, "age_years", 290.0, "impossible_value", "age_years"),
    "a year before 1900": ("trials", 0, "year", 12, "impossible_value", "year"),
    "session zero": ("sessions", 0, "session_number", 0, "impossible_value", "session_number"),
    "a standard error of zero": ("estimates", 0, "se", 0.0, "impossible_value", "se"),
    "an id that stands twice": ("participants", 1, "participant_id", "01", "repeated_key", "participant_id"),
    "a trial that stands twice": ("trials", 1, "trial", "trial_a", "repeated_key", "trial"),
    "an arm that is not there": ("participants", 0, "arm", "low", "unknown_reference", "arm"),
    "a visit that is not there": ("assessments", 0, "visit", "week_4", "unknown_reference", "visit"),
    "a person who is not there": ("sessions", 0, "participant_id", "9", "unknown_reference", "participant_id"),
    "a trial that is not there": ("estimates", 0, "trial", "trial_c", "unknown_reference", "trial"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_an_error_here_and_in_frictionless(consortium: Consortium, tmp_path: Path, case: str) -> None:
    table, row, column, value, code, where = BROKEN[case]
    broken = changed(consortium, table, row, column, value)
    errors = [finding for finding in found(broken) if finding.severity == "error"]
    assert (table, where, code) in [(finding.table, finding.column, finding.code) for finding in errors]
    assert not accepted_by_frictionless(broken, tmp_path)


# What the schema allows but is likely wrong, or what only the scales know; frictionless has no words for it.
DOUBTFUL = {
    "an age of 3": ("participants", 0, "age_years", 3.0, "implausible_value", "warning"),
    "a thousand doses": ("arms", 1, "number_of_doses", 1000.0, "implausible_value", "warning"),
    "no dose of the drug": ("arms", 1, "number_of_doses", 0.0, "implausible_value", "warning"),
    "a score above the range": ("assessments", 0, "value", 13.0, "outside_scale", "error"),
    "a unit that is none": ("arms", 1, "dose_unit", "50 mg", "unit_unknown", "error"),
    "a unit of a session that is none": ("sessions", 0, "dose_unit", "banana", "unit_unknown", "error"),
    "an unknown instrument": ("assessments", 0, "instrument", "scale_b", "unknown_instrument", "error"),
    "an unknown score": ("assessments", 0, "score", "fear", "unknown_score", "error"),
    "an empty arm": ("participants", 0, "arm", "high", "empty_arm", "warning"),
    "a visit nobody came to": ("assessments", [1, 3], "visit", "pre", "empty_visit", "warning"),
    "somebody never assessed": ("assessments", 2, "participant_id", "01", "never_assessed", "warning"),
}


@pytest.mark.parametrize("case", DOUBTFUL)
def test_what_is_doubtful_or_against_a_scale_is_reported(consortium: Consortium, case: str) -> None:
    table, row, column, value, code, severity = DOUBTFUL[case]
    findings = found(changed(consortium, table, row, column, value))
    assert [(f.code, f.severity) for f in findings if f.code == code] == [(code, severity)]


def test_an_id_that_stands_twice_is_one_error_whatever_hangs_on_it(consortium: Consortium) -> None:
    tables = {
        name: pd.concat([frame, frame[frame["participant_id"] == "1"]], ignore_index=True)
        if name in ("participants", "assessments", "sessions") else frame
        for name, frame in consortium.tables.items()
    }  # fmt: skip
    twice = validate(tables, SCHEMA, consortium.scales, origin=None)
    assert [(f.code, f.table) for f in twice if f.severity == "error"] == [("repeated_key", "participants")]
    # Without that cause each table's own repetition is told.
    tables["participants"] = consortium.tables["participants"]
    twice = validate(tables, SCHEMA, consortium.scales, origin=None)
    assert {(f.code, f.table) for f in twice if f.severity == "error"} == {
        ("repeated_key", "assessments"), ("repeated_key", "sessions"),
    }  # fmt: skip


def test_a_trial_said_to_have_data_needs_participants_or_an_estimate(consortium: Consortium) -> None:
    individual = changed(consortium, "trials", 1, "data", "individual")
    assert found(individual) == []
    assert [f.code for f in found(changed(individual, "estimates", 0, "trial", "trial_a"))] == ["trial_without_data"]


def test_a_plausible_range_does_not_hold_where_its_condition_says_so(consortium: Consortium) -> None:
    assert consortium.tables["arms"]["number_of_doses"][0] == 0.0  # of the control, who gets none
    assert found(consortium) == []


def test_one_cause_is_one_finding_with_the_rows_a_person_sees_in_the_file(consortium: Consortium) -> None:
    frame = consortium.tables["assessments"].assign(value=pd.array([99.0, 99.0, 1.0, 99.0], dtype="Float64"))
    tables = {**consortium.tables, "assessments": frame}
    (finding,) = validate(tables, SCHEMA, consortium.scales, origin=consortium.origin)
    assert (finding.trial, finding.file, finding.rows, finding.count) == ("trial_a", "main.csv", (2, 4), 3)
    assert "x,2" in finding.private
    assert "99" in finding.private
    assert "99" not in finding.sentence()
    assert "x,2" not in finding.sentence()


def test_without_an_origin_the_trial_is_still_named(consortium: Consortium) -> None:
    tables = changed(consortium, "participants", 0, "age_years", 290.0).tables
    (finding,) = validate(tables, SCHEMA, consortium.scales)
    assert (finding.trial, finding.rows, finding.count) == ("trial_a", (), 1)
    assert "290" not in finding.sentence()


def test_a_prorated_score_may_miss_its_range_by_rounding_only(consortium: Consortium) -> None:
    assert found(changed(consortium, "assessments", 0, "value", 12.000000000000002)) == []


def test_a_column_of_another_type_is_one_error_and_is_not_looked_into(consortium: Consortium) -> None:
    frame = consortium.tables["participants"].assign(age_years=["29", "x", "y"])
    findings = validate({**consortium.tables, "participants": frame}, SCHEMA, consortium.scales)
    assert [(f.code, f.column) for f in findings] == [("wrong_type", "age_years")]


def test_a_required_column_must_be_there_and_others_need_not(consortium: Consortium) -> None:
    frame = consortium.tables["participants"][["trial", "participant_id"]]
    findings = validate({**consortium.tables, "participants": frame}, SCHEMA, consortium.scales)
    assert [(f.code, f.column) for f in findings] == [("column_absent", "arm")]


def test_infinite_numbers_and_empty_texts_are_errors(consortium: Consortium) -> None:
    first = changed(consortium, "participants", 0, "age_years", float("inf"))
    assert [f.code for f in found(changed(first, "participants", 1, "diagnosis", ""))] == ["not_finite", "empty_text"]
