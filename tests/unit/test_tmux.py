"""A window of tmux, with a program that stands for tmux and notes how it was called."""

import stat
from pathlib import Path

import pytest

from adapters.tmux import Tmux
from factory.errors import Refused, Unreachable


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
