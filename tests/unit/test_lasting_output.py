"""What is written to the terminal arrives whole, for as long as there is a terminal."""

import io
from typing import Any

from cockpit.lasting_output import LastingOutput


class Sips(io.RawIOBase):
    """Takes a few bytes at a time, as a terminal does when a signal comes; after `most` bytes it is gone."""

    def __init__(self, most: int = 1_000) -> None:
        self.taken = b""
        self._most = most

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if len(self.taken) >= self._most:
            raise OSError(5, "gone")
        self.taken += bytes(data[:7])
        return min(7, len(data))


def output(terminal: Sips) -> LastingOutput:
    """As Python opens an unbuffered stream: what is over after one try is lost."""
    raw: Any = terminal
    return LastingOutput(io.TextIOWrapper(raw, encoding="utf-8", write_through=True))


def test_a_terminal_that_takes_a_part_is_given_the_rest() -> None:
    terminal = Sips()
    output(terminal).write("╭─ Goals 1 ─╮\r\n" * 9)
    assert terminal.taken.decode() == "╭─ Goals 1 ─╮\r\n" * 9


def test_what_is_written_to_a_terminal_that_is_gone_is_dropped() -> None:
    terminal = Sips(most=14)
    lasting = output(terminal)
    lasting.write("x" * 30)
    assert lasting.is_gone
    lasting.write("more")
    assert terminal.taken == b"x" * 14
