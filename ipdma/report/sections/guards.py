"""What stands behind each term that compares trials with each other."""

from collections.abc import Iterator

from ipdma.report.blocks import Block, Heading, Table, Text
from ipdma.report.page import Page, say
from ipdma.report.words import column_words, variable_words


def guards(page: Page) -> Iterator[Block]:
    """Yield a table of all curves with guards, and what is to be said of each; nothing where there are none."""
    which = [i for i, item in enumerate(page.get("curves")) if "guards" in item]
    if not which:
        return
    yield Heading("What stands behind each curve")
    yield Table(
        caption="Evidence off the reference, and how it overlaps with that of other terms.",
        head=(
            "Term",
            "Trials off\nreference",
            "Participants off\nreference",
            "Contraction",
            "Correlation with other terms",
        ),
        rows=tuple(_row(page, i) for i in which),
        align="lrrrl",
        note="Contraction: share of the prior variance that the data removed; below 0.3 the prior dominates. "
        "Correlations of the arms' values; near 1 or \u22121 two terms cannot be told apart.",
    )


def _row(page: Page, i: int) -> tuple[Text, ...]:
    at, item = f"curves.{i}.guards", page.get(f"curves.{i}")
    words = f"{variable_words(item['variable'], item.get('unit', ''))}, {str(item['curve']).replace('_', '-')}"
    contraction: Text = page.number(f"{at}.contraction", 2) if page.has(f"{at}.contraction") else ""
    if item["guards"]["prior_dominated"]:
        contraction = say("{value} prior-dominated", value=contraction)
    pairs = [
        say("{term} {r}", term=column_words(pair["term"]), r=page.number(f"{at}.correlations.{k}.r", 2))
        for k, pair in enumerate(item["guards"]["correlations"])
    ]
    return (
        words, page.count(f"{at}.trials_off_reference"), page.count(f"{at}.participants_off_reference"), contraction,
        say("; ").join(pairs),
    )  # fmt: skip


def guard_sentences(page: Page, i: int) -> Iterator[Text]:
    """Yield what is to be said of one curve."""
    for name in ("sentence", "height_warning"):
        if page.has(f"curves.{i}.guards.{name}"):
            yield page.words(f"curves.{i}.guards.{name}")
