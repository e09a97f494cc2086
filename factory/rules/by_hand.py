"""What an operator changed by hand in the worktree of a coder: kept apart from what the agent did."""

from factory.model.evidence import Evidence
from factory.model.view import RunView

TAKEN_OVER = "run.take_over"
"""The event of it."""
ENDING = "-by-hand.diff"
"""How the title of its evidence ends."""


def whose(view: RunView) -> str:
    """Who went in last; `operator` when that is not among the events any more."""
    return next((event.actor for event in reversed(view.events) if event.action == TAKEN_OVER), "operator")


def changes_by_hand(view: RunView) -> tuple[Evidence, ...]:
    """The evidence of what was changed by hand, oldest first."""
    return tuple(item for item in view.evidence if item.role == "operator" and item.title.endswith(ENDING))
