"""Streams evidence into a file: redacted, digested and safe on disk, in constant memory."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import TypeVar

from adapters.evidence.screen import may_hold_secrets
from factory.rules.redaction import Redactor

T = TypeVar("T")

CHUNK = 1 << 18
_AHEAD = 32
"""Chunks that may wait for the disk: the bound of the memory that a capture takes."""
_FLUSH = 1 << 26
"""Bytes after which the disk is told to begin, so that it is not idle until the end."""


@dataclass(frozen=True)
class Taken:
    """What was written."""

    sha256: str
    size: int
    redactions: int


def take(chunks: Iterable[bytes], target: Path, secrets: Sequence[bytes] = ()) -> Taken:
    """Write the chunks to a new private file, without their secrets, and wait until the disk has them.

    Args:
        secrets: Values that are secret whatever they look like.

    Raises:
        OSError: the disk is full, read-only, …
    """
    redactor, digest, writer = Redactor(secrets, may_hold_secrets), sha256(), _Writer(target)
    try:
        for chunk in chunks:
            clean = redactor.feed(chunk)
            writer.put(clean)
            digest.update(clean)
        rest = redactor.close()
        writer.put(rest)
        digest.update(rest)
    finally:
        writer.end()
    if writer.error:
        raise writer.error
    return Taken(digest.hexdigest(), writer.size, redactor.count)


def chunks_of(file: int, size: int) -> Iterator[bytes]:
    """The first `size` bytes of an open file: one that still grows comes to an end too."""
    while size > 0 and (chunk := os.read(file, min(CHUNK, size))):
        yield chunk
        size -= len(chunk)


class _Writer:
    """Writes in a thread of its own, while the bytes are digested and the next ones are read and redacted."""

    def __init__(self, target: Path) -> None:
        self._file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._queue: Queue[bytes | None] = Queue(_AHEAD)
        self._thread = Thread(target=self._work, name="evidence-writer", daemon=True)
        self.size = self._unflushed = 0
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
        while (data := self._queue.get()) is not None:
            if not self.error:
                self._try(self._write, data)
        self._try(os.fsync, self._file)

    def _try(self, work: Callable[[T], None], argument: T) -> None:
        """Keep the first error for whoever fills the queue."""
        try:
            work(argument)
        except OSError as error:
            self.error = self.error or error

    def _write(self, data: bytes) -> None:
        """Write one chunk, all of it."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._file, rest) :]
        self.size += len(data)
        self._unflushed += len(data)
        if self._unflushed >= _FLUSH:
            os.fsync(self._file)
            # What is on disk is not read again soon: a huge log must not push everything else out of memory.
            os.posix_fadvise(self._file, 0, 0, os.POSIX_FADV_DONTNEED)
            self._unflushed = 0
