"""The common schema as values: tables, columns and keys, read from a Data Package descriptor."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from ipdma._paths import data_schemas
from ipdma._yaml import did_you_mean, line_of, read_yaml
from ipdma.errors import SchemaError, YamlError

ColumnType = Literal["string", "integer", "number", "date"]
Core = Literal["required", "expected", "optional"]
Disclosure = Literal["none", "direct", "quasi", "date", "free_text"]
# A date stays text (YYYY-MM-DD): missing is pd.NA as in every other column, and no clock or time zone slips in.
_DTYPES: Mapping[str, str] = {"string": "string", "integer": "Int64", "number": "Float64", "date": "string"}
_CONSTRAINTS = ("required", "minimum", "maximum", "exclusiveMinimum", "pattern", "enum")
_EXTRA_KEYS = ("type", "description", "core", "disclosure", "unit", "plausible", *_CONSTRAINTS)


@dataclass(frozen=True, kw_only=True)
class Plausible:
    """A range outside of which a value is reported, not refused; rows that hold one of ``unless`` are passed over."""

    minimum: float | None = None
    maximum: float | None = None
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a common table and what its values may be.

    ``core`` says whether a trial must, should or may fill it, ``disclosure`` what it tells of a person, ``unit`` is a
    UCUM code, ``required`` forbids missing values, ``pattern`` is a regular expression for the whole text.
    """

    name: str
    type: ColumnType
    description: str = ""
    core: Core = "optional"
    disclosure: Disclosure = "none"
    unit: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    pattern: str = ""
    categories: tuple[str, ...] = ()
    plausible: Plausible | None = None

    @property
    def dtype(self) -> str:
        """The pandas dtype of the column; dates are text of the form 2024-12-31."""
        return _DTYPES[self.type]


@dataclass(frozen=True, kw_only=True)
class ForeignKey:
    """Columns whose values must stand in a row of another table."""

    columns: tuple[str, ...]
    table: str
    table_columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """One common table."""

    name: str
    columns: Mapping[str, Column]
    primary_key: tuple[str, ...]
    title: str = ""
    description: str = ""
    foreign_keys: tuple[ForeignKey, ...] = ()


def versions() -> tuple[str, ...]:
    """Return the versions of the common schema that this package holds, oldest first."""
    found = (path.parent.name for path in (data_schemas() / "ipd").glob("*/datapackage.json"))
    return tuple(sorted(found, key=lambda version: [int(part) for part in version.split(".")]))


def read_schema(version: str = "1.0.0", extra: Path | None = None) -> dict[str, Table]:
    """Return the common tables by name.

    Parameters
    ----------
    version
        Version of the common schema.
    extra
        A project's ``schema.yaml``, which adds columns: ``{schema: 1, tables: {participants: {columns: {site: {type:
        string, description: ...}}}}}``.

    Raises
    ------
    SchemaError
        If there is no such version, or the project's file is not understood or redefines a column.
    """
    if version not in versions():
        raise SchemaError(f"the common schema has no version '{version}'{did_you_mean(version, versions())}")
    path = data_schemas() / "ipd" / version / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    tables = {resource["name"]: _table(resource) for resource in descriptor["resources"]}
    return tables if extra is None else _with_extra(tables, extra)


def _table(resource: Mapping[str, Any]) -> Table:
    schema = resource["schema"]
    columns = [_column(node["name"], {**node, **node.get("constraints", {})}) for node in schema["fields"]]
    return Table(
        name=resource["name"],
        title=resource.get("title", ""),
        description=resource.get("description", ""),
        columns={column.name: column for column in columns},
        primary_key=tuple(schema["primaryKey"]),
        foreign_keys=tuple(
            ForeignKey(
                columns=tuple(key["fields"]),
                table=key["reference"]["resource"],
                table_columns=tuple(key["reference"]["fields"]),
            )
            for key in schema.get("foreignKeys", [])
        ),
    )


def _column(name: str, node: Mapping[str, Any]) -> Column:
    return Column(
        name=name,
        type=node["type"],
        description=node.get("description", ""),
        core=node.get("core", "optional"),
        disclosure=node.get("disclosure", "none"),
        unit=node.get("unit", ""),
        required=node.get("required", False),
        minimum=node.get("minimum"),
        maximum=node.get("maximum"),
        exclusive_minimum=node.get("exclusiveMinimum"),
        pattern=node.get("pattern", ""),
        categories=tuple(node.get("enum", ())),
        plausible=_plausible(node["plausible"]) if "plausible" in node else None,
    )


def _plausible(node: Mapping[str, Any]) -> Plausible:
    unless = {column: tuple(values) for column, values in node.get("unless", {}).items()}
    return Plausible(minimum=node.get("minimum"), maximum=node.get("maximum"), unless=unless)


def _with_extra(tables: dict[str, Table], path: Path) -> dict[str, Table]:
    try:
        node = read_yaml(path)
    except YamlError as error:
        raise SchemaError(str(error)) from None
    _known(node, ("schema", "tables"), path.name)
    if node.get("schema") != 1:
        raise SchemaError(f"{path.name}: 'schema: 1' is missing; it says which version of the format the file has.")
    result = dict(tables)
    for name, table in _mapping(node, "tables", path.name).items():
        if name not in tables:
            raise SchemaError(f"{path.name} line {line_of(node['tables'], name)}: no table '{name}'"
                              f"{did_you_mean(name, tables)}")  # fmt: skip
        _known(table, ("columns",), path.name)
        added = _extra_columns(_mapping(table, "columns", path.name), tables[name], path.name)
        result[name] = replace(tables[name], columns={**tables[name].columns, **added})
    return result


def _extra_columns(node: Mapping[str, Any], table: Table, file: str) -> dict[str, Column]:
    columns = {}
    for name, properties in node.items():
        where = f"{file} line {line_of(node, name)}: column '{name}'"
        if name in table.columns:
            raise SchemaError(f"{where} is already one of table '{table.name}'. Choose another name.")
        _known(properties, _EXTRA_KEYS, where)
        _check_choice(properties, "type", get_args(ColumnType), where, needed=True)
        _check_choice(properties, "core", get_args(Core), where)
        _check_choice(properties, "disclosure", get_args(Disclosure), where)
        _check_limits(properties, where)
        _known(properties.get("plausible", {}), ("minimum", "maximum", "unless"), f"{where} plausible")
        columns[str(name)] = _column(str(name), properties)
    return columns


def _known(node: Any, known: tuple[str, ...], where: str) -> None:
    if not isinstance(node, Mapping):
        raise SchemaError(f"{where} must hold keys and values.")
    for key in node:
        if key not in known:
            raise SchemaError(f"{where}: unknown key '{key}'{did_you_mean(key, known)}")


def _mapping(node: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = node.get(key)
    if not isinstance(value, Mapping):
        raise SchemaError(f"{where}: '{key}' must hold keys and values.")
    return value


def _check_choice(node: Mapping[str, Any], key: str, known: tuple[str, ...], where: str, needed: bool = False) -> None:
    if (needed or key in node) and node.get(key) not in known:
        raise SchemaError(f"{where}: '{key}' must be one of {', '.join(known)}.")


def _check_limits(node: Mapping[str, Any], where: str) -> None:
    plausible = node.get("plausible", {})
    for key in ("minimum", "maximum", "exclusiveMinimum"):
        for place in (node, plausible if isinstance(plausible, Mapping) else {}):
            value = place.get(key, 0)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise SchemaError(f"{where}: '{key}' must be a number.")
    if not isinstance(node.get("required", False), bool):
        raise SchemaError(f"{where}: 'required' must be true or false.")
    if not isinstance(node.get("enum", []), list):
        raise SchemaError(f"{where}: 'enum' must be a list of categories.")
