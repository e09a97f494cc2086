"""A sink that is a program: each item as JSON on its input, its exit code is the answer."""

from collections.abc import Sequence
from pathlib import Path

from adapters.environment import passed
from adapters.program import Program
from adapters.sinks.message import message
from factory.errors import Refused, Unreachable
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Known, Receipt, nothing_known

TIMEOUT_S = 30.0
TEMPFAIL = 75
"""EX_TEMPFAIL of sysexits.h: try again later."""
KEPT = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH", "TMPDIR", "TZ", "USER")
"""What it sees of our environment."""


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
        ended = self._program().run(self._timeout_s, message(item))
        code, said = ended.code, ended.said or "it said nothing."
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

    def _program(self) -> Program:
        environment = {**passed(KEPT), "COCKPIT_SINK": self.name}
        return Program(self._argv, f"The program of {self.name}", "Correct config.toml.", self._folder, environment)
