"""What tests of real agents need: tasks, and programs written on the spot."""

import asyncio
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from factory.model.definition import Clocks
from factory.ports.agents import AgentTask, Live, Role

DEADLINE_S = 60.0
ATTEMPT_ENDS_S = 60.0
"""Nothing here needs so long, but on a busy machine four starts of Python may take a third of it."""


@dataclass
class Listener:
    """`Progress` that remembers."""

    heard: list[tuple[float, int]] = field(default_factory=list)
    seen: list[Live] = field(default_factory=list)

    def alive(self, silent_s: float, output_bytes: int) -> None:
        """Note it."""
        self.heard.append((silent_s, output_bytes))

    def saw(self, live: Live) -> None:
        """Note it."""
        self.seen.append(live)


def task(
    folder: Path,
    agent: str,
    *,
    run: str = "run_1",
    attempt: int = 1,
    role: Role = "coder",
    wall_s: float = ATTEMPT_ENDS_S,
) -> AgentTask:
    """An attempt in a worktree of its own."""
    worktree = folder / "worktrees" / f"{run}-{attempt}"
    worktree.mkdir(parents=True, exist_ok=True)
    return AgentTask(
        run=run,
        step="stp_1",
        attempt=attempt,
        role=role,
        agent=agent,
        prompt="Fix it, čok.",
        worktree=worktree,
        thread="thr_1",
        subject="abc123",
        clocks=Clocks(wall_s=wall_s),
    )


def program(folder: Path, python: str, name: str = "agent") -> str:
    """A `command:` agent that is this Python source."""
    path = folder / f"{name}.py"
    path.write_text(f"#!{sys.executable} -IS\n{python}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return f"command:{path}"


async def until(what: Callable[[], bool], deadline_s: float = DEADLINE_S) -> None:
    """Wait until something is so, or fail."""
    async with asyncio.timeout(deadline_s):
        while not what():  # noqa: ASYNC110 - another process makes it so
            await asyncio.sleep(0.01)
