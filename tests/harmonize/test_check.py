from pathlib import Path

import pytest

from ipdma.errors import RecipeError
from ipdma.harmonize.check import check

RECIPE = """\
recipe: 1
schema: ipd 1.0.0
trial: a
sources: {main: {file: a.csv, reader: csv, id: id}}
tables:
  participants: {source: main, columns: {arm: {from: group, do: [{map: {1: x}}]}, age_years: age}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "a.yaml").write_text(RECIPE, encoding="utf-8")
    (tmp_path / "raw" / "a.csv").write_text("id,group,age\n1,2,x\n", encoding="utf-8")
    return tmp_path


def test_a_recipe_that_fits_its_headers_passes_whatever_the_values_are(project: Path) -> None:
    assert check(project / "raw", project / "recipes") == []


def test_what_does_not_fit_is_said_with_its_line(project: Path) -> None:
    (project / "raw" / "a.csv").write_text("id,grp,age\n1,2,x\n", encoding="utf-8")
    (finding,) = check(project / "raw", project / "recipes")
    assert (finding.code, finding.recipe, finding.line, finding.file) == ("column_absent", "a.yaml", 6, "a.csv")


def test_a_wrong_header_row_lists_no_values_as_names(project: Path) -> None:
    path = project / "recipes" / "a.yaml"
    path.write_text(RECIPE.replace("id: id", "id: id, options: {header_row: 2}"), encoding="utf-8")
    (project / "raw" / "a.csv").write_text("id,group,age\ncanary1,canary2,canary3\n1,2,3\n", encoding="utf-8")
    found = check(project / "raw", project / "recipes")
    assert {finding.code for finding in found} == {"column_absent"}
    assert "canary" not in "".join(finding.sentence() for finding in found)


def test_recipes_with_errors_and_files_that_are_absent_are_findings_too(project: Path) -> None:
    (project / "recipes" / "b.yaml").write_text("recipe: 1\n", encoding="utf-8")
    (project / "raw" / "a.csv").unlink()
    codes = [finding.code for finding in check(project / "raw", project / "recipes")]
    assert codes == ["recipe"] * 4 + ["unreadable"]


def test_without_recipes_there_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no recipe"):
        check(tmp_path, tmp_path)


def test_rows_from_a_count_make_no_participants(project: Path) -> None:
    path = project / "recipes" / "a.yaml"
    counted = "participants: {source: main, rows_from: {count: age, over: participant_id}, columns: {arm: group}}\n"
    path.write_text(RECIPE[: RECIPE.index("participants")] + counted, encoding="utf-8")
    (finding,) = check(project / "raw", project / "recipes")
    assert (finding.code, finding.line) == ("rows_from_people", 6)
    assert "A file that counts people by group holds no participants" in finding.message
