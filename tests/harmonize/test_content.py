from pathlib import Path

from ipdma.harmonize.content import own_categories, read_content


def test_only_columns_a_project_adds_have_categories_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "schema.yaml"
    path.write_text(
        "schema: 1\ntables:\n  participants:\n    columns:\n"
        "      stage: {type: string, enum: [none, mild, severe]}\n      height_cm: {type: number}\n",
        encoding="utf-8",
    )
    assert own_categories(read_content(None, path).schema) == {"participants": {"stage": ("none", "mild", "severe")}}
    assert own_categories(read_content(None, None).schema) == {}
