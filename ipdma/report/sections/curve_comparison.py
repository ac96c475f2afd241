"""All curves side by side: how well each predicts a trial it has not seen."""

from ipdma.report.blocks import Block, Heading, Paragraph, Table, Text
from ipdma.report.page import Page, say
from ipdma.report.words import spaced, variable_words

_VERDICTS = {
    "reference": "compared with",
    "cannot_tell": "cannot tell",
    "better": "predicts better",
    "worse": "predicts worse",
}


def curve_comparison(page: Page) -> list[Block]:
    """Return the comparison of curves; nothing where there is none."""
    if not page.has("curve_comparison"):
        return []
    trials = page.count("curve_comparison.trials")
    rows = tuple(_row(page, i) for i in range(len(page.get("curve_comparison.curves"))))
    table = Table(
        caption=say("Log predictive density of a trial when it is left out, summed over {n} trials.", n=trials),
        head=("Curve", "Score", "Difference", "SE", "Verdict"),
        rows=rows,
        align="lrrrl",
        note="Difference: score minus that of the curve compared with; below two standard errors the data cannot tell. "
        "The score is that of the left-out trial's contrast, with the other trials' posterior.",
    )
    return [
        Heading("Do the data prefer a curve?"),
        Paragraph(page.words("curve_comparison.sentence")),
        table,
    ]


def _row(page: Page, i: int) -> tuple[Text, ...]:
    at, item = f"curve_comparison.curves.{i}", page.get(f"curve_comparison.curves.{i}")
    over = f" over {variable_words(item['variable'])}" if item.get("variable") else ""
    numbers = [page.number(f"{at}.{key}", 2) if key in item else "" for key in ("score", "difference", "se")]
    return f"{spaced(item['curve'])}{over}", *numbers, _VERDICTS[item["verdict"]]
