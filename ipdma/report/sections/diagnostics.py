"""How well each model was sampled."""

from math import inf

from ipdma.report.blocks import Section, Table, Text
from ipdma.report.page import Page
from ipdma.report.words import sentence_case, spaced

_RHAT, _ESS = 1.01, 400


def diagnostics(page: Page) -> Section | None:
    """Return the sampler's diagnostics by model, or None where nothing was sampled."""
    rows = page.get("diagnostics")
    if not rows:
        return None
    body: list[tuple[Text, ...]] = []
    for i, row in enumerate(rows):
        at = f"diagnostics.{i}"
        numbers = [
            page.number(f"{at}.{key}", digits) if key in row else "none"
            for key, digits in (("rhat_max", 3), ("ess_bulk_min", 0), ("ess_tail_min", 0))
        ]
        # A parameter that never mixed has no R-hat: its warning is there, its number is not.
        ess = min(row.get("ess_bulk_min", 0), row.get("ess_tail_min", 0))
        met = row.get("rhat_max", inf) < _RHAT and ess > _ESS and not row["divergences"]
        verdict = "met" if met and not row["warnings"] else "not met"
        body.append((sentence_case(spaced(row["model"])), *numbers, page.count(f"{at}.divergences"), verdict))
    table = Table(
        caption="Sampling diagnostics, the worst over all parameters of each model.",
        head=("Model", "Largest\nR-hat", "Smallest\nbulk ESS", "Smallest\ntail ESS", "Divergences", "Limits"),
        rows=tuple(body),
        align="lrrrrl",
        note=f"Limits: R-hat below {_RHAT}, effective sample sizes above {_ESS}, no divergences.",
    )
    return Section("diagnostics", "Diagnostics", [table])
