"""The terminal multiplexer tmux, as far as a window can be opened in it."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from factory.errors import Refused, Unreachable

_TIMEOUT_S = 5.0


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
        command = [self._program, "new-window", "-n", name, "-c", str(folder)]
        try:
            done = subprocess.run(
                command, env=self._environ, capture_output=True, text=True, errors="replace", timeout=_TIMEOUT_S,
                check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unreachable("tmux does not answer.", f"By hand: cd {folder}") from error
        if done.returncode:
            raise Refused(f"tmux opens no window: {done.stderr.strip() or 'it does not say why'}.", f"cd {folder}")
