"""A first recipe for a raw file."""

from pathlib import Path

import numpy as np
import pandas as pd

from ipdma._paths import data_schemas
from ipdma.harmonize.check_recipe import check_recipe
from ipdma.harmonize.draft import draft_recipe
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.read_raw import read_raw
from ipdma.schemas.recipe_file import parse_recipe
from ipdma.schemas.tables import read_schema


def raw() -> RawTable:
    values = pd.DataFrame(
        {
            "id": pd.array([f"p{n}" for n in range(12)], dtype="string"),
            "group": pd.array([1.0] * 6 + [2.0] * 6, dtype="Float64"),
            "yes": pd.array([f"{n + 30},5" for n in range(12)], dtype="string"),
            "my score": pd.array([9.0] * 12, dtype="Float64"),
        }
    )
    return RawTable(
        file="a b.sav",
        reader="spss",
        sha256="",
        values=values,
        rows=np.arange(1, 13),
        value_labels={"group": {1.0: "Placebo", 2.0: "Drug: 50 mg"}},
        missing_codes={"my score": ((9.0, 9.0),)},
    )


def test_every_column_has_a_line_that_waits_to_be_determined() -> None:
    text = draft_recipe(raw(), trial="a_b", options={"encoding": "cp1252"})
    assert 'main: {file: "a b.sav", reader: spss, id: id, expect_rows: 12, options: {encoding: cp1252}}' in text
    assert '    - {code: "9", reason: undetermined, columns: ["my score"]}' in text
    assert '# group: {from: group, do: [{map_label: {Placebo: undetermined, "Drug: 50 mg": undetermined}}]}' in text
    assert '# "yes": {from: "yes", do: [number]}' in text
    assert "p7" not in text  # no value of one person


def test_it_is_a_recipe_of_which_the_check_says_what_is_lacking(tmp_path: Path) -> None:
    table = raw()
    text = draft_recipe(table, trial="a_b", options={})
    # What the lines say is right is made so by taking the sign away.
    recipe = parse_recipe(
        text.replace("# - {", "- {").replace(
            "# group: {from: group, do: [{map_label", "arm: {from: group, do: [{map_label"
        ),
        name="a.yaml",
    )
    assert recipe.sources["main"].expect_rows == 12
    found = check_recipe(recipe, {"main": table}, read_schema(), {})
    assert found == []


def test_the_scaffold_s_own_file_can_be_drafted() -> None:
    path = data_schemas() / "scaffold" / "raw" / "trial_a.csv"
    table = read_raw(path, reader="csv", options={}, name=path.name)
    text = draft_recipe(table, trial="trial_a", options={})
    assert text.count("\n      # ") == len(table.values.columns) + 5


def drafted(**columns: list[float]) -> str:
    values = pd.DataFrame({name: pd.array(cells, dtype="Float64") for name, cells in columns.items()})
    return draft_recipe(
        RawTable(file="a.csv", reader="csv", sha256="", values=values, rows=np.arange(2, len(values) + 2)),
        trial="a",
        options={},
    )


def test_a_column_that_is_called_like_an_id_is_proposed_with_its_doubt() -> None:
    twice = [1.0, 1.0, *range(2, 12)]
    assert "Its values do not stand once each" in drafted(score=[5.0] * 12, pat_id=twice)
    assert "id: pat_id, expect_rows: 12}" in drafted(score=[5.0] * 12, pat_id=twice)
    assert "id: pat_id," in drafted(weight=[float(n) for n in range(12)], pat_id=[float(n) for n in range(12)])
    assert "id: row_number," in drafted(width=twice)  # no word of its own in 'width' names a person


def test_numbers_whose_names_differ_by_a_visit_become_an_outcome() -> None:
    twelve = [float(n % 4) for n in range(12)]
    text = drafted(**{"glucose PRE": twelve, "glucose POST": twelve, "age": twelve})
    assert "#     long: {over: visit, values: {pre: PRE, post: POST}}" in text
    assert '#     reported: {scale: undetermined, from: "glucose {visit}"}' in text
    assert "age {visit}" not in text


def test_visits_with_a_number_apart_and_two_numbers_in_a_cell_are_seen() -> None:
    cells = [f"{n + 110}/80" for n in range(12)]
    values = pd.DataFrame({f"Visit {n} BP": pd.array(cells, dtype="string") for n in (1, 2)})
    raw = RawTable(file="a.csv", reader="csv", sha256="", values=values, rows=np.arange(2, 14))
    text = draft_recipe(raw, trial="a", options={})
    assert 'long: {over: visit, values: {visit1: "Visit 1", visit2: "Visit 2"}}' in text
    step = r"{regex_group: '(\d+)/\d+'}, number"
    assert f'reported: {{scale: undetermined, from: "{{visit}} BP", do: [{step}]}}' in text
    assert f'"Visit 1 BP": {{from: "Visit 1 BP", do: [{step}]}}' in text
    assert "id: row_number" in text


def test_items_of_an_instrument_stand_together() -> None:
    columns = {
        f"{visit}_h{item:02d}": [float(n % 3) for n in range(12)] for visit in ("w0", "w8") for item in (1, 2, 3)
    }
    text = drafted(**columns)
    assert text.count("over: visit") == 1
    assert '#     score: {scale: undetermined, items: "{visit}_h{i:02d}"}' in text


def test_the_outcomes_of_a_draft_are_grammar_once_the_signs_are_gone() -> None:
    twelve = [float(n % 4) for n in range(12)]
    for columns in ({"x": twelve}, {"a_pre": twelve, "a_post": twelve, "b_pre": twelve, "b_post": twelve}):
        text = drafted(**columns)
        head, tail = text.split("  # Outcomes")
        body = tail.partition("\n")[2].replace("  # ", "  ")
        empty = head.replace("  arms:\n    rows:\n", "").replace("  visits:\n    rows:\n", "")
        empty = empty[: empty.index("  participants:")]
        blocks = parse_recipe("\n".join([*_kept(empty), body]), name="a.yaml").blocks
        assert {block.table for block in blocks} == {"assessments"}


def _kept(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.lstrip().startswith("#")]
