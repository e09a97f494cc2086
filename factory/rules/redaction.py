"""Cuts secrets out of bytes on their way to disk. Stdlib only: the shim of every agent uses it."""

import re
from collections.abc import Callable, Iterator, Sequence

from factory.rules.secret_patterns import (
    BEHIND,
    LONGEST,
    NEEDS,
    PEM_END,
    PEM_END_LONGEST,
    PEM_LONGEST,
    READABLE,
    RULES,
    TAILS,
)

WINDOW = 1 << 16
"""Bytes that are looked at together."""
PART = 1 << 12
"""The same where the screen says that there may be a secret."""
SHORTEST_VALUE = 6
"""Given values with fewer bytes are left alone: `1` or `true` would blacken everything."""

_PLAIN = re.compile(rb"[ !#-\[\]-~]+")
"""A value that stands in JSON as it is."""

Screen = Callable[[bytes], bool]
"""A quick look: False only when none of our patterns can be found in these bytes."""

_Found = tuple[int, int, str, str]
"""Start, end of the beginning, kind, tail."""


def redact(chunk: bytes, extra: Sequence[bytes] = ()) -> tuple[bytes, int]:
    """The bytes without their secrets, and how many there were. What is redacted already is left as it is.

    Args:
        extra: Values that are secret whatever they look like.
    """
    redactor = Redactor(extra)
    return redactor.feed(chunk) + redactor.close(), redactor.count


class Redactor:
    """The same for a stream, however it is cut into chunks. Keeps a bounded rest; whole lines come out at once.

    Args:
        extra: Values that are secret whatever they look like.
        screen: Saves the search in chunks where it says False.
    """

    def __init__(self, extra: Sequence[bytes] = (), screen: Screen | None = None) -> None:
        self._values = _values(extra)
        self._screen = screen
        self._reach = max(LONGEST, *map(len, self._values)) if self._values else LONGEST
        self._buffer = b""
        self._done = 0  # bytes at the start of the buffer that are out already: kept to be looked back at
        self._tail = ""
        self._pem_left = 0
        self.count = 0

    def feed(self, chunk: bytes) -> bytes:
        """What can be let out, now that these bytes are known too."""
        self._buffer += chunk
        end = len(self._buffer)
        return self._advance(max(end - self._reach, self._buffer.rfind(b"\n", self._done) + 1), final=False)

    def close(self) -> bytes:
        """The rest."""
        return self._advance(len(self._buffer), final=True)

    def _advance(self, limit: int, final: bool) -> bytes:
        """Let out everything before `limit`, where no secret can begin any more that is not seen whole."""
        buffer = self._buffer
        out: list[bytes] = []
        position = self._skip_tail(self._done, final) if self._tail else self._done
        for start, end, kind, tail in () if self._tail else self._found(position):
            if start < position:
                continue
            if start >= limit:
                break
            out += buffer[position : end if kind in READABLE else start], b"[redacted:%b]" % kind.encode()
            self.count += 1
            self._tail, self._pem_left = tail, PEM_LONGEST
            position = self._skip_tail(end, final)
            if self._tail:
                break
        cut = position if self._tail else max(position, limit)
        out.append(buffer[position:cut])
        keep = max(cut - BEHIND, 0)
        self._buffer, self._done = buffer[keep:], cut - keep
        return b"".join(out)

    def _found(self, position: int) -> Sequence[_Found]:
        """Every beginning of a secret from here on, first one first."""
        found = [place for value in self._values for place in _places(self._buffer, value, position)]
        for first, last in _suspects(self._buffer, position, self._screen):
            begin = max(first - BEHIND, 0)
            found += _matches(self._buffer[begin : last + LONGEST], begin, first, last)
        return sorted(found, key=lambda place: place[0])  # stable: given values first, then the order of the rules

    def _skip_tail(self, position: int, final: bool) -> int:
        """The end of a secret that has begun; `_tail` stays set while it may go on beyond the buffer."""
        if self._tail == "pem":
            return self._skip_key(position, final)
        end = _end(TAILS[self._tail], self._buffer, position)
        if self._tail == "none" or end < len(self._buffer) or final:
            self._tail = ""
        return end

    def _skip_key(self, position: int, final: bool) -> int:
        """The end of a private key: its last line, what cannot belong to one, or the longest that we believe in."""
        last = position + self._pem_left
        body = _end(TAILS["pem"], self._buffer, position, last)
        if found := PEM_END.search(self._buffer, position, body):
            self._tail = ""
            return found.end()
        if body < len(self._buffer) or body == last or final:
            self._tail = ""
            return body
        safe = max(position, body - PEM_END_LONGEST)
        self._pem_left = last - safe
        return safe


def _values(extra: Sequence[bytes]) -> tuple[bytes, ...]:
    """The given values line by line, as they are and as they stand in JSON, longest first."""
    lines = {line.strip() for value in extra for line in value.splitlines()}
    found = {form for line in lines if len(line) >= SHORTEST_VALUE for form in _forms(line)}
    return tuple(sorted(found, key=lambda line: (-len(line), line)))


def _forms(value: bytes) -> Iterator[bytes]:
    yield value
    if not _PLAIN.fullmatch(value):
        import json  # few secrets need it, and every shim is here

        text = value.decode("utf-8", "surrogateescape")
        for is_ascii in (True, False):
            yield json.dumps(text, ensure_ascii=is_ascii)[1:-1].encode("utf-8", "surrogateescape")


def _places(buffer: bytes, value: bytes, position: int) -> Iterator[_Found]:
    """Where a given value stands."""
    start = buffer.find(value, position)
    while start >= 0:
        yield start, start + len(value), "value", "none"
        start = buffer.find(value, start + 1)


def _suspects(buffer: bytes, position: int, screen: Screen | None) -> Iterator[tuple[int, int]]:
    """First and last place of each window that has to be searched."""

    def windows(first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
        for place in range(first, last, size):
            end = min(place + size, last)
            if screen is None or screen(buffer[max(place - BEHIND, 0) : end + LONGEST]):
                yield place, end

    for first, last in windows(position, len(buffer), WINDOW):
        yield from windows(first, last, PART if screen else WINDOW)


def _matches(window: bytes, offset: int, first: int, last: int) -> Iterator[_Found]:
    """Where one of our patterns begins, from `first` on and before `last`; the window stands at `offset`."""
    for kind, letter, pattern, back, tail in RULES:
        # One byte is found many times faster than a pattern, and most of them are rare.
        near = window.find(letter)
        if near < 0 or (kind in NEEDS and NEEDS[kind] not in window):
            continue
        for match in pattern.finditer(window, near):
            start, end = offset + match.start() - back, match.end(1)
            if first <= start < last:
                yield start, offset + end, kind, _value_tail(window, end) if tail == "value" else tail


def _value_tail(buffer: bytes, end: int) -> str:
    """The tail of a value, by the quote before it: an escaped one ends at the next backslash."""
    quote = chr(buffer[end - 1])
    if quote not in "\"'":
        return "bare"
    return "\\" if buffer[end - 2 : end - 1] == b"\\" else quote


def _end(tail: re.Pattern[bytes], buffer: bytes, position: int, last: int | None = None) -> int:
    """Where a tail that begins here ends."""
    match = tail.match(buffer, position) if last is None else tail.match(buffer, position, last)
    return match.end() if match else position
