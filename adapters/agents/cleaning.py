"""Writes files of an attempt again without secrets, in constant memory, however large an agent has made them."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from factory.rules.redaction import Redactor

CHUNK = 1 << 18
MOST = 16 << 20
"""As much of a file is kept that is too large for whoever should read it."""


def clean_whole(path: Path, secrets: Sequence[bytes]) -> None:
    """Cut out everything that looks like a secret, and these values; keep no more than `MOST` bytes."""
    with _opened(path) as file:
        if file is not None:
            _rewrite(path, file, Redactor(secrets), MOST)


def clean_of(path: Path, values: Sequence[bytes]) -> None:
    """Cut out these values alone: the rest was done while the file was written. Without one it stays untouched."""
    if not any(values):
        return
    with _opened(path) as file:
        if file is None:
            return
        found = Redactor(values, _nothing_else)
        for chunk in iter(lambda: file.read(CHUNK), b""):
            found.feed(chunk)
        found.close()
        if found.count:
            file.seek(0)
            _rewrite(path, file, Redactor(values, _nothing_else), None)


def _rewrite(path: Path, file: BinaryIO, redactor: Redactor, most: int | None) -> None:
    new = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as out:
            while chunk := file.read(CHUNK if most is None else min(CHUNK, most - file.tell())):
                out.write(redactor.feed(chunk))
            out.write(redactor.close())
        new.replace(path)
    except OSError:  # a full disk takes nothing new: then what is there stays
        with suppress(OSError):
            new.unlink()


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO | None]:
    """The file, if it is a regular one; through no link, and waiting for nobody."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        yield None
        return
    if not stat.S_ISREG(os.fstat(file).st_mode):  # of a folder Python makes no stream
        os.close(file)
        yield None
        return
    with os.fdopen(file, "rb") as stream:
        yield stream


def _nothing_else(_chunk: bytes) -> bool:
    return False
