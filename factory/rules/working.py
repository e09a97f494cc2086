"""Which goals work: the one rule behind the header of the cockpit and `cockpit status --line`."""

_AT_WORK = ("running", "closing")


def is_working(state: str, needs_person: bool, is_queued: bool = False) -> bool:
    """Whether a goal goes on without a person; one that waits for its turn or a place has not begun."""
    return state in _AT_WORK and not needs_person and not is_queued
