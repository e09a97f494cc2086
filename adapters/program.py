"""Runs a program of the operator's choice to its end, or to the end of our patience: nothing of its group is left."""

import os
import select
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from factory.errors import Unreachable
from factory.rules.redaction import redact
from factory.rules.visible import one_line

MOST_BYTES = 4 << 20
"""Of what it prints; the rest is read and forgotten, so that it never waits for us."""
_TAIL_BYTES = 4096
_LAST_WORDS_S = 1.0
_SHOWN_CHARS = 300


@dataclass(frozen=True)
class Ended:
    """How a program ended."""

    code: int | None
    """Exit code, negative for a signal; None: it did not end in time."""
    out: bytes
    """What it printed, up to `MOST_BYTES`."""
    said: str
    """The last line that it complained of, without secrets; empty = it said nothing."""


@dataclass(frozen=True)
class Program:
    """A program, run without a shell in a process group of its own.

    Attributes:
        called: What it is, as a sentence about it begins.
        hint: What to do when it cannot be started.
        folder: Where it runs; None = where we do.
        environment: What it sees; None = all of ours.
    """

    argv: Sequence[str]
    called: str
    hint: str
    folder: Path | None = None
    environment: Mapping[str, str] | None = None

    def run(self, timeout_s: float, given: bytes = b"", more: Sequence[str] = ()) -> Ended:
        """Run it once.

        Args:
            given: Its input.
            more: Its last arguments.

        Raises:
            Unreachable: it cannot be started.
        """
        with tempfile.TemporaryFile() as sent:  # a program may end without reading its input
            sent.write(given)
            sent.seek(0)
            process = self._start(sent, more)
            out, err = _Kept(process.stdout, first=MOST_BYTES), _Kept(process.stderr, last=_TAIL_BYTES)
            try:
                in_time = _ended(process.pid, timeout_s)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # before it is reaped: until then the number is its own
                code = process.wait()
            return Ended(code if in_time else None, out.kept(), _last_line(err.kept()))

    def _start(self, sent: IO[bytes], more: Sequence[str]) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                (self.argv[0], *self.argv[1:], *more),
                stdin=sent,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self.folder,
                env=self.environment,
                start_new_session=True,
            )
        except (OSError, ValueError, IndexError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise Unreachable(f"{self.called} cannot be started: {why}.", self.hint) from error


class _Kept:
    """Reads one of its outputs to the end, and keeps the first or the last bytes of it."""

    def __init__(self, output: IO[bytes] | None, first: int = 0, last: int = 0) -> None:
        assert output is not None
        self._output = output
        self._first, self._last = first, last
        self._kept = bytearray()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def kept(self) -> bytes:
        """What was kept. Who left the process group may hold the pipe: he is not waited for."""
        self._thread.join(_LAST_WORDS_S)
        return bytes(self._kept)

    def _read(self) -> None:
        with self._output:
            while part := os.read(self._output.fileno(), 1 << 16):
                self._kept += part[: self._first - len(self._kept)] if self._first else part
                if self._last:
                    del self._kept[: -self._last]


def _last_line(output: bytes) -> str:
    text = redact(output)[0].decode("utf-8", "replace")
    said = [line for line in text.splitlines() if line.strip()]
    return one_line(said[-1])[:_SHOWN_CHARS] if said else ""


def _ended(pid: int, timeout_s: float) -> bool:
    """Whether a child ended in time; it is not reaped."""
    watched = os.pidfd_open(pid)
    try:
        waiter = select.poll()
        waiter.register(watched, select.POLLIN)
        return bool(waiter.poll(timeout_s * 1000))
    finally:
        os.close(watched)
