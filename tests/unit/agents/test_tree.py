"""Process trees are told by parents and by tags, and a process by more than its number."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from adapters.agents import tree

WAITS = [sys.executable, "-ISc", "import signal, sys; print(flush=True); signal.pause()"]
TAG = f"COCKPIT_HOLD=/nowhere/test-tree-{os.getpid()}"
"""Of this process only: another that runs the same tests beside it has children too."""


@pytest.fixture
def child() -> Iterator["subprocess.Popen[bytes]"]:
    name, value = TAG.split("=")
    with subprocess.Popen(WAITS, env={name: value}, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        yield process
        process.kill()


def test_a_child_is_of_the_family_and_its_tag_is_seen(child: "subprocess.Popen[bytes]") -> None:
    known = tree.identity(child.pid)
    assert known in tree.family(os.getpid(), b"NO=TAG")
    assert {known} == tree.tagged(TAG.encode())
    assert tree.parent(child.pid) == os.getpid()
    assert not tree.tagged(TAG[:-1].encode()), "a tag counts whole"


def test_what_is_told_to_end_ends(child: "subprocess.Popen[bytes]") -> None:
    assert tree.end(lambda: tree.tagged(TAG.encode()), grace_s=5)
    assert child.wait() == -signal.SIGTERM


def test_a_stopped_process_is_woken_to_hear_it(child: "subprocess.Popen[bytes]") -> None:
    child.send_signal(signal.SIGSTOP)
    assert tree.end(lambda: tree.tagged(TAG.encode()), grace_s=5)
    assert child.wait() == -signal.SIGTERM


def test_another_process_with_the_same_number_is_left_alone(child: "subprocess.Popen[bytes]") -> None:
    known = tree.identity(child.pid)
    assert known is not None
    impostor = (known[0], known[1] + 1)
    looks = iter([{impostor}, set[tree.Process]()])
    assert tree.end(lambda: next(looks), grace_s=5)
    assert child.poll() is None


def test_what_cannot_be_ended_is_given_up_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])

    def wait(seconds: float) -> None:
        now[0] += 1

    assert not tree.end(lambda: {(2**22 + 1, 1)}, 5, wait)
    assert now[0] > 5


def test_a_zombie_is_gone(child: "subprocess.Popen[bytes]") -> None:
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert tree.identity(child.pid) is None
    assert tree.environment(child.pid) == b"\0" or not tree.environment(child.pid)
