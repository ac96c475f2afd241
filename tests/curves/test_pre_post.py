import numpy as np

from ipdma.curves.pre_post import PrePost


def test_before_and_after_differ_by_one_move() -> None:
    found = PrePost("timing_min").per_move(np.array([-60.0, -1.0, 0.0, 60.0]), 60.0, (60.0, -30.0))
    assert found.tolist() == [1, 1, 0, 0]
