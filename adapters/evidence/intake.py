"""Streams evidence into a file: redacted, digested and safe on disk, in constant memory."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from queue import Queue
from threading import Thread

from factory.rules.redaction import Redactor

CHUNK = 1 << 20
_AHEAD = 8
"""Chunks that may wait for the disk: the bound of the memory that a capture takes."""
_FLUSH = 1 << 26
"""Bytes after which the disk is told to begin, so that it is not idle until the end."""


@dataclass(frozen=True)
class Taken:
    """What was written."""

    sha256: str
    size: int
    redactions: int


def take(chunks: Iterable[bytes], target: Path) -> Taken:
    """Write the chunks to a new private file, without their secrets, and wait until the disk has them.

    Raises:
        OSError: the disk is full, read-only, …
    """
    redactor, writer = Redactor(), _Writer(target)
    try:
        for chunk in chunks:
            writer.put(redactor.feed(chunk))
        writer.put(redactor.close())
    finally:
        writer.end()
    if writer.error:
        raise writer.error
    return Taken(writer.digest.hexdigest(), writer.size, redactor.count)


def chunks_of(file: int, size: int) -> Iterator[bytes]:
    """The first `size` bytes of an open file: one that still grows comes to an end too."""
    while size > 0 and (chunk := os.read(file, min(CHUNK, size))):
        yield chunk
        size -= len(chunk)


class _Writer:
    """Digests and writes in a thread of its own, while the next chunk is read and redacted."""

    def __init__(self, target: Path) -> None:
        self._file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._queue: Queue[bytes | None] = Queue(_AHEAD)
        self._thread = Thread(target=self._work, name="evidence-writer", daemon=True)
        self.digest, self.size = sha256(), 0
        self.error: OSError | None = None
        self._thread.start()

    def put(self, data: bytes) -> None:
        """Hand over the next bytes; waits while too many are on their way."""
        if data:
            self._queue.put(data)
        if self.error:
            raise self.error

    def end(self) -> None:
        """Wait until everything is on disk, and close the file."""
        self._queue.put(None)
        self._thread.join()
        os.close(self._file)

    def _work(self) -> None:
        """Empty the queue, also after an error: whoever fills it must not hang."""
        unflushed = 0
        while (data := self._queue.get()) is not None:
            if self.error:
                continue
            try:
                self._write(data)
                unflushed += len(data)
                if unflushed >= _FLUSH:
                    os.fsync(self._file)
                    unflushed = 0
            except OSError as error:
                self.error = error
        try:
            os.fsync(self._file)
        except OSError as error:
            self.error = self.error or error

    def _write(self, data: bytes) -> None:
        """Digest and write one chunk, all of it."""
        self.digest.update(data)
        self.size += len(data)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._file, rest) :]
