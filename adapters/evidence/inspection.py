"""Looks at one stored file: inside, no links, there, unchanged."""

import hashlib
import os
import stat
from pathlib import Path, PurePosixPath


def fault(root: Path, path: str, sha256: str, within: str = "") -> str:
    """Code of what is wrong with a file that should have this digest; empty when it is as it was.

    Args:
        root: A folder, as its real path.
        path: Relative to the root.
        within: A folder of the root that the file must lie in.
    """
    if not is_inside(path, within):
        return "outside_store"
    place = root
    for part in PurePosixPath(path).parts:
        place = place / part
        if place.is_symlink():
            return "link"
    code, found = digest_of(place)
    return code or ("" if found == sha256 else "digest_mismatch")


def is_inside(path: str, within: str = "") -> bool:
    """Whether a path is relative, plain, and below `within`."""
    parts = path.split("/")
    plain = bool(path) and "\0" not in path and not {"", ".", ".."} & set(parts)
    return plain and (not within or (parts[0] == within and len(parts) > 1))


def digest_of(place: Path) -> tuple[str, str]:
    """A code and a digest: `missing` or `malformed` with none, or no code and the sha256 of the file's bytes."""
    try:
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return "missing", ""
    except OSError:
        return "malformed", ""  # a socket, or not ours to read
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return "malformed", ""
        with os.fdopen(handle, "rb", closefd=False) as file:
            return "", hashlib.file_digest(file, "sha256").hexdigest()
    finally:
        os.close(handle)
