"""Keeping what an operator changed in a worktree apart from what the agent does there afterwards."""

from pathlib import Path
from typing import Any

from factory.model.step import Attempt
from factory.model.view import RunView
from factory.ports.ledger import Transaction
from factory.rules.by_hand import ENDING, whose
from factory.rules.result import work_name
from factory.rules.visible import one_line
from factory.workflow.capturing import capture_file, put_evidence
from factory.workflow.flow import Flow
from factory.workflow.sources import start_commit


def keep_by_hand(flow: Flow, key: str, view: RunView, attempt: Attempt, worktree: Path) -> str:
    """Commit what changed in a worktree since its last attempt ended, as the operator's; "" when nothing did.

    To be called before the agent that goes on there is started: a replay, with the agent at work, changes nothing more.
    """
    who, start, workspace = whose(view), start_commit(view, attempt), flow.ports.workspace
    message = f"{one_line(view.run.goal)[:60]}\n\nBy hand, before attempt {attempt.n}, by {who}"
    commit = workspace.commit_all(worktree, f"{flow.run}:{attempt.step}:{attempt.n}:by-hand", message, start)
    if not commit:
        return ""
    name, repo = f"{work_name(attempt, 'build')}{ENDING}", Path(view.run.repo)
    target = flow.ports.scratch / flow.run / name
    workspace.patch(repo, start, commit, target)
    about: dict[str, Any] = {"step": attempt.step, "attempt": attempt.id, "actor": who, "role": "operator"}
    patch = capture_file(flow, "file", name, target, subject=commit, capture="harness", **about)
    files = workspace.diff(repo, start, commit).files

    def work(tx: Transaction) -> None:
        tx.note("attempt.by_hand", attempt.id, flow.run, {"by": who, "commit": commit, "files": len(files)})
        put_evidence(tx, [patch] if patch else [])

    flow.write(f"{key}:by-hand", work)
    return commit
