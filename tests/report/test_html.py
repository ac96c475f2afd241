"""The report, read back as a reader and a browser would."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jsonschema
import pytest

from ipdma.report.html import render_report as render_with_figures

Summary = dict[str, Any]
Read = Callable[[str], Any]


def render_report(summary: Summary, **options: Any) -> str:
    """The report without its figures, which take most of the time and hold no number with a key."""
    return render_with_figures(summary, figures={}, **options)


# What a counted number counts, in the test's own words.
TALLIES: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "consortium:all": lambda row: True,
    "consortium:analyzed": lambda row: row["status"] == "analyzed",
    "sensitivity:pooled_effect": lambda row: row.get("quantity") == "pooled_effect",
    "sensitivity:includes_zero": lambda row: (
        row.get("quantity") == "pooled_effect" and row["q2.5"] <= 0 <= row["q97.5"]
    ),
    "sensitivity:not_met": lambda row: row.get("divergences", 0) > 0 or row.get("rhat_max", 1.0) >= 1.01,
    "sensitivity:claim": lambda row: "claim_probability" in row,
    "sensitivity:claim_as_stated": lambda row: row.get("claim") == "cannot_tell",
}


def stands_at(node: Any, path: str) -> Any:
    """The test's own way from a key to the summary: keys may hold dots (q2.5), so the longest that fits is taken."""
    if not path:
        return node
    if isinstance(node, list):
        first, _, rest = path.partition(".")
        return stands_at(node[int(first)], rest)
    for key in sorted(node, key=len, reverse=True):
        if path == key or path.startswith(f"{key}."):
            return stands_at(node[key], path[len(key) + 1 :])
    raise KeyError(path)


def read_number(text: str) -> tuple[float, int]:
    """A printed number and its decimals; a minus must be U+2212, thousands have commas."""
    assert re.fullmatch(r"[\u2212]?\d{1,3}(,\d{3})*(\.\d+)?|\u2212?\d+(\.\d+)?", text), text
    return float(text.replace("\u2212", "-").replace(",", "")), len(text.partition(".")[2])


def numbers_in(node: Any, path: str = "") -> Iterator[str]:
    """Paths of all numbers of a summary."""
    if isinstance(node, Mapping | list):
        for key, value in node.items() if isinstance(node, Mapping) else enumerate(node):
            yield from numbers_in(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield path


def test_the_example_summaries_have_the_form_of_the_schema(summary: Summary, summary_schema: Summary) -> None:
    jsonschema.validate(summary, summary_schema)


def test_every_number_with_a_key_is_the_number_of_the_summary(
    summary: Summary, settings: Summary, provenance: Summary, read_html: Read
) -> None:
    page = read_html(render_report(summary, provenance=provenance, settings=settings))
    for node in page.with_key("data-key"):
        value, form = stands_at(summary, node.attributes["data-key"]), node.attributes["data-format"]
        kind, _, digits = form.rpartition(":")
        if kind == "probability" and node.text[0] in "<>":
            assert value < 0.001 if node.text[0] == "<" else value > 0.999
            continue
        expected = value**0.5 if kind == "sqrt" else value
        printed, decimals = read_number(node.text)
        assert decimals == int(digits), node.attributes
        assert abs(printed - expected) <= 0.5 * 10.0**-decimals + 1e-9, node.attributes
    for node in page.with_key("data-sum"):
        table, column = node.attributes["data-sum"].split(".*.")
        assert read_number(node.text)[0] == sum(row.get(column, 0) for row in summary[table])
    for node in page.with_key("data-tally"):
        name = node.attributes["data-tally"]
        assert read_number(node.text)[0] == sum(map(TALLIES[name], summary[name.split(":")[0]]))
    for node in page.with_key("data-text"):
        assert node.text == stands_at(summary, node.attributes["data-text"])


def test_no_number_stands_in_a_result_table_without_its_key(
    summary: Summary, settings: Summary, provenance: Summary, read_html: Read
) -> None:
    page = read_html(render_report(summary, provenance=provenance, settings=settings))
    cells = [cell for table in page.all("table", class_="results") for cell in table.all("td")]

    def bare(node: Any) -> str:
        if {"data-key", "data-sum", "data-tally", "data-text"} & set(node.attributes):
            return ""
        return "".join(child if isinstance(child, str) else bare(child) for child in node.children)

    assert not [cell.text for cell in cells if re.search(r"\d", bare(cell))]


def test_no_number_of_the_results_stands_in_the_prose_without_its_key(full_summary: Summary, read_html: Read) -> None:
    # Values that occur nowhere else: four digits, so that no other number of the page can be the same by chance.
    page = read_html(render_report(full_summary))
    for node in [*page.with_key("data-key"), *page.with_key("data-text")]:
        node.children = []
    shown = page.all("main")[0].text
    for path in numbers_in({key: full_summary[key] for key in ("pooled_effect", "tau", "two_stage", "trial_effects")}):
        value = abs(stands_at(full_summary, path))
        if not float(value).is_integer():
            assert f"{value:.1f}" not in re.findall(r"\d+\.\d+", shown), path


def test_every_result_of_the_summary_is_in_the_report(
    full_summary: Summary, settings: Summary, read_html: Read
) -> None:
    page = read_html(render_report(full_summary, settings=settings))
    keys = {node.attributes["data-key"] for node in page.with_key("data-key")}
    keys |= {f"flow.{i}.randomized" for i in range(8)}
    # Left out on purpose: a second center or spread of an estimate (its mean or median and its interval are there),
    # points of a curve at which nobody was observed (drawn, not listed), values by trial of a simulation, seconds.
    silent = (
        r"\.(sd|mean|median)$|^curves\.\d+\.points\.|^truth\.by_trial|^seconds|^summary$|^participants$"
        r"|^curves\.1\.effect_at_reference"  # the same fit as curve 0, which shows it
        r"|^tau_density|^control_arm\.\d+\.(points|trial_points)\."  # drawn
        r"|^consortium\.\d+\.arms\.[1-9]"  # what all arms of a trial have in common is said once
        r"|^sensitivity\.\d+\.(tau|parameters)\."  # a column of medians; in full in tables/sensitivity.csv
    )
    missing = {path for path in numbers_in(full_summary) if path not in keys and not re.search(silent, path)}
    assert not missing
    for estimate in ("pooled_effect", "tau", "curves.0.height", "interactions.0.within", "trial_effects.3.shrunken"):
        assert {f"{estimate}.mean", f"{estimate}.median"} & keys, estimate


def test_every_text_that_the_summary_says_is_in_the_report_as_it_stands(
    full_summary: Summary, settings: Summary, read_html: Read
) -> None:
    page = read_html(render_report(full_summary, settings=settings))
    said = {node.attributes["data-text"] for node in page.with_key("data-text")}
    assert {
        "claim.sentence", "curve_comparison.sentence", "control_arm.0.sentence", "curves.0.guards.sentence",
        "curves.0.guards.height_warning", "curves.0.n95_caution", "sensitivity.12.refused", "consortium.8.why",
    } <= said  # fmt: skip


def test_the_same_summary_gives_the_same_bytes(full_summary: Summary, settings: Summary, provenance: Summary) -> None:
    del full_summary["curves"][1:], full_summary["sensitivity"]  # two curves more would only take longer
    first, second = (render_with_figures(full_summary, provenance=provenance, settings=settings) for _ in range(2))
    assert first == second


def test_seconds_do_not_change_the_report(full_summary: Summary) -> None:
    before = render_report(full_summary)
    full_summary["seconds"] = {"sample": 99.0}
    assert render_report(full_summary) == before


def test_the_report_needs_no_other_file_no_script_and_no_network(summary: Summary, read_html: Read) -> None:
    html = render_with_figures(summary)
    page = read_html(html)
    tags = {node.tag for node in page.walk()}
    assert not tags & {"script", "iframe", "object", "embed", "img", "audio", "video", "form"}
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)
    for node in page.walk():
        for name, value in node.attributes.items():
            assert name != "src" and not name.startswith("on"), (node.tag, name)
            if name in ("href", "xlink:href") and node.tag == "a":
                assert value.startswith(("#", "https://doi.org/")), value  # followed by a reader, never loaded
            elif name in ("href", "xlink:href"):
                assert value.startswith(("#", "data:,")), value


def test_no_heading_stands_alone_and_no_table_is_empty(summary: Summary, settings: Summary, read_html: Read) -> None:
    page = read_html(render_report(summary, settings=settings))
    assert not [
        node.tag
        for node in page.all("main")[0].walk()
        if node.tag in ("p", "li", "dd", "h3", "tbody", "section") and not node.text.strip()
    ]
    for section in page.all("section"):
        elements = [child.tag for child in section.children if not isinstance(child, str)]
        assert elements[0] == "h2" and len(elements) > 1
        assert elements[-1] != "h3"
        assert ("h3", "h3") not in set(zip(elements, elements[1:], strict=False))
    assert "None" not in page.text and "nan" not in page.text.lower().split()


def test_every_link_inside_the_report_has_its_target_and_ids_are_unique(full_summary: Summary, read_html: Read) -> None:
    page = read_html(render_with_figures(full_summary))
    ids = [node.attributes["id"] for node in page.with_key("id")]
    assert len(ids) == len(set(ids))
    targets = [
        value[1:]
        for node in page.walk()
        for name, value in node.attributes.items()
        if name.endswith("href") and value.startswith("#")
    ]
    assert targets and set(targets) <= set(ids)


def test_sections_follow_the_order_of_prisma_ipd(full_summary: Summary, provenance: Summary, read_html: Read) -> None:
    page = read_html(render_report(full_summary, provenance=provenance))
    order = [section.attributes["id"] for section in page.all("section")]
    assert order == [
        "notes", "question", "trials", "participants", "effect", "claim", "curves", "interactions", "contrasts",
        "sensitivity", "two-stage", "truth", "methods", "diagnostics", "origin", "cite",
    ]  # fmt: skip


def test_warnings_of_the_sampler_come_before_everything_else(full_summary: Summary, read_html: Read) -> None:
    full_summary["diagnostics"][0]["warnings"] = ["12 divergences"]
    page = read_html(render_report(full_summary))
    first = page.all("section")[0]
    assert first.attributes["id"] == "warnings"
    assert "plain: 12 divergences" in first.text


def test_what_is_absent_in_the_summary_has_no_section(summary: Summary, read_html: Read) -> None:
    page = read_html(render_report(summary))
    names = {section.attributes["id"] for section in page.all("section")}
    for key, name in (
        ("curves", "curves"),
        ("interactions", "interactions"),
        ("contrasts", "contrasts"),
        ("truth", "truth"),
        ("claim", "claim"),
        ("sensitivity", "sensitivity"),
        ("consortium", "trials"),
    ):
        assert (name in names) == bool(summary.get(key)), name
    assert ("participants" in names) == bool(summary["flow"])
    assert ("diagnostics" in names) == bool(summary["diagnostics"])


def test_simulated_data_are_called_so_first_and_real_data_are_not(full_summary: Summary, read_html: Read) -> None:
    page = read_html(render_report(full_summary))
    assert page.all("header")[0].text.strip().startswith("Simulated data.")
    full_summary["simulated"] = False
    assert "Simulated data" not in render_report(full_summary)


def test_it_says_that_it_is_not_for_treating_patients(summary: Summary, read_html: Read) -> None:
    assert "Not for treating patients" in read_html(render_report(summary)).all("header")[0].text


def test_labels_names_and_notes_of_users_are_escaped_wherever_they_stand(
    full_summary: Summary, settings: Summary, provenance: Summary, read_html: Read
) -> None:
    attack = "<script>alert(1)</script><b id=x>\"'&{{ 7*7 }}$x^2$\x07\n{0}"
    for name in ("title", "outcome", "unit", "visit"):
        full_summary[name] = attack
    full_summary["contrast"] = {"treatment": attack, "control": attack}
    for table, column in (
        ("trial_effects", "label"), ("flow", "label"), ("interactions", "modifier"), ("contrasts", "name"),
        ("curves", "variable"), ("curves", "curve"), ("curves", "unit"), ("diagnostics", "model"),
        ("consortium", "label"), ("consortium", "group"), ("consortium", "instrument"), ("consortium", "why"),
        ("consortium", "doi"), ("availability", "table"), ("availability", "column"), ("control_arm", "variable"),
        ("control_arm", "sentence"), ("sensitivity", "family"), ("sensitivity", "label"), ("sensitivity", "model"),
    ):  # fmt: skip
        for row in full_summary[table]:
            row[column] = attack
    full_summary["diagnostics"][0]["warnings"] = full_summary["notes"] = [attack]
    for name in ("variable", "curve", "sentence"):
        full_summary["claim"][name] = attack
    full_summary["curve_comparison"]["sentence"] = full_summary["curve_comparison"]["curves"][1]["curve"] = attack
    full_summary["consortium"][0]["rob"] = {f"rob_{attack}": attack}
    full_summary["curves"] = full_summary["curves"][:2]
    full_summary["truth"][attack] = 1.0
    settings["priors"][attack] = {"prior": attack, "points": attack}
    settings["estimand"] = {"include": attack, "intercurrent_events": {attack: attack}, "missing_covariates": attack}
    settings["model"] = {"prognostic_factors": [attack]}
    provenance["raw"][attack] = provenance["versions"][attack] = provenance["ipdma"] = attack
    page = read_html(render_with_figures(full_summary, provenance=provenance, settings=settings))
    assert not page.all("script") and not page.all("b")
    assert page.text.count("alert(1)") > 30 and "{{ 7*7 }}" in page.text


def test_a_term_that_the_prior_dominates_is_called_so(full_summary: Summary, read_html: Read) -> None:
    cells = [cell.text for cell in read_html(render_report(full_summary)).all("td")]
    assert "prior-dominated: contraction 0.22" in cells  # kappa, contraction 0.2174
    assert "contraction 0.88" in cells  # height, contraction 0.8814


def test_every_comparison_of_trials_with_each_other_is_called_observational(
    full_summary: Summary, read_html: Read
) -> None:
    page = read_html(render_report(full_summary))
    counts = {
        section.attributes["id"]: section.text.count("observational, 8 trials") for section in page.all("section")
    }
    # Once for each of three curves, and once by the control arm's sentence.
    assert (counts["curves"], counts["claim"]) == (4, 1)
    assert (counts["interactions"], counts["contrasts"], counts["effect"]) == (1, 1, 0)


def test_one_trial_says_why_there_is_no_variation_between_trials(read_html: Read, full_summary: Summary) -> None:
    for key in ("tau", "new_trial_effect"):
        del full_summary[key]
    full_summary["trials"] = 1
    effect = next(s for s in read_html(render_report(full_summary)).all("section") if s.attributes["id"] == "effect")
    assert "With one trial the variation between trials cannot be estimated" in effect.text


@pytest.mark.parametrize(
    ("direction", "words"), [("higher_is_worse", "below 0 favors"), ("higher_is_better", "above 0 favors")]
)
def test_the_side_that_favors_treatment_follows_the_direction(
    full_summary: Summary, direction: str, words: str
) -> None:
    full_summary["direction"] = direction
    assert f"{words} treatment" in render_report(full_summary)


def test_the_report_is_drawn_without_pyplot() -> None:
    # pyplot keeps figures and settings for the whole process; a program that draws with it would see ours.
    code = "import ipdma.report.html, sys; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
