"""The picture before the libraries: what it shows, and that the terminal is given back."""

import os
import pty
import select
import signal
import stat
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cockpit.last_screen import NAME, keep, read_kept
from cockpit.skeleton import LEAVE, READING, drawn, frames, wanted_home

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0


@contextmanager
def on_a_terminal(*words: str, term: str = "xterm-256color") -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """A Python program on a terminal of 80×24: the process and the two ends of its terminal."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    environment = {**os.environ, "TERM": term}
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        environment.pop(name, None)
    process = subprocess.Popen(
        (sys.executable, *words), cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process, ours, theirs
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


def written(ours: int, until: str = "", process: subprocess.Popen[bytes] | None = None) -> str:
    """What is written to the terminal, until a text comes or the process ends."""
    found, deadline = b"", time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.05)[0]:
            found += os.read(ours, 65536)
            if until and until in found.decode(errors="replace"):
                break
        elif process is not None and process.poll() is not None:
            break
    return found.decode(errors="replace")


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_before_the_cockpit_is_there_gives_the_terminal_back(tmp_path: Path, sign: signal.Signals) -> None:
    code = (
        "import sys, cockpit.__main__ as main; main._run = lambda argv: __import__('time').sleep(60); "
        f"sys.argv[1:] = ['--home', {str(tmp_path)!r}]; sys.exit(main.main())"
    )
    with on_a_terminal("-c", code) as (process, ours, theirs):
        before = termios.tcgetattr(theirs)
        assert READING in written(ours, until=READING)
        assert termios.tcgetattr(theirs) != before
        process.send_signal(sign)
        assert LEAVE in written(ours, process=process)
        assert process.wait(PATIENCE_S) != 0
        assert termios.tcgetattr(theirs) == before


def test_a_start_that_fails_is_read_on_the_terminal_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("nonsense = [")
    with on_a_terminal("-m", "cockpit", "--home", str(tmp_path)) as (process, ours, _):
        said = written(ours, process=process)
    assert process.returncode == 6
    assert "is not valid TOML" in said.partition(LEAVE)[2]


def test_no_picture_on_a_terminal_that_cannot_show_one(tmp_path: Path) -> None:
    code = f"from cockpit.skeleton import SKELETON; SKELETON.show({str(tmp_path)!r}); print(SKELETON.is_up)"
    with on_a_terminal("-c", code, term="dumb") as (process, ours, _):
        assert written(ours, process=process).split() == ["False"]


def test_frames_fill_every_cell_of_every_width() -> None:
    for columns in (80, 119, 120, 179, 180, 200, 313):
        for lines in (24, 36, 50):
            rows = frames(columns, lines)
            assert len(rows) == lines
            assert {len(row) for row in rows} <= {0, columns}


def test_the_last_screen_comes_back_at_its_size_only(tmp_path: Path) -> None:
    keep(str(tmp_path), "14:03", (1, 2, 3, 4, 5, 6), ["LIVE 0.4s", "a goal", "x"], 80)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    kept = read_kept(str(tmp_path), 80, 3)
    assert kept is not None
    picture = drawn(80, 3, kept, ascii_only=False)
    assert "as of 14:03, not live" in picture
    assert "a goal" in picture
    assert "LIVE" not in picture
    assert read_kept(str(tmp_path), 81, 3) is None


def test_a_kept_screen_cannot_steer_the_terminal(tmp_path: Path) -> None:
    keep(str(tmp_path), "14:03", (), ["", "\x1b]52;c;eA==\x07\x9b31m\u202egoal", "x"], 80)
    kept = read_kept(str(tmp_path), 80, 3)
    assert kept is not None
    assert kept.lines[1].endswith("goal")
    assert not [one for one in kept.lines[1] if not one.isprintable()]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"cockpit-screen-1", b"cockpit-screen-1 80x3 \x1b[31m\nx"])
def test_a_damaged_last_screen_is_no_screen(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert read_kept(str(tmp_path), 80, 3) is None


def test_a_link_in_place_of_the_last_screen_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("keep me")
    (tmp_path / f"{NAME}.tmp").symlink_to(tmp_path / "other")
    keep(str(tmp_path), "14:03", (), ["x"], 80)
    assert (tmp_path / "other").read_text() == "keep me"
    assert read_kept(str(tmp_path), 80, 1) is None


@pytest.mark.parametrize(
    ("words", "home"),
    [
        (["--home", "/h"], "/h"),
        (["--home=/h", "--no-color"], "/h"),
        (["status"], None),
        (["--home", "/h", "status"], None),
        (["--json"], None),
        (["--version"], None),
    ],
)
def test_only_a_call_that_opens_the_cockpit_draws(words: list[str], home: str | None) -> None:
    assert wanted_home(words) == home
