"""A terminal as operators have it: one program in a tmux of its own, its keys and its screen."""

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from tests.tools.tuimeter import Session

WAIT_S = 90.0
"""Longer than anything takes on screen; a busy machine is not a defect."""
LOOK_S = 0.05
_CONFIG = """\
set -g status off
set -s escape-time 0
set -s focus-events on
set -g default-terminal screen-256color
"""


@dataclass(frozen=True)
class Terminal:
    """One window. What it does not show in time fails with the last screen.

    Args:
        server: Socket name of a tmux server that nobody else uses.
        environment: Of the server, and so of the program.
    """

    server: str
    environment: Mapping[str, str]

    def text(self) -> str:
        """What is on screen, without blanks at line ends; empty after the program has ended."""
        shown = self.tmux("capture-pane", "-p", check=False)
        return shown.stdout.rstrip("\n") if shown.returncode == 0 else ""

    def keys(self, *keys: str) -> None:
        """Press keys by tmux's names: `n`, `Enter`, `C-j`. Escape goes alone, or it would alter the next key."""
        self.tmux("send-keys", *keys)

    def turn(self, key: str) -> None:
        """Press a key, and wait until the caret is elsewhere: what is typed next goes there."""
        before = self._caret()
        self.keys(key)
        self.until(lambda _text: self._caret() != before, f"another place of the caret after {key}")

    def types(self, text: str) -> None:
        """Type a text."""
        self.tmux("send-keys", "-l", "--", text)

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size."""
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def shows(self, *words: str, without: str = "") -> str:
        """Wait until all these words are on screen (and `without` is not); the screen then."""
        return self.until(
            lambda text: all(word in text for word in words) and not (without and without in text),
            f"{' and '.join(map(repr, words))} on screen" + (f" without {without!r}" if without else ""),
        )

    def until(self, holds: Callable[[str], object], what: str) -> str:
        """Wait until something holds for the screen; the screen then."""
        deadline = time.monotonic() + WAIT_S
        while True:
            text = self.text()
            if holds(text):
                return text
            assert time.monotonic() < deadline, f"{what} did not come within {WAIT_S:.0f} s; the last screen:\n{text}"
            time.sleep(LOOK_S)

    def ended(self) -> bool:
        """Whether the program has left."""
        return self.tmux("has-session", check=False).returncode != 0

    @property
    def title(self) -> str:
        """What the program calls its window."""
        return self.tmux("display-message", "-p", "#{pane_title}").stdout.rstrip("\n")

    def record(self, file: Path) -> None:
        """Write every byte that the program writes from now on to a file, as it is."""
        file.touch()  # who looks at once finds it, though tmux has yet to start what writes it
        self.tmux("pipe-pane", "-O", f"cat >> {shlex.quote(str(file))}")

    @contextmanager
    def attached(self) -> Iterator[Session]:
        """Somebody looks: a tmux client in a terminal of its own, as after a login from elsewhere."""
        columns, lines = self.tmux("display-message", "-p", "#{window_width} #{window_height}").stdout.split()
        argv = ["tmux", "-u", "-L", self.server, "attach-session"]
        client = Session(argv, (int(columns), int(lines)), env=dict(self.environment))
        try:
            yield client
            self.tmux("detach-client")
        finally:
            client.close()

    def _caret(self) -> str:
        """Where the caret rests; while a picture is being written it is all over the screen."""
        seen, again = "", self._caret_now()
        while seen != again:
            time.sleep(LOOK_S)
            seen, again = again, self._caret_now()
        return again

    def _caret_now(self) -> str:
        return self.tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").stdout

    def tmux(self, *words: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """One call of tmux."""
        command = ["tmux", "-u", "-L", self.server, *words]
        done = subprocess.run(command, env=dict(self.environment), capture_output=True, text=True)
        assert done.returncode == 0 or not check, (words, done.stderr)
        return done


@contextmanager
def terminal(
    argv: Sequence[str], folder: Path, environment: Mapping[str, str], size: tuple[int, int] = (80, 24)
) -> Iterator[Terminal]:
    """A program that runs in `folder`, in a window of its own; both are gone afterwards."""
    need_tmux()
    with TemporaryDirectory(prefix="tmux-") as own:  # a short path: sockets have room for a hundred characters
        config = Path(own, "tmux.conf")
        config.write_text(_CONFIG)
        window = Terminal(f"cockpit-{uuid4().hex[:8]}", {**environment, "TMUX_TMPDIR": own})
        columns, lines = map(str, size)
        begin = ("new-session", "-d", "-x", columns, "-y", lines, "-c", str(folder), shlex.join(argv))
        try:
            window.tmux("-f", str(config), *begin)
            yield window
        finally:
            window.tmux("kill-server", check=False)


def need_tmux() -> None:
    """Skip where tmux is missing; in CI that is a failure."""
    if shutil.which("tmux") is None:
        sentence = "tmux is not installed, and this test drives the cockpit in it: apt-get install tmux"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
