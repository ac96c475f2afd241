"""Participants by trial and step, from randomization to analysis."""

from ipdma.report.blocks import Section, Table, Text
from ipdma.report.page import Page

_STEPS = {
    "randomized": "Randomized",
    "other_arm": "Other\narm",
    "not_included": "Not\nincluded",
    "outcome_missing": "Outcome\nmissing",
    "covariate_missing": "Covariate\nmissing",
    "analyzed": "Analyzed",
}


_NOTES = {
    "other_arm": "Other arm: randomized to an arm that is not in the contrast.",
    "not_included": "Not included: not included by the rule, or without what it asks for.",
    "covariate_missing": "Covariate missing: no baseline or a covariate missing.",
}


def flow(page: Page) -> Section | None:
    """Return the flow of participants, or None where only estimates were given."""
    rows = page.get("flow")
    steps = [step for step in _STEPS if any(step in row for row in rows)]
    if not rows:
        return None
    body: list[tuple[Text, ...]] = []
    for i, row in enumerate(rows):
        cells = [page.count(f"flow.{i}.{step}") if step in row else "" for step in steps]
        body.append((row.get("label", row["trial"]), *cells))
    total: tuple[Text, ...] = ("All trials", *(page.total(f"flow.*.{step}") for step in steps))
    table = Table(
        caption="Participants from randomization to analysis.",
        head=("Trial", *(_STEPS[step] for step in steps)),
        rows=tuple(body),
        totals=(total,) if len(rows) > 1 else (),
        note=_note(steps),
    )
    return Section("participants", "Participants", [table])


def _note(steps: list[str]) -> str:
    return " ".join(sentence for step, sentence in _NOTES.items() if step in steps)
