"""The moments of a recorded run: which one a step, a jump or some seconds of playing lead to."""

from collections.abc import Sequence

from factory.model.audit import Event
from factory.rules.backoff import seconds_between

LONGEST_GAP_S = 5.0
"""Nothing happened for longer: so long is waited when a run is played, in seconds of the run."""
SUBJECTS = frozenset({"run", "step", "gate", "thread"})
"""What changes its state in an event that one jumps to."""


def is_change(event: Event) -> bool:
    """Whether the state of the run, a step, a gate or the thread changed."""
    subject, _, verb = event.action.partition(".")
    return subject in SUBJECTS and verb != "create"


def stepped(moments: Sequence[Event], place: int, steps: int) -> int:
    """The place so many events later, or earlier when below 0; the ends stop."""
    return max(0, min(len(moments) - 1, place + steps))


def changed(moments: Sequence[Event], place: int, way: int) -> int | None:
    """The place of the next change of state (`way` 1), or of the one before (-1); None when there is none."""
    places = range(place + 1, len(moments)) if way > 0 else range(place - 1, -1, -1)
    return next((each for each in places if is_change(moments[each])), None)


def gap_s(moments: Sequence[Event], place: int) -> float:
    """Seconds that passed until the next event; 0 at the last one, and when the clock went back meanwhile."""
    if place + 1 >= len(moments):
        return 0.0
    return max(0.0, seconds_between(moments[place].at, moments[place + 1].at))


def played_gap_s(gap: float) -> float:
    """How long a gap takes when it is played: a long one is shortened."""
    return min(gap, LONGEST_GAP_S)


def played(moments: Sequence[Event], place: int, since_s: float) -> tuple[int, float]:
    """Where playing has come to.

    Args:
        place: Where it was.
        since_s: Seconds of the run since the event there.

    Returns:
        The place it is at now, and the seconds since the event there.
    """
    while place + 1 < len(moments):
        gap = played_gap_s(gap_s(moments, place))
        if since_s < gap:
            return place, since_s
        place, since_s = place + 1, since_s - gap
    return place, 0.0


def passed_s(moments: Sequence[Event], place: int, since_s: float) -> float:
    """Seconds that the clock of the run has gone on since the event: faster in a gap that is shortened."""
    gap = gap_s(moments, place)
    shown = played_gap_s(gap)
    return since_s * gap / shown if shown else 0.0
