"""A run that replaces the result of an earlier one: late rework of that one, which metrics count."""

from pathlib import Path

from factory.errors import Refused
from factory.model.launch import Launch
from factory.model.run import Run
from factory.model.states import is_over
from factory.ports.bundle import Ports
from factory.rules.requests import refs_meant


def task_of(launch: Launch) -> str:
    """The task behind a launch, by the one name that it has: `42` and `#42` are `mission:42`."""
    return refs_meant(launch.from_mission)[-1]


def superseded(ports: Ports, launch: Launch, repo: Path) -> str:
    """Id of the run that a launch replaces: the named one, or the newest done one of its task; empty = none.

    Args:
        repo: What the launch works on. Nothing is replaced by work on another repository.

    Raises:
        Missing: there is no such run. Refused: `no_result`, `other_repository`.
    """
    if not launch.supersedes:
        same = {"mc_ref": task_of(launch), "repo": str(repo), "namespace": ports.defaults.namespace, "state": "done"}
        done = ports.ledger.find(Run, **same) if launch.from_mission else ()
        return max(done, key=lambda run: (run.created_at, run.id)).id if done else ""
    run = ports.ledger.get(Run, ports.ledger.resolve(launch.supersedes))
    if run.state != "done":
        wait = f"Decide about it, or give it up: cockpit cancel {run.id}"
        raise Refused(
            f"Run {run.id} is {run.state}, so it has no result that could be replaced.",
            "Start without --supersedes." if is_over(run) else wait,
            code="no_result",
        )
    if run.repo != str(repo):
        raise Refused(
            f"Run {run.id} worked on {run.repo}, and this one is for {repo}.",
            "Start without --supersedes.",
            code="other_repository",
        )
    return run.id
