"""A Consortium as a folder and back, without loss: text tables, and a Data Package descriptor of what they hold."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ipdma.errors import ScaleError, SchemaError
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.table_text import frame_from_text, text_from_frame
from ipdma.schemas.scale_file import scale_from_mapping, scale_to_mapping
from ipdma.schemas.tables import Column, Table, read_schema

DESCRIPTOR = "datapackage.json"
SIDE_TABLES = ("missing", "status", "origin", "rules", "events", "issues", "files")
_TYPES = {"string": "string", "Int64": "integer", "Float64": "number", "boolean": "boolean"}
_DTYPES = {"string": "string", "date": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}


def write_consortium(consortium: Consortium, folder: Path) -> None:
    """Write a consortium as a Data Package: a CSV file a table, ``datapackage.json``, and the scales within it.

    The descriptor is written last and holds each file's hash, so that an unfinished folder is not read back.

    Raises
    ------
    SchemaError
        If a table holds a type of values that text cannot give back (others than text, whole numbers, numbers, truth
        values), an empty text, or two columns of one name.
    """
    schema = read_schema(consortium.schema.removeprefix("ipd "))
    side = {name: getattr(consortium, name) for name in SIDE_TABLES}
    texts = {name: text_from_frame(frame, name=name) for name, frame in {**consortium.tables, **side}.items()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DESCRIPTOR).unlink(missing_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.csv").write_bytes(text)
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "consortium",
        "ipd": consortium.schema,
        "resources": [
            *(
                _resource(name, frame, texts[name], schema.get(name), consortium.categories.get(name, {}))
                for name, frame in consortium.tables.items()
            ),
            *(_resource(name, frame, texts[name], None, {}) for name, frame in side.items()),
        ],
        "scales": [scale_to_mapping(scale) for scale in consortium.scales.values()],
    }
    (folder / DESCRIPTOR).write_bytes((json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n").encode("utf-8"))


def read_consortium(folder: Path | str) -> Consortium:
    """Return the consortium that :func:`write_consortium` wrote.

    Raises
    ------
    SchemaError
        If the folder is absent, unfinished, or a file in it was changed.
    """
    folder = Path(folder)
    descriptor = _read_descriptor(folder)
    try:
        frames = {node["name"]: _read_frame(folder, node) for node in descriptor["resources"]}
        scales = [scale_from_mapping(node, name=DESCRIPTOR) for node in descriptor["scales"]]
        side = {name: frames.pop(name) for name in SIDE_TABLES}
        schema, categories = str(descriptor["ipd"]), _own_categories(descriptor)
    except (KeyError, TypeError, ScaleError):
        raise SchemaError(f"{DESCRIPTOR} in {folder.name} was changed by hand. Harmonize again.") from None
    by_code = {scale.code: scale for scale in scales}
    return Consortium(tables=frames, scales=by_code, schema=schema, categories=categories, **side)


def _read_descriptor(folder: Path) -> dict[str, Any]:
    try:
        descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise SchemaError(f"{folder.name} holds no harmonized trials ({DESCRIPTOR} is not there). Harmonize.") from None
    except (ValueError, OSError):
        raise SchemaError(f"{DESCRIPTOR} in {folder.name} cannot be read. Harmonize again.") from None
    if not isinstance(descriptor, dict):
        raise SchemaError(f"{DESCRIPTOR} in {folder.name} was changed by hand. Harmonize again.")
    return descriptor


def _read_frame(folder: Path, node: Mapping[str, Any]) -> pd.DataFrame:
    try:
        text = (folder / node["path"]).read_bytes()
    except OSError:
        raise SchemaError(f"{node['path']} in {folder.name} is not there or cannot be read. Harmonize again.") from None
    if f"sha256:{hashlib.sha256(text).hexdigest()}" != node["hash"]:
        raise SchemaError(
            f"{node['path']} in {folder.name} was changed after it was written, so it is not what the raw files and "
            "recipes give. Put corrections into private/corrections, and harmonize again."
        )
    return frame_from_text(text, {field["name"]: _DTYPES[field["type"]] for field in node["schema"]["fields"]})


def _resource(
    name: str, frame: pd.DataFrame, text: bytes, table: Table | None, own: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "name": name,
        "path": f"{name}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(text),
        "hash": f"sha256:{hashlib.sha256(text).hexdigest()}",
    }
    known = table.columns if table else {}
    schema: dict[str, Any] = {
        "fields": [
            _field(known[column]) if column in known else _own_field(frame[column], own.get(str(column), ()))
            for column in frame.columns
        ],
        "missingValues": [""],
    }
    if table is not None and set(table.primary_key) <= set(frame.columns):
        schema["primaryKey"] = list(table.primary_key)
        schema["foreignKeys"] = [
            {"fields": list(key.columns), "reference": {"resource": key.table, "fields": list(key.table_columns)}}
            for key in table.foreign_keys
        ]
    return {**resource, "schema": schema}


def _own_field(values: pd.Series, categories: Sequence[str]) -> dict[str, Any]:
    """Return a column that the common schema does not have, with what the project says of it."""
    field: dict[str, Any] = {"name": values.name, "type": _TYPES[str(values.dtype)]}
    return {**field, "constraints": {"enum": list(categories)}} if categories else field


def _own_categories(descriptor: Mapping[str, Any]) -> dict[str, dict[str, tuple[str, ...]]]:
    schema = read_schema(str(descriptor["ipd"]).removeprefix("ipd "))
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for node in descriptor["resources"]:
        for field in node["schema"]["fields"] if node["name"] in schema else ():
            enum = field.get("constraints", {}).get("enum")
            if enum and field["name"] not in schema[node["name"]].columns:
                found.setdefault(node["name"], {})[field["name"]] = tuple(enum)
    return found


def _field(column: Column) -> dict[str, Any]:
    constraints = {
        "required": column.required or None,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "exclusiveMinimum": column.exclusive_minimum,
        "pattern": column.pattern or None,
        "enum": list(column.categories) or None,
    }
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": column.description,
        "unit": column.unit or None,
    }
    field["constraints"] = {key: value for key, value in constraints.items() if value is not None} or None
    return {key: value for key, value in field.items() if value is not None}
