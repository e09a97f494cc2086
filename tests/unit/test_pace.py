"""How fast a system is asked."""

from adapters.pace import Pace


class Time:
    """Stands still until somebody sleeps."""

    now = 100.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    time = Time()
    pace = Pace(2.0, 3, lambda: time.now, time.sleep)
    began = []
    for _ in range(7):
        pace.turn()
        began.append(time.now - 100.0)
    assert began == [0.0, 0.0, 0.0, 0.5, 1.0, 1.5, 2.0]
    time.sleep(60)
    pace.turn()
    assert time.now == 162.0


def test_a_rest_ends_and_a_shorter_one_does_not_shorten_it() -> None:
    time = Time()
    pace = Pace(2.0, 3, lambda: time.now, time.sleep)
    assert pace.rest_s == 0.0
    pace.rest(9)
    pace.rest(3)
    assert pace.rest_s == 9.0
    time.sleep(10)
    assert pace.rest_s == 0.0
