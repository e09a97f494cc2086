"""The terminal multiplexer tmux, as far as a window can be opened in it."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from adapters import own_window
from factory.errors import Refused, Unreachable

if TYPE_CHECKING:
    from factory.ports.agents import WayIn

_TIMEOUT_S = 5.0
_LOOK_S = 0.02


class Tmux:
    """Opens windows in the tmux session that this process runs in.

    Args:
        environ: Says whether there is one (`TMUX`).
        program: What to call.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ, program: str = "tmux") -> None:
        self._environ = dict(environ)
        self._program = program

    @property
    def is_inside(self) -> bool:
        """Whether this process runs inside tmux."""
        return bool(self._environ.get("TMUX"))

    def open_window(self, folder: Path, name: str) -> None:
        """Open a window with a shell in a folder (`tmux new-window`).

        Raises:
            Unreachable: tmux is not there or does not answer. Refused: it said no.
        """
        self._open(folder, name, f"cd {folder}")

    def open_session(self, way: WayIn, name: str) -> None:
        """Open a window with the program of a way in. Raises what `open_window` raises."""
        with _pipe() as pipe:
            self._open(way.worktree, name, way.typed, (sys.executable, "-I", "-S", own_window.__file__, str(pipe)))
            told = {"argv": way.argv, "environment": dict(way.environment), "lock": way.lock}
            if not _tell(pipe, json.dumps(told).encode()):
                raise Unreachable("The window of tmux was closed at once.", f"By hand: {way.typed}")

    def _open(self, folder: Path, name: str, by_hand: str, argv: Sequence[str] = ()) -> None:
        command = [self._program, "new-window", "-n", name, "-c", str(folder), *argv]
        try:
            done = subprocess.run(
                command, env=self._environ, capture_output=True, text=True, errors="replace", timeout=_TIMEOUT_S,
                check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unreachable("tmux does not answer.", f"By hand: {by_hand}") from error
        if done.returncode:
            raise Refused(f"tmux opens no window: {done.stderr.strip() or 'it does not say why'}.", by_hand)


@contextmanager
def _pipe() -> Iterator[Path]:
    """A named pipe that only we may open, for as long as a block runs."""
    with tempfile.TemporaryDirectory(prefix="cockpit-") as folder:
        pipe = Path(folder, "told")
        os.mkfifo(pipe, 0o600)
        yield pipe


def _tell(pipe: Path, data: bytes) -> bool:
    """Write to whoever reads the pipe; False when nobody does in time."""
    deadline = time.monotonic() + _TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            file = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            if error.errno != errno.ENXIO:  # nobody reads yet
                raise
            time.sleep(_LOOK_S)
            continue
        os.set_blocking(file, True)
        with contextlib.suppress(BrokenPipeError), os.fdopen(file, "wb") as stream:
            stream.write(data)
            return True
        return False
    return False
