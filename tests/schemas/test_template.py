from ipdma.schemas.template import fill_template, has_stray_brace, template_names


def test_gaps_are_filled_with_zeros_where_asked() -> None:
    assert fill_template("ls{i:02d}_{visit}", {"i": 3, "visit": "pre"}) == "ls03_pre"
    assert fill_template("ls{i}_{visit}", {"i": 3}) == "ls3_{visit}"
    assert template_names("ls{i:02d}_{visit}_{i}") == ("i", "visit")


def test_nothing_of_python_formatting_is_understood() -> None:
    for template in ("{i.real}", "{i!r}", "{i:>5}", "{0", "{}", "a}"):
        assert has_stray_brace(template)
        assert fill_template(template, {"i": 3, "0": 4}) == template
    assert not has_stray_brace("{i}_{j:03d}")
