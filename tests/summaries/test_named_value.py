"""A category in a summary has its name beside its place."""

from types import SimpleNamespace
from typing import Any

from ipdma.design.design import Design
from ipdma.summaries.named_value import named_value

DESIGN: Any = SimpleNamespace(levels={"group": ("anxiety", "pain")})
DESIGN.level_name = lambda variable, x: Design.level_name(DESIGN, variable, x)


def test_a_number_is_told_as_it_is_and_a_category_with_its_name() -> None:
    assert named_value(DESIGN, "number_of_doses", "from", 5) == {"from": 5.0}
    assert named_value(DESIGN, "group", "to", 1) == {"to": 1.0, "to_label": "pain"}
