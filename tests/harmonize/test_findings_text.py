from ipdma.harmonize.finding import Finding
from ipdma.harmonize.findings_text import findings_text


def test_causes_of_one_kind_stand_together_under_a_count() -> None:
    found = [
        Finding(code="a", message="first", file="x.csv", rows=(2, 3)),
        Finding(code="b", message="second"),
        Finding(code="a", message="third"),
    ]
    assert findings_text(found).splitlines() == [
        "3 errors in raw files and recipes; nothing was harmonized:",
        "  a: x.csv: first (file rows 2, 3)",
        "  a: third",
        "  b: second",
    ]


def test_more_than_fifty_causes_are_counted() -> None:
    lines = findings_text([Finding(code="a", message=str(number)) for number in range(60)]).splitlines()
    assert len(lines) == 52
    assert lines[-1] == "  ... and 10 more."
