"""Interactions in words."""

from typing import Any

import pytest
from markupsafe import Markup

from ipdma.report.blocks import Bullets, Picture
from ipdma.report.page import Page
from ipdma.report.sections.interactions import interactions

Summary = dict[str, Any]


def told(summary: Summary) -> list[str]:
    section = interactions(Page(summary=summary))
    assert section is not None
    bullets = next(block for block in section.blocks if isinstance(block, Bullets))
    return [Markup(item).striptags() for item in bullets.items]


def test_an_interval_that_includes_zero_is_not_read_as_an_interaction(full_summary: Summary) -> None:
    assert "includes zero, so these data do not tell whether the effect changes with it." in told(full_summary)[0]


@pytest.mark.parametrize(
    ("sign", "direction", "side"),
    [(-1, "higher_is_worse", "drug"), (1, "higher_is_worse", "placebo"), (1, "higher_is_better", "drug")],
)
def test_the_side_follows_sign_and_direction(full_summary: Summary, sign: int, direction: str, side: str) -> None:
    full_summary["direction"] = direction
    full_summary["interactions"][0]["within"].update({"q2.5": 2.0 * sign - 1, "q97.5": 2.0 * sign + 1})
    assert f"within trials the effect shifts in favor of {side} for yes against no." in told(full_summary)[0]
    full_summary["interactions"][0]["unit"] = "10 years"
    assert f"within trials the effect shifts in favor of {side} with a higher value." in told(full_summary)[0]


def test_the_caption_names_the_parts_that_are_drawn(full_summary: Summary) -> None:
    def caption() -> str:
        section = interactions(Page(summary=full_summary, pictures={"interactions": Markup("<svg/>")}))
        assert section is not None
        return str(next(block for block in section.blocks if isinstance(block, Picture)).caption)

    assert "across trials (open square) and their difference (diamond, dashed)" in caption()
    for item in full_summary["interactions"]:
        for part in ("across", "difference"):
            item.pop(part, None)
    assert caption().startswith("Change in the treatment effect with each modifier: within trials (filled")
    assert "across" not in caption()


def test_trials_that_say_otherwise_are_said_only_where_the_difference_excludes_zero(full_summary: Summary) -> None:
    assert "across trials it looks otherwise" not in told(full_summary)[0]
    full_summary["interactions"][0]["difference"].update({"q2.5": -9.0, "q97.5": -1.0})
    assert "across trials it looks otherwise" in told(full_summary)[0]
