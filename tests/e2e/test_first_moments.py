"""The terminal before the screen is there: taken early, given back whatever happens; and the colours kept for it."""

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

from cockpit.kept_colours import NAME, PLAIN, keep, read_kept
from cockpit.skeleton import LEAVE, READING, wanted_home

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0


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
        "import sys, cockpit.__main__ as main; main._run = lambda argv, home: __import__('time').sleep(60); "
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


def test_nothing_is_drawn_on_a_terminal_that_cannot_show_it() -> None:
    code = "from cockpit.skeleton import SKELETON; SKELETON.show(); print(SKELETON.is_up)"
    with on_a_terminal("-c", code, term="dumb") as (process, ours, _):
        assert written(ours, process=process).split() == ["False"]


def test_colours_come_back_on_a_terminal_like_theirs_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    keep(str(tmp_path), {"dim": "38;2;1;2;3"})
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert read_kept(str(tmp_path)) == {"dim": "38;2;1;2;3"}
    monkeypatch.setenv("TERM", "screen")
    assert read_kept(str(tmp_path)) is PLAIN


@pytest.mark.parametrize("code", ["31m\x1b]52;c;eA==\x07", "31\x9b2J", "x", "١"])
def test_kept_colours_cannot_steer_the_terminal(tmp_path: Path, code: str) -> None:
    keep(str(tmp_path), {"dim": code})
    assert read_kept(str(tmp_path)) is PLAIN


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"cockpit-colours-1", b"another\n\ndim=2"])
def test_a_damaged_file_of_colours_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert read_kept(str(tmp_path)) is PLAIN


def test_a_link_in_place_of_the_colours_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("keep me")
    (tmp_path / f"{NAME}.tmp").symlink_to(tmp_path / "other")
    keep(str(tmp_path), {"dim": "2"})
    assert (tmp_path / "other").read_text() == "keep me"
    assert read_kept(str(tmp_path)) is PLAIN


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
