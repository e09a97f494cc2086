"""Names and commits that the parts of a run share."""

from factory.model.run import Run
from factory.model.step import Attempt
from factory.model.view import RunView


def start_commit(view: RunView, attempt: Attempt) -> str:
    """Where an attempt starts: the newest work that was kept from earlier ones, else the base."""
    kept = [other.commit for other in view.attempts if other.commit and other.id != attempt.id]
    return kept[-1] if kept else view.run.base_commit


def worktree_name(run: Run, name: str) -> str:
    """The name of a worktree or checkout of a run."""
    return f"{run.id}/{name}"
