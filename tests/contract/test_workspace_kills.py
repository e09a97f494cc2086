"""A worker that is killed leaves a git behind: nobody works beside it, and nothing half made is taken for whole."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.workspace.git_workspace import GitWorkspace
from tests.contract.test_workspace import FILES, GitOperator

DEADLINE_S = 60.0
WORKER = """
import sys
from pathlib import Path
from adapters.workspace.git_workspace import GitWorkspace
home, repo, base = sys.argv[1:]
workspace = GitWorkspace(Path(home))
workspace.clone(Path(repo), base)
workspace.checkout(Path(repo), base, "run_1/build-1")
"""
SLOW_GIT = """#!/bin/sh
case "$*" in *" {command} "*) echo $$ > {held}.new; mv {held}.new {held}; read _ < {gate};; esac
exec {git} "$@"
"""


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return as soon as something is so."""
    deadline = time.monotonic() + DEADLINE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_locked(clone: Path) -> bool:
    """Whether somebody works on a clone."""
    with clone.with_suffix(".lock").open("r+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@pytest.mark.parametrize("command", ["clone", "fetch", "read-tree"])
def test_a_kill_in_the_midst_of_git_ends_the_same(home: Path, tmp_path: Path, command: str) -> None:
    repo, held, gate = tmp_path / "source", tmp_path / "held", tmp_path / "gate"
    base = GitOperator().record(repo, FILES)
    git = subprocess.check_output(["which", "git"], text=True).strip()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").write_text(SLOW_GIT.format(command=command, held=held, gate=gate, git=git))
    (tmp_path / "bin" / "git").chmod(0o755)
    os.mkfifo(gate)
    slow = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(home), str(repo), base], env=slow)
    wait_until(held.exists)
    worker.send_signal(signal.SIGKILL)
    worker.wait()

    workspace = GitWorkspace(home)
    assert is_locked(workspace.clone_path(repo))
    gate.write_text("go on\n")
    wait_until(lambda: not is_locked(workspace.clone_path(repo)))

    workspace.clone(repo, base)
    worktree = workspace.checkout(repo, base, "run_1/build-1")
    (worktree / "a.txt").write_text("changed\n")
    head = workspace.commit_all(worktree, "run_1:build:1", "Change", base)
    assert workspace.diff(repo, base, head).files == ("a.txt",)
