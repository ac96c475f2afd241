"""The outcome on other metrics."""

from typing import get_args

from ipdma.analysis import Analysis
from ipdma.estimand import Metric
from ipdma.sensitivity.other_metric import OtherMetric


def test_each_other_metric_is_there_with_its_own_unit_and_the_stated_reference(curved: Analysis) -> None:
    variants = dict(OtherMetric().variants(curved))
    assert [label.removeprefix("metric ") for label in variants] == [m for m in get_args(Metric) if m != "raw"]
    for other in variants.values():
        assert other.design.reference == curved.design.reference
    assert variants["metric baseline_sd"].design.unit != curved.design.unit
