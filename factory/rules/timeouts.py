"""Which clock ran out on which attempt, and how long steps stood still."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from factory.model.audit import Event
from factory.model.step import Attempt
from factory.rules.backoff import seconds_between

Clock = Literal["connect", "first_output", "idle", "wall"]
CLOCKS: tuple[Clock, ...] = ("connect", "first_output", "idle", "wall")
STALL, START = "step.stall", "attempt.start"
_STALL_ENDS = ("step.progress", "step.retry", "step.split", "step.block", "step.skip", "step.cancel")
ACTIONS = (START, STALL, *_STALL_ENDS)
"""Actions of the events that are looked at here; nothing else in the ledger says what they say."""


@dataclass(frozen=True)
class Try:
    """An attempt as far as clocks go."""

    attempt: str
    agent: str
    role: str
    at: str
    """When it ended, UTC; empty while it works."""
    clocks: tuple[Clock, ...] = ()
    """Those that ran out on it, each once."""
    prompt_chars: int = 0
    """Of what it was told at its start; 0 = not recorded."""


def tries_of(attempts: Sequence[Attempt], events: Iterable[Event]) -> tuple[Try, ...]:
    """Every attempt that was started, oldest first."""
    seen = tuple(events)
    silences = {(event.detail.get("attempt"), event.detail.get("clock")) for event in seen if event.action == STALL}
    sizes = {event.object: event.detail.get("prompt_chars", 0) for event in seen if event.action == START}
    return tuple(
        Try(one.id, one.agent, one.role, one.ended_at, _clocks(one, silences), sizes.get(one.id, 0))
        for one in attempts
        if one.started_at
    )


def by_clock(tries: Iterable[Try]) -> dict[str, int]:
    """On how many attempts each clock ran out; clocks that never did are left out."""
    counts = {clock: sum(clock in one.clocks for one in tries) for clock in CLOCKS}
    return {clock: count for clock, count in counts.items() if count}


def stalled_s(events: Iterable[Event], as_of: str) -> float:
    """Seconds that steps spent stalled: from the event that began it to the next one of the step that ends it.

    Args:
        as_of: Until when a stall counts that nothing has ended; empty = not at all.
    """
    since: dict[str, str] = {}
    total = 0.0
    for event in events:
        if event.action == STALL:
            since.setdefault(event.object, event.at)
        elif event.action in _STALL_ENDS and event.object in since:
            total += seconds_between(since.pop(event.object), event.at)
    return total + _still(since, as_of)


def _still(since: Mapping[str, str], as_of: str) -> float:
    return sum(max(0.0, seconds_between(at, as_of)) for at in since.values()) if as_of else 0.0


def _clocks(attempt: Attempt, silences: set[tuple[object, object]]) -> tuple[Clock, ...]:
    ran_out: dict[Clock, bool] = {
        "connect": attempt.outcome == "unconnected",
        "first_output": (attempt.id, "first_output") in silences,
        "idle": (attempt.id, "idle") in silences,
        "wall": attempt.state == "timed_out",
    }
    return tuple(clock for clock in CLOCKS if ran_out[clock])
