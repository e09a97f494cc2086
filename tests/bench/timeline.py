"""Where the time goes between the transaction of `start` and the agent's first instruction, from what both leave."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

PARTS = (
    "the worker sees the command, the engine picks the run up",
    "first look, with its moves",
    "plan begins, clone brought up to date",
    "baseline: checkout, command, evidence",
    "moves up to the lease, and the child",
    "the engine picks the build up",
    "worktree, prompt, task",
    "shim: interpreter, lock, fork",
    "the agent's interpreter",
)
"""One after the other."""

Step = tuple[str, float, float]
"""Name, start and end (milliseconds since the epoch)."""


def timeline(home: Path, run: str, committed_ns: int, agent_ns: int) -> dict[str, float]:
    """Milliseconds that each part took, once the agent's step has its checkpoint; most marks are whole milliseconds."""
    with closing(sqlite3.connect(f"file:{home / 'engine.db'}?mode=ro", uri=True)) as engine:
        steps = _steps(engine, run)
    plan = _first(steps, lambda name: name.startswith("plan:"))
    checks = [step for step in steps if step[0].startswith("check:baseline-")]
    agent = _first(steps, lambda name: name.startswith("agent:"))
    handed_over = _first(steps, lambda name: name == "build")
    marks = (
        committed_ns / 1e6, steps[0][1], plan[1], plan[2], checks[-1][2], handed_over[2], agent[1],
        *_shim(home, run), agent_ns / 1e6,
    )  # fmt: skip
    return {name: end - start for name, start, end in zip(PARTS, marks[:-1], marks[1:], strict=True)}


def _steps(engine: sqlite3.Connection, run: str) -> list[Step]:
    """Every checkpoint of a run and its children, in the order in which they began."""
    return engine.execute(
        "SELECT function_name, started_at_epoch_ms, completed_at_epoch_ms FROM operation_outputs "
        "WHERE workflow_uuid LIKE ? ORDER BY started_at_epoch_ms, function_id",
        (f"{run}%",),
    ).fetchall()


def _shim(home: Path, run: str) -> tuple[float, float]:
    """When the shim of the run's first attempt was told what to do, and when it came to start the program."""
    (folder,) = (home / "agents" / run).iterdir()
    told = (folder / "task.json").stat().st_mtime_ns / 1e6
    return told, float((folder / "starts").read_text().split()[0]) * 1000


def _first(steps: list[Step], fits: Callable[[str], bool]) -> Step:
    return next(step for step in steps if fits(step[0]))
