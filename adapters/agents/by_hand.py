"""Where a person goes on when an agent has stopped: its own screen, its session and home, and a lock on them."""

import fcntl
import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from adapters.agents import launch
from adapters.agents.dialects.known import DIALECTS
from adapters.agents.driving.orders import NAME as JOB
from adapters.agents.driving.orders import Orders, read_orders
from adapters.environment import allowed
from adapters.process import RUN_TAG
from factory.errors import Missing, Refused
from factory.ports.agents import WayIn

LOCK = "by-hand.lock"
"""In the folder that a session has its home in."""


def way_in(name: str, run: str, folder: Path, session: str, operator_path: str, passed: Mapping[str, str]) -> WayIn:
    """How a person takes over from the agent of an attempt. Raises what `Agents.way_in` raises.

    Args:
        name: Of the agent, for sentences.
        passed: Variables that the agent may see beside the usual ones, with their values.
    """
    if launch.state(folder) == "running":
        raise Refused(f"{name} is at work there.", "Pause the goal first: p.", "not_ready")
    worktree = _worktree(folder)
    if not (folder / JOB).exists():
        return WayIn(worktree, why=f"{name} has no session that could go on.")
    orders = _orders(folder)
    if not session:
        return WayIn(worktree, why=f"{name} was stopped before it named its session.")
    job = replace(orders.job, resume=session)
    start = DIALECTS[orders.dialect].take_over(job)
    if start is None:
        return WayIn(worktree, why=f"{name} has no screen of its own that goes on with a session.")
    place = job.home.parent
    refuse_taken(place, name)
    # With the tag of the run: what an agent does under a person's eyes is still no person's approval.
    environment = {**allowed(place, operator_path), **passed, RUN_TAG: run, **start.environment}
    plain = {"HOME": environment["HOME"], **start.environment}
    words = " ".join(f"{key}={shlex.quote(value)}" for key, value in plain.items())
    typed = f"cd {shlex.quote(str(worktree))} && {words} {shlex.join(start.argv)}"
    return WayIn(worktree, start.argv, environment, str(place / LOCK), typed)


def refuse_taken(place: Path, name: str) -> None:
    """No two in one session. Raises `Refused`: `not_ready`."""
    if is_taken(place):
        raise Refused(f"Somebody is in the session of {name} by hand.", "Leave it there first.", "not_ready")


def is_taken(place: Path) -> bool:
    """Whether somebody is in the session whose home is in this folder."""
    try:
        file = os.open(place / LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(file)
    return False


def _orders(folder: Path) -> Orders:
    try:
        return read_orders(folder)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Missing(f"{folder / JOB} does not say how its agent was started.", "Retry the step.") from error


def _worktree(folder: Path) -> Path:
    try:
        return Path(json.loads((folder / "task.json").read_bytes())["cwd"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Missing(f"{folder} does not say where its agent worked.", "Retry the step.") from error
