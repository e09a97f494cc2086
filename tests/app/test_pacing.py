"""What is wished often is done at once, then seldom, and never left out."""

from collections.abc import Callable

from cockpit.pacing import PACE_S, Pace


class Loop:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, Callable[[], object]]] = []

    def call_later(self, delay: float, callback: Callable[[], object]) -> object:
        self.calls.append((delay, callback))
        return None

    def pass_time(self) -> None:
        """Every pause that runs is over."""
        calls, self.calls = self.calls, []
        for _, callback in calls:
            callback()


class Paced:
    """Something that counts how often it was done."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.done = 0
        self.pace = Pace(self._do, lambda: self.loop)

    def _do(self) -> None:
        self.done += 1


def test_the_first_wish_is_done_at_once() -> None:
    paced = Paced()
    paced.pace.wish()
    assert paced.done == 1
    assert [delay for delay, _ in paced.loop.calls] == [PACE_S]


def test_wishes_within_the_pause_become_one_at_its_end() -> None:
    paced = Paced()
    for _ in range(100):
        paced.pace.wish()
    assert paced.done == 1
    paced.loop.pass_time()
    assert paced.done == 2


def test_nothing_waits_when_nothing_is_wished() -> None:
    paced = Paced()
    paced.pace.wish()
    paced.loop.pass_time()
    assert paced.done == 1
    assert not paced.loop.calls, "a timer runs while nothing happens"
    paced.pace.wish()
    assert paced.done == 2


def test_a_wish_from_inside_is_not_lost() -> None:
    loop = Loop()
    done: list[int] = []

    def do() -> None:
        done.append(1)
        if len(done) == 1:
            pace.wish()

    pace = Pace(do, lambda: loop)
    pace.wish()
    loop.pass_time()
    assert len(done) == 2
