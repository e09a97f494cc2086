"""The frames of an unpacked flight, read from its file where they are looked at."""

import threading
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from adapters.flight.form import AGENTS, EVIDENCE, FRAMES, Header, frame_of, seq_of
from adapters.flight.frame import Frame, Line
from factory.errors import Malformed

LONGEST_LINE = 64 << 20
"""Bytes of one frame."""


class FileReel:
    """`Reel` over the folder into which a flight was unpacked.

    Args:
        folder: It holds the frames, and the files that paths in them are led to.
        header: Of the flight.

    Raises:
        Malformed: the frames are not in order, or there are none.
    """

    def __init__(self, folder: Path, header: Header) -> None:
        self._folder = folder
        self._header = header
        self._turn = threading.Lock()
        self.run = header.run
        self.before: Sequence[Line] = header.before
        self._file = (folder / FRAMES).open("rb")
        try:
            self.seqs, self._starts = self._index()
        except BaseException:
            self.close()
            raise

    def frames(self, start: int, stop: int) -> Iterator[Frame]:
        """The frames at these places, oldest first."""
        for place in range(start, min(stop, len(self.seqs))):
            frame = self.raw(place)
            yield frame._replace(lines=tuple(map(self._led, frame.lines)))

    def raw(self, place: int) -> Frame:
        """The frame at this place as it was recorded, with the paths of then."""
        with self._turn:
            self._file.seek(self._starts[place])
            return frame_of(self._file.read(self._starts[place + 1] - self._starts[place]))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _index(self) -> tuple[Sequence[int], Sequence[int]]:
        """The seq of each frame, and where its line begins; and where the last one ends."""
        seqs, starts = array("q"), array("q", [0])
        while line := self._file.readline(LONGEST_LINE):
            seqs.append(_next(seq_of(line), seqs))
            starts.append(self._file.tell())
        if not seqs:
            raise Malformed("This flight holds no frames.")
        return seqs, starts

    def _led(self, line: Line) -> Line:
        """The line with its paths into the unpacked files."""
        if line.kind == "attempts" and line.values.get("folder"):
            name = PurePosixPath(str(line.values["folder"])).name
            return _with(line, "folder", str(self._folder / AGENTS / (name if name != ".." else "")))
        if line.kind == "packages" and "path" in line.values:
            return _with(line, "path", str(self._folder / EVIDENCE / self.run / self._inside(str(line.values["path"]))))
        return line

    def _inside(self, path: str) -> PurePosixPath:
        """A path below the evidence of then; nothing else of this machine is looked at for a stranger's file."""
        place = PurePosixPath(path)
        is_inside = place.is_relative_to(self._header.evidence) and ".." not in place.parts
        return place.relative_to(self._header.evidence) if is_inside else PurePosixPath("not-recorded")


def _with(line: Line, name: str, value: Any) -> Line:
    return line._replace(values={**line.values, name: value})


def _next(seq: int, before: Sequence[int]) -> int:
    if before and seq <= before[-1]:
        raise Malformed(f"Frame {seq} of this flight comes after frame {before[-1]}.")
    if seq >= 2**62:
        raise Malformed(f"Frame {seq} of this flight cannot be.")
    return seq
