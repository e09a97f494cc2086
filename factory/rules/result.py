"""What a run made, and how an operator gets hold of it without the factory touching the source repository."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from factory.model.status import Result

if TYPE_CHECKING:
    from factory.model.run import Run
    from factory.model.step import Attempt
    from factory.model.view import RunView


def result(view: RunView, evidence_root: str, clone: str) -> Result:
    """The result as `status` shows it; its fields are empty before an attempt has delivered.

    Args:
        evidence_root: The run's evidence folder.
        clone: The bare clone that holds the commit; empty when it is not known, and then `fetch` is.
    """
    run = view.run
    if not run.result_commit:
        return Result("", "", run.base_commit, "", "")
    branch, ref = branch_name(run), result_ref(view)
    fetch = f"git fetch {quote(clone)} {ref}:{branch}" if clone and ref else ""
    return Result(branch, run.result_commit, run.base_commit, fetch, _patch(view, evidence_root))


def branch_name(run: Run) -> str:
    """The branch that `land` makes when the operator names none, and that `fetch` makes too."""
    return f"cockpit/{run.id.removeprefix('run_')[-8:]}"


def result_ref(view: RunView) -> str:
    """The ref of the clone that keeps the result commit; empty when no attempt delivered it."""
    attempt = next((one for one in reversed(view.attempts) if one.commit == view.run.result_commit), None)
    return f"refs/cockpit/{view.run.id}/{work_name(attempt, 'build')}" if attempt else ""


def work_name(attempt: Attempt, kind: str) -> str:
    """The name of an attempt in folders, refs and evidence: `build-2`, with a mark of its step after a reopening."""
    return f"{kind}-{attempt.n}-{attempt.step[-4:]}"


def _patch(view: RunView, evidence_root: str) -> str:
    paths = [
        item.path for item in view.evidence if item.title.endswith(".patch") and item.subject == view.run.result_commit
    ]
    return f"{evidence_root}/{paths[-1]}" if paths else ""
