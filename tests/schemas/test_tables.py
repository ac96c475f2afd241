"""The common schema: an open standard that others read alike, and a project's own columns on top."""

import json
import re
from pathlib import Path
from typing import Any

import frictionless
import pytest

from ipdma._paths import data_schemas
from ipdma.errors import SchemaError
from ipdma.schemas.tables import read_schema, versions


def descriptor() -> dict[str, Any]:
    path = data_schemas() / "ipd" / "1.0.0" / "datapackage.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def test_frictionless_accepts_the_descriptor() -> None:
    assert frictionless.Package.from_descriptor(descriptor()).name == "ipd"
    assert frictionless.Package.validate_descriptor(descriptor()).valid


def test_nothing_the_descriptor_constrains_is_overlooked() -> None:
    read = {"required", "minimum", "maximum", "exclusiveMinimum", "pattern", "enum"}
    for resource in descriptor()["resources"]:
        for field in resource["schema"]["fields"]:
            assert set(field.get("constraints", {})) <= read
            assert set(field.get("plausible", {})) <= {"minimum", "maximum", "unless"}
            assert field["type"] in ("string", "integer", "number", "date")
            assert field["description"].endswith(".")
            re.compile(field.get("constraints", {}).get("pattern", ""))


def test_the_tables_hold_what_the_descriptor_says() -> None:
    schema = read_schema("1.0.0")
    assert list(schema) == [resource["name"] for resource in descriptor()["resources"]]
    age = schema["participants"].columns["age_years"]
    assert (age.type, age.dtype, age.unit, age.minimum, age.maximum) == ("number", "Float64", "a", 0, 130)
    assert age.plausible is not None
    assert (age.plausible.minimum, age.plausible.maximum) == (5, 100)
    assert schema["participants"].columns["randomized_on"].dtype == "string"
    assert schema["visits"].columns["phase"].categories == ("baseline", "mid", "post", "followup")
    assert schema["estimates"].columns["se"].exclusive_minimum == 0
    assert schema["participants"].primary_key == ("trial", "participant_id")
    (key,) = schema["participants"].foreign_keys
    assert (key.columns, key.table, key.table_columns) == (("trial", "arm"), "arms", ("trial", "arm"))


def test_foreign_keys_point_to_primary_keys() -> None:
    schema = read_schema()
    for table in schema.values():
        assert set(table.primary_key) <= set(table.columns)
        for key in table.foreign_keys:
            assert set(key.columns) <= set(table.columns)
            assert key.table_columns == schema[key.table].primary_key


def test_an_unknown_version_is_refused() -> None:
    assert "1.0.0" in versions()
    with pytest.raises(SchemaError, match="no version '1.0.1', did you mean '1.0.0'"):
        read_schema("1.0.1")


EXTRA = """\
schema: 1
tables:
  participants:
    columns:
      site: {type: string, description: Clinic., disclosure: quasi, enum: [north, south]}
      bmi: {type: number, unit: kg/m2, minimum: 0, plausible: {minimum: 12, maximum: 60}}
"""


def test_a_project_adds_columns_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "schema.yaml"
    path.write_text(EXTRA, encoding="utf-8")
    columns = read_schema(extra=path)["participants"].columns
    assert columns["site"].categories == ("north", "south")
    assert (columns["bmi"].dtype, columns["bmi"].unit, columns["bmi"].core) == ("Float64", "kg/m2", "optional")
    assert "site" not in read_schema()["participants"].columns


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("schema: 1", "schema: 2", "'schema: 1' is missing"),
        ("tables:", "table:", "unknown key 'table', did you mean 'tables'"),
        ("participants:", "participant:", "line 3: no table 'participant', did you mean 'participants'"),
        ("columns:", "fields:", "unknown key 'fields'"),
        ("site:", "sex:", "line 5: column 'sex' is already one of table 'participants'"),
        ("type: string", "type: text", "column 'site': 'type' must be one of string"),
        ("type: string, ", "", "'type' must be one of"),
        ("quasi", "secret", "'disclosure' must be one of none, direct"),
        ("enum:", "categories:", "unknown key 'categories'"),
        ("enum: [north, south]", "enum: north", "'enum' must be a list"),
        ("minimum: 0", "minimum: low", "'minimum' must be a number"),
        ("minimum: 12", "minimum: low", "'minimum' must be a number"),
        ("minimum: 12", "min: 12", "unknown key 'min'"),
        ("minimum: 0", "required: 1", "'required' must be true or false"),
        ("{minimum: 12, maximum: 60}", "12", "plausible must hold keys and values"),
        ("schema: 1", "schema: 1\nschema: 1", "line 2"),
    ],
)
def test_a_bad_schema_file_is_refused_with_its_place(tmp_path: Path, old: str, new: str, match: str) -> None:
    path = tmp_path / "schema.yaml"
    path.write_text(EXTRA.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemaError, match=match) as caught:
        read_schema(extra=path)
    assert str(caught.value).startswith("schema.yaml")
