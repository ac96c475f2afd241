"""A Consortium survives the way to a folder and back, whatever its values are."""

import json
from dataclasses import replace
from pathlib import Path

import frictionless
import pandas as pd
import pytest

from ipdma.errors import SchemaError
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.harmonize import harmonize
from ipdma.harmonize.store import SIDE_TABLES, read_consortium, write_consortium

PROJECTS = Path(__file__).resolve().parent.parent / "published" / "projects"


def assert_same(one: Consortium, other: Consortium) -> None:
    assert list(one.tables) == list(other.tables)
    for name in one.tables:
        pd.testing.assert_frame_equal(one.tables[name], other.tables[name], check_exact=True)
    for name in SIDE_TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert dict(one.scales) == dict(other.scales)
    assert one.schema == other.schema


def test_what_is_written_is_read_back_the_same(consortium: Consortium, tmp_path: Path) -> None:
    write_consortium(consortium, tmp_path / "harmonized")
    assert_same(read_consortium(tmp_path / "harmonized"), consortium)


def test_the_same_consortium_gives_the_same_bytes(consortium: Consortium, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_consortium(consortium, tmp_path / folder)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_columns_the_schema_does_not_know_are_kept_with_their_type(consortium: Consortium, tmp_path: Path) -> None:
    people = consortium.tables["participants"].assign(
        site=pd.array(["a", pd.NA, "b"], dtype="string"), smokes=pd.array([True, None, False], dtype="boolean")
    )
    more = replace(consortium, tables={**consortium.tables, "participants": people})
    write_consortium(more, tmp_path)
    assert_same(read_consortium(tmp_path), more)
    assert frictionless.Package(str(tmp_path / "datapackage.json")).validate().valid


def test_writing_again_replaces_what_was_there(consortium: Consortium, tmp_path: Path) -> None:
    write_consortium(consortium, tmp_path)
    fewer = replace(consortium, origin=consortium.origin.head(1))
    write_consortium(fewer, tmp_path)
    assert_same(read_consortium(tmp_path), fewer)


@pytest.mark.published
@pytest.mark.parametrize(
    ("project", "raw"),
    [("mdd", "pseudoipd_MDD"), ("cdystonia", "cdystonia_9sites_3doses"), ("eight_schools", "eight_schools")],
)
def test_real_trials_survive_and_frictionless_accepts_their_folder(
    reference_data: Path, tmp_path: Path, project: str, raw: str
) -> None:
    folder = PROJECTS / project
    harmonized = harmonize(reference_data / raw, recipes=folder / "recipes", scales=folder / "scales")
    write_consortium(harmonized, tmp_path)
    assert_same(read_consortium(tmp_path), harmonized)
    assert frictionless.Package(str(tmp_path / "datapackage.json")).validate().valid


@pytest.mark.parametrize("value", [pd.array([1.5], dtype="float64"), pd.array(["a"], dtype=object)])
def test_a_type_that_text_cannot_give_back_is_refused(
    consortium: Consortium, tmp_path: Path, value: pd.api.extensions.ExtensionArray
) -> None:
    status = pd.DataFrame({"why": value})
    with pytest.raises(SchemaError, match="only text, numbers and truth values can be stored"):
        write_consortium(replace(consortium, status=status), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_absent_or_unfinished_is_not_read(consortium: Consortium, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="nowhere holds no harmonized trials"):
        read_consortium(tmp_path / "nowhere")
    write_consortium(consortium, tmp_path)
    (tmp_path / "datapackage.json").unlink()
    with pytest.raises(SchemaError, match="holds no harmonized trials"):
        read_consortium(tmp_path)


def test_a_file_that_was_changed_or_removed_is_noticed(consortium: Consortium, tmp_path: Path) -> None:
    write_consortium(consortium, tmp_path)
    path = tmp_path / "assessments.csv"
    path.write_bytes(path.read_bytes().replace(b"12.0", b"11.0"))
    with pytest.raises(SchemaError, match="assessments.csv .* was changed after it was written"):
        read_consortium(tmp_path)
    path.unlink()
    with pytest.raises(SchemaError, match="assessments.csv .* is not there"):
        read_consortium(tmp_path)


@pytest.mark.parametrize("key", ["resources", "scales", "ipd"])
def test_a_changed_descriptor_is_noticed(consortium: Consortium, tmp_path: Path, key: str) -> None:
    write_consortium(consortium, tmp_path)
    path = tmp_path / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    del descriptor[key]
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(SchemaError, match="was changed by hand"):
        read_consortium(tmp_path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(SchemaError, match="cannot be read"):
        read_consortium(tmp_path)


def test_categories_of_a_projects_own_column_keep_their_order(consortium: Consortium, tmp_path: Path) -> None:
    people = consortium.tables["participants"]
    stage = pd.Series(["mild"] * len(people), dtype="string", index=people.index)
    own = {"participants": {"stage": ("none", "mild", "severe")}}
    tables = {**consortium.tables, "participants": people.assign(stage=stage)}
    write_consortium(replace(consortium, tables=tables, categories=own), tmp_path / "harmonized")
    assert read_consortium(tmp_path / "harmonized").categories == own
