"""How well each model was sampled."""

from ipdma.report.blocks import Section, Table, Text
from ipdma.report.page import Page

_RHAT, _ESS = 1.01, 400


def diagnostics(page: Page) -> Section | None:
    """Return the sampler's diagnostics by model, or None where nothing was sampled."""
    rows = page.get("diagnostics")
    if not rows:
        return None
    body: list[tuple[Text, ...]] = []
    for i, row in enumerate(rows):
        at = f"diagnostics.{i}"
        numbers = page.number(f"{at}.rhat_max", 3), page.count(f"{at}.ess_bulk_min"), page.count(f"{at}.ess_tail_min")
        met = (
            row["rhat_max"] < _RHAT and min(row["ess_bulk_min"], row["ess_tail_min"]) > _ESS and not row["divergences"]
        )
        verdict = "met" if met and not row["warnings"] else "not met"
        body.append((row["model"], *numbers, page.count(f"{at}.divergences"), verdict))
    table = Table(
        caption="Sampling diagnostics, the worst over all parameters of each model.",
        head=("Model", "Largest\nR-hat", "Smallest\nbulk ESS", "Smallest\ntail ESS", "Divergences", "Limits"),
        rows=tuple(body),
        align="lrrrrl",
        note=f"Limits: R-hat below {_RHAT}, effective sample sizes above {_ESS}, no divergences.",
    )
    return Section("diagnostics", "Diagnostics", [table])
