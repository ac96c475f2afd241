"""A new project: what it teaches is true."""

from pathlib import Path

from ipdma._paths import data_schemas
from ipdma.harmonize.corrections_file import read_corrections
from ipdma.harmonize.operations import OPERATIONS
from ipdma.project.new import new
from ipdma.schemas.recipe_column import ORIGINS
from ipdma.schemas.recipe_file import parse_recipe

WORDS = data_schemas() / "scaffold" / "recipe_words.yaml"


def test_the_words_of_a_recipe_are_explained_in_a_recipe_that_holds_each() -> None:
    text = WORDS.read_text(encoding="utf-8")
    recipe = parse_recipe(text, name=WORDS.name)
    rules = [rule for block in recipe.blocks for rule in block.columns]
    rules += [block.reported.value for block in recipe.blocks if block.reported is not None]
    assert {rule.kind for rule in rules} | {"const"} == set(ORIGINS)
    assert all(f"{{{word}: " in text or f"[{word}," in text or f" {word} (" in text for word in OPERATIONS)
    grammar = ("rows_from", "each", "join", "duplicates", "unmatched", "where", "first_row", "last_row", "header_row",
               "sheet", "encoding", "delimiter", "decimal", "spss_user_missing", "status", "row_number", "map_label",
               "is_missing", "if_else", "minutes")  # fmt: skip
    assert all(word in text for word in grammar)


def test_the_corrections_it_shows_are_corrections(tmp_path: Path) -> None:
    text = WORDS.read_text(encoding="utf-8")
    shown = text[text.index("#   corrections: 1") :].replace("#   ", "")
    (tmp_path / "trial_a.yaml").write_text(shown, encoding="utf-8")
    changes, wrong = read_corrections(tmp_path)
    assert wrong == []
    assert [change.new for change in changes] == [29, 10]


def test_the_words_come_with_the_project_and_not_among_its_recipes(tmp_path: Path) -> None:
    reply = new(tmp_path / "mine")
    assert "recipe_words.yaml" in reply.data["files"]
    assert "recipe_words.yaml explains every word" in " ".join(reply.lines)
