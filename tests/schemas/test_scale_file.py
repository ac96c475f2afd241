"""Scale files are read whole or refused with the line that is wrong."""

from pathlib import Path

import pytest

from ipdma.errors import ScaleError
from ipdma.schemas.scale import ItemSet, MissingItems, Scale, Score
from ipdma.schemas.scale_file import range_from_items, read_scale, read_scales, scale_from_mapping, scale_to_mapping

TEXT = """\
scale: 1
code: scale_a
name: Scale A
constructs: [severity]
direction: higher_is_worse
sets:
  fear: {number: 3, minimum: 0, maximum: 4, reversed: [2]}
  other: {number: 2, first: 4, minimum: 0, maximum: 3, ranges: {5: [0, 1]}}
scores:
  total:
    how: sum
    sets: [fear, other]
    minimum: 0
    maximum: 16
    missing_items: {rule: prorate, limit: 0.2, source: the manual}
primary: total
verified: true
references: [the manual]
variants: [self-report]
rules:
  response: {fall_percent: 50, source: the manual}
"""


def write(folder: Path, text: str, name: str = "scale_a.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_scale_file_becomes_a_scale(tmp_path: Path) -> None:
    score = Score(
        name="total",
        how="sum",
        sets=("fear", "other"),
        minimum=0,
        maximum=16,  # 3 * 4 + 3 + 1
        missing_items=MissingItems(rule="prorate", limit=0.2, source="the manual"),
    )
    assert read_scale(write(tmp_path, TEXT)) == Scale(
        code="scale_a",
        name="Scale A",
        constructs=("severity",),
        direction="higher_is_worse",
        sets={
            "fear": ItemSet(number=3, minimum=0, maximum=4, reversed=(2,)),
            "other": ItemSet(number=2, first=4, minimum=0, maximum=3, ranges={5: (0, 1)}),
        },
        scores={"total": score},
        primary="total",
        verified=True,
        references=("the manual",),
    )


def test_items_are_numbered_as_the_instrument_numbers_them(tmp_path: Path) -> None:
    sets = read_scale(write(tmp_path, TEXT)).sets
    assert sets["fear"].item_numbers == (1, 2, 3)
    assert sets["other"].item_numbers == (4, 5)
    assert (sets["other"].range_of(4), sets["other"].range_of(5)) == ((0, 3), (0, 1))


def test_a_scale_survives_the_way_to_plain_values_and_back(tmp_path: Path) -> None:
    scale = read_scale(write(tmp_path, TEXT))
    assert scale_from_mapping(scale_to_mapping(scale), name="datapackage.json") == scale


def test_a_project_scale_replaces_the_package_scale_of_its_code(tmp_path: Path) -> None:
    for folder in ("package", "project"):
        (tmp_path / folder).mkdir()
    write(tmp_path / "package", TEXT)
    write(tmp_path / "package", TEXT.replace("scale_a", "scale_b"), "scale_b.yaml")
    write(tmp_path / "project", TEXT.replace("Scale A", "Our version"))
    scales = read_scales(tmp_path / "package", tmp_path / "project", tmp_path / "absent")
    assert {code: scale.name for code, scale in scales.items()} == {"scale_a": "Our version", "scale_b": "Scale A"}


def test_all_bad_files_of_a_folder_are_named_at_once(tmp_path: Path) -> None:
    write(tmp_path, TEXT, "one.yaml")
    write(tmp_path, TEXT, "two.yaml")
    write(tmp_path, "scale: 2\n", "three.yaml")
    with pytest.raises(ScaleError, match=r"three.yaml: 'scale: 1' is missing.*\n.*two.yaml: .* that of one.yaml"):
        read_scales(tmp_path)


@pytest.mark.parametrize(
    ("how", "expected"),
    [("sum", (0, 16)), ("mean", (0, 16 / 5)), ("max", (0, 4)), ("difference", (-4, 12))],  # 0 - (3 + 1), 3 * 4 - 0
)
def test_the_range_that_items_allow_is_worked_out(tmp_path: Path, how: str, expected: tuple[float, float]) -> None:
    scale = read_scale(write(tmp_path, TEXT))
    score = Score(
        name="x",
        how=how,
        sets=("fear", "other"),
        minimum=0,
        maximum=1,
        missing_items=MissingItems(rule="complete"),  # type: ignore[arg-type]
    )
    assert range_from_items(score, scale.sets) == expected


BAD = {
    "an unknown key": ("primary:", "primery:", r"line 16: unknown key 'primery', did you mean 'primary'"),
    "a key twice": ("primary: total", "primary: total\nprimary: total", "line 17"),
    "no yaml": ("constructs: [", "constructs: [[", "line"),
    "another version": ("scale: 1", "scale: 2", "'scale: 1' is missing"),
    "no name": ("name: Scale A", "name: 5", "line 3: 'name' must be text"),
    "no construct": ("[severity]", "[]", "line 4: 'constructs' must be a list of texts"),
    "a direction": (
        "higher_is_worse",
        "worse",
        "line 5: 'direction' cannot be 'worse'. Known: higher_is_worse",
    ),
    "an absent set": ("[fear, other]", "[feer, other]", "no item set is called 'feer', did you mean 'fear'"),
    "an absent primary": ("primary: total", "primary: sum", "line 16: 'primary' cannot be 'sum'"),
    "a wrong range": ("maximum: 16", "maximum: 17", "items give 0 to 16, but the file says 0 to 17"),
    "a range upside down": ("minimum: 0\n    maximum: 16", "minimum: 16\n    maximum: 0", "minimum is not below"),
    "a set upside down": ("maximum: 4,", "maximum: -4,", "set 'fear': minimum is not below maximum"),
    "half an item": ("number: 3", "number: 2.5", "'number' must be a whole number"),
    "no item": ("number: 3", "number: 0", "number of items is 1 or more"),
    "a foreign reversed item": ("reversed: [2]", "reversed: [4]", "set 'fear': it has no item 4"),
    "a foreign range": ("ranges: {5:", "ranges: {3:", "set 'other': it has no item 3"),
    "a range of one number": ("[0, 1]", "[1]", "a list of minimum and maximum"),
    "a limit that is no share": ("limit: 0.2", "limit: 2", "share of items that may be missing, between 0 and 1"),
    "a rule": ("rule: prorate", "rule: prorated", "'rule' cannot be 'prorated', did you mean 'prorate'"),
    "complete with a limit": ("rule: prorate", "rule: complete", "'complete' takes no limit"),
    "part of an item": ("rule: prorate, limit: 0.2", "rule: at_most, limit: 1.5", "a number of items, 1 or more"),
    "a rule without source": (", source: the manual", "", "'source' is missing; scales/example_scale.yaml"),
    "a score without its keys": (
        "how: sum\n    sets: [fear, other]\n    minimum: 0",
        "sets: [fear, other]",
        "score 'total' line .*: 'how', 'minimum' are missing; scales/example_scale.yaml",
    ),
    "how": ("how: sum", "how: total", "'how' cannot be 'total'"),
    "verified": ("verified: true", "verified: yes", "'verified' must be true or false"),
    "a code with a capital": ("code: scale_a", "code: Scale_a", "small letters"),
    "one set to subtract": ("how: sum\n    sets: [fear, other]", "how: difference\n    sets: [fear]", "needs two sets"),
    "variants": ("variants: [self-report]", "variants: self-report", "'variants' must be a list"),
    "a rule that is none": ("fall_percent: 50", "fal_percent: 50", "rule 'response'.* did you mean 'fall_percent'"),
    "a rule of two": ("fall_percent: 50", "fall_percent: 50, below: 3", "needs one of below"),
    "a rule of no number": ("fall_percent: 50", "fall_percent: half", "'fall_percent' must be a number"),
    "an event without source": ("50, source: the manual", "50", "'source' is missing"),
    "a list for keys": (
        "missing_items: {rule: prorate, limit: 0.2, source: the manual}",
        "missing_items: 2",
        "keys and",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_scale_file_is_refused_with_its_place(tmp_path: Path, case: str) -> None:
    old, new, match = BAD[case]
    assert old in TEXT
    with pytest.raises(ScaleError, match=match) as caught:
        read_scale(write(tmp_path, TEXT.replace(old, new, 1)))
    assert str(caught.value).startswith("scale_a.yaml")
