"""A program of the operator's choice that is asked something and prints its answer, in a time that is ours to say."""

from collections.abc import Sequence

from adapters.program import Program
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
        self._called = f"The {called} {one_line(' '.join(argv))[:_SHOWN_CHARS]}"
        self._hint = hint
        self._timeout_s = timeout_s
        self._program = Program(tuple(argv), self._called, hint)

    def ask(self, last: str, given: bytes = b"") -> bytes:
        """What it prints.

        Args:
            last: Its last argument.
            given: Its input.

        Raises:
            Unreachable: it is not there, or did not end in time. Malformed: it failed.
        """
        ended = self._program.run(self._timeout_s, given, (last,))
        if ended.code is None:
            said = f"{self._called} did not answer within {self._timeout_s:g} s."
            raise Unreachable(said, self._hint, "timeout")
        if ended.code != 0:
            raise self.malformed(f"ended with {ended.code}: {ended.said or 'it said nothing'}")
        return ended.out

    def malformed(self, fault: str) -> Malformed:
        """The error that says what is wrong with its answer."""
        return Malformed(f"{self._called} {fault}.", self._hint)
