"""The form of an exported flight: a zip with `header.json`, `frames.jsonl`, and the files that a run left.

A line of the frames is `[seq, frame]`, so that its place is found without reading the rest of it.
"""

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from adapters.flight.frame import Frame, Line
from factory.errors import Malformed

FORMAT = 1
"""Grows when a program of before could not read what is written."""
HEADER, FRAMES, EVIDENCE, AGENTS = "header.json", "frames.jsonl", "evidence", "agents"
"""What is in the zip: two files, two folders."""
MOST_BYTES = 64 << 20
"""Bytes of all files in the two folders."""


@dataclass(frozen=True)
class Header:
    """What a flight says of itself, before its frames."""

    format: int
    version: str
    """Of the program that wrote it."""
    run: str
    first: int
    last: int
    """`seq` of the first and of the last frame."""
    evidence: str
    """Folder of the run's evidence where it was recorded; paths in the frames begin with it."""
    before: tuple[Line, ...] = ()
    """How what belongs to no run stood before the first frame."""
    left_out: tuple[tuple[str, str], ...] = ()
    """Files that are not in it, and why."""
    redactions: int = 0
    """Secrets that were cut out when it was written; more were, when they were captured."""


_HEADER = msgspec.json.Decoder(Header)
_FRAME = msgspec.json.Decoder(tuple[int, Frame])
_ENCODER = msgspec.json.Encoder()


def as_bytes(value: Any) -> bytes:
    """A header, or a frame with its seq before it, as JSON without a line end."""
    return _ENCODER.encode(value)


def header_of(data: bytes) -> Header:
    """The header in these bytes. Raises `Malformed`."""
    try:
        number = msgspec.json.decode(data, type=dict[str, Any]).get("format")
        if number == FORMAT:
            return _checked(_HEADER.decode(data))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"The header of this flight cannot be read: {error}.") from error
    what = f"This flight has format {number!r}, and this program reads {FORMAT}."
    raise Malformed(what, "Open it with the version of Cockpit that wrote it, or a newer one.")


def _checked(header: Header) -> Header:
    """Its run names a folder, so it has to be a plain name. Raises `Malformed`."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", header.run):
        raise Malformed(f"The header of this flight names {header.run!r}, which is not the id of a run.")
    return header


def frame_of(data: bytes) -> Frame:
    """The frame in a line. Raises `Malformed`."""
    try:
        seq, frame = _FRAME.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"A frame of this flight cannot be read: {error}.") from error
    if seq != frame.event.seq:
        raise Malformed(f"Frame {seq} of this flight holds event {frame.event.seq}.")
    return frame


def seq_of(data: bytes) -> int:
    """The seq that begins a line. Raises `Malformed`."""
    number = data[1 : data.find(b",", 0, 24)]
    if data[:1] != b"[" or not number.isdigit():
        raise Malformed("A frame of this flight has no number.")
    return int(number)
