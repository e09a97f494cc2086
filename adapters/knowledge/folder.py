"""Files below a folder, reached without following any link, and replaced as a whole or not at all."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from factory.errors import Refused, Unreachable

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NOT_OURS = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ENXIO})
"""Below the root these mean that something else is in the place of a page; waiting does not help."""


@contextmanager
def opened(root: Path, folders: Sequence[str], make: bool) -> Iterator[int]:
    """A descriptor of `root/folders…`; missing folders below the root are made (0700) when `make`.

    Raises:
        Unreachable: the root is no folder, or cannot be read or written now.
        Refused: `bad_ref`, a link or a file stands where a folder should be.
        FileNotFoundError: a folder below the root is missing and `make` is off.
    """
    try:
        here = os.open(root, _FOLDER)
    except OSError as error:
        raise Unreachable(
            f"The knowledge folder {root} cannot be used: {error.strerror}.",
            "Bring it back; writing goes on by itself.",
        ) from error
    try:
        with speaking_of(root):
            for name in folders:
                deeper = _enter(here, name, make)
                os.close(here)
                here = deeper
        yield here
    finally:
        os.close(here)


@contextmanager
def speaking_of(place: Path) -> Iterator[None]:
    """Turns what the system says about a file below the root into one of our errors.

    A missing file stays a `FileNotFoundError`.
    """
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in _NOT_OURS:
            raise not_a_page(place, error.strerror or "") from error
        raise Unreachable(
            f"The knowledge folder {place} cannot be used: {error.strerror}.",
            "Make room or let it be written; writing goes on by itself.",
        ) from error


def not_a_page(place: Path, why: str) -> Refused:
    """Something else stands in the place of a page."""
    return Refused(f"{place} is not a page of this folder: {why}.", "Move it away, then requeue the item.", "bad_ref")


def read(folder: int, name: str, place: Path) -> bytes | None:
    """The whole content of a regular file; None when there is none.

    Raises:
        Refused: it is a link, a folder or a device.
    """
    try:
        # Not blocking: opening a pipe for reading would wait for a writer.
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise not_a_page(place, "not a regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)


def replace(folder: int, name: str, content: bytes) -> None:
    """Put a whole new file (0600) in the place of the old one, on disk when this returns."""
    fresh = f".{name}.new"
    with suppress(FileNotFoundError):
        os.unlink(fresh, dir_fd=folder)  # left by a kill
    descriptor = os.open(
        fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(fresh, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        with suppress(OSError):
            os.unlink(fresh, dir_fd=folder)
        raise
    os.fsync(folder)


def _enter(folder: int, name: str, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=folder)
    return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
