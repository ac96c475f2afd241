"""Scale files: one instrument and version each, read into a Scale and written back."""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from ipdma._yaml import did_you_mean, line_of, read_yaml, yaml_files
from ipdma.errors import ScaleError, YamlError
from ipdma.schemas.scale import Direction, ItemSet, MissingItems, Scale, Score

_SCALE_KEYS = ("scale", "code", "name", "constructs", "direction", "sets", "scores", "primary", "verified",
               "references", "variants", "rules")  # fmt: skip
_SET_KEYS = ("number", "minimum", "maximum", "reversed", "first", "ranges", "source")
_SCORE_KEYS = ("how", "sets", "minimum", "maximum", "missing_items", "unit", "source")
_HOW = ("sum", "mean", "max", "difference")
_EVENT_KEYS = ("below", "at_most", "above", "at_least", "fall_percent", "source")
_RULES = ("complete", "prorate", "at_most")


def read_scales(*folders: Path) -> dict[str, Scale]:
    """Return the scales of all folders by code; a later folder's scale replaces an earlier one's of the same code.

    Raises
    ------
    ScaleError
        If a file cannot be read (all bad files are named at once), or a folder holds a code twice.
    """
    scales: dict[str, Scale] = {}
    problems: list[str] = []
    for folder in folders:
        here: dict[str, str] = {}
        for path in yaml_files(folder):
            try:
                scale = read_scale(path)
            except ScaleError as error:
                problems.append(str(error))
                continue
            if scale.code in here:
                problems.append(f"{path.name}: code '{scale.code}' is also that of {here[scale.code]}.")
            here[scale.code] = path.name
            scales[scale.code] = scale
    if problems:
        raise ScaleError("\n".join(problems))
    return scales


def read_scale(path: Path) -> Scale:
    """Return the instrument that a scale file describes.

    Raises
    ------
    ScaleError
        If the file is not YAML, has an unknown or missing key, or its numbers contradict each other; with the line.
    """
    try:
        digest = hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        digest = b""  # said below
    return _read(path, digest)


@lru_cache(maxsize=512)
def _read(path: Path, digest: bytes) -> Scale:
    """Return the instrument of a file; the shipped ones are asked for again and again, and YAML is slow to parse."""
    try:
        node = read_yaml(path)
    except YamlError as error:
        raise ScaleError(str(error)) from None
    return scale_from_mapping(node, name=path.name)


def scale_from_mapping(node: Mapping[str, Any], *, name: str) -> Scale:
    """Return the instrument that the keys and values of a scale file describe; ``name`` stands in errors.

    Raises
    ------
    ScaleError
        As for :func:`read_scale`.
    """
    _known_keys(node, _SCALE_KEYS, name)
    if node.get("scale") != 1:
        raise ScaleError(f"{name}: 'scale: 1' is missing; it says which version of the format the file has.")
    _needs(node, ("code", "name", "constructs", "direction", "scores", "primary"), name)
    _check_notes(node, name)
    sets = {str(key): _item_set(value, f"{name} set '{key}'") for key, value in _mapping(node, "sets", name).items()}
    scores = {
        str(key): _score(str(key), value, f"{name} score '{key}'")
        for key, value in _mapping(node, "scores", name, needed=True).items()
    }
    scale = Scale(
        code=_text(node, "code", name),
        name=_text(node, "name", name),
        constructs=_texts(node, "constructs", name),
        direction=_one_of(node, "direction", get_args(Direction), name),
        scores=scores,
        primary=_one_of(node, "primary", tuple(scores), name),
        sets=sets,
        references=_texts(node, "references", name, needed=False),
        verified=_boolean(node, "verified", name),
    )
    _check(scale, name)
    return scale


def scale_to_mapping(scale: Scale) -> dict[str, Any]:
    """Return keys and values from which :func:`scale_from_mapping` makes an equal scale; JSON can hold them."""
    data = asdict(scale)
    for score in data["scores"].values():
        del score["name"]
        rule = score["missing_items"]
        score["missing_items"] = {"rule": rule["rule"], "limit": rule["limit"], "source": rule["source"]}
    for items in data["sets"].values():
        items["ranges"] = {str(item): list(limits) for item, limits in items["ranges"].items()}
    return {"scale": 1, **data}


def _check_notes(node: Mapping[str, Any], name: str) -> None:
    """Check what a scale file says to people: variants of the instrument, and its rules of response and remission."""
    _texts(node, "variants", name, needed=False)
    for key, rule in _mapping(node, "rules", name).items():
        where = f"{name} rule '{key}'"
        _known_keys(rule, _EVENT_KEYS, where)
        _needs(rule, ("source",), where)
        _text(rule, "source", where)
        if len(rule) != 2:
            raise ScaleError(f"{where}: it needs one of {', '.join(_EVENT_KEYS[:-1])}, and its source.")
        _number(rule, next(other for other in rule if other != "source"), where)


def _item_set(node: Any, where: str) -> ItemSet:
    _known_keys(node, _SET_KEYS, where)
    _needs(node, ("number", "minimum", "maximum"), where)
    ranges = _mapping(node, "ranges", where)
    return ItemSet(
        number=_integer(node, "number", where),
        minimum=_number(node, "minimum", where),
        maximum=_number(node, "maximum", where),
        reversed=tuple(_item(item, where) for item in _sequence(node, "reversed", where)),
        first=_integer(node, "first", where, default=1),
        ranges={_item(item, where): _limits(limits, where) for item, limits in ranges.items()},
    )


def _score(key: str, node: Any, where: str) -> Score:
    _known_keys(node, _SCORE_KEYS, where)
    _needs(node, ("how", "minimum", "maximum", "missing_items"), where)
    return Score(
        name=key,
        how=_one_of(node, "how", _HOW, where),
        sets=_texts(node, "sets", where, needed=False),
        minimum=_number(node, "minimum", where),
        maximum=_number(node, "maximum", where),
        missing_items=_missing_items(_mapping(node, "missing_items", where, needed=True), where),
        unit=_text(node, "unit", where, default="points"),
    )


def _missing_items(node: Mapping[str, Any], where: str) -> MissingItems:
    """Read ``{rule: complete}``, ``{rule: prorate, limit: 0.2}`` or ``{rule: at_most, limit: 2}`` with their source."""
    where = f"{where} missing_items"
    _known_keys(node, ("rule", "limit", "source"), where)
    _needs(node, ("rule", "source"), where)
    rule = _one_of(node, "rule", _RULES, where)
    limit = _number(node, "limit", where, default=0.0 if rule == "complete" else None)
    if rule == "prorate" and not 0 < limit < 1:
        raise ScaleError(f"{where}: limit of 'prorate' is the share of items that may be missing, between 0 and 1.")
    if rule == "at_most" and (limit < 1 or limit != math.floor(limit)):
        raise ScaleError(f"{where}: limit of 'at_most' is a number of items, 1 or more.")
    if rule == "complete" and limit:
        raise ScaleError(f"{where}: 'complete' takes no limit. Leave it out, or say 'prorate' or 'at_most'.")
    return MissingItems(rule=rule, limit=limit, source=_text(node, "source", where))


def _check(scale: Scale, name: str) -> None:
    if scale.code != scale.code.lower() or not scale.code.isidentifier():
        raise ScaleError(f"{name}: the code holds small letters, digits and _ only, and begins with a letter.")
    for key, items in scale.sets.items():
        _check_set(items, f"{name} set '{key}'")
    for score in scale.scores.values():
        _check_score(score, scale.sets, f"{name} score '{score.name}'")


def _check_set(items: ItemSet, where: str) -> None:
    if items.number < 1:
        raise ScaleError(f"{where}: number of items is 1 or more.")
    if items.minimum >= items.maximum:
        raise ScaleError(f"{where}: minimum is not below maximum.")
    if any(low >= high for low, high in items.ranges.values()):
        raise ScaleError(f"{where}: a range's minimum is not below its maximum.")
    strangers = sorted({*items.reversed, *items.ranges} - set(items.item_numbers))
    if strangers:
        raise ScaleError(f"{where}: it has no item {', '.join(map(str, strangers))}.")


def _check_score(score: Score, sets: Mapping[str, ItemSet], where: str) -> None:
    if score.minimum >= score.maximum:
        raise ScaleError(f"{where}: minimum is not below maximum.")
    for name in score.sets:
        if name not in sets:
            raise ScaleError(f"{where}: no item set is called '{name}'{did_you_mean(name, sets)}")
    if score.how == "difference" and len(score.sets) not in (0, 2):
        raise ScaleError(f"{where}: 'difference' needs two sets, the first minus the second; it has {len(score.sets)}.")
    if score.sets and (limits := range_from_items(score, sets)) != (score.minimum, score.maximum):
        raise ScaleError(
            f"{where}: its items give {limits[0]:g} to {limits[1]:g}, "
            f"but the file says {score.minimum:g} to {score.maximum:g}. Correct one of them."
        )


def range_from_items(score: Score, sets: Mapping[str, ItemSet]) -> tuple[float, float]:
    """Return the lowest and highest value that a score's items can give."""
    ranges = [[sets[name].range_of(item) for item in sets[name].item_numbers] for name in score.sets]
    low = [[limits[0] for limits in items] for items in ranges]
    high = [[limits[1] for limits in items] for items in ranges]
    if score.how == "difference":
        return sum(low[0]) - sum(high[1]), sum(high[0]) - sum(low[1])
    every_low, every_high = sum(low, []), sum(high, [])
    if score.how == "max":
        return max(every_low), max(every_high)
    if score.how == "mean":
        return sum(every_low) / len(every_low), sum(every_high) / len(every_high)
    return sum(every_low), sum(every_high)


# How single values are taken out of the file: each says where it stands when it is not what it should be.


def _at(node: Any, key: str, where: str) -> str:
    line = line_of(node, key)
    return f"{where} line {line}" if line else where


def _known_keys(node: Any, known: Iterable[str], where: str) -> None:
    if not isinstance(node, Mapping):
        raise ScaleError(f"{where} must hold keys and values.")
    for key in node:
        if key not in known:
            raise ScaleError(f"{_at(node, key, where)}: unknown key '{key}'{did_you_mean(key, known)}")


def _needs(node: Mapping[str, Any], needed: tuple[str, ...], where: str) -> None:
    absent = [f"'{key}'" for key in needed if key not in node]
    if absent:
        verb = "is" if len(absent) == 1 else "are"
        raise ScaleError(
            f"{_at(node, absent[0], where)}: {', '.join(absent)} {verb} missing; scales/example_scale.yaml, which "
            "'ipdma new' makes, shows what each holds."
        )


def _text(node: Any, key: str, where: str, *, default: str | None = None) -> str:
    value = node.get(key, default)
    if not isinstance(value, str) or not value.strip():
        raise ScaleError(f"{_at(node, key, where)}: '{key}' must be text.")
    return str(value)


def _sequence(node: Any, key: str, where: str) -> list[Any]:
    value = node.get(key, [])
    if not isinstance(value, list | tuple):
        raise ScaleError(f"{_at(node, key, where)}: '{key}' must be a list.")
    return list(value)


def _texts(node: Any, key: str, where: str, *, needed: bool = True) -> tuple[str, ...]:
    values = _sequence(node, key, where)
    if (needed and not values) or not all(isinstance(value, str) for value in values):
        raise ScaleError(f"{_at(node, key, where)}: '{key}' must be a list of texts.")
    return tuple(map(str, values))


def _one_of(node: Any, key: str, known: tuple[str, ...], where: str) -> Any:
    value = _text(node, key, where)
    if value not in known:
        raise ScaleError(f"{_at(node, key, where)}: '{key}' cannot be '{value}'{did_you_mean(value, known)}")
    return value


def _number(node: Any, key: str, where: str, *, default: float | None = None) -> float:
    value = node.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ScaleError(f"{_at(node, key, where)}: '{key}' must be a number.")
    return float(value)


def _integer(node: Any, key: str, where: str, *, default: int | None = None) -> int:
    value = _number(node, key, where, default=default)
    if value != math.floor(value):
        raise ScaleError(f"{_at(node, key, where)}: '{key}' must be a whole number.")
    return int(value)


def _boolean(node: Any, key: str, where: str) -> bool:
    value = node.get(key, False)
    if not isinstance(value, bool):
        raise ScaleError(f"{_at(node, key, where)}: '{key}' must be true or false.")
    return bool(value)


def _mapping(node: Any, key: str, where: str, *, needed: bool = False) -> Mapping[Any, Any]:
    value = node.get(key, {})
    if not isinstance(value, Mapping) or (needed and not value):
        raise ScaleError(f"{_at(node, key, where)}: '{key}' must hold keys and values.")
    return value


def _item(value: Any, where: str) -> int:
    text = str(value)
    if not text.isdigit():
        raise ScaleError(f"{where}: items are named by their numbers, in 'reversed' and 'ranges'.")
    return int(text)


def _limits(value: Any, where: str) -> tuple[float, float]:
    numbers = list(value) if isinstance(value, list | tuple) else []
    if len(numbers) != 2 or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        raise ScaleError(f"{where}: a range in 'ranges' is a list of minimum and maximum.")
    return float(numbers[0]), float(numbers[1])
