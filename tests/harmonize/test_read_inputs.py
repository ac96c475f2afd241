"""Recipes and raw files: each read once, and what cannot be read is a finding."""

from pathlib import Path

import pytest

from ipdma.errors import RecipeError
from ipdma.harmonize.read_inputs import RawFiles, read_recipes, recipe_paths
from ipdma.schemas.recipe import Recipe
from ipdma.schemas.recipe_file import parse_recipe

HEAD = "recipe: 1\nschema: ipd 1.0.0\ntrial: a\nsources:\n"
TABLES = "tables: {arms: {rows: [{arm: drug, treatment: drug}]}}\n"


def recipe(*sources: str) -> Recipe:
    return parse_recipe(HEAD + "".join(f"  {source}\n" for source in sources) + TABLES, name="a.yaml")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A folder with one file."""
    (tmp_path / "a.csv").write_text("id,x\n1,2\n", encoding="utf-8")
    return tmp_path


def test_recipes_come_in_the_order_of_their_names_or_alone(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", "notes.txt"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [path.name for path in recipe_paths(tmp_path)] == ["a.yaml", "b.yaml"]
    assert recipe_paths(tmp_path / "b.yaml") == [tmp_path / "b.yaml"]


def test_a_folder_without_recipes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no recipe"):
        recipe_paths(tmp_path)


def test_recipes_that_can_be_read_are_given_with_all_that_is_wrong_with_the_others(tmp_path: Path) -> None:
    good = HEAD + "  main: {file: a.csv, reader: csv}\n" + TABLES
    texts = {"a.yaml": good, "b.yaml": good.replace("file:", "fil:").replace("trial:", "tral:"), "c.yaml": "a: [1"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    recipes, findings = read_recipes(recipe_paths(tmp_path))
    assert [found.name for found in recipes] == ["a.yaml"]
    assert {finding.code for finding in findings} == {"recipe"}
    assert {finding.line for finding in findings if finding.recipe == "b.yaml"} >= {3, 5}
    assert any("c.yaml" in finding.message for finding in findings)


def test_a_file_of_two_sources_is_read_once_unless_it_is_read_otherwise(raw: Path) -> None:
    said: list[str] = []
    sources = [f"{name}: {{file: a.csv, reader: csv, id: id{more}}}" for name, more in (
        ("one", ""), ("two", ""), ("other", ", options: {header_row: 2}"))]  # fmt: skip
    tables, findings = RawFiles(raw, said.append).tables(recipe(*sources))
    assert findings == []
    assert said == ["reading a.csv", "reading a.csv"]
    assert tables["one"] is tables["two"]
    assert list(tables["other"].values.columns) == ["1", "2"]


def test_a_file_that_cannot_be_read_is_one_finding_and_the_others_are_read(raw: Path) -> None:
    sources = ["main: {file: a.csv, reader: csv}", *(f"{name}: {{file: b.csv, reader: csv}}" for name in ("x", "y"))]
    tables, (finding,) = RawFiles(raw, lambda sentence: None).tables(recipe(*sources))
    assert list(tables) == ["main"]
    assert (finding.code, finding.recipe, finding.line) == ("unreadable", "a.yaml", 6)
    assert finding.message.startswith("b.csv does not exist")


def test_a_file_is_read_anew_for_the_next_recipe(raw: Path) -> None:
    files = RawFiles(raw, lambda sentence: None)
    first, _ = files.tables(recipe("main: {file: a.csv, reader: csv}"))
    (raw / "a.csv").write_text("id,x\n1,2\n2,3\n", encoding="utf-8")
    second, _ = files.tables(recipe("main: {file: a.csv, reader: csv}"))
    assert (len(first["main"].values), len(second["main"].values)) == (1, 2)
