"""Moving through a recorded run: steps, jumps, and time that is driven."""

import pytest

from cockpit.player import FASTEST, SLOWEST, Player
from factory.rules.differences import Still
from tests.app import sample
from tests.app.fakes import Seconds
from tests.unit.rules.test_moments import RUN


def player(place: int = 0, speed: float = 1.0) -> tuple[Player, Seconds]:
    """At a place, with a clock to drive."""
    seconds = Seconds()
    return Player(RUN, place, speed, seconds), seconds


def test_it_rests_where_it_begins() -> None:
    one, seconds = player(2)
    seconds.now += 99
    one.go_on()
    assert (one.place, one.is_playing, one.now()) == (2, False, RUN[2].at)


def test_steps_and_jumps_say_whether_they_led_anywhere() -> None:
    one, _ = player()
    assert one.step(1)
    assert one.jump(1)
    assert one.place == 2
    assert one.go_to_end(1)
    assert not one.step(1)
    assert not one.jump(1)
    assert one.go_to_end(-1)
    assert not one.go_to_end(-1)
    assert not one.jump(-1)


def test_time_goes_on_as_it_went_and_the_end_stops() -> None:
    one, seconds = player()
    one.play()
    seconds.now += 1.5
    one.go_on()
    assert (one.place, one.now()) == (1, "2026-03-02T14:00:01.500Z")
    seconds.now += 1.5
    one.go_on()
    assert one.place == 3
    seconds.now += 99
    one.go_on()
    assert (one.place, one.is_playing, one.now()) == (5, False, RUN[5].at)


def test_twice_as_fast_takes_half_the_time() -> None:
    one, seconds = player(speed=2)
    one.play()
    seconds.now += 1.5
    one.go_on()
    assert one.place == 3


def test_another_speed_counts_from_its_own_moment_on() -> None:
    one, seconds = player()
    one.play()
    seconds.now += 0.5
    one.change_speed(1)
    seconds.now += 0.25
    one.go_on()
    assert (one.place, one.speed) == (1, 2.0)


@pytest.mark.parametrize(("way", "bound"), [(1, FASTEST), (-1, SLOWEST)])
def test_the_speed_has_bounds(way: int, bound: float) -> None:
    one, _ = player()
    for _ in range(40):
        one.change_speed(way)
    assert one.speed == bound


def test_a_gap_that_is_shortened_is_said_while_it_is_played() -> None:
    one, seconds = player(3)
    assert one.strip().gap_s == 0
    one.play()
    seconds.now += 2.5
    one.go_on()
    strip = one.strip()
    assert (strip.gap_s, strip.gap_played_s, one.now()) == (60, 5, "2026-03-02T14:00:33.000Z")
    assert strip.at == "2026-03-02T14:00:33Z"
    seconds.now += 2.5
    one.go_on()
    assert (one.place, one.strip().gap_s) == (4, 0)


def test_a_pause_stands_still_at_its_time_and_goes_on_from_there() -> None:
    one, seconds = player(3)
    one.play()
    seconds.now += 2.5
    one.go_on()
    one.pause()
    assert (one.is_playing, one.now()) == (False, "2026-03-02T14:00:33.000Z")
    seconds.now += 99
    one.go_on()
    assert one.now() == "2026-03-02T14:00:33.000Z"
    one.play()
    seconds.now += 2.5
    one.go_on()
    assert one.place == 4


def test_a_step_pauses_and_goes_to_its_event() -> None:
    one, seconds = player()
    one.play()
    seconds.now += 0.5
    one.go_on()
    one.step(1)
    seconds.now += 99
    one.go_on()
    assert (one.place, one.is_playing, one.now()) == (1, False, RUN[1].at)


def test_it_begins_at_a_sign_of_life_after_the_event_and_forgets_it_at_the_next_one() -> None:
    later = "2026-03-02T14:00:40.000Z"
    one = Player(RUN, 3, 1.0, Seconds(), later)
    assert one.now() == later
    one.step(1)
    one.step(-1)
    assert one.now() == RUN[3].at


def test_playing_at_the_end_begins_again() -> None:
    one, _ = player(5)
    one.play()
    assert (one.place, one.is_playing) == (0, True)


def test_the_strip_names_moment_and_mark() -> None:
    one, _ = player(2, speed=4)
    one.marked = Still(1, RUN[0].at, sample.VIEW)
    strip = one.strip()
    assert (strip.event, strip.number, strip.total, strip.speed, strip.marked) == (RUN[2], 3, 6, 4, 1)
