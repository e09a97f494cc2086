"""A sink that is a program: each item as JSON on its input, its exit code is the answer."""

import os
import select
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from adapters.environment import passed
from adapters.sinks.message import message
from factory.errors import Refused, Unreachable
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Known, Receipt, nothing_known
from factory.rules.redaction import redact
from factory.rules.visible import one_line

TIMEOUT_S = 30.0
TEMPFAIL = 75
"""EX_TEMPFAIL of sysexits.h: try again later."""
KEPT = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH", "TMPDIR", "TZ", "USER")
"""What it sees of our environment."""
_TAIL_BYTES = 4096
_LAST_WORDS_S = 1.0
_SHOWN_CHARS = 200


class CommandSink:
    """`Target` that runs a program for each item: 0 = it has it, 75 = try again, anything else = never.

    Args:
        name: `sink:NAME`; the program finds it in `COCKPIT_SINK`.
        argv: The program and its arguments, run without a shell.
        folder: Where it runs.
    """

    def __init__(self, name: str, argv: Sequence[str], folder: Path, timeout_s: float = TIMEOUT_S) -> None:
        self.name = name
        self._argv = tuple(argv)
        self._folder = folder
        self._timeout_s = timeout_s

    def close(self) -> None:
        """Nothing is open between two items."""

    def deliver(self, item: OutboxItem, _known: Known = nothing_known) -> Receipt:
        """Run the program for one item; the reference is the id of the item.

        Raises:
            Unreachable: it cannot be started, ended with 75 or by a signal, or not in time. Refused: any other end.
        """
        code, said = self._run(message(item))
        if code == 0:
            return "delivered", item.id
        if code is None:
            raise Unreachable(f"{self.name} did not end within {self._timeout_s:g} s: {said}", "", "timeout")
        if code == TEMPFAIL or code < 0:
            end = f"was ended by signal {-code}" if code < 0 else "wants to be tried again"
            raise Unreachable(f"{self.name} {end}: {said}")
        raise Refused(f"{self.name} will not take it (exit {code}): {said}", "Correct the program of the sink.")

    def confirm(self, _item: OutboxItem) -> bool:
        """True: what it ended with 0 for is the sink's."""
        return True

    def _run(self, sent: bytes) -> tuple[int | None, str]:
        """Exit code (None: it had to be ended) and last words. Nothing of its process group is left behind."""
        with tempfile.TemporaryFile() as given:  # a program may end without reading its input
            given.write(sent)
            given.seek(0)
            process = self._start(given)
            tail = _Tail(process.stderr)
            try:
                in_time = _ended(process.pid, self._timeout_s)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # before it is reaped: until then the number is its own
                code = process.wait()
            return (code if in_time else None), tail.last_words()

    def _start(self, given: IO[bytes]) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                self._argv,
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd=self._folder,
                env={**passed(KEPT), "COCKPIT_SINK": self.name},
                start_new_session=True,
            )
        except (OSError, ValueError, IndexError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise Unreachable(
                f"The program of {self.name} cannot be started: {why}.", "Correct config.toml."
            ) from error


class _Tail:
    """Reads what a program complains of, so that it never waits for us, and keeps the end of it."""

    def __init__(self, output: IO[bytes] | None) -> None:
        assert output is not None
        self._output = output
        self._kept = b""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def last_words(self) -> str:
        """The last line, without secrets. Who left the process group may hold the pipe: he is not waited for."""
        self._thread.join(_LAST_WORDS_S)
        text = redact(self._kept)[0].decode("utf-8", "replace")
        said = [line for line in text.splitlines() if line.strip()]
        return one_line(said[-1])[:_SHOWN_CHARS] if said else "it said nothing."

    def _read(self) -> None:
        with self._output:
            while part := os.read(self._output.fileno(), 1 << 16):
                self._kept = (self._kept + part)[-_TAIL_BYTES:]


def _ended(pid: int, timeout_s: float) -> bool:
    """Whether a child ended in time; it is not reaped."""
    watched = os.pidfd_open(pid)
    try:
        waiter = select.poll()
        waiter.register(watched, select.POLLIN)
        return bool(waiter.poll(timeout_s * 1000))
    finally:
        os.close(watched)
