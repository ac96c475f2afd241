"""The control arm beside the curves: how its own change varies between trials."""

from ipdma.report.blocks import Block, Heading, Paragraph, Picture, Table, Text
from ipdma.report.figures import control_arm_name
from ipdma.report.page import Page, say
from ipdma.report.words import INTERVAL, sentence_case, variable_words


def control_arm(page: Page) -> list[Block]:
    """Return pictures, slopes and sentences of the control arm; nothing where none was described."""
    items = page.get("control_arm") or ()
    if not items:
        return []
    blocks: list[Block] = [Heading("The control arm")]
    for i, item in enumerate(items):
        name, words = control_arm_name(item["variable"]), variable_words(item["variable"], item["unit"])
        if name in page.pictures:
            caption = say(
                "Change from baseline in the control arm of each trial by {words}, with a line across trials and its "
                "95% band. Where treatment arms of a trial differ, it stands at the mean over their participants.",
                words=words,
            )
            blocks.append(Picture(svg=page.pictures[name], caption=caption))
        blocks.append(Paragraph(page.words(f"control_arm.{i}.sentence"), "note"))
    return [*blocks, _table(page)]


def _table(page: Page) -> Table:
    rows = tuple(_row(page, i) for i in range(len(page.get("control_arm"))))
    return Table(
        caption=f"Slope of the control arm's change across trials, {page.unit} per unit of the variable.",
        head=("Variable", "Slope", "SE", INTERVAL, "Trials", "Participants"),
        rows=rows,
    )


def _row(page: Page, i: int) -> tuple[Text, ...]:
    at, item = f"control_arm.{i}", page.get(f"control_arm.{i}")
    # A slope has a unit of its own (a point per minute, per dose), so each row has decimals of its own.
    digits = page.digits_of(item["slope"]["se"])
    return (
        sentence_case(variable_words(item["variable"], item["unit"])),
        page.number(f"{at}.slope.estimate", digits),
        page.number(f"{at}.slope.se", digits),
        page.interval(f"{at}.slope.ci", digits),
        page.count(f"{at}.trials"),
        page.count(f"{at}.participants"),
    )
