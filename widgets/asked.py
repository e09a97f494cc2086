"""How often the agents of a run asked a person."""

from factory.model.permission import Permission
from factory.model.view import RunView

_ANSWERS = {"open": "waits", "allowed": "allowed", "denied": "refused", "void": "void"}


def asked_so_far(view: RunView) -> str:
    """How many requests the run has made, and how they were answered."""
    asked = view.permissions
    counts = [f"{number} {word}" for state, word in _ANSWERS.items() if (number := _count(asked, state))]
    for_run = sum(one.always for one in asked if one.state == "allowed")
    kept = f", {for_run} of them for the run" if for_run else ""
    return f"{len(asked)}: {', '.join(counts)}{kept}" if asked else "0"


def _count(asked: tuple[Permission, ...], state: str) -> int:
    return sum(one.state == state for one in asked)
