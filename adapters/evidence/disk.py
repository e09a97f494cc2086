"""What a disk does to us, as one of the four errors, and folders that outlive a power cut."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from factory.errors import Unreachable

_CODES = {
    errno.ENOSPC: ("disk_full", "Make room, then try again."),
    errno.EDQUOT: ("disk_full", "Make room, then try again."),
    errno.EROFS: ("read_only", "Make it writable, then try again."),
}


@contextmanager
def disk_trouble(place: Path) -> Iterator[None]:
    """Turn every `OSError` inside into `Unreachable`, naming the place."""
    try:
        yield
    except OSError as error:
        code, hint = _CODES.get(error.errno or 0, ("", "Is the disk there, and yours?"))
        raise Unreachable(f"{error.filename or place}: {error.strerror or error}.", hint, code) from error


def private_folder(folder: Path) -> Path:
    """The folder, made with every one above it that is missing; those made are the user's alone."""
    for place in reversed((folder, *folder.parents)):
        if not place.is_dir():
            place.mkdir(mode=0o700, exist_ok=True)
    return folder


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows the names in a folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_private(path: Path, body: bytes) -> None:
    """Write a new private file and wait until the disk has it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
