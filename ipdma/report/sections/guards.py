"""What stands behind each term that compares trials with each other."""

from collections.abc import Iterator

from ipdma.report.blocks import Block, Heading, Table, Text
from ipdma.report.page import Page, say
from ipdma.report.tables import curve_words
from ipdma.report.words import column_words, variable_words


def guards(page: Page) -> Iterator[Block]:
    """Yield a table of all curves with guards; nothing where there are none."""
    items = page.get("curves")
    terms = [
        (f"curves.{i}.guards", f"{variable_words(item['variable'], item.get('unit', ''))}, {curve_words(item, items)}")
        for i, item in enumerate(items)
        if "guards" in item
    ]
    if terms:
        yield Heading("What stands behind each curve")
        yield guard_table(page, terms)


def guard_table(page: Page, terms: list[tuple[str, str]]) -> Table:
    """Return the table of terms that compare trials, each with the path of its guards and its words."""
    return Table(
        caption="Evidence off the reference, and how it overlaps with that of other terms.",
        head=("Term", "Trials off\nreference", "Participants off\nreference", "Contraction", "Correlation with"),
        rows=tuple(_row(page, path, words) for path, words in terms),
        align="lrrll",
        note="Contraction: share of the prior variance that the data removed, near 0 or below where they told nothing; "
        "below 0.3 the prior dominates. "
        "Correlations of the arms' values; near 1 or \u22121 two terms cannot be told apart.",
        style="wide",
    )


def _row(page: Page, at: str, words: str) -> tuple[Text, ...]:
    own = page.get(at)
    contraction: Text = page.number(f"{at}.contraction", 2) if "contraction" in own else ""
    if own["prior_dominated"]:
        contraction = say("{value} prior-dominated", value=contraction)
    pairs = [
        say("{term}\N{NO-BREAK SPACE}{r}", term=_term(pair["term"]), r=page.number(f"{at}.correlations.{k}.r", 2))
        for k, pair in enumerate(own["correlations"])
    ]
    counts = (page.count(f"{at}.{name}_off_reference") for name in ("trials", "participants"))
    return words, *counts, contraction, say("; ").join(pairs)


def _term(name: str) -> str:
    """Another term in words: a curve's variable, or an interaction across trials."""
    return column_words(name.removeprefix("across.")) + (" across trials" if name.startswith("across.") else "")


def guard_sentences(page: Page, at: str) -> Iterator[Text]:
    """Yield what is to be said of one term."""
    for name in ("sentence", "height_warning"):
        if page.has(f"{at}.guards.{name}"):
            yield page.words(f"{at}.guards.{name}")
