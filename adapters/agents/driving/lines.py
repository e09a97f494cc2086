"""Lines of any length out of pieces of any size, split at the newline alone: JSON text may hold other line ends."""

import json
from collections.abc import Iterator, Mapping

import msgspec

LONGEST = 64 << 20
"""A line longer than this is no event of anybody's: its rest is dropped, and said to be."""
_DECODE = msgspec.json.Decoder().decode


class Lines:
    """Puts lines together again. Costs what came in, however it is cut."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._parts: list[bytes] = []
        self._size = 0
        self.dropped = 0
        """Bytes of lines that were too long."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The lines that are whole now, without their newline."""
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            self._take(piece)
            yield self._give()
        self._take(rest)

    def close(self) -> Iterator[bytes]:
        """What came after the last newline, if anything did."""
        if self._size:
            yield self._give()

    def _take(self, piece: bytes) -> None:
        room = max(0, self._longest - self._size)
        self.dropped += max(0, len(piece) - room)
        kept = piece[:room]
        self._parts.append(kept)
        self._size += len(kept)

    def _give(self) -> bytes:
        line = b"".join(self._parts)
        self._parts, self._size = [], 0
        return line


def object_of(line: bytes) -> Mapping[str, object] | None:
    """The JSON object of a line; None when there is none in it. The fast reader is strict, so the other has the last
    word: agents also write `NaN`, halves of a surrogate pair and whole numbers of any length."""
    try:
        found = _DECODE(line)
    except (msgspec.DecodeError, ValueError, RecursionError):
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) else None
