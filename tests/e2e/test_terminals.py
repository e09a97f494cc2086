"""Terminals that have little: no colours, sixteen, no UTF-8, no cursor to move. Judged by the bytes they get."""

import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.product import PROGRAM, cockpit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

WAIT_S = 60.0
_COLOURS = re.compile(rb"\x1b\[([0-9;]*)m")
_PLAIN = {"", "0", "1", "2", "3", "4", "7", "21", "22", "23", "24", "27"}
"""Attributes that are no colours."""


def bytes_of(home: Path, environment: dict[str, str], seen: bytes) -> tuple[bytes, int]:
    """What the cockpit writes to a terminal until it has shown something and was left; and its exit code."""
    with cockpit(home) as at:
        ours, theirs = pty.openpty()
        shell = {**at.shell, **environment}
        argv = [str(PROGRAM), "--home", str(home)]
        program = subprocess.Popen(argv, env=shell, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        try:
            return _watched(program, ours, seen)
        finally:
            program.kill()
            program.wait()
            os.close(ours)


def _watched(program: "subprocess.Popen[bytes]", ours: int, seen: bytes) -> tuple[bytes, int]:
    said, left, deadline = b"", False, time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.05)[0]:
            try:
                said += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
        if seen in said and not left and program.poll() is None:
            os.write(ours, b"q")
            left = True
    return said, program.wait(timeout=WAIT_S)


def colours(said: bytes) -> set[str]:
    """Every colour parameter that was written."""
    return {one for found in _COLOURS.findall(said) for one in found.decode().split(";")} - _PLAIN


def test_without_colours_not_one_is_written(home: Path) -> None:
    said, code = bytes_of(home, {"NO_COLOR": "1", "COLORTERM": "truecolor"}, b"No goals yet")
    assert (code, colours(said)) == (0, set())
    assert b"No goals yet" in said


def test_sixteen_colours_are_the_terminals_own(home: Path) -> None:
    said, code = bytes_of(home, {"TERM": "screen"}, b"No goals yet")
    assert code == 0
    assert b"No goals yet" in said
    assert not {"38", "48"} & colours(said), "a colour out of more than sixteen"


def test_without_utf8_every_byte_is_ascii(home: Path) -> None:
    said, code = bytes_of(home, {"LANG": "C"}, b"No goals yet")
    assert code == 0
    assert b"No goals yet" in said
    assert said.isascii(), sorted({char for char in said.decode(errors="replace") if not char.isascii()})


BROKEN = {
    "TEXTUAL_COLOR_SYSTEM": "nonsense", "TEXTUAL_DRIVER": "no.such:Driver", "TEXTUAL_LOG": "/nowhere/log",
    "TEXTUAL_THEME": "nonsense", "TEXTUAL_FPS": "abc", "TEXTUAL_ANIMATIONS": "x", "TEXTUAL_FILTERS": "x",
    "TEXTUAL_SCREENSHOT": "x", "TEXTUAL_DEVTOOLS_PORT": "x", "TEXTUAL_DIM_FACTOR": "x", "TEXTUAL": "x", "ESCDELAY": "x",
    "TEXTUAL_SLOW_THRESHOLD": "x", "TEXTUAL_SMOOTH_SCROLL": "x", "TEXTUAL_SPEEDUPS": "x", "TEXTUAL_PRESS": "wait:x",
}  # fmt: skip
"""What the screen library reads, each with a value that nobody can use."""


@pytest.mark.slow
def test_broken_settings_of_the_screen_library_are_ignored_and_the_first_one_is_named(home: Path) -> None:
    said, code = bytes_of(home, {**BROKEN, "COLUMNS": "200"}, b"which is ignored: set it to auto")
    assert code == 0
    assert b"TEXTUAL_COLOR_SYSTEM is 'nonsense', which is ignored" in said
    assert b"Traceback" not in said


def test_a_dumb_terminal_gets_a_sentence(home: Path) -> None:
    said, code = bytes_of(home, {"TERM": "dumb"}, b"never")
    assert code == 2
    assert b"TERM is 'dumb'" in said
    assert b"\x1b" not in said
