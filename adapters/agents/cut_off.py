"""Why an agent stopped that could not say so itself."""

from collections.abc import Mapping

from factory.model.agent_event import Outcome

_OUTCOMES: Mapping[str, Outcome] = {
    "wall_clock": "timeout", "budget": "budget",
    "paused": "interrupted", "cancelled": "interrupted", "operator_retry": "interrupted",
}  # fmt: skip


def cut_off(end_reason: str) -> Outcome:
    """By the reason for which its tree was ended; one that none of us gave is a crash and can be taken up."""
    return _OUTCOMES.get(end_reason, "crashed")
