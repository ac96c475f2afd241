"""The consortium: which trials there are, what each is like, what each can give, and why some are not analyzed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from ipdma.report.blocks import Block, Bullets, Heading, Paragraph, Picture, Section, Table, Text
from ipdma.report.page import Page, say
from ipdma.report.words import sentence_case, spaced

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_STATUS = {
    "excluded": "excluded",
    "no_individual_data": "no individual data",
    "estimate_only": "an estimate only",
    "none_analyzed": "nobody left to analyze",
}
_SYMBOLS = {"low": "+", "some_concerns": "!", "high": "\N{MINUS SIGN}", "unclear": "?"}
_AVAILABILITY = (
    "What each trial can give. Filled square: for all participants; half square: for some; cross: not recorded; open "
    "circle: no line of the trial's recipe says anything of it. What every trial has to give is not shown; the reasons "
    "stand in status.csv."
)

_FLOW = "From the trials identified to the participants analyzed, with the reasons of those left out."


def trials(page: Page) -> Section | None:
    """Return the consortium, or None where nothing is known of it."""
    blocks: list[Block] = []
    if page.get("consortium"):
        blocks.append(Paragraph(_counts(page)))
    blocks += _picture(page, "flow", _FLOW)
    if page.get("consortium"):
        blocks += [*_left_out(page), _table(page)]
    if any("rob" in row for row in page.get("consortium") or ()):
        blocks.append(_bias(page))
    if "availability" in page.pictures:
        blocks += [Heading("What each trial can give"), *_picture(page, "availability", _AVAILABILITY)]
    return Section("trials", "The trials", blocks) if blocks else None


def _picture(page: Page, name: str, caption: Text) -> Iterator[Block]:
    if name in page.pictures:
        yield Picture(svg=page.pictures[name], caption=caption)


def _counts(page: Page) -> Text:
    rows = page.get("consortium")
    analyzed = sum(row["status"] == "analyzed" for row in rows)
    all_of_them = page.tally("consortium", "all", len(rows))
    if analyzed == len(rows):
        one = len(rows) == 1
        return say("{n} trial was identified, and it is analyzed." if one else
                   "{n} trials were identified, and all are analyzed.", n=all_of_them)  # fmt: skip
    sentence = "{n} trial{s} {was} identified, and {k} of them {verb} analyzed."
    return say(
        sentence, n=all_of_them, s="" if len(rows) == 1 else "s", was="was" if len(rows) == 1 else "were",
        k=page.tally("consortium", "analyzed", analyzed), verb="is" if analyzed == 1 else "are",
    )  # fmt: skip


_COLUMNS = {
    "year": "Year",
    "group": "Group",
    "n_randomized": "Randomized\n(published)",
    "randomized": "In the\ndata",
    "analyzed": "Ana-\nlyzed",
    "instrument": "Instrument",
    "number_of_doses": "Doses",
    "dose": "Dose",
    "timing_min": "Timing,\nmin",
    "participants": "In the\narm",
}
_OF_ARMS = ("number_of_doses", "dose", "timing_min", "participants")
_LEFT = {"group", "instrument", "dose"}


def _left_out(page: Page) -> Iterator[Block]:
    """Each trial that is not analyzed, with its reason."""
    items = tuple(_status(page, i) for i, row in enumerate(page.get("consortium")) if row["status"] != "analyzed")
    if items:
        yield from (Heading("Not analyzed"), Bullets(items))


def _table(page: Page) -> Table:
    rows = page.get("consortium")
    columns = [column for column in _COLUMNS if any(_holds(row, column) for row in rows)]
    body = tuple((_label(row), *(_cell(page, i, column) for column in columns)) for i, row in enumerate(rows))
    letters = "".join("l" if column in _LEFT else "r" for column in columns)
    return Table(
        caption="Trials of the consortium.",
        head=("Trial", *(_COLUMNS[column] for column in columns)),
        rows=body,
        align=f"l{letters}",
        note=_note(columns),
        style="wide",
    )


def _holds(row: Mapping[str, Any], column: str) -> bool:
    return any(column in arm for arm in row.get("arms", ())) if column in _OF_ARMS else column in row


def _note(columns: list[str]) -> str:
    parts = []
    if set(_OF_ARMS) & set(columns):
        parts.append(
            "Doses, dose and timing: as planned in the arms of the treatment, one line an arm, with its participants."
        )
    if "timing_min" in columns:
        parts.append("Timing: minutes from administration to the session; negative: after it began.")
    return " ".join(parts)


def _label(row: Mapping[str, Any]) -> Text:
    doi = str(row.get("doi", ""))
    link = Markup('<a href="https://doi.org/{}">{}</a>')
    return link.format(doi, row["label"]) if _DOI.fullmatch(doi) else str(row["label"])


def _cell(page: Page, i: int, column: str) -> Text:
    path = f"consortium.{i}.{column}"
    if column in _OF_ARMS:
        cells = [_of_arm(page, i, a, column) for a in range(len(page.get(f"consortium.{i}.arms") or ()))]
        return Markup("<br>").join(cells) if column == "participants" else _lines(cells)
    if not page.has(path):
        return ""
    if column in ("group", "instrument"):
        return page.words(path)
    return page.year(path) if column == "year" else page.count(path)


def _of_arm(page: Page, i: int, a: int, column: str) -> Text:
    path = f"consortium.{i}.arms.{a}"
    if not page.has(f"{path}.{column}"):
        return "\N{EN DASH}"
    unit = say("\N{NO-BREAK SPACE}{unit}", unit=page.get(f"{path}.dose_unit") or "") if column == "dose" else ""
    number = page.count(f"{path}.{column}") if column == "participants" else page.plain(f"{path}.{column}")
    return say("{x}{unit}", x=number, unit=unit)


def _lines(cells: list[Text]) -> Markup:
    """One line an arm; where all arms say the same it is said once."""
    plain = [Markup(cell).striptags() for cell in cells]
    return Markup("<br>").join(cells[:1] if len(set(plain)) == 1 else cells)


def _status(page: Page, i: int) -> Text:
    row = page.get(f"consortium.{i}")
    why = say(": {why}", why=page.words(f"consortium.{i}.why")) if row.get("why") else ""
    return say("{label}: {status}{why}.", label=row["label"], status=_STATUS[row["status"]], why=why)


def _bias(page: Page) -> Table:
    rows = [row for row in page.get("consortium") if "rob" in row]
    domains = [name for name in dict.fromkeys(name for row in rows for name in row["rob"]) if name != "rob_overall"]
    domains += ["rob_overall"] if any("rob_overall" in row["rob"] for row in rows) else []
    body: tuple[tuple[Text, ...], ...] = tuple(
        (row["label"], *(_judged(row["rob"].get(domain, "")) for domain in domains)) for row in rows
    )
    head = ("Trial", *(sentence_case(spaced(domain.removeprefix("rob_"))) for domain in domains))
    return Table(caption="Risk of bias, as stated in the list of trials.", head=head, rows=body,
                 align="l" * len(head), style="wide")  # fmt: skip


def _judged(judgment: str) -> str:
    return f"{_SYMBOLS.get(judgment, '')} {spaced(judgment)}".strip()
