"""Opens a file that may become evidence, or says why it may not."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from factory.errors import Missing, Refused, Unreachable

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/")
_MEMORY = ("memory", "recall", "rag")


@contextmanager
def admitted(source: Path, root: Path | None = None) -> Iterator[tuple[int, int]]:
    """The open file and its size in bytes at this moment; closed afterwards.

    Args:
        root: A folder that the file must lie in, after every link is followed.

    Raises:
        Missing: no such file. Refused: `inadmissible_source`. Unreachable: it may not be read.
    """
    _refuse_references(source)
    path = _inside(source, root) if root else source
    try:
        # Never through a link, and without waiting for whoever holds the other end of a pipe.
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _unopened(source, error) from error
    try:
        yield file, _size(source, os.fstat(file))
    finally:
        os.close(file)


def inadmissible(message: str, hint: str) -> Refused:
    """The refusal of something as evidence."""
    return Refused(message, hint, "inadmissible_source")


def _refuse_references(source: Path) -> None:
    """Refuse what only looks like a path: a memory record, an address."""
    scheme = _SCHEME.match(str(source))
    address = str(source).replace(":/", "://", 1)  # as it was before it was taken for a path
    if scheme and scheme[1].lower() in _MEMORY:
        raise inadmissible(
            f"{address} is a memory record: that is guidance, never evidence.",
            "Give the file, or run the command, that shows it.",
        )
    if scheme:
        raise inadmissible(f"{address} is an address, not a file.", "Save what it answers, and add that file.")


def _inside(source: Path, root: Path) -> Path:
    """The real path of the source, if it lies in the root."""
    real = Path(os.path.realpath(source))
    if not real.is_relative_to(os.path.realpath(root)):
        raise inadmissible(f"{source} leads out of {root}.", "Copy the file itself to where the link is.")
    if source.is_symlink():
        raise _link(source)
    return real


def _unopened(source: Path, error: OSError | ValueError) -> Missing | Refused | Unreachable:
    """Why the file could not be opened."""
    if source.is_symlink():
        return _link(source)
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return Missing(f"There is no file {source}.", "Check the path.")
    if stat.S_ISREG(_mode(source)) or isinstance(error, PermissionError):
        return Unreachable(f"{source} cannot be read: {error.strerror}.", "Make it readable.")
    return inadmissible(f"{source} is not a regular file.", "Give a file.")


def _size(source: Path, status: os.stat_result) -> int:
    """The size of a file that can be evidence."""
    if stat.S_ISDIR(status.st_mode):
        raise inadmissible(f"{source} is a folder.", "Give a file in it; one piece of evidence is one file.")
    if not stat.S_ISREG(status.st_mode):
        raise inadmissible(f"{source} is a pipe, socket or device.", "Save what it holds to a file, and add that.")
    if status.st_size == 0:
        raise inadmissible(f"{source} is empty: it shows nothing.", "Give a file that holds something.")
    return status.st_size


def _link(source: Path) -> Refused:
    """The refusal of a symbolic link."""
    return inadmissible(f"{source} is a symbolic link.", f"Give the file itself: {os.path.realpath(source)}")


def _mode(source: Path) -> int:
    """The kind of the file; 0 when nobody can say."""
    try:
        return source.stat().st_mode
    except OSError:
        return 0
