from ipdma.curves.linear import Linear


def test_every_dose_adds_the_same() -> None:
    curve = Linear("number_of_doses")
    assert [curve.relative(x, 5.0) for x in (0.0, 2.5, 5.0, 12.0)] == [0.0, 0.5, 1.0, 2.4]
    assert curve.parameters(12.0) == {}
