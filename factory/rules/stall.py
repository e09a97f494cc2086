"""Signs that an agent is stuck: silence by two clocks, and loops in what it does (domain §7). Nothing here ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from factory.model.definition import Clocks

JUMP_S = 30.0
"""A tick that is off by more than this was a clock jump or a machine that slept, not silence."""
SAME_RESULT = 4
SAME_ERROR = 3
ALTERNATING = 6


@dataclass(frozen=True)
class Action:
    """One thing an agent did, and what came of it."""

    name: str
    """The tool and its arguments."""
    result: str
    is_error: bool = False


def stalled(silent_s: float, output_bytes: int, clocks: Clocks, jumped: bool = False) -> bool:
    """Whether the silence is too long: by the first-output clock before any output, then by the idle clock.

    Args:
        silent_s: Seconds since the last output or change of a file; since its start when there was none.
        jumped: The clock jumped during this silence: one grace period more is allowed.
    """
    limit = clocks.idle_s if silence_clock(output_bytes) == "idle" else clocks.first_output_s
    return silent_s > limit * (2 if jumped else 1)


def silence_clock(output_bytes: int) -> Literal["first_output", "idle"]:
    """Which clock a silence is measured by."""
    return "idle" if output_bytes > 0 else "first_output"


def clock_jumped(elapsed_s: float, expected_s: float) -> bool:
    """Whether the time between two looks says that the clock jumped, forward or back.

    Args:
        elapsed_s: Wall time between the two looks.
        expected_s: The time that should lie between them.
    """
    return abs(elapsed_s - expected_s) > JUMP_S


def loop_sign(history: Sequence[Action]) -> str:
    """What the newest actions have in common when an agent goes in circles, as a sentence; empty when it does not.

    Args:
        history: Oldest first.
    """
    if _same([(one.name, one.result) for one in history], SAME_RESULT):
        return f"The same action had the same result {SAME_RESULT} times: {history[-1].name}."
    if all(one.is_error for one in history[-SAME_ERROR:]) and _same([one.result for one in history], SAME_ERROR):
        return f"The same error came {SAME_ERROR} times: {history[-1].result}."
    names = [one.name for one in history[-ALTERNATING:]]
    if len(names) == ALTERNATING and names[0] != names[1] and names == names[:2] * (ALTERNATING // 2):
        return f"Two actions alternate: {names[0]} and {names[1]}."
    return ""


def _same(values: Sequence[object], times: int) -> bool:
    return len(values) >= times and len(set(values[-times:])) == 1
