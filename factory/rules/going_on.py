"""What follows the end of a driven agent: its work is taken, it goes on in the same session, or somebody is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from factory.model.step import Attempt
from factory.rules.backoff import backoff, later

After = Literal["take", "set_back", "pause", "again", "block"]
MOST_TIMES = 3
"""How often an attempt that was cut off is taken up again by itself before somebody is asked."""
OVER: tuple[After, ...] = ("take", "block")
"""What follows an attempt that is not taken up again by itself."""
_CUT_OFF = ("rate_limit", "crashed", "unconnected")
RESUMABLE = ("budget", "interrupted", *_CUT_OFF)
"""Outcomes after which the session is worth going on with."""


@dataclass(frozen=True)
class GoOn:
    """What to do, and not before when (UTC); empty = at once."""

    what: After
    at: str = ""


def after_end(attempt: Attempt, earlier: Sequence[Attempt], now: str) -> GoOn:
    """What follows an attempt that has ended.

    Args:
        attempt: As it ended.
        earlier: The other attempts of its step, oldest first.
        now: UTC.
    """
    match attempt.state:
        case "succeeded":
            return GoOn("take")
        case "cancelled":
            return GoOn("set_back")
        case "budget_stopped":
            return GoOn("pause")
    if attempt.outcome not in _CUT_OFF or not (attempt.session_ref or attempt.outcome == "unconnected"):
        return GoOn("block")
    times = _times(attempt, earlier)
    if times >= MOST_TIMES:
        return GoOn("block")
    return GoOn("again", max(attempt.resets_at, later(now, backoff(times + 1, attempt.id))))


def resumed(attempts: Sequence[Attempt], step: str, agent: str) -> Attempt | None:
    """The attempt whose session the next one of a step goes on with; None = a new session.

    Args:
        attempts: Of the run, oldest first.
    """
    last = next((one for one in reversed(attempts) if one.step == step), None)
    if last is None or last.agent != agent or not last.session_ref or last.outcome not in RESUMABLE:
        return None
    return last


def first_of(attempt: Attempt, attempts: Sequence[Attempt]) -> Attempt:
    """The attempt that a session began in: its home and its worktree are those of all that go on with it."""
    known = {one.id: one for one in attempts}
    while attempt.resumes in known:
        attempt = known[attempt.resumes]
    return attempt


def _times(attempt: Attempt, earlier: Sequence[Attempt]) -> int:
    """How many attempts in a row ended like this one."""
    times = 0
    for one in reversed([other for other in earlier if other.id != attempt.id]):
        if one.outcome not in _CUT_OFF:
            break
        times += 1
    return times
