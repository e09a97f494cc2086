"""A window of tmux, with a program that stands for tmux and notes how it was called."""

import fcntl
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from adapters import own_window
from adapters import tmux as tmux_module
from adapters.agents.by_hand import LOCK, is_taken
from adapters.tmux import Tmux
from factory.errors import Refused, Unreachable
from factory.ports.agents import WayIn


def program(folder: Path, script: str) -> str:
    """A program that stands for tmux."""
    file = folder / "tmux"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def test_a_window_opens_in_the_folder_with_a_name(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    tmux = Tmux({"TMUX": "socket,1,0", "PATH": "/usr/bin:/bin"}, program(tmp_path, f'printf "%s\\n" "$@" >> {notes}'))
    tmux.open_window(tmp_path / "a folder", "goal-8t0a")
    assert notes.read_text().splitlines() == ["new-window", "-n", "goal-8t0a", "-c", str(tmp_path / "a folder")]


@pytest.mark.parametrize(("environ", "inside"), [({"TMUX": "socket,1,0"}, True), ({"TMUX": ""}, False), ({}, False)])
def test_the_environment_says_whether_there_is_a_session(environ: dict[str, str], inside: bool) -> None:
    assert Tmux(environ).is_inside is inside


def test_what_tmux_refuses_is_said_in_its_words(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no server running"):
        Tmux({}, program(tmp_path, "echo no server running >&2; exit 1")).open_window(tmp_path, "x")


def test_a_missing_tmux_leaves_the_command_to_type(tmp_path: Path) -> None:
    with pytest.raises(Unreachable) as raised:
        Tmux({}, str(tmp_path / "nowhere")).open_window(tmp_path, "x")
    assert f"cd {tmp_path}" in raised.value.hint


RUNS = 'printf "%s\\n" "$@" > {notes}; shift 5; "$@" > {said} 2>&1 < /dev/null &'
"""A tmux whose window is a process without a terminal."""


@pytest.fixture
def way(tmp_path: Path) -> WayIn:
    """A program that tells its environment and whether somebody is in there, until it is let go."""
    file = tmp_path / "agent"
    file.write_text(
        f"#!/bin/sh\nenv | sort > {tmp_path}/env.new\nmv {tmp_path}/env.new {tmp_path}/env\nread x < {tmp_path}/go\n"
    )
    file.chmod(0o700)
    os.mkfifo(tmp_path / "go")
    environment = {"KEY": "s3cret", "PATH": "/usr/bin:/bin", "HOME": "/h"}
    return WayIn(tmp_path, (str(file), "--resume", "s-1"), environment, str(tmp_path / LOCK), "agent --resume s-1")


def ends(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_program_of_a_session_gets_its_environment_and_nobody_can_read_it(tmp_path: Path, way: WayIn) -> None:
    notes, said = tmp_path / "notes", tmp_path / "said"
    tmux = Tmux({"TMUX": "s", "PATH": "/usr/bin:/bin"}, program(tmp_path, RUNS.format(notes=notes, said=said)))
    tmux.open_session(way, "goal-8t0a")
    ends((tmp_path / "env").exists)
    told = (tmp_path / "env").read_text().splitlines()
    assert {"KEY=s3cret", "HOME=/h"} <= set(told)
    assert "TMUX=s" not in told
    assert "s3cret" not in notes.read_text()
    assert is_taken(tmp_path), "locked for as long as somebody is in there"
    (tmp_path / "go").write_text("\n")
    ends(lambda: not is_taken(tmp_path))


def test_a_window_that_closes_at_once_leaves_the_command_to_type(
    tmp_path: Path, way: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tmux_module, "_TIMEOUT_S", 0.2)
    with pytest.raises(Unreachable) as raised:
        Tmux({}, program(tmp_path, "exit 0")).open_session(way, "x")
    assert raised.value.hint == "By hand: agent --resume s-1"


def test_two_cannot_be_in_one_session_and_a_program_that_is_gone_is_said(tmp_path: Path, way: WayIn) -> None:
    with Path(way.lock).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "Somebody is in this session already." in window(tmp_path, way)
    assert "gone cannot be started: No such file or directory." in window(tmp_path, replace(way, argv=("gone",)))
    assert "false ended with 1." in window(tmp_path, replace(way, argv=("false",)))


def window(folder: Path, way: WayIn) -> str:
    """What the window says when nobody presses Enter."""
    told = folder / "told"
    told.write_text(json.dumps({"argv": way.argv, "environment": dict(way.environment), "lock": way.lock}))
    command = [sys.executable, "-I", "-S", own_window.__file__, str(told)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False).stdout
