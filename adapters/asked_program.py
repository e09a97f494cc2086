"""A program of the operator's choice that is asked something and prints its answer, in a time that is ours to say."""

import os
import signal
import subprocess
from collections.abc import Sequence

from factory.errors import Malformed, Unreachable
from factory.rules.visible import one_line

_SHOWN_CHARS = 300


class AskedProgram:
    """One program, run anew for each question, without a shell and with the cockpit's own environment.

    Args:
        argv: The program and its first arguments.
        called: What it is, for sentences: "routing command".
        hint: What to do when it fails.
        timeout_s: How long it may take.
    """

    def __init__(self, argv: Sequence[str], called: str, hint: str, timeout_s: float) -> None:
        self._argv = tuple(argv)
        self._called = called
        self._hint = hint
        self._timeout_s = timeout_s

    def ask(self, last: str, given: bytes = b"") -> bytes:
        """What it prints.

        It is a process group of its own, so that nothing of it is left after the time is over.

        Args:
            last: Its last argument.
            given: Its input.

        Raises:
            Unreachable: it is not there, or did not end in time. Malformed: it failed.
        """
        with self._start(last) as process:
            try:
                out, err = process.communicate(given, self._timeout_s)
            except subprocess.TimeoutExpired as error:
                os.killpg(process.pid, signal.SIGKILL)
                said = f"The {self._called} {self.shown} did not answer within {self._timeout_s:g} s."
                raise Unreachable(said, self._hint, "timeout") from error
        if process.returncode != 0:
            lines = err.decode("utf-8", "replace").split("\n")
            words = next((one_line(line)[:_SHOWN_CHARS] for line in reversed(lines) if line.strip()), "it said nothing")
            raise self.malformed(f"ended with {process.returncode}: {words}")
        return out

    def malformed(self, fault: str) -> Malformed:
        """The error that says what is wrong with its answer."""
        return Malformed(f"The {self._called} {self.shown} {fault}.", self._hint)

    @property
    def shown(self) -> str:
        """The program as it was configured."""
        return one_line(" ".join(self._argv))[:_SHOWN_CHARS]

    def _start(self, last: str) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                (self._argv[0], *self._argv[1:], last),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError, IndexError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise Unreachable(f"The {self._called} {self.shown} cannot be started: {why}.", self._hint) from error
