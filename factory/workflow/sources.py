"""Names and commits that the parts of a run share."""

from collections.abc import Iterator

from factory.model.run import Run
from factory.model.step import Attempt
from factory.model.view import RunView


def start_commit(view: RunView, attempt: Attempt) -> str:
    """Where an attempt starts: the newest work that was kept from earlier ones, else the base.

    A check of itself that did not come to its end leaves nothing to anybody but to who goes on with its session.
    """
    own = set(_resumed(view, attempt))
    kept = [
        other.commit
        for other in view.attempts
        if other.commit
        and other.id != attempt.id
        and (other.id in own or not other.is_self_check or other.state == "succeeded")
    ]
    return kept[-1] if kept else view.run.base_commit


def _resumed(view: RunView, attempt: Attempt) -> Iterator[str]:
    """The attempts whose session this one goes on with, newest first."""
    known = {one.id: one for one in view.attempts}
    while before := known.get(attempt.resumes):
        yield before.id
        attempt = before


def worktree_name(run: Run, name: str) -> str:
    """The name of a worktree or checkout of a run."""
    return f"{run.id}/{name}"
