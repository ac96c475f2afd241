"""Messy raw files, real and made for teaching, through recipes: what each needs, and what it gives."""

import json
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pandas as pd
import pytest

from ipdma._paths import data_schemas
from ipdma._yaml import plain, read_yaml
from ipdma.errors import HarmonizationError
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.explain import explain
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.harmonize import harmonize
from ipdma.harmonize.inputs import Inputs
from ipdma.harmonize.read_raw import read_raw

PROJECTS = Path(__file__).resolve().parent / "projects"
NAMES = ("tuberculosis", "indomethacin", "colitis", "pressure", "kidney")


def inputs(data: Path, name: str, folder: Path | None = None) -> Inputs:
    project = PROJECTS / f"messy_{name}"
    return Inputs(raw=data, recipes=project / "recipes", scales=project / "scales", corrections=folder)


def harmonized(where: Inputs) -> Consortium:
    return harmonize(where.raw, recipes=where.recipes, scales=where.scales, corrections=where.corrections)


def errors(where: Inputs) -> list[Finding]:
    with pytest.raises(HarmonizationError, match="nothing was harmonized") as caught:
        harmonized(where)
    return [finding for finding in caught.value.findings if finding.severity == "error"]


def corrections(folder: Path, trial: str, *lines: str) -> Path:
    folder.mkdir(exist_ok=True)
    text = "corrections: 1\nchanges:\n" + "".join(f"  - {{{line}}}\n" for line in lines)
    (folder / f"{trial}.yaml").write_text(text, encoding="utf-8")
    return folder


def by_arm(consortium: Consortium, visit: str, score: Mapping[str, str]) -> pd.DataFrame:
    """Values at a visit with each participant's arm."""
    rows = consortium.tables["assessments"]
    keep = (rows["visit"] == visit).to_numpy(dtype=bool)
    for column, wanted in score.items():
        keep &= (rows[column] == wanted).to_numpy(dtype=bool)
    people = consortium.tables["participants"][["trial", "participant_id", "arm"]]
    return rows[keep].merge(people, on=["trial", "participant_id"])


@pytest.fixture(scope="module")
def messy(reference_data: Path) -> Path:
    """The folder of messy raw files; read where they lie."""
    return reference_data / "messy_raw_files"


@pytest.mark.parametrize("name", NAMES)
def test_the_recipes_follow_the_shipped_schema(name: str) -> None:
    schema = json.loads((data_schemas() / "recipe.schema.json").read_text(encoding="utf-8"))
    for path in (PROJECTS / f"messy_{name}" / "recipes").glob("*.yaml"):
        jsonschema.validate(plain(read_yaml(path)), schema)


@pytest.mark.published
def test_one_workbook_of_ten_sheets_gives_three_trials_and_the_published_outcomes(messy: Path) -> None:
    consortium = harmonized(inputs(messy, "tuberculosis"))
    people = consortium.tables["participants"]
    assert people["trial"].value_counts().to_dict() == {"tb_b": 166, "tb_c": 115, "tb_a": 107}
    values = by_arm(consortium, "month_6", {"instrument": "radiologic"}).groupby("arm")["value"]
    # MRC 1948, table II: 55 on streptomycin, 52 controls; deaths 4 and 14, considerable improvement 28 and 4.
    assert values.size().to_dict() == {"control": 52, "streptomycin": 55}
    assert values.agg(lambda scores: (scores == 1).sum()).to_dict() == {"control": 14, "streptomycin": 4}
    assert values.agg(lambda scores: (scores == 6).sum()).to_dict() == {"control": 4, "streptomycin": 28}
    assert consortium.issues.empty


@pytest.mark.published
def test_two_files_of_the_same_people_are_joined_after_a_correction(messy: Path, tmp_path: Path) -> None:
    (found,) = errors(inputs(messy, "indomethacin"))
    assert (found.code, len(found.rows)) == ("join_several_rows", 2)
    first = read_raw(messy / "IndoRCT(subclasses1).dta", reader="stata", options={}, name="a").values
    other = read_raw(messy / "indo_rct_pep.dta", reader="stata", options={}, name="b")
    (lost,) = set(first["id"].astype(int)) - set(other.values["subject"].astype(int))
    twice = {row: other.values[other.rows == row].iloc[0] for row in found.rows}
    # Which of the two rows is the lost person's tells the age in the other file.
    person = first[(first["id"] == lost).to_numpy(dtype=bool)].iloc[0]
    (row,) = [row for row, cells in twice.items() if (cells["age"], cells["risk"]) == (person["age"], person["risk"])]
    line = (
        f"source: severity, row: {row}, column: subject, old: {int(twice[row]['subject'])}, new: {lost}, why: id twice"
    )
    consortium = harmonized(inputs(messy, "indomethacin", corrections(tmp_path / "corrections", "iu", line)))
    values = by_arm(consortium, "after", {"score": "any"}).groupby("arm")["value"]
    # Elmunzer 2012: pancreatitis in 52 of 307 and 27 of 295, moderate or severe in 27 and 13.
    assert values.agg(["sum", "size"]).to_numpy().tolist() == [[27, 295], [52, 307]]
    severe = by_arm(consortium, "after", {"score": "moderate_or_severe"}).groupby("arm")["value"]
    assert severe.sum().to_dict() == {"indomethacin": 13, "placebo": 27}
    assert consortium.tables["participants"]["trial"].value_counts().to_dict() == {
        "iu": 413, "um": 164, "uk": 22, "case": 3
    }  # fmt: skip


@pytest.mark.published
def test_dates_in_three_columns_two_scores_in_a_cell_and_a_year_mistyped(messy: Path, tmp_path: Path) -> None:
    consortium = harmonized(inputs(messy, "colitis"))
    rows = consortium.tables["assessments"]
    assert len(consortium.tables["participants"]) == 30
    missing = consortium.missing[consortium.missing["reason"] == "not_collected"]
    assert missing["key"].str.contains("score=sodium").tolist() == [True]
    # Someone's end visit lies before the start of treatment by more than a year: a year mistyped, which is warned of.
    (issue,) = consortium.issues.to_dict("records")
    assert (issue["code"], issue["column"], issue["count"]) == ("implausible_value", "study_day", 1)
    outside = rows[(rows["study_day"] < -366).to_numpy(dtype=bool, na_value=False)]
    person, day = outside["participant_id"].iloc[0], int(outside["study_day"].iloc[0])
    where = inputs(messy, "colitis")
    keys = {"participant_id": person, "visit": "end", "score": "weight"}
    told = explain(consortium, where, table="assessments", column="study_day", keys=keys)
    old = next(line for line in told if "start_date" in line and "raw column" in line).rsplit(" ", 1)[1].strip("'")[:10]
    new = f"{int(old[:4]) - 2}{old[4:]}"
    line = f"source: main, id: '{person}', column: start_date, old: {old}, new: {new}, why: year mistyped"
    mended = harmonized(inputs(messy, "colitis", corrections(tmp_path / "corrections", "colitis", line)))
    again = mended.tables["assessments"]
    days = again.loc[(again["participant_id"] == person).to_numpy(dtype=bool), "study_day"].dropna()
    assert days.tolist() == [day + 731]  # by hand: 2021 and 2022 have 365 days, and there is no day 0
    assert mended.issues.empty


@pytest.mark.published
def test_merged_headings_and_ids_that_stand_twice(messy: Path, tmp_path: Path) -> None:
    consortium = harmonized(inputs(messy, "pressure"))
    rows = consortium.tables["assessments"]
    assert rows["visit"].value_counts().to_dict() == {"visit_1": 20, "visit_2": 20, "visit_3": 20}
    # By hand from the sheet's first person: 167/92, 156/82, 144/71.
    assert rows["value"].tolist()[:3] == [167.0, 156.0, 144.0]
    text = (PROJECTS / "messy_pressure" / "recipes" / "pressure.yaml").read_text(encoding="utf-8")
    path = tmp_path / "pressure.yaml"
    path.write_text(text.replace("id: row_number", "id: pat_id"), encoding="utf-8")
    where = Inputs(raw=messy, recipes=path, scales=PROJECTS / "messy_pressure" / "scales")
    assert {finding.code for finding in errors(where)} == {"repeated_key"}


@pytest.mark.published
def test_remarks_behind_numbers_notes_under_the_data_and_values_that_cannot_be(messy: Path, tmp_path: Path) -> None:
    (found,) = errors(inputs(messy, "kidney"))
    assert (found.code, found.column, found.rows) == ("outside_scale", "value", (20, 24, 25))
    values = {20: ("Day 1 gfr", 322), 24: ("Admission GFR", 232), 25: ("Admission GFR", 177)}
    lines = [
        f"source: main, row: {row}, column: {column}, old: {value}, new: null, why: a digit too many"
        for row, (column, value) in values.items()
    ]
    consortium = harmonized(inputs(messy, "kidney", corrections(tmp_path / "corrections", "kidney", *lines)))
    rows = consortium.tables["assessments"]
    assert len(rows) == 20 * 6 - 3 - 1  # an empty cell beside the three
    assert consortium.tables["participants"]["sex"].value_counts().to_dict() == {"male": 10, "female": 10}
    status = consortium.status[(consortium.status["column"] == "filtration.rate").to_numpy(dtype=bool)].iloc[0]
    assert (status["filled"], status["missing"], status["reasons"]) == (116, 4, "visit_missed 4")
