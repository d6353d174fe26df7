"""What is rounded when, and how fast is learned."""

import pytest

from vaqf.dialects.diagnostics import UserError
from vaqf.training.schedule import LAST, Phase, Schedule

SCHEDULE = Schedule(4, 2, 3, 1, rate=1e-3, quantized_rate=1e-4)


def test_phases_follow_each_other() -> None:
    found = [SCHEDULE.phase(epoch) for epoch in range(SCHEDULE.epochs)]
    assert found == [Phase.FLOAT] * 4 + [Phase.BINARIZE] * 2 + [Phase.ACTIVATIONS] * 3 + [
        Phase.INTEGERS
    ]


def test_the_share_of_binary_weights_grows() -> None:
    shares = [SCHEDULE.binary_share(each / 10) for each in range(100)]
    assert shares == sorted(shares)
    assert shares[39] == 0 and shares[40] == 0 and 0 < shares[41] < 0.1
    assert shares[57] < 1 and shares[59:] == [1.0] * 41


def test_without_their_phase_all_weights_are_binary_at_once() -> None:
    direct = Schedule(2, 0, 1, 0)
    assert direct.binary_share(1.99) == 0
    assert direct.binary_share(2) == 1


def test_the_learning_rate_has_a_cycle_in_float_and_one_after_it() -> None:
    assert SCHEDULE.learning_rate(0) == pytest.approx(1e-3 * LAST)
    assert SCHEDULE.learning_rate(0.4) == pytest.approx(1e-3)
    assert SCHEDULE.learning_rate(3.999) == pytest.approx(1e-3 * LAST, rel=0.01)
    assert SCHEDULE.learning_rate(4.6) == pytest.approx(1e-4)
    assert SCHEDULE.learning_rate(9.999) == pytest.approx(1e-4 * LAST, rel=0.01)


@pytest.mark.parametrize("epochs", [4, 7, 100, 301])
def test_epochs_are_divided_over_all_phases(epochs: int) -> None:
    schedule = Schedule.of(epochs, 1e-3, 1e-4)
    assert schedule.epochs == epochs
    assert {schedule.phase(epoch) for epoch in range(epochs)} == set(Phase)


def test_too_few_epochs() -> None:
    with pytest.raises(UserError, match="epochs are 3, expected at least 4, one a phase"):
        Schedule.of(3, 1e-3, 1e-4)
    with pytest.raises(UserError, match="there are no epochs"):
        Schedule(0, 0, 0, 0)
